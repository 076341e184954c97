import { memo } from "react";
import { count } from "@/format/number";
import { cx } from "@/ui/cx";
import { toneClass } from "@/ui/tone";
import { Tooltip } from "@/ui/tooltip";
import { wordOf } from "@/words/words";
import type { AgentState } from "./board";
import { AGENT_ORDER } from "./floor";
import { agentThresholds, thresholdText } from "./thresholds";

interface StateFilterProps {
  counts: ReadonlyMap<AgentState, number>;
  chosen: AgentState | undefined;
  onChoose: (state: AgentState | undefined) => void;
}

/** The legend of the agents' states, with how many are in each; a click shows those alone. */
export const StateFilter = memo(function StateFilter({ counts, chosen, onChoose }: StateFilterProps) {
  return (
    <fieldset aria-label="Agents by state" className="flex flex-wrap gap-1.5">
      {AGENT_ORDER.map((state) => {
        const { label, tone, icon: Icon } = wordOf("agentState", state);
        const isChosen = chosen === state;
        return (
          <Tooltip key={state} text={`${label}: ${thresholdText(agentThresholds[state])}`}>
            <button
              type="button"
              aria-pressed={isChosen}
              onClick={() => onChoose(isChosen ? undefined : state)}
              className={cx(
                "inline-flex h-7 items-center gap-1.5 rounded-full border px-2.5 text-xs font-medium",
                toneClass[tone],
                isChosen ? "border-current" : "border-transparent",
              )}
            >
              <Icon aria-hidden className="size-3.5" />
              {label}
              <span className="tabular-nums">{count(counts.get(state) ?? 0)}</span>
            </button>
          </Tooltip>
        );
      })}
    </fieldset>
  );
});
