//! The legs of a call: what is known of each telephone connection.
//!
//! Leg events arrive late, twice and out of order. This ledger takes them first and says which are
//! news, so that the states only ever see news.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{AgentId, Ending, Leg};

use super::command::{Ordinal, Release};
use super::event::{Event, Refusal};
use super::turn::Ignored;

/// How far a leg has come. The order is the order of a leg's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The command to place it was given.
    Requested,
    /// It may or may not exist at the carrier.
    InDoubt,
    /// The carrier has it.
    Placed,
    /// The phone rings.
    Ringing,
    /// Picked up.
    Answered,
    /// Over, or known never to have been.
    Settled,
}

/// Why a leg is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settlement {
    /// The carrier reported its end.
    Ended(Ending),
    /// The carrier refused it.
    Refused(Refusal),
    /// No evidence of it within the quiet window.
    Unconfirmed,
    /// Never sent.
    Withheld,
}

/// One leg.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegRecord {
    /// Which leg.
    pub leg: Leg,
    /// The agent it goes to; none for the lead leg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentId>,
    /// Whether it goes to a browser or another program, and not to a telephone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub to_client: bool,
    /// The carrier's name for it, once known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// How far it has come.
    pub phase: Phase,
    /// Why it is settled, once it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settlement: Option<Settlement>,
    /// The command that places it.
    pub placement: Ordinal,
    /// When that command was given.
    pub requested_at: Timestamp,
    /// When it was picked up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Timestamp>,
    /// Connected seconds, once it is over.
    #[serde(default)]
    pub duration_s: u32,
    /// Whether its end was asked for.
    #[serde(default)]
    pub hang_up_sent: bool,
    /// On what terms its agent is given back, once given up; none as long as that depends on how the leg ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
}

impl LegRecord {
    /// Whether the leg exists at the carrier, or may exist.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.phase != Phase::Settled
    }

    /// Whether a phone may be ringing or a person may be on the line.
    #[must_use]
    pub fn is_live(&self) -> bool {
        matches!(self.phase, Phase::Placed | Phase::Ringing | Phase::Answered)
    }

    /// A leg that was spoken on was answered, even when the end is the first that is heard of it.
    fn note_unheard_answer(&mut self, ending: Ending, now: Timestamp) {
        if ending == Ending::Completed && self.duration_s > 0 && self.answered_at.is_none() {
            let begun = now.saturating_sub(SignedDuration::from_secs(i64::from(self.duration_s)));
            self.answered_at = Some(begun.unwrap_or(now).max(self.requested_at));
        }
    }
}

/// What a leg event changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Observed {
    /// It tells something new; the placement it confirms, if it is the first evidence of the leg.
    News(Option<Ordinal>),
    /// It tells nothing new.
    Stale(Ignored),
    /// It speaks of a connection that must not exist; its name is given so that it can be ended.
    Stray(Leg),
}

/// All legs of one call, the lead's first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Legs(Vec<LegRecord>);

/// A leg can be alive no longer than this after it was requested: the carrier's own limit is four
/// hours of talk.
pub const LEG_LIFE_MAX_S: i64 = 5 * 3600;

impl Legs {
    /// Adds a leg whose placement was just commanded.
    pub fn request(&mut self, record: LegRecord) {
        self.0.push(record);
    }

    /// A leg, if it was ever requested.
    #[must_use]
    pub fn get(&self, leg: Leg) -> Option<&LegRecord> {
        self.0.iter().find(|record| record.leg == leg)
    }

    /// A leg for changing.
    pub fn get_mut(&mut self, leg: Leg) -> Option<&mut LegRecord> {
        self.0.iter_mut().find(|record| record.leg == leg)
    }

    /// Every leg in the order of its request.
    pub fn iter(&self) -> impl Iterator<Item = &LegRecord> {
        self.0.iter()
    }

    /// Every leg for changing.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut LegRecord> {
        self.0.iter_mut()
    }

    /// Whether no leg exists or may exist any more.
    #[must_use]
    pub fn all_settled(&self) -> bool {
        self.0.iter().all(|record| !record.is_open())
    }

    /// Takes a leg event into the ledger. Events that speak of no leg are always news.
    pub fn observe(&mut self, event: &Event, now: Timestamp) -> Observed {
        match event {
            Event::LegPlaced { leg, sid } => self.reach(*leg, sid, Phase::Placed, now),
            Event::LegInitiated { leg, sid } => self.reach(*leg, sid, Phase::Placed, now),
            Event::LegRinging { leg, sid } => self.reach(*leg, sid, Phase::Ringing, now),
            Event::LegAnswered { leg, sid, .. } => self.reach(*leg, sid, Phase::Answered, now),
            Event::VerdictReached { sid, .. } => match self.reach(Leg::Lead, sid, Phase::Answered, now) {
                // The verdict itself is news even when the answer is not.
                Observed::Stale(Ignored::Late) if self.get(Leg::Lead).is_some_and(LegRecord::is_open) => {
                    Observed::News(None)
                }
                observed => observed,
            },
            Event::LegEnded { leg, sid, ending, duration_s } => {
                let observed = self.reach(*leg, sid, Phase::Settled, now);
                if let (Observed::News(_), Some(record)) = (observed, self.get_mut(*leg)) {
                    record.settlement = Some(Settlement::Ended(*ending));
                    record.duration_s = *duration_s;
                    record.note_unheard_answer(*ending, now);
                }
                observed
            }
            Event::PlacementInDoubt { leg, .. } => self.settle_or_doubt(*leg, None),
            Event::LegRefused { leg, refusal, .. } => {
                self.settle_or_doubt(*leg, Some(Settlement::Refused(*refusal)))
            }
            Event::PlacementUnconfirmed { leg } => self.settle_or_doubt(*leg, Some(Settlement::Unconfirmed)),
            Event::PlacementWithheld { .. } => self.settle_or_doubt(Leg::Lead, Some(Settlement::Withheld)),
            Event::LegCheckInconclusive { leg } => match self.get(*leg) {
                None => Observed::Stale(Ignored::UnknownLeg),
                Some(record) if !record.is_open() => Observed::Stale(Ignored::Late),
                Some(_) => Observed::News(None),
            },
            Event::CallOpened
            | Event::AgentReserved { .. }
            | Event::AgentUnavailable
            | Event::AgentAccepted { .. }
            | Event::AgentDeclined { .. }
            | Event::AgentSilent { .. }
            | Event::HoldRequested { .. }
            | Event::MuteRequested { .. }
            | Event::ConferenceJoined { .. }
            | Event::ConferenceLeft { .. }
            | Event::ConferenceEnded
            | Event::RecordingCompleted { .. }
            | Event::RecordingAbsent
            | Event::HangUpRequested { .. }
            | Event::WrapUpFinished { .. }
            | Event::TimerExpired { .. } => Observed::News(None),
        }
    }

    /// Evidence from the carrier that a leg named `sid` has come as far as `phase`.
    fn reach(&mut self, leg: Leg, sid: &str, phase: Phase, now: Timestamp) -> Observed {
        let Some(record) = self.get_mut(leg) else { return Observed::Stale(Ignored::UnknownLeg) };
        match &record.sid {
            Some(bound) if bound != sid => {
                // A second connection for one placement. It must not live.
                return if phase == Phase::Settled {
                    Observed::Stale(Ignored::OtherSid)
                } else {
                    Observed::Stray(leg)
                };
            }
            None if record.phase == Phase::Settled => {
                // Given up as never placed, and here it is after all.
                record.sid = Some(sid.to_owned());
                return if phase == Phase::Settled {
                    Observed::Stale(Ignored::Late)
                } else {
                    Observed::Stray(leg)
                };
            }
            Some(_) if record.phase >= phase => return Observed::Stale(Ignored::Late),
            Some(_) | None => {}
        }
        let confirmed = record.sid.is_none().then_some(record.placement);
        if record.sid.is_none() {
            record.sid = Some(sid.to_owned());
        }
        if phase >= Phase::Answered && record.answered_at.is_none() && phase != Phase::Settled {
            record.answered_at = Some(now);
        }
        record.phase = phase;
        Observed::News(confirmed)
    }

    /// What the placing worker or the reconciler concluded without a name for the leg.
    fn settle_or_doubt(&mut self, leg: Leg, settlement: Option<Settlement>) -> Observed {
        let Some(record) = self.get_mut(leg) else { return Observed::Stale(Ignored::UnknownLeg) };
        if record.sid.is_some() || record.phase == Phase::Settled {
            return Observed::Stale(Ignored::Late);
        }
        match settlement {
            // Whoever is in doubt has sent it, whatever anybody else withheld.
            Some(Settlement::Withheld) if record.phase == Phase::InDoubt => {
                return Observed::Stale(Ignored::Late);
            }
            Some(settlement) => {
                record.phase = Phase::Settled;
                record.settlement = Some(settlement);
            }
            None if record.phase == Phase::InDoubt => return Observed::Stale(Ignored::Late),
            None => record.phase = Phase::InDoubt,
        }
        Observed::News(None)
    }
}
