import type { Schema } from "@/api/types";

export type Scope = Schema<"ScopeWord">;

/** What a key may do, in words. */
export const scopeWords: Record<Scope, string> = {
  "campaigns:read": "See campaigns and limits",
  "campaigns:write": "Make, change, start and stop campaigns",
  "leads:read": "See leads and imports",
  "leads:write": "Make, change and upload leads",
  "dnc:read": "See and check the do-not-call list",
  "dnc:write": "Change the do-not-call list",
  "calls:read": "See calls and statistics",
  "calls:write": "Take, end and write up calls",
  "agents:read": "See agents and groups",
  "agents:write": "Make and change agents and groups",
  "events:read": "Read what happens, as it happens",
  "settings:read": "See caller ids and the carrier",
  "settings:write": "See and change webhooks",
};

/** The scopes in the order in which they are offered. */
export const scopes = Object.keys(scopeWords) as Scope[];
