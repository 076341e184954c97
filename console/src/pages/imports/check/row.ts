import type { CsvRow } from "../csv/csv-file";
import { FIELDS, type Field } from "../mapping/field-names";
import type { Target } from "../mapping/target";
import { cellFault, saysYes } from "./cell";
import { checkPhone } from "./phone";

/** Something about a row that the server will probably not take, or not call. */
export interface RowFault {
  /** The column it is about; undefined when it is about the whole row. */
  column?: number;
  reason: string;
}

export type RowStanding = "fine" | "invalid" | "duplicate" | "do_not_call";

export interface RowCheck {
  standing: RowStanding;
  faults: RowFault[];
  /** The number as it will be dialed, where that can be told here. */
  e164?: string;
}

interface Terms {
  targets: readonly Target[];
  /** How many columns the header has. */
  columns: number;
  defaultCountry: string;
}

/** What can be told of rows from here: neither the do-not-call list nor the leads that are known already. */
export function checkRows(rows: readonly CsvRow[], terms: Terms): RowCheck[] {
  const lines = new Map<string, number>();
  return rows.map((row) => {
    const check = checkRow(row, terms);
    if (check.standing === "invalid" || !check.e164) return check;
    const earlier = lines.get(check.e164);
    if (earlier === undefined) {
      lines.set(check.e164, row.line);
      return check;
    }
    const fault = { column: terms.targets.indexOf("phone"), reason: `The same number as in line ${earlier}` };
    return { ...check, standing: "duplicate", faults: [...check.faults, fault] };
  });
}

function checkRow({ cells }: CsvRow, { targets, columns, defaultCountry }: Terms): RowCheck {
  const cellOf = (field: Field) => (cells[targets.indexOf(field)] ?? "").trim();
  const country = cellOf("country") || defaultCountry;
  const faults: RowFault[] = [];
  if (cells.slice(columns).some((cell) => cell.trim() !== "")) {
    faults.push({ reason: `The row has ${cells.length} cells, the header ${columns}` });
  }
  for (const field of FIELDS) {
    const column = targets.indexOf(field);
    if (column === -1) continue;
    const reason = cellFault(field, cells[column] ?? "", country);
    if (reason) faults.push({ column, reason });
  }
  const phone = checkPhone(cellOf("phone"), country);
  const e164 = phone.isFine ? phone.e164 : undefined;
  if (faults.length > 0) return { standing: "invalid", faults, e164 };
  return { standing: saysYes(cellOf("do_not_call")) ? "do_not_call" : "fine", faults, e164 };
}
