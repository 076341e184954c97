//! Random sequences of events, likely and unlikely ones, with repetitions and with time passing.

use jiff::SignedDuration;
use proptest::prelude::*;
use warmline_workflows::call::{Call, Conduct, Event, Moment, OnMachine, State};

use crate::promises::{ends_in_silence, ends_with_its_legs};
use crate::script::play;
use crate::stage::Stage;
use crate::trace::Trace;

/// One turn of a random story.
#[derive(Debug, Clone)]
enum Turn {
    /// Something that is to be expected in the state; the number chooses.
    Likely(usize),
    /// Anything; the number chooses.
    Anything(usize),
    /// An earlier event comes again; the number chooses.
    Again(usize),
    /// Time passes until the next timer is due.
    Expiry,
    /// Seconds pass, and nobody has looked at the timers yet.
    Late(u16),
}

fn turn() -> impl Strategy<Value = Turn> {
    prop_oneof![
        6 => any::<usize>().prop_map(Turn::Likely),
        3 => any::<usize>().prop_map(Turn::Anything),
        2 => any::<usize>().prop_map(Turn::Again),
        1 => Just(Turn::Expiry),
        1 => any::<u16>().prop_map(Turn::Late),
    ]
}

fn conduct() -> impl Strategy<Value = Conduct> {
    let defaults = Conduct::default();
    let on_machine = prop_oneof![Just(OnMachine::HangUp), Just(defaults.on_machine.clone())];
    (prop::option::of(3..60_u32), on_machine, 0..90_u32, prop_oneof![Just(0), 1..60_u32]).prop_map(
        move |(amd_timeout_s, on_machine, patience_s, wrap_up_s)| Conduct {
            amd_timeout_s,
            on_machine,
            patience_s,
            wrap_up_s,
            ..defaults.clone()
        },
    )
}

fn likely(state: &State) -> &'static [&'static str] {
    match state {
        State::Queued => &["placed", "in doubt", "ringing"],
        State::Dialing => &["initiated", "ringing", "answered", "answered", "answered", "busy"],
        State::Amd => &["amd human", "amd human", "amd unknown", "amd machine"],
        State::Conference => &["agent reserved", "agent reserved", "nobody free", "agent hangs up"],
        State::AgentWhisper { .. } => &[
            "agent placed",
            "agent ringing",
            "agent answered",
            "agent accepts",
            "agent takes",
            "agent declines",
            "agent silent",
            "agent hangs up",
        ],
        State::Bridged { .. } => &[
            "joined",
            "agent joined",
            "hold",
            "mute",
            "recording",
            "hangs up",
            "agent hangs up",
            "hang up operator",
        ],
        State::Voicemail => &["hangs up", "amd machine"],
        State::Closing { .. } => {
            &["hangs up", "agent hangs up", "agent-1 hangs up", "wrap up", "wrap up do not call"]
        }
        State::Dispositioned { .. } => &["recording", "agent reserved", "other ringing"],
    }
}

const ANYTHING: &str = "opened; placed; initiated; ringing; answered; answered but dnc; busy; no answer; failed; \
    canceled; hangs up; in doubt; withheld; unconfirmed; refused number; refused request; checked; joined; left; \
    other placed; other answered; other hangs up; other amd human; amd human; amd machine; amd fax; amd unknown; \
    agent reserved; agent reserved A; agent reserved B; nobody free; conference over; recording; no recording; \
    hang up dnc; hang up stopped; hang up operator; wrap up; wrap up busy; \
    agent-1 placed; agent-1 ringing; agent-1 answered; agent-1 hangs up; agent-1 no answer; agent-1 in doubt; \
    agent-1 unconfirmed; agent-1 refused number; agent-1 checked; agent-1 accepts; agent-1 takes; agent-1 declines; \
    agent-1 silent; hold; take back; mute; unmute; \
    other agent-1 answered; agent placed; agent answered; agent hangs up; agent in doubt; agent unconfirmed; \
    agent refused account; agent checked; agent accepts; agent declines; agent-9 accepts; agent-9 ringing; \
    timer placement; timer ring; timer verdict; timer patience; timer agent-search; timer offer; timer message; \
    timer talk; timer closing; timer wrap-up; stale timer patience; stale timer closing";

fn event(stage: &mut Stage, turn: &Turn) -> Option<Event> {
    let words = match turn {
        Turn::Likely(choice) => {
            let likely = likely(stage.call.state());
            likely[choice % likely.len()]
        }
        Turn::Anything(choice) => {
            let anything: Vec<&str> = ANYTHING.split(';').map(str::trim).collect();
            anything[choice % anything.len()]
        }
        Turn::Again(choice) => {
            let (event, _) = &stage.journal[choice % stage.journal.len()];
            return Some(event.clone());
        }
        Turn::Expiry => return stage.next_expiry(),
        Turn::Late(seconds) => {
            stage.now += SignedDuration::from_secs(i64::from(*seconds));
            return None;
        }
    };
    // There are only so many letters for agents.
    let agents = stage.call.memory().tried.len();
    (words != "agent reserved" || agents < 20).then(|| stage.event(words).unwrap())
}

/// What folding a journal gives.
fn folded(stage: &Stage) -> Call {
    let mut call = Call::new();
    for (version, (event, now)) in (1..).zip(&stage.journal) {
        call.handle(event, Moment { plan: &stage.plan, now: *now, version });
    }
    call
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    /// Every step is watched, and taken by the call and by what is stored of it alike; see `Stage`.
    #[test]
    fn promises_are_kept_whatever_happens(conduct in conduct(), turns in prop::collection::vec(turn(), 1..60)) {
        let mut stage = Stage::empty(conduct);
        stage.handle(&Event::CallOpened);
        for turn in &turns {
            if let Some(event) = event(&mut stage, turn) {
                stage.handle(&event);
            }
        }
        prop_assert_eq!(&folded(&stage), &stage.call);
        ends_with_its_legs(stage.clone());
        ends_in_silence(stage);
    }
}

#[test]
fn reports_of_a_call_that_nobody_answers_may_come_in_any_order() {
    for end in ["busy", "no answer", "failed"] {
        for order in orders(&["placed", "initiated", "ringing", end]) {
            let (stage, _) = play(&order.join("; "));
            let disposition = stage.call.state().disposition().unwrap();
            assert_eq!(disposition.as_str(), end.replace(' ', "_"), "{order:?}");
        }
    }
}

#[test]
fn reports_of_a_person_may_come_in_any_order_up_to_the_bridge() {
    for order in orders(&["placed", "initiated", "ringing", "answered", "amd human"]) {
        let (mut stage, _) = play(&order.join("; "));
        assert_eq!(stage.call.state(), &State::Conference, "{order:?}");
        stage.play("agent reserved", &mut Trace::default());
        for order in orders(&["agent placed", "agent ringing", "agent answered"]) {
            let mut stage = stage.clone();
            stage.play(&order.join("; "), &mut Trace::default());
            stage.play("agent accepts", &mut Trace::default());
            assert_eq!(stage.call.state().name(), "bridged", "{order:?}");
        }
    }
}

fn orders<'a>(words: &[&'a str]) -> Vec<Vec<&'a str>> {
    if words.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for first in 0..words.len() {
        let rest: Vec<&str> =
            words.iter().enumerate().filter(|(at, _)| *at != first).map(|(_, word)| *word).collect();
        all.extend(orders(&rest).into_iter().map(|order| [vec![words[first]], order].concat()));
    }
    all
}
