import { expect, test } from "vitest";
import type { Field } from "../mapping/field-names";
import { cellFault } from "./cell";
import { checkPhone } from "./phone";
import { checkRows } from "./row";

test.each([
  ["+1 (212) 555-0142", "DE", "+12125550142"],
  ["212.555.0142", "US", "+12125550142"],
  ["1-212-555-0142", "us", "+12125550142"],
  ["'+447700900123", "US", "+447700900123"],
  ["011 44 7700 900123", "US", "+447700900123"],
  ["0049 30 123456", "GB", "+4930123456"],
  ["020 7946 0117", "GB", undefined],
])("%s in %s looks right", (text, country, e164) =>
  expect(checkPhone(text, country)).toEqual({ isFine: true, e164 }),
);

test.each([
  ["", "missing"],
  ["4.15555E+09", "rounded"],
  ["4155550123 x5", "Extensions"],
  ["1-800-FLOWERS", "no phone number"],
  ["415-555-0123 or 0124", "no phone number"],
  ["5550123", "too short"],
  ["+1900 555 0123", "Premium"],
  ["112 555 0123", "area code"],
  ["+44 1", "too short"],
])("%j does not: %s", (text, words) => {
  const check = checkPhone(text, "US");
  expect(check.isFine ? "" : check.reason).toContain(words);
});

test.each<[Field, string, boolean]>([
  ["email", "ana@example.com", true],
  ["email", "ana@example", false],
  ["email", "ana@@example.com", false],
  ["email", "", true],
  ["priority", " High ", true],
  ["priority", "asap", false],
  ["do_not_call", "Yes", true],
  ["do_not_call", "maybe", false],
  ["country", "us", true],
  ["country", "UK", false],
  ["country", "Pakistan", false],
  ["time_zone", "America/New_York", true],
  ["time_zone", "New York", false],
  ["first_name", "x".repeat(201), false],
])("%s %j: %s", (field, text, isFine) => expect(cellFault(field, text, "US") === undefined).toBe(isFine));

test("rows are looked at as the server will, and numbers that come again are told", () => {
  const rows = [
    ["Ana", "2125550142", "no"],
    ["Bo", "+1 212 555 0142", ""],
    ["Cy", "2125550143", "yes"],
    ["Di", "nobody", ""],
    ["Ed", "2125550144", "", "more"],
  ].map((cells, index) => ({ line: index + 2, cells }));
  const checks = checkRows(rows, {
    targets: ["first_name", "phone", "do_not_call"],
    columns: 3,
    defaultCountry: "US",
  });
  expect(checks.map(({ standing }) => standing)).toEqual([
    "fine",
    "duplicate",
    "do_not_call",
    "invalid",
    "invalid",
  ]);
  expect(checks[1]?.faults[0]).toEqual({ column: 1, reason: "The same number as in line 2" });
  expect(checks[4]?.faults[0]?.reason).toBe("The row has 4 cells, the header 3");
});

test("a row's own country goes before the file's", () => {
  const terms = { targets: ["phone", "country"] as const, columns: 2, defaultCountry: "US" };
  const [check] = checkRows([{ line: 2, cells: ["020 7946 0117", "GB"] }], terms);
  expect(check?.standing).toBe("fine");
});
