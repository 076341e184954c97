import { expect, test } from "vitest";
import { HEAD_BYTES, PREVIEW_ROWS, parseHead, readHead } from "./csv-file";
import { sniff } from "./delimiter";
import { decode } from "./encoding";

const utf8 = (text: string) => new TextEncoder().encode(text);
const utf16 = (text: string, littleEndian: boolean) => {
  const view = new DataView(new ArrayBuffer(2 + text.length * 2));
  view.setUint16(0, 0xfeff, littleEndian);
  for (let at = 0; at < text.length; at++) view.setUint16(2 + at * 2, text.charCodeAt(at), littleEndian);
  return new Uint8Array(view.buffer);
};

test.each([
  ["UTF-8", utf8("Zoë,1"), "utf-8"],
  ["UTF-8 with a mark", new Uint8Array([0xef, 0xbb, 0xbf, ...utf8("Zoë,1")]), "utf-8"],
  ["UTF-16, little endian", utf16("Zoë,1", true), "utf-16le"],
  ["UTF-16, big endian", utf16("Zoë,1", false), "utf-16be"],
  ["windows-1252", new Uint8Array([0x5a, 0x6f, 0xeb, 0x2c, 0x31]), "windows-1252"],
])("%s is read", (_, bytes, encoding) => expect(decode(bytes)).toEqual({ text: "Zoë,1", encoding }));

test("lines of both encodings in one file are each read in theirs", () => {
  const bytes = new Uint8Array([...utf8("Zoë\n"), 0x5a, 0x6f, 0xeb, 0x0a, ...utf8("Jürgen")]);
  expect(decode(bytes).text).toBe("Zoë\nZoë\nJürgen");
});

test("a character that is cut off at the end does not make a file windows-1252", () => {
  expect(decode(utf8("Zoë").subarray(0, 3))).toEqual({ text: "Zo", encoding: "utf-8" });
});

test.each([
  ["phone", ","],
  ["name,phone\n1;2;3;4", ","],
  ["name;phone\n", ";"],
  ["name\tphone", "\t"],
  ["name|phone\r\n", "|"],
  ['"a,b,c,d";phone', ";"],
  ["a,b,c,d;phone", ";"],
  ["a;b;c", ";"],
  ["", ","],
])("%j is separated by %j", (text, delimiter) => expect(sniff(text)).toEqual({ delimiter, skip: 0 }));

test("a line that says the delimiter settles it, and is no header", () => {
  expect(sniff("SEP=|\r\nname,phone\r\n")).toEqual({ delimiter: "|", skip: 5 });
  const head = parseHead(utf8("sep=;\r\nname;phone\r\nAna;1\r\n"), false);
  expect(head.header).toEqual(["name", "phone"]);
  expect(head.rows).toEqual([{ line: 3, cells: ["Ana", "1"] }]);
});

test("rows know the line they begin in, over line breaks in quotes and blank rows", () => {
  const head = parseHead(utf8('name,phone\n"Ana\nLima",1\n\n,\nBo,2\n'), false);
  expect(head.rows).toEqual([
    { line: 2, cells: ["Ana\nLima", "1"] },
    { line: 6, cells: ["Bo", "2"] },
  ]);
  expect(head.goesOn).toBe(false);
});

test("of a long file only whole rows from its beginning are read", async () => {
  const row = `Ana,+12125550142,${"x".repeat(20_000)}\n`;
  const file = new File([`name,phone,notes\n${row.repeat(40)}`], "long.csv");
  const head = await readHead(file);
  expect(file.size).toBeGreaterThan(HEAD_BYTES);
  expect(head.goesOn).toBe(true);
  expect(head.rows).toHaveLength(Math.floor((HEAD_BYTES - 17) / row.length));
  expect(head.rows.every(({ cells }) => cells[2]?.length === 20_000)).toBe(true);
});

test("no more rows are shown than fit", () => {
  const head = parseHead(utf8(`phone\n${"1\n".repeat(80)}`), false);
  expect(head.rows).toHaveLength(PREVIEW_ROWS);
  expect(head.goesOn).toBe(true);
});

test.each([
  ["nothing", new Uint8Array(), "empty"],
  ["blank lines", utf8("\n\n , \n"), "blank"],
  ["a spreadsheet", new Uint8Array([0x50, 0x4b, 0x03, 0x04, 0x14]), "Save it as CSV"],
  ["a picture", new Uint8Array([0x89, 0x50, 0, 0, 0]), "no text file"],
])("%s is refused with what to do", (_, bytes, words) =>
  expect(() => parseHead(bytes, false)).toThrow(words),
);
