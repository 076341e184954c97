import { wordDuration } from "@/format/duration";
import { type WordOf, wordOf } from "@/words/words";
import type { Names } from "./names";
import { objectIn, type Stored, spaced, textIn } from "./stored";

const REFUSALS: Partial<Record<string, string>> = {
  invalid_number: "the number cannot be dialed",
  not_reachable: "the number cannot be reached now",
  account: "the account, its credentials or the caller id are not in order",
  request: "the carrier did not understand the request",
};

const ENDINGS: Partial<Record<string, string>> = {
  completed: "completed",
  busy: "busy",
  no_answer: "nobody picked up",
  failed: "could not be connected",
  canceled: "taken back before it was answered",
};

const HANG_UPS: Partial<Record<string, string>> = {
  do_not_call: "the number is on the do-not-call list",
  campaign_stopped: "the campaign was stopped",
  operator: "somebody ended it",
  spend_cap_reached: "a spend cap is reached",
};

/** What a timer's end means. */
const TIMERS: Partial<Record<string, string>> = {
  placement: "the dial should have left by now",
  ring: "it should have been answered or over by now",
  verdict: "detection should have concluded by now",
  patience: "a person waited as long as anybody may",
  agent_search: "time to look for an agent again",
  offer: "the agent had time to pick up and accept",
  message: "the message should have been left by now",
  talk: "time to check the conversation with the carrier",
  closing: "time to check what should be gone with the carrier",
  wrap_up: "the after-call work took as long as it may",
};

const VERDICTS: Partial<Record<string, string>> = {
  human: "a person",
  machine: "a machine",
  fax: "a fax",
  unknown: "undecided, so taken for a person",
};

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function said(words: Partial<Record<string, string>>, word: string): string {
  return words[word] ?? spaced(word);
}

/** "somebody’s" with the name in front. */
function whose(name: string): string {
  return `${capital(name)}’s`;
}

const isOn = (event: Stored) => event.on === true;

/** What happened, in a sentence without its full stop. */
export function eventText(event: Stored, names: Names): string {
  const leg = names.leg(textIn(event, "leg"));
  switch (textIn(event, "event")) {
    case "call_opened":
      return "Call opened";
    case "leg_placed":
      return `The carrier takes the call to ${leg}`;
    case "placement_in_doubt":
      return `Not known whether the carrier dials ${leg}: ${textIn(event, "why")}`;
    case "placement_withheld":
      return `Not dialed, a rule forbids it: ${spaced(textIn(objectIn(event, "reason") ?? {}, "rule"))}`;
    case "leg_refused":
      return `The carrier refuses to call ${leg}: ${said(REFUSALS, textIn(event, "refusal"))}`;
    case "placement_unconfirmed":
      return `No trace of the call to ${leg}: taken as never made`;
    case "leg_initiated":
      return `The carrier dials ${leg}`;
    case "leg_ringing":
      return `${whose(leg)} phone rings`;
    case "leg_answered": {
      const denial = objectIn(event, "denial");
      const against = denial ? `, but a rule forbids going on: ${spaced(textIn(denial, "rule"))}` : "";
      return `${capital(leg)} picks up${against}`;
    }
    case "leg_ended": {
      const seconds = Number(textIn(event, "duration_s"));
      const connected = seconds > 0 ? `, connected for ${wordDuration(seconds)}` : "";
      return `${whose(leg)} line ends: ${said(ENDINGS, textIn(event, "ending"))}${connected}`;
    }
    case "leg_check_inconclusive":
      return `The carrier was asked about ${leg} and had nothing new`;
    case "verdict_reached":
      return `Detection says: ${said(VERDICTS, textIn(event, "verdict"))}`;
    case "agent_reserved":
      return `${capital(names.agent(textIn(event, "agent")))} is reserved`;
    case "agent_unavailable":
      return "No agent is free";
    case "agent_accepted":
      return `${capital(leg)} accepts${textIn(event, "by") === "console" ? " in the console" : ""}`;
    case "agent_declined":
      return `${capital(leg)} declines`;
    case "agent_silent":
      return `${capital(leg)} hears the offer and does not answer`;
    case "hold_requested":
      return isOn(event) ? "The agent puts the lead on hold" : "The agent takes the lead back";
    case "mute_requested":
      return isOn(event) ? "The agent mutes the microphone" : "The agent opens the microphone";
    case "conference_joined":
      return `${capital(leg)} joins the conference`;
    case "conference_left":
      return `${capital(leg)} leaves the conference`;
    case "conference_ended":
      return "The conference is over";
    case "recording_completed":
      return `A recording of ${wordDuration(Number(textIn(event, "duration_s")))} is complete at the carrier`;
    case "recording_absent":
      return "The carrier recorded nothing";
    case "hang_up_requested":
      return `Hang-up asked for: ${said(HANG_UPS, textIn(event, "reason"))}`;
    case "wrap_up_finished": {
      const chosen = textIn(event, "disposition");
      const result = chosen === "" ? "" : `: ${wordOf("disposition", chosen as WordOf<"disposition">).label}`;
      return `After-call work is done${result}`;
    }
    case "timer_expired": {
      const timer = textIn(event, "timer");
      return `Timer “${spaced(timer)}” runs out: ${said(TIMERS, timer)}`;
    }
    default:
      return capital(spaced(textIn(event, "event")));
  }
}

/** What the call then wants done. */
export function commandText(command: Stored, names: Names): string {
  const leg = names.leg(textIn(command, "leg"));
  const agent = names.agent(textIn(command, "agent"));
  switch (textIn(command, "command")) {
    case "place_leg":
      return `Call ${leg}`;
    case "reserve_agent":
      return "Look for an agent";
    case "move_agent":
      return `Show ${agent} as ${spaced(textIn(command, "to"))}`;
    case "release_agent":
      return `Give ${agent} back: ${spaced(textIn(command, "release"))}`;
    case "redirect":
      return `Tell ${whose(leg).replace(/^The/, "the")} line what to do next`;
    case "adjust_sound":
      return `Have ${leg} held or muted, or not`;
    case "hang_up":
      return `Hang up on ${leg}`;
    case "check_leg":
      return `Ask the carrier about ${leg}`;
    case "fetch_recording":
      return "Fetch the recording";
    default:
      return capital(spaced(textIn(command, "command")));
  }
}

const IGNORED: Partial<Record<string, string>> = {
  late: "The line was past that point already: a report that was repeated or overtaken.",
  unknown_leg: "No such line was ever asked for.",
  other_sid: "It speaks of another connection than the one that is held.",
  stray: "A connection that must not exist: it is ended.",
  stale_timer: "The timer had been stopped or set anew by then.",
  not_expected: "It means nothing at this point of a call.",
  call_over: "The call was over already.",
};

/** Why an event changed nothing. */
export function ignoredText(reason: string): string {
  return said(IGNORED, reason);
}
