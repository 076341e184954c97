import { expect, test } from "vitest";
import { soughtOf } from "./sought";

test.each([
  ["", {}],
  ["  ", {}],
  ["Sara Ahmed", { search: "Sara Ahmed" }],
  ["sara@example.com", { search: "sara@example.com" }],
  ["555", { search: "555" }],
  ["+1 (212) 555-0142", { phone: "+12125550142" }],
  ["212.555.0142", { phone: "+12125550142" }],
  ["12125550142", { phone: "+12125550142" }],
  ["0044 7700 900123", { phone: "+447700900123" }],
])("%j looks for %j", (text, sought) => expect(soughtOf(text)).toEqual(sought));
