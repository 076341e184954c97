import { phoneText } from "@/format/phone";
import type { Call } from "./board";

/** Whom a call is to: by name, else by number; nothing of it is known yet in its first moments. */
export function callName({ lead_name, lead_phone }: Call): string {
  return lead_name || (lead_phone ? phoneText(lead_phone) : "…");
}
