import { expect, test } from "vitest";
import { csvCell, csvText } from "./csv";
import { reportCsv, rowsOf, sorted } from "./rows";

test.each([
  ["=1+1", "'=1+1"],
  ["+12125550142", "'+12125550142"],
  ["-2", "'-2"],
  ["@cmd", "'@cmd"],
  ["\tx", "'\tx"],
  ["\rx", `"'\rx"`],
  ['=HYPERLINK("x","y")', `"'=HYPERLINK(""x"",""y"")"`],
  ["Park, Lee", '"Park, Lee"'],
  ['the "best"', '"the ""best"""'],
  ["two\nlines", '"two\nlines"'],
  ["plain = text", "plain = text"],
  ["", ""],
  [null, ""],
  [undefined, ""],
  // Numbers are ours, and no formulas.
  [-2, "-2"],
  [0.0213, "0.0213"],
])("the cell of %j is %j", (value, cell) => expect(csvCell(value)).toBe(cell));

test("rows end as RFC 4180 says", () => expect(csvText([["a", 1], [], ["b"]])).toBe("a,1\r\n\r\nb\r\n"));

const figures = (calls: number, bridged: number, cost = "1.50") => ({
  calls,
  open: 0,
  attempts: calls,
  answered: bridged,
  human: bridged,
  machine: 0,
  bridged,
  abandoned: 0,
  abandon_rate: bridged > 0 ? 0 : null,
  talk_s: bridged * 60,
  talk_avg_s: bridged > 0 ? 60 : null,
  wait_avg_s: bridged > 0 ? 2.5 : null,
  cost_usd: cost,
});

const names = new Map([
  ["cmp_1", "Autumn"],
  ["cmp_2", "=Renewals"],
]);
const now = [
  { ...figures(10, 0), campaign_id: "cmp_1" },
  { ...figures(30, 4), campaign_id: "cmp_2" },
];
const before = [
  { ...figures(20, 2), campaign_id: "cmp_2" },
  { ...figures(5, 5), campaign_id: "cmp_3" },
];

test("lines with names, and what was there only before", () => {
  const rows = rowsOf("campaign", now, before, names);
  expect(rows.map(({ label, figures, before }) => [label, figures.calls, before?.calls])).toEqual([
    ["Autumn", 10, 0],
    ["=Renewals", 30, 20],
    ["cmp_3", 0, 5],
  ]);
});

test("without a comparison nothing is compared", () => {
  const [row] = rowsOf("campaign", now, undefined, names);
  expect(row?.before).toBeUndefined();
});

test("in order, lines without a value last", () => {
  const rows = rowsOf("campaign", now, before, names);
  const order = (sort: Parameters<typeof sorted>[2]) =>
    sorted(rows, "campaign", sort).map(({ label }) => label);
  expect(order("-calls")).toEqual(["=Renewals", "Autumn", "cmp_3"]);
  expect(order("-talk_avg_s")[0]).toBe("=Renewals");
  expect(order("talk_avg_s")[0]).toBe("=Renewals");
  expect(order("label")[0]).toBe("=Renewals");
});

test("hours in the order of the day", () => {
  const hours = [10, 9].map((hour) => ({ ...figures(1, 0), hour }));
  expect(sorted(rowsOf("hour", hours, undefined, names), "hour", "label").map(({ label }) => label)).toEqual([
    "09:00",
    "10:00",
  ]);
});

test("the file says what it is of, and holds what is shown", () => {
  const heading = {
    by: "campaign",
    campaign: "All campaigns",
    from: "2026-11-17 00:00",
    to: "2026-11-23 12:00",
    before: { from: "2026-11-10 00:00", to: "2026-11-16 12:00" },
    timeZone: "America/New_York",
  };
  const lines = reportCsv(heading, "Campaign", rowsOf("campaign", now, before, names)).split("\r\n");
  expect(lines.slice(0, 8)).toEqual([
    "Report,Calls by campaign",
    "Campaign,All campaigns",
    "From,2026-11-17 00:00",
    "To,2026-11-23 12:00",
    "Compared with,2026-11-10 00:00,2026-11-16 12:00",
    "Time zone,America/New_York",
    "",
    "Campaign,calls,calls_before,attempts,attempts_before,answered,answered_before,human,human_before,machine,machine_before,bridged,bridged_before,abandoned,abandoned_before,abandon_rate,abandon_rate_before,talk_avg_s,talk_avg_s_before,wait_avg_s,wait_avg_s_before,talk_s,talk_s_before,cost_usd,cost_usd_before",
  ]);
  expect(lines[9]).toBe("'=Renewals,30,20,30,20,4,2,4,2,0,0,4,2,0,0,0,0,60,60,2.5,2.5,240,120,1.5,1.5");
});
