//! The carrier's webhooks: parse, step, render.
//!
//! A webhook merely resumes the workflow it names. It may not query, decide or enqueue: its payload
//! becomes an event, the event goes through the durable step, and the reply is read off the state
//! that the step left behind.

mod audio;
mod hold_music;
mod receive;
mod render;
mod signers;
mod translate;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use url::Url;
use warmline_engine::Engine;
use warmline_workers::Clock;
use warmline_workers::store::Store;

use crate::api::token::Keys;
use crate::problem::Problem;

pub use signers::{Signer, Signers};

/// What the webhooks need at hand.
#[derive(Clone)]
pub struct Webhooks {
    /// The stored state.
    pub engine: Engine,
    /// Business time.
    pub clock: Clock,
    /// The address the carrier was given; signatures are of this address, whatever the request says.
    pub public_base: Url,
    /// The accounts whose webhooks these are.
    pub signers: Signers,
    /// What the addresses of audio files are signed with.
    pub keys: Keys,
    /// Where audio files are.
    pub store: Store,
}

/// Where our hold music is served.
const HOLD_MUSIC_PATH: &str = "/media/hold-music.wav";
/// Larger than any webhook by far.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// The routes of the carrier's webhooks, and of the audio it plays for us.
pub fn router(webhooks: Webhooks) -> Router {
    let prefix = webhooks.public_base.path().trim_end_matches('/').to_owned();
    let routes = Router::new()
        .route("/webhooks/twilio/{hook}", get(receive::receive).post(receive::receive))
        .route(HOLD_MUSIC_PATH, get(hold_music_file))
        .route(&crate::media::audio_path("{token}"), get(audio::send))
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(webhooks);
    // A proxy may or may not strip the prefix under which the public knows us.
    if prefix.is_empty() { routes } else { routes.clone().nest(&prefix, routes) }
}

async fn wrong_method() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "wrong_method", "ask with GET or POST")
}

async fn hold_music_file(State(_): State<Webhooks>) -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "audio/wav"), (header::CACHE_CONTROL, "public, max-age=86400")];
    (headers, hold_music::wav())
}

/// The address of our hold music.
fn hold_music_url(webhooks: &Webhooks) -> String {
    format!("{}{HOLD_MUSIC_PATH}", webhooks.public_base.as_str().trim_end_matches('/'))
}
