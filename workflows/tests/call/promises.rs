//! What a call promises at every step, whatever happens to it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use warmline_workflows::call::{Call, Command, Event, Handled, Ordinal, Phase, State};
use warmline_workflows::{AgentId, Disposition, Ending, Leg};

use crate::stage::Stage;

/// What has to be remembered of the past of a call to tell whether it keeps its promises.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Promises {
    /// Placements that were commanded, by leg.
    placed: BTreeMap<Leg, Ordinal>,
    /// Placements that were reported as carried out.
    confirmed: BTreeSet<Ordinal>,
    /// Agents who are reserved for the call at present, with their leg.
    held: BTreeMap<AgentId, Option<Leg>>,
}

impl Promises {
    /// Watches one step.
    #[track_caller]
    pub(crate) fn watch(&mut self, before: &Call, event: &Event, handled: &Handled, after: (&Call, u32)) {
        let (after, version) = after;
        let step = || format!("{event:?}\nmade of {before:?}\n     -> {after:?}\nwith {handled:?}");
        if let Event::AgentReserved { agent, .. } = event {
            self.held.entry(*agent).or_default();
        }
        for (index, command) in (0..).zip(&handled.commands) {
            match command {
                Command::PlaceLeg { leg, .. } => {
                    self.watch_placement(*leg, event, after);
                    let again = self.placed.insert(*leg, Ordinal { version, index });
                    assert_eq!(again, None, "a second placement of one leg: {}", step());
                }
                Command::MoveAgent { agent, .. } => {
                    assert!(self.held.contains_key(agent), "moves an agent who is not held: {}", step());
                }
                Command::ReleaseAgent { agent, .. } => {
                    let held = self.held.remove(agent);
                    assert!(held.is_some(), "frees an agent who is not held: {}", step());
                    let open = held.flatten().is_some_and(|leg| is_open(after, leg));
                    assert!(!open, "frees an agent whose leg is not over: {}", step());
                }
                Command::Redirect { leg, .. } => {
                    let answered =
                        after.memory().legs.get(*leg).is_some_and(|leg| leg.phase == Phase::Answered);
                    assert!(answered, "redirects a leg that is not connected: {}", step());
                }
                _ => {}
            }
        }
        for ordinal in &handled.confirmed {
            assert!(
                self.placed.values().any(|placed| placed == ordinal),
                "confirms no placement: {}",
                step()
            );
            assert!(self.confirmed.insert(*ordinal), "confirms a placement twice: {}", step());
        }
        watch_connection(event, handled, after).unwrap_or_else(|why| panic!("{why}: {}", step()));
        watch_state(before, handled, after).unwrap_or_else(|why| panic!("{why}: {}", step()));
        let engaged: Option<AgentId> = match after.state() {
            State::AgentWhisper { agent, .. } | State::Bridged { agent, .. } => Some(*agent),
            State::Closing { wrap_up, .. } => *wrap_up,
            _ => None,
        };
        assert!(engaged.is_none_or(|agent| self.held.contains_key(&agent)), "freed too early: {}", step());
        if after.state().is_terminal() {
            assert!(self.held.is_empty(), "over, and an agent is still held: {}", step());
        }
    }

    fn watch_placement(&mut self, leg: Leg, event: &Event, after: &Call) {
        match (leg, event) {
            (Leg::Lead, Event::CallOpened) => {}
            (Leg::Agent(_), Event::AgentReserved { agent, .. }) => {
                assert_eq!(after.state(), &State::AgentWhisper { leg, agent: *agent });
                self.held.insert(*agent, Some(leg));
            }
            _ => panic!("{event:?} is no reason to dial {leg}"),
        }
    }

    /// Forgets which placements were confirmed, where versions do not tell them apart.
    pub(crate) fn forget_confirmed(&mut self) {
        self.confirmed.clear();
    }
}

/// A phone that rings or is picked up either is wanted, or is told to be quiet at once.
fn watch_connection(event: &Event, handled: &Handled, after: &Call) -> Result<(), &'static str> {
    let over = matches!(event, Event::LegEnded { .. });
    let bound = |leg| after.memory().legs.get(leg).filter(|leg| leg.phase != Phase::Settled);
    let leg = match event {
        Event::VerdictReached { .. } => Some(Leg::Lead),
        Event::LegPlaced { leg, .. }
        | Event::LegInitiated { leg, .. }
        | Event::LegRinging { leg, .. }
        | Event::LegAnswered { leg, .. } => Some(*leg),
        _ => None,
    };
    if let (Some(leg), Some(sid)) = (leg.filter(|_| !over), event.sid())
        && after.memory().legs.get(leg).is_some_and(|record| record.sid.as_deref() != Some(sid))
        && !handled
            .commands
            .iter()
            .any(|command| matches!(command, Command::HangUp { sid: ended, .. } if ended == sid))
    {
        return Err("a second connection is left alive");
    }
    let wanted = match after.state() {
        State::AgentWhisper { leg, .. } | State::Bridged { leg, .. } => Some(*leg),
        _ => None,
    };
    for record in after.memory().legs.iter().filter(|record| record.is_live() && !record.hang_up_sent) {
        let spoken_to = match (after.state(), record.leg) {
            (State::Closing { disposition, .. }, Leg::Lead) => *disposition == Disposition::Abandoned,
            (State::Dispositioned { .. }, _) => false,
            (_, Leg::Lead) => true,
            (_, leg) => wanted == Some(leg),
        };
        if !spoken_to {
            return Err("a leg that nobody waits for is left alive");
        }
    }
    match wanted {
        Some(leg) if bound(leg).is_none() => Err("waits for a leg that is over"),
        _ => Ok(()),
    }
}

/// No call can hang for ever; one that is over stays as it is.
fn watch_state(before: &Call, handled: &Handled, after: &Call) -> Result<(), &'static str> {
    let memory = after.memory();
    if !after.state().is_terminal() {
        // Not opened yet: nothing has been asked of anybody.
        let opened = memory.legs.get(Leg::Lead).is_some();
        return if opened && memory.timers.is_empty() { Err("waits without a timer") } else { Ok(()) };
    }
    if !memory.timers.is_empty() {
        return Err("over, and a timer is armed");
    }
    if !memory.legs.all_settled() {
        return Err("over, and a leg is open");
    }
    if after.state().disposition().is_none() || memory.closed_at.is_none() {
        return Err("over without a disposition and a time");
    }
    if !before.state().is_terminal() {
        return Ok(());
    }
    let idle = handled.commands.iter().all(|command| {
        matches!(
            command,
            Command::HangUp { .. } | Command::FetchRecording { .. } | Command::ReleaseAgent { .. }
        )
    });
    match () {
        () if before.state() != after.state() => Err("was over, and changed"),
        () if handled.ignored.is_none() => Err("was over, and took an event"),
        () if !idle => Err("was over, and wants something done"),
        () => Ok(()),
    }
}

fn is_open(call: &Call, leg: Leg) -> bool {
    call.memory().legs.get(leg).is_some_and(|record| record.is_open())
}

/// However it got here, the call is soon over when the carrier ends every leg and time passes.
#[track_caller]
pub(crate) fn ends_with_its_legs(mut stage: Stage) {
    const STEPS_MAX: u32 = 40;
    let from = stage.call.clone();
    for _ in 0..STEPS_MAX {
        if stage.call.state().is_terminal() {
            return;
        }
        let open = stage.call.memory().legs.iter().find(|record| record.is_open()).cloned();
        let event = match open {
            Some(record) => match record.sid {
                Some(sid) => {
                    Event::LegEnded { leg: record.leg, sid, ending: Ending::Completed, duration_s: 1 }
                }
                None => Event::PlacementUnconfirmed { leg: record.leg },
            },
            None => stage.next_expiry().unwrap(),
        };
        stage.advance(&event);
    }
    panic!("not over after {STEPS_MAX} steps, though every leg is: {:?}\nbegun from {from:?}", stage.call);
}

/// However it got here, the call is over some hours later when the carrier never says another word.
#[track_caller]
pub(crate) fn ends_in_silence(mut stage: Stage) {
    const STEPS_MAX: u32 = 2000;
    let (from, begun) = (stage.call.clone(), stage.now);
    for _ in 0..STEPS_MAX {
        if stage.call.state().is_terminal() {
            // A leg may be requested at the end of one's life, and lives five hours; then the last check.
            let took = stage.now.duration_since(begun);
            assert!(took < SignedDuration::from_hours(6), "over only after {took:?}: {from:?}");
            return;
        }
        let expiry = stage.next_expiry().unwrap();
        let commands = stage.advance(&expiry).commands;
        for command in commands {
            match command {
                Command::CheckLeg { leg, .. } => stage.advance(&Event::LegCheckInconclusive { leg }),
                Command::ReserveAgent { .. } => stage.advance(&Event::AgentUnavailable),
                _ => continue,
            };
        }
    }
    panic!("not over after {STEPS_MAX} steps in silence: {:?}\nbegun from {from:?}", stage.call);
}
