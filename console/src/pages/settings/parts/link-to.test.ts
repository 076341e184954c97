import { expect, test } from "vitest";
import { linkTo } from "./link-to";

test("a token stands in its link so that nothing of it is lost", () => {
  expect(linkTo("/invitation", "wli_a+b&c")).toMatch(/^http.*\/invitation\?token=wli_a%2Bb%26c$/);
});
