//! The account itself.

use std::sync::Arc;

use axum::Json;
use axum::extract::{OriginalUri, Path, State};
use serde_json::{Value, json};

use super::error::ApiError;
use super::resource::account_path;
use crate::carrier::Carrier;
use crate::clock::rfc2822;

pub(super) async fn fetch(
    State(carrier): State<Arc<Carrier>>,
    Path(name): Path<String>,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<Value>, ApiError> {
    if !name.ends_with(".json") {
        return Err(ApiError::not_found(uri.path()));
    }
    let path = account_path(&carrier);
    let since = rfc2822(carrier.config.timeline.business_start);
    Ok(Json(json!({
        "sid": carrier.config.account_sid,
        "owner_account_sid": carrier.config.account_sid,
        "friendly_name": "Simulated carrier",
        "status": "active",
        "type": "Full",
        "auth_token": null,
        "date_created": since,
        "date_updated": since,
        "uri": format!("{path}.json"),
        "subresource_uris": {
            "calls": format!("{path}/Calls.json"),
            "conferences": format!("{path}/Conferences.json"),
            "recordings": format!("{path}/Recordings.json"),
            "incoming_phone_numbers": format!("{path}/IncomingPhoneNumbers.json"),
            "outgoing_caller_ids": format!("{path}/OutgoingCallerIds.json"),
        },
    })))
}
