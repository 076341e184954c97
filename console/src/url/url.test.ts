import { expect, test } from "vitest";
import { tenantsNamed } from "@/auth/several-tenants";
import { wantedPath } from "@/auth/wanted";
import { rangeOf, rangeSearch } from "./range";
import { flagOf, oneOf, textOf } from "./read";

test("what does not fit is left out", () => {
  expect(oneOf("active", ["draft", "active"])).toBe("active");
  expect(oneOf("gone", ["draft", "active"])).toBeUndefined();
  expect(textOf(42)).toBe("42");
  expect(textOf("  ")).toBeUndefined();
  expect(flagOf("true")).toBe(true);
  expect(rangeSearch({ range: "never", from: "not a time" })).toEqual({});
});

test("presets begin at midnight on the viewer's clock", () => {
  const now = new Date(2026, 10, 23, 15, 4);
  expect(rangeOf({}, now)).toEqual({ from: new Date(2026, 10, 23).toISOString() });
  expect(rangeOf({ range: "yesterday" }, now)).toEqual({
    from: new Date(2026, 10, 22).toISOString(),
    to: new Date(2026, 10, 23).toISOString(),
  });
  expect(rangeOf({ range: "7d" }, now)).toEqual({ from: new Date(2026, 10, 17).toISOString() });
  expect(rangeOf({ range: "7d", from: "2026-01-01T00:00:00Z" }, now)).toEqual({
    from: "2026-01-01T00:00:00Z",
  });
});

test.each([
  ["/campaigns?status=active", "/campaigns?status=active"],
  ["//evil.example", undefined],
  ["/\\evil.example", undefined],
  ["https://evil.example", undefined],
  ["/login?next=/", undefined],
])("after logging in, %s leads to %s", (next, path) => expect(wantedPath(next)).toBe(path));

test("organisations are read from the refusal", () => {
  const detail = "name the organisation as tenant_id: tnt_1a (Demo Freight (EU)), tnt_2b (Acme, Inc.)";
  expect(tenantsNamed(detail)).toEqual([
    { id: "tnt_1a", name: "Demo Freight (EU)" },
    { id: "tnt_2b", name: "Acme, Inc." },
  ]);
});
