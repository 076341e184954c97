//! Answering-machine detection: what it says of a voice, and when.

use serde::{Deserialize, Serialize};

use crate::order::Callback;
use crate::scenario::Voice;

/// How a caller asked for detection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Detection {
    /// When a machine is reported.
    pub mode: Mode,
    /// Where the verdict goes while the document already runs; without it the first document
    /// waits for the verdict.
    pub async_callback: Option<Callback>,
    pub timeout_ms: u32,
    pub speech_threshold_ms: u32,
    pub speech_end_threshold_ms: u32,
    pub silence_timeout_ms: u32,
}

/// When a machine is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// As soon as it is recognised.
    Enable,
    /// When its greeting is over.
    DetectMessageEnd,
}

/// A verdict, in the carrier's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnsweredBy {
    Human,
    MachineStart,
    MachineEndBeep,
    MachineEndSilence,
    MachineEndOther,
    Fax,
    Unknown,
}

/// A verdict and when it falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Detected {
    pub(crate) answered_by: AnsweredBy,
    /// From the answer to the verdict.
    pub(crate) after_ms: u32,
}

impl AnsweredBy {
    /// The word for it in callbacks and resources.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::MachineStart => "machine_start",
            Self::MachineEndBeep => "machine_end_beep",
            Self::MachineEndSilence => "machine_end_silence",
            Self::MachineEndOther => "machine_end_other",
            Self::Fax => "fax",
            Self::Unknown => "unknown",
        }
    }
}

impl Detection {
    /// The documented default times.
    pub(crate) fn new(mode: Mode) -> Self {
        Self {
            mode,
            async_callback: None,
            timeout_ms: 30_000,
            speech_threshold_ms: 2_400,
            speech_end_threshold_ms: 1_200,
            silence_timeout_ms: 5_000,
        }
    }

    /// What is concluded about a voice that begins at the answer. Everything that would take
    /// longer than the detection timeout is cut off there.
    pub(crate) fn listen_to(&self, voice: Voice) -> Detected {
        let ms = |seconds: f64| (seconds.max(0.0) * 1000.0) as u32;
        let (seconds, beep) = match voice {
            Voice::Silence => {
                return self.at(AnsweredBy::Unknown, self.silence_timeout_ms, AnsweredBy::Unknown);
            }
            Voice::Tone => return self.at(AnsweredBy::Fax, 3_100, AnsweredBy::Unknown),
            Voice::Speech { seconds } => (seconds, false),
            Voice::SpeechAndBeep { seconds } => (seconds, true),
        };
        let speech_ms = ms(seconds);
        let silent_at_ms = speech_ms.saturating_add(self.speech_end_threshold_ms);
        match self.mode {
            _ if speech_ms < self.speech_threshold_ms => {
                self.at(AnsweredBy::Human, silent_at_ms, AnsweredBy::Unknown)
            }
            Mode::Enable => self.at(AnsweredBy::MachineStart, self.speech_threshold_ms, AnsweredBy::Unknown),
            Mode::DetectMessageEnd if beep => self.at(
                AnsweredBy::MachineEndBeep,
                speech_ms.saturating_add(BEEP_MS),
                AnsweredBy::MachineEndOther,
            ),
            Mode::DetectMessageEnd => {
                self.at(AnsweredBy::MachineEndSilence, silent_at_ms, AnsweredBy::MachineEndOther)
            }
        }
    }

    fn at(&self, answered_by: AnsweredBy, after_ms: u32, cut_off: AnsweredBy) -> Detected {
        if after_ms <= self.timeout_ms {
            Detected { answered_by, after_ms }
        } else {
            Detected { answered_by: cut_off, after_ms: self.timeout_ms }
        }
    }
}

const BEEP_MS: u32 = 400;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_follow_the_documented_times() {
        use AnsweredBy as By;
        use Mode::{DetectMessageEnd, Enable};
        let rows = [
            (DetectMessageEnd, Voice::Speech { seconds: 1.0 }, By::Human, 2_200),
            (Enable, Voice::Speech { seconds: 2.3 }, By::Human, 3_500),
            (Enable, Voice::Speech { seconds: 9.0 }, By::MachineStart, 2_400),
            (DetectMessageEnd, Voice::Speech { seconds: 9.0 }, By::MachineEndSilence, 10_200),
            (DetectMessageEnd, Voice::SpeechAndBeep { seconds: 9.0 }, By::MachineEndBeep, 9_400),
            (DetectMessageEnd, Voice::SpeechAndBeep { seconds: 40.0 }, By::MachineEndOther, 30_000),
            (DetectMessageEnd, Voice::Tone, By::Fax, 3_100),
            (Enable, Voice::Silence, By::Unknown, 5_000),
        ];
        for (mode, voice, answered_by, after_ms) in rows {
            let detected = Detection::new(mode).listen_to(voice);
            assert_eq!(detected, Detected { answered_by, after_ms }, "{mode:?} {voice:?}");
        }
    }
}
