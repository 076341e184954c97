import { PhoneCall } from "lucide-react";
import { useRef } from "react";
import { useShortcuts } from "@/shortcuts/use-shortcuts";
import { Card } from "@/ui/card";
import { Kbd } from "@/ui/kbd";
import { TickingTime } from "@/ui/ticking-time";
import { PhoneNumber } from "@/ui/values";
import { notesOf } from "./call-notes";
import { type Agent, type DeskCall, leadName } from "./desk";
import { HangUp } from "./hang-up";
import { History } from "./history";
import { LeadClock } from "./lead-clock";
import { LeadFacts } from "./lead-facts";
import { Notes } from "./notes";
import { Script } from "./script";
import { Sound, SoundNote } from "./sound";
import { WrapUp } from "./wrap-up";

interface CallPanelProps {
  call: DeskCall;
  agent: Agent;
  askedAt: number;
}

/** A conversation, and what is to be written up after it. */
export function CallPanel({ call, agent, askedAt }: CallPanelProps) {
  const notes = notesOf(call.id, call.notes);
  const input = useRef<HTMLTextAreaElement>(null);
  useShortcuts([{ keys: "n", label: "Write notes", group: "Call", run: () => input.current?.focus() }]);
  const isOver = call.stage === "wrap_up";
  return (
    <section aria-label={`Call with ${leadName(call)}`} className="flex flex-col gap-4">
      {isOver ? <WrapUp call={call} notes={notes} /> : <OnCall call={call} />}
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="flex min-w-0 flex-col gap-4">
          <Card>
            <Notes notes={notes} saved={call.notes} askedAt={askedAt} input={input} />
            <p className="mt-1.5 text-xs text-muted max-sm:hidden">
              <Kbd keys="N" /> to write. They are saved while you type, and stay with the call.
            </p>
          </Card>
          <Card title="Script">
            <Script call={call} agentName={agent.name} />
          </Card>
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <Card title={leadName(call)}>
            <LeadFacts call={call} />
          </Card>
          <Card title="Earlier calls">
            <History calls={call.history} />
          </Card>
        </div>
      </div>
    </section>
  );
}

function OnCall({ call }: { call: DeskCall }) {
  return (
    <header className="sticky top-2 z-20 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border border-ok bg-ok-soft px-5 py-3 shadow-float">
      <PhoneCall aria-hidden className="size-5 text-ok" />
      <div className="min-w-0 flex-1 basis-56">
        <h2 className="text-lg font-semibold break-words">{leadName(call)}</h2>
        <p className="flex flex-wrap gap-x-3 text-muted">
          <PhoneNumber phone={call.lead.phone ?? call.lead_phone} />
          <LeadClock zones={call.lead.time_zones} />
          <SoundNote call={call} />
        </p>
      </div>
      <span className="text-xl font-semibold max-sm:flex-1">
        <TickingTime since={call.bridged_at ?? call.stage_since} />
      </span>
      <Sound call={call} />
      <HangUp callId={call.id} />
    </header>
  );
}
