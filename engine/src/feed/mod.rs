//! The feed: what happened in an organisation, written with it and read after a cursor.
//!
//! Entries stand in the order of the transactions that wrote them. A transaction that began earlier may commit
//! later, so readers get no entry until every transaction up to its own is over: whatever appears afterwards
//! stands behind every cursor that was handed out. A transaction that stays open, anywhere on the server,
//! holds the feed up; none of ours lasts, and Postgres ends idle ones after thirty seconds.

mod cursor;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use serde_json::value::RawValue;
use sqlx::PgConnection;
use warmline_workflows::feed::{Kind, Notice};
use warmline_workflows::{EventId, TenantId};

use crate::{Engine, Error};

pub(crate) use cursor::event_id;
pub use cursor::{Cursor, NotACursor};

/// One entry of the feed, as others are told of it; spelt as the Standard Webhooks specification has it.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// Which; the same to everybody who is told, however often.
    pub id: EventId,
    /// What it is of.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// When it happened, in business time.
    #[serde(rename = "timestamp")]
    pub at: Timestamp,
    /// What happened, by its kind.
    pub data: Box<RawValue>,
}

/// A stretch of the feed.
#[derive(Debug, Clone)]
pub struct Page {
    /// In their order.
    pub entries: Vec<Entry>,
    /// Where to read on.
    pub next: Cursor,
    /// Whether there is more right now.
    pub more: bool,
}

/// Where to begin reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// At the oldest entry that is kept.
    Start,
    /// With what happens from now on.
    Now,
    /// Behind what was read before.
    After(Cursor),
}

/// How long entries are kept.
pub const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Entries looked at in one go when only some kinds are wanted.
const SCANNED_MAX: i64 = 2000;

impl Engine {
    /// Reads up to `limit` entries of these kinds, or of all when none is named. A page may be empty though
    /// there is more: then the kinds are rare, and reading goes on from `next`.
    ///
    /// # Errors
    /// [`Error::Refused`] when entries behind the cursor were forgotten, or the cursor is of another
    /// database; or when the database does not do it.
    pub async fn events_after(
        &self,
        tenant: TenantId,
        from: From,
        kinds: &[Kind],
        limit: u32,
    ) -> Result<Page, Error> {
        let limit = i64::from(limit.max(1));
        let scanned_max = if kinds.is_empty() { limit } else { SCANNED_MAX.max(limit) };
        let (xid, number) = match from {
            From::Start => (0, 0),
            From::Now => (i64::MAX, 0),
            From::After(cursor) if cursor.handed_out_at() < Timestamp::now() - KEPT => {
                return Err(Error::Refused("entries behind this cursor are no longer kept".to_owned()));
            }
            From::After(cursor) => (i64::try_from(cursor.xid).unwrap_or(i64::MAX), cursor.number),
        };
        let words: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
        let mut transaction = self.database.tenant(tenant).await?;
        // One snapshot for the rows and for where the next page begins.
        let rows = sqlx::query!(
            r#"with horizon as (
                   select pg_snapshot_xmin(pg_current_snapshot()) as xid
               ), scanned as materialized (
                   select e.xid, e.id, e.kind, e.at, e.stored_at, e.body
                   from events e
                   where e.tenant_id = $1 and (e.xid, e.id) > ($2::bigint::text::xid8, $3)
                     and e.xid < (select xid from horizon)
                   order by e.xid, e.id
                   limit $4
               ), wanted as (
                   select * from scanned
                   where cardinality($5::text[]) = 0 or kind = any ($5)
                   order by xid, id
                   limit $6
               ), last as (
                   select xid, id, stored_at from scanned order by xid desc, id desc limit 1
               )
               select h.xid::text::bigint as "horizon!", (select count(*) from scanned) as "scanned!",
                      l.xid::text::bigint as last_xid, l.id as "last_id?", l.stored_at as "last_stored_at?",
                      w.xid::text::bigint as xid, w.id as "id?", w.kind as "kind?", w.at as "at?",
                      w.stored_at as "stored_at?", w.body::text as body
               from horizon h
               left join last l on true
               left join wanted w on true
               order by w.xid, w.id"#,
            tenant.0,
            xid,
            number,
            scanned_max,
            &words as &[&str],
            limit,
        )
        .fetch_all(&mut *transaction)
        .await?;
        drop(transaction);
        let first = rows.first().ok_or_else(|| Error::Database("the feed gave no answer".to_owned()))?;
        if matches!(from, From::After(_)) && xid > first.horizon {
            return Err(Error::Refused("this cursor is of another database, or from the future".to_owned()));
        }
        let mut next = Cursor {
            xid: first.horizon.unsigned_abs(),
            number: 0,
            handed_out_s: Timestamp::now().as_second(),
        };
        let mut more = false;
        if first.scanned >= scanned_max
            && let (Some(xid), Some(id), Some(at)) = (first.last_xid, first.last_id, first.last_stored_at)
        {
            next = place(xid, id, at.into());
            more = true;
        }
        let mut entries = Vec::new();
        let mut last = None;
        for row in &rows {
            let (Some(xid), Some(id), Some(kind), Some(at), Some(stored_at), Some(body)) =
                (row.xid, row.id, &row.kind, row.at, row.stored_at, &row.body)
            else {
                continue;
            };
            entries.push(entry((xid, id), kind, at.into(), body)?);
            last = Some(place(xid, id, stored_at.into()));
        }
        if let Some(last) = last
            && entries.len() as i64 >= limit
        {
            next = last;
            more = true;
        }
        Ok(Page { entries, next, more })
    }

    /// Forgets entries that are older than [`KEPT`], up to `limit`, with their deliveries. Returns how many.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn purge_events(&self, limit: i64) -> Result<u64, Error> {
        let kept = Duration::try_from(KEPT).unwrap_or_default();
        let done = sqlx::query!(
            "delete from events e
             using (select tenant_id, xid, id from events
                    where stored_at < now() - make_interval(secs => $1) limit $2) o
             where e.tenant_id = o.tenant_id and e.xid = o.xid and e.id = o.id",
            kept.as_secs_f64(),
            limit,
        )
        .execute(self.database.system())
        .await?;
        Ok(done.rows_affected())
    }
}

/// Writes notices, in the transaction of what they are of.
pub(crate) async fn record(
    connection: &mut PgConnection,
    tenant: TenantId,
    notices: &[Notice],
    at: Timestamp,
) -> Result<(), Error> {
    let mut kinds = Vec::new();
    let mut bodies = Vec::new();
    for notice in notices {
        if let Some(kind) = notice.kind() {
            kinds.push(kind.as_str());
            bodies.push(body(notice)?);
        }
    }
    if kinds.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "insert into events (tenant_id, kind, at, body)
         select $1, i.kind, $2, i.body::json
         from unnest($3::text[], $4::text[]) with ordinality as i(kind, body, place)
         order by i.place",
        tenant.0,
        at.to_sqlx(),
        &kinds as &[&str],
        &bodies,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What a notice says, as it is stored.
pub(crate) fn body(notice: &Notice) -> Result<String, Error> {
    serde_json::to_string(notice).map_err(Error::unreadable("notice"))
}

/// An entry as it was stored.
pub(crate) fn entry(
    (xid, number): (i64, i64),
    kind: &str,
    at: Timestamp,
    body: &str,
) -> Result<Entry, Error> {
    let unreadable = |why: String| Error::Unreadable { what: "event", why };
    Ok(Entry {
        id: event_id(xid.unsigned_abs(), number),
        kind: kind
            .parse()
            .map_err(|error: warmline_workflows::words::UnknownWord| unreadable(error.to_string()))?,
        at,
        data: RawValue::from_string(body.to_owned()).map_err(Error::unreadable("event"))?,
    })
}

fn place(xid: i64, number: i64, stored_at: Timestamp) -> Cursor {
    Cursor { xid: xid.unsigned_abs(), number, handed_out_s: stored_at.as_second() }
}
