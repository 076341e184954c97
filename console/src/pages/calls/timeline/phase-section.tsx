import { useState } from "react";
import { TickingTime } from "@/ui/ticking-time";
import { Tooltip } from "@/ui/tooltip";
import { gapText, hiddenText, linesOf } from "./compact";
import { Entry } from "./entry";
import { phaseWords } from "./look";
import type { Names } from "./names";
import type { Phase } from "./phases";

interface PhaseSectionProps {
  phase: Phase;
  names: Names;
  everything: boolean;
  /** Nothing comes after it any more. */
  isOver: boolean;
}

export function PhaseSection({ phase, names, everything, isOver }: PhaseSectionProps) {
  const [isOpened, setOpened] = useState(false);
  const { label, means } = phaseWords[phase.kind];
  const lines = linesOf(phase.entries, phase.begins, everything || isOpened);
  return (
    <section aria-label={phase.of > 1 ? `${label} ${phase.nth} of ${phase.of}` : label}>
      <header className="mb-2 flex items-baseline gap-2 border-b border-line pb-1">
        <Tooltip text={means}>
          <h3
            // biome-ignore lint/a11y/noNoninteractiveTabindex: so that the explanation can be had without a mouse
            tabIndex={0}
            className="text-xs font-semibold tracking-wide uppercase"
          >
            {label}
            {phase.of > 1 && (
              <span className="font-normal text-muted normal-case">
                {" "}
                {phase.nth} of {phase.of}
              </span>
            )}
          </h3>
        </Tooltip>
        <span className="ml-auto text-xs text-muted tabular-nums">
          <PhaseLength phase={phase} isOver={isOver} />
        </span>
      </header>
      <ol className="relative before:absolute before:top-3 before:bottom-3 before:left-3 before:w-px before:bg-line">
        {lines.map((line) =>
          line.kind === "entry" ? (
            <Entry key={line.entry.version} entry={line.entry} gapMs={line.gapMs} names={names} />
          ) : (
            <li key={`hidden-${line.entries[0]?.version}`} className="relative flex gap-3 pb-3 last:pb-0">
              <span aria-hidden className="z-10 flex w-6 shrink-0 justify-center">
                <span className="my-1 size-1.5 rounded-full bg-control" />
              </span>
              <button
                type="button"
                onClick={() => setOpened(true)}
                className="-my-1 min-h-6 text-left text-xs text-muted underline decoration-dotted underline-offset-3 hover:text-text"
              >
                {line.entries.length} more: {hiddenText(line.entries)}
              </button>
            </li>
          ),
        )}
        {lines.length === 0 && <li className="pl-9 text-xs text-muted">{means}</li>}
      </ol>
    </section>
  );
}

function PhaseLength({ phase, isOver }: { phase: Phase; isOver: boolean }) {
  if (phase.ends !== null) return gapText(Date.parse(phase.ends) - Date.parse(phase.begins));
  return isOver ? null : <TickingTime since={phase.begins} />;
}
