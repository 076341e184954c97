//! The verdict of answering-machine detection.

use super::Error;
use super::fields::{id, parsed, required};
use crate::answered_by::AnsweredBy;
use crate::form::Form;

/// A verdict; at most one for each leg, also after the leg is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    /// The carrier's id of the leg.
    pub call_sid: String,
    /// The carrier's id of the account.
    pub account_sid: String,
    /// Who or what answered.
    pub answered_by: AnsweredBy,
    /// How long detection took.
    pub duration_ms: Option<u32>,
}

impl Callback {
    /// Reads the four fields of a verdict; a word we do not know counts as undecided.
    ///
    /// # Errors
    /// When leg, account or verdict are missing.
    pub fn read(form: &Form) -> Result<Self, Error> {
        Ok(Self {
            call_sid: id(form, "CallSid")?,
            account_sid: id(form, "AccountSid")?,
            answered_by: AnsweredBy::or_unknown(required(form, "AnsweredBy")?),
            duration_ms: parsed(form, "MachineDetectionDuration")?,
        })
    }
}
