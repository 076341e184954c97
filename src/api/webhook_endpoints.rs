//! Webhook endpoints: addresses of an organisation's own that events are sent to.

use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use warmline_engine::deliveries::Delivery;
use warmline_engine::endpoints::{Change, Endpoint, NewEndpoint};
use warmline_workflows::delivery::State as DeliveryState;
use warmline_workflows::feed::Kind;
use warmline_workflows::{DeliveryId, EndpointId, EventId};

use super::Api;
use super::auth::text;
use super::etag::{IfMatch, Versioned};
use super::extract::{Id, Json, Query};
use super::idempotency::NewId;
use super::page::{self, Page};
use super::principal::Principal;
use super::schema::{DeliveryIdText, DeliveryStateWord, EndpointIdText, EventIdText, EventKindWord};
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_webhook_endpoints, create_webhook_endpoint))
        .routes(routes!(get_webhook_endpoint, update_webhook_endpoint, delete_webhook_endpoint))
        .routes(routes!(get_webhook_secret))
        .routes(routes!(rotate_webhook_secret))
        .routes(routes!(test_webhook_endpoint))
        .routes(routes!(list_webhook_deliveries))
        .routes(routes!(redeliver_webhook))
}

/// An address that events are sent to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookEndpoint)]
struct EndpointView {
    #[schema(value_type = EndpointIdText)]
    id: EndpointId,
    /// Where deliveries go.
    url: String,
    /// What it is, in your words.
    description: String,
    /// The types of events it hears of; none means all.
    #[schema(value_type = Vec<EventKindWord>)]
    types: Vec<Kind>,
    /// Whether events are sent to it. While it is off they wait, as long as events are kept.
    enabled: bool,
    /// Why it was switched off, if nobody did: it was `failing` for three days, or said that it is `gone`.
    disabled_because: Option<String>,
    /// Since when every attempt has failed.
    failing_since: Option<Timestamp>,
    created_at: Timestamp,
}

impl From<Endpoint> for EndpointView {
    fn from(endpoint: Endpoint) -> Self {
        Self {
            id: endpoint.id,
            url: endpoint.url,
            description: endpoint.description,
            types: endpoint.kinds,
            enabled: endpoint.enabled,
            disabled_because: endpoint.disabled_because,
            failing_since: endpoint.failing_since,
            created_at: endpoint.created_at,
        }
    }
}

/// An endpoint to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "url": "https://crm.example.com/warmline", "description": "CRM", "types": ["call.dispositioned"],
}))]
struct EndpointDraft {
    /// Where deliveries go: a name on the open internet, over TLS.
    #[schema(max_length = 2048)]
    url: String,
    /// What it is, up to 500 characters.
    #[schema(max_length = 500)]
    description: Option<String>,
    /// The types of events it hears of; none means all.
    #[schema(value_type = Option<Vec<EventKindWord>>)]
    types: Option<Vec<Kind>>,
}

/// A change of an endpoint. What is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "enabled": false }))]
struct EndpointChange {
    /// Where deliveries go: a name on the open internet, over TLS.
    #[schema(max_length = 2048)]
    url: Option<String>,
    /// What it is, up to 500 characters.
    #[schema(max_length = 500)]
    description: Option<String>,
    /// The types of events it hears of; none means all.
    #[schema(value_type = Option<Vec<EventKindWord>>)]
    types: Option<Vec<Kind>>,
    /// Whether events are sent to it.
    enabled: Option<bool>,
}

/// What deliveries to an endpoint are signed with.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "secret": "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=" }))]
struct WebhookSecret {
    /// As libraries of Standard Webhooks take it.
    secret: String,
}

/// One event on its way to one endpoint.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookDelivery)]
struct DeliveryView {
    #[schema(value_type = DeliveryIdText)]
    id: DeliveryId,
    /// What is delivered: the `webhook-id` of its requests.
    #[schema(value_type = EventIdText)]
    event_id: EventId,
    #[serde(rename = "type")]
    #[schema(value_type = EventKindWord)]
    kind: Kind,
    #[schema(value_type = DeliveryStateWord)]
    state: DeliveryState,
    /// How often it was tried.
    attempts: u32,
    /// When it is tried next.
    next_at: Option<Timestamp>,
    /// When it was tried last.
    attempted_at: Option<Timestamp>,
    /// The status of the last answer.
    last_status: Option<u16>,
    /// What went wrong last.
    last_error: Option<String>,
    created_at: Timestamp,
}

impl From<Delivery> for DeliveryView {
    fn from(delivery: Delivery) -> Self {
        Self {
            id: delivery.id,
            event_id: delivery.event,
            kind: delivery.kind,
            state: delivery.state,
            attempts: delivery.attempts,
            next_at: delivery.next_at,
            attempted_at: delivery.attempted_at,
            last_status: delivery.last_status,
            last_error: delivery.last_error,
            created_at: delivery.created_at,
        }
    }
}

/// A delivery that was asked for.
#[derive(Debug, Serialize, ToSchema)]
struct DeliveryUnderWay {
    /// What to look for in the list of deliveries.
    #[schema(value_type = DeliveryIdText)]
    delivery_id: DeliveryId,
}

/// For so long the secret before the last one signs as well.
const SECRETS_OVERLAP: Duration = Duration::from_secs(24 * 3600);

fn url(api: &Api, url: &str) -> Result<String, Problem> {
    let checked =
        api.settings.endpoint_rules.check(url).map_err(|refusal| Problem::invalid("url", refusal))?;
    Ok(checked.to_string())
}

fn versioned(endpoint: Endpoint) -> Versioned<EndpointView> {
    Versioned { version: endpoint.version, body: endpoint.into() }
}

/// List webhook endpoints
#[utoipa::path(get, path = "/api/webhook-endpoints", tag = "webhooks", responses(
    (status = 200, description = "All of them, the oldest first: there are at most 20.", body = Page<EndpointView>),
))]
async fn list_webhook_endpoints(
    State(api): State<Api>,
    principal: Principal,
) -> Result<axum::Json<Page<EndpointView>>, Problem> {
    let endpoints = api.engine.endpoints(principal.tenant).await?;
    Ok(axum::Json(Page { data: endpoints.into_iter().map(EndpointView::from).collect(), next: None }))
}

/// Create a webhook endpoint
///
/// It hears of what happens from now on. Deliveries are signed as Standard Webhooks specifies; the secret is under
/// `/secret`. A delivery that is not answered with a success within five seconds is repeated for half a day.
#[utoipa::path(post, path = "/api/webhook-endpoints", tag = "webhooks", request_body = EndpointDraft, responses(
    (status = 201, description = "The endpoint.", body = EndpointView,
     headers(("ETag" = String, description = "Its version."), ("Location" = String, description = "Its address."))),
))]
async fn create_webhook_endpoint(
    State(api): State<Api>,
    principal: Principal,
    NewId(id): NewId,
    Json(draft): Json<EndpointDraft>,
) -> Result<Response, Problem> {
    let new = NewEndpoint {
        url: url(&api, &draft.url)?,
        description: draft
            .description
            .map_or(Ok(String::new()), |words| text("description", &words, 0..=500))?,
        kinds: draft.types.unwrap_or_default(),
    };
    let endpoint = api.engine.add_endpoint(principal.tenant, EndpointId(id), &new).await?;
    let mut headers = HeaderMap::new();
    if let Ok(address) = HeaderValue::from_str(&format!("/api/webhook-endpoints/{}", endpoint.id)) {
        headers.insert(header::LOCATION, address);
    }
    Ok((StatusCode::CREATED, headers, versioned(endpoint)).into_response())
}

/// Get a webhook endpoint
#[utoipa::path(get, path = "/api/webhook-endpoints/{endpoint_id}", tag = "webhooks",
    params(("endpoint_id" = inline(EndpointIdText), Path, description = "The endpoint.")), responses(
    (status = 200, description = "The endpoint.", body = EndpointView,
     headers(("ETag" = String, description = "Its version."))),
))]
async fn get_webhook_endpoint(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<EndpointId>,
) -> Result<Versioned<EndpointView>, Problem> {
    Ok(versioned(api.engine.endpoint(principal.tenant, id).await?))
}

/// Change a webhook endpoint
///
/// What is left out stays as it is. Switched on again, it hears of what happened meanwhile.
#[utoipa::path(put, path = "/api/webhook-endpoints/{endpoint_id}", tag = "webhooks", request_body = EndpointChange,
    params(("endpoint_id" = inline(EndpointIdText), Path, description = "The endpoint."),
           ("If-Match" = Option<String>, Header, description = "The ETag that the change is of.")), responses(
    (status = 200, description = "The endpoint as it is now.", body = EndpointView,
     headers(("ETag" = String, description = "Its version."))),
))]
async fn update_webhook_endpoint(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<EndpointId>,
    IfMatch(expected): IfMatch,
    Json(asked): Json<EndpointChange>,
) -> Result<Versioned<EndpointView>, Problem> {
    let change = Change {
        url: asked.url.map(|address| url(&api, &address)).transpose()?,
        description: asked.description.map(|words| text("description", &words, 0..=500)).transpose()?,
        kinds: asked.types,
        enabled: asked.enabled,
    };
    Ok(versioned(api.engine.change_endpoint(principal.tenant, (id, expected), &change).await?))
}

/// Delete a webhook endpoint
///
/// With its deliveries.
#[utoipa::path(delete, path = "/api/webhook-endpoints/{endpoint_id}", tag = "webhooks",
    params(("endpoint_id" = inline(EndpointIdText), Path, description = "The endpoint."),
           ("If-Match" = Option<String>, Header, description = "The ETag that is to be deleted.")), responses(
    (status = 204, description = "Deleted."),
))]
async fn delete_webhook_endpoint(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<EndpointId>,
    IfMatch(expected): IfMatch,
) -> Result<StatusCode, Problem> {
    api.engine.delete_endpoint(principal.tenant, (id, expected)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Get a webhook secret
#[utoipa::path(get, path = "/api/webhook-endpoints/{endpoint_id}/secret", tag = "webhooks",
    params(("endpoint_id" = inline(EndpointIdText), Path, description = "The endpoint.")), responses(
    (status = 200, description = "The secret.", body = WebhookSecret),
))]
async fn get_webhook_secret(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<EndpointId>,
) -> Result<axum::Json<WebhookSecret>, Problem> {
    let secret = api.engine.endpoint_secret(principal.tenant, id).await?;
    Ok(axum::Json(WebhookSecret { secret: secret.shown() }))
}

/// Rotate a webhook secret
///
/// The endpoint gets a new secret, to be read under `/secret`. For a day deliveries are signed with both.
#[utoipa::path(post, path = "/api/webhook-endpoints/{endpoint_id}/rotate-secret", tag = "webhooks",
    params(("endpoint_id" = inline(EndpointIdText), Path, description = "The endpoint.")), responses(
    (status = 200, description = "The endpoint.", body = EndpointView,
     headers(("ETag" = String, description = "Its version."))),
))]
async fn rotate_webhook_secret(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<EndpointId>,
) -> Result<Versioned<EndpointView>, Problem> {
    Ok(versioned(api.engine.rotate_secret(principal.tenant, id, SECRETS_OVERLAP).await?))
}

/// Test a webhook endpoint
///
/// Sends it an event of the type `endpoint.pinged`, whatever types it hears of.
#[utoipa::path(post, path = "/api/webhook-endpoints/{endpoint_id}/test", tag = "webhooks",
    params(("endpoint_id" = inline(EndpointIdText), Path, description = "The endpoint.")), responses(
    (status = 202, description = "It is on its way.", body = DeliveryUnderWay),
))]
async fn test_webhook_endpoint(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<EndpointId>,
    NewId(delivery): NewId,
) -> Result<(StatusCode, axum::Json<DeliveryUnderWay>), Problem> {
    let delivery_id = DeliveryId(delivery);
    api.engine.ping_endpoint(principal.tenant, (id, delivery_id), api.clock.now()).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(DeliveryUnderWay { delivery_id })))
}

/// Which deliveries to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DeliveryQuery {
    /// Only those that stand here.
    #[param(value_type = Option<DeliveryStateWord>)]
    state: Option<DeliveryState>,
    /// Rows of the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// What `next` of the page before said.
    cursor: Option<String>,
}

/// List webhook deliveries
///
/// Those that were delivered are kept for a week, all others as long as their event.
#[utoipa::path(get, path = "/api/webhook-endpoints/{endpoint_id}/deliveries", tag = "webhooks",
    params(("endpoint_id" = inline(EndpointIdText), Path, description = "The endpoint."), DeliveryQuery), responses(
    (status = 200, description = "A page of deliveries, the newest first.", body = Page<DeliveryView>),
))]
async fn list_webhook_deliveries(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<EndpointId>,
    Query(asked): Query<DeliveryQuery>,
) -> Result<axum::Json<Page<DeliveryView>>, Problem> {
    let limit = page::limit(asked.limit)?;
    let before = page::after(asked.cursor.as_deref())?;
    let deliveries = api.engine.deliveries(principal.tenant, id, asked.state, (before, limit + 1)).await?;
    Ok(axum::Json(Page::of(deliveries, limit, |delivery| delivery.id, DeliveryView::from)))
}

/// Redeliver a webhook
///
/// Whatever came of it: it is tried again from the beginning.
#[utoipa::path(post, path = "/api/webhook-deliveries/{delivery_id}/redeliver", tag = "webhooks",
    params(("delivery_id" = inline(DeliveryIdText), Path, description = "The delivery.")), responses(
    (status = 202, description = "It is on its way again.", body = DeliveryUnderWay),
))]
async fn redeliver_webhook(
    State(api): State<Api>,
    principal: Principal,
    Id(delivery_id): Id<DeliveryId>,
) -> Result<(StatusCode, axum::Json<DeliveryUnderWay>), Problem> {
    api.engine.redeliver(principal.tenant, delivery_id).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(DeliveryUnderWay { delivery_id })))
}
