//! Agents: whether one may be given a call, and what people see of one.

use jiff::Timestamp;

use crate::window::{self, CallingWindow};
use crate::words::words;
use crate::{AgentId, TenantId};

words! {
    /// What an agent says of itself.
    pub enum Presence, "presence" {
        /// Ready for calls.
        Available = "available",
        /// Logged in, and not to be called.
        Break = "break",
        /// Not there.
        Offline = "offline",
    }
}

words! {
    /// Where an agent takes calls.
    pub enum Reach, "reach" {
        /// On its telephone.
        Phone = "phone",
        /// In its browser, by the carrier's softphone.
        Browser = "browser",
    }
}

/// The name that an agent's softphone has at the carrier. No other agent of any organisation has it, also where
/// organisations share a carrier account; it consists of letters, digits and `_`.
#[must_use]
pub fn identity(tenant: TenantId, agent: AgentId) -> String {
    format!("{tenant}_{agent}")
}

words! {
    /// How far an agent is with one call, from being chosen for it until free of it. The further on, the
    /// greater, but for the wrap-up.
    pub enum Reservation, "reservation" {
        /// The lead is gone; the agent writes up the call.
        WrapUp = "wrap_up",
        /// Chosen, and not yet called.
        Reserved = "reserved",
        /// Its phone rings.
        Ringing = "ringing",
        /// It picked up, hears who the lead is, and has not accepted yet.
        Whisper = "whisper",
        /// It accepted, and is connected with the lead.
        OnCall = "on_call",
    }
}

words! {
    /// What people see of an agent.
    pub enum State, "agent state" {
        /// Ready for calls.
        Available = "available",
        /// Chosen for a call.
        Reserved = "reserved",
        /// Its phone rings.
        Ringing = "ringing",
        /// It hears who the lead is.
        Whisper = "whisper",
        /// It speaks with a lead.
        OnCall = "on_call",
        /// It writes up a call.
        WrapUp = "wrap_up",
        /// Logged in, and not to be called.
        Break = "break",
        /// Not there.
        Offline = "offline",
    }
}

/// What people see of an agent with these reservations: the most engaged of them, else its presence.
///
/// An agent who goes on a break during a call is shown on the call until it is over.
#[must_use]
pub fn state(presence: Presence, reservations: &[Reservation]) -> State {
    match (reservations.iter().max(), presence) {
        (Some(Reservation::WrapUp), _) => State::WrapUp,
        (Some(Reservation::Reserved), _) => State::Reserved,
        (Some(Reservation::Ringing), _) => State::Ringing,
        (Some(Reservation::Whisper), _) => State::Whisper,
        (Some(Reservation::OnCall), _) => State::OnCall,
        (None, Presence::Available) => State::Available,
        (None, Presence::Break) => State::Break,
        (None, Presence::Offline) => State::Offline,
    }
}

/// Everything that decides whether an agent may be given another call.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// What it says of itself.
    pub presence: Presence,
    /// Its working hours; none for always.
    pub working_hours: Option<&'a CallingWindow>,
    /// Reservations it has, those in wrap-up included.
    pub reservations: u32,
    /// Calls it can take at once; usually [`DEFAULT_MAX_CONCURRENT_CALLS`].
    pub max_concurrent_calls: u32,
}

/// How many calls an agent takes at once, unless told otherwise.
pub const DEFAULT_MAX_CONCURRENT_CALLS: u32 = 1;

words! {
    /// Why an agent is not given a call.
    pub enum Refusal, "refusal" {
        /// It is not there.
        Offline = "offline",
        /// It is on a break.
        OnBreak = "on_break",
        /// It has as many calls as it can take.
        Engaged = "engaged",
        /// Its working hours have not begun, or are over.
        OutsideWorkingHours = "outside_working_hours",
    }
}

/// Whether an agent may be given another call now.
///
/// # Errors
/// Says why it may not.
pub fn may_reserve(facts: &Facts<'_>, now: Timestamp) -> Result<(), Refusal> {
    match facts.presence {
        Presence::Offline => return Err(Refusal::Offline),
        Presence::Break => return Err(Refusal::OnBreak),
        Presence::Available => {}
    }
    if facts.reservations >= facts.max_concurrent_calls {
        return Err(Refusal::Engaged);
    }
    match facts.working_hours.map(|hours| hours.status(now)) {
        None | Some(window::Status::Open { .. }) => Ok(()),
        Some(window::Status::OpensAt(_) | window::Status::NeverAgain) => Err(Refusal::OutsideWorkingHours),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_see_the_most_engaged_reservation() {
        use Reservation::{OnCall, Ringing, WrapUp};
        for (presence, reservations, expected) in [
            (Presence::Available, &[][..], State::Available),
            (Presence::Break, &[], State::Break),
            (Presence::Offline, &[], State::Offline),
            (Presence::Break, &[OnCall], State::OnCall),
            (Presence::Available, &[WrapUp, Ringing], State::Ringing),
            (Presence::Available, &[Ringing, OnCall, WrapUp], State::OnCall),
            (Presence::Offline, &[WrapUp], State::WrapUp),
        ] {
            assert_eq!(state(presence, reservations), expected, "{presence} {reservations:?}");
        }
    }

    #[test]
    fn a_call_goes_to_who_is_there_free_and_at_work() {
        let berlin = CallingWindow::new(window::Terms::office_hours("Europe/Berlin")).unwrap();
        let (noon, night) = ("2026-11-23T11:00:00Z", "2026-11-23T23:00:00Z");
        for (presence, working_hours, calls, now, expected) in [
            (Presence::Available, None, (0, 1), night, Ok(())),
            (Presence::Available, Some(&berlin), (0, 1), noon, Ok(())),
            (Presence::Available, Some(&berlin), (0, 1), night, Err(Refusal::OutsideWorkingHours)),
            (Presence::Available, None, (1, 1), noon, Err(Refusal::Engaged)),
            (Presence::Available, None, (1, 2), noon, Ok(())),
            (Presence::Available, None, (0, 0), noon, Err(Refusal::Engaged)),
            (Presence::Break, None, (0, 1), noon, Err(Refusal::OnBreak)),
            (Presence::Offline, None, (0, 1), noon, Err(Refusal::Offline)),
        ] {
            let (reservations, max_concurrent_calls) = calls;
            let facts = Facts { presence, working_hours, reservations, max_concurrent_calls };
            assert_eq!(may_reserve(&facts, now.parse().unwrap()), expected, "{facts:?} {now}");
        }
    }
}
