import type { Schema } from "@/api/types";
import { oneOf } from "@/url/read";
import { type WordOf, wordsOf } from "@/words/words";

/** The result of a lead's last call. */
export function dispositionOf({
  disposition,
}: Pick<Schema<"Lead">, "disposition">): WordOf<"disposition"> | undefined {
  return oneOf(disposition, wordsOf("disposition"));
}
