//! The core of Warmline: every decision about a call, and nothing else.
//!
//! This crate knows the call machine, the dialing rules, when to call a lead again, how many
//! dials to make now, and telephone numbers. It knows nothing of databases, queues, carriers'
//! field names, clocks, random numbers or waiting: `now` and every id come in with the event.
//! Start with [`call`].

pub mod agent;
pub mod audio;
pub mod cadence;
pub mod call;
pub mod caller_ids;
pub mod campaign;
pub mod cost;
pub mod delivery;
pub mod disposition;
pub mod feed;
pub mod id;
pub mod import;
pub mod inquiry;
pub mod lead;
pub mod leg;
pub mod money;
pub mod pacing;
pub mod phone;
pub mod recording;
pub mod role;
pub mod rules;
pub mod timeline;
pub mod window;
pub mod words;
pub mod zones;

pub use disposition::Disposition;
pub use id::{
    AgentId, ApiKeyId, AudioId, CallId, CampaignId, CarrierId, DeliveryId, EndpointId, EventId, GroupId,
    ImportId, InvitationId, LeadId, NumberId, SessionId, TemplateId, TenantId, UserId,
};
pub use leg::{Ending, Leg, Verdict};
pub use role::Role;
pub use timeline::Timeline;
