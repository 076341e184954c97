import assert from "node:assert/strict";
import { look, tabTo, until } from "../steps.mjs";
import { pauseCampaign, startCampaign } from "./campaign.mjs";
import { closedCalls, desk } from "./world.mjs";

/**
 * Three calls by keyboard alone, one taken, written up and called back; one declined; one missed. The manager starts
 * the campaign and looks on from the live board.
 */
export async function takeCalls(_browser, world) {
  const { page } = world.maya;
  await tabTo(page, page.getByRole("button", { name: "Available" }));
  await page.keyboard.press("Enter");
  await startCampaign(world);
  await world.ana.page.goto("/live");
  await takeOne(world, page);
  await declineOne(world, page);
  await missOne(world, page);
  assert.deepEqual(world.maya.complaints, []);
}

/** Waits until the board says it of the agent, without anybody touching it. */
const boardShows = (world, state) =>
  world.ana.page.locator("tr", { hasText: "Maya Brooks" }).getByText(state, { exact: true }).waitFor();

async function offered(world, page) {
  const offer = page.getByRole("region", { name: /^Offer: / });
  const [seen] = await Promise.all([offerPainted(page), offer.waitFor({ timeout: 180_000 })]);
  world.offerDelays.push(await delayOfOffer(world, seen));
  return offer;
}

async function takeOne(world, page) {
  await offered(world, page);
  await until("the offer can be accepted", () => page.getByRole("button", { name: /Accept/ }).isEnabled());
  await look(page, "desk-offer");
  await page.keyboard.press("a");
  const notes = page.getByLabel("Notes");
  await notes.waitFor();
  await until("lead and agent are connected", async () => (await desk(world)).calls[0]?.stage === "on_call");
  await boardShows(world, "On a call");
  await look(world.ana.page, "live-on-call");
  await page.keyboard.press("n");
  await page.keyboard.type("Wants an offer by Friday");
  const { data } = await world.api("GET", "/api/calls?open=true&state=bridged");
  await until("the notes are kept", async () => {
    return (await world.api("GET", `/api/calls/${data[0].id}`)).notes === "Wants an offer by Friday";
  });
  await look(page, "desk-call");
  await page.keyboard.press("Tab");
  await page.keyboard.press("o");
  const held = page.getByText("On hold: they hear music, and you do not hear them");
  await held.waitFor();
  await page.keyboard.press("o");
  await held.waitFor({ state: "detached" });
  await page.keyboard.press("n");
  await loseTheNetwork(world, page);

  await page.keyboard.press("Tab");
  await page.keyboard.press("h");
  await page.keyboard.press("h");
  await page.getByRole("region", { name: "Result of the call" }).waitFor();
  await boardShows(world, "Wrap-up");
  await page.keyboard.press("1");
  await tabTo(page, page.getByLabel("Call them back at a time they asked for"));
  await page.keyboard.press("Space");
  await look(page, "desk-wrap-up");
  await page.keyboard.press("Control+Enter");
  const first = await until("the first call is over", async () => (await closedCalls(world)).data[0]);
  assert.equal(first.disposition, "answered");
  const lead = await world.api("GET", `/api/leads/${first.lead_id}`);
  assert.equal(lead.status, "waiting", "the lead is called back");
  world.taken = first;
}

/** The network goes and comes back in the middle of a call: what is true is there again, and nothing that was typed is lost. */
async function loseTheNetwork(world, page) {
  await world.maya.context.setOffline(true);
  world.wire.cut();
  await page.getByText("Reconnecting", { exact: true }).first().waitFor();
  await page.keyboard.press("End");
  await page.keyboard.type(", not before ten");
  await page.waitForTimeout(3000);
  world.wire.mend();
  await world.maya.context.setOffline(false);
  const began = Date.now();
  await page.getByRole("status").getByText("Live", { exact: true }).waitFor();
  await page.getByText("Reconnecting", { exact: true }).first().waitFor({ state: "detached" });
  world.restoredMs = Date.now() - began;
  assert.equal(await page.getByLabel("Notes").inputValue(), "Wants an offer by Friday, not before ten");
  await until("what was typed without a network is kept", async () => {
    return (await desk(world)).calls[0]?.notes === "Wants an offer by Friday, not before ten";
  });
}

async function declineOne(world, page) {
  const offer = await offered(world, page);
  await until("the offer can be declined", () => page.getByRole("button", { name: /Decline/ }).isEnabled());
  await page.keyboard.press("d");
  await offer.waitFor({ state: "detached" });
}

/** An agent who does not answer is told, gets no further calls, and comes back by one key. */
async function missOne(world, page) {
  await offered(world, page);
  const banner = page.getByRole("alert").filter({ hasText: "You missed a call" });
  await banner.waitFor({ timeout: 120_000 });
  await look(page, "desk-missed");
  await boardShows(world, "Break");
  await pauseCampaign(world);
  await endOpenCalls(world);
  await tabTo(page, page.getByRole("button", { name: "I am back" }));
  await page.keyboard.press("Enter");
  await banner.waitFor({ state: "detached" });
  const { agent } = await desk(world);
  assert.equal(agent.presence, "available");
}

/** Whoever still waits for an agent is let go from the board. */
async function endOpenCalls(world) {
  const { page } = world.ana;
  await page.goto("/live?view=calls");
  const open = async () => (await world.api("GET", "/api/calls?open=true")).data.length;
  for (let left = await open(); left > 0; left = await open()) {
    const buttons = page.getByRole("button", { name: /^End the call with/ });
    await buttons.first().click();
    await page.getByRole("button", { name: "End call", exact: true }).click();
    await page.getByRole("alertdialog").waitFor({ state: "detached" });
    await until("a call less is open", async () => (await open()) < left);
  }
}

/** When an offer is on the screen. The page tells, since a look from outside comes up to half a second later. */
function offerPainted(page) {
  return page.evaluate(
    () =>
      new Promise((painted) => {
        const watcher = new MutationObserver(look);
        watcher.observe(document.body, { childList: true, subtree: true });
        look();
        function look() {
          if (!document.querySelector('[aria-label^="Offer: "]')) return;
          watcher.disconnect();
          // The frame that comes after the one it is drawn in.
          requestAnimationFrame(() => requestAnimationFrame(() => painted(Date.now())));
        }
      }),
  );
}

/** Milliseconds from the word that a person answered until the offer was seen. */
async function delayOfOffer(world, seen) {
  const { calls: held, now } = await desk(world);
  const asked = Date.now();
  const call = await world.api("GET", `/api/calls/${held[0].id}`);
  const verdict = call.timeline.find(({ event }) => event === "verdict_reached");
  const skew = Date.parse(now) - asked;
  return seen + skew - Date.parse(verdict.at);
}
