//! What answering-machine detection says on the wire.

use warmline_workflows::Verdict;

use crate::words::words;

words! {
    /// Who or what answered.
    pub enum AnsweredBy {
        /// A person.
        Human = "human",
        /// A machine that is still speaking.
        MachineStart = "machine_start",
        /// A machine; its beep was heard.
        MachineEndBeep = "machine_end_beep",
        /// A machine; its greeting ended in silence.
        MachineEndSilence = "machine_end_silence",
        /// A machine; detection stopped before the greeting ended.
        MachineEndOther = "machine_end_other",
        /// A fax tone.
        Fax = "fax",
        /// Undecided.
        Unknown = "unknown",
    }
}

impl AnsweredBy {
    /// Reads a word leniently: one we do not know is undecided, since a verdict that is refused would
    /// leave a person waiting in silence.
    #[must_use]
    pub fn or_unknown(word: &str) -> Self {
        Self::read(word).unwrap_or(Self::Unknown)
    }

    /// The verdict in our words.
    #[must_use]
    pub const fn verdict(self) -> Verdict {
        match self {
            Self::Human => Verdict::Human,
            Self::MachineStart | Self::MachineEndBeep | Self::MachineEndSilence | Self::MachineEndOther => {
                Verdict::Machine
            }
            Self::Fax => Verdict::Fax,
            Self::Unknown => Verdict::Unknown,
        }
    }
}
