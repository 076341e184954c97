//! The status of a leg changed.

use jiff::Timestamp;

use super::Error;
use super::fields::{id, instant, optional, parsed, required, unknown};
use crate::answered_by::AnsweredBy;
use crate::form::Form;
use crate::status::CallStatus;

/// A status callback. They may overtake each other: `completed` may come before `ringing`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    /// The carrier's id of the leg.
    pub call_sid: String,
    /// The carrier's id of the account.
    pub account_sid: String,
    /// The new status.
    pub status: CallStatus,
    /// Orders the events of one leg; gaps are normal.
    pub sequence: Option<u32>,
    /// When it happened, to the second, by the carrier's clock.
    pub at: Option<Timestamp>,
    /// How long the leg was connected; only with a last status.
    pub duration_s: Option<u32>,
    /// Why it was not connected: 404 no such number, 486 busy, 487 given up; only with a last status.
    pub sip_code: Option<u16>,
    /// What detection concluded, if it ran and the carrier repeats it; only with a last status.
    pub answered_by: Option<AnsweredBy>,
}

impl Callback {
    /// Reads the fields of a status callback.
    ///
    /// # Errors
    /// When leg, account or status are missing, or the status is none we know: to guess whether a leg
    /// is over would be worse than to ask the carrier later.
    pub fn read(form: &Form) -> Result<Self, Error> {
        let status = required(form, "CallStatus")?;
        Ok(Self {
            call_sid: id(form, "CallSid")?,
            account_sid: id(form, "AccountSid")?,
            status: CallStatus::read(status).ok_or_else(|| unknown("CallStatus", status))?,
            sequence: parsed(form, "SequenceNumber")?,
            at: instant(form, "Timestamp")?,
            // `Duration` is there too, in minutes rounded up.
            duration_s: parsed(form, "CallDuration")?,
            sip_code: parsed(form, "SipResponseCode")?,
            answered_by: optional(form, "AnsweredBy")?.map(AnsweredBy::or_unknown),
        })
    }
}
