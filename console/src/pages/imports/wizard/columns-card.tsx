import { Callout } from "@/ui/callout";
import { Card } from "@/ui/card";
import { ColumnRow } from "./column-row";
import { Templates } from "./templates";
import type { Source, Wizard } from "./use-wizard";

/** What each column of the file means. */
export function ColumnsCard({ wizard, source }: { wizard: Wizard; source: Source }) {
  const { header, rows } = source.head;
  return (
    <Card title="2. Columns" actions={<Templates wizard={wizard} header={header} />} padded={false}>
      <div className="flex flex-col gap-3 border-b border-line p-4 empty:hidden">
        {wizard.mappingFault && <Callout tone="warn" title={wizard.mappingFault} />}
        {wizard.missing.length > 0 && (
          <Callout tone="warn" title="Some columns of the saved mapping are not in this file">
            {wizard.missing.join(", ")}
          </Callout>
        )}
      </div>
      <ul className="divide-y divide-line">
        {header.map((name, column) => (
          <ColumnRow
            // biome-ignore lint/suspicious/noArrayIndexKey: columns are told apart by their place; names may come twice
            key={column}
            column={column}
            header={header}
            targets={wizard.targets}
            ground={wizard.groundOf(column)}
            samples={rows.map(({ cells }) => cells[column] ?? "")}
            name={name}
            onChange={(target) => wizard.assign(column, target)}
          />
        ))}
      </ul>
    </Card>
  );
}
