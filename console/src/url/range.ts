import { instantOf, oneOf, type RawSearch } from "./read";

export const PRESETS = ["today", "yesterday", "7d", "30d"] as const;
export type Preset = (typeof PRESETS)[number];

/** The time that a page is about, in the address: one of the presets, or instants. */
export interface RangeSearch {
  range?: Preset;
  from?: string;
  to?: string;
}

export function rangeSearch(raw: RawSearch): RangeSearch {
  return { range: oneOf(raw.range, PRESETS), from: instantOf(raw.from), to: instantOf(raw.to) };
}

/** A stretch of time for the API: `from` counts, `to` does not. */
export interface Range {
  from?: string;
  to?: string;
}

/** What a search comes to. Days begin at midnight on the viewer's clock; `to` is left open where the day goes on. */
export function rangeOf(search: RangeSearch, now: Date, otherwise: Preset = "today"): Range {
  if (search.from || search.to) return { from: search.from, to: search.to };
  const midnight = (daysAgo: number) =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() - daysAgo).toISOString();
  switch (search.range ?? otherwise) {
    case "today":
      return { from: midnight(0) };
    case "yesterday":
      return { from: midnight(1), to: midnight(0) };
    case "7d":
      return { from: midnight(6) };
    case "30d":
      return { from: midnight(29) };
  }
}

export const presetLabels: Record<Preset, string> = {
  today: "Today",
  yesterday: "Yesterday",
  "7d": "Last 7 days",
  "30d": "Last 30 days",
};
