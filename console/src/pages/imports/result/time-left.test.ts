import { expect, test } from "vitest";
import { secondsLeft } from "./time-left";

test.each([
  [1000, 100, 25, 30],
  [1000, 100, 100, 0],
  [10, 100, 0.2, undefined],
  [0, 0, 25, undefined],
])("after %d rows at %d a second, with %d %% read, %s seconds are left", (rows, perS, percent, left) =>
  expect(secondsLeft(rows, perS, percent)).toBe(left),
);
