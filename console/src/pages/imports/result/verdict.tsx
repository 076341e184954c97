import { Link } from "@tanstack/react-router";
import { Play } from "lucide-react";
import { sentence } from "@/api/problem";
import type { Schema } from "@/api/types";
import { plural } from "@/format/number";
import { Button } from "@/ui/button";
import { Callout } from "@/ui/callout";

/** What an import came to, in words, and what to do next. */
export function Verdict({ of: one }: { of: Schema<"Import"> }) {
  const { counts, status } = one;
  const rejected =
    counts.invalid > 0 &&
    `${plural(counts.invalid, "row")} could not be read: download them, mend them, and upload that file.`;
  switch (status) {
    case "failed":
      return (
        <Callout tone="bad" title="The import failed">
          {sentence(one.error ?? "Nobody knows why")} {stored(one)}
        </Callout>
      );
    case "cancelled":
      return (
        <Callout tone="warn" title="The import was cancelled">
          {stored(one)}
        </Callout>
      );
    case "undone":
      return (
        <Callout title="The import was undone">{`${plural(one.leads_deleted, "lead")} deleted.`}</Callout>
      );
    case "finished":
      if (one.dry_run) {
        return (
          <Callout
            tone={rejected ? "warn" : "ok"}
            title={`Nothing is stored yet. ${plural(counts.valid, "lead")} would be called.`}
          >
            <p>{rejected || "Every row that is no duplicate could be read."}</p>
            <Button look="primary" size="small" asChild className="mt-2">
              <Link to="/imports/new" search={{ campaign_id: one.campaign_id ?? undefined, repeat: one.id }}>
                <Play aria-hidden />
                Import for real
              </Link>
            </Button>
          </Callout>
        );
      }
      return rejected ? (
        <Callout tone="warn" title="Finished, but not with every row">
          {rejected}
        </Callout>
      ) : null;
    default:
      return null;
  }
}

function stored({ counts, dry_run }: Schema<"Import">): string {
  if (dry_run) return "";
  const leads = counts.valid + counts.do_not_call;
  return leads > 0
    ? `${plural(leads, "lead")} stored before that: undo it to delete them.`
    : "No lead was stored.";
}
