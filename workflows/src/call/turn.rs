//! A turn: one event's surroundings, in and out.

use jiff::Timestamp;
use statig::prelude::*;

use crate::words::words;

use super::command::{Command, Ordinal};
use super::plan::Plan;
use super::state::State;

words! {
    /// Why an event did not move the call. It may still have been noted, or something that came too late
    /// sent away.
    pub enum Ignored, "reason to ignore an event" {
        /// The leg is past that point already; a repeated or overtaken report.
        Late = "late",
        /// No such leg was ever requested.
        UnknownLeg = "unknown_leg",
        /// It speaks of another connection than the one we hold.
        OtherSid = "other_sid",
        /// A connection that must not exist; its end was asked for.
        Stray = "stray",
        /// The timer was disarmed or armed anew since.
        StaleTimer = "stale_timer",
        /// It has no meaning in this state.
        NotExpected = "not_expected",
        /// The call is over.
        CallOver = "call_over",
    }
}

/// The surroundings of one event: the inputs a handler may read and the outputs it may write.
pub struct Turn<'a> {
    /// The call's plan.
    pub plan: &'a Plan,
    /// Business time of the event.
    pub now: Timestamp,
    /// The version the call will have after this event.
    pub version: u32,
    /// Commands to be performed after the commit, in order.
    pub commands: Vec<Command>,
    /// Placements that this event proved to have been carried out.
    pub confirmed: Vec<Ordinal>,
    /// Why the event did not move the call, if so.
    pub ignored: Option<Ignored>,
}

impl Turn<'_> {
    /// Wants a command performed; its place in the call's life names it.
    pub(super) fn emit(&mut self, command: Command) -> Ordinal {
        let index = u16::try_from(self.commands.len()).unwrap_or(u16::MAX);
        self.commands.push(command);
        Ordinal { version: self.version, index }
    }

    /// Writes down that the event did not move the call.
    pub(super) fn ignore(&mut self, reason: Ignored) -> Outcome<State> {
        self.ignored = Some(reason);
        Handled
    }
}
