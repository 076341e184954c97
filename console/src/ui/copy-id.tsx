import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { copyText } from "./copy-text";
import { Tooltip } from "./tooltip";

/** An id, shortened to its ends; a click copies all of it. */
export function CopyId({ id, full = false }: { id: string; full?: boolean }) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const shown = full || id.length <= 18 ? id : `${id.slice(0, id.indexOf("_") + 5)}…${id.slice(-6)}`;
  const Icon = isCopied ? Check : Copy;
  return (
    <Tooltip text={isCopied ? "Copied" : `Copy ${id}`}>
      <button
        type="button"
        onClick={async (event) => {
          event.stopPropagation();
          setCopied(await copyText(id));
        }}
        className="inline-flex min-h-6 max-w-full items-center gap-1 rounded px-1 font-mono text-xs text-muted hover:bg-hover hover:text-text"
      >
        <span className="sr-only">Copy </span>
        <span className="truncate">{shown}</span>
        <Icon aria-hidden className="size-3 shrink-0" />
      </button>
    </Tooltip>
  );
}
