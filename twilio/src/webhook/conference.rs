//! Something happened in a conference.

use jiff::Timestamp;
use warmline_workflows::Leg;

use super::Error;
use super::fields::{id, instant, optional, parsed, required, text};
use crate::form::Form;
use crate::words::words;

/// A conference callback. Which comes first, the start or the second join, is not promised; nor is it
/// for the last leave and the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    /// The carrier's id of the conference; a name that is used again gets a new one.
    pub conference_sid: String,
    /// The carrier's id of the account.
    pub account_sid: String,
    /// The name we gave the conference.
    pub name: Option<String>,
    /// Orders the events of one conference.
    pub sequence: Option<u32>,
    /// When it happened, to the second, by the carrier's clock.
    pub at: Option<Timestamp>,
    /// What happened.
    pub event: Event,
}

/// What happened in the conference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Two are in the room and may speak.
    Started,
    /// The room is gone.
    Ended {
        /// Why.
        reason: EndReason,
        /// Whose leaving ended it, when it was a leaving.
        by: Option<Leg>,
    },
    /// Somebody came in.
    Joined(Participant),
    /// Somebody left.
    Left {
        /// Who.
        participant: Participant,
        /// Why.
        reason: LeaveReason,
    },
    /// Anything else: muting, holding, announcements, words yet to come.
    Other,
}

/// Who is in the conference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    /// The carrier's id of the leg.
    pub call_sid: String,
    /// The leg by our own label, when it is one of ours.
    pub leg: Option<Leg>,
}

words! {
    /// Why a participant left.
    pub enum LeaveReason {
        /// Hung up.
        HungUp = "participant_hung_up",
        /// Was redirected to another document by us.
        Redirected = "participant_updated_via_api",
        /// Was dropped because the other one left.
        OtherLeft = "moderator_ended_conference",
        /// The conference was ended by us.
        EndedByUs = "conference_ended_via_api",
        /// Never really came in.
        AddFailed = "participant_add_failed",
        /// A reason we do not know, or none.
        Other = "other",
    }
}

words! {
    /// Why a conference ended.
    pub enum EndReason {
        /// One whose leaving ends it left.
        EnderLeft = "participant-with-end-conference-on-exit-left",
        /// One whose leaving ends it was removed by us.
        EnderRemoved = "participant-with-end-conference-on-exit-kicked",
        /// The last one left.
        LastLeft = "last-participant-left",
        /// The last one was removed by us.
        LastRemoved = "last-participant-kicked",
        /// We ended it.
        EndedByUs = "conference-ended-via-api",
        /// A reason we do not know, or none.
        Other = "other",
    }
}

impl Callback {
    /// Reads the fields of a conference callback.
    ///
    /// # Errors
    /// When conference, account or event are missing, or who it was that joined or left.
    pub fn read(form: &Form) -> Result<Self, Error> {
        Ok(Self {
            conference_sid: id(form, "ConferenceSid")?,
            account_sid: id(form, "AccountSid")?,
            name: text(form, "FriendlyName")?,
            sequence: parsed(form, "SequenceNumber")?,
            at: instant(form, "Timestamp")?,
            event: event(form)?,
        })
    }
}

fn event(form: &Form) -> Result<Event, Error> {
    Ok(match required(form, "StatusCallbackEvent")? {
        "conference-start" => Event::Started,
        "conference-end" => {
            let reason = optional(form, "ReasonConferenceEnded")?.and_then(EndReason::read);
            Event::Ended {
                reason: reason.unwrap_or(EndReason::Other),
                by: parsed(form, "ParticipantLabelEndingConference")?,
            }
        }
        "participant-join" => Event::Joined(participant(form)?),
        "participant-leave" => {
            let reason = optional(form, "ReasonParticipantLeft")?.and_then(LeaveReason::read);
            Event::Left { participant: participant(form)?, reason: reason.unwrap_or(LeaveReason::Other) }
        }
        _ => Event::Other,
    })
}

fn participant(form: &Form) -> Result<Participant, Error> {
    Ok(Participant { call_sid: id(form, "CallSid")?, leg: parsed(form, "ParticipantLabel")? })
}
