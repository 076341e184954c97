/** A number as people write it, in the form that the API takes; undefined where it cannot be one. */
export function e164Of(text: string): string | undefined {
  const bare = text.trim().replace(/[\s().\-/]/g, "");
  const number = bare.startsWith("00") ? `+${bare.slice(2)}` : bare;
  return /^\+[1-9]\d{6,14}$/.test(number) ? number : undefined;
}

export const e164Hint = "With plus and country code, such as +1 212 555 0100.";
