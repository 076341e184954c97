import { ArrowRight } from "lucide-react";
import type { Change } from "./changes";

/** Settings before and after. */
export function ChangeList({ changes }: { changes: readonly Change[] }) {
  return (
    <dl className="flex flex-col">
      {changes.map(({ key, label, before, after }) => (
        <div key={key} className="border-b border-line py-2 last:border-b-0">
          <dt className="text-xs font-medium text-muted">{label}</dt>
          <dd className="grid grid-cols-[fit-content(45%)_auto_1fr] items-start gap-2">
            <span className="min-w-0 text-muted break-words whitespace-pre-wrap line-through decoration-1">
              <span className="sr-only">Before: </span>
              {before}
            </span>
            <ArrowRight aria-hidden className="mt-1 size-3.5 text-faint" />
            <span className="min-w-0 font-medium break-words whitespace-pre-wrap">
              <span className="sr-only">After: </span>
              {after}
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
