//! Many steps applied in memory, and what of them has to be written.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use warmline_workflows::call::{Call, Command, Event, Moment, Ordinal, Plan, State};
use warmline_workflows::rules::Hours;
use warmline_workflows::{CallId, Disposition, TenantId, cadence};

use super::cache::Held;
use super::{Outcome, Step};

/// One line of a call's journal.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) version: u32,
    pub(crate) at: Timestamp,
    pub(crate) event: Event,
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    pub(crate) commands: Vec<Command>,
    pub(crate) outcome: Outcome,
}

/// A call that changed in this batch, with all that has to be written of it.
pub(crate) struct Draft {
    pub(crate) tenant: TenantId,
    pub(crate) base_version: u32,
    pub(crate) held: Held,
    pub(crate) lines: Vec<Line>,
    /// Commands that were found done, in whichever way; those of this batch among them.
    done: Vec<Ordinal>,
    /// The earliest deadline before the batch; an alarm is stored that is not later.
    deadline_before: Option<Timestamp>,
    /// A tick found the alarm used up: it must be written anew.
    ticked: bool,
}

/// What the alarm of a call has to become.
pub(crate) enum Alarm {
    Keep,
    Set(Timestamp),
    Clear,
}

impl Draft {
    pub(crate) fn new(tenant: TenantId, held: Held) -> Self {
        let deadline_before = held.call.next_deadline().map(|(_, deadline)| deadline.at);
        Self {
            tenant,
            base_version: held.version,
            held,
            lines: Vec::new(),
            done: Vec::new(),
            deadline_before,
            ticked: false,
        }
    }

    /// Applies an event, unless its key was taken before.
    pub(crate) fn apply(&mut self, step: &Step) -> Outcome {
        self.settle(step.settles);
        if self.held.seen.contains(&step.key) {
            return Outcome::Duplicate;
        }
        self.held.seen.insert(&step.key);
        self.advance(&step.event, step.now)
    }

    /// Fires every timer that is due, in the order of their deadlines.
    pub(crate) fn tick(&mut self, now: Timestamp) -> Outcome {
        self.ticked = true;
        let mut outcome = Outcome::Duplicate;
        for _ in 0..TIMERS_PER_TICK_MAX {
            let Some(event) = self.held.call.due(now) else { break };
            outcome = self.advance(&event, now);
        }
        outcome
    }

    fn advance(&mut self, event: &Event, now: Timestamp) -> Outcome {
        let version = self.held.version + 1;
        let call = Arc::make_mut(&mut self.held.call);
        let from = call.state().name();
        let handled = call.handle(event, Moment { plan: &self.held.plan, now, version });
        let to = call.state().name();
        self.held.version = version;
        self.settle(handled.confirmed);
        let outcome = handled.ignored.map_or(Outcome::Applied, Outcome::Ignored);
        self.lines.push(Line {
            version,
            at: now,
            event: event.clone(),
            from,
            to,
            commands: handled.commands,
            outcome,
        });
        outcome
    }

    fn settle(&mut self, ordinals: impl IntoIterator<Item = Ordinal>) {
        for ordinal in ordinals {
            if !self.done.contains(&ordinal) {
                self.done.push(ordinal);
            }
        }
    }

    /// The commands to be performed. One that is done within the batch that gave it is none of them:
    /// many steps written at once come to the same as one by one.
    pub(crate) fn commands(&self) -> impl Iterator<Item = (Ordinal, &Command)> {
        let given = self.lines.iter().flat_map(|line| {
            (0_u16..)
                .zip(&line.commands)
                .map(|(index, command)| (Ordinal { version: line.version, index }, command))
        });
        given.filter(|(ordinal, _)| !self.done.contains(ordinal))
    }

    /// The commands of earlier batches that are done.
    pub(crate) fn settled(&self) -> impl Iterator<Item = Ordinal> {
        self.done.iter().copied().filter(|ordinal| ordinal.version <= self.base_version)
    }

    /// What the stored alarm has to become.
    pub(crate) fn alarm(&self) -> Alarm {
        let deadline = self.held.call.next_deadline().map(|(_, deadline)| deadline.at);
        match (deadline, self.deadline_before) {
            (None, None) if !self.ticked => Alarm::Keep,
            (None, _) => Alarm::Clear,
            (Some(at), _) if self.ticked => Alarm::Set(at),
            (Some(at), Some(before)) if at >= before => Alarm::Keep,
            (Some(at), _) => Alarm::Set(at),
        }
    }

    /// When the batch closed the call: what becomes of its lead.
    pub(crate) fn closing(&self) -> Option<Closing> {
        let State::Dispositioned { disposition } = *self.held.call.state() else { return None };
        // The lines of a call that was over before the batch all begin in the terminal state.
        let line = self.lines.iter().find(|line| line.to == DISPOSITIONED && line.from != line.to)?;
        let plan = &self.held.plan;
        let memory = self.held.call.memory();
        let dialed = disposition.consumes_attempt() && memory.was_dialed();
        let attempts = plan.attempts_before + u16::from(dialed);
        let hours = Hours { window: &plan.window, zones: &plan.zones };
        let call_back_at = memory.call_back_at;
        let ended = cadence::Ended { disposition, attempts, call_back_at, hours };
        let next = cadence::next(&plan.cadence, &ended, line.at);
        Some(Closing { at: line.at, disposition, attempts, next })
    }
}

/// The name of the terminal state.
pub(super) const DISPOSITIONED: &str = "dispositioned";

/// A timer can arm another that is due at once only by a mistake; then the call must not spin.
const TIMERS_PER_TICK_MAX: usize = 16;

/// The end of a call, as its lead and its row see it.
pub(crate) struct Closing {
    pub(crate) at: Timestamp,
    pub(crate) disposition: Disposition,
    pub(crate) attempts: u16,
    pub(crate) next: cadence::Next,
}

/// The drafts of one batch, one per call.
#[derive(Default)]
pub(crate) struct Batch {
    drafts: HashMap<CallId, Draft>,
}

impl Batch {
    /// The draft of a call, begun from `held` when this is its first event in the batch.
    pub(crate) fn draft(&mut self, tenant: TenantId, call: CallId, held: &Held) -> &mut Draft {
        self.drafts.entry(call).or_insert_with(|| Draft::new(tenant, held.clone()))
    }

    /// The drafts, in an order that is the same everywhere, so that no two processes wait for each
    /// other's calls. One that changed nothing is among them: only the write shows whether what its
    /// answer rests on is still so.
    pub(crate) fn into_drafts(self) -> Vec<(CallId, Draft)> {
        let mut drafts: Vec<_> = self.drafts.into_iter().collect();
        drafts.sort_unstable_by_key(|(call, _)| *call);
        drafts
    }
}

/// Applies recorded events to a fresh call. The result must equal the stored state, for every call
/// ever recorded.
#[must_use]
pub fn fold<'a>(plan: &Plan, events: impl IntoIterator<Item = (&'a Event, Timestamp)>) -> Call {
    let mut call = Call::new();
    for (version, (event, now)) in (1_u32..).zip(events) {
        call.handle(event, Moment { plan, now, version });
    }
    call
}
