import { useState } from "react";
import { plural } from "@/format/number";
import { countryText } from "@/places/countries";
import { Card } from "@/ui/card";
import { Checkbox } from "@/ui/checkbox";
import { cx } from "@/ui/cx";
import type { RowCheck } from "../check/row";
import { targetLabel } from "../mapping/pairs";
import { CheckBadge } from "./check-badge";
import type { Source, Wizard } from "./use-wizard";

const needsALook = ({ standing }: RowCheck) => standing === "invalid" || standing === "duplicate";
const cellClass = "border-b border-line px-3 py-1.5 text-left align-top";

/** The first rows as they would be read, with what can be seen from here. */
export function PreviewCard({ wizard, source }: { wizard: Wizard; source: Source }) {
  const [isOnlyFaulty, setOnlyFaulty] = useState(false);
  const { header, rows, goesOn } = source.head;
  const { targets, checks } = wizard;
  const faulty = checks.filter(needsALook).length;
  const shown = rows.flatMap((row, index) => {
    const check = checks[index];
    return check && (!isOnlyFaulty || needsALook(check)) ? [{ row, check }] : [];
  });
  return (
    <Card
      title="3. Preview"
      padded={false}
      actions={
        faulty > 0 && (
          <Checkbox
            checked={isOnlyFaulty}
            onChange={setOnlyFaulty}
            label={`Only what needs a look (${faulty})`}
          />
        )
      }
    >
      <div className="px-4 py-3 text-muted">
        <p>
          {goesOn ? `The first ${plural(rows.length, "row")}` : `All ${plural(rows.length, "row")}`}, looked
          at in this browser: nothing is sent yet. Numbers without a country code are read as those of{" "}
          {countryText(wizard.country)}. Numbers that are known already or on the do-not-call list are told by
          a check on the server, below.
        </p>
      </div>
      <section
        className="max-h-[32rem] overflow-auto border-t border-line"
        aria-label="Preview of the file"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        tabIndex={0}
      >
        <table className="w-full border-separate border-spacing-0 text-sm">
          <caption className="sr-only">The first rows of the file, with a check of each</caption>
          <thead>
            <tr>
              <HeadCell>Line</HeadCell>
              <HeadCell>Local check</HeadCell>
              {header.map((name, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns are told apart by their place; names may come twice
                <HeadCell key={column} sub={targetLabel(targets[column] ?? "ignore")}>
                  {name || `Column ${column + 1}`}
                </HeadCell>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ row, check }) => (
              <tr key={row.line}>
                <td className={cx(cellClass, "text-right text-muted tabular-nums")}>{row.line}</td>
                <td className={cx(cellClass, "min-w-48")}>
                  <CheckBadge check={check} />
                </td>
                {header.map((_, column) => {
                  const isWrong = check.faults.some((fault) => fault.column === column);
                  return (
                    <td
                      // biome-ignore lint/suspicious/noArrayIndexKey: as above
                      key={column}
                      className={cx(
                        cellClass,
                        "max-w-64 truncate",
                        targets[column] === "ignore" && "text-faint",
                        isWrong && "bg-bad-soft",
                      )}
                      title={row.cells[column]}
                    >
                      {row.cells[column]}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
        {rows.length === 0 && <p className="p-4 text-muted">The file has column names and no rows.</p>}
      </section>
    </Card>
  );
}

function HeadCell({ children, sub }: { children: string; sub?: string }) {
  return (
    <th
      scope="col"
      className="sticky top-0 z-10 max-w-64 border-b border-line bg-sunken px-3 py-1 text-left align-top text-xs font-medium whitespace-nowrap text-muted"
    >
      <span className="block truncate">{children}</span>
      {sub && <span className="block truncate font-normal text-text">{sub}</span>}
    </th>
  );
}
