import { type WordOf, type WordSet, wordOf } from "@/words/words";
import { Badge } from "./badge";

/** One of the API's words as people read it: `<WordBadge set="disposition" word={call.disposition} />`. */
export function WordBadge<Set extends WordSet>({ set, word }: { set: Set; word: WordOf<Set> }) {
  const { label, tone, icon } = wordOf(set, word);
  return (
    <Badge icon={icon} tone={tone}>
      {label}
    </Badge>
  );
}
