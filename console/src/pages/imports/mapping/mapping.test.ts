import { expect, test } from "vitest";
import { autoMatch } from "./auto-match";
import { applyPairs, assign, mappingFault, pairsOf } from "./pairs";
import type { Target } from "./target";

const rows = (...lines: string[]) =>
  lines.map((line, index) => ({ line: index + 2, cells: line.split(",") }));
const matched = (header: string, ...lines: string[]) =>
  autoMatch(header.split(","), rows(...lines), "US")
    .map(({ target, ground }) => (ground ? `${target} by ${ground}` : target))
    .join(", ");

test.each([
  ["First Name,SURNAME,E-Mail,Mobile", "first_name by name, last_name by name, email by name, phone by name"],
  ["telephone,mobile,Phone", "custom.telephone, custom.mobile, phone by name"],
  ["Name,phone,First", "custom.Name, phone by name, first_name by name"],
  ["phone,shoe size,", "phone by name, custom.shoe size, custom.column 3"],
  ["rejected_line,rejected_column,phone", "ignore by name, ignore by name, phone by name"],
  ["phone,x,x", "phone by name, custom.x, custom.x 2"],
])("%s is matched by names", (header, expected) => expect(matched(header)).toBe(expected));

test("values confirm a name", () => {
  expect(matched("Phone,Who", "+12125550142,Ana")).toBe("phone by both, custom.Who");
});

test("values give away columns whose names say nothing", () => {
  expect(
    matched(
      "a,b,c",
      "(212) 555-0142,ana@example.com,America/New_York",
      "(212) 555-0143,bo@example.com,America/Chicago",
    ),
  ).toBe("phone by values, email by values, time_zone by values");
});

test("values overrule a name that leads astray", () => {
  expect(matched("Phone,Mobile", "iPhone,2125550142", "Pixel,2125550143", "iPhone,2125550144")).toBe(
    "custom.Phone, phone by both",
  );
});

test("of several columns for phones, the one with numbers is taken", () => {
  expect(matched("phone,Phone 2", "ext,2125550142", "none,2125550143", "-,2125550144")).toBe(
    "custom.phone, phone by both",
  );
});

test("a contact may be a person or a number", () => {
  expect(matched("Contact,Mobile", "Ana Lima,2125550142")).toBe("first_name by name, phone by both");
  expect(matched("Contact,Who", "2125550142,Ana Lima")).toBe("phone by values, custom.Who");
});

test("a yes or no by itself is not taken for a wish not to be called", () => {
  expect(matched("phone,newsletter", "2125550142,yes", "2125550143,no")).toBe(
    "phone by both, custom.newsletter",
  );
});

test("a field has one column: who had it keeps its own name", () => {
  expect(assign(["a", "b"], ["phone", "custom.b"], 1, "phone")).toEqual(["custom.a", "phone"]);
  expect(assign(["a", "b"], ["ignore", "custom.b"], 1, "ignore")).toEqual(["ignore", "ignore"]);
});

test("a template says which of its columns the file lacks", () => {
  const applied = applyPairs(["Mobile", "Fleet"], ["phone", "custom.Fleet"], {
    Fleet: "custom.fleet",
    Gone: "email",
    rejected_line: "ignore",
  });
  expect(applied).toEqual({ targets: ["phone", "custom.fleet"], missing: ["Gone"] });
});

test("a mapping names each column once, and none without a name", () => {
  const targets: Target[] = ["phone", "ignore", "custom.x", "ignore"];
  expect(pairsOf(["a", "", "b", "a"], targets)).toEqual({ a: "phone", b: "custom.x" });
});

test.each([
  [["custom.a", "custom.b"], "Say which column holds the phone number."],
  [["phone", "custom. "], 'Give "b" a name, or ignore it.'],
  [["phone", "phone"], '"a" and "b" are both kept as Phone.'],
  [["phone", "ignore"], undefined],
] as [Target[], string | undefined][])("%j is told to be %j", (targets, fault) =>
  expect(mappingFault(["a", "b"], targets)).toBe(fault),
);
