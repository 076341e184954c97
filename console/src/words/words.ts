import {
  Archive,
  Ban,
  Bell,
  Bot,
  ChevronsUp,
  ChevronUp,
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleDot,
  CircleHelp,
  CircleOff,
  CirclePause,
  CircleStop,
  CircleX,
  Clock,
  Coffee,
  Ear,
  FileQuestion,
  Headset,
  Loader,
  Minus,
  PencilLine,
  Phone,
  PhoneCall,
  PhoneMissed,
  PhoneOff,
  PhoneOutgoing,
  Printer,
  ShieldCheck,
  ShieldOff,
  Undo2,
  Upload,
  UserCheck,
  Voicemail,
} from "lucide-react";
import type { Schema } from "@/api/types";
import type { Word } from "./word";

const word = (label: string, tone: Word["tone"], icon: Word["icon"]): Word => ({ label, tone, icon });

const campaign: Record<Schema<"CampaignStatusWord">, Word> = {
  draft: word("Draft", "neutral", PencilLine),
  active: word("Active", "ok", PhoneOutgoing),
  paused: word("Paused", "warn", CirclePause),
  stopped: word("Stopped", "neutral", CircleStop),
  finished: word("Finished", "neutral", CircleCheck),
};

const lead: Record<Schema<"LeadStatusWord">, Word> = {
  new: word("New", "accent", CircleDot),
  in_call: word("In call", "ok", PhoneCall),
  waiting: word("Waiting", "neutral", Clock),
  reached: word("Reached", "ok", UserCheck),
  exhausted: word("Exhausted", "neutral", CircleOff),
  do_not_call: word("Do not call", "bad", ShieldOff),
  invalid: word("Invalid", "bad", CircleX),
  closed: word("Closed", "neutral", Archive),
};

const callState: Record<Schema<"CallStateWord">, Word> = {
  queued: word("Queued", "neutral", CircleDashed),
  dialing: word("Dialing", "accent", PhoneOutgoing),
  amd: word("Detection", "accent", Bot),
  conference: word("Waiting for an agent", "warn", Clock),
  agent_whisper: word("Whisper", "accent", Ear),
  bridged: word("Bridged", "ok", PhoneCall),
  voicemail: word("Voicemail", "neutral", Voicemail),
  closing: word("Closing", "neutral", Loader),
  dispositioned: word("Over", "neutral", CircleCheck),
};

const disposition: Record<Schema<"DispositionWord">, Word> = {
  answered: word("Answered", "ok", UserCheck),
  voicemail: word("Voicemail", "accent", Voicemail),
  fax: word("Fax", "neutral", Printer),
  busy: word("Busy", "neutral", PhoneOff),
  no_answer: word("No answer", "neutral", PhoneMissed),
  failed: word("Failed", "bad", CircleX),
  canceled: word("Canceled", "neutral", CircleOff),
  invalid_number: word("Invalid number", "bad", CircleAlert),
  abandoned: word("Abandoned", "bad", CircleAlert),
  hung_up: word("Hung up", "neutral", PhoneOff),
  unconfirmed: word("Unconfirmed", "warn", CircleHelp),
  do_not_call: word("Do not call", "bad", ShieldOff),
  withheld: word("Withheld", "neutral", Ban),
};

const agentState: Record<Schema<"AgentStateWord">, Word> = {
  available: word("Available", "ok", CircleCheck),
  reserved: word("Reserved", "accent", Headset),
  ringing: word("Ringing", "accent", Bell),
  whisper: word("Whisper", "accent", Ear),
  on_call: word("On a call", "ok", PhoneCall),
  wrap_up: word("Wrap-up", "warn", PencilLine),
  break: word("Break", "warn", Coffee),
  offline: word("Offline", "neutral", CircleOff),
};

const presence: Record<Schema<"PresenceWord">, Word> = {
  available: word("Available", "ok", CircleCheck),
  break: word("Break", "warn", Coffee),
  offline: word("Offline", "neutral", CircleOff),
};

const importStatus: Record<Schema<"ImportStatusWord">, Word> = {
  uploading: word("Uploading", "accent", Upload),
  queued: word("Queued", "neutral", CircleDashed),
  running: word("Running", "accent", Loader),
  finished: word("Finished", "ok", CircleCheck),
  failed: word("Failed", "bad", CircleX),
  cancelled: word("Cancelled", "neutral", CircleOff),
  undoing: word("Undoing", "warn", Undo2),
  undone: word("Undone", "neutral", Undo2),
};

const importOutcome: Record<Schema<"ImportOutcomeWord">, Word> = {
  valid: word("Valid", "ok", CircleCheck),
  invalid: word("Invalid", "bad", CircleX),
  duplicate: word("Duplicate", "warn", FileQuestion),
  do_not_call: word("Do not call", "bad", ShieldOff),
};

const priority: Record<Schema<"PriorityWord">, Word> = {
  urgent: word("Urgent", "bad", ChevronsUp),
  high: word("High", "warn", ChevronUp),
  normal: word("Normal", "neutral", Minus),
  low: word("Low", "neutral", CircleDashed),
};

const delivery: Record<Schema<"DeliveryStateWord">, Word> = {
  pending: word("Pending", "neutral", Clock),
  delivered: word("Delivered", "ok", CircleCheck),
  dead: word("Dead", "bad", CircleX),
};

const role: Record<Schema<"RoleWord">, Word> = {
  agent: word("Agent", "neutral", Headset),
  manager: word("Manager", "accent", Phone),
  tenant_admin: word("Organisation admin", "accent", UserCheck),
  admin: word("Installation admin", "warn", ShieldCheck),
};

/** The API's closed sets of words, as people read them. */
export const words = {
  campaign,
  lead,
  callState,
  disposition,
  agentState,
  presence,
  import: importStatus,
  importOutcome,
  priority,
  delivery,
  role,
} as const;

export type WordSet = keyof typeof words;
export type WordOf<Set extends WordSet> = keyof (typeof words)[Set] & string;

/** How a word of a set is shown; a word that a newer server knows is shown as it is. */
export function wordOf<Set extends WordSet>(set: Set, one: WordOf<Set>): Word {
  const known: Partial<Record<string, Word>> = words[set];
  return known[one] ?? word(one.replaceAll("_", " "), "neutral", CircleHelp);
}

/** The words of a set as the options of a `Select`: `[{ value: "any", label: "Any status" }, ...optionsOf("lead")]`. */
export function optionsOf<Set extends WordSet>(set: Set): { value: WordOf<Set>; label: string }[] {
  const entries = Object.entries(words[set]) as [WordOf<Set>, Word][];
  return entries.map(([value, { label }]) => ({ value, label }));
}

/** The words of a set, for reading search params. */
export function wordsOf<Set extends WordSet>(set: Set): readonly WordOf<Set>[] {
  return Object.keys(words[set]) as WordOf<Set>[];
}
