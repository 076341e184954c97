//! The key under which a repeated webhook is recognised.

use crate::form::Form;
use crate::hook::Hook;

/// The request header that is the same in every delivery of one webhook.
pub const TOKEN_HEADER: &str = "I-Twilio-Idempotency-Token";

const TOKEN_MAX_BYTES: usize = 128;

/// The fields that tell two webhooks of one address apart, where the carrier sent no token.
const TELLING: [&str; 9] = [
    "ConferenceSid",
    "RecordingSid",
    "CallSid",
    "StatusCallbackEvent",
    "RecordingStatus",
    "DialCallStatus",
    "CallStatus",
    "AnsweredBy",
    "Digits",
];

/// The event key: the carrier's token when there is a usable one, else what the webhook is about, its
/// status and its sequence number.
///
/// The address is part of the key: whether the request for a fallback document repeats the token of
/// the request that failed is not documented, and it must not pass for a repetition of it.
#[must_use]
pub fn idempotency_key(hook: Hook, token: Option<&str>, form: &Form) -> String {
    let usable = |token: &&str| {
        (1..=TOKEN_MAX_BYTES).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic())
    };
    if let Some(token) = token.filter(usable) {
        return format!("{hook}/{token}");
    }
    let mut key = hook.to_string();
    for name in TELLING.into_iter().chain(["SequenceNumber"]) {
        key.push('/');
        key.extend(form.values(name).next().unwrap_or_default().chars().take(64));
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(hook: Hook, token: Option<&str>, body: &str) -> String {
        idempotency_key(hook, token, &Form::parse(body.as_bytes()).unwrap())
    }

    #[test]
    fn a_token_decides_whatever_the_fields_say() {
        assert_eq!(key(Hook::Status, Some("t-1"), "CallSid=CA1"), "status/t-1");
        assert_eq!(key(Hook::Status, Some("t-1"), "CallSid=CA2"), "status/t-1");
        assert_ne!(
            key(Hook::Fallback, Some("t-1"), "CallSid=CA1"),
            key(Hook::Answer, Some("t-1"), "CallSid=CA1")
        );
    }

    #[test]
    fn without_a_token_the_fields_decide() {
        let ringing = "CallSid=CA1&CallStatus=ringing&SequenceNumber=1";
        for unusable in [None, Some(""), Some("a b"), Some("\u{e9}"), Some(&*"x".repeat(129))] {
            assert_eq!(key(Hook::Status, unusable, ringing), "status///CA1////ringing///1");
        }
        for (hook, one, other) in [
            (Hook::Status, ringing, "CallSid=CA1&CallStatus=ringing&SequenceNumber=2"),
            (Hook::Status, ringing, "CallSid=CA1&CallStatus=in-progress&SequenceNumber=1"),
            (Hook::Status, ringing, "CallSid=CA2&CallStatus=ringing&SequenceNumber=1"),
            (
                Hook::ConferenceStatus,
                "ConferenceSid=CF1&StatusCallbackEvent=participant-join&SequenceNumber=1",
                "ConferenceSid=CF1&StatusCallbackEvent=participant-join&SequenceNumber=2",
            ),
            (
                Hook::Recording,
                "RecordingSid=RE1&RecordingStatus=in-progress",
                "RecordingSid=RE1&RecordingStatus=completed",
            ),
            (Hook::AgentAccept, "CallSid=CA1&Digits=", "CallSid=CA1&Digits=1"),
            (Hook::Answer, "CallSid=CA1", "CallSid=CA1&DialCallStatus=answered"),
        ] {
            assert_ne!(key(hook, None, one), key(hook, None, other), "{one} {other}");
        }
        assert!(key(Hook::Status, None, &format!("CallSid={}", "x".repeat(60_000))).len() < 1000);
    }
}
