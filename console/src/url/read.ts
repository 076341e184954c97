/** Search params as the router hands them over: anything may stand in an address. */
export type RawSearch = Record<string, unknown>;

/** One of these words, or nothing. */
export function oneOf<Word extends string>(raw: unknown, words: readonly Word[]): Word | undefined {
  return words.find((word) => word === raw);
}

/** A text that is not empty, or nothing. The router makes numbers of what looks like them. */
export function textOf(raw: unknown): string | undefined {
  const text = typeof raw === "number" ? String(raw) : raw;
  return typeof text === "string" && text.trim() !== "" ? text : undefined;
}

/** True or false, or nothing. */
export function flagOf(raw: unknown): boolean | undefined {
  return raw === true || raw === "true" ? true : raw === false || raw === "false" ? false : undefined;
}

/** An instant (RFC 3339), or nothing. */
export function instantOf(raw: unknown): string | undefined {
  return typeof raw === "string" && !Number.isNaN(Date.parse(raw)) ? raw : undefined;
}
