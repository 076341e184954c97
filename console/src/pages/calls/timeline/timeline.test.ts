import { expect, test } from "vitest";
import type { Schema } from "@/api/types";
import { gapText, hiddenText, isRoutine, linesOf } from "./compact";
import { commandText, eventText, ignoredText } from "./event-text";
import { agentsOfLegs, namesOf } from "./names";
import { phasesOf } from "./phases";
import { commandsOf, eventOf, type Stored, type TimelineEntry } from "./stored";

type State = Schema<"CallStateWord">;

const start = Date.parse("2026-11-23T15:00:00Z");

/** A journal in short: seconds, event, states, why it was ignored. */
function journal(...lines: [number, string, State, State, string?][]): TimelineEntry[] {
  return lines.map(([seconds, event, from, to, ignored], index) => ({
    version: index + 1,
    at: new Date(start + seconds * 1000).toISOString(),
    gap_ms: 0,
    event,
    from_state: from,
    to_state: to,
    commands: [],
    ignored: ignored ?? null,
    detail: {},
  }));
}

const declined = journal(
  [0, "call_opened", "queued", "queued"],
  [1, "leg_placed", "queued", "dialing"],
  [1, "leg_initiated", "dialing", "dialing", "late"],
  [9, "leg_answered", "dialing", "amd"],
  [11, "verdict_reached", "amd", "conference"],
  [11, "agent_reserved", "conference", "agent_whisper"],
  [20, "agent_declined", "agent_whisper", "conference"],
  [20, "agent_unavailable", "conference", "conference"],
  [22, "timer_expired", "conference", "conference"],
  [22, "agent_unavailable", "conference", "conference"],
  [24, "agent_reserved", "conference", "agent_whisper"],
  [30, "agent_accepted", "agent_whisper", "bridged"],
  [90, "leg_ended", "bridged", "closing"],
  [95, "wrap_up_finished", "closing", "dispositioned"],
  [96, "leg_ended", "dispositioned", "dispositioned", "call_over"],
);

test("a call in phases, each with what ended it", () => {
  const phases = phasesOf(declined);
  expect(phases.map(({ kind, nth, of }) => (of > 1 ? `${kind} ${nth}/${of}` : kind))).toEqual([
    "dial",
    "detection",
    "conference 1/2",
    "offer 1/2",
    "conference 2/2",
    "offer 2/2",
    "conversation",
    "wrap_up",
    "after",
  ]);
  expect(phases[0]?.entries.at(-1)?.event).toBe("leg_answered");
  expect(phases.flatMap((phase) => phase.entries)).toEqual(declined);
});

test("a phase begins where the one before ends", () => {
  const phases = phasesOf(declined);
  for (const [index, phase] of phases.entries()) {
    if (index > 0) expect(phase.begins).toBe(phases[index - 1]?.ends);
  }
  expect(phases.at(-1)?.ends).toBeNull();
});

test("what a call has just gone on to is there before anything happens in it", () => {
  const phases = phasesOf(declined.slice(0, 12));
  expect(phases.at(-1)).toMatchObject({ kind: "conversation", entries: [], ends: null });
});

test("after no conversation there is no wrap-up", () => {
  const phases = phasesOf(
    journal(
      [0, "call_opened", "queued", "queued"],
      [5, "hang_up_requested", "queued", "closing"],
      [6, "leg_ended", "closing", "dispositioned"],
    ),
  );
  expect(phases.map(({ kind }) => kind)).toEqual(["dial", "ending"]);
});

test("no journal, no phases", () => expect(phasesOf([])).toEqual([]));

test("in short, what moved the call stays and the rest is counted", () => {
  const waiting = phasesOf(declined)[4];
  if (!waiting) throw new Error("there is a second wait");
  const short = linesOf(waiting.entries, waiting.begins, false);
  expect(short.map((line) => line.kind)).toEqual(["hidden", "entry"]);
  expect(short[0]?.kind === "hidden" && hiddenText(short[0].entries)).toBe("2 × no agent free, timer");
  // The gap is to what is shown before, whatever is hidden in between.
  expect(short[1]).toMatchObject({ gapMs: 4000 });
  expect(linesOf(waiting.entries, waiting.begins, true)).toHaveLength(4);
});

test("what changed the state is never routine, what was ignored always", () => {
  const [moved, ignored] = journal(
    [0, "timer_expired", "conference", "closing"],
    [1, "leg_answered", "closing", "closing", "late"],
  );
  expect(moved && isRoutine(moved)).toBe(false);
  expect(ignored && isRoutine(ignored)).toBe(true);
});

test.each([
  [-5, "0 ms"],
  [899, "899 ms"],
  [8696, "8.7 s"],
  [13_373, "13 s"],
  [59_700, "1 min"],
  [125_000, "2 min 5 s"],
])("a gap of %d ms is %s", (ms, text) => expect(gapText(ms)).toBe(text));

const names = namesOf(new Map([["agent-1", "agt_1"]]), new Map([["agt_1", "Maya Brooks"]]));

test.each<[Stored, string]>([
  [{ event: "leg_answered", leg: "lead" }, "The lead picks up"],
  [{ event: "leg_ringing", leg: "agent-1" }, "Maya Brooks’s phone rings"],
  [{ event: "agent_declined", leg: "agent-2" }, "Agent 2 declines"],
  [{ event: "hold_requested", on: true }, "The agent puts the lead on hold"],
  [
    { event: "leg_ended", leg: "lead", ending: "completed", duration_s: 63 },
    "The lead’s line ends: completed, connected for 1 min 3 s",
  ],
  [
    { event: "placement_withheld", reason: { rule: "outside_legal_hours", zone: "America/Chicago" } },
    "Not dialed, a rule forbids it: outside legal hours",
  ],
  [{ event: "wrap_up_finished", disposition: "do_not_call" }, "After-call work is done: Do not call"],
  [{ event: "wrap_up_finished", disposition: null }, "After-call work is done"],
  [{ event: "something_new" }, "Something new"],
])("%j reads %s", (event, text) => expect(eventText(event, names)).toBe(text));

test("commands and reasons in words, unknown ones as they are", () => {
  expect(commandText({ command: "redirect", leg: "lead" }, names)).toBe(
    "Tell the lead’s line what to do next",
  );
  expect(commandText({ command: "release_agent", agent: "agt_1", release: "not_needed" }, names)).toBe(
    "Give Maya Brooks back: not needed",
  );
  expect(ignoredText("stale_timer")).toContain("timer");
  expect(ignoredText("brand_new")).toBe("brand new");
});

test("what is stored is read with care", () => {
  const [entry] = journal([0, "call_opened", "queued", "queued"]);
  if (!entry) throw new Error("there is an entry");
  expect(eventOf(entry)).toEqual({ event: "call_opened" });
  expect(commandsOf(entry)).toEqual([]);
});

test("whom a leg goes to stands where it was asked for", () => {
  const [entry] = journal([0, "agent_reserved", "conference", "agent_whisper"]);
  if (!entry) throw new Error("there is an entry");
  const detail: Stored = {
    event: { event: "agent_reserved", agent: "agt_1" },
    commands: [
      { command: "place_leg", leg: "agent-1" },
      { command: "move_agent", agent: "agt_1" },
    ],
  };
  expect(agentsOfLegs([{ ...entry, detail: detail as typeof entry.detail }])).toEqual(
    new Map([["agent-1", "agt_1"]]),
  );
});
