import { oneOf, type RawSearch, textOf } from "@/url/read";
import { type WordOf, wordsOf } from "@/words/words";

const VIEWS = ["agents", "calls"] as const;
export type LiveTab = (typeof VIEWS)[number];

export interface LiveSearch {
  view?: LiveTab;
  campaign_id?: string;
  group_id?: string;
  state?: WordOf<"agentState">;
  call_state?: WordOf<"callState">;
}

export const live = (raw: RawSearch): LiveSearch => ({
  view: oneOf(raw.view, VIEWS),
  campaign_id: textOf(raw.campaign_id),
  group_id: textOf(raw.group_id),
  state: oneOf(raw.state, wordsOf("agentState")),
  call_state: oneOf(raw.call_state, wordsOf("callState")),
});
