//! A leg that asks for its document: at the answer, after a redirect, after a key, after a conference.

use super::Error;
use super::fields::{id, optional, optional_id, parsed, unknown, url};
use crate::answered_by::AnsweredBy;
use crate::form::Form;
use crate::status::CallStatus;
use crate::words::words;

/// The longest run of keys that is read, in bytes.
const DIGITS_MAX_BYTES: usize = 64;

/// What every request for a document says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetch {
    /// The carrier's id of the leg.
    pub call_sid: String,
    /// The carrier's id of the account.
    pub account_sid: String,
    /// The leg's status; absent when it is a word we do not know, for the leg needs an answer anyway.
    pub status: Option<CallStatus>,
    /// The verdict, only when detection runs before the first document.
    pub answered_by: Option<AnsweredBy>,
    /// Why our own document could not be had; only in a request for the fallback document.
    pub failure: Option<Failure>,
}

/// Why the carrier could not use our document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The carrier's code: 11200 for an unusable HTTP answer, 12100 for a document it cannot read.
    pub code: Option<u32>,
    /// The URL that failed, without its query, which may hold a callback token.
    pub url: Option<String>,
}

/// The leg was asked to press a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gather {
    /// The leg.
    pub fetch: Fetch,
    /// The keys pressed: `0`-`9`, `*` and `#`; empty when none was pressed in time.
    pub digits: String,
}

/// The leg has left the conference it was in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dial {
    /// The leg.
    pub fetch: Fetch,
    /// How it went, for a conference always [`DialStatus::Answered`]; absent when it is a word we do not
    /// know, for the leg needs an answer anyway.
    pub status: Option<DialStatus>,
    /// The leg that was dialed; absent for a conference.
    pub dial_call_sid: Option<String>,
    /// How long that leg lasted; absent for a conference.
    pub duration_s: Option<u32>,
}

words! {
    /// How a dial within a document ended.
    pub enum DialStatus {
        /// It was answered, and is over.
        Completed = "completed",
        /// The leg was in a conference.
        Answered = "answered",
        /// The line was busy.
        Busy = "busy",
        /// It rang until the timeout.
        NoAnswer = "no-answer",
        /// It could not be connected.
        Failed = "failed",
        /// It was taken back before it was answered.
        Canceled = "canceled",
    }
}

impl Fetch {
    /// Reads the fields of a request for a document.
    ///
    /// # Errors
    /// When the leg or the account is not named.
    pub fn read(form: &Form) -> Result<Self, Error> {
        let code = parsed(form, "ErrorCode")?;
        let failed_url = url(form, "ErrorUrl")?.and_then(|url| url.split('?').next().map(str::to_owned));
        let failure = (code.is_some() || failed_url.is_some()).then_some(Failure { code, url: failed_url });
        Ok(Self {
            call_sid: id(form, "CallSid")?,
            account_sid: id(form, "AccountSid")?,
            status: optional(form, "CallStatus")?.and_then(CallStatus::read),
            answered_by: optional(form, "AnsweredBy")?.map(AnsweredBy::or_unknown),
            failure,
        })
    }
}

impl Gather {
    /// Reads the fields of a request that reports keys. Speech is not asked for, and not read.
    ///
    /// # Errors
    /// When the leg is not named or the keys are none a telephone has.
    pub fn read(form: &Form) -> Result<Self, Error> {
        let digits = optional(form, "Digits")?.unwrap_or_default();
        if digits.len() > DIGITS_MAX_BYTES {
            return Err(Error::TooLong("Digits", DIGITS_MAX_BYTES));
        }
        if !digits.bytes().all(|key| matches!(key, b'0'..=b'9' | b'A'..=b'D' | b'*' | b'#')) {
            return Err(unknown("Digits", digits));
        }
        Ok(Self { fetch: Fetch::read(form)?, digits: digits.to_owned() })
    }
}

impl Dial {
    /// Reads the fields of a request that follows a dial.
    ///
    /// # Errors
    /// When the leg or the account is not named.
    pub fn read(form: &Form) -> Result<Self, Error> {
        Ok(Self {
            fetch: Fetch::read(form)?,
            status: optional(form, "DialCallStatus")?.and_then(DialStatus::read),
            dial_call_sid: optional_id(form, "DialCallSid")?,
            duration_s: parsed(form, "DialCallDuration")?,
        })
    }
}
