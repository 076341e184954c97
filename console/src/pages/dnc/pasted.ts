import { e164Of } from "@/format/e164";

/** A number as it was pasted, that cannot be read. */
export interface Unread {
  line: number;
  text: string;
}

/** What is in a pasted list of numbers. */
export interface Pasted {
  /** E.164, each once. */
  phones: string[];
  repeated: number;
  unread: Unread[];
}

/** Reads numbers out of a text: one a line, or divided by commas, semicolons or tabs. */
export function pastedNumbers(text: string): Pasted {
  const phones = new Set<string>();
  const unread: Unread[] = [];
  let repeated = 0;
  text.split(/\r?\n/).forEach((row, index) => {
    for (const cell of row.split(/[,;\t]/)) {
      const bare = cell.replaceAll('"', "").trim();
      if (bare === "") continue;
      const phone = e164Of(bare);
      if (phone === undefined) unread.push({ line: index + 1, text: bare });
      else if (phones.has(phone)) repeated += 1;
      else phones.add(phone);
    }
  });
  return { phones: [...phones], repeated, unread };
}

/** Which of the numbers a refusal is about: the API says `phones[3]`. */
export function refusedNumber(field: string | null, phones: readonly string[]): string | undefined {
  const index = /^phones\[(\d+)\]$/.exec(field ?? "")?.[1];
  return index === undefined ? undefined : phones[Number(index)];
}
