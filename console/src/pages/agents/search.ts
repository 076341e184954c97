import { type RangeSearch, rangeSearch } from "@/url/range";
import { oneOf, type RawSearch, textOf } from "@/url/read";
import { type WordOf, wordsOf } from "@/words/words";

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

export const agent = (raw: RawSearch): RangeSearch => rangeSearch(raw);
