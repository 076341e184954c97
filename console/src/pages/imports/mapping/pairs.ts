import { FIELDS, type Field, fieldLabels } from "./field-names";
import { asTarget, customName, customTarget, isCustom, type Target } from "./target";

/** A mapping as the API and its templates have it: `{"CSV column": "field"}`. */
export type Pairs = Record<string, string>;

/** Whether a mapping can name this column: it has a name, and it is the first with it. */
export function isNameable(header: readonly string[], column: number): boolean {
  const name = header[column];
  return Boolean(name) && header.indexOf(name as string) === column;
}

/** The columns that can be named, with their targets. The server decides about the others. */
export function pairsOf(header: readonly string[], targets: readonly Target[]): Pairs {
  return Object.fromEntries(
    header.flatMap((name, column) =>
      isNameable(header, column) ? [[name, targets[column] ?? "ignore"]] : [],
    ),
  );
}

export interface Applied {
  targets: Target[];
  /** Columns that the mapping makes something of and the file does not have. */
  missing: string[];
}

/** Lays a saved mapping over what was matched. A field that it gives away is taken from whoever had it. */
export function applyPairs(header: readonly string[], targets: readonly Target[], pairs: Pairs): Applied {
  const missing: string[] = [];
  let applied = [...targets];
  for (const [name, text] of Object.entries(pairs)) {
    const column = header.indexOf(name);
    const target = asTarget(text);
    if (column === -1 && target !== "ignore") missing.push(name);
    else if (column !== -1 && target) applied = assign(header, applied, column, target);
  }
  return { targets: applied, missing };
}

/** Gives a column a target. Another column that had the same field is kept under its own name. */
export function assign(
  header: readonly string[],
  targets: readonly Target[],
  column: number,
  target: Target,
): Target[] {
  return targets.map((was, index) => {
    if (index === column) return target;
    const isField = FIELDS.some((field) => field === target);
    return isField && was === target ? customTarget(header[index] || `column ${index + 1}`) : was;
  });
}

/** What the server would refuse in a mapping, as a sentence; undefined when it is fine. */
export function mappingFault(header: readonly string[], targets: readonly Target[]): string | undefined {
  if (!targets.includes("phone")) return "Say which column holds the phone number.";
  const seen = new Map<Target, string>();
  for (const [column, target] of targets.entries()) {
    if (target === "ignore" || !isNameable(header, column)) continue;
    const name = header[column] as string;
    if (isCustom(target) && customName(target).trim() === "") return `Give "${name}" a name, or ignore it.`;
    const other = seen.get(target);
    if (other !== undefined) return `"${other}" and "${name}" are both kept as ${targetLabel(target)}.`;
    seen.set(target, name);
  }
  return undefined;
}

/** A target as people read it. */
export function targetLabel(target: Target): string {
  if (target === "ignore") return "Ignored";
  return isCustom(target) ? `"${customName(target)}"` : fieldLabels[target as Field];
}
