import { type RangeSearch, rangeSearch } from "@/url/range";
import { oneOf, type RawSearch, textOf } from "@/url/read";
import { type WordOf, wordsOf } from "@/words/words";

const TABS = ["overview", "calls", "settings"] as const;

export interface AgentsSearch {
  group_id?: string;
  presence?: WordOf<"presence">;
  state?: WordOf<"agentState">;
  name?: string;
}

export const agents = (raw: RawSearch): AgentsSearch => ({
  group_id: textOf(raw.group_id),
  presence: oneOf(raw.presence, wordsOf("presence")),
  state: oneOf(raw.state, wordsOf("agentState")),
  name: textOf(raw.name),
});

export type AgentTab = (typeof TABS)[number];

export const agent = (raw: RawSearch): RangeSearch & { tab?: AgentTab } => ({
  ...rangeSearch(raw),
  tab: oneOf(raw.tab, TABS),
});
