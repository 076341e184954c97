import type { Zone } from "@/format/time";
import { addDays, dayOf, startOfDay } from "./days";
import { instantOf, oneOf, type RawSearch } from "./read";

export const PRESETS = ["today", "yesterday", "7d", "30d", "all"] as const;
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

/** What a search comes to. Days begin at midnight in the zone; `to` is left open where the day goes on. */
export function rangeOf(
  search: RangeSearch,
  now: Date,
  otherwise: Preset = "today",
  zone: Zone = "local",
): Range {
  if (search.from || search.to) return { from: search.from, to: search.to };
  const midnight = (daysAgo: number) => startOfDay(addDays(dayOf(now, zone), -daysAgo), zone);
  switch (search.range ?? otherwise) {
    case "today":
      return { from: midnight(0) };
    case "yesterday":
      return { from: midnight(1), to: midnight(0) };
    case "7d":
      return { from: midnight(6) };
    case "30d":
      return { from: midnight(29) };
    case "all":
      return {};
  }
}

export const presetLabels: Record<Preset, string> = {
  today: "Today",
  yesterday: "Yesterday",
  "7d": "Last 7 days",
  "30d": "Last 30 days",
  all: "Any time",
};
