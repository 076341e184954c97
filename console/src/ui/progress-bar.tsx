import { cx } from "./cx";
import { type Tone, toneFill } from "./tone";

interface ProgressBarProps {
  /** What is progressing, for screen readers. */
  label: string;
  /** 0 to 100; undefined while nobody knows. */
  percent: number | undefined;
  tone?: Tone;
  className?: string;
}

export function ProgressBar({ label, percent, tone = "accent", className }: ProgressBarProps) {
  const value = percent === undefined ? undefined : Math.min(100, Math.max(0, percent));
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={value}
      className={cx("h-1.5 w-full overflow-hidden rounded-full bg-hover", className)}
    >
      <div
        className={cx(
          "h-full rounded-full transition-[width] duration-300",
          toneFill[tone],
          value === undefined && "w-1/3 animate-pulse",
        )}
        style={value === undefined ? undefined : { width: `${value}%` }}
      />
    </div>
  );
}
