import { oneOf, type RawSearch, textOf } from "@/url/read";
import { type WordOf, wordsOf } from "@/words/words";

export const imports = (raw: RawSearch): { campaign_id?: string } => ({
  campaign_id: textOf(raw.campaign_id),
});

export const importRows = (raw: RawSearch): { outcome?: WordOf<"importOutcome"> } => ({
  outcome: oneOf(raw.outcome, wordsOf("importOutcome")),
});
