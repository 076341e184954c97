/** The address to go on to after logging in; only within the console, so that no link leads elsewhere. */
export function wantedPath(next: unknown): string | undefined {
  if (typeof next !== "string" || !/^\/(?![/\\])/.test(next)) return undefined;
  return next.startsWith("/login") ? undefined : next;
}
