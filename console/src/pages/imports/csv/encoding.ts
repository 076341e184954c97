/** How the text of a file is written in bytes. */
export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

export const encodingLabels: Record<Encoding, string> = {
  "utf-8": "UTF-8",
  "utf-16le": "UTF-16",
  "utf-16be": "UTF-16",
  "windows-1252": "Windows-1252",
};

export interface Decoded {
  text: string;
  encoding: Encoding;
}

const LINE_FEED = 0x0a;

/**
 * The text of the beginning of a file, by its byte-order mark. Without one it is UTF-8, and line by line windows-1252
 * where it cannot be, since files that were pasted together are in both.
 */
export function decode(bytes: Uint8Array): Decoded {
  if (startsWith(bytes, 0xff, 0xfe)) return marked(bytes, "utf-16le");
  if (startsWith(bytes, 0xfe, 0xff)) return marked(bytes, "utf-16be");
  try {
    // A character that is cut off at the end of the piece is none that is wrong.
    return {
      text: new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true }),
      encoding: "utf-8",
    };
  } catch {
    return { text: lines(bytes).map(decodeLine).join(""), encoding: "windows-1252" };
  }
}

function marked(bytes: Uint8Array, encoding: "utf-16le" | "utf-16be"): Decoded {
  return { text: new TextDecoder(encoding).decode(bytes, { stream: true }), encoding };
}

function startsWith(bytes: Uint8Array, ...mark: number[]): boolean {
  return mark.every((byte, index) => bytes[index] === byte);
}

/** The lines, each with its end. */
function lines(bytes: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  let start = 0;
  while (start < bytes.length) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed === -1 ? bytes.length : feed + 1;
    found.push(bytes.subarray(start, end));
    start = end;
  }
  return found;
}

function decodeLine(line: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(line);
  } catch {
    return new TextDecoder("windows-1252").decode(line);
  }
}
