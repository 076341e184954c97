import type { Schema } from "@/api/types";

export type Role = Schema<"RoleWord">;

const ORDER: readonly Role[] = ["agent", "manager", "tenant_admin", "admin"];

/** Whether a role may do what `needed` may: each covers those before it. */
export function covers(role: Role, needed: Role): boolean {
  return ORDER.indexOf(role) >= ORDER.indexOf(needed);
}

/** Where somebody lands after logging in. */
export function homeOf(role: Role): "/" | "/desk" {
  return role === "agent" ? "/desk" : "/";
}
