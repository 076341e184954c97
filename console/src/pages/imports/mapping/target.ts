import { FIELDS, type Field } from "./field-names";

/** What a column is used for, as the API says it: a field, `custom.<name>` or `ignore`. */
export type Target = Field | "ignore" | `custom.${string}`;

const CUSTOM = "custom.";

export function isCustom(target: Target): target is `custom.${string}` {
  return target.startsWith(CUSTOM);
}

/** The name under which a column is kept with the lead. */
export function customName(target: Target): string {
  return isCustom(target) ? target.slice(CUSTOM.length) : "";
}

export function customTarget(name: string): Target {
  return `${CUSTOM}${name}`;
}

/** Reads a target of a saved template; undefined for what a newer server knows. */
export function asTarget(text: string): Target | undefined {
  if (text.startsWith(CUSTOM) && text.length > CUSTOM.length) return text as Target;
  if (text === "ignore") return text;
  return FIELDS.find((field) => field === text);
}
