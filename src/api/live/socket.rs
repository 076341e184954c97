//! One live connection: what happens is told, the agent behind it is there, and a login that is over ends it.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, MissedTickBehavior, interval};
use warmline_engine::Error;
use warmline_engine::feed::{Cursor, Entry, From as Since};
use warmline_workflows::{AgentId, Role, SessionId, TenantId};

use super::hub::{BATCH, Batch};
use super::message;
use crate::api::Api;

/// How often the browser hears from us when nothing happens.
const BEAT_EVERY: Duration = Duration::from_secs(5);
/// After this long without an answer to a ping nobody is there: the lid of a laptop was closed.
const SILENCE_MAX: Duration = Duration::from_secs(20);
/// What a browser is told when its login is over.
const LOGIN_OVER: u16 = 4401;
/// What a browser is told when it has to connect anew.
const TRY_AGAIN: u16 = 1013;

/// Whom a connection is for.
pub(super) struct Listener {
    pub(super) tenant: TenantId,
    pub(super) session: SessionId,
    pub(super) role: Role,
    /// The agent that the person is.
    pub(super) agent: Option<AgentId>,
}

impl Listener {
    fn may_know_all(&self) -> bool {
        self.role.covers(Role::Manager)
    }
}

/// Why a connection ends.
enum End {
    /// The other side is gone.
    Gone,
    /// We end it, with a code.
    Closed(u16, &'static str),
}

impl End {
    /// The browser is to connect anew.
    const AGAIN: Self = Self::Closed(TRY_AGAIN, "connect again");
}

/// Serves a connection to its end.
pub(super) async fn serve(api: Api, mut socket: WebSocket, listener: Listener, after: Option<Cursor>) {
    let end = talk(&api, &mut socket, &listener, after).await;
    if let End::Closed(code, reason) = end {
        let frame = CloseFrame { code, reason: reason.into() };
        let _gone = socket.send(Message::Close(Some(frame))).await;
    }
}

async fn talk(api: &Api, socket: &mut WebSocket, listener: &Listener, after: Option<Cursor>) -> End {
    // Listened to before anything is read, so that nothing falls in between.
    let mut told = api.hub.listen(listener.tenant);
    let mut position = match greet(api, socket, listener, after).await {
        Ok(position) => position,
        Err(end) => return end,
    };
    let mut beat = interval(BEAT_EVERY);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut heard_at = Instant::now();
    loop {
        let done = tokio::select! {
            batch = told.recv() => match batch {
                Ok(batch) => tell(socket, listener, &batch, &mut position).await,
                Err(RecvError::Lagged(_)) => catch_up(api, socket, listener, &mut position).await,
                Err(RecvError::Closed) => Err(End::AGAIN),
            },
            message = socket.recv() => match message {
                Some(Ok(Message::Close(_)) | Err(_)) | None => Err(End::Gone),
                Some(Ok(_)) => {
                    heard_at = Instant::now();
                    Ok(())
                }
            },
            _ = beat.tick() => match heard_at.elapsed() > SILENCE_MAX {
                true => Err(End::Gone),
                false => sign_of_life(api, socket, listener, position).await,
            },
        };
        if let Err(end) = done {
            return end;
        }
    }
}

/// Tells where the connection begins, and what happened since it was last there.
async fn greet(
    api: &Api,
    socket: &mut WebSocket,
    listener: &Listener,
    after: Option<Cursor>,
) -> Result<Cursor, End> {
    let now = || api.clock.now();
    let Some(mut position) = after else {
        let start = api.engine.events_after(listener.tenant, Since::Now, &[], 1).await.map_err(broken)?.next;
        send(socket, message::hello(start, listener.agent, now())).await?;
        return Ok(start);
    };
    send(socket, message::hello(position, listener.agent, now())).await?;
    catch_up(api, socket, listener, &mut position).await?;
    Ok(position)
}

/// Reads on from where the connection stands.
async fn catch_up(
    api: &Api,
    socket: &mut WebSocket,
    listener: &Listener,
    position: &mut Cursor,
) -> Result<(), End> {
    loop {
        let page = match api.engine.events_after(listener.tenant, Since::After(*position), &[], BATCH).await {
            Ok(page) => page,
            // What is behind the cursor is not kept any more.
            Err(Error::Refused(_)) => {
                let now = api.engine.events_after(listener.tenant, Since::Now, &[], 1).await;
                *position = now.map_err(broken)?.next;
                return send(socket, message::resync(*position)).await;
            }
            Err(error) => return Err(broken(error)),
        };
        let more = page.more;
        let batch = Batch::of(page).map_err(|_| End::AGAIN)?;
        tell(socket, listener, &batch, position).await?;
        if !more {
            return Ok(());
        }
    }
}

/// Tells those entries of a batch that are news to a connection, and its business.
async fn tell(
    socket: &mut WebSocket,
    listener: &Listener,
    batch: &Batch,
    position: &mut Cursor,
) -> Result<(), End> {
    let is_news = |entry: &Entry| position.is_before(entry.id);
    let all_news = batch.entries.first().is_none_or(is_news);
    let text = if all_news && listener.may_know_all() {
        (!batch.entries.is_empty()).then(|| batch.text.clone())
    } else {
        let entries = batch.entries.iter().zip(&batch.agents);
        let chosen: Vec<&Entry> = entries
            .filter(|(entry, agent)| {
                let is_own = agent.is_some() && **agent == listener.agent;
                is_news(entry) && (is_own || listener.may_know_all())
            })
            .map(|(entry, _)| entry)
            .collect();
        match chosen.is_empty() {
            true => None,
            false => Some(message::events(&chosen, batch.next).map_err(|_| End::AGAIN)?),
        }
    };
    if position.is_behind(batch.next) {
        *position = batch.next;
    }
    match text {
        Some(text) => send(socket, text).await,
        None => Ok(()),
    }
}

/// Shows that we are here, asks whether the other side is, and whether the login still stands.
async fn sign_of_life(
    api: &Api,
    socket: &mut WebSocket,
    listener: &Listener,
    position: Cursor,
) -> Result<(), End> {
    let standing = api.sessions.standing(&api.engine, listener.tenant, listener.session).await;
    match standing.map_err(broken)? {
        Some(standing) if standing.role == listener.role => {}
        _ => return Err(End::Closed(LOGIN_OVER, "the login is over")),
    }
    if let Some(agent) = listener.agent {
        api.engine.see_console(listener.tenant, agent).await.map_err(broken)?;
    }
    send(socket, message::beat(position, api.clock.now())).await?;
    socket.send(Message::Ping(axum::body::Bytes::new())).await.map_err(|_| End::Gone)
}

fn broken(error: Error) -> End {
    tracing::warn!(error = %error, "a live connection is ended; the browser connects again");
    End::AGAIN
}

async fn send(socket: &mut WebSocket, text: axum::extract::ws::Utf8Bytes) -> Result<(), End> {
    // Whoever takes nothing for so long is not there.
    match tokio::time::timeout(SILENCE_MAX, socket.send(Message::Text(text))).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(End::Gone),
    }
}
