/** Regulators allow three in a hundred; it is time to look before that. */
export const ABANDON_LIMIT = 0.03;
const ABANDON_WARN = 0.02;

/** How a rate stands to the limit. Without a person to abandon, all is well. */
export function abandonStanding(rate: number | null | undefined): "ok" | "warn" | "bad" {
  if (rate === null || rate === undefined || rate < ABANDON_WARN) return "ok";
  return rate < ABANDON_LIMIT ? "warn" : "bad";
}

/** The same in words. */
export function abandonWords(rate: number | null | undefined): string {
  switch (abandonStanding(rate)) {
    case "ok":
      return "within the limit";
    case "warn":
      return "close to the limit";
    case "bad":
      return "over the limit";
  }
}
