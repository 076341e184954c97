//! Schemas of what other crates own: ids and closed sets of words, as they stand in JSON.

use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// Declares schemas of identifiers, to be named as `value_type`.
macro_rules! ids {
    ($($name:ident = $id:ty;)*) => {$(
        pub(crate) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let prefix = <$id>::PREFIX;
                ObjectBuilder::new()
                    .schema_type(SchemaType::Type(Type::String))
                    .pattern(Some(format!("^{prefix}_[0-9a-f]{{32}}$")))
                    .examples([format!("{prefix}_0193642f2b0a7c10a3f4c0ffee000001")])
                    .into()
            }
        }

        impl ToSchema for $name {}
    )*};
}

/// Declares schemas of closed sets of words, to be named as `value_type`.
macro_rules! words {
    ($($name:ident = $word:ty;)*) => {$(
        pub(crate) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(SchemaType::Type(Type::String))
                    .enum_values(Some(<$word>::ALL.iter().map(|word| word.as_str())))
                    .into()
            }
        }

        impl ToSchema for $name {}
    )*};
}

pub(crate) struct CallStateWord;

impl PartialSchema for CallStateWord {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .enum_values(Some(warmline_workflows::call::State::NAMES))
            .into()
    }
}

impl ToSchema for CallStateWord {}

ids! {
    TenantIdText = warmline_workflows::TenantId;
    UserIdText = warmline_workflows::UserId;
    CampaignIdText = warmline_workflows::CampaignId;
    LeadIdText = warmline_workflows::LeadId;
    CallIdText = warmline_workflows::CallId;
    AgentIdText = warmline_workflows::AgentId;
    GroupIdText = warmline_workflows::GroupId;
    ApiKeyIdText = warmline_workflows::ApiKeyId;
    InvitationIdText = warmline_workflows::InvitationId;
    EventIdText = warmline_workflows::EventId;
    EndpointIdText = warmline_workflows::EndpointId;
    DeliveryIdText = warmline_workflows::DeliveryId;
    SessionIdText = warmline_workflows::SessionId;
    NumberIdText = warmline_workflows::NumberId;
    ImportIdText = warmline_workflows::ImportId;
    TemplateIdText = warmline_workflows::TemplateId;
    AudioIdText = warmline_workflows::AudioId;
}

words! {
    RoleWord = warmline_workflows::Role;
    CampaignStatusWord = warmline_workflows::campaign::Status;
    LeadStatusWord = warmline_workflows::lead::Status;
    ImportStatusWord = warmline_workflows::import::Status;
    ImportOutcomeWord = warmline_workflows::import::Outcome;
    DuplicatesWord = warmline_workflows::import::Duplicates;
    PriorityWord = warmline_workflows::lead::Priority;
    DispositionWord = warmline_workflows::Disposition;
    CostBasisWord = warmline_workflows::cost::Basis;
    PresenceWord = warmline_workflows::agent::Presence;
    ReachWord = warmline_workflows::agent::Reach;
    AgentStateWord = warmline_workflows::agent::State;
    ReservationWord = warmline_workflows::agent::Reservation;
    EventKindWord = warmline_workflows::feed::Kind;
    RecordingStatusWord = warmline_workflows::recording::Status;
    DeliveryStateWord = warmline_workflows::delivery::State;
    AudioFormatWord = warmline_workflows::audio::Format;
}

/// What an API key can be given.
pub(crate) struct ScopeWord;

impl PartialSchema for ScopeWord {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .enum_values(Some(super::operation::SCOPES.iter().copied()))
            .into()
    }
}

impl ToSchema for ScopeWord {}
