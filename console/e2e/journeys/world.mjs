// What the journeys have in common: who there is, and what they look up.

import { ask, token } from "../api.mjs";

export const PASSWORD = "correct horse battery";
export const MANAGER = "ana@example.com";
export const AGENT = "maya@example.com";
/** Is picked up by somebody who presses nothing: the agent answers in the console. */
export const AGENT_PHONE = "+12125550190";
/** Pick up, and talk for as long as they are let. */
export const TALKERS = ["+12125550151", "+16175550152", "+14045550154", "+13125550155", "+12155550157"];

/** The desk of the agent, as the server has it. */
export async function desk(world) {
  world.agentToken ??= await token(world.base, AGENT, PASSWORD);
  return ask(world.base, world.agentToken, "GET", "/api/agents/me/desk");
}

/** The calls that are over, the last one first. */
export const closedCalls = (world) => world.api("GET", "/api/calls?open=false");
