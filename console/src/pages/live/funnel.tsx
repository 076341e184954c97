import { memo } from "react";
import { count } from "@/format/number";
import { cx } from "@/ui/cx";
import { toneFill, toneText } from "@/ui/tone";
import { wordOf } from "@/words/words";
import type { CallState } from "./board";
import { CALL_ORDER } from "./floor";

interface FunnelProps {
  counts: ReadonlyMap<CallState, number>;
  chosen: CallState | undefined;
  onChoose: (state: CallState | undefined) => void;
}

/** The calls in flight by state, from the dial to the conversation. A click lists them. */
export const Funnel = memo(function Funnel({ counts, chosen, onChoose }: FunnelProps) {
  const most = Math.max(1, ...counts.values());
  return (
    <ol
      aria-label="Calls in flight by state"
      className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line sm:grid-cols-4 xl:grid-cols-8"
    >
      {CALL_ORDER.map((state) => {
        const { label, tone, icon: Icon } = wordOf("callState", state);
        const calls = counts.get(state) ?? 0;
        const isChosen = chosen === state;
        return (
          <li key={state} className="bg-surface">
            <button
              type="button"
              aria-pressed={isChosen}
              onClick={() => onChoose(isChosen ? undefined : state)}
              className={cx(
                "flex h-full w-full flex-col gap-1 px-3 py-2 text-left -outline-offset-2 hover:bg-hover",
                isChosen && "bg-accent-soft",
              )}
            >
              <span className="flex items-center gap-1.5 text-xs text-muted">
                <Icon aria-hidden className={cx("size-3.5 shrink-0", toneText[tone])} />
                {label}
              </span>
              <span className="mt-auto text-lg font-semibold tabular-nums">{count(calls)}</span>
              <span aria-hidden className="h-1 rounded-full bg-sunken">
                <span
                  className={cx("block h-full origin-left rounded-full", toneFill[tone])}
                  style={{ transform: `scaleX(${calls / most})` }}
                />
              </span>
            </button>
          </li>
        );
      })}
    </ol>
  );
});
