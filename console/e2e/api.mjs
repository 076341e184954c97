// The API, asked by a test that wants to know, or to have something ready.

/** Asks as whoever has this token. */
export async function ask(base, token, method, path, body) {
  const headers = { authorization: `Bearer ${token}`, ...(body && { "content-type": "application/json" }) };
  const answer = await fetch(base + path, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text.startsWith("{") ? JSON.parse(text) : text;
}

/** An access token. */
export async function token(base, email, password) {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ email, password });
  const answer = await fetch(`${base}/api/auth/login`, { method: "POST", headers, body });
  return (await answer.json()).access_token;
}
