import { CircleCheck, CircleX, FileQuestion, ShieldOff } from "lucide-react";
import { phoneText } from "@/format/phone";
import { Badge } from "@/ui/badge";
import type { Tone } from "@/ui/tone";
import type { RowCheck, RowStanding } from "../check/row";

const standings: Record<RowStanding, { label: string; tone: Tone; icon: typeof CircleCheck }> = {
  fine: { label: "Looks fine", tone: "ok", icon: CircleCheck },
  invalid: { label: "Needs a look", tone: "bad", icon: CircleX },
  duplicate: { label: "Duplicate", tone: "warn", icon: FileQuestion },
  do_not_call: { label: "Do not call", tone: "bad", icon: ShieldOff },
};

/** What can be told of a row from here. */
export function CheckBadge({ check }: { check: RowCheck }) {
  const { label, tone, icon } = standings[check.standing];
  return (
    <div className="flex flex-col items-start gap-0.5">
      <Badge icon={icon} tone={tone}>
        {label}
      </Badge>
      {check.faults.map(({ reason }) => (
        <span key={reason} className="text-xs">
          {reason}
        </span>
      ))}
      {check.faults.length === 0 && check.e164 && (
        <span className="text-xs text-muted tabular-nums">{phoneText(check.e164)}</span>
      )}
    </div>
  );
}
