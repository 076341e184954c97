//! Media: what is in the store, sent as it is asked for, whole or in part.

use std::ops::Range;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use warmline_workers::store::Store;

use crate::problem::Problem;

/// Where an audio file is sent from, by the token that is the way to it.
#[must_use]
pub fn audio_path(token: &str) -> String {
    format!("/media/audio/{token}")
}

/// What is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name in the store.
    pub object: String,
    /// Its size.
    pub bytes: u64,
    /// Its media type.
    pub kind: &'static str,
}

/// Sends a file, or the part of it that the headers of the request ask for. It is read from the store as it goes.
///
/// # Errors
/// When it has no such part, or the store cannot be read.
pub async fn send(store: &Store, file: &File, asked: &HeaderMap) -> Result<Response, Problem> {
    let range = match asked.get(header::RANGE).and_then(|range| range.to_str().ok()) {
        Some(text) => part(text, file.bytes).map_err(|()| {
            let detail = format!("it has {} bytes", file.bytes);
            Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, "no_such_part", detail)
        })?,
        None => None,
    };
    let is_part = range.is_some();
    let part = store.read(&file.object, range).await.map_err(|error| {
        tracing::error!(error = %error, "what should be in the store cannot be read");
        Problem::internal()
    })?;
    let status = if is_part { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
    let length = HeaderValue::from(part.range.end - part.range.start);
    let shown = format!("bytes {}-{}/{}", part.range.start, part.range.end.saturating_sub(1), part.whole);
    let mut response = (status, Body::from_stream(part.bytes)).into_response();
    let told = response.headers_mut();
    told.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.kind));
    told.insert(header::CONTENT_LENGTH, length);
    told.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if let (true, Ok(shown)) = (is_part, HeaderValue::from_str(&shown)) {
        told.insert(header::CONTENT_RANGE, shown);
    }
    Ok(response)
}

/// The bytes that a range asks for: none when it is not understood, and then all are sent; an error when it has none.
fn part(asked: &str, bytes: u64) -> Result<Option<Range<u64>>, ()> {
    let Some((first, last)) = asked.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Ok(None);
    };
    let range = match (first.trim().parse::<u64>(), last.trim().parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..bytes.min(last.saturating_add(1)),
        (Ok(first), Err(_)) if last.trim().is_empty() => first..bytes,
        // The last so many.
        (Err(_), Ok(last)) if first.trim().is_empty() => bytes.saturating_sub(last)..bytes,
        _ => return Ok(None),
    };
    if range.is_empty() { Err(()) } else { Ok(Some(range)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_those_that_players_ask_for() {
        for (asked, expected) in [
            ("bytes=0-", Ok(Some(0..100))),
            ("bytes=10-19", Ok(Some(10..20))),
            ("bytes=90-500", Ok(Some(90..100))),
            ("bytes=-30", Ok(Some(70..100))),
            ("bytes=-500", Ok(Some(0..100))),
            ("bytes=100-", Err(())),
            ("bytes=-0", Err(())),
            ("bytes=5-4", Ok(None)),
            ("bytes=0-4,10-14", Ok(None)),
            ("rows=1-2", Ok(None)),
        ] {
            assert_eq!(part(asked, 100), expected, "{asked}");
        }
    }
}
