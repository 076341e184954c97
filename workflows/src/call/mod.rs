//! One call: one attempt to reach one lead, as a machine that can be stored between any two events.
//!
//! [`Call::handle`] is the whole of it: an event and the time go in, the call changes, and commands
//! come out. `machine` holds the states, [`legs`] sorts news from repetition, [`instruction`] reads
//! off what a leg shall do.

mod actions;
pub mod command;
pub mod event;
pub mod instruction;
pub mod legs;
mod machine;
pub mod memory;
pub mod plan;
pub mod state;
pub mod timer;
pub mod turn;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use statig::prelude::*;

pub use command::{Command, CommandId, Ordinal, Queue, Release};
pub use event::{Device, Event, HangUpReason, Refusal};
pub use instruction::Instruction;
pub use legs::{LegRecord, Phase, Settlement};
pub use plan::{Conduct, InvalidConduct, OnMachine, Plan};
pub use state::State;
pub use timer::{Deadline, Timer};
pub use turn::Ignored;

use legs::{LEG_LIFE_MAX_S, Observed};
use memory::Memory;
use turn::Turn;

/// The version of the stored form. Raise it with an up-caster and a fixture of the old form.
pub const SCHEMA_VERSION: i16 = 1;

/// A call as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    state: State,
    memory: Memory,
}

/// When an event is applied, and to what.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    /// The call's plan.
    pub plan: &'a Plan,
    /// Business time.
    pub now: Timestamp,
    /// The version the call will have after the event: one more than before.
    pub version: u32,
}

/// What came of one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handled {
    /// Commands to be performed once the new state is stored, in order.
    pub commands: Vec<Command>,
    /// Placements that the event proved to have been carried out, by whichever way the proof came.
    pub confirmed: Vec<Ordinal>,
    /// Why the event did not move the call, if so; a late connection or agent may still be sent away.
    pub ignored: Option<Ignored>,
}

impl Default for Call {
    fn default() -> Self {
        Self::new()
    }
}

impl Call {
    /// A call to which nothing has happened yet; its first event is [`Event::CallOpened`].
    #[must_use]
    pub fn new() -> Self {
        Self { state: State::Queued, memory: Memory::default() }
    }

    /// Where the call is in its life.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What the call remembers besides its state.
    #[must_use]
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// The earliest armed deadline, with the timer it belongs to.
    #[must_use]
    pub fn next_deadline(&self) -> Option<(Timer, Deadline)> {
        self.memory.timers.next()
    }

    /// The event of the earliest timer that is due at `now`, if any is.
    #[must_use]
    pub fn due(&self, now: Timestamp) -> Option<Event> {
        let (timer, deadline) = self.next_deadline()?;
        (deadline.at <= now).then_some(Event::TimerExpired { timer, armed_at: deadline.armed_at })
    }

    /// Applies one event. Total: any event in any state is either applied or ignored with a reason.
    pub fn handle(&mut self, event: &Event, moment: Moment<'_>) -> Handled {
        let mut turn = Turn {
            plan: moment.plan,
            now: moment.now,
            version: moment.version,
            commands: Vec::new(),
            confirmed: Vec::new(),
            ignored: None,
        };
        match self.take_note(event, &mut turn) {
            Some(ignored) => turn.ignored = Some(ignored),
            None => {
                let over = self.outlived(event, moment.now);
                self.dispatch(over.as_ref().unwrap_or(event), &mut turn);
            }
        }
        if let Event::RecordingCompleted { recording_sid, duration_s } = event {
            turn.emit(Command::FetchRecording {
                recording_sid: recording_sid.clone(),
                duration_s: *duration_s,
            });
        }
        Handled { commands: turn.commands, confirmed: turn.confirmed, ignored: turn.ignored }
    }

    /// Takes the event into the ledger of legs and the timers; says why it is no news, if so.
    fn take_note(&mut self, event: &Event, turn: &mut Turn<'_>) -> Option<Ignored> {
        if let Event::TimerExpired { timer, armed_at } = event
            && !self.memory.expire(*timer, *armed_at)
        {
            return Some(if self.state.is_terminal() { Ignored::CallOver } else { Ignored::StaleTimer });
        }
        match self.memory.legs.observe(event, turn.now) {
            Observed::News(confirmed) => {
                turn.confirmed.extend(confirmed);
                None
            }
            Observed::Stale(ignored) => Some(ignored),
            Observed::Stray(leg) => {
                if let Some(sid) = event.sid() {
                    turn.emit(Command::HangUp { leg, sid: sid.to_owned() });
                }
                Some(Ignored::Stray)
            }
        }
    }

    /// Runs the state's handler. The machine is built from the stored parts for this one event and
    /// taken apart again, so nothing is ever restored into a running machine.
    fn dispatch(&mut self, event: &Event, turn: &mut Turn<'_>) {
        let mut machine = std::mem::take(&mut self.memory).uninitialized_state_machine();
        *machine.state_mut() = self.state.clone();
        let mut machine = machine.init_with_context(turn);
        machine.handle_with_context(event, turn);
        self.state = machine.state().clone();
        self.memory = machine.inner().clone();
        let wrap_up = match self.state {
            State::Closing { wrap_up, .. } => wrap_up,
            _ => None,
        };
        self.memory.settle_agents(turn, wrap_up);
    }

    /// A leg that the carrier no longer knows, long after it must have ended, has ended.
    fn outlived(&mut self, event: &Event, now: Timestamp) -> Option<Event> {
        let Event::LegCheckInconclusive { leg } = event else { return None };
        let record = self.memory.legs.get(*leg)?;
        let end = record.requested_at.saturating_add(SignedDuration::from_secs(LEG_LIFE_MAX_S)).ok()?;
        if now < end {
            return None;
        }
        let over = match record.sid.clone() {
            Some(sid) => Event::LegEnded { leg: *leg, sid, ending: crate::Ending::Failed, duration_s: 0 },
            None => Event::PlacementUnconfirmed { leg: *leg },
        };
        self.memory.legs.observe(&over, now);
        Some(over)
    }
}
