//! The feed: what happens in an organisation, as its own systems are told of it.
//!
//! A notice names things by their ids and says nothing personal: whoever may know more asks for it.

use serde::Serialize;

use crate::agent::Presence;
use crate::campaign::Status;
use crate::words::words;
use crate::{AgentId, CallId, CampaignId, Disposition, EndpointId, ImportId, LeadId};

words! {
    /// What a notice is of.
    pub enum Kind, "kind of event" {
        /// A call was opened: its lead is about to be dialed.
        CallOpened = "call.opened",
        /// A call came into another state, and is not over.
        CallStateChanged = "call.state_changed",
        /// A call is over, and has its disposition.
        CallDispositioned = "call.dispositioned",
        /// A campaign is being dialed, for the first time or again.
        CampaignStarted = "campaign.started",
        /// A campaign is not being dialed until somebody resumes it.
        CampaignPaused = "campaign.paused",
        /// A campaign was ended by somebody.
        CampaignStopped = "campaign.stopped",
        /// A campaign has nobody left to call.
        CampaignFinished = "campaign.finished",
        /// A campaign's settings were changed.
        CampaignUpdated = "campaign.updated",
        /// Leads were stored.
        LeadsCreated = "leads.created",
        /// Leads were changed or erased by somebody, not by their calls.
        LeadsUpdated = "leads.updated",
        /// Leads were deleted.
        LeadsDeleted = "leads.deleted",
        /// Numbers were put on the do-not-call list.
        DncListed = "dnc.listed",
        /// Numbers were taken off the do-not-call list.
        DncRemoved = "dnc.removed",
        /// An agent became available, went on a break, or left.
        AgentPresenceChanged = "agent.presence_changed",
        /// An agent was chosen for a call, came further with it, or is free of it. Told by the statements that do it.
        AgentStageChanged = "agent.stage_changed",
        /// More rows of a file of leads were read.
        ImportProgressed = "import.progressed",
        /// A file of leads was read to its end, or given up.
        ImportFinished = "import.finished",
        /// An endpoint was switched off, because it has failed for days or is gone.
        EndpointDisabled = "endpoint.disabled",
        /// Somebody tries an endpoint out.
        EndpointPinged = "endpoint.pinged",
    }
}

/// Something that happened, with what its kind says more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Notice {
    /// See [`Kind::CallOpened`].
    CallOpened {
        /// The call, and whose.
        #[serde(flatten)]
        call: CallOf,
        /// Which of the lead's calls it is, from 1.
        attempt_no: u16,
    },
    /// See [`Kind::CallStateChanged`].
    CallStateChanged {
        /// The call, and whose.
        #[serde(flatten)]
        call: CallOf,
        /// The state before.
        from_state: &'static str,
        /// The state after.
        to_state: &'static str,
    },
    /// See [`Kind::CallDispositioned`].
    CallDispositioned {
        /// The call, and whose.
        #[serde(flatten)]
        call: CallOf,
        /// The state before.
        from_state: &'static str,
        /// How it ended.
        disposition: Disposition,
        /// The agent who had it, if any.
        agent_id: Option<AgentId>,
        /// Seconds that lead and agent were connected.
        talk_s: i64,
    },
    /// One of the kinds about campaigns.
    CampaignMoved {
        /// The campaign.
        campaign_id: CampaignId,
        /// Where it stands now.
        status: Status,
    },
    /// See [`Kind::CampaignUpdated`].
    CampaignUpdated {
        /// The campaign.
        campaign_id: CampaignId,
    },
    /// See [`Kind::LeadsCreated`].
    LeadsCreated(Leads),
    /// See [`Kind::LeadsUpdated`].
    LeadsUpdated(Leads),
    /// See [`Kind::LeadsDeleted`].
    LeadsDeleted(Leads),
    /// See [`Kind::DncListed`].
    DncListed {
        /// How many.
        numbers: u32,
    },
    /// See [`Kind::DncRemoved`].
    DncRemoved {
        /// How many.
        numbers: u32,
    },
    /// See [`Kind::AgentPresenceChanged`].
    AgentPresenceChanged {
        /// The agent.
        agent_id: AgentId,
        /// What it is now.
        presence: Presence,
    },
    /// See [`Kind::ImportProgressed`].
    ImportProgressed(Import),
    /// See [`Kind::ImportFinished`].
    ImportFinished(Import),
    /// See [`Kind::EndpointDisabled`].
    EndpointDisabled {
        /// The endpoint.
        endpoint_id: EndpointId,
    },
    /// See [`Kind::EndpointPinged`].
    EndpointPinged {
        /// The endpoint.
        endpoint_id: EndpointId,
    },
}

/// A call, with whom it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct CallOf {
    /// The call.
    pub call_id: CallId,
    /// Its campaign.
    pub campaign_id: CampaignId,
    /// Its lead.
    pub lead_id: LeadId,
}

/// Leads of a campaign that were stored, changed or deleted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Leads {
    /// Their campaign.
    pub campaign_id: CampaignId,
    /// How many.
    pub leads: u32,
    /// Which, when it is a single one.
    pub lead_id: Option<LeadId>,
}

/// How far a file of leads has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Import {
    /// The import.
    pub import_id: ImportId,
    /// The campaign that the leads are for.
    pub campaign_id: CampaignId,
    /// Where it stands, in the words of imports.
    pub status: &'static str,
    /// Rows read so far.
    pub rows: u64,
    /// Rows that became leads, or changed one.
    pub valid: u64,
    /// Rows that were refused.
    pub invalid: u64,
    /// Rows whose number was there already.
    pub duplicate: u64,
    /// Rows whose number is on the do-not-call list.
    pub dnc: u64,
}

impl Notice {
    /// What it is of; none when a campaign is back to being a draft, which nobody is told.
    #[must_use]
    pub const fn kind(&self) -> Option<Kind> {
        Some(match self {
            Self::CallOpened { .. } => Kind::CallOpened,
            Self::CallStateChanged { .. } => Kind::CallStateChanged,
            Self::CallDispositioned { .. } => Kind::CallDispositioned,
            Self::CampaignMoved { status, .. } => match status {
                Status::Draft => return None,
                Status::Active => Kind::CampaignStarted,
                Status::Paused => Kind::CampaignPaused,
                Status::Stopped => Kind::CampaignStopped,
                Status::Finished => Kind::CampaignFinished,
            },
            Self::CampaignUpdated { .. } => Kind::CampaignUpdated,
            Self::LeadsCreated(_) => Kind::LeadsCreated,
            Self::LeadsUpdated(_) => Kind::LeadsUpdated,
            Self::LeadsDeleted(_) => Kind::LeadsDeleted,
            Self::DncListed { .. } => Kind::DncListed,
            Self::DncRemoved { .. } => Kind::DncRemoved,
            Self::AgentPresenceChanged { .. } => Kind::AgentPresenceChanged,
            Self::ImportProgressed(_) => Kind::ImportProgressed,
            Self::ImportFinished(_) => Kind::ImportFinished,
            Self::EndpointDisabled { .. } => Kind::EndpointDisabled,
            Self::EndpointPinged { .. } => Kind::EndpointPinged,
        })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_notice_is_flat_and_names_things_by_their_ids() {
        let id = Uuid::from_u128(1);
        let call = CallOf { call_id: CallId(id), campaign_id: CampaignId(id), lead_id: LeadId(id) };
        let over = Notice::CallDispositioned {
            call,
            from_state: "closing",
            disposition: Disposition::Answered,
            agent_id: None,
            talk_s: 7,
        };
        let one = "00000000000000000000000000000001";
        assert_eq!(
            serde_json::to_string(&over).unwrap(),
            format!(
                r#"{{"call_id":"call_{one}","campaign_id":"cmp_{one}","lead_id":"lead_{one}","from_state":"closing","disposition":"answered","agent_id":null,"talk_s":7}}"#
            )
        );
        assert_eq!(over.kind(), Some(Kind::CallDispositioned));
    }
}
