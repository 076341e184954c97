import type { ReactNode } from "react";
import { ProgressBar } from "./progress-bar";
import type { Tone } from "./tone";

interface ProgressProps {
  label: string;
  percent: number | undefined;
  /** Said beside the percentage: "1,204 of 5,000 rows, 310 rows/s". */
  detail?: ReactNode;
  tone?: Tone;
}

/** A bar with its words. */
export function Progress({ label, percent, detail, tone }: ProgressProps) {
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-baseline justify-between gap-3">
        <span className="font-medium">{label}</span>
        <span className="text-xs text-muted tabular-nums">
          {detail} {percent !== undefined && `${Math.floor(percent)} %`}
        </span>
      </div>
      <ProgressBar label={label} percent={percent} tone={tone} />
    </div>
  );
}
