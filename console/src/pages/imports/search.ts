import { oneOf, type RawSearch, textOf } from "@/url/read";
import { type WordOf, wordsOf } from "@/words/words";

export interface ImportsSearch {
  campaign_id?: string;
  /** For the upload: the dry run whose options are to be used again. */
  repeat?: string;
}

export const imports = (raw: RawSearch): ImportsSearch => ({
  campaign_id: textOf(raw.campaign_id),
  repeat: textOf(raw.repeat),
});

export const importRows = (raw: RawSearch): { outcome?: WordOf<"importOutcome"> } => ({
  outcome: oneOf(raw.outcome, wordsOf("importOutcome")),
});
