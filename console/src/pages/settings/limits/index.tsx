import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Schema } from "@/api/types";
import { useMay } from "@/auth/me";
import { usd } from "@/format/money";
import { limitsQuery } from "@/pages/dashboard/limits";
import { countryText } from "@/places/countries";
import { Button } from "@/ui/button";
import { Callout } from "@/ui/callout";
import { Card } from "@/ui/card";
import { ErrorBox } from "@/ui/error-box";
import { Progress } from "@/ui/progress";
import { SkeletonLines } from "@/ui/skeleton";
import { CapsDialog } from "./caps-dialog";
import { CountriesDialog } from "./countries-dialog";

export default function LimitsSection() {
  const mayChange = useMay("tenant_admin");
  const [doing, setDoing] = useState<"caps" | "countries" | null>(null);
  const query = useQuery(limitsQuery);
  if (query.isError) return <ErrorBox error={query.error} onRetry={() => void query.refetch()} />;
  const limits = query.data;
  if (!limits) {
    return (
      <Card>
        <SkeletonLines />
      </Card>
    );
  }
  const change = (what: "caps" | "countries") =>
    mayChange && (
      <Button size="small" onClick={() => setDoing(what)}>
        Change
      </Button>
    );
  return (
    <>
      {limits.capped && (
        <Callout tone="bad" title="A spend cap is reached">
          Nobody is dialed until the day or the month is over, or the operator raises the cap.
        </Callout>
      )}
      <Card title="Spending" actions={change("caps")}>
        <div className="flex max-w-xl flex-col gap-5">
          <Spent label="Today, by UTC" spent={limits.spent_today} cap={limits.daily_spend_cap} />
          <Spent label="This month" spent={limits.spent_this_month} cap={limits.monthly_spend_cap} />
          <p className="text-muted">
            {usd(limits.reserved)} of it is set aside for calls in flight, until the carrier says what they
            cost.
          </p>
        </div>
      </Card>
      <Card title="Countries that are called" actions={change("countries")}>
        <Countries codes={limits.allowed_countries} />
      </Card>
      {doing === "caps" && <CapsDialog limits={limits} onClose={() => setDoing(null)} />}
      {doing === "countries" && <CountriesDialog limits={limits} onClose={() => setDoing(null)} />}
    </>
  );
}

/** A cap is close from here on. */
const CLOSE_PERCENT = 80;

function Spent({ label, spent, cap }: { label: string; spent: string; cap: string | null | undefined }) {
  if (cap === null || cap === undefined) {
    return (
      <div className="flex justify-between gap-3">
        <span className="font-medium">{label}</span>
        <span className="text-muted tabular-nums">{usd(spent)} spent, no cap</span>
      </div>
    );
  }
  const percent = Number(cap) > 0 ? (Number(spent) / Number(cap)) * 100 : 100;
  return (
    <Progress
      label={label}
      percent={percent}
      tone={percent >= 100 ? "bad" : percent >= CLOSE_PERCENT ? "warn" : "accent"}
      detail={`${usd(spent)} of ${usd(cap)}${percent >= 100 ? ", reached" : percent >= CLOSE_PERCENT ? ", close" : ""},`}
    />
  );
}

function Countries({ codes }: { codes: Schema<"Limits">["allowed_countries"] }) {
  if (codes === null || codes === undefined) return <p>All countries.</p>;
  if (codes.length === 0) return <p>None: nobody is called.</p>;
  return (
    <ul className="flex flex-wrap gap-1.5">
      {codes.map((code) => (
        <li key={code} className="rounded bg-sunken px-2 py-0.5">
          {countryText(code)}
        </li>
      ))}
    </ul>
  );
}
