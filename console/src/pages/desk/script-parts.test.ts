import { expect, test } from "vitest";
import type { Schema } from "@/api/types";
import { knownOf, scriptParts } from "./script-parts";

const lead: Schema<"Lead"> = {
  id: "lead_1",
  campaign_id: "cmp_1",
  first_name: "Sara",
  last_name: "Ahmed",
  phone: "+14155550171",
  time_zones: ["America/Los_Angeles"],
  priority: "normal",
  custom: { company: "Ahmed Freight", trucks: 12, last_order: null } as object as Schema<"Lead">["custom"],
  status: "in_call",
  attempts: 1,
  created_at: "2026-11-23T15:00:00Z",
};
const known = knownOf(lead, { agent: "Maya Brooks", campaign: "Autumn brokers" });
const filled = (script: string) => scriptParts(script, known).map(({ text }) => text);

test("placeholders are filled from the lead, its custom fields, the agent and the campaign", () => {
  expect(filled("Hi {{first_name}}, {{agent_name}} here.").join("")).toBe("Hi Sara, Maya Brooks here.");
  expect(filled("{{ name }} of {{custom.company}} ({{trucks}} trucks)").join("")).toBe(
    "Sara Ahmed of Ahmed Freight (12 trucks)",
  );
  expect(filled("{{First Name}} {{lead.lastName}}").join("")).toBe("Sara Ahmed");
});

test("what nothing is known for stays as a gap that can be read", () => {
  expect(scriptParts("Your {{last_order}}?", known)).toEqual([
    { text: "Your ", kind: "plain" },
    { text: "last order", kind: "gap" },
    { text: "?", kind: "plain" },
  ]);
});

test("everything else is left as it is", () => {
  expect(filled("{first_name} {{}} <b>\nline")).toEqual(["{first_name} {{}} <b>\nline"]);
  expect(filled("")).toEqual([]);
});
