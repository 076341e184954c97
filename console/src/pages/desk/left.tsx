import { clockDuration } from "@/format/duration";
import { useNow } from "@/live/use-now";

/** How long it is until then, second by second. */
export function Left({ until }: { until: string }) {
  const seconds = Math.ceil((Date.parse(until) - useNow()) / 1000);
  return (
    <span role="timer" aria-live="off" className="tabular-nums">
      {clockDuration(seconds)}
    </span>
  );
}
