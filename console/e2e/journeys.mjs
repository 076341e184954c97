// What people do in the console, one after the other, in one installation.

import assert from "node:assert/strict";
import { ask, token } from "./api.mjs";
import { look, person, until } from "./steps.mjs";

const PASSWORD = "correct horse battery";
const MANAGER = "ana@example.com";
const AGENT = "maya@example.com";
/** Is picked up by somebody who presses nothing: the agent answers in the console. */
const AGENT_PHONE = "+12125550190";
/** Pick up, and talk for as long as they are let. */
const TALKERS = ["+12125550151", "+16175550152", "+14045550154", "+13125550155", "+12155550157"];
/** Always open, in a zone where it is allowed to call: the simulated clock begins on a Monday morning in New York. */
const HOURS = {
  time_zone: "America/New_York",
  opens: "08:00",
  closes: "21:00",
  days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
};

/** The first page of an empty installation sets up its first organisation, and nobody has a password before. */
async function setUp(browser, world) {
  const ana = await person(browser, world.base);
  await ana.page.goto("/");
  await ana.page.waitForURL("**/setup");
  await look(ana.page, "setup");
  await ana.page.getByLabel("Organisation").fill("Acme Freight");
  await ana.page.getByLabel("Your name").fill("Ana Lima");
  await ana.page.getByLabel("Email").fill(MANAGER);
  await ana.page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await ana.page.getByRole("button", { name: "Set up" }).click();
  await ana.page.getByRole("navigation").first().waitFor();
  assert.equal(new URL(ana.page.url()).pathname, "/");
  world.ana = ana;
  world.token = await token(world.base, MANAGER, PASSWORD);
}

/** What a campaign needs, made by the API: how it is made in the console is another journey. */
async function furnish(_browser, world) {
  const api = (method, path, body) => ask(world.base, world.token, method, path, body);
  const group = await api("POST", "/api/agent-groups", { name: "Sales" });
  const campaign = await api("POST", "/api/campaigns", {
    name: "Autumn",
    group_id: group.id,
    calling_window: HOURS,
    conduct: {
      ...DEFAULT_CONDUCT,
      wrap_up_s: 120,
      patience_s: 120,
      agent_ring_timeout_s: 20,
      accept_timeout_s: 15,
    },
    script: "Hello {{first_name}}, this is Acme Freight.",
  });
  for (const [index, phone] of TALKERS.entries()) {
    await api("POST", "/api/leads", {
      campaign_id: campaign.id,
      phone,
      first_name: "Iris",
      last_name: `Hall ${index}`,
    });
  }
  const invited = await api("POST", "/api/invitations", { email: AGENT, role: "agent" });
  world.invitation = invited.token;
  Object.assign(world, { api, group, campaign });
}

const DEFAULT_CONDUCT = {
  ring_timeout_s: 25,
  amd_timeout_s: 30,
  on_machine: { action: "hang_up" },
  apology: "We are sorry, nobody is free.",
  record: false,
};

/** An invitation leads to a login, and an agent to its desk. */
async function join(browser, world) {
  const maya = await person(browser, world.base);
  await maya.page.goto(`/invitation?token=${world.invitation}`);
  await maya.page.getByLabel("Your name").fill("Maya Brooks");
  await look(maya.page, "invitation");
  await maya.page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await maya.page.keyboard.press("Enter");
  await maya.page.waitForURL("**/desk");
  await look(maya.page, "desk-no-agent");
  const { data: users } = await world.api("GET", "/api/users");
  const user = users.find(({ email }) => email === AGENT);
  world.agent = await world.api("POST", "/api/agents", {
    name: "Maya Brooks",
    phone: AGENT_PHONE,
    group_ids: [world.group.id],
    user_id: user.id,
  });
  await maya.page.reload();
  await maya.page.getByRole("button", { name: "Available" }).waitFor();
  await look(maya.page, "desk-offline");
  world.maya = maya;
}

/** The calls that are over, the last one first. */
const calls = (world, query = "") => world.api("GET", `/api/calls?open=false${query}`);

/** Three calls by keyboard alone: one taken, written up and called back; one declined; one missed. */
async function takeCalls(_browser, world) {
  const { page } = world.maya;
  await page.getByRole("button", { name: "Available" }).focus();
  await page.keyboard.press("Enter");
  await world.api("POST", `/api/campaigns/${world.campaign.id}/start`, {});

  const offer = page.getByRole("region", { name: /^Offer: / });
  await offer.waitFor({ timeout: 60_000 });
  world.offerDelays = [await delayOfOffer(world)];
  await page.getByText("Accept").first().waitFor();
  await until("the offer can be accepted", () => page.getByRole("button", { name: /Accept/ }).isEnabled());
  await look(page, "desk-offer");
  await page.evaluate(() => document.activeElement?.blur?.());
  await page.keyboard.press("a");
  const notes = page.getByLabel("Notes");
  await notes.waitFor();
  await until("lead and agent are connected", async () => (await desk(world)).calls[0]?.stage === "on_call");
  await notes.fill("Wants an offer by Friday");
  await until("the notes are kept", async () => {
    const { data } = await world.api("GET", "/api/calls?open=true");
    const whole = data[0] && (await world.api("GET", `/api/calls/${data[0].id}`));
    return whole?.notes === "Wants an offer by Friday";
  });
  await look(page, "desk-call");

  // The network goes, and comes back: what is true is there again within two seconds.
  await world.maya.context.setOffline(true);
  await page.waitForTimeout(3000);
  await world.maya.context.setOffline(false);
  const began = Date.now();
  await page.reload();
  await page.getByLabel("Notes").waitFor();
  assert.equal(await page.getByLabel("Notes").inputValue(), "Wants an offer by Friday");
  world.restoredMs = Date.now() - began;

  await page.evaluate(() => document.activeElement?.blur?.());
  await page.keyboard.press("h");
  await page.keyboard.press("h");
  await page.getByRole("region", { name: "Result of the call" }).waitFor();
  await page.evaluate(() => document.activeElement?.blur?.());
  await page.keyboard.press("1");
  await page.getByLabel("Call them back at a time they asked for").focus();
  await page.keyboard.press("Space");
  await look(page, "desk-wrap-up");
  await page.keyboard.press("Control+Enter");
  const first = await until("the first call is over", async () => (await calls(world)).data[0]);
  assert.equal(first.disposition, "answered");
  const lead = await world.api("GET", `/api/leads/${first.lead_id}`);
  assert.equal(lead.status, "waiting", "the lead is called back");

  // The next one is declined, and nobody else is there: it waits and is offered again to nobody.
  await offer.waitFor({ timeout: 60_000 });
  world.offerDelays.push(await delayOfOffer(world));
  await until("the offer can be declined", () => page.getByRole("button", { name: /Decline/ }).isEnabled());
  await page.keyboard.press("d");
  await offer.waitFor({ state: "detached" });

  // The one after that is missed: the agent is told, and comes back by one key.
  await offer.waitFor({ timeout: 180_000 });
  world.offerDelays.push(await delayOfOffer(world));
  await until("nobody answers", async () => (await desk(world)).calls.length === 0, 120_000);
  assert.deepEqual(world.maya.complaints, []);
}

const desk = async (world) => {
  world.agentToken ??= await token(world.base, AGENT, PASSWORD);
  return ask(world.base, world.agentToken, "GET", "/api/agents/me/desk");
};

/** Milliseconds from the word that a person answered until now, when the offer is on the screen. */
async function delayOfOffer(world) {
  const seen = Date.now();
  const { calls: held, now } = await desk(world);
  const asked = Date.now();
  const call = await world.api("GET", `/api/calls/${held[0].id}`);
  const verdict = call.timeline.find(({ event }) => event === "verdict_reached");
  const skew = Date.parse(now) - asked;
  return seen + skew - Date.parse(verdict.at);
}

/** Every page of a manager: it stands, says nothing odd, asks nobody else, and anybody can use it. */
async function tour(_browser, world) {
  const { page, complaints } = world.ana;
  const call = (await calls(world)).data.at(-1);
  const settings = [
    "organisation",
    "users",
    "groups",
    "caller-ids",
    "carrier",
    "limits",
    "api-keys",
    "webhooks",
    "audit",
  ];
  const addresses = [
    ["dashboard", "/"],
    ["live", "/live"],
    ["campaigns", "/campaigns"],
    ["campaign-new", "/campaigns/new"],
    ["campaign", `/campaigns/${world.campaign.id}`],
    ["leads", "/leads"],
    ["lead", `/leads/${call.lead_id}`],
    ["imports", "/imports"],
    ["import-new", `/imports/new?campaign_id=${world.campaign.id}`],
    ["calls", "/calls"],
    ["call", `/calls/${call.id}`],
    ["agents", "/agents"],
    ["agent", `/agents/${world.agent.id}`],
    ["reports", "/reports"],
    ["dnc", "/dnc"],
    ["profile", "/profile"],
    ...settings.map((section) => [`settings-${section}`, `/settings/${section}`]),
  ];
  for (const [name, address] of addresses) {
    await page.goto(address);
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await look(page, name);
  }
  assert.deepEqual(complaints, []);
}

/** Every journey, in its order. */
export const journeys = [
  ["an empty installation is set up", setUp],
  ["a campaign is ready", furnish],
  ["an invited agent comes to its desk", join],
  ["an agent takes a call, declines one and leaves one unanswered, by keyboard", takeCalls],
  ["every page is looked at", tour],
];
