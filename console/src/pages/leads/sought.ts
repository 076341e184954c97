/** What is typed into the search of leads: a number, or words of a name or an address for mail. */
export type Sought = { phone?: string; search?: string };

/** So many digits and no letters are a number. */
const DIGITS_MIN = 7;

/** Reads what was typed. A number without a plus and a country code is taken for an American one, if it is as long. */
export function soughtOf(text: string): Sought {
  const typed = text.trim();
  if (typed === "") return {};
  const digits = typed.replace(/\D/g, "");
  if (!/^[+\d\s().\-/]+$/.test(typed) || digits.length < DIGITS_MIN) return { search: typed };
  if (typed.startsWith("+")) return { phone: `+${digits}` };
  if (digits.startsWith("00")) return { phone: `+${digits.slice(2)}` };
  return { phone: digits.length === 10 ? `+1${digits}` : `+${digits}` };
}
