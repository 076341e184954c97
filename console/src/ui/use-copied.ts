import { useEffect, useState } from "react";
import { copyText } from "./copy-text";

const SHOWN_MS = 1500;

/** Copies a text, and says for a moment that it was. */
export function useCopied(): { isCopied: boolean; copy: (text: string) => Promise<void> } {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return { isCopied, copy: async (text) => setCopied(await copyText(text)) };
}
