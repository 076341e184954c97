import { clockDuration } from "@/format/duration";
import { useNow } from "@/live/use-now";
import { cx } from "./cx";
import { toneText } from "./tone";

interface TickingTimeProps {
  /** RFC 3339, on the server's clock. */
  since: string;
  /** Seconds from which it is marked as long, and as too long. */
  warnAfterS?: number;
  badAfterS?: number;
}

/** How long something has lasted, second by second. */
export function TickingTime({ since, warnAfterS, badAfterS }: TickingTimeProps) {
  const seconds = (useNow() - Date.parse(since)) / 1000;
  const tone =
    badAfterS && seconds >= badAfterS ? "bad" : warnAfterS && seconds >= warnAfterS ? "warn" : null;
  return (
    <span
      role="timer"
      aria-live="off"
      className={cx("tabular-nums", tone && `font-semibold ${toneText[tone]}`)}
    >
      {clockDuration(seconds)}
      {tone && <span className="sr-only">{tone === "bad" ? " (too long)" : " (long)"}</span>}
    </span>
  );
}
