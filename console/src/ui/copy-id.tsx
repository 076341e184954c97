import { Check, Copy } from "lucide-react";
import { Tooltip } from "./tooltip";
import { useCopied } from "./use-copied";

/** An id, shortened to its ends; a click copies all of it. */
export function CopyId({ id, full = false }: { id: string; full?: boolean }) {
  const { isCopied, copy } = useCopied();
  const shown = full || id.length <= 18 ? id : `${id.slice(0, id.indexOf("_") + 5)}…${id.slice(-6)}`;
  const Icon = isCopied ? Check : Copy;
  return (
    <Tooltip text={isCopied ? "Copied" : `Copy ${id}`}>
      <button
        type="button"
        onClick={(event) => {
          event.stopPropagation();
          void copy(id);
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
