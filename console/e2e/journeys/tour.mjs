import assert from "node:assert/strict";
import { look, person } from "../steps.mjs";
import { closedCalls } from "./world.mjs";

const SETTINGS = [
  "organisation",
  "users",
  "groups",
  "caller-ids",
  "audio",
  "carrier",
  "limits",
  "api-keys",
  "webhooks",
  "audit",
];

/** Every page of a manager: it stands, says nothing odd, asks nobody else, and anybody can use it. */
export async function tour(_browser, world) {
  const { page, complaints } = world.ana;
  const call = (await closedCalls(world)).data.at(-1);
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
    ...SETTINGS.map((section) => [`settings-${section}`, `/settings/${section}`]),
  ];
  for (const [name, address] of addresses) {
    await page.goto(address);
    await look(page, name);
  }
  assert.deepEqual(complaints, []);
}

/** In front of the login, too. */
export async function tourOutside(browser, world) {
  const stranger = await person(browser, world.base);
  for (const [name, address] of [
    ["login", "/login"],
    ["reset-password", "/reset-password?token=gone"],
    ["invitation-gone", "/invitation?token=gone"],
    ["not-found", "/nowhere"],
  ]) {
    await stranger.page.goto(address);
    await look(stranger.page, name);
  }
  assert.deepEqual(stranger.complaints, []);
}
