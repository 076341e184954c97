import { Link } from "@tanstack/react-router";
import { FileUp, Users } from "lucide-react";
import { count } from "@/format/number";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { EmptyState } from "@/ui/empty-state";
import { Time } from "@/ui/time";
import type { Campaign, Preview } from "./campaign-data";
import { type Share, sharesOf } from "./shares";

/** Who may be called now, who later, who never, and why. */
export function CallableCard({ campaign, preview }: { campaign: Campaign; preview: Preview }) {
  const shares = sharesOf(preview);
  const total = shares.reduce((sum, share) => sum + share.leads, 0);
  return (
    <Card
      title={`Leads${total > 0 ? `: ${count(total)}` : ""}`}
      actions={
        <Button asChild size="small" look="quiet">
          <Link to="/leads" search={{ campaign_id: campaign.id }}>
            See leads
          </Link>
        </Button>
      }
    >
      {total === 0 ? (
        <EmptyState
          icon={Users}
          title="No leads yet"
          action={
            <Button asChild>
              <Link to="/imports/new" search={{ campaign_id: campaign.id }}>
                <FileUp aria-hidden />
                Upload leads
              </Link>
            </Button>
          }
        >
          Then you see here who may be called now, and why others may not.
        </EmptyState>
      ) : (
        <div className="flex flex-col gap-4">
          <dl className="grid grid-cols-3 gap-2">
            <Total label="May be called now" value={preview.callable_now} />
            <Total label="Later" value={preview.callable_later} />
            <Total label="Not any more" value={preview.not_callable} />
          </dl>
          <ul className="flex flex-col">
            {shares.map((share) => (
              <ShareRow key={share.key} share={share} total={total} />
            ))}
          </ul>
        </div>
      )}
    </Card>
  );
}

function Total({ label, value }: { label: string; value: number }) {
  return (
    <div className="flex flex-col-reverse justify-end">
      <dt className="text-xs text-muted">{label}</dt>
      <dd className="text-xl font-semibold tabular-nums">{count(value)}</dd>
    </div>
  );
}

const FILLS: Record<Share["permission"], string> = {
  allow: "bg-ok",
  deny_until: "bg-warn",
  deny_forever: "bg-control",
};

function ShareRow({ share, total }: { share: Share; total: number }) {
  return (
    <li className="flex flex-col gap-1 border-t border-line py-2 first:border-t-0 first:pt-0 last:pb-0">
      <div className="flex items-baseline gap-3">
        <span className="min-w-0 flex-1">
          {share.permission === "allow" ? "May be called now." : share.sentence}
          {share.at && (
            <span className="text-muted">
              {" "}
              The first: <Time at={share.at} />
            </span>
          )}
        </span>
        <span className="font-medium tabular-nums">{count(share.leads)}</span>
      </div>
      <div aria-hidden className="h-1.5 rounded-full bg-sunken">
        <div
          className={`h-full rounded-full ${FILLS[share.permission]}`}
          style={{ width: `${(share.leads / total) * 100}%` }}
        />
      </div>
    </li>
  );
}
