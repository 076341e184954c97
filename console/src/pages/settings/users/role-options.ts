import { covers, type Role } from "@/auth/role";
import type { Option } from "@/ui/select";
import { optionsOf } from "@/words/words";

const MEANS: Record<Role, string> = {
  agent: "Takes calls at the desk.",
  manager: "Runs campaigns, leads and agents.",
  tenant_admin: "Runs the organisation: users, keys, carrier, limits.",
  admin: "Runs the whole installation.",
};

/** The roles that somebody may give to others: none above their own. */
export function roleOptions(own: Role): Option<Role>[] {
  return optionsOf("role")
    .filter(({ value }) => covers(own, value))
    .map((option) => ({ ...option, hint: MEANS[option.value] }));
}
