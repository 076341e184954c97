//! Faults: how impolite the carrier is, on request.
//!
//! Faults happen on the wire between the carrier and its customer, so their durations are real
//! milliseconds and not carrier time. Shares are probabilities from 0 to 1; which request is hit
//! is decided by the seed.

use serde::{Deserialize, Serialize};

/// All faults; the default is none.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// What happens to notifications on their way to the customer.
    pub webhooks: WebhookFaults,
    /// What happens to requests that create calls.
    pub create: RestFaults,
    /// What happens to all other modifying requests.
    pub update: RestFaults,
    /// What happens to requests that list resources.
    pub list: ListFaults,
}

/// Faults of notifications. Requests for documents are left alone: they carry a live call.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebhookFaults {
    /// Added to every notification.
    pub delay_ms: u64,
    /// A random delay up to this is added to each by itself, so that they overtake each other.
    pub disorder_ms: u64,
    /// Share sent two or three times, with the same idempotency token.
    pub duplicate: f64,
    /// Share never sent.
    pub lose: f64,
    /// Share never sent of those about recordings, if it is more.
    pub lose_recordings: f64,
}

/// Faults of modifying requests. At most one hits a request; they are tried in this order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RestFaults {
    /// Share answered 429 and not processed.
    pub too_many: f64,
    /// Share answered 503 and not processed.
    pub refuse: f64,
    /// Share processed and answered 500.
    pub error_after: f64,
    /// Share processed, whose connection is then reset without an answer.
    pub reset_after: f64,
    /// Share processed, left without an answer for `hang_ms`, then reset.
    pub hang_after: f64,
    /// Share processed and answered properly, but `slow_ms` late.
    pub slow: f64,
    /// How long a hanging request hangs; 0 means one minute.
    pub hang_ms: u64,
    /// How late a slow answer is.
    pub slow_ms: u64,
}

/// Faults of lists.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListFaults {
    /// Added to the answer of every list.
    pub delay_ms: u64,
    /// A call appears in lists only this long after it was created.
    pub lag_ms: u64,
    /// Share answered 503.
    pub refuse: f64,
}

/// Points that the real service leaves open; a customer must live with either choice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Quirks {
    /// Report `unknown` when the callee hangs up before a verdict, instead of nothing.
    pub verdict_at_early_hangup: bool,
    /// Put `AnsweredBy` into the last status callback also when detection was asynchronous.
    pub answered_by_at_end: bool,
    /// Number the start of a conference before the join that started it, instead of after.
    pub start_before_join: bool,
    /// The shortest and longest time a recording takes to be ready, in seconds of carrier time.
    pub recording_delay_s: (f64, f64),
    /// How long the price of a call takes to be known after its end, in seconds of carrier time.
    pub rated_after_s: f64,
    /// The currency of the prices of calls.
    pub currency: String,
}

impl Default for Quirks {
    fn default() -> Self {
        Self {
            verdict_at_early_hangup: false,
            answered_by_at_end: true,
            start_before_join: false,
            recording_delay_s: (0.5, 5.0),
            rated_after_s: 5.0,
            currency: "USD".to_owned(),
        }
    }
}
