import { Link } from "@tanstack/react-router";
import { CircleAlert, CircleCheck, Info, type LucideIcon } from "lucide-react";
import { buttonClass } from "@/ui/button";
import { cx } from "@/ui/cx";
import { type Tone, toneText } from "@/ui/tone";
import type { Campaign } from "./campaign-data";
import type { Grade, Point, Remedy } from "./readiness";

const LOOKS: Record<Grade, { icon: LucideIcon; tone: Tone; word: string }> = {
  ok: { icon: CircleCheck, tone: "ok", word: "Ready" },
  note: { icon: Info, tone: "accent", word: "To know" },
  missing: { icon: CircleAlert, tone: "warn", word: "Missing" },
};

/** What to look at before a campaign starts, each with the way to put it right. */
export function Checklist({ points, campaign }: { points: readonly Point[]; campaign: Campaign }) {
  return (
    <ul className="flex flex-col">
      {points.map(({ key, grade, text, remedy }) => {
        const { icon: Icon, tone, word } = LOOKS[grade];
        return (
          <li
            key={key}
            className="flex min-h-10 items-center gap-2.5 border-b border-line py-1.5 last:border-b-0"
          >
            <Icon aria-hidden className={cx("size-4 shrink-0", toneText[tone])} />
            <span className="min-w-0 flex-1">
              <span className="sr-only">{word}: </span>
              {text}
            </span>
            {grade !== "ok" && remedy && <RemedyLink remedy={remedy} campaign={campaign} />}
          </li>
        );
      })}
    </ul>
  );
}

function RemedyLink({ remedy, campaign }: { remedy: Remedy; campaign: Campaign }) {
  const look = { className: buttonClass("secondary", "small"), children: remedy.label };
  switch (remedy.to) {
    case "upload":
      return <Link to="/imports/new" search={{ campaign_id: campaign.id }} {...look} />;
    case "leads":
      return <Link to="/leads" search={{ campaign_id: campaign.id }} {...look} />;
    case "agents":
      return <Link to="/agents" search={{ group_id: campaign.group_id }} {...look} />;
    case "settings":
      return (
        <Link
          to="/campaigns/$campaignId"
          params={{ campaignId: campaign.id }}
          search={{ tab: "settings" }}
          {...look}
        />
      );
    case "caller-ids":
    case "limits":
      return <Link to="/settings/$section" params={{ section: remedy.to }} {...look} />;
  }
}
