import type { Schema } from "@/api/types";
import { wordDuration } from "@/format/duration";
import { count, plural } from "@/format/number";
import { Card } from "@/ui/card";
import { Progress } from "@/ui/progress";
import { secondsLeft } from "./time-left";

/** How far an import is, or its undoing. It goes on whether or not anybody looks. */
export function ProgressCard({ of: one }: { of: Schema<"Import"> }) {
  const { counts, percent, rows_per_s } = one;
  if (one.status === "undoing") {
    const leads = counts.valid + counts.do_not_call;
    return (
      <Card>
        <Progress
          label="Deleting its leads"
          percent={leads > 0 ? (one.leads_deleted / leads) * 100 : undefined}
          detail={`${count(one.leads_deleted)} of ${plural(leads, "lead")}`}
        />
      </Card>
    );
  }
  if (one.status !== "running") {
    return (
      <Card>
        <Progress
          label={one.status === "queued" ? "Waiting for a worker" : "The file is arriving"}
          percent={undefined}
        />
      </Card>
    );
  }
  const left = secondsLeft(counts.rows, rows_per_s, percent);
  const details = [
    plural(counts.rows, "row"),
    `${count(rows_per_s)} rows/s`,
    ...(left === undefined ? [] : [`about ${wordDuration(left)} left`]),
  ];
  return (
    <Card>
      <Progress
        label={one.dry_run ? "Checking the rows" : "Reading the rows"}
        percent={percent}
        detail={`${details.join(" · ")} ·`}
      />
      <p className="mt-2 text-xs text-muted">This goes on when you leave the page.</p>
    </Card>
  );
}
