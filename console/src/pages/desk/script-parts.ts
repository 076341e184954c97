import type { Schema } from "@/api/types";

/** A piece of a script: as it is written, filled in, or a gap that nothing is known for. */
export interface ScriptPart {
  text: string;
  kind: "plain" | "filled" | "gap";
}

const PLACEHOLDER = /\{\{\s*([\w. -]+?)\s*\}\}/g;

/** A script with `{{first_name}}` and the like filled in. */
export function scriptParts(script: string, known: ReadonlyMap<string, string>): ScriptPart[] {
  const parts: ScriptPart[] = [];
  let from = 0;
  for (const match of script.matchAll(PLACEHOLDER)) {
    if (match.index > from) parts.push({ text: script.slice(from, match.index), kind: "plain" });
    const name = match[1] ?? "";
    const value = known.get(plainName(name));
    parts.push(value ? { text: value, kind: "filled" } : { text: readable(name), kind: "gap" });
    from = match.index + match[0].length;
  }
  if (from < script.length) parts.push({ text: script.slice(from), kind: "plain" });
  return parts;
}

/** What placeholders may ask for: everything about the lead, its custom fields too, and who speaks for what. */
export function knownOf(
  lead: Schema<"Lead">,
  more: { agent: string; campaign: string },
): ReadonlyMap<string, string> {
  const { first_name, last_name, phone, email, type, country, notes, custom } = lead;
  const name = [first_name, last_name].filter(Boolean).join(" ");
  const fields: Record<string, unknown> = {
    ...custom,
    ...{ first_name, last_name, name, full_name: name, phone, email, type, country, notes },
    ...{ agent: more.agent, agent_name: more.agent, campaign: more.campaign, campaign_name: more.campaign },
  };
  const known = new Map<string, string>();
  for (const [key, value] of Object.entries(fields)) {
    if (value === null || value === undefined || value === "") continue;
    known.set(plainName(key), String(value));
  }
  return known;
}

/** "First name", "firstName" and "first_name" ask for the same; "custom.company" is "company", "lead.phone" is "phone". */
function plainName(name: string): string {
  return name
    .replace(/^(lead|custom)\./i, "")
    .replace(/[^a-z0-9]/gi, "")
    .toLowerCase();
}

function readable(name: string): string {
  return name.replace(/^(lead|custom)\./i, "").replaceAll("_", " ");
}
