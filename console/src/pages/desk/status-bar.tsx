import { useQuery } from "@tanstack/react-query";
import { BellPlus, CircleCheck, CircleOff, Coffee, Phone, Volume2, VolumeX } from "lucide-react";
import { type ReactNode, useState } from "react";
import { cx } from "@/ui/cx";
import { IconButton } from "@/ui/icon-button";
import { TickingTime } from "@/ui/ticking-time";
import { PhoneNumber } from "@/ui/values";
import { WordBadge } from "@/ui/word-badge";
import { wordOf } from "@/words/words";
import { BreakForm } from "./break-form";
import type { Agent } from "./desk";
import { softphoneQuery } from "./softphone";
import { reasonText } from "./standing";
import { useNotifications } from "./use-notifications";
import { useSetStatus } from "./use-set-status";
import { useSound } from "./use-sound";

/** Whether the agent takes calls: always in sight. */
export function StatusBar({ agent }: { agent: Agent }) {
  const [isChoosing, setChoosing] = useState(false);
  const set = useSetStatus(agent.id);
  const isBusy = agent.state !== agent.presence;
  const say = (status: Agent["presence"], reason?: string) => {
    set.mutate({ status, reason });
    setChoosing(false);
  };
  const reason = reasonText(agent.presence_reason);
  return (
    <section aria-label="Your status" className="rounded-lg border border-line bg-surface">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5">
        <div className="flex min-w-0 items-center gap-2">
          <WordBadge set="agentState" word={agent.state} />
          <span className="text-muted">
            {!isBusy && reason && `${reason} · `}
            <TickingTime since={agent.since} />
          </span>
        </div>
        <fieldset
          aria-label="Take calls"
          className="flex overflow-hidden rounded-md border border-control"
          disabled={set.isPending}
        >
          <Choice
            icon={<CircleCheck />}
            isOn={agent.presence === "available"}
            onClick={() => say("available")}
          >
            Available
          </Choice>
          <Choice
            icon={<Coffee />}
            isOn={agent.presence === "break"}
            isOpen={isChoosing}
            onClick={() => setChoosing(!isChoosing)}
          >
            Break
          </Choice>
          <Choice icon={<CircleOff />} isOn={agent.presence === "offline"} onClick={() => say("offline")}>
            Offline
          </Choice>
        </fieldset>
        {isBusy && agent.presence !== "available" && (
          <span className="text-warn">
            After this call: {wordOf("presence", agent.presence).label.toLowerCase()}
            {reason && ` (${reason})`}
          </span>
        )}
        <div className="ml-auto flex items-center gap-1 text-muted">
          <span className="mr-1 flex items-center gap-1.5">
            <Phone aria-hidden className="size-3.5" />
            <Where agent={agent} />
          </span>
          <SoundButton />
          <NotificationButton />
        </div>
      </div>
      {isChoosing && (
        <BreakForm
          isBusy={isBusy}
          onChoose={(chosen) => say("break", chosen)}
          onClose={() => setChoosing(false)}
        />
      )}
    </section>
  );
}

/** Where calls ring. */
function Where({ agent }: { agent: Agent }) {
  const isInBrowser = agent.reach === "browser";
  const { data: softphone } = useQuery({ ...softphoneQuery, enabled: isInBrowser });
  if (isInBrowser && softphone !== null) return <span>Calls ring in your softphone</span>;
  return (
    <span>
      Calls ring on <PhoneNumber phone={agent.phone} />
    </span>
  );
}

interface ChoiceProps {
  icon: ReactNode;
  isOn: boolean;
  isOpen?: boolean;
  onClick: () => void;
  children: string;
}

function Choice({ icon, isOn, isOpen, onClick, children }: ChoiceProps) {
  return (
    <button
      type="button"
      aria-pressed={isOn}
      aria-expanded={isOpen}
      onClick={onClick}
      className={cx(
        "inline-flex h-8 items-center gap-1.5 border-r border-control px-3 font-medium -outline-offset-2 last:border-r-0 [&_svg]:size-3.5",
        isOn ? "bg-accent text-on-accent" : "hover:bg-hover",
      )}
    >
      {icon}
      {children}
    </button>
  );
}

function SoundButton() {
  const { isMuted, isBlocked, setMuted } = useSound();
  return (
    <>
      {isBlocked && !isMuted && <span className="text-xs text-warn">Click anywhere to hear offers</span>}
      <IconButton
        label={isMuted ? "Offers are silent: turn the sound on" : "Offers sound: turn the sound off"}
        icon={isMuted ? <VolumeX /> : <Volume2 />}
        onClick={() => setMuted(!isMuted)}
      />
    </>
  );
}

function NotificationButton() {
  const { canAsk, ask } = useNotifications();
  if (!canAsk) return null;
  return <IconButton label="Show offers as desktop notifications" icon={<BellPlus />} onClick={ask} />;
}
