import { useMemo } from "react";
import type { Schema } from "@/api/types";
import { count } from "@/format/number";
import { Card } from "@/ui/card";
import { Switch } from "@/ui/switch";
import { isRoutine } from "./compact";
import type { Names } from "./names";
import { PhaseSection } from "./phase-section";
import { phasesOf } from "./phases";

interface TimelineProps {
  call: Schema<"Call">;
  names: Names;
  /** Belongs into the address. */
  everything: boolean;
  onEverything: (everything: boolean) => void;
}

/** All that happened to a call, phase by phase. */
export function Timeline({ call, names, everything, onEverything }: TimelineProps) {
  const phases = useMemo(() => phasesOf(call.timeline), [call.timeline]);
  const routine = call.timeline.filter(isRoutine).length;
  return (
    <Card
      title="Timeline"
      actions={
        routine > 0 && (
          <Switch
            checked={everything}
            onChange={onEverything}
            label={`Show everything (${count(routine)} more)`}
          />
        )
      }
    >
      {phases.length === 0 && (
        <p className="text-sm text-muted">What happened in detail is no longer kept.</p>
      )}
      <div className="flex flex-col gap-5">
        {phases.map((phase) => (
          <PhaseSection
            // Opened by hand, a phase stays so until the switch is used.
            key={`${phase.kind}-${phase.nth}-${everything}`}
            phase={phase}
            names={names}
            everything={everything}
            isOver={call.closed_at != null}
          />
        ))}
      </div>
    </Card>
  );
}
