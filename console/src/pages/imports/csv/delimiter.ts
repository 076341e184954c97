import Papa from "papaparse";
import { fieldNamed } from "../mapping/field-names";

/** In order of preference, as the server has it. */
const DELIMITERS = [",", ";", "\t", "|"] as const;
export type Delimiter = (typeof DELIMITERS)[number];

export const delimiterLabels: Record<string, string> = {
  ",": "commas",
  ";": "semicolons",
  "\t": "tabs",
  "|": "bars",
};

export interface Sniffed {
  delimiter: Delimiter;
  /** What only says which delimiter it is, and is no header: the line `sep=;`. */
  skip: number;
}

/** The delimiter that makes most of the header known: of columns whose names are clear, then of columns at all. */
export function sniff(text: string): Sniffed {
  const stated = /^sep=([,;\t|])(?=[\r\n])/i.exec(text);
  if (stated) return { delimiter: stated[1] as Delimiter, skip: stated[0].length };

  let best: { delimiter: Delimiter; known: number; columns: number } | null = null;
  for (const delimiter of DELIMITERS) {
    const header = headerBy(text, delimiter);
    const fields = new Set(header.map(fieldNamed).filter((field) => field !== undefined));
    const known = fields.size + (fields.has("phone") ? header.length : 0);
    const isBetter =
      best === null || known > best.known || (known === best.known && header.length > best.columns);
    if (isBetter) best = { delimiter, known, columns: header.length };
  }
  return { delimiter: best?.delimiter ?? ",", skip: 0 };
}

function headerBy(text: string, delimiter: Delimiter): string[] {
  const { data } = Papa.parse<string[]>(text.trimStart(), { delimiter, preview: 1 });
  return (data[0] ?? []).map((cell) => cell.trim());
}
