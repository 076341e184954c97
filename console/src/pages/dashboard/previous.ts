import type { Range } from "@/url/range";

const DAY_MS = 24 * 3_600_000;

/**
 * The period before a range, of the same length, so many whole days earlier that it is over: a Monday until noon is
 * compared with the Sunday until noon, a week so far with the week before until the same hour. Undefined for a range
 * without a beginning.
 */
export function previousOf(range: Range, now: number): Required<Range> | undefined {
  if (!range.from) return undefined;
  const from = Date.parse(range.from);
  const to = range.to ? Math.min(Date.parse(range.to), Math.max(now, from)) : now;
  if (to <= from) return undefined;
  const back = Math.ceil((to - from) / DAY_MS) * DAY_MS;
  return { from: new Date(from - back).toISOString(), to: new Date(to - back).toISOString() };
}

/** A change as a share of what was before: 0.12 is 12 % more. Undefined where there was nothing. */
export function changeOf(
  now: number | null | undefined,
  before: number | null | undefined,
): number | undefined {
  if (now === null || now === undefined || before === null || before === undefined || before === 0)
    return undefined;
  return (now - before) / before;
}

/** "+12.0 %", "−3.1 %", "no change". */
export function changeText(change: number | undefined): string {
  if (change === undefined) return "–";
  const rounded = Math.round(change * 1000) / 10;
  if (rounded === 0) return "no change";
  return `${rounded > 0 ? "+" : "−"}${Math.abs(rounded).toFixed(1)} %`;
}

/** The share that a part is of a whole; null of nothing. */
export function shareOf(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}
