import { expect, test } from "vitest";
import type { Agent, Board, Call } from "./board";
import { agentsOf, callsOf, countByState, grouped } from "./floor";

const row = (id: string, state: "a" | "b", since: string) => ({ id, state, since });

test("rows are grouped by state, those that are longest in it first", () => {
  const rows = [row("1", "b", "15:02"), row("2", "a", "15:03"), row("3", "b", "15:01")];
  const shown = grouped(rows, ["a", "b"] as const).map((line) =>
    line.kind === "group" ? `${line.state}: ${line.count}` : line.row.id,
  );
  expect(shown).toEqual(["a: 1", "2", "b: 2", "3", "1"]);
  expect(grouped(rows, ["a", "b"] as const, "a")).toHaveLength(2);
  expect(countByState(rows).get("b")).toBe(2);
});

test("a campaign's agents are those of its group, a group's calls those of its campaigns", () => {
  const board = {
    agents: new Map([
      ["agt_1", { id: "agt_1", group_ids: ["grp_1"] } as Agent],
      ["agt_2", { id: "agt_2", group_ids: ["grp_2"] } as Agent],
    ]),
    calls: new Map([
      ["call_1", { id: "call_1", campaign_id: "cmp_1" } as Call],
      ["call_2", { id: "call_2", campaign_id: "cmp_2" } as Call],
    ]),
  } as unknown as Board;
  const groupOf = new Map([
    ["cmp_1", "grp_1"],
    ["cmp_2", "grp_2"],
  ]);
  const ids = (rows: { id: string }[]) => rows.map(({ id }) => id);
  expect(ids(agentsOf(board, { campaign_id: "cmp_2" }, groupOf))).toEqual(["agt_2"]);
  expect(ids(callsOf(board, { group_id: "grp_1" }, groupOf))).toEqual(["call_1"]);
  expect(ids(callsOf(board, {}, groupOf))).toHaveLength(2);
});
