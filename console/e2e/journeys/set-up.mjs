import assert from "node:assert/strict";
import { ask, token } from "../api.mjs";
import { look, person } from "../steps.mjs";
import { wire } from "../wire.mjs";
import { AGENT, AGENT_PHONE, MANAGER, PASSWORD } from "./world.mjs";

/** The first page of an empty installation sets up its first organisation, and nobody has a password before. */
export async function setUp(browser, world) {
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
  world.api = (method, path, body) => ask(world.base, world.token, method, path, body);
}

/** An invitation leads to a login, and an agent to its desk. The agent's network can be cut. */
export async function join(browser, world) {
  const invited = await world.api("POST", "/api/invitations", { email: AGENT, role: "agent" });
  world.wire = await wire(world.base);
  const maya = await person(browser, world.wire.base);
  await maya.page.goto(`/invitation?token=${invited.token}`);
  await maya.page.getByLabel("Your name").fill("Maya Brooks");
  await look(maya.page, "invitation");
  await maya.page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await maya.page.keyboard.press("Enter");
  await maya.page.waitForURL("**/desk");
  await maya.page.getByRole("heading", { level: 1, name: "Desk" }).waitFor();
  await look(maya.page, "desk-no-agent");
  const { data: users } = await world.api("GET", "/api/users");
  const user = users.find(({ email }) => email === AGENT);
  world.agent = await world.api("POST", "/api/agents", {
    name: "Maya Brooks",
    phone: AGENT_PHONE,
    group_ids: [world.campaign.group_id],
    user_id: user.id,
  });
  await maya.page.reload();
  await maya.page.getByRole("button", { name: "Available" }).waitFor();
  await look(maya.page, "desk-offline");
  world.maya = maya;
}
