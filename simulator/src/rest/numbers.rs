//! Numbers: what the account may call from.

use std::sync::Arc;

use axum::Json;
use axum::extract::{OriginalUri, Path, RawQuery, State};
use serde_json::{Value, json};

use super::error::ApiError;
use super::form::Form;
use super::page::Listing;
use super::resource::{account_path, formatted};
use crate::carrier::Carrier;
use crate::clock::rfc2822;
use crate::sid;

pub(super) async fn list_incoming(
    State(carrier): State<Arc<Carrier>>,
    OriginalUri(uri): OriginalUri,
    RawQuery(query): RawQuery,
) -> Json<Value> {
    listed(&carrier, uri.path(), query, incoming)
}

pub(super) async fn list_outgoing(
    State(carrier): State<Arc<Carrier>>,
    OriginalUri(uri): OriginalUri,
    RawQuery(query): RawQuery,
) -> Json<Value> {
    listed(&carrier, uri.path(), query, outgoing)
}

pub(super) async fn fetch_incoming(
    State(carrier): State<Arc<Carrier>>,
    Path((_, sid)): Path<(String, String)>,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<Value>, ApiError> {
    let number = find(&carrier, &sid).ok_or_else(|| ApiError::not_found(uri.path()))?;
    Ok(Json(incoming(&carrier, &number)))
}

pub(super) async fn fetch_outgoing(
    State(carrier): State<Arc<Carrier>>,
    Path((_, sid)): Path<(String, String)>,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<Value>, ApiError> {
    let number = find(&carrier, &sid).ok_or_else(|| ApiError::not_found(uri.path()))?;
    Ok(Json(outgoing(&carrier, &number)))
}

fn listed(
    carrier: &Carrier,
    path: &str,
    query: Option<String>,
    render: fn(&Carrier, &str) -> Value,
) -> Json<Value> {
    let query = Form::parse(query.unwrap_or_default().as_bytes());
    let wanted = |number: &&String| query.get("PhoneNumber").is_none_or(|wanted| wanted == number.as_str());
    let numbers = carrier.numbers();
    let numbers: Vec<&String> = numbers.iter().filter(wanted).collect();
    let name = if path.ends_with("/OutgoingCallerIds.json") {
        "outgoing_caller_ids"
    } else {
        "incoming_phone_numbers"
    };
    let listing = Listing { name, path, query: &query };
    Json(listing.answer(&numbers, |number| sid::of("PN", number), |number| render(carrier, number)))
}

fn find(carrier: &Carrier, sid: &str) -> Option<String> {
    let sid = sid.strip_suffix(".json")?;
    carrier.numbers().iter().find(|number| sid::of("PN", number) == sid).cloned()
}

fn incoming(carrier: &Carrier, number: &str) -> Value {
    let sid = sid::of("PN", number);
    let since = rfc2822(carrier.config.timeline.business_start);
    json!({
        "sid": sid,
        "account_sid": carrier.config.account_sid,
        "phone_number": number,
        "friendly_name": formatted(number),
        "capabilities": { "voice": true, "sms": false, "mms": false, "fax": false },
        "status": "in-use",
        "origin": "twilio",
        "beta": false,
        "api_version": "2010-04-01",
        "voice_url": null,
        "voice_method": "POST",
        "voice_fallback_url": null,
        "voice_fallback_method": "POST",
        "voice_application_sid": null,
        "voice_caller_id_lookup": false,
        "voice_receive_mode": "voice",
        "status_callback": null,
        "status_callback_method": "POST",
        "sms_url": null,
        "sms_method": "POST",
        "sms_application_sid": null,
        "trunk_sid": null,
        "address_sid": null,
        "address_requirements": "none",
        "emergency_status": "Inactive",
        "date_created": since,
        "date_updated": since,
        "uri": format!("{}/IncomingPhoneNumbers/{sid}.json", account_path(carrier)),
    })
}

fn outgoing(carrier: &Carrier, number: &str) -> Value {
    let sid = sid::of("PN", number);
    let since = rfc2822(carrier.config.timeline.business_start);
    json!({
        "sid": sid,
        "account_sid": carrier.config.account_sid,
        "phone_number": number,
        "friendly_name": formatted(number),
        "date_created": since,
        "date_updated": since,
        "uri": format!("{}/OutgoingCallerIds/{sid}.json", account_path(carrier)),
    })
}
