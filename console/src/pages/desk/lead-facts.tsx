import { Link } from "@tanstack/react-router";
import { useMay } from "@/auth/me";
import { CopyButton } from "@/ui/copy-button";
import { Fact, Facts } from "@/ui/facts";
import { PhoneNumber } from "@/ui/values";
import { WordBadge } from "@/ui/word-badge";
import type { DeskCall } from "./desk";
import { LeadClock } from "./lead-clock";

/** All that is known of whom the call is to. */
export function LeadFacts({ call }: { call: DeskCall }) {
  const mayOpen = useMay("manager");
  const { lead } = call;
  return (
    <Facts>
      <Fact label="Number">
        <span className="-my-1 flex flex-wrap items-center gap-x-2">
          <PhoneNumber phone={lead.phone ?? call.lead_phone} />
          {lead.phone && (
            <CopyButton text={() => lead.phone ?? ""} size="small" look="quiet">
              <span className="sr-only">Copy the number</span>
            </CopyButton>
          )}
        </span>
      </Fact>
      <Fact label="Local time">
        <LeadClock zones={lead.time_zones} />
      </Fact>
      {lead.email && <Fact label="Email">{lead.email}</Fact>}
      {lead.type && <Fact label="Type">{lead.type}</Fact>}
      {lead.priority !== "normal" && (
        <Fact label="Priority">
          <WordBadge set="priority" word={lead.priority} />
        </Fact>
      )}
      {customFields(lead.custom).map(([name, value]) => (
        <Fact key={name} label={readable(name)}>
          {value}
        </Fact>
      ))}
      {lead.notes && (
        <Fact label="Notes">
          <span className="whitespace-pre-line">{lead.notes}</span>
        </Fact>
      )}
      <Fact label="Campaign">{call.campaign_name}</Fact>
      {mayOpen && (
        <Fact label="Record">
          <Link
            to="/leads/$leadId"
            params={{ leadId: lead.id }}
            target="_blank"
            className="text-accent-text hover:underline"
          >
            Open the lead
          </Link>
        </Fact>
      )}
    </Facts>
  );
}

/** "loads_per_month" as people write it: "Loads per month". */
function readable(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function customFields(custom: DeskCall["lead"]["custom"]): [string, string][] {
  return Object.entries(custom)
    .filter(([, value]) => value !== null && value !== "")
    .map(([name, value]) => [name, typeof value === "boolean" ? (value ? "yes" : "no") : String(value)]);
}
