//! Instructions: what a leg shall do now, read off the state.

use crate::Leg;
use crate::disposition::Disposition;

use super::Call;
use super::state::State;

/// What a leg shall do when it asks. A projection of the state and nothing else: a repeated request
/// gets the answer of the present state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instruction {
    /// Hear the opening words, then wait until told otherwise.
    Wait,
    /// Enter the conference; the lead hears hold music until the agent is there.
    JoinConference,
    /// Hear who is on the line, and press a key to accept.
    Whisper,
    /// Hear the voicemail message, then the call is over.
    LeaveMessage,
    /// Hear that nobody came, then the call is over.
    Apologise,
    /// Hear that the lead is gone, then the call is over.
    LeadGone,
    /// The call is over.
    HangUp,
}

impl Call {
    /// What a leg shall do now.
    #[must_use]
    pub fn instruction(&self, leg: Leg) -> Instruction {
        match (self.state(), leg) {
            (State::Queued | State::Dialing | State::Amd, Leg::Lead) => Instruction::Wait,
            (State::Conference | State::AgentWhisper { .. } | State::Bridged { .. }, Leg::Lead) => {
                Instruction::JoinConference
            }
            (State::Voicemail, Leg::Lead) => Instruction::LeaveMessage,
            (State::Closing { disposition: Disposition::Abandoned, .. }, Leg::Lead) => Instruction::Apologise,
            (State::AgentWhisper { leg: current, .. }, asking) if *current == asking => Instruction::Whisper,
            (State::Bridged { leg: current, .. }, asking) if *current == asking => {
                Instruction::JoinConference
            }
            (State::Closing { .. } | State::Dispositioned { .. }, Leg::Agent(_)) => Instruction::LeadGone,
            // An agent who was given up while the lead still waits, or talks with another.
            (_, Leg::Lead | Leg::Agent(_)) => Instruction::HangUp,
        }
    }
}
