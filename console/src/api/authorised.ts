import { login } from "@/auth/browser";
import { ApiProblem, problemOf, UNREACHABLE } from "./problem";

/** What works, or must work, without a login. */
const OPEN = /^\/api\/(setup|auth\/(login|register|refresh|accept-invitation|reset-password))$/;

/** `fetch` with the access token, refreshed once when it is not taken; a refusal is thrown as `ApiProblem`. */
export async function authorised(request: Request): Promise<Response> {
  if (OPEN.test(new URL(request.url).pathname)) return accepted(await send(request));

  // A body can be read once: what may be sent again is kept aside.
  const again = request.clone();
  const token = await login.accessToken();
  const response = await send(withToken(request, token));
  if (response.status !== 401) return accepted(response);

  const renewed = await login.renew(token);
  if (renewed === null) return accepted(response);
  return accepted(await send(withToken(again, renewed)));
}

function withToken(request: Request, token: string | null): Request {
  if (token !== null) request.headers.set("Authorization", `Bearer ${token}`);
  return request;
}

async function send(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiProblem(0, UNREACHABLE, "The server cannot be reached.");
  }
}

async function accepted(response: Response): Promise<Response> {
  if (response.ok) return response;
  throw await problemOf(response);
}
