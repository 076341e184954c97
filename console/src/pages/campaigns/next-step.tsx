import { Link } from "@tanstack/react-router";
import { FileUp } from "lucide-react";
import { Button } from "@/ui/button";
import { Callout } from "@/ui/callout";
import type { Campaign, Preview } from "./campaign-data";
import { moveLooks } from "./move-look";
import type { Move } from "./moves";

interface NextStepProps {
  campaign: Campaign;
  preview: Preview;
  onMove: (move: Move, campaign: Campaign) => void;
}

/** What to do with the campaign next. */
export function NextStep({ campaign, preview, onMove }: NextStepProps) {
  const callable = preview.callable_now + preview.callable_later;
  const hasLeads = callable + preview.not_callable > 0;
  const upload = (
    <Button asChild look="primary">
      <Link to="/imports/new" search={{ campaign_id: campaign.id }}>
        <FileUp aria-hidden />
        Upload leads
      </Link>
    </Button>
  );
  const moving = (move: Move) => (
    <Button look="primary" icon={moveLooks[move].icon} onClick={() => onMove(move, campaign)}>
      {moveLooks[move].label}
    </Button>
  );

  switch (campaign.status) {
    case "draft":
      if (!hasLeads)
        return (
          <Callout tone="accent" title="Next: upload the leads" action={upload}>
            A CSV file or spreadsheet with a column of phone numbers is enough.
          </Callout>
        );
      return (
        <Callout tone="accent" title="Next: start it" action={moving("start")}>
          You see what is missing before anybody is called.
        </Callout>
      );
    case "active":
      if (callable > 0 || hasLeads) return null;
      return (
        <Callout tone="warn" title="It is active and has no leads" action={upload}>
          Nobody is called before some are uploaded.
        </Callout>
      );
    case "paused":
      return (
        <Callout tone="warn" title="Nobody is dialed while it is paused" action={moving("resume")}>
          Calls that were in flight ran to their end.
        </Callout>
      );
    case "finished":
      return callable > 0 ? (
        <Callout tone="accent" title="Next: start it again" action={moving("start")}>
          It finished, and has new leads since.
        </Callout>
      ) : (
        <Callout title="All leads are done with" action={upload}>
          With new leads it can be started again.
        </Callout>
      );
    case "stopped":
      return (
        <Callout title="It was stopped for good" action={moving("clone")}>
          To call with the same settings again, clone it.
        </Callout>
      );
  }
}
