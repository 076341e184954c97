import assert from "node:assert/strict";
import Papa from "papaparse";
import { look, savedBy, until } from "../steps.mjs";

/** A call is looked up, with all that happened to it. */
export async function openTimeline(_browser, world) {
  const { page } = world.ana;
  await page.goto("/calls");
  await page
    .locator("tr", { hasText: "Answered" })
    .getByRole("link", { name: /Iris Hall|Grace Miller/ })
    .first()
    .click();
  await page.waitForURL(`**/calls/${world.taken.id}*`);
  await page.getByRole("heading", { level: 2, name: "Timeline" }).waitFor();
  await page.getByRole("switch", { name: /^Show everything/ }).click();
  const call = await world.api("GET", `/api/calls/${world.taken.id}`);
  const entries = page.getByRole("button", { name: "Show the raw entry" });
  await entries.nth(call.timeline.length - 1).waitFor();
  assert.equal(await entries.count(), call.timeline.length, "every entry of the journal is shown");
  await entries.first().click();
  await page.getByRole("button", { name: "Hide the raw entry" }).waitFor();
  await page.getByText("Wants an offer by Friday, not before ten").waitFor();
  await look(page, "call-timeline");
}

/** What is exported is what the API says. */
export async function exportReports(_browser, world) {
  const { page } = world.ana;
  await page.goto("/reports?by=disposition&range=all");
  await page.getByText("By result", { exact: true }).first().waitFor();
  const report = await savedBy(page, () => page.getByRole("button", { name: "Export CSV" }).click());
  const lines = Papa.parse(report.replace(/^\uFEFF/, ""), { skipEmptyLines: true }).data;
  const head = lines.findIndex(([first]) => first === "Result");
  const column = (name) => lines[head].indexOf(name);
  const figures = lines.slice(head + 1).map((line) => ({
    calls: Number(line[column("calls")]),
    talk_s: Number(line[column("talk_s")]),
    cost_usd: Number(line[column("cost_usd")]),
  }));
  const total = figures.pop();
  const told = await world.api("GET", "/api/calls/stats/by-disposition");
  const byCalls = (one, other) => other.calls - one.calls || other.talk_s - one.talk_s;
  assert.deepEqual(
    figures.toSorted(byCalls),
    told.data
      .map(({ calls, talk_s, cost_usd }) => ({ calls, talk_s, cost_usd: Number(cost_usd) }))
      .toSorted(byCalls),
  );
  const overview = await world.api("GET", "/api/calls/stats/overview");
  assert.equal(total.calls, overview.calls);

  await page.goto("/calls?range=all");
  await page.getByRole("heading", { level: 1, name: "Calls" }).waitFor();
  const rows = Papa.parse(
    await savedBy(page, () => page.getByRole("button", { name: "Export CSV" }).click()),
    {
      header: true,
      skipEmptyLines: true,
    },
  ).data;
  const { data: calls } = await world.api("GET", "/api/calls?limit=200");
  assert.deepEqual(
    rows.map(({ id, call_id }) => id ?? call_id).toSorted(),
    calls.map(({ id }) => id).toSorted(),
  );

  const { data: answered } = await world.api("GET", "/api/calls?disposition=answered");
  assert.ok(answered.length > 0 && answered.length < calls.length);
  await page.getByRole("combobox", { name: "Result" }).click();
  await page.getByRole("option", { name: "Answered", exact: true }).click();
  await page.waitForURL(/disposition=answered/);
  const listed = page.getByRole("table", { name: "Calls" }).locator("tbody tr");
  await until("only they are listed", async () => (await listed.count()) === answered.length);
  for (const [index, row] of (await listed.allInnerTexts()).entries()) {
    assert.match(row, /Answered/, `row ${index + 1}`);
  }
}

/** The figures of the first page are the API's. */
export async function readDashboard(_browser, world) {
  const { page } = world.ana;
  await page.goto("/?range=all");
  const overview = await world.api("GET", "/api/calls/stats/overview");
  const { data: results } = await world.api("GET", "/api/calls/stats/by-disposition");
  const tiles = page.getByRole("region", { name: "Key figures" });
  await tiles.getByText(`${overview.human} : ${overview.machine}`).waitFor();
  const shown = (await tiles.innerText()).split("\n").map((line) => line.trim());
  for (const figure of [overview.calls, overview.answered, overview.bridged].map(String)) {
    assert.ok(shown.includes(figure), `${figure} in ${shown}`);
  }
  const cost = shown.find((line) => /^\$[\d.,]+$/.test(line));
  assert.ok(Math.abs(Number(cost?.slice(1)) - Number(overview.cost_usd)) < 0.005, `${cost}`);
  await page.getByRole("heading", { name: "Results" }).waitFor();
  for (const { calls } of results) {
    await page
      .getByText(new RegExp(`^${calls} · `))
      .first()
      .waitFor();
  }
}
