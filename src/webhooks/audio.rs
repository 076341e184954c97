//! Audio files of organisations, sent to the carrier, and to people who listen in the console.
//!
//! Whoever has the address needs no login: the carrier has none. It is signed, names one file, and is over after two
//! days at most. A file never changes, so that it may be kept under its address.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use warmline_workers::store::audio_object;
use warmline_workflows::{AudioId, TenantId};

use super::Webhooks;
use crate::api::token::AUDIO_KEEPS;
use crate::hex::hex;
use crate::media::{self, File};
use crate::problem::Problem;

/// The address at which the carrier fetches an audio file; none when there is no key to sign it with.
pub(super) fn url(webhooks: &Webhooks, tenant: TenantId, audio: AudioId) -> Option<String> {
    let token = webhooks.keys.sign_audio(tenant, audio)?;
    let base = webhooks.public_base.as_str().trim_end_matches('/');
    Some(format!("{base}{}", media::audio_path(&token)))
}

pub(super) async fn send(
    State(webhooks): State<Webhooks>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let gone = || Problem::not_found("audio file, or the link is over: ask for another");
    let (tenant, id) = webhooks.keys.verify_audio(&token).ok_or_else(gone)?;
    let audio = webhooks.engine.audio_file(tenant, id).await?;
    let tag = format!("\"{}\"", hex(&audio.sha256));
    let known = headers.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok());
    let mut response = if known.is_some_and(|known| known.split(',').any(|known| known.trim() == tag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let kind = audio.format.media_type();
        let file = File { object: audio_object(tenant, id), bytes: audio.bytes, kind };
        media::send(&webhooks.store, &file, &headers).await?
    };
    let told = response.headers_mut();
    for (name, value) in [
        (header::ETAG, tag),
        (header::CACHE_CONTROL, format!("public, max-age={}, immutable", AUDIO_KEEPS.as_secs())),
    ] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            told.insert(name, value);
        }
    }
    Ok(response)
}
