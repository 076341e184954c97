/** One of the organisations that an address is known in. */
export interface TenantChoice {
  id: string;
  name: string;
}

/** The organisations that the problem `several_tenants` names: `... tnt_1 (Demo Freight), tnt_2 (Acme)`. */
export function tenantsNamed(detail: string): TenantChoice[] {
  return [...detail.matchAll(/(tnt_[A-Za-z0-9]+) \((.*?)\)(?=, tnt_|\.?$)/g)].map(
    ([, id = "", name = ""]) => ({
      id,
      name,
    }),
  );
}
