import { PhoneForwarded, PhoneIncoming, PhoneOff } from "lucide-react";
import { asProblem, sentence } from "@/api/problem";
import { useShortcuts } from "@/shortcuts/use-shortcuts";
import { Button } from "@/ui/button";
import { Kbd } from "@/ui/kbd";
import { PhoneNumber } from "@/ui/values";
import { Countdown } from "./countdown";
import { type DeskCall, leadName } from "./desk";
import { History } from "./history";
import { LeadClock } from "./lead-clock";
import { LeadFacts } from "./lead-facts";
import { offerText } from "./offer-text";
import { useAlarm } from "./use-alarm";
import { useAnswer } from "./use-answer";

/** A call that waits for the agent's answer. */
export function Offer({ call }: { call: DeskCall }) {
  const answer = useAnswer(call.id);
  const name = leadName(call);
  const isAccepted = call.accepted || (answer.variables === "accept" && answer.isPending);
  const canAccept = call.stage !== "reserved" && !isAccepted && !answer.isPending;
  const canDecline = call.stage !== "reserved" && !answer.isPending;
  const accept = () => canAccept && answer.mutate("accept");
  const decline = () => canDecline && answer.mutate("decline");

  useAlarm(call.id, name, !isAccepted);
  useShortcuts([
    { keys: "a", label: "Accept the call", group: "Offer", run: accept },
    { keys: "d", label: "Decline the call", group: "Offer", run: decline },
    {
      keys: "enter",
      label: "Accept the call",
      group: "Offer",
      run: (event) => {
        // A button that has the focus means itself.
        const own =
          event.target instanceof Element && event.target.closest<HTMLElement>("a, button, summary");
        if (own) own.click();
        else accept();
      },
    },
  ]);

  const { headline, hint } = offerText(call, isAccepted);
  return (
    <section
      aria-label={`Offer: ${name}`}
      className="appear rounded-lg border-2 border-accent bg-surface shadow-float"
    >
      <div aria-live="assertive" className="sr-only">
        {`${headline}: ${name}. ${hint}`}
      </div>
      <div className="flex flex-wrap items-center gap-x-5 gap-y-3 rounded-t-md bg-accent-soft px-5 py-4">
        {call.ends_at ? (
          <Countdown from={call.reserved_at} until={call.ends_at} label="Time left to answer" />
        ) : (
          <PhoneIncoming aria-hidden className="size-8 text-accent-text" />
        )}
        <div className="min-w-0 flex-1 basis-56">
          <p className="text-xs font-medium text-accent-text">{headline}</p>
          <h2 className="text-xl font-semibold break-words">{name}</h2>
          <p className="flex flex-wrap gap-x-3 text-muted">
            <PhoneNumber phone={call.lead.phone ?? call.lead_phone} />
            {call.lead.type && <span>{call.lead.type}</span>}
            <LeadClock zones={call.lead.time_zones} />
          </p>
        </div>
        <div className="flex gap-2 max-sm:w-full">
          <Button
            className="h-11 px-4 max-sm:flex-1"
            icon={<PhoneOff />}
            disabled={!canDecline}
            busy={answer.variables === "decline" && answer.isPending}
            onClick={decline}
          >
            Decline <Kbd keys="D" />
          </Button>
          <Button
            look="primary"
            className="h-11 px-6 max-sm:flex-1"
            icon={<PhoneForwarded />}
            disabled={!canAccept}
            onClick={accept}
          >
            Accept <Kbd keys="enter" onDark />
          </Button>
        </div>
      </div>
      <p className="border-t border-accent px-5 py-2 font-medium">{hint}</p>
      {answer.isError && (
        <p role="alert" className="border-t border-line px-5 py-2 text-bad">
          {sentence(asProblem(answer.error).detail)}
        </p>
      )}
      <div className="grid gap-6 border-t border-line px-5 py-4 lg:grid-cols-2">
        <LeadFacts call={call} />
        <div>
          <h3 className="mb-2 font-semibold">
            {call.attempt_no === 1 ? "Attempt 1" : `Attempt ${call.attempt_no}, and what came before`}
          </h3>
          <History calls={call.history} />
        </div>
      </div>
    </section>
  );
}
