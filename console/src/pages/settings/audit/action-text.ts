/** "Update campaign" of `update_campaign`, with the short words as people write them. */
export function actionText(action: string): string {
  const words = action.split("_").map((word) => SHORT[word] ?? word);
  const text = words.join(" ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const SHORT: Partial<Record<string, string>> = { api: "API", dnc: "do-not-call entry" };
