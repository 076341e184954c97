import { CircleAlert, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "./cx";
import { Skeleton } from "./skeleton";
import { toneText } from "./tone";
import { Tooltip } from "./tooltip";

interface StatTileProps {
  label: string;
  /** Undefined while it is read. */
  value: ReactNode | undefined;
  /** What the number is to be compared with: "target 95 %", "limit 3 %". */
  target?: ReactNode;
  /** The change since the period before, or another remark. */
  note?: ReactNode;
  /** How the number compares; says so with an icon and, for screen readers, with words. */
  standing?: "ok" | "warn" | "bad";
  /** What exactly is counted, shown on hover of the label. */
  definition?: string;
  sparkline?: ReactNode;
  /** Makes the tile a link to the rows behind the number: gets the classes that stretch it over the tile. */
  link?: (className: string) => ReactNode;
}

export function StatTile({
  label,
  value,
  target,
  note,
  standing = "ok",
  definition,
  sparkline,
  link,
}: StatTileProps) {
  const Icon = standing === "bad" ? CircleAlert : TriangleAlert;
  return (
    <div
      className={cx(
        "relative flex min-w-0 flex-col gap-1 rounded-lg border bg-surface p-4",
        standing === "ok" ? "border-line" : standing === "warn" ? "border-warn" : "border-bad",
        link && "transition-colors hover:bg-hover",
      )}
    >
      <div className="flex items-center gap-1.5 text-xs text-muted">
        {definition ? (
          <Tooltip text={definition}>
            <button
              type="button"
              className="relative z-10 truncate underline decoration-dotted underline-offset-3"
            >
              {label}
            </button>
          </Tooltip>
        ) : (
          <span className="truncate">{label}</span>
        )}
        {standing !== "ok" && (
          <span className={cx("ml-auto flex items-center gap-1 font-medium", toneText[standing])}>
            <Icon aria-hidden className="size-3.5" />
            {standing === "bad" ? "Over" : "Close"}
          </span>
        )}
      </div>
      <div className="flex items-end justify-between gap-3">
        {value === undefined ? (
          <Skeleton className="h-7 w-20" />
        ) : (
          <span className={cx("text-xl font-semibold tabular-nums", standing !== "ok" && toneText[standing])}>
            {value}
          </span>
        )}
        {sparkline}
      </div>
      <div className="flex min-h-4 flex-wrap gap-x-2 text-xs text-muted">
        {target && <span>{target}</span>}
        {note && <span>{note}</span>}
      </div>
      {link?.("absolute inset-0 rounded-lg text-transparent")}
    </div>
  );
}
