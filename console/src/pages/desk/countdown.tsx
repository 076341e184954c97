import { useNow } from "@/live/use-now";
import { cx } from "@/ui/cx";

interface CountdownProps {
  from: string;
  until: string;
  /** What ends, for screen readers. */
  label: string;
}

const RADIUS = 20;
const AROUND = 2 * Math.PI * RADIUS;
const SHORT_S = 5;

/** A ring that empties until then. */
export function Countdown({ from, until, label }: CountdownProps) {
  const left = Math.max(0, (Date.parse(until) - useNow(250)) / 1000);
  const all = Math.max(1, (Date.parse(until) - Date.parse(from)) / 1000);
  const share = Math.min(1, left / all);
  const tone = left <= SHORT_S ? "text-bad" : "text-accent-text";
  return (
    <span
      role="timer"
      aria-label={label}
      aria-live="off"
      className={cx("relative inline-flex size-14 shrink-0", tone)}
    >
      <svg aria-hidden viewBox="0 0 48 48" className="size-full -rotate-90" fill="none" strokeWidth={4}>
        <circle cx={24} cy={24} r={RADIUS} className="stroke-line" />
        <circle
          cx={24}
          cy={24}
          r={RADIUS}
          stroke="currentColor"
          strokeLinecap="round"
          strokeDasharray={AROUND}
          strokeDashoffset={AROUND * (1 - share)}
          className="transition-[stroke-dashoffset] duration-250 ease-linear"
        />
      </svg>
      <span className="absolute inset-0 flex items-center justify-center text-base font-semibold tabular-nums">
        {Math.ceil(left)}
      </span>
    </span>
  );
}
