//! Something happened to a recording.

use jiff::Timestamp;

use super::Error;
use super::fields::{id, instant, optional_id, parsed, required, url};
use crate::form::Form;
use crate::words::words;

/// A recording callback; it may come minutes after the call and the conference are over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    /// The carrier's id of the recording.
    pub recording_sid: String,
    /// The carrier's id of the account.
    pub account_sid: String,
    /// How far it is.
    pub status: Status,
    /// The leg it was made of, when it was made of one.
    pub call_sid: Option<String>,
    /// The conference it was made of, when it was made of one.
    pub conference_sid: Option<String>,
    /// Where the audio is: append `.mp3` or `.wav`.
    pub url: Option<String>,
    /// Its length.
    pub duration_s: Option<u32>,
    /// 1, or 2 when each side has its own.
    pub channels: Option<u8>,
    /// When it began, to the second, by the carrier's clock.
    pub started_at: Option<Timestamp>,
    /// The carrier's code of what went wrong.
    pub error_code: Option<u32>,
}

words! {
    /// How far a recording is.
    pub enum Status {
        /// It runs.
        InProgress = "in-progress",
        /// It ran, and will be ready soon.
        Processing = "processing",
        /// The audio can be fetched.
        Completed = "completed",
        /// Nothing was recorded: too short, or silence.
        Absent = "absent",
        /// Anything else; nothing is to be done about it.
        Other = "other",
    }
}

impl Callback {
    /// Reads the fields of a recording callback.
    ///
    /// # Errors
    /// When recording, account or status are missing.
    pub fn read(form: &Form) -> Result<Self, Error> {
        Ok(Self {
            recording_sid: id(form, "RecordingSid")?,
            account_sid: id(form, "AccountSid")?,
            status: Status::read(required(form, "RecordingStatus")?).unwrap_or(Status::Other),
            call_sid: optional_id(form, "CallSid")?,
            conference_sid: optional_id(form, "ConferenceSid")?,
            url: url(form, "RecordingUrl")?,
            duration_s: parsed(form, "RecordingDuration")?,
            channels: parsed(form, "RecordingChannels")?,
            started_at: instant(form, "RecordingStartTime")?,
            // 0 has been seen on recordings that are fine.
            error_code: parsed(form, "ErrorCode")?.filter(|code| *code != 0),
        })
    }
}
