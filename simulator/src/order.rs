//! Orders: what a caller asked for when it created a call.

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::amd::{Detection, Mode};
use crate::rest::error::ApiError;
use crate::rest::form::Form;

/// A call as it was ordered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// The number or address called.
    pub to: String,
    /// The caller id.
    pub from: String,
    /// What runs when the call is answered.
    pub source: Source,
    /// What runs when that fails.
    pub fallback: Option<Callback>,
    /// Where the progress of the call is reported.
    pub status_callback: Option<Callback>,
    /// Which steps of it are reported.
    pub status_events: Vec<Stage>,
    /// How long it may ring, in seconds.
    pub timeout_s: u32,
    /// How long it may last once answered, in seconds.
    pub time_limit_s: u32,
    /// Answering-machine detection, if asked for.
    pub detection: Option<Detection>,
    /// Recording of the whole call, if asked for.
    pub recording: Option<Recording>,
}

/// Where the instructions for a call come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Fetched.
    Url(Callback),
    /// Sent along.
    Twiml(String),
}

/// A URL of the customer's and how to ask it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Callback {
    /// Absolute, and possibly with delivery overrides in its fragment.
    pub url: String,
    pub method: Method,
}

/// How a callback is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    Get,
    #[default]
    Post,
}

/// A step of a call that can be reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Initiated,
    Ringing,
    Answered,
    Completed,
}

/// A recording and where its progress is reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recording {
    pub callback: Option<Callback>,
    /// Of `in-progress`, `completed` and `absent`.
    pub events: Vec<String>,
}

/// The longest the carrier lets any call last.
pub(crate) const TIME_LIMIT_MAX_S: u32 = 4 * 3600;
const TWIML_MAX_CHARS: usize = 4000;

impl Order {
    /// Reads and validates the parameters of a create request, in the order in which the real
    /// service complains. `owned` are the numbers the account may call from.
    pub(crate) fn from_form(form: &Form, owned: &[String]) -> Result<Self, ApiError> {
        let to = form.get("To").ok_or_else(|| ApiError::bad(21201, "No 'To' number is specified"))?;
        let from = form.get("From").ok_or_else(|| ApiError::bad(21213, "No 'From' number is specified"))?;
        check_from(from, owned)?;
        check_to(to)?;
        if to == from {
            return Err(ApiError::bad(21266, "'To' and 'From' numbers cannot be the same"));
        }
        let source = match Source::from_form(form)? {
            Some(source) => source,
            None if form.get("ApplicationSid").is_some() => {
                return Err(ApiError::bad(
                    21218,
                    "ApplicationSid is not valid: this account has no applications",
                ));
            }
            None => return Err(ApiError::bad(21205, "Url parameter is required.")),
        };
        check_digits(form)?;
        let timeout_s = match form.get("Timeout") {
            None => 60,
            Some(text) => {
                text.parse().ok().filter(|seconds| (1..=600).contains(seconds)).ok_or_else(|| {
                    ApiError::bad(21208, format!("Timeout {text} is not a number from 1 to 600"))
                })?
            }
        };
        Ok(Self {
            to: to.to_owned(),
            from: from.to_owned(),
            source,
            fallback: Callback::from_form(form, "FallbackUrl", "FallbackMethod")?,
            status_callback: Callback::from_form(form, "StatusCallback", "StatusCallbackMethod")?,
            status_events: stages(form),
            timeout_s,
            time_limit_s: form.number_or("TimeLimit", TIME_LIMIT_MAX_S, 1..=TIME_LIMIT_MAX_S),
            detection: detection(form)?,
            recording: recording(form)?,
        })
    }

    /// Whether a stage of the call is to be reported.
    pub(crate) fn wants(&self, stage: Stage) -> bool {
        self.status_events.contains(&stage)
    }
}

impl Source {
    /// The `Url` or `Twiml` of a create or modify request, if there is one.
    pub(crate) fn from_form(form: &Form) -> Result<Option<Self>, ApiError> {
        if let Some(callback) = Callback::from_form(form, "Url", "Method")? {
            return Ok(Some(Self::Url(callback)));
        }
        match form.get("Twiml") {
            Some(twiml) if twiml.chars().count() > TWIML_MAX_CHARS => {
                Err(ApiError::bad(20001, format!("Twiml is longer than {TWIML_MAX_CHARS} characters")))
            }
            twiml => Ok(twiml.map(|twiml| Self::Twiml(twiml.to_owned()))),
        }
    }
}

impl Callback {
    /// Reads a URL parameter and the one that names its method.
    pub(crate) fn from_form(form: &Form, name: &str, method_name: &str) -> Result<Option<Self>, ApiError> {
        let method = match form.get(method_name).map(str::to_ascii_uppercase).as_deref() {
            None | Some("POST") => Method::Post,
            Some("GET") => Method::Get,
            Some(other) => {
                return Err(ApiError::bad(21209, format!("{method_name} {other} is not GET or POST")));
            }
        };
        let Some(text) = form.get(name) else { return Ok(None) };
        let valid = Url::parse(text).is_ok_and(|url| {
            let web = matches!(url.scheme(), "http" | "https");
            // The real service refuses underscores in host names.
            let host =
                url.host().is_some_and(|host| !matches!(host, Host::Domain(name) if name.contains('_')));
            web && host
        });
        if !valid {
            return Err(ApiError::bad(21205, format!("{name} is not a valid URL: {text}")));
        }
        Ok(Some(Self { url: text.to_owned(), method }))
    }
}

fn check_from(from: &str, owned: &[String]) -> Result<(), ApiError> {
    match from {
        "+15005550001" => Err(invalid_from(from)),
        "+15005550006" => Ok(()),
        _ if owned.iter().any(|number| number == from) => Ok(()),
        _ if !is_address(from) => Err(invalid_from(from)),
        _ => Err(ApiError::bad(
            21210,
            format!("The source phone number provided, {from}, is not yet verified for your account."),
        )),
    }
}

fn invalid_from(from: &str) -> ApiError {
    ApiError::bad(
        21212,
        format!("The phone number {from} is not a valid, SMS-capable or voice-capable caller id."),
    )
}

fn check_to(to: &str) -> Result<(), ApiError> {
    let refused =
        |code, why: &str| Err(ApiError::bad(code, format!("The phone number you are calling, {to}, {why}.")));
    match to {
        "+15005550001" => refused(21217, "does not appear to be valid"),
        "+15005550002" => refused(21214, "cannot be reached"),
        "+15005550003" => refused(21215, "is in a place your account is not authorized to call"),
        "+15005550004" => refused(21216, "is blocked"),
        _ if is_address(to) => Ok(()),
        _ => Err(ApiError::bad(
            21211,
            format!("The phone number you are attempting to call, {to}, is not valid."),
        )),
    }
}

/// An E.164 number, or the address of a softphone or SIP endpoint.
fn is_address(text: &str) -> bool {
    if let Some(name) = text.strip_prefix("client:").or_else(|| text.strip_prefix("sip:")) {
        return !name.is_empty();
    }
    let digits = text.strip_prefix('+').unwrap_or_default();
    (7..=15).contains(&digits.len())
        && !digits.starts_with('0')
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn check_digits(form: &Form) -> Result<(), ApiError> {
    match form.get("SendDigits") {
        Some(digits)
            if digits.len() > 32 || !digits.chars().all(|key| "0123456789ABCD#*wW".contains(key)) =>
        {
            Err(ApiError::bad(21206, format!("SendDigits {digits} is not valid")))
        }
        _ => Ok(()),
    }
}

/// The subscribed stages; unknown names are ignored, none at all means the end of the call.
fn stages(form: &Form) -> Vec<Stage> {
    let names = form.list("StatusCallbackEvent");
    if names.is_empty() {
        return vec![Stage::Completed];
    }
    let stage = |name: &str| match name {
        "initiated" => Some(Stage::Initiated),
        "ringing" => Some(Stage::Ringing),
        "answered" => Some(Stage::Answered),
        "completed" => Some(Stage::Completed),
        _ => None,
    };
    names.into_iter().filter_map(stage).collect()
}

fn detection(form: &Form) -> Result<Option<Detection>, ApiError> {
    let mode = match form.get("MachineDetection") {
        None => return Ok(None),
        Some("Enable") => Mode::Enable,
        Some("DetectMessageEnd") => Mode::DetectMessageEnd,
        Some(other) => return Err(ApiError::bad(21234, format!("MachineDetection {other} is not valid"))),
    };
    // The carrier listens only when it does not have to dial digits first, and never to a browser.
    if form.get("SendDigits").is_some() || form.get("To").is_some_and(|to| to.starts_with("client:")) {
        return Ok(None);
    }
    let default = Detection::new(mode);
    let async_callback = if form.is_true("AsyncAmd") {
        let callback = Callback::from_form(form, "AsyncAmdStatusCallback", "AsyncAmdStatusCallbackMethod")?;
        Some(callback.ok_or_else(|| ApiError::bad(21262, "AsyncAmd needs an AsyncAmdStatusCallback"))?)
    } else {
        None
    };
    // Bad times are a warning on the real service, not an error: the defaults apply.
    Ok(Some(Detection {
        mode,
        async_callback,
        timeout_ms: form.number_or("MachineDetectionTimeout", default.timeout_ms / 1000, 3..=60) * 1000,
        speech_threshold_ms: form.number_or(
            "MachineDetectionSpeechThreshold",
            default.speech_threshold_ms,
            1_000..=6_000,
        ),
        speech_end_threshold_ms: form.number_or(
            "MachineDetectionSpeechEndThreshold",
            default.speech_end_threshold_ms,
            500..=5_000,
        ),
        silence_timeout_ms: form.number_or(
            "MachineDetectionSilenceTimeout",
            default.silence_timeout_ms,
            2_000..=10_000,
        ),
    }))
}

fn recording(form: &Form) -> Result<Option<Recording>, ApiError> {
    if !form.is_true("Record") {
        return Ok(None);
    }
    let mut events: Vec<String> =
        form.list("RecordingStatusCallbackEvent").into_iter().map(str::to_owned).collect();
    if events.is_empty() {
        events.push("completed".to_owned());
    }
    let callback = Callback::from_form(form, "RecordingStatusCallback", "RecordingStatusCallbackMethod")?;
    Ok(Some(Recording { callback, events }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(form: &str) -> Option<u32> {
        Order::from_form(&Form::parse(form.as_bytes()), &["+14155550100".to_owned()])
            .err()
            .map(|error| error.code)
    }

    #[test]
    fn orders_are_refused_by_code() {
        let ok = "To=%2B14155550101&From=%2B14155550100&Url=https://a.test/x";
        let rows = [
            ("From=%2B14155550100&Url=https://a.test", Some(21201)),
            ("To=%2B14155550101&Url=https://a.test", Some(21213)),
            ("To=12345&From=%2B14155550100&Url=https://a.test", Some(21211)),
            ("To=%2B14155550101&From=%2B14155550199&Url=https://a.test", Some(21210)),
            ("To=%2B14155550101&From=abc&Url=https://a.test", Some(21212)),
            ("To=%2B14155550101&From=%2B15005550001&Url=https://a.test", Some(21212)),
            ("To=%2B15005550001&From=%2B15005550006&Url=https://a.test", Some(21217)),
            ("To=%2B15005550002&From=%2B15005550006&Url=https://a.test", Some(21214)),
            ("To=%2B15005550003&From=%2B15005550006&Url=https://a.test", Some(21215)),
            ("To=%2B15005550004&From=%2B15005550006&Url=https://a.test", Some(21216)),
            ("To=%2B14155550100&From=%2B14155550100&Url=https://a.test", Some(21266)),
            ("To=%2B14155550101&From=%2B14155550100", Some(21205)),
            ("To=%2B14155550101&From=%2B14155550100&ApplicationSid=AP1", Some(21218)),
            ("To=%2B14155550101&From=%2B14155550100&Url=/relative", Some(21205)),
            ("To=%2B14155550101&From=%2B14155550100&Url=https://a_b.test/", Some(21205)),
            (&format!("{ok}&Timeout=601"), Some(21208)),
            (&format!("{ok}&Method=PUT"), Some(21209)),
            (&format!("{ok}&SendDigits=x"), Some(21206)),
            (&format!("{ok}&MachineDetection=Maybe"), Some(21234)),
            (&format!("{ok}&MachineDetection=Enable&AsyncAmd=true"), Some(21262)),
            (ok, None),
            ("To=client:dana&From=%2B14155550100&Twiml=<Response/>", None),
            (&format!("{ok}&MachineDetection=Enable&MachineDetectionTimeout=999"), None),
        ];
        for (form, expected) in rows {
            assert_eq!(code(form), expected, "{form}");
        }
    }

    #[test]
    fn lists_may_be_repeated_or_spaced() {
        for events in [
            "StatusCallbackEvent=ringing&StatusCallbackEvent=answered",
            "StatusCallbackEvent=ringing+answered",
        ] {
            assert_eq!(stages(&Form::parse(events.as_bytes())), [Stage::Ringing, Stage::Answered]);
        }
        assert_eq!(stages(&Form::default()), [Stage::Completed]);
    }
}
