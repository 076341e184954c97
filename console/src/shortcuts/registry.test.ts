import { expect, test } from "vitest";
import { pressOf, Registry, type Shortcut } from "./registry";

const shortcut = (keys: string, more: Partial<Shortcut> = {}): Shortcut => ({
  keys,
  label: keys,
  group: "Test",
  run: () => undefined,
  ...more,
});

function pressed(registry: Registry, presses: string[], gapMs = 100, isTyping = false) {
  return presses.map((press, index) => registry.press(press, (index + 1) * gapMs, isTyping)?.keys);
}

test("keys one after the other", () => {
  const registry = new Registry();
  registry.add([shortcut("g c"), shortcut("c")]);
  expect(pressed(registry, ["g", "c", "c"])).toEqual([undefined, "g c", "c"]);
});

test("a long pause breaks a sequence off", () => {
  const registry = new Registry();
  registry.add([shortcut("g c")]);
  expect(pressed(registry, ["g", "c"], 1500)).toEqual([undefined, undefined]);
});

test("while typing only what was meant to be heard", () => {
  const registry = new Registry();
  registry.add([shortcut("j"), shortcut("mod+k"), shortcut("escape", { whileTyping: true })]);
  expect(pressed(registry, ["j", "mod+k", "escape"], 100, true)).toEqual([undefined, "mod+k", "escape"]);
});

test("what came last is meant, until it goes", () => {
  const registry = new Registry();
  registry.add([shortcut("j", { label: "page" })]);
  const remove = registry.add([shortcut("j", { label: "table" })]);
  expect(registry.press("j", 0, false)?.label).toBe("table");
  remove();
  expect(registry.press("j", 0, false)?.label).toBe("page");
});

test("names of presses", () => {
  const bare = { metaKey: false, ctrlKey: false, altKey: false };
  expect(pressOf({ ...bare, key: "?" })).toBe("?");
  expect(pressOf({ ...bare, key: "Enter" })).toBe("enter");
  expect(pressOf({ ...bare, key: "K", metaKey: true })).toBe("mod+k");
  expect(pressOf({ ...bare, key: " " })).toBe("space");
});
