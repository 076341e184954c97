import { CircleAlert, FlaskConical } from "lucide-react";
import type { Schema } from "@/api/types";
import { Badge } from "@/ui/badge";
import { WordBadge } from "@/ui/word-badge";

/** How an import stands: done with rows that were rejected is not the same as done. */
export function StatusBadge({ of: { status, counts, dry_run, percent } }: { of: Schema<"Import"> }) {
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5">
      {status === "finished" && counts.invalid > 0 ? (
        <Badge icon={CircleAlert} tone="warn">
          Rows rejected
        </Badge>
      ) : (
        <WordBadge set="import" word={status} />
      )}
      {status === "running" && (
        <span className="text-xs text-muted tabular-nums">{Math.floor(percent)} %</span>
      )}
      {dry_run && (
        <Badge icon={FlaskConical} tone="accent">
          Check only
        </Badge>
      )}
    </span>
  );
}
