import { api } from "@/api/client";
import { login } from "./browser";

/** Ends this login. Whether or not the server hears of it, this browser forgets it. */
export async function logout(): Promise<void> {
  try {
    await api.POST("/api/auth/logout");
  } finally {
    login.end();
  }
}
