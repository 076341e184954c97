import Papa from "papaparse";
import { type Delimiter, sniff } from "./delimiter";
import { decode, type Encoding } from "./encoding";

/** Bytes that are read of a file, however long it is. */
export const HEAD_BYTES = 256 * 1024;
/** Rows that are shown. */
export const PREVIEW_ROWS = 50;

/** A row as it stands in the file. */
export interface CsvRow {
  /** The line it begins in, from 1; the header is a line, too. */
  line: number;
  cells: string[];
}

/** The beginning of a file: its header and its first rows. */
export interface CsvHead {
  encoding: Encoding;
  delimiter: Delimiter;
  header: string[];
  rows: CsvRow[];
  /** Whether the file goes on after these rows. */
  goesOn: boolean;
}

/** A file that cannot be a list of leads, with what to do about it. */
export class CsvFault extends Error {
  override readonly name = "CsvFault";
}

/** Reads the beginning of a file that somebody chose. */
export async function readHead(file: File): Promise<CsvHead> {
  const bytes = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  return parseHead(bytes, file.size > bytes.length);
}

/** `isCut`: the file is longer than these bytes. */
export function parseHead(bytes: Uint8Array, isCut: boolean): CsvHead {
  if (bytes.length === 0) throw new CsvFault("The file is empty.");
  if (isArchive(bytes)) {
    throw new CsvFault("This is a spreadsheet or an archive. Save it as CSV, and choose that file.");
  }
  const { text, encoding } = decode(bytes);
  if (text.includes("\0")) {
    throw new CsvFault("This is no text file. Save the list as CSV in UTF-8, and choose that file.");
  }
  const { delimiter, skip } = sniff(text);
  const records = recordsOf(text, skip, delimiter, isCut);
  const header = records.shift()?.cells.map((cell) => cell.trim());
  if (!header) throw new CsvFault("The file has no line but blank ones.");
  return {
    encoding,
    delimiter,
    header,
    rows: records.slice(0, PREVIEW_ROWS),
    goesOn: isCut || records.length > PREVIEW_ROWS,
  };
}

/** What every file made by spreadsheets, and every ZIP, begins with. */
function isArchive(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04;
}

/** The header and the rows after it, one more than are shown; blank ones are left out. */
function recordsOf(text: string, skip: number, delimiter: Delimiter, isCut: boolean): CsvRow[] {
  const body = text.slice(skip);
  const records: CsvRow[] = [];
  let at = 0;
  let line = 1;
  Papa.parse<string[]>(body, {
    delimiter,
    step: ({ data, meta }, parser) => {
      // The last record of a piece of a file may be half of one.
      const isWhole = !isCut || meta.cursor < body.length;
      if (isWhole && data.some((cell) => cell.trim() !== "")) records.push({ line, cells: data });
      line += lineEnds(body.slice(at, meta.cursor));
      at = meta.cursor;
      if (records.length > PREVIEW_ROWS + 1) parser.abort();
    },
  });
  return records;
}

function lineEnds(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
}
