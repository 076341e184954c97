//! The web console: files made from `console/`, and served by the same process as the API.
//!
//! They are in the binary; a debug build reads them from the folder instead, so that they may be built later. Without
//! them everything else works, and a page says what to do.

use std::borrow::Cow;

use axum::Router;
use axum::body::Bytes;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};
use tower_http::compression::CompressionLayer;

use crate::hex::hex;
use crate::problem::Problem;

#[derive(RustEmbed)]
#[folder = "console/dist"]
#[allow_missing = true]
struct Files;

/// What every address leads to that the console makes a page of.
const INDEX: &str = "index.html";
/// The names of the files in there change with what is in them.
const ASSETS: &str = "assets/";

/// Everything that is no webhook and no operation: files of the console, and its pages.
pub fn router() -> Router {
    Router::new().fallback(serve).layer(CompressionLayer::new())
}

async fn serve(request: Request) -> Response {
    let (method, uri, headers) = (request.method(), request.uri(), request.headers());
    if !matches!(*method, Method::GET | Method::HEAD) || is_elsewhere(uri) {
        return unknown().into_response();
    }
    let path = uri.path().trim_start_matches('/');
    match Files::get(path).filter(|_| !path.is_empty()) {
        Some(file) => file_of(path, file, headers),
        None if !wants_page(headers) => unknown().into_response(),
        None => match Files::get(INDEX) {
            Some(index) => file_of(INDEX, index, headers),
            None => (StatusCode::NOT_FOUND, Html(NOT_BUILT)).into_response(),
        },
    }
}

fn unknown() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "unknown_path", "there is nothing at this address")
}

/// Addresses that programs go by never lead to a page.
fn is_elsewhere(uri: &Uri) -> bool {
    ["/api", "/webhooks"].iter().any(|base| {
        uri.path().strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

fn file_of(path: &str, file: EmbeddedFile, asked: &HeaderMap) -> Response {
    let digest = file.metadata.sha256_hash();
    let tag = format!("\"{}\"", hex(&digest[..12]));
    let keep = if path.starts_with(ASSETS) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    if let (Ok(tag), Ok(kind)) =
        (HeaderValue::from_str(&tag), HeaderValue::from_str(file.metadata.mimetype()))
    {
        headers.insert(header::ETAG, tag);
        headers.insert(header::CONTENT_TYPE, kind);
    }
    if asked.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    // What is in the binary is sent from there.
    let bytes = match file.data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    };
    (headers, bytes).into_response()
}

/// Shown where the console would be.
const NOT_BUILT: &str = r#"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Warmline</title>
<style>body{font:15px/1.6 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}code{font-size:14px}</style>
<h1>The console is not built</h1>
<p>Calls, webhooks and the API work. The pages are made with Node 20.19 or later:</p>
<p><code>cd console &amp;&amp; npm ci &amp;&amp; npm run build</code></p>
<p>Then load this page again, or build the program anew if it is a release.</p>
<p>The API is described at <a href="/api/docs/">/api/docs</a>.</p>
</html>
"#;
