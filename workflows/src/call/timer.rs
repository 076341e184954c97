//! Timers: a closed set of kinds, at most one deadline of each per call.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a call can wait for the end of; each is named for what expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timer {
    /// The time within which the placement should have left us.
    Placement,
    /// The time within which a dialed leg must be answered or over.
    Ring,
    /// The time within which answering-machine detection must conclude.
    Verdict,
    /// How long a person may be kept waiting for an agent.
    Patience,
    /// The pause before the next search for an agent.
    AgentSearch,
    /// The time an agent has to pick up and accept.
    Offer,
    /// The time the voicemail message may take.
    Message,
    /// The interval at which a conversation is checked against the carrier.
    Talk,
    /// The interval at which legs that should be gone are checked against the carrier.
    Closing,
    /// The agent's after-call work.
    WrapUp,
}

impl fmt::Display for Timer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Placement => "placement",
            Self::Ring => "ring",
            Self::Verdict => "verdict",
            Self::Patience => "patience",
            Self::AgentSearch => "agent_search",
            Self::Offer => "offer",
            Self::Message => "message",
            Self::Talk => "talk",
            Self::Closing => "closing",
            Self::WrapUp => "wrap_up",
        })
    }
}

/// A deadline in business time, and the version of the call at which it was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// When it expires.
    pub at: Timestamp,
    /// The call's version at arming; tells an old expiry from the present one.
    pub armed_at: u32,
}

/// The armed timers of one call.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timers(BTreeMap<Timer, Deadline>);

impl Timers {
    /// Arms a timer, replacing its earlier deadline.
    pub fn arm(&mut self, timer: Timer, deadline: Deadline) {
        self.0.insert(timer, deadline);
    }

    /// Disarms a timer; nothing happens when it is not armed.
    pub fn disarm(&mut self, timer: Timer) {
        self.0.remove(&timer);
    }

    /// Disarms every timer.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Whether a reported expiry belongs to the deadline that is armed now.
    #[must_use]
    pub fn is_current(&self, timer: Timer, armed_at: u32) -> bool {
        self.0.get(&timer).is_some_and(|deadline| deadline.armed_at == armed_at)
    }

    /// The deadline of a timer, if it is armed.
    #[must_use]
    pub fn get(&self, timer: Timer) -> Option<Deadline> {
        self.0.get(&timer).copied()
    }

    /// The earliest deadline, with the timer it belongs to.
    #[must_use]
    pub fn next(&self) -> Option<(Timer, Deadline)> {
        self.0.iter().min_by_key(|(_, deadline)| deadline.at).map(|(timer, deadline)| (*timer, *deadline))
    }

    /// Whether nothing is armed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The kinds that are armed, in the order of the enum.
    pub fn armed(&self) -> impl Iterator<Item = Timer> + '_ {
        self.0.keys().copied()
    }
}
