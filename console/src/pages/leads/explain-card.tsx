import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Ban, CircleCheck, Clock, Hourglass, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import type { Schema } from "@/api/types";
import { Button } from "@/ui/button";
import { cx } from "@/ui/cx";
import { ErrorBox } from "@/ui/error-box";
import { SkeletonLines } from "@/ui/skeleton";
import { type Tone, toneClass } from "@/ui/tone";
import { explainQuery } from "./explain-query";
import { isErased } from "./name";
import { agentsStep, type NextStep, nextStep } from "./next-step";
import { When } from "./when";

type Lead = Schema<"Lead">;

interface Answer {
  icon: LucideIcon;
  tone: Tone;
  title: string;
}

/** Why a lead is not being dialed, when it will be, and what can be done about it. */
export function ExplainCard({ lead, onEdit }: { lead: Lead; onEdit: () => void }) {
  const { data: explanation, error, refetch } = useQuery(explainQuery(lead.id));
  return (
    <section
      aria-labelledby="explain"
      aria-busy={!explanation}
      className="rounded-lg border border-line bg-surface p-4"
    >
      <h2 id="explain" className="text-xs font-medium text-muted">
        {lead.status === "in_call"
          ? "What is happening with this lead"
          : "Why is it not being dialed, and when next?"}
      </h2>
      <div className="mt-3">
        {explanation ? (
          <Explained lead={lead} explanation={explanation} onEdit={onEdit} />
        ) : error ? (
          <ErrorBox error={error} onRetry={() => void refetch()} />
        ) : (
          <SkeletonLines lines={3} />
        )}
      </div>
    </section>
  );
}

interface ExplainedProps {
  lead: Lead;
  explanation: Schema<"Explanation">;
  onEdit: () => void;
}

function Explained({ lead, explanation, onEdit }: ExplainedProps) {
  const { icon: Icon, tone, title } = answerOf(explanation);
  const isWaiting = explanation.permission === "allow" && explanation.dials_now === 0;
  // Of one that was erased, the number stays on the list for good.
  const step = isWaiting ? agentsStep : isErased(lead) ? undefined : nextStep(explanation.rule);
  return (
    <div className="flex items-start gap-3">
      <span className={cx("flex size-9 shrink-0 items-center justify-center rounded-full", toneClass[tone])}>
        <Icon aria-hidden className="size-4.5" />
      </span>
      <div className="flex min-w-0 flex-1 flex-col gap-2">
        <div aria-live="polite">
          <p className="text-lg font-semibold">{title}</p>
          <p>{reasonOf(explanation, lead)}</p>
        </div>
        {explanation.at && <When at={explanation.at} zones={lead.time_zones} />}
        {step && (
          <p className="flex flex-wrap items-center gap-x-3 gap-y-2 text-muted">
            {step.text}
            <StepButton lead={lead} step={step} onEdit={onEdit} />
          </p>
        )}
      </div>
    </div>
  );
}

function answerOf({ permission, rule, dials_now }: Schema<"Explanation">): Answer {
  if (permission === "allow") {
    return dials_now > 0
      ? { icon: CircleCheck, tone: "ok", title: "It may be dialed any moment" }
      : { icon: Hourglass, tone: "warn", title: "It waits for a free agent" };
  }
  if (permission === "deny_until") return { icon: Clock, tone: "accent", title: "It waits for its time" };
  if (rule === "already_in_call") return { icon: CircleCheck, tone: "ok", title: "It is being called" };
  if (rule === "lead_closed" || rule === "attempts_exhausted") {
    return { icon: CircleCheck, tone: "neutral", title: "It is done with" };
  }
  return { icon: Ban, tone: "bad", title: "It is not called as things stand" };
}

function reasonOf({ permission, rule, sentence, dials_now }: Schema<"Explanation">, lead: Lead): ReactNode {
  // Why the next call was set to that time says more than that it is still to come.
  if (rule === "not_due_yet" && lead.waiting_for) return lead.waiting_for;
  if (permission !== "allow") return sentence;
  return dials_now > 0
    ? "All rules allow it. Leads with a higher priority, and those that have waited longer, come first."
    : "All rules allow it. It is dialed as soon as an agent of the campaign's team is free for the call.";
}

function StepButton({ lead, step, onEdit }: { lead: Lead; step: NextStep; onEdit: () => void }) {
  if (!step.to) return null;
  const { where, label } = step.to;
  if (where === "edit") {
    return (
      <Button size="small" onClick={onEdit}>
        {label}
      </Button>
    );
  }
  return (
    <Button size="small" asChild>
      {where === "campaign" ? (
        <Link to="/campaigns/$campaignId" params={{ campaignId: lead.campaign_id }}>
          {label}
        </Link>
      ) : where === "caller_ids" ? (
        <Link to="/settings/$section" params={{ section: "caller-ids" }}>
          {label}
        </Link>
      ) : where === "dnc" || where === "agents" ? (
        <Link to={where === "dnc" ? "/dnc" : "/agents"}>{label}</Link>
      ) : (
        <Link to="/calls" search={{ lead_id: lead.id }}>
          {label}
        </Link>
      )}
    </Button>
  );
}
