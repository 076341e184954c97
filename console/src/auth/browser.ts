import { ApiProblem, problemOf, UNREACHABLE } from "@/api/problem";
import { alone } from "./alone";
import { Login, type Tokens, type Told } from "./login";

const SETTLE_MS = 50;
const channel = new BroadcastChannel("warmline.login");

/** Not by the API's client, which asks this login for its token. */
async function exchange(refreshToken: string): Promise<Tokens | null> {
  const response = await fetch("/api/auth/refresh", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ refresh_token: refreshToken }),
  }).catch(() => {
    throw new ApiProblem(0, UNREACHABLE, "The server cannot be reached.");
  });
  if (response.ok) return response.json();
  if (response.status === 401) return null;
  throw await problemOf(response);
}

/** The login of this browser. */
export const login = new Login({
  store: localStorage,
  alone,
  exchange,
  tell: (news) => channel.postMessage(news),
  settle: () => new Promise((resolve) => setTimeout(resolve, SETTLE_MS)),
  now: () => Date.now(),
});

channel.onmessage = (message: MessageEvent<Told>) => login.hear(message.data);
