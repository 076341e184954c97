//! Webhooks: what the carrier tells us, typed, together with our own ids.
//!
//! Telephone numbers and places are in these requests too, and are left there: nothing here needs
//! them, and what is not read cannot leak.

pub mod amd;
pub mod conference;
mod fields;
pub mod key;
pub mod recording;
pub mod status;
pub mod voice;

pub use key::{TOKEN_HEADER, idempotency_key};

use crate::callback::{Callback, InvalidCallback};
use crate::form::Form;
use crate::hook::Hook;

/// One webhook, bound to the leg its URL names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Where it arrived.
    pub hook: Hook,
    /// Whom it is about.
    pub callback: Callback,
    /// The same for every delivery of the same webhook; see [`idempotency_key`].
    pub key: String,
    /// What it says.
    pub payload: Payload,
}

/// The parts of a request that make a webhook. Its signature must have been verified.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Where it arrived.
    pub hook: Hook,
    /// The query of its URL, without the question mark.
    pub query: &'a str,
    /// The value of its [`TOKEN_HEADER`], when it has one.
    pub token: Option<&'a str>,
    /// Its body.
    pub form: &'a Form,
}

/// What a webhook says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload {
    /// A leg asks what to do.
    Voice(voice::Fetch),
    /// A leg asks what to do after it was asked for a key.
    Gather(voice::Gather),
    /// A leg asks what to do after it left a conference.
    Dial(voice::Dial),
    /// A leg's status changed.
    Status(status::Callback),
    /// Answering-machine detection has a verdict.
    Amd(amd::Callback),
    /// Something happened in a conference.
    Conference(conference::Callback),
    /// Something happened to a recording.
    Recording(recording::Callback),
}

/// Why a request is no webhook of ours. None of these gets better when the carrier repeats it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Its URL names no call.
    #[error(transparent)]
    Callback(#[from] InvalidCallback),
    /// A field is not there, or is empty.
    #[error("webhook lacks field `{0}`")]
    Missing(&'static str),
    /// A field that may stand there once is repeated.
    #[error("webhook has field `{0}` more than once")]
    Repeated(&'static str),
    /// A value is longer than any real one.
    #[error("webhook field `{0}` is longer than {1} bytes")]
    TooLong(&'static str, usize),
    /// An id holds something other than visible ASCII.
    #[error("webhook field `{0}` is not an id")]
    Id(&'static str),
    /// A word we must understand is not one we know.
    #[error("webhook field `{name}` has the unknown value `{value}`")]
    Unknown {
        /// The field.
        name: &'static str,
        /// Its value, cut to a readable length.
        value: String,
    },
}

impl Webhook {
    /// Reads a verified request.
    ///
    /// # Errors
    /// When the URL names no call, or the body is not what this address expects.
    pub fn read(request: Request<'_>) -> Result<Self, Error> {
        let Request { hook, query, token, form } = request;
        Ok(Self {
            hook,
            callback: Callback::parse(query)?,
            key: idempotency_key(hook, token, form),
            payload: Payload::read(hook, form)?,
        })
    }
}

impl Payload {
    /// Reads a body as what its address expects. A leg asks for its document at one address whatever
    /// it did before, so there the fields tell which of the three it was.
    ///
    /// # Errors
    /// When a field that is needed is missing, repeated, too long or unreadable.
    pub fn read(hook: Hook, form: &Form) -> Result<Self, Error> {
        let has = |name| form.values(name).next().is_some();
        match hook {
            Hook::Amd => amd::Callback::read(form).map(Self::Amd),
            Hook::Status => status::Callback::read(form).map(Self::Status),
            Hook::ConferenceStatus => conference::Callback::read(form).map(Self::Conference),
            Hook::Recording => recording::Callback::read(form).map(Self::Recording),
            Hook::Answer | Hook::AgentAnswer | Hook::AgentAccept | Hook::Wait | Hook::Fallback => {
                if has("DialCallStatus") {
                    voice::Dial::read(form).map(Self::Dial)
                } else if has("Digits") || has("SpeechResult") {
                    voice::Gather::read(form).map(Self::Gather)
                } else {
                    voice::Fetch::read(form).map(Self::Voice)
                }
            }
        }
    }

    /// The account the webhook speaks for; it must be the tenant's.
    #[must_use]
    pub fn account_sid(&self) -> &str {
        match self {
            Self::Voice(fetch) => &fetch.account_sid,
            Self::Gather(gather) => &gather.fetch.account_sid,
            Self::Dial(dial) => &dial.fetch.account_sid,
            Self::Status(status) => &status.account_sid,
            Self::Amd(amd) => &amd.account_sid,
            Self::Conference(conference) => &conference.account_sid,
            Self::Recording(recording) => &recording.account_sid,
        }
    }
}
