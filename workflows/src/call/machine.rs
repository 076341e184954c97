//! The call machine: states in the order of a call's life.
//!
//! ```text
//! queued --placed--> dialing --answered--> amd --human--> conference --agent reserved--> agent_whisper
//!                       |                   |                 ^                               |   |
//!                       |                   machine           +---- declined, no answer ------+   accepted
//!                       |                   v                 |                                   v
//!                       |                voicemail            +--patience over--> closing <-- bridged
//!                       v                   v                                        v
//!                 dispositioned  <----------+-------- every leg settled -------------+
//! ```
//!
//! Handlers are pure: state, event and `now` in; the next state and commands out. There are no entry
//! or exit actions, because restoring a machine would run them again: whatever a transition wants
//! done, the handler that returns the transition emits.

use statig::prelude::*;

use crate::agent::Reservation;
use crate::disposition::Disposition;
use crate::rules::Reason;
use crate::{AgentId, Ending, Leg, Verdict};

use super::actions::*;
use super::command::{Command, Release};
use super::event::{Device, Event, HangUpReason, Refusal};
use super::memory::Memory;
use super::state::State;
use super::timer::Timer;
use super::turn::{Ignored, Turn};

#[state_machine(initial = "State::Queued", state(custom, name = "State"), superstate(derive(Debug)))]
impl Memory {
    /// Waiting for a worker to place the lead leg.
    #[state(superstate = "unanswered")]
    fn queued(&mut self, context: &mut Turn<'_>, event: &Event) -> Outcome<State> {
        match event {
            Event::CallOpened if self.legs.get(Leg::Lead).is_none() => {
                self.request_leg(context, Leg::Lead, None, None);
                self.arm(context, Timer::Placement, PLACEMENT_WATCH_S);
                Handled
            }
            Event::LegPlaced { .. } | Event::LegInitiated { .. } | Event::LegRinging { .. } => {
                self.dialed(context);
                Transition(State::Dialing)
            }
            Event::PlacementInDoubt { .. } => Transition(State::Dialing),
            Event::PlacementWithheld { reason } => {
                self.denial = Some(reason.clone());
                self.conclude(context, Disposition::Withheld)
            }
            Event::HangUpRequested { reason } => self.close(context, ended_by_us(*reason)),
            _ => Super,
        }
    }

    /// The lead leg is being placed, or rings.
    #[state(superstate = "unanswered")]
    fn dialing(&mut self, context: &mut Turn<'_>, event: &Event) -> Outcome<State> {
        match event {
            Event::LegPlaced { .. } | Event::LegInitiated { .. } | Event::LegRinging { .. } => {
                self.dialed(context);
                Handled
            }
            Event::TimerExpired { timer: Timer::Ring, .. } => {
                self.check(context, Leg::Lead);
                self.arm(context, Timer::Ring, RING_RECHECK_S);
                Handled
            }
            Event::HangUpRequested { reason } => self.close(context, ended_by_us(*reason)),
            _ => Super,
        }
    }

    /// What a call does alike while nobody has picked up.
    #[superstate(superstate = "root")]
    fn unanswered(&mut self, context: &mut Turn<'_>, event: &Event) -> Outcome<State> {
        match event {
            Event::LegAnswered { leg: Leg::Lead, denial: Some(reason), .. } => {
                self.denial = Some(reason.clone());
                self.disarm(&[Timer::Placement, Timer::Ring]);
                self.close(context, denied(reason))
            }
            Event::LegAnswered { leg: Leg::Lead, denial: None, .. } => {
                self.disarm(&[Timer::Placement, Timer::Ring]);
                match context.plan.conduct.amd_timeout_s {
                    Some(timeout_s) => {
                        self.arm(context, Timer::Verdict, i64::from(timeout_s) + VERDICT_GRACE_S);
                        Transition(State::Amd)
                    }
                    // The lead's own request for instructions is under way: no redirect.
                    None => self.enter_conference(context),
                }
            }
            // The verdict overtook the answer.
            Event::VerdictReached { verdict, .. } => {
                self.disarm(&[Timer::Placement, Timer::Ring]);
                self.judge(context, *verdict)
            }
            Event::LegEnded { leg: Leg::Lead, ending, .. } => self.conclude(
                context,
                match ending {
                    Ending::Busy => Disposition::Busy,
                    Ending::NoAnswer => Disposition::NoAnswer,
                    Ending::Failed => Disposition::Failed,
                    Ending::Canceled => Disposition::Canceled,
                    // Answered and over before any word of the answer reached us.
                    Ending::Completed => Disposition::HungUp,
                },
            ),
            Event::LegRefused { leg: Leg::Lead, refusal, .. } => self.conclude(
                context,
                match refusal {
                    Refusal::InvalidNumber => Disposition::InvalidNumber,
                    Refusal::NotReachable | Refusal::Request => Disposition::Failed,
                    // The fault is ours, and nobody was dialed: the lead comes back when it is mended.
                    Refusal::Account => Disposition::Withheld,
                },
            ),
            Event::PlacementUnconfirmed { leg: Leg::Lead } => {
                self.conclude(context, Disposition::Unconfirmed)
            }
            Event::LegCheckInconclusive { leg: Leg::Lead } => Handled,
            Event::TimerExpired { timer: Timer::Placement, .. } => {
                self.check(context, Leg::Lead);
                self.arm(context, Timer::Placement, PLACEMENT_WATCH_S);
                Handled
            }
            _ => Super,
        }
    }

    /// Answered; detection listens for a machine.
    #[state(superstate = "answered")]
    fn amd(&mut self, context: &mut Turn<'_>, event: &Event) -> Outcome<State> {
        match event {
            Event::VerdictReached { verdict, .. } => self.judge(context, *verdict),
            Event::TimerExpired { timer: Timer::Verdict, .. } => self.judge(context, Verdict::Unknown),
            _ => Super,
        }
    }

    /// The lead waits in the conference; an agent is sought.
    #[state(superstate = "waiting")]
    fn conference(&mut self, context: &mut Turn<'_>, event: &Event) -> Outcome<State> {
        match event {
            Event::AgentReserved { agent, phone } if !self.is_engaged(*agent) => {
                self.disarm(&[Timer::AgentSearch]);
                let leg = Leg::Agent(self.agent_legs() + 1);
                self.request_leg(context, leg, Some(*agent), Some(phone.clone()));
                context.emit(Command::MoveAgent { agent: *agent, to: Reservation::Ringing });
                let conduct = &context.plan.conduct;
                let offer_s = conduct.agent_ring_timeout_s + conduct.accept_timeout_s;
                self.arm(context, Timer::Offer, i64::from(offer_s) + OFFER_GRACE_S);
                Transition(State::AgentWhisper { leg, agent: *agent })
            }
            Event::AgentUnavailable => {
                self.arm(context, Timer::AgentSearch, AGENT_SEARCH_S);
                Handled
            }
            Event::TimerExpired { timer: Timer::AgentSearch, .. } => {
                self.disarm(&[Timer::AgentSearch]);
                self.search(context);
                Handled
            }
            _ => Super,
        }
    }

    /// An agent is being called, or hears the whisper.
    #[state(superstate = "waiting")]
    fn agent_whisper(
        &mut self,
        leg: &mut Leg,
        agent: &mut AgentId,
        context: &mut Turn<'_>,
        event: &Event,
    ) -> Outcome<State> {
        let (leg, agent) = (*leg, *agent);
        match event {
            // The agent's own request for instructions is under way: no redirect.
            Event::LegAnswered { leg: answered, .. }
                if *answered == leg && self.accepted_leg == Some(leg) =>
            {
                self.bridge(context, leg, agent)
            }
            Event::LegAnswered { leg: answered, .. } if *answered == leg => {
                context.emit(Command::MoveAgent { agent, to: Reservation::Whisper });
                Handled
            }
            Event::AgentAccepted { leg: accepting, by: Device::Phone } if *accepting == leg => {
                self.bridge(context, leg, agent)
            }
            Event::AgentAccepted { leg: accepting, by: Device::Console } if *accepting == leg => {
                if self.legs.get(leg).is_some_and(|record| record.answered_at.is_some()) {
                    self.redirect(context, leg);
                    return self.bridge(context, leg, agent);
                }
                self.accepted_leg = Some(leg);
                Handled
            }
            Event::AgentDeclined { leg: declined } if *declined == leg => {
                self.give_back(leg, Release::Declined);
                self.next_agent(context, leg)
            }
            Event::AgentSilent { leg: silent } if *silent == leg => {
                self.give_back(leg, Release::Missed);
                self.next_agent(context, leg)
            }
            Event::LegEnded { leg: over, .. }
            | Event::LegRefused { leg: over, .. }
            | Event::PlacementUnconfirmed { leg: over }
                if *over == leg =>
            {
                self.next_agent(context, leg)
            }
            Event::TimerExpired { timer: Timer::Offer, .. } => {
                self.give_back(leg, self.overdue(leg));
                self.check(context, leg);
                self.next_agent(context, leg)
            }
            _ => Super,
        }
    }

    /// What a call does alike while a person waits for an agent.
    #[superstate(superstate = "answered")]
    fn waiting(&mut self, context: &mut Turn<'_>, event: &Event) -> Outcome<State> {
        match event {
            Event::TimerExpired { timer: Timer::Patience, .. } => {
                // The lead leg lives on to hear the apology.
                let outcome = self.close_sparing(context, Disposition::Abandoned, Some(Leg::Lead));
                self.redirect(context, Leg::Lead);
                outcome
            }
            // Conclusions about machines that come after the hand-over only annotate.
            Event::VerdictReached { verdict, .. } => {
                self.verdict = Some(*verdict);
                Handled
            }
            _ => Super,
        }
    }

    /// Lead and agent are connected.
    #[state(superstate = "answered")]
    fn bridged(
        &mut self,
        leg: &mut Leg,
        agent: &mut AgentId,
        context: &mut Turn<'_>,
        event: &Event,
    ) -> Outcome<State> {
        let (leg, agent) = (*leg, *agent);
        match event {
            Event::LegEnded { leg: over, .. }
            | Event::LegRefused { leg: over, .. }
            | Event::PlacementUnconfirmed { leg: over }
                if *over == leg || *over == Leg::Lead =>
            {
                self.close_with_wrap_up(context, agent)
            }
            Event::HangUpRequested { .. } => self.close_with_wrap_up(context, agent),
            Event::HoldRequested { on } if *on != self.is_held => {
                self.is_held = *on;
                self.adjust_sound(context, Leg::Lead);
                Handled
            }
            Event::MuteRequested { on } if *on != self.is_muted => {
                self.is_muted = *on;
                self.adjust_sound(context, leg);
                Handled
            }
            Event::TimerExpired { timer: Timer::Talk, .. } => {
                self.check_all(context);
                self.arm(context, Timer::Talk, TALK_CHECK_S);
                Handled
            }
            Event::VerdictReached { verdict, .. } => {
                self.verdict = Some(*verdict);
                Handled
            }
            _ => Super,
        }
    }

    /// The voicemail message is being left.
    #[state(superstate = "answered")]
    fn voicemail(&mut self, context: &mut Turn<'_>, event: &Event) -> Outcome<State> {
        match event {
            Event::LegEnded { leg: Leg::Lead, .. } => self.conclude(context, Disposition::Voicemail),
            Event::TimerExpired { timer: Timer::Message, .. } => {
                self.check(context, Leg::Lead);
                self.arm(context, Timer::Message, MESSAGE_WATCH_S);
                Handled
            }
            _ => Super,
        }
    }

    /// What a call does alike once the lead leg was answered.
    #[superstate(superstate = "root")]
    fn answered(&mut self, context: &mut Turn<'_>, event: &Event) -> Outcome<State> {
        match event {
            Event::LegEnded { leg: Leg::Lead, .. } => self.close(context, Disposition::HungUp),
            Event::HangUpRequested { reason } => self.close(context, ended_by_us(*reason)),
            Event::LegCheckInconclusive { .. } => Handled,
            _ => Super,
        }
    }

    /// The result is known; legs are ending, or the agent does after-call work.
    #[state(superstate = "root")]
    fn closing(
        &mut self,
        disposition: &mut Disposition,
        wrap_up: &mut Option<AgentId>,
        context: &mut Turn<'_>,
        event: &Event,
    ) -> Outcome<State> {
        // A leg may only now turn out to exist; a lead who hears the apology may finish it.
        self.hang_up_all(context, (*disposition == Disposition::Abandoned).then_some(Leg::Lead));
        match event {
            Event::WrapUpFinished { disposition: chosen, call_back_at } if wrap_up.is_some() => {
                *disposition = chosen.unwrap_or(*disposition);
                self.call_back_at = *call_back_at;
                self.finish_wrap_up(context, wrap_up);
            }
            Event::TimerExpired { timer: Timer::WrapUp, .. } => self.finish_wrap_up(context, wrap_up),
            Event::TimerExpired { timer: Timer::Closing, .. } => self.insist(context),
            Event::PlacementWithheld { reason } => self.denial = Some(reason.clone()),
            Event::LegPlaced { .. }
            | Event::LegInitiated { .. }
            | Event::LegRinging { .. }
            | Event::LegAnswered { .. }
            | Event::LegEnded { .. }
            | Event::LegRefused { .. }
            | Event::PlacementInDoubt { .. }
            | Event::PlacementUnconfirmed { .. }
            | Event::LegCheckInconclusive { .. } => {}
            Event::HangUpRequested { .. } => self.insist(context),
            Event::AgentReserved { agent, .. } if *wrap_up == Some(*agent) => {
                return context.ignore(Ignored::NotExpected);
            }
            _ => return Super,
        }
        match (self.legs.all_settled(), *wrap_up) {
            (true, None) => return self.conclude(context, *disposition),
            // Nothing is left to check; the after-call work has a timer of its own.
            (true, Some(_)) => self.disarm(&[Timer::Closing]),
            (false, _) => {}
        }
        Handled
    }

    /// Over. Absorbs everything; an agent who was found too late goes back.
    #[state]
    fn dispositioned(disposition: &mut Disposition, context: &mut Turn<'_>, event: &Event) -> Outcome<State> {
        let _stands = disposition;
        if let Event::AgentReserved { agent, .. } = event {
            context.emit(Command::ReleaseAgent { agent: *agent, release: Release::NotNeeded });
        }
        context.ignore(Ignored::CallOver)
    }

    /// Every event that no state gave a meaning to, by name, so that a new kind of event does not
    /// compile until somebody has decided what it means here.
    #[superstate]
    fn root(&mut self, context: &mut Turn<'_>, event: &Event) -> Outcome<State> {
        match event {
            Event::ConferenceJoined { conference_sid, .. } => {
                self.conference_sid = Some(conference_sid.clone());
                Handled
            }
            // News of the leg that is waited for, unless its agent was given up and it only now turns out to exist.
            Event::LegPlaced { leg: leg @ Leg::Agent(_), .. }
            | Event::LegInitiated { leg: leg @ Leg::Agent(_), .. }
            | Event::LegRinging { leg: leg @ Leg::Agent(_), .. }
            | Event::LegAnswered { leg: leg @ Leg::Agent(_), .. } => {
                if self.legs.get(*leg).is_some_and(|record| record.release.is_some()) {
                    self.hang_up_once(context, *leg);
                }
                Handled
            }
            // The end of a leg frees its agent, whatever the state.
            Event::LegEnded { leg: Leg::Agent(_), .. }
            | Event::LegRefused { leg: Leg::Agent(_), .. }
            | Event::PlacementInDoubt { leg: Leg::Agent(_), .. }
            | Event::PlacementUnconfirmed { leg: Leg::Agent(_) }
            | Event::ConferenceLeft { .. }
            | Event::ConferenceEnded
            | Event::RecordingAbsent
            | Event::RecordingCompleted { .. } => Handled,
            // A reservation that nobody waits for any more, unless it is the one that we hold.
            Event::AgentReserved { agent, .. } => {
                if self.is_engaged(*agent) {
                    return context.ignore(Ignored::NotExpected);
                }
                context.emit(Command::ReleaseAgent { agent: *agent, release: Release::NotNeeded });
                context.ignore(Ignored::NotExpected)
            }
            Event::CallOpened
            | Event::LegPlaced { leg: Leg::Lead, .. }
            | Event::LegInitiated { leg: Leg::Lead, .. }
            | Event::LegRinging { leg: Leg::Lead, .. }
            | Event::LegAnswered { leg: Leg::Lead, .. }
            | Event::LegEnded { leg: Leg::Lead, .. }
            | Event::LegRefused { leg: Leg::Lead, .. }
            | Event::PlacementInDoubt { leg: Leg::Lead, .. }
            | Event::PlacementUnconfirmed { leg: Leg::Lead }
            | Event::PlacementWithheld { .. }
            | Event::LegCheckInconclusive { .. }
            | Event::VerdictReached { .. }
            | Event::AgentUnavailable
            | Event::AgentAccepted { .. }
            | Event::AgentDeclined { .. }
            | Event::AgentSilent { .. }
            | Event::HoldRequested { .. }
            | Event::MuteRequested { .. }
            | Event::HangUpRequested { .. }
            | Event::WrapUpFinished { .. }
            | Event::TimerExpired { .. } => context.ignore(Ignored::NotExpected),
        }
    }
}

fn ended_by_us(reason: HangUpReason) -> Disposition {
    match reason {
        HangUpReason::DoNotCall => Disposition::DoNotCall,
        HangUpReason::CampaignStopped | HangUpReason::Operator | HangUpReason::SpendCapReached => {
            Disposition::Canceled
        }
    }
}

fn denied(reason: &Reason) -> Disposition {
    match reason {
        Reason::DoNotCall => Disposition::DoNotCall,
        _ => Disposition::Canceled,
    }
}
