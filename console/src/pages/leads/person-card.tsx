import type { Schema } from "@/api/types";
import { useNow } from "@/live/use-now";
import { countryText } from "@/places/countries";
import { timeIn, zoneCity } from "@/places/time-zones";
import { Card } from "@/ui/card";
import { CopyId } from "@/ui/copy-id";
import { Fact, Facts } from "@/ui/facts";
import { Time } from "@/ui/time";
import { PhoneNumber } from "@/ui/values";
import { WordBadge } from "@/ui/word-badge";
import { customText } from "./custom";
import { dispositionOf } from "./disposition";
import { NextCall } from "./next-call";

const none = <span className="text-faint">–</span>;

/** All that is known of a lead. */
export function PersonCard({ lead, maxAttempts }: { lead: Schema<"Lead">; maxAttempts?: number }) {
  const custom = Object.entries(lead.custom);
  const last = dispositionOf(lead);
  return (
    <div className="flex flex-col gap-4">
      <Card title="Person">
        <Facts>
          <Fact label="Name">{[lead.first_name, lead.last_name].filter(Boolean).join(" ") || none}</Fact>
          <Fact label="Number">
            <PhoneNumber phone={lead.phone} />
            {lead.phone_original && lead.phone_original !== lead.phone && (
              <span className="block text-xs text-muted">given as {lead.phone_original}</span>
            )}
          </Fact>
          <Fact label="Country">{lead.country ? countryText(lead.country) : none}</Fact>
          <Fact label="Time zones">
            <Zones zones={lead.time_zones} />
          </Fact>
          <Fact label="Email">{lead.email ?? none}</Fact>
          <Fact label="Type">{lead.type ?? none}</Fact>
          <Fact label="Notes">
            {lead.notes ? <span className="whitespace-pre-wrap">{lead.notes}</span> : none}
          </Fact>
        </Facts>
      </Card>
      {custom.length > 0 && (
        <Card title="Custom fields">
          <Facts>
            {custom.map(([name, value]) => (
              <Fact key={name} label={name}>
                {customText(value) || none}
              </Fact>
            ))}
          </Facts>
        </Card>
      )}
      <Card title="Calling">
        <Facts>
          <Fact label="Priority">
            <WordBadge set="priority" word={lead.priority} />
          </Fact>
          <Fact label="Attempts">
            {lead.attempts}
            {maxAttempts !== undefined && ` of ${maxAttempts}`}
          </Fact>
          <Fact label="Last result">{last ? <WordBadge set="disposition" word={last} /> : none}</Fact>
          <Fact label="Due">
            <NextCall at={lead.next_call_at} zones={lead.time_zones} />
          </Fact>
          <Fact label="Added">
            <Time at={lead.created_at} />
          </Fact>
          <Fact label="Lead id">
            <CopyId id={lead.id} />
          </Fact>
        </Facts>
      </Card>
    </div>
  );
}

function Zones({ zones }: { zones: readonly string[] }) {
  const now = useNow(10_000);
  if (zones.length === 0) return <span className="text-warn">Not known, so it is never called</span>;
  return (
    <ul>
      {zones.map((zone) => (
        <li key={zone}>
          {zoneCity(zone)} <span className="text-muted tabular-nums">{timeIn(zone, now)}</span>
        </li>
      ))}
    </ul>
  );
}
