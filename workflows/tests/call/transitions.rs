//! The golden table: what every event does in every state, in every variation of it that matters.

use std::collections::BTreeMap;
use std::fmt::Write;

use jiff::SignedDuration;
use warmline_workflows::Leg;
use warmline_workflows::call::legs::LEG_LIFE_MAX_S;
use warmline_workflows::call::{Event, State};

use crate::exploration::TIMERS;
use crate::files;
use crate::script::play;
use crate::stage::Stage;
use crate::trace::{self, Trace};

/// Each state in its variations: a name, and the story that leads there.
const SITUATIONS: &[(&str, &str)] = &[
    ("queued", ""),
    ("dialing, in doubt", "in doubt"),
    ("dialing, placed", "placed"),
    ("dialing, ringing", "placed; ringing"),
    ("amd", "placed; answered"),
    ("amd, machines are hung up on", "given hang up on machines; placed; answered"),
    ("conference, an agent is sought", "placed; answered; amd human"),
    ("conference, nobody is free", "placed; answered; amd human; nobody free"),
    (
        "conference, the leg of A still ends",
        "placed; answered; amd human; agent reserved; agent answered; agent declines",
    ),
    (
        "conference, the leg of A is still in doubt",
        "placed; answered; amd human; agent reserved; agent in doubt; +50s",
    ),
    ("whisper, A is to be called", "placed; answered; amd human; agent reserved"),
    ("whisper, A is rung", "placed; answered; amd human; agent reserved; agent ringing"),
    ("whisper, A listens", "placed; answered; amd human; agent reserved; agent answered"),
    (
        "whisper, B listens and the leg of A still ends",
        "placed; answered; amd human; agent reserved; agent answered; agent declines; agent reserved; agent answered",
    ),
    ("bridged with A", "placed; answered; amd human; agent reserved; agent answered; agent accepts"),
    (
        "bridged with A, on hold and muted",
        "placed; answered; amd human; agent reserved; agent answered; agent accepts; hold; mute",
    ),
    (
        "bridged with B, the leg of A still ends",
        "placed; answered; amd human; agent reserved; agent answered; agent declines; agent reserved; agent answered; \
         agent accepts",
    ),
    (
        "bridged with A, no wrap-up",
        "given wrap-up 0s; placed; answered; amd human; agent reserved; agent answered; agent accepts",
    ),
    ("voicemail", "placed; answered; amd machine"),
    ("closing, never placed", "hang up dnc"),
    ("closing, in doubt", "in doubt; hang up stopped"),
    ("closing, the lead's leg still ends", "placed; ringing; hang up operator"),
    ("closing, the lead hears the apology", "placed; answered; amd human; nobody free; +60s"),
    (
        "closing, the leg of A still ends",
        "placed; answered; amd human; agent reserved; agent answered; hangs up",
    ),
    ("closing, the leg of A is not placed yet", "placed; answered; amd human; agent reserved; hangs up"),
    (
        "closing, A writes up and the leg still ends",
        "placed; answered; amd human; agent reserved; agent answered; agent accepts; hangs up",
    ),
    (
        "closing, A writes up",
        "placed; answered; amd human; agent reserved; agent answered; agent accepts; hangs up; agent hangs up",
    ),
    ("over, withheld", "withheld"),
    ("over, unconfirmed", "in doubt; unconfirmed"),
    ("over, busy", "placed; busy"),
    (
        "over, answered",
        "placed; answered; amd human; agent reserved; agent answered; agent accepts; hangs up; agent hangs up; wrap up",
    ),
];

/// Events of the call as a whole and of the lead leg, fresh, stale and of a second connection.
const STIMULI: &str = "opened; placed; initiated; ringing; answered; answered but dnc; answered but hours; busy; \
    no answer; failed; canceled; hangs up; in doubt; withheld; unconfirmed; refused number; refused not reachable; \
    refused account; refused request; checked; joined; left; \
    other placed; other ringing; other answered; other hangs up; other amd human; \
    amd human; amd machine; amd fax; amd unknown; agent reserved A; agent reserved B; agent reserved C; nobody free; \
    conference over; recording; no recording; hold; take back; mute; unmute; hang up dnc; hang up stopped; hang up operator; wrap up; wrap up busy";

/// Events of an agent's leg.
const AGENT_STIMULI: &str = "placed; initiated; ringing; answered; no answer; busy; failed; canceled; hangs up; \
    in doubt; unconfirmed; refused number; refused not reachable; checked; accepts; takes; declines; silent; joined; left";

#[test]
fn every_event_in_every_state() {
    let mut table = "# What every event does in every state. UPDATE_GOLDEN=1 writes this file anew; review the change.\n\
         # > next state, [commands], (why it is ignored), | timers afterwards, seconds from now, when they changed.\n"
        .to_owned();
    let (mut states, mut kinds) = (BTreeMap::new(), [false; KINDS]);
    for (name, story) in SITUATIONS {
        // A second later, so that a timer that is armed anew can be told from one that runs on.
        let (stage, _) = play(&format!("{story}; +1s"));
        states.insert(stage.call.state().name(), ());
        describe(&mut table, name, story, &stage);
        // By what they do: what is left as it was stands together, the rest line by line.
        let mut alike: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (words, late, event) in stimuli(&stage) {
            kinds[kind(&event)] = true;
            let done = outcome(&stage, &event, late);
            match done.strip_prefix('=') {
                Some(nothing) => alike.entry(nothing.trim().to_owned()).or_default().push(words),
                None => writeln!(table, "{words:<26} {done}").unwrap(),
            }
        }
        for (nothing, words) in alike {
            writeln!(table, "= {nothing}: {}", words.join(", ")).unwrap();
        }
    }
    assert_eq!(states.len(), State::NAMES.len(), "a state is missing");
    assert!(kinds.iter().all(|seen| *seen), "a kind of event is missing: {kinds:?}");
    files::assert_golden("golden/transitions.txt", &table);
}

fn describe(table: &mut String, name: &str, story: &str, stage: &Stage) {
    writeln!(table, "\n## {name}").unwrap();
    writeln!(table, "story: {}", if story.is_empty() { "(just opened)" } else { story }).unwrap();
    writeln!(table, "state: {}; {}", trace::state(stage.call.state()), timers(stage)).unwrap();
    let legs = stage.call.memory().legs.iter().map(|record| record.leg);
    let told: Vec<String> =
        legs.map(|leg| format!("{leg} is told {:?}", stage.call.instruction(leg))).collect();
    writeln!(table, "legs: {}", told.join(", ")).unwrap();
}

/// Every event with its words, and whether it comes when no leg can be alive any more.
fn stimuli(stage: &Stage) -> Vec<(String, bool, Event)> {
    let split = |text: &'static str| text.split(';').map(str::trim);
    let mut words: Vec<String> = split(STIMULI).map(str::to_owned).collect();
    let mut agents: Vec<Leg> = stage.call.memory().legs.iter().map(|record| record.leg).collect();
    agents.retain(|leg| *leg != Leg::Lead);
    for leg in &agents {
        words.extend(split(AGENT_STIMULI).map(|what| format!("{leg} {what}")));
        words.extend(["ringing", "hangs up"].map(|what| format!("other {leg} {what}")));
    }
    // A leg that was never requested.
    words.extend(
        ["agent-9 placed", "agent-9 hangs up", "agent-9 accepts", "agent-9 checked"].map(str::to_owned),
    );
    words.extend(TIMERS.map(|timer| format!("timer {timer}")));
    words.extend(stage.call.memory().timers.armed().map(|timer| format!("stale timer {timer}")));
    let now = words.into_iter().map(|words| (words, false));
    let legs = stage.call.memory().legs.iter().map(|record| (format!("{} checked", record.leg), true));
    now.chain(legs)
        .map(|(words, late)| {
            let event = stage.event(&words).unwrap_or_else(|| panic!("nobody knows what `{words}` means"));
            (if late { format!("{words} 5h later") } else { words }, late, event)
        })
        .collect()
}

/// What an event does, in a line; after `=`, how little it does.
fn outcome(stage: &Stage, event: &Event, late: bool) -> String {
    let mut after = stage.clone();
    if late {
        after.now += SignedDuration::from_secs(LEG_LIFE_MAX_S);
    }
    let mut trace = Trace::default();
    after.step(event, &mut trace);
    let unchanged = after.call == stage.call;
    if trace.is_empty() {
        return match (unchanged, timers(stage) == timers(&after)) {
            (true, _) => "= nothing".to_owned(),
            (false, true) => "= noted".to_owned(),
            (false, false) => format!("| {}", timers(&after)),
        };
    }
    let line = trace.to_string();
    if unchanged && line.starts_with('(') {
        return format!("= ignored as {}", line.trim_matches(['(', ')']));
    }
    // Five hours later every timer is long due.
    if late || after.call.state().is_terminal() || timers(stage) == timers(&after) {
        return line;
    }
    format!("{line} | {}", timers(&after))
}

/// The armed timers with the seconds left.
fn timers(stage: &Stage) -> String {
    let armed = serde_json::to_value(&stage.call.memory().timers).unwrap();
    let left = armed.as_object().unwrap().iter().map(|(timer, deadline)| {
        let at: jiff::Timestamp = serde_json::from_value(deadline["at"].clone()).unwrap();
        format!("{timer} {}", at.duration_since(stage.now).as_secs())
    });
    left.collect::<Vec<_>>().join(", ")
}

const KINDS: usize = 27;

/// A number for every kind of event, so that a new one does not compile until it has its rows.
fn kind(event: &Event) -> usize {
    match event {
        Event::CallOpened => 0,
        Event::LegPlaced { .. } => 1,
        Event::PlacementInDoubt { .. } => 2,
        Event::PlacementWithheld { .. } => 3,
        Event::LegRefused { .. } => 4,
        Event::PlacementUnconfirmed { .. } => 5,
        Event::LegInitiated { .. } => 6,
        Event::LegRinging { .. } => 7,
        Event::LegAnswered { .. } => 8,
        Event::LegEnded { .. } => 9,
        Event::LegCheckInconclusive { .. } => 10,
        Event::VerdictReached { .. } => 11,
        Event::AgentReserved { .. } => 12,
        Event::AgentUnavailable => 13,
        Event::AgentAccepted { .. } => 14,
        Event::AgentDeclined { .. } => 15,
        Event::ConferenceJoined { .. } => 16,
        Event::ConferenceLeft { .. } => 17,
        Event::ConferenceEnded => 18,
        Event::RecordingCompleted { .. } => 19,
        Event::RecordingAbsent => 20,
        Event::HangUpRequested { .. } => 21,
        Event::WrapUpFinished { .. } => 22,
        Event::TimerExpired { .. } => 23,
        Event::AgentSilent { .. } => 24,
        Event::HoldRequested { .. } => 25,
        Event::MuteRequested { .. } => 26,
    }
}
