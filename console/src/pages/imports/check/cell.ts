import type { Field } from "../mapping/field-names";
import { checkPhone } from "./phone";

const PRIORITIES = ["urgent", "high", "normal", "low"];
const YES = ["true", "yes", "y", "1", "t", "x", "on", "dnc"];
const NO = ["false", "no", "n", "0", "f", "off", "-"];
const NAME_MAX = 200;
const TYPE_MAX = 100;
const NOTES_MAX = 10_000;

/** Why the server would not take a cell; undefined when nothing can be seen from here. Blanks are fine but for the phone. */
export function cellFault(field: Field, cell: string, country: string): string | undefined {
  const text = cell.trim();
  if (field === "phone") {
    const check = checkPhone(text, country);
    return check.isFine ? undefined : check.reason;
  }
  if (text === "") return undefined;
  switch (field) {
    case "email":
      return isEmail(text) ? undefined : "This is no address for mail";
    case "country":
      return /^[a-z]{2}$/i.test(text) ? countryFault(text) : "Write the country as two letters, such as US";
    case "priority":
      return PRIORITIES.includes(text.toLowerCase()) ? undefined : "Write urgent, high, normal or low";
    case "do_not_call":
      return isYesOrNo(text) ? undefined : "This is neither yes nor no";
    case "time_zone":
      return isTimeZone(text) ? undefined : "Write a time zone such as America/New_York";
    case "first_name":
    case "last_name":
      return longer(text, NAME_MAX);
    case "type":
      return longer(text, TYPE_MAX);
    case "notes":
      return longer(text, NOTES_MAX);
  }
}

export function isEmail(text: string): boolean {
  return text.length <= 254 && /^[^\s@,;<>"]+@[^\s@,;<>".]+(\.[^\s@,;<>".]+)+$/.test(text);
}

export function isYesOrNo(text: string): boolean {
  return [...YES, ...NO].includes(text.toLowerCase());
}

export function saysYes(text: string): boolean {
  return YES.includes(text.trim().toLowerCase());
}

export function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
    return !/^[+-]/.test(text);
  } catch {
    return false;
  }
}

function countryFault(text: string): string | undefined {
  return text.toUpperCase() === "UK" ? "The United Kingdom is GB" : undefined;
}

function longer(text: string, most: number): string | undefined {
  return text.length > most ? `This is longer than ${most} characters` : undefined;
}
