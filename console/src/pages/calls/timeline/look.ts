import {
  Bot,
  Circle,
  CircleSlash,
  Disc,
  Headset,
  type LucideIcon,
  Mic,
  Music,
  Phone,
  PhoneCall,
  PhoneOff,
  PhoneOutgoing,
  ShieldAlert,
  Timer,
  TriangleAlert,
  Users,
} from "lucide-react";
import type { Tone } from "@/ui/tone";
import type { PhaseKind } from "./phases";
import type { TimelineEntry } from "./stored";

export interface Look {
  icon: LucideIcon;
  tone: Tone;
}

const EVENTS: Partial<Record<string, Look>> = {
  call_opened: { icon: PhoneOutgoing, tone: "accent" },
  leg_placed: { icon: PhoneOutgoing, tone: "neutral" },
  leg_initiated: { icon: PhoneOutgoing, tone: "neutral" },
  placement_in_doubt: { icon: TriangleAlert, tone: "warn" },
  placement_withheld: { icon: ShieldAlert, tone: "warn" },
  leg_refused: { icon: TriangleAlert, tone: "bad" },
  placement_unconfirmed: { icon: TriangleAlert, tone: "warn" },
  leg_ringing: { icon: Phone, tone: "neutral" },
  leg_answered: { icon: PhoneCall, tone: "ok" },
  leg_ended: { icon: PhoneOff, tone: "neutral" },
  verdict_reached: { icon: Bot, tone: "accent" },
  agent_reserved: { icon: Headset, tone: "accent" },
  agent_unavailable: { icon: Headset, tone: "warn" },
  agent_accepted: { icon: Headset, tone: "ok" },
  agent_declined: { icon: Headset, tone: "warn" },
  agent_silent: { icon: Headset, tone: "warn" },
  hold_requested: { icon: Music, tone: "neutral" },
  mute_requested: { icon: Mic, tone: "neutral" },
  conference_joined: { icon: Users, tone: "neutral" },
  conference_left: { icon: Users, tone: "neutral" },
  conference_ended: { icon: Users, tone: "neutral" },
  recording_completed: { icon: Disc, tone: "neutral" },
  recording_absent: { icon: Disc, tone: "neutral" },
  hang_up_requested: { icon: PhoneOff, tone: "bad" },
  wrap_up_finished: { icon: Headset, tone: "ok" },
  timer_expired: { icon: Timer, tone: "warn" },
};

const OTHER: Look = { icon: Circle, tone: "neutral" };
const IGNORED: Look = { icon: CircleSlash, tone: "neutral" };

export function lookOf(entry: TimelineEntry): Look {
  return entry.ignored != null ? IGNORED : (EVENTS[entry.event] ?? OTHER);
}

/** The phases as people read them, and what goes on in each. */
export const phaseWords: Record<PhaseKind, { label: string; means: string }> = {
  dial: { label: "Dial", means: "The lead is being called." },
  detection: { label: "Detection", means: "Is it a person or a machine?" },
  conference: { label: "Conference", means: "The lead waits; an agent is looked for." },
  offer: { label: "Offer", means: "An agent is called and asked to take it." },
  conversation: { label: "Conversation", means: "Lead and agent are connected." },
  message: { label: "Message", means: "A message is left on the machine." },
  wrap_up: { label: "Wrap-up", means: "Lines end; the agent writes it up." },
  ending: { label: "Ending", means: "The result is known; lines end." },
  after: { label: "After the end", means: "What was still reported: it changes nothing." },
};
