import { expect, test } from "vitest";
import { type AgentForm, bodyOf, checkAgent, emptyAgent } from "./agent-form";

const maya: AgentForm = {
  ...emptyAgent("America/New_York", ["grp_1"]),
  name: " Maya Brooks ",
  phone: "+1 (212) 555-0150",
};
const but = (part: Partial<AgentForm>): AgentForm => ({ ...maya, ...part });

test("an agent without hours may be called at any time", () =>
  expect(bodyOf(maya)).toEqual({
    name: "Maya Brooks",
    phone: "+12125550150",
    reach: "phone",
    group_ids: ["grp_1"],
    max_concurrent_calls: 1,
    working_hours: null,
    user_id: null,
  }));

test("where an agent takes calls is kept", () =>
  expect(bodyOf(but({ reach: "browser" })).reach).toBe("browser"));

test.each<[keyof AgentForm, Partial<AgentForm>]>([
  ["name", { name: " " }],
  ["phone", { phone: "client:maya" }],
  ["phone", { phone: "2125550150" }],
  ["max_concurrent_calls", { max_concurrent_calls: "21" }],
  ["hours", { hasHours: true, hours: { ...maya.hours, days: [] } }],
])("%s is told when it is wrong: %j", (field, part) =>
  expect(Object.keys(checkAgent(but(part)))).toEqual([field]),
);
