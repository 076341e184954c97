import { useCallback, useRef } from "react";
import { uniqueWord } from "@/format/unique";

/**
 * The `Idempotency-Key` of what a form is about to create: the same for every try of the same content, a new one for
 * other content. `const key = useOnceKey(); ... once(key(body))`
 */
export function useOnceKey(): (content?: unknown) => string {
  const last = useRef<{ content: string; key: string } | null>(null);
  return useCallback((content) => {
    const text = JSON.stringify(content ?? null);
    if (last.current?.content !== text) last.current = { content: text, key: uniqueWord() };
    return last.current.key;
  }, []);
}
