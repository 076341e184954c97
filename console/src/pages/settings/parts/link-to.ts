/** The address of a page outside the login, with the token that opens it. */
export function linkTo(page: "/invitation" | "/reset-password", token: string): string {
  const address = new URL(page, window.location.origin);
  address.searchParams.set("token", token);
  return address.href;
}
