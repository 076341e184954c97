//! What transitions do: the moves that the states of the call machine are made of.

use jiff::{SignedDuration, Timestamp};
use statig::prelude::*;

use crate::agent::Reservation;
use crate::disposition::Disposition;
use crate::{AgentId, Ending, Leg, Verdict};

use super::command::{Command, Release};
use super::legs::{LegRecord, Phase, Settlement};
use super::memory::Memory;
use super::plan::OnMachine;
use super::state::State;
use super::timer::{Deadline, Timer};
use super::turn::Turn;

/// Business seconds between checks of a placement that has not left us or is in doubt.
pub(super) const PLACEMENT_WATCH_S: i64 = 300;
/// What a ring may exceed its timeout by before the carrier is asked; theirs runs up to 5 s over.
pub(super) const RING_GRACE_S: i64 = 30;
/// Business seconds between later checks of a ringing leg.
pub(super) const RING_RECHECK_S: i64 = 60;
/// What detection may exceed its timeout by before a person is assumed.
pub(super) const VERDICT_GRACE_S: i64 = 5;
/// Business seconds between two searches for an agent.
pub(super) const AGENT_SEARCH_S: i64 = 2;
/// What an offer may exceed ring and key time by: the whisper itself, and the wire.
pub(super) const OFFER_GRACE_S: i64 = 20;
/// Business seconds a voicemail message may take before the carrier is asked.
pub(super) const MESSAGE_WATCH_S: i64 = 180;
/// Business seconds between checks of a conversation.
pub(super) const TALK_CHECK_S: i64 = 50;
/// Business seconds until legs that should be gone are checked first; doubles with each check.
pub(super) const CLOSING_CHECK_S: i64 = 20;
/// How often that interval doubles at most: the longest is about twenty minutes.
const CLOSING_CHECK_DOUBLINGS: u32 = 6;

impl Memory {
    /// When somebody, or something, picked up the lead leg.
    #[must_use]
    pub fn lead_answered_at(&self) -> Option<Timestamp> {
        self.legs.get(Leg::Lead).and_then(|record| record.answered_at)
    }

    /// Whether the lead's phone may have rung: not when a rule withheld the dial.
    #[must_use]
    pub fn was_dialed(&self) -> bool {
        self.legs.get(Leg::Lead).is_some_and(|record| record.settlement != Some(Settlement::Withheld))
    }

    /// Seconds that lead and agent were connected; zero until they have parted.
    #[must_use]
    pub fn talk_s(&self) -> i64 {
        match (self.bridged_at, self.parted_at) {
            (Some(bridged), Some(parted)) => parted.duration_since(bridged).as_secs().max(0),
            _ => 0,
        }
    }

    /// Whether an expiry is of the present deadline; if so, the deadline is used up.
    pub(super) fn expire(&mut self, timer: Timer, armed_at: u32) -> bool {
        let current = self.timers.is_current(timer, armed_at);
        if current {
            self.timers.disarm(timer);
        }
        current
    }

    /// Gives back every agent whose leg is over, or moves one on to the after-call work, whatever the state
    /// was in which the leg ended.
    pub(super) fn settle_agents(&mut self, context: &mut Turn<'_>, wrap_up: Option<AgentId>) {
        for record in self.legs.iter_mut() {
            let Some(agent) = record.agent.filter(|_| !record.is_open()) else { continue };
            record.agent = None;
            if wrap_up == Some(agent) {
                context.emit(Command::MoveAgent { agent, to: Reservation::WrapUp });
                continue;
            }
            let release = match (record.release, record.settlement) {
                _ if self.agent == Some(agent) => Release::WrappedUp,
                (Some(release), _) => release,
                (None, Some(Settlement::Ended(Ending::NoAnswer | Ending::Busy | Ending::Failed))) => {
                    Release::Missed
                }
                (None, Some(Settlement::Ended(Ending::Completed))) => Release::Declined,
                (None, _) => Release::NotNeeded,
            };
            context.emit(Command::ReleaseAgent { agent, release });
        }
    }

    pub(super) fn arm(&mut self, context: &Turn<'_>, timer: Timer, seconds: i64) {
        let at = context.now.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX);
        self.timers.arm(timer, Deadline { at, armed_at: context.version });
    }

    pub(super) fn disarm(&mut self, timers: &[Timer]) {
        for timer in timers {
            self.timers.disarm(*timer);
        }
    }

    pub(super) fn request_leg(
        &mut self,
        context: &mut Turn<'_>,
        leg: Leg,
        agent: Option<AgentId>,
        to: Option<String>,
    ) {
        // What is no number is the address of a program.
        let to_client = to.as_ref().is_some_and(|to| !to.starts_with('+'));
        let placement = context.emit(Command::PlaceLeg { leg, to });
        self.tried.extend(agent);
        self.legs.request(LegRecord {
            leg,
            agent,
            to_client,
            sid: None,
            phase: Phase::Requested,
            settlement: None,
            placement,
            requested_at: context.now,
            answered_at: None,
            duration_s: 0,
            hang_up_sent: false,
            release: None,
        });
    }

    pub(super) fn agent_legs(&self) -> u16 {
        u16::try_from(self.legs.iter().filter(|record| record.leg != Leg::Lead).count()).unwrap_or(u16::MAX)
    }

    pub(super) fn dialed(&mut self, context: &Turn<'_>) {
        self.disarm(&[Timer::Placement]);
        self.arm(context, Timer::Ring, i64::from(context.plan.conduct.ring_timeout_s) + RING_GRACE_S);
    }

    pub(super) fn judge(&mut self, context: &mut Turn<'_>, verdict: Verdict) -> Outcome<State> {
        self.verdict = Some(verdict);
        self.disarm(&[Timer::Verdict]);
        match (verdict, &context.plan.conduct.on_machine) {
            (Verdict::Human | Verdict::Unknown, _) => {
                let outcome = self.enter_conference(context);
                self.redirect(context, Leg::Lead);
                outcome
            }
            (Verdict::Machine, OnMachine::LeaveMessage { .. }) => {
                self.arm(context, Timer::Message, MESSAGE_WATCH_S);
                self.redirect(context, Leg::Lead);
                Transition(State::Voicemail)
            }
            (Verdict::Machine, OnMachine::HangUp) => self.close(context, Disposition::Voicemail),
            (Verdict::Fax, _) => self.close(context, Disposition::Fax),
        }
    }

    pub(super) fn enter_conference(&mut self, context: &mut Turn<'_>) -> Outcome<State> {
        self.waiting_since = Some(context.now);
        self.arm(context, Timer::Patience, i64::from(context.plan.conduct.patience_s));
        self.search(context);
        Transition(State::Conference)
    }

    pub(super) fn search(&self, context: &mut Turn<'_>) {
        let exclude = self.tried.clone();
        context.emit(Command::ReserveAgent { exclude });
    }

    /// Settles on what terms an agent is given back, whatever becomes of the leg; the first word counts.
    pub(super) fn give_back(&mut self, leg: Leg, release: Release) {
        if let Some(record) = self.legs.get_mut(leg).filter(|record| record.is_open()) {
            record.release.get_or_insert(release);
        }
    }

    /// Whether an agent has a leg that may still ring, or be spoken on.
    pub(super) fn is_engaged(&self, agent: AgentId) -> bool {
        self.legs.iter().any(|record| record.agent == Some(agent))
    }

    /// What an agent who did not accept in time is to be blamed for.
    pub(super) fn overdue(&self, leg: Leg) -> Release {
        match self.legs.get(leg) {
            Some(LegRecord { sid: Some(_), .. }) => Release::Missed,
            // Its phone may never have rung.
            _ => Release::NotNeeded,
        }
    }

    pub(super) fn next_agent(&mut self, context: &mut Turn<'_>, leg: Leg) -> Outcome<State> {
        self.disarm(&[Timer::Offer]);
        self.hang_up(context, leg);
        self.search(context);
        Transition(State::Conference)
    }

    /// Connects the lead with an agent who accepted.
    pub(super) fn bridge(&mut self, context: &mut Turn<'_>, leg: Leg, agent: AgentId) -> Outcome<State> {
        self.disarm(&[Timer::Patience, Timer::Offer]);
        self.agent = Some(agent);
        self.bridged_at = Some(context.now);
        context.emit(Command::MoveAgent { agent, to: Reservation::OnCall });
        self.arm(context, Timer::Talk, TALK_CHECK_S);
        Transition(State::Bridged { leg, agent })
    }

    pub(super) fn redirect(&self, context: &mut Turn<'_>, leg: Leg) {
        if let Some(sid) = self.legs.get(leg).and_then(|record| record.sid.clone()) {
            context.emit(Command::Redirect { leg, sid });
        }
    }

    pub(super) fn adjust_sound(&self, context: &mut Turn<'_>, leg: Leg) {
        if let Some(sid) = self.legs.get(leg).and_then(|record| record.sid.clone()) {
            context.emit(Command::AdjustSound { leg, sid });
        }
    }

    pub(super) fn check(&self, context: &mut Turn<'_>, leg: Leg) {
        if let Some(record) = self.legs.get(leg).filter(|record| record.is_open()) {
            let command = Command::CheckLeg { leg, sid: record.sid.clone(), placement: record.placement };
            context.emit(command);
        }
    }

    /// Checks every leg, those of earlier agents too: whose end went unheard is still kept from work.
    pub(super) fn check_all(&self, context: &mut Turn<'_>) {
        for record in self.legs.iter() {
            self.check(context, record.leg);
        }
    }

    pub(super) fn hang_up(&mut self, context: &mut Turn<'_>, leg: Leg) {
        if let Some(record) = self.legs.get_mut(leg).filter(|record| record.is_live())
            && let Some(sid) = record.sid.clone()
        {
            record.hang_up_sent = true;
            context.emit(Command::HangUp { leg, sid });
        }
    }

    /// Ends the legs that may be heard or ring, and that nobody has told so yet.
    pub(super) fn hang_up_all(&mut self, context: &mut Turn<'_>, spared: Option<Leg>) {
        let legs: Vec<Leg> = self.legs.iter().map(|record| record.leg).collect();
        for leg in legs {
            if Some(leg) != spared {
                self.hang_up_once(context, leg);
            }
        }
    }

    pub(super) fn hang_up_once(&mut self, context: &mut Turn<'_>, leg: Leg) {
        if self.legs.get(leg).is_some_and(|record| !record.hang_up_sent) {
            self.hang_up(context, leg);
        }
    }

    /// Ends every leg; the result is known.
    pub(super) fn close(&mut self, context: &mut Turn<'_>, disposition: Disposition) -> Outcome<State> {
        self.close_sparing(context, disposition, None)
    }

    /// Ends every leg but one, which has something left to hear.
    pub(super) fn close_sparing(
        &mut self,
        context: &mut Turn<'_>,
        disposition: Disposition,
        spared: Option<Leg>,
    ) -> Outcome<State> {
        self.part(context, spared);
        if self.legs.all_settled() {
            return self.conclude(context, disposition);
        }
        self.arm(context, Timer::Closing, CLOSING_CHECK_S);
        Transition(State::Closing { disposition, wrap_up: None })
    }

    /// Ends a conversation, and leaves the agent the time to write it up.
    pub(super) fn close_with_wrap_up(&mut self, context: &mut Turn<'_>, agent: AgentId) -> Outcome<State> {
        self.parted_at = Some(context.now);
        let wrap_up_s = context.plan.conduct.wrap_up_s;
        if wrap_up_s == 0 {
            return self.close(context, Disposition::Answered);
        }
        self.part(context, None);
        self.arm(context, Timer::Closing, CLOSING_CHECK_S);
        self.arm(context, Timer::WrapUp, i64::from(wrap_up_s));
        Transition(State::Closing { disposition: Disposition::Answered, wrap_up: Some(agent) })
    }

    /// Nothing is waited for but the end of the legs, and no agent is to blame for that.
    fn part(&mut self, context: &mut Turn<'_>, spared: Option<Leg>) {
        self.timers.clear();
        self.hang_up_all(context, spared);
        for record in self.legs.iter_mut().filter(|record| record.is_open() && record.agent.is_some()) {
            record.release.get_or_insert(Release::NotNeeded);
        }
    }

    /// The after-call work is done: the agent is free as soon as the agent's leg is.
    pub(super) fn finish_wrap_up(&mut self, context: &mut Turn<'_>, wrap_up: &mut Option<AgentId>) {
        self.disarm(&[Timer::WrapUp]);
        if let Some(agent) = wrap_up.take()
            && !self.is_engaged(agent)
        {
            context.emit(Command::ReleaseAgent { agent, release: Release::WrappedUp });
        }
    }

    /// Legs that should be gone are told so again, and looked up, ever more rarely.
    pub(super) fn insist(&mut self, context: &mut Turn<'_>) {
        let open: Vec<Leg> =
            self.legs.iter().filter(|record| record.is_open()).map(|record| record.leg).collect();
        for leg in open {
            self.hang_up(context, leg);
            self.check(context, leg);
        }
        self.closing_checks += 1;
        self.arm(
            context,
            Timer::Closing,
            CLOSING_CHECK_S << self.closing_checks.min(CLOSING_CHECK_DOUBLINGS),
        );
    }

    /// The call is over.
    pub(super) fn conclude(&mut self, context: &Turn<'_>, disposition: Disposition) -> Outcome<State> {
        self.closed_at = Some(context.now);
        self.timers.clear();
        Transition(State::Dispositioned { disposition })
    }
}
