import { useMemo } from "react";
import type { Zone } from "@/format/time";
import { useNow } from "@/live/use-now";
import { dayOf } from "./days";
import { type Preset, type Range, type RangeSearch, rangeOf } from "./range";

const EVERY_MS = 10_000;

/** The range of a page on the server's clock. The same object until the search changes, or the day. */
export function useRange(search: RangeSearch, otherwise: Preset = "today", zone: Zone = "local"): Range {
  const { range, from, to } = search;
  const now = useNow(EVERY_MS);
  const today = dayOf(new Date(now), zone);
  // biome-ignore lint/correctness/useExhaustiveDependencies: within a day the clock makes no difference
  return useMemo(
    () => rangeOf({ range, from, to }, new Date(now), otherwise, zone),
    [range, from, to, today, otherwise, zone],
  );
}
