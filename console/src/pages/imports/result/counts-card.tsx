import { Link } from "@tanstack/react-router";
import type { Schema } from "@/api/types";
import { count } from "@/format/number";
import { Card } from "@/ui/card";
import { cx } from "@/ui/cx";
import { toneFill } from "@/ui/tone";
import { WordBadge } from "@/ui/word-badge";
import { wordOf } from "@/words/words";

type Import = Schema<"Import">;

const OUTCOMES = ["valid", "do_not_call", "duplicate", "invalid"] as const;

/** What became of the rows: four parts that add up to all of them. */
export function CountsCard({ of: one }: { of: Import }) {
  const { counts } = one;
  return (
    <Card title={one.dry_run ? "What would become of the rows" : "What became of the rows"}>
      <div aria-hidden className="mb-4 flex h-2 gap-px overflow-hidden rounded-full bg-sunken">
        {counts.rows > 0 &&
          OUTCOMES.filter((outcome) => counts[outcome] > 0).map((outcome) => (
            <div
              key={outcome}
              className={cx(
                toneFill[wordOf("importOutcome", outcome).tone],
                outcome === "do_not_call" && "opacity-60",
              )}
              style={{ width: `${(counts[outcome] / counts.rows) * 100}%` }}
            />
          ))}
      </div>
      <dl className="grid grid-cols-2 gap-4 md:grid-cols-5">
        <div className="col-span-2 md:col-span-1">
          <dt className="flex min-h-6 items-center text-muted">All rows</dt>
          <dd className="text-xl font-semibold tabular-nums">{count(counts.rows)}</dd>
          <dd className="text-xs text-muted">the sum of the others</dd>
        </div>
        {OUTCOMES.map((outcome) => (
          <div key={outcome}>
            <dt>
              <Link
                to="/imports/$importId"
                params={{ importId: one.id }}
                search={{ outcome }}
                className="inline-flex min-h-6 items-center hover:underline"
              >
                <WordBadge set="importOutcome" word={outcome} />
              </Link>
            </dt>
            <dd className="text-xl font-semibold tabular-nums">{count(counts[outcome])}</dd>
            <dd className="text-xs text-muted">{meaning(outcome, one)}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function meaning(outcome: (typeof OUTCOMES)[number], { duplicates, dry_run }: Import): string {
  switch (outcome) {
    case "valid":
      return dry_run ? "would be called" : "stored, to be called";
    case "do_not_call":
      return dry_run ? "would be stored, not called" : "stored, not called";
    case "duplicate":
      if (duplicates === "skip") return "known already, skipped";
      return duplicates === "overwrite" ? "known already, overwritten" : "known already, blanks filled";
    case "invalid":
      return "not stored";
  }
}
