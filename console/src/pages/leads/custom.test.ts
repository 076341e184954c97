import { expect, test } from "vitest";
import { customOf, customTextsOf, repeatedName } from "./custom";

const was = { fleet: 12, insured: true, lane: "CHI-DAL", none: null };
const text = (name: string, value: string) => ({ key: name, name, value });

test("what nobody changed keeps its kind", () => {
  expect(customOf(customTextsOf(was), was)).toEqual(was);
});

test("what is changed is a text, and what is taken out is gone", () => {
  expect(customOf([text("fleet", "13"), text(" new ", "x"), text("", "y")], was)).toEqual({
    fleet: "13",
    new: "x",
  });
});

test("a name that stands twice is told", () => {
  expect(repeatedName([text("a", "1"), text("b", "2"), text(" a", "3")])).toBe("a");
  expect(repeatedName([text("", "1"), text("", "2")])).toBeUndefined();
});
