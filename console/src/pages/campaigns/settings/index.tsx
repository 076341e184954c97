import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { audioQuery } from "@/api/audio";
import type { Versioned } from "@/api/client";
import { useGroupName } from "@/api/groups";
import { asProblem } from "@/api/problem";
import { plural } from "@/format/number";
import { Button } from "@/ui/button";
import { Callout } from "@/ui/callout";
import { ErrorBox } from "@/ui/error-box";
import { focusFault } from "@/ui/focus-fault";
import type { Campaign } from "../campaign-data";
import { AgentsPart } from "./agents-part";
import { Answering } from "./answering";
import { Basics } from "./basics";
import { CallingAgain } from "./calling-again";
import { CallingHours } from "./calling-hours";
import { changesBetween } from "./changes";
import { check, isFine } from "./check";
import { LeaveDialog } from "./leave-dialog";
import { Overtaken } from "./overtaken";
import { refusals } from "./refusals";
import { ReviewDialog } from "./review-dialog";
import { useSettings } from "./use-settings";

/** All settings of a campaign. */
export default function Settings({ versioned }: { versioned: Versioned<Campaign> }) {
  const campaign = versioned.data;
  const { draft, set, save, discard, dismissOvertaken } = useSettings(versioned);
  const [isReviewing, setReviewing] = useState(false);
  const [wasTried, setTried] = useState(false);
  const groupName = useGroupName();
  const { data: audio } = useQuery(audioQuery);
  const nameOf = (id: string) => groupName(id) ?? audio?.find((file) => file.id === id)?.name;

  const { form, base, overtaken } = draft;
  const changes = changesBetween(base, form, nameOf);
  const isTouched = changes.length > 0;
  const faults = check(form);
  const isStopped = campaign.status === "stopped";
  const refused = refusals(save.error);
  const section = { form, set, errors: { ...refused, ...(wasTried && faults) } };

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (!isFine(faults)) return focusFault(event.currentTarget);
    if (!isTouched) return;
    if (campaign.status === "active") setReviewing(true);
    else save.mutate();
  };
  const apply = () => save.mutate(undefined, { onSettled: () => setReviewing(false) });

  return (
    <form onSubmit={submit} noValidate className="flex max-w-4xl flex-col gap-4">
      {isStopped && (
        <Callout title="This campaign was stopped">
          Its settings can be read, and not changed any more. Clone it to call with other settings.
        </Callout>
      )}
      {overtaken && (
        <Overtaken changes={changesBetween(overtaken, base, nameOf)} onUnderstood={dismissOvertaken} />
      )}
      <fieldset disabled={isStopped} className="flex min-w-0 flex-col gap-4">
        <legend className="sr-only">Settings of {campaign.name}</legend>
        <Basics {...section} />
        <CallingHours {...section} />
        <CallingAgain {...section} />
        <Answering {...section} />
        <AgentsPart {...section} />
      </fieldset>
      {save.error && asProblem(save.error).code !== "changed" && isFine(refused) && (
        <ErrorBox error={save.error} title="Not saved" />
      )}
      {isTouched && (
        <div className="sticky bottom-0 z-20 -mx-1 flex flex-wrap items-center justify-end gap-2 rounded-lg border border-line bg-surface px-4 py-2.5 shadow-float">
          <span role="status" className="mr-auto">
            {wasTried && !isFine(faults)
              ? "Some fields are not right yet: they say what to change."
              : `${plural(changes.length, "change")} not saved`}
          </span>
          <Button onClick={discard}>Discard</Button>
          <Button type="submit" look="primary" busy={save.isPending}>
            {campaign.status === "active" ? "Review changes" : "Save changes"}
          </Button>
        </div>
      )}
      {isReviewing && (
        <ReviewDialog
          name={campaign.name}
          changes={changes}
          busy={save.isPending}
          onApply={apply}
          onClose={() => setReviewing(false)}
        />
      )}
      <LeaveDialog isTouched={isTouched} />
    </form>
  );
}
