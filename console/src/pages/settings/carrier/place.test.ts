import { expect, test } from "vitest";
import { placeOf, placeOptions, spaceOf, whereabouts } from "./place";

test.each([
  ["here", ""],
  ["twilio", ""],
  ["signalwire", "acme-sales"],
] as const)("%s is told and read alike", (place, space) => {
  const told = whereabouts(place, space, {});
  expect(placeOf(told)).toBe(place);
  expect(spaceOf(told) ?? "").toBe(space);
});

test("what a program has set is kept as it is, and offered only there", () => {
  const was = { api_base: "https://api.eu.twilio.com/2010-04-01", dialect: "twilio" };
  expect(placeOf(was)).toBe("other");
  expect(whereabouts("other", "", was)).toEqual(was);
  expect(placeOptions(was).map(({ value }) => value)).toContain("other");
  expect(placeOptions({}).map(({ value }) => value)).not.toContain("other");
});
