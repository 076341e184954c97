import type { Schema } from "@/api/types";
import { bytesText } from "@/format/bytes";
import { countryText } from "@/places/countries";
import { Card } from "@/ui/card";
import { CopyId } from "@/ui/copy-id";
import { Fact, Facts } from "@/ui/facts";
import { Time } from "@/ui/time";
import { Duration } from "@/ui/values";
import { delimiterLabels } from "../csv/delimiter";
import { targetLabel } from "../mapping/pairs";
import { asTarget } from "../mapping/target";

const duplicatesLabels: Record<Schema<"DuplicatesWord">, string> = {
  skip: "Skipped",
  update_blanks: "Fill in blanks",
  overwrite: "Overwrite",
};

/** What was found in the file, and how it was read. */
export function FactsCard({ of: one }: { of: Schema<"Import"> }) {
  const { found, started_at, finished_at } = one;
  // Undoing it is over later than reading it was.
  const isRead = one.status !== "undoing" && one.status !== "undone";
  const seconds =
    isRead && started_at && finished_at
      ? (Date.parse(finished_at) - Date.parse(started_at)) / 1000
      : undefined;
  return (
    <div className="flex flex-col gap-4">
      <Card title="File">
        <Facts>
          <Fact label="Size">{bytesText(one.bytes)}</Fact>
          {found && (
            <Fact label="Format">
              {found.encoding.toUpperCase()}, {delimiterLabels[found.delimiter] ?? found.delimiter}
            </Fact>
          )}
          <Fact label="Country">{countryText(one.default_country)}</Fact>
          <Fact label="Known numbers">
            {duplicatesLabels[one.duplicates]}
            {one.across_campaigns && ", in all campaigns"}
          </Fact>
          <Fact label="Started">
            <Time at={started_at} />
          </Fact>
          <Fact label="Took">
            <Duration seconds={seconds} />
          </Fact>
          <Fact label="Import id">
            <CopyId id={one.id} />
          </Fact>
        </Facts>
        {one.notes.length > 0 && (
          <ul className="mt-3 flex list-disc flex-col gap-1 border-t border-line pt-3 pl-4 text-muted">
            {one.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        )}
      </Card>
      {found && (
        <Card title="Columns">
          <Facts>
            {found.columns.map(({ name, target }) => {
              const known = asTarget(target);
              return (
                <Fact key={name} label={name}>
                  {known ? targetLabel(known) : target}
                </Fact>
              );
            })}
          </Facts>
        </Card>
      )}
    </div>
  );
}
