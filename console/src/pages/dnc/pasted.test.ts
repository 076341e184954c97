import { expect, test } from "vitest";
import { pastedNumbers, refusedNumber } from "./pasted";

test("numbers are read however they are divided, each once", () =>
  expect(pastedNumbers('+1 212 555 0142\r\n"+14155550107"; 0012125550142,\n\n')).toEqual({
    phones: ["+12125550142", "+14155550107"],
    repeated: 1,
    unread: [],
  }));

test("what is no number is told with its line", () =>
  expect(pastedNumbers("phone\n+12125550142\n2125550143").unread).toEqual([
    { line: 1, text: "phone" },
    { line: 3, text: "2125550143" },
  ]));

test("a refusal of one of many names it", () => {
  expect(refusedNumber("phones[1]", ["+1", "+2"])).toBe("+2");
  expect(refusedNumber("reason", ["+1"])).toBeUndefined();
});
