//! Scenarios: what a callee does when its telephone is called.

use serde::{Deserialize, Serialize};

use crate::dice::Dice;

/// What one callee does. All times are seconds of carrier time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Scenario {
    /// A person picks up, greets, and waits for somebody to talk to.
    Human(Human),
    /// A machine picks up, plays its greeting, and records.
    Machine(Machine),
    /// A fax machine picks up and whistles.
    Fax {
        #[serde(default = "default_answer_after_s")]
        answer_after_s: f64,
    },
    /// The line is busy.
    Busy,
    /// It rings until the caller gives up.
    NoAnswer,
    /// The number cannot be connected; it never rings.
    Failed,
    /// Somebody picks up and hangs up almost at once.
    HangsUpEarly {
        #[serde(default = "default_answer_after_s")]
        answer_after_s: f64,
        /// From the answer to the hang-up.
        after_s: f64,
    },
    /// Somebody picks up and says nothing; detection reports `unknown`.
    #[serde(alias = "unknown")]
    Silence {
        #[serde(default = "default_answer_after_s")]
        answer_after_s: f64,
    },
    /// An agent: a person who is called by the dialer to take over.
    Agent(Agent),
}

/// A person who answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Human {
    /// From the first ring to the answer.
    pub answer_after_s: f64,
    /// Length of the "Hello?"; 2.4 s or more is taken for a machine by the default detection.
    pub greeting_s: f64,
    /// Hangs up when nobody has come to talk this long after the answer.
    pub patience_s: f64,
    /// Hangs up after talking this long.
    pub talk_s: f64,
}

/// An answering machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Machine {
    /// From the first ring to the answer.
    pub answer_after_s: f64,
    /// Length of its announcement.
    pub greeting_s: f64,
    /// Whether a beep ends the announcement.
    pub beep: bool,
}

/// An agent's telephone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Agent {
    /// From the first ring to the answer.
    pub answer_after_s: f64,
    /// What the agent does about it.
    pub reaction: Reaction,
    /// Hangs up after talking this long; `None` leaves the end to the other side.
    pub talk_limit_s: Option<f64>,
}

/// What an agent does when called.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "does", rename_all = "snake_case")]
pub enum Reaction {
    /// Presses a key some time after a prompt that wants one has begun.
    Presses { key: char, after_s: f64 },
    /// Listens to the prompt for a while and hangs up.
    Declines { after_s: f64 },
    /// Listens, and never presses a key.
    NeverPresses,
    /// Does not pick up; the agent's own voicemail does.
    Voicemail { greeting_s: f64 },
    /// Does not pick up, nor does anything else.
    NoAnswer,
}

/// What answering-machine detection gets to hear.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Voice {
    /// Speech of this length, then silence.
    Speech { seconds: f64 },
    /// Speech of this length, then a beep.
    SpeechAndBeep { seconds: f64 },
    /// A fax tone.
    Tone,
    /// Nothing.
    Silence,
}

impl Scenario {
    /// From the first ring to the answer; `None` when nobody answers.
    pub(crate) fn answer_after_s(&self) -> Option<f64> {
        match self {
            Self::Human(human) => Some(human.answer_after_s),
            Self::Machine(machine) => Some(machine.answer_after_s),
            Self::Fax { answer_after_s }
            | Self::HangsUpEarly { answer_after_s, .. }
            | Self::Silence { answer_after_s } => Some(*answer_after_s),
            Self::Agent(Agent { reaction: Reaction::NoAnswer, .. }) => None,
            Self::Agent(agent) => Some(agent.answer_after_s),
            Self::Busy | Self::NoAnswer | Self::Failed => None,
        }
    }

    pub(crate) fn voice(&self) -> Voice {
        match self {
            Self::Human(human) => Voice::Speech { seconds: human.greeting_s },
            Self::Machine(Machine { greeting_s, beep: true, .. })
            | Self::Agent(Agent { reaction: Reaction::Voicemail { greeting_s }, .. }) => {
                Voice::SpeechAndBeep { seconds: *greeting_s }
            }
            Self::Machine(machine) => Voice::Speech { seconds: machine.greeting_s },
            Self::Fax { .. } => Voice::Tone,
            Self::Agent(_) | Self::HangsUpEarly { .. } => Voice::Speech { seconds: 0.8 },
            Self::Silence { .. } | Self::Busy | Self::NoAnswer | Self::Failed => Voice::Silence,
        }
    }

    /// The same kind of callee with its times spread by up to 40 % either way. Greetings stay as
    /// they are, since their length decides what detection makes of them.
    pub(crate) fn varied(&self, dice: Dice, number: &str, nth: &str) -> Self {
        let vary = |seconds: f64, what: &str| seconds * dice.between(0.6, 1.4, &["vary", what, number, nth]);
        let mut varied = self.clone();
        match &mut varied {
            Self::Human(human) => {
                human.answer_after_s = vary(human.answer_after_s, "answer");
                human.patience_s = vary(human.patience_s, "patience");
                human.talk_s = vary(human.talk_s, "talk");
            }
            Self::Machine(machine) => machine.answer_after_s = vary(machine.answer_after_s, "answer"),
            Self::Fax { answer_after_s }
            | Self::HangsUpEarly { answer_after_s, .. }
            | Self::Silence { answer_after_s } => *answer_after_s = vary(*answer_after_s, "answer"),
            Self::Busy | Self::NoAnswer | Self::Failed | Self::Agent(_) => {}
        }
        varied
    }
}

impl Default for Human {
    fn default() -> Self {
        Self { answer_after_s: default_answer_after_s(), greeting_s: 1.0, patience_s: 45.0, talk_s: 60.0 }
    }
}

impl Default for Machine {
    fn default() -> Self {
        Self { answer_after_s: 18.0, greeting_s: 9.0, beep: true }
    }
}

impl Default for Agent {
    fn default() -> Self {
        Self {
            answer_after_s: 3.0,
            reaction: Reaction::Presses { key: '1', after_s: 2.5 },
            talk_limit_s: None,
        }
    }
}

fn default_answer_after_s() -> f64 {
    7.0
}
