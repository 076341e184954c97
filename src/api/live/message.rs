//! Messages to a live connection.

use axum::extract::ws::Utf8Bytes;
use jiff::Timestamp;
use serde::Serialize;
use warmline_engine::feed::{Cursor, Entry};
use warmline_workflows::AgentId;

/// What a live connection is told.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Message<'a> {
    /// The connection stands. Events follow from the cursor on.
    Hello { cursor: String, agent_id: Option<AgentId>, server_time: Timestamp },
    /// What happened.
    Events { cursor: String, events: &'a [&'a Entry] },
    /// Nothing is wrong.
    Beat { cursor: String, server_time: Timestamp },
    /// Events were missed that are not kept any more: whatever is shown has to be fetched anew.
    Resync { cursor: String },
}

pub(super) fn hello(cursor: Cursor, agent_id: Option<AgentId>, server_time: Timestamp) -> Utf8Bytes {
    text(&Message::Hello { cursor: cursor.to_string(), agent_id, server_time })
}

pub(super) fn events(events: &[&Entry], cursor: Cursor) -> Result<Utf8Bytes, serde_json::Error> {
    let message = Message::Events { cursor: cursor.to_string(), events };
    Ok(serde_json::to_string(&message)?.into())
}

pub(super) fn beat(cursor: Cursor, server_time: Timestamp) -> Utf8Bytes {
    text(&Message::Beat { cursor: cursor.to_string(), server_time })
}

pub(super) fn resync(cursor: Cursor) -> Utf8Bytes {
    text(&Message::Resync { cursor: cursor.to_string() })
}

/// Of a message that can be nothing but text.
fn text(message: &Message<'_>) -> Utf8Bytes {
    serde_json::to_string(message).unwrap_or_default().into()
}
