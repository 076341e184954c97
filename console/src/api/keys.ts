/**
 * The first word of every query key. What is live is refetched by it (`src/live/touches.ts`), so a key that begins with
 * another word stays as it is: `[keys.leads, "list", filters]`, `[keys.leads, "one", leadId]`.
 */
export const keys = {
  campaigns: "campaigns",
  leads: "leads",
  calls: "calls",
  agents: "agents",
  groups: "groups",
  imports: "imports",
  dnc: "dnc",
  stats: "stats",
  board: "board",
  desk: "desk",
  settings: "settings",
  me: "me",
} as const;

export type KeyRoot = (typeof keys)[keyof typeof keys];
