import { cellFault } from "../check/cell";
import type { CsvRow } from "../csv/csv-file";
import { FIELDS, type Field, nameRank, plain } from "./field-names";
import { customTarget, type Target } from "./target";

/** Why a column was given its field. */
export type Ground = "name" | "values" | "both";

export interface Match {
  target: Target;
  /** Undefined when nothing spoke for a field: it is kept under its own name. */
  ground?: Ground;
}

/** Columns that our own files of rejected rows put before the others. */
const REJECT_COLUMNS = ["rejected_line", "rejected_column", "rejected_because"];
/** Fields that values alone give away. A yes or no could be about anything, so it takes the name as well. */
const TELLING: ReadonlySet<Field> = new Set(["phone", "email", "priority", "time_zone"]);
const CHECKED: ReadonlySet<Field> = new Set([...TELLING, "country", "do_not_call"]);
/** What no name or note consists of: a column "Contact" may hold numbers. */
const WORDLESS = ["phone", "email"] as const;
/** With fewer values than this, a name is believed whatever they say. */
const ENOUGH_VALUES = 3;

interface Candidate {
  column: number;
  field: Field;
  ground: Ground;
  score: number;
}

/** A target for every column, by its name and by what stands in it. */
export function autoMatch(header: readonly string[], rows: readonly CsvRow[], country: string): Match[] {
  const candidates = header.flatMap((name, column) => {
    if (REJECT_COLUMNS.includes(name)) return [];
    const values = rows.map(({ cells }) => (cells[column] ?? "").trim()).filter((value) => value !== "");
    return FIELDS.flatMap((field) => candidate(field, name, column, values, country) ?? []);
  });
  // Sure ones choose first; among equals the order of the fields counts, since `sort` keeps it.
  candidates.sort((one, other) => other.score - one.score);

  const taken = new Map<number, Candidate>();
  const given = new Set<Field>();
  for (const one of candidates) {
    if (taken.has(one.column) || given.has(one.field)) continue;
    taken.set(one.column, one);
    given.add(one.field);
  }
  const names = new Set<string>();
  return header.map((name, column) => {
    const match = taken.get(column);
    if (match) return { target: match.field, ground: match.ground };
    if (REJECT_COLUMNS.includes(name)) return { target: "ignore", ground: "name" };
    return { target: customTarget(unused(name || `column ${column + 1}`, names)) };
  });
}

function candidate(
  field: Field,
  name: string,
  column: number,
  values: readonly string[],
  country: string,
): Candidate | undefined {
  const rank = nameRank(name, field) ?? (hintsAt(name, field) ? 40 : undefined);
  const share = CHECKED.has(field) ? fitting(field, values, country) : undefined;
  const isOther =
    !CHECKED.has(field) && WORDLESS.some((other) => (fitting(other, values, country) ?? 0) >= 0.8);
  const speaks = share !== undefined && share >= 0.8;
  if (rank === undefined) {
    const tells = speaks && TELLING.has(field) && isTelling(field, values);
    return tells ? { column, field, ground: "values", score: 30 + share } : undefined;
  }
  const isWrong = share !== undefined && share < 0.2 && values.length >= ENOUGH_VALUES;
  if (isWrong || isOther) return undefined;
  return { column, field, ground: speaks ? "both" : "name", score: 100 - rank + (speaks ? 50 : 0) };
}

/** Names such as "Phone 1" or "Work email". */
function hintsAt(name: string, field: Field): boolean {
  const words = name.toLowerCase().split(/[^\p{L}]+/u);
  if (field === "phone") return words.some((word) => ["phone", "mobile", "cell", "tel"].includes(word));
  return field === "email" && (words.includes("email") || plain(name).includes("emailaddress"));
}

/** The share of values that the field would take. */
function fitting(field: Field, values: readonly string[], country: string): number | undefined {
  if (values.length === 0) return undefined;
  return values.filter((value) => cellFault(field, value, country) === undefined).length / values.length;
}

/** Numbers are many things: a phone that is known by its values alone has seven digits and more, and is not the same again and again. */
function isTelling(field: Field, values: readonly string[]): boolean {
  if (field === "time_zone") return values.every((value) => value.includes("/"));
  if (field !== "phone") return true;
  const distinct = new Set(values).size;
  return (
    distinct > values.length / 2 &&
    values.every((value) => /\d/.test(value) && value.replace(/\D/g, "").length >= 10)
  );
}

function unused(name: string, names: Set<string>): string {
  let free = name;
  for (let number = 2; names.has(free); number++) free = `${name} ${number}`;
  names.add(free);
  return free;
}
