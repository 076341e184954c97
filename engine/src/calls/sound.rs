//! Sound: whether the lead of a conversation is on hold, and its agent muted.

use jiff::Timestamp;
use warmline_workflows::call::memory::Memory;
use warmline_workflows::call::{Event, State};
use warmline_workflows::{CallId, Leg, TenantId};

use super::not_found;
use crate::{Engine, Error, Key};

/// What an agent does to the sound of its conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sound {
    /// The lead hears music, and nobody the lead; or no longer.
    Hold(bool),
    /// The lead does not hear the agent, or does again.
    Mute(bool),
}

/// What a leg of a conversation is to hear, and whether it is to be heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// The carrier's name for the conference; none before the carrier told it.
    pub conference_sid: Option<String>,
    /// Whether it hears music and nobody else.
    pub is_held: bool,
    /// Whether nobody hears it.
    pub is_muted: bool,
}

impl Engine {
    /// How a leg is to sound at this moment; none when lead and agent are not connected.
    ///
    /// # Errors
    /// When the call cannot be read.
    pub async fn heard(&self, tenant: TenantId, call: CallId, leg: Leg) -> Result<Option<Heard>, Error> {
        Ok(self.conversation(tenant, call).await?.map(|memory| Heard {
            is_held: memory.is_held && leg == Leg::Lead,
            is_muted: memory.is_muted && leg != Leg::Lead,
            conference_sid: memory.conference_sid,
        }))
    }

    /// Puts the lead of a conversation on hold or mutes its agent, or the reverse; what is so already stays so.
    ///
    /// # Errors
    /// [`Error::NotFound`], or [`Error::Refused`] when lead and agent are not connected.
    pub async fn set_sound(
        &self,
        tenant: TenantId,
        call: CallId,
        sound: Sound,
        of: (Key, Timestamp),
    ) -> Result<(), Error> {
        let refusal = "lead and agent are not connected, or not any more";
        let conversation = self.conversation(tenant, call).await.map_err(not_found)?;
        let memory = conversation.ok_or_else(|| Error::Refused(refusal.to_owned()))?;
        let (is_so, event) = match sound {
            Sound::Hold(on) => (memory.is_held == on, Event::HoldRequested { on }),
            Sound::Mute(on) => (memory.is_muted == on, Event::MuteRequested { on }),
        };
        if is_so {
            return Ok(());
        }
        self.tell_call((tenant, call), event, of, refusal).await?;
        Ok(())
    }

    /// What a call remembers while lead and agent are connected; none otherwise.
    async fn conversation(&self, tenant: TenantId, call: CallId) -> Result<Option<Memory>, Error> {
        let call = self.recorded(tenant, call).await?.call;
        Ok(matches!(call.state(), State::Bridged { .. }).then(|| call.memory().clone()))
    }
}
