import { oneOf, type RawSearch, textOf } from "@/url/read";
import { type WordOf, wordsOf } from "@/words/words";

/** Of users: `search`, `role`. Of the audit log: `actor`, `action`. Of webhooks: `endpoint_id`, `state`. */
export interface SettingsSearch {
  search?: string;
  role?: WordOf<"role">;
  actor?: string;
  action?: string;
  endpoint_id?: string;
  state?: WordOf<"delivery">;
}

export const settings = (raw: RawSearch): SettingsSearch => ({
  search: textOf(raw.search),
  role: oneOf(raw.role, wordsOf("role")),
  actor: textOf(raw.actor),
  action: textOf(raw.action),
  endpoint_id: textOf(raw.endpoint_id),
  state: oneOf(raw.state, wordsOf("delivery")),
});
