import { expect, test } from "vitest";
import { e164Of } from "./e164";

test.each([
  ["+1 (212) 555-0142", "+12125550142"],
  ["0049 30 1234567", "+49301234567"],
  [" +44.20/7946 0123 ", "+442079460123"],
])("%s is understood", (text, number) => expect(e164Of(text)).toBe(number));

test.each(["2125550142", "+0123456789", "+1", "call me", ""])("%j is no number with its country", (text) =>
  expect(e164Of(text)).toBeUndefined(),
);
