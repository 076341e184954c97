import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { look, savedBy, until } from "../steps.mjs";
import { TALKERS } from "./world.mjs";

const SAMPLE = join(import.meta.dirname, "../../../sample_leads.csv");

/** A campaign is made, and set as its manager wants it. */
export async function makeCampaign(_browser, world) {
  const { page } = world.ana;
  await page.goto("/campaigns");
  await page.getByRole("heading", { level: 1, name: "Campaigns" }).waitFor();
  await page.keyboard.press("n");
  await page.waitForURL("**/campaigns/new");
  await page.getByRole("textbox", { name: "Name" }).fill("Autumn");
  await page.getByRole("button", { name: "New group" }).click();
  const dialog = page.getByRole("dialog", { name: "New agent group" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("Sales");
  await dialog.getByRole("button", { name: "Create group" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("textbox", { name: "Caller id" }).fill("+1 212 555 0100");
  // The simulated clock begins on a Monday morning in New York.
  await page.getByRole("combobox", { name: "Time zone" }).click();
  await page.getByRole("combobox", { name: "Type to search" }).fill("New York");
  await page.keyboard.press("Enter");
  await page.getByLabel("Opens").fill("08:00");
  await page.getByLabel("Closes").fill("21:00");
  await page.getByRole("button", { name: "Create draft" }).click();
  await page.getByRole("heading", { level: 1, name: "Autumn" }).waitFor();
  await page.getByText("Next: upload the leads").waitFor();

  await page.getByRole("tab", { name: "Settings" }).click();
  await page.getByLabel("Wrap-up, seconds").fill("120");
  await page.getByLabel("A person waits for an agent, seconds").fill("60");
  await page.getByLabel("Accepts within, seconds").fill("15");
  await page.getByRole("radio", { name: /^Hang up/ }).click();
  await page.getByLabel("Script").fill("Hello {{first_name}}, this is Acme Freight.");
  await page.getByLabel("First date").fill("2026-01-05");
  await page.getByLabel("Last date").fill("2035-12-31");
  await page.getByLabel("Calls to one lead at most").fill("4");
  await page.getByLabel("Minutes before calling again").fill("90");
  await page.getByRole("checkbox", { name: /^Busy/ }).click();
  await page.getByRole("checkbox", { name: /^Record conversations/ }).click();
  await look(page, "campaign-settings");
  await saveSettings(page);

  const { data: campaigns } = await world.api("GET", "/api/campaigns");
  assert.equal(campaigns.length, 1);
  [world.campaign] = campaigns;
  const { conduct, calling_window, cadence, caller_id, status } = world.campaign;
  assert.equal(status, "draft");
  assert.equal(caller_id, "+12125550100");
  const { time_zone, opens, closes, starts_on, ends_on } = calling_window;
  assert.deepEqual([time_zone, opens, closes], ["America/New_York", "08:00", "21:00"]);
  assert.deepEqual([starts_on, ends_on], ["2026-01-05", "2035-12-31"]);
  assert.deepEqual([conduct.wrap_up_s, conduct.patience_s, conduct.accept_timeout_s], [120, 60, 15]);
  assert.equal(conduct.on_machine.action, "hang_up");
  assert.deepEqual([cadence.max_attempts, cadence.retry_delay_min], [4, 90]);
  assert.deepEqual(
    [cadence.retry_on.includes("busy"), cadence.retry_on.includes("no_answer")],
    [false, true],
  );
  assert.equal(conduct.record, false);
  await switchDetection(world);
}

/** Detection of machines is switched off, and on again. */
async function switchDetection(world) {
  const { page } = world.ana;
  const limit = async () =>
    (await world.api("GET", `/api/campaigns/${world.campaign.id}`)).conduct.amd_timeout_s;
  assert.equal(await limit(), 30);
  for (const expected of [null, 30]) {
    await page.getByRole("checkbox", { name: /^Detect answering machines/ }).click();
    await saveSettings(page);
    assert.equal(await limit(), expected);
  }
}

async function saveSettings(page) {
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.getByRole("button", { name: "Save changes" }).waitFor({ state: "detached" });
}

/** The sample is dropped with a column whose name says nothing; first to be checked, then for real. */
export async function uploadLeads(_browser, world) {
  const { page } = world.ana;
  const sample = readFileSync(SAMPLE, "utf8").replace(/^(.*),notes\n/, "$1,what we know\n");
  const talkers = TALKERS.map((phone, index) => `Iris,Hall ${index},${phone},US,shipper,urgent,false,\n`);
  await page.goto(`/campaigns/${world.campaign.id}`);
  await page.getByRole("link", { name: "Upload leads" }).first().click();
  await page.waitForURL("**/imports/new?**");
  const template = await savedBy(page, () =>
    page.getByRole("button", { name: "Download a template" }).click(),
  );
  assert.match(template, /^\uFEFF?first_name,last_name,phone,/);
  const dragged = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], "leads.csv", { type: "text/csv" }));
    return transfer;
  }, sample + talkers.join(""));
  await page.getByText("Drop a CSV file here").dispatchEvent("drop", { dataTransfer: dragged });
  await page.getByText("3. Preview").waitFor();
  const column = page.getByRole("combobox", { name: "Use what we know as" });
  await column.click();
  await page.getByRole("option", { name: "Notes", exact: true }).click();
  assert.equal(await column.innerText(), "Notes");
  await look(page, "import-mapping");
  await page.getByRole("button", { name: "Check all rows first" }).click();
  await page.getByRole("link", { name: "Import for real" }).waitFor();
  await look(page, "import-checked");
  assert.equal((await world.api("GET", "/api/leads")).data.length, 0, "a check stores nothing");

  await page.getByRole("link", { name: "Import for real" }).click();
  await page.getByRole("button", { name: "Import leads" }).click();
  await page.getByText("Finished, but not with every row").waitFor();
  await look(page, "import");
  const { data: imports } = await world.api("GET", "/api/imports");
  const { counts } = imports.find(({ dry_run }) => !dry_run);
  assert.equal(counts.rows, 30 + TALKERS.length);
  assert.equal(counts.valid + counts.invalid + counts.duplicate + counts.do_not_call, counts.rows);
  assert.deepEqual([counts.invalid, counts.duplicate, counts.do_not_call], [2, 1, 1]);
  const figures = await page.locator("dl dd.text-xl").allInnerTexts();
  const shown = [counts.rows, counts.valid, counts.do_not_call, counts.duplicate, counts.invalid];
  assert.deepEqual(figures.slice(0, 5), shown.map(String));
  const rejects = await savedBy(page, () => page.getByRole("button", { name: "Rejected rows" }).click());
  assert.match(rejects, /555-0122/);
  await page
    .getByRole("cell", { name: /555-0122/ })
    .first()
    .waitFor();

  await page.getByRole("link", { name: "See the leads" }).click();
  await page.getByRole("searchbox").fill("Sara");
  await page.getByRole("link", { name: "Sara Ahmed" }).click();
  await page.getByText("VIP customer").first().waitFor();
}

/** A campaign is started after a look at what it needs. */
export async function startCampaign(world) {
  const { page } = world.ana;
  await page.goto(`/campaigns/${world.campaign.id}`);
  await page.getByText("Next: start it").waitFor();
  await page.getByRole("button", { name: "Start" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Start Autumn?" });
  await dialog.getByRole("button", { name: "Start campaign" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Pause" }).waitFor();
}

/** A campaign is paused from its page. */
export async function pauseCampaign(world) {
  const { page } = world.ana;
  await page.goto(`/campaigns/${world.campaign.id}`);
  await page.getByRole("button", { name: "Pause" }).click();
  await until("the campaign is paused", async () => {
    return (await world.api("GET", `/api/campaigns/${world.campaign.id}`)).status === "paused";
  });
}
