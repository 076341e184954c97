//! The SQL of the durable step: one statement to load, one to write.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;
use uuid::Uuid;
use warmline_workflows::cadence::Next;
use warmline_workflows::call::{Command, Ordinal, SCHEMA_VERSION};
use warmline_workflows::feed::{CallOf, Notice};
use warmline_workflows::rules::Reason;
use warmline_workflows::{CallId, TenantId, lead};

use super::Outcome;
use super::batch::{Alarm, Closing, DISPOSITIONED, Draft, Line};
use super::cache::{Held, Seen};
use super::failure::Failure;
use crate::vault::{PhoneKey, Vault};
use crate::{Error, feed, plan};

/// Reads calls; those that do not exist are absent from the answer.
pub(super) async fn load(
    connection: &mut PgConnection,
    vault: &Vault,
    calls: &HashSet<(TenantId, CallId)>,
) -> Result<Vec<(CallId, Held)>, Failure> {
    let (tenants, ids): (Vec<Uuid>, Vec<Uuid>) =
        calls.iter().map(|(tenant, call)| (tenant.0, call.0)).unzip();
    let rows = sqlx::query!(
        r#"select c.tenant_id, c.id, c.plan::text as "plan!", c.person, c.phone_key, c.snapshot::text as "snapshot!", c.version, c.seen,
                  c.schema_version
           from unnest($1::uuid[], $2::uuid[]) as w(tenant_id, id)
           join calls c on c.tenant_id = w.tenant_id and c.id = w.id"#,
        &tenants,
        &ids,
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut keys = HashMap::new();
    for tenant in rows.iter().map(|row| TenantId(row.tenant_id)) {
        if let Entry::Vacant(unknown) = keys.entry(tenant) {
            unknown.insert(vault.keys(tenant, connection).await?);
        }
    }
    rows.into_iter()
        .map(|row| {
            if row.schema_version != SCHEMA_VERSION {
                let why = format!("schema version {}, expected {SCHEMA_VERSION}", row.schema_version);
                return Err(Error::Unreadable { what: "call", why }.into());
            }
            let call = CallId(row.id);
            let short = |_| Error::Unreadable { what: "call", why: "its number has no digest".to_owned() };
            let plan = match keys.get(&TenantId(row.tenant_id)) {
                Some(keys) => plan::load(keys, call, &row.plan, row.person.as_deref())?,
                None => return Err(Error::UnknownCall(call).into()),
            };
            let held = Held {
                plan: Arc::new(plan),
                phone: PhoneKey(row.phone_key.try_into().map_err(short)?),
                call: Arc::new(serde_json::from_str(&row.snapshot).map_err(Error::unreadable("snapshot"))?),
                version: u32::try_from(row.version).unwrap_or(0),
                seen: Seen(row.seen),
            };
            Ok((call, held))
        })
        .collect()
}

/// Writes a batch in one statement, each call fenced by its version, and names the calls that were
/// written; the others moved meanwhile and nothing of them was stored.
///
/// `(… in (select id from fenced)) is true` makes Postgres look calls up in a hash table; as a join with
/// `fenced` the same would be a loop over all pairs.
pub(super) async fn write(
    connection: &mut PgConnection,
    drafts: &[(CallId, Draft)],
) -> Result<HashSet<CallId>, Failure> {
    if drafts.is_empty() {
        return Ok(HashSet::new());
    }
    let columns = Columns::of(drafts)?;
    let Columns { calls: c, journal: j, outbox: o, settled: s, alarms: a, cleared: x, leads: l, notices: n } =
        &columns;
    let written = sqlx::query_scalar!(
        r#"with fenced as (
               update calls c
               set version = i.version, state = i.state, snapshot = i.snapshot::json, seen = i.seen,
                   open = i.disposition is null, disposition = i.disposition, agent_id = i.agent_id,
                   answered_at = i.answered_at, bridged_at = i.bridged_at, closed_at = i.closed_at,
                   talk_s = i.talk_s, cost_micros = i.cost_micros
               from unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[], $5::text[], $6::text[], $7::bytea[],
                           $8::text[], $9::uuid[], $10::timestamptz[], $11::timestamptz[],
                           $12::timestamptz[], $13::int[], $14::bigint[])
                    as i(tenant_id, id, expected, version, state, snapshot, seen, disposition, agent_id,
                         answered_at, bridged_at, closed_at, talk_s, cost_micros)
               where c.tenant_id = i.tenant_id and c.id = i.id and c.version = i.expected
               returning c.id
           ), journaled as (
               insert into journal (tenant_id, call_id, version, at, event, from_state, to_state, commands, ignored)
               select i.tenant_id, i.id, i.version, i.at, i.event::json, i.from_state, i.to_state,
                      i.commands::json, i.ignored
               from unnest($15::uuid[], $16::uuid[], $17::int[], $18::timestamptz[], $19::text[], $20::text[],
                           $21::text[], $22::text[], $23::text[])
                    as i(tenant_id, id, version, at, event, from_state, to_state, commands, ignored)
               where (i.id in (select id from fenced)) is true
           ), commanded as (
               insert into outbox (tenant_id, call_id, version, index, queue, kind, body, due_at)
               select i.tenant_id, i.id, i.version, i.index, i.queue, i.kind, i.body::json,
                      now() + interval '5 seconds'
               from unnest($24::uuid[], $25::uuid[], $26::int[], $27::smallint[], $28::text[], $29::text[],
                           $30::text[])
                    as i(tenant_id, id, version, index, queue, kind, body)
               where (i.id in (select id from fenced)) is true
           ), settled as (
               delete from outbox d
               using unnest($31::uuid[], $32::uuid[], $33::int[], $34::smallint[])
                     as i(tenant_id, id, version, index)
               where d.tenant_id = i.tenant_id and d.call_id = i.id and d.version = i.version
                 and d.index = i.index and (i.id in (select id from fenced)) is true
           ), alarmed as (
               insert into alarms (tenant_id, call_id, due_at)
               select i.tenant_id, i.id, i.due_at
               from unnest($35::uuid[], $36::uuid[], $37::timestamptz[]) as i(tenant_id, id, due_at)
               where (i.id in (select id from fenced)) is true
               on conflict (tenant_id, call_id) do update set due_at = excluded.due_at
           ), cleared as (
               delete from alarms d
               using unnest($38::uuid[], $39::uuid[]) as i(tenant_id, id)
               where d.tenant_id = i.tenant_id and d.call_id = i.id
                 and (i.id in (select id from fenced)) is true
           ), closed as (
               update leads l
               set status = i.status, attempts = i.attempts, due_at = i.due_at, disposition = i.disposition,
                   waiting_for = i.waiting_for
               from unnest($40::uuid[], $41::uuid[], $42::uuid[], $43::text[], $44::smallint[],
                           $45::timestamptz[], $46::text[], $47::text[])
                    as i(tenant_id, id, lead_id, status, attempts, due_at, disposition, waiting_for)
               where l.tenant_id = i.tenant_id and l.id = i.lead_id
                 and (i.id in (select id from fenced)) is true
           ), told as (
               insert into events (tenant_id, kind, at, body)
               select i.tenant_id, i.kind, i.at, i.body::json
               from unnest($48::uuid[], $49::uuid[], $50::text[], $51::timestamptz[], $52::text[])
                    as i(tenant_id, id, kind, at, body)
               where (i.id in (select id from fenced)) is true
           )
           select id as "id!" from fenced"#,
        &c.which.tenant,
        &c.which.id,
        &c.expected,
        &c.version,
        &c.state as &[&str],
        &c.snapshot,
        &c.seen as &[&[u8]],
        &c.disposition as &[Option<&str>],
        &c.agent as &[Option<Uuid>],
        &c.answered_at as &[Option<jiff_sqlx::Timestamp>],
        &c.bridged_at as &[Option<jiff_sqlx::Timestamp>],
        &c.closed_at as &[Option<jiff_sqlx::Timestamp>],
        &c.talk_s,
        &c.cost_micros,
        &j.which.tenant,
        &j.which.id,
        &j.version,
        &j.at as &[jiff_sqlx::Timestamp],
        &j.event,
        &j.from as &[&str],
        &j.to as &[&str],
        &j.commands as &[Option<String>],
        &j.ignored as &[Option<&str>],
        &o.which.tenant,
        &o.which.id,
        &o.version,
        &o.index,
        &o.queue as &[&str],
        &o.kind as &[&str],
        &o.body,
        &s.which.tenant,
        &s.which.id,
        &s.version,
        &s.index,
        &a.which.tenant,
        &a.which.id,
        &a.due_at as &[jiff_sqlx::Timestamp],
        &x.tenant,
        &x.id,
        &l.which.tenant,
        &l.which.id,
        &l.lead,
        &l.status as &[&str],
        &l.attempts,
        &l.due_at as &[Option<jiff_sqlx::Timestamp>],
        &l.disposition as &[&str],
        &l.waiting_for as &[Option<String>],
        &n.which.tenant,
        &n.which.id,
        &n.kind as &[&str],
        &n.at as &[jiff_sqlx::Timestamp],
        &n.body,
    )
    .fetch_all(connection)
    .await?;
    Ok(written.into_iter().map(CallId).collect())
}

/// The batch, column by column.
#[derive(Default)]
struct Columns<'a> {
    calls: CallColumns<'a>,
    journal: JournalColumns,
    outbox: OutboxColumns,
    settled: OrdinalColumns,
    alarms: AlarmColumns,
    cleared: Which,
    leads: LeadColumns,
    notices: NoticeColumns,
}

/// The calls that rows belong to.
#[derive(Default)]
struct Which {
    tenant: Vec<Uuid>,
    id: Vec<Uuid>,
}

#[derive(Default)]
struct CallColumns<'a> {
    which: Which,
    expected: Vec<i32>,
    version: Vec<i32>,
    state: Vec<&'static str>,
    snapshot: Vec<String>,
    seen: Vec<&'a [u8]>,
    disposition: Vec<Option<&'static str>>,
    agent: Vec<Option<Uuid>>,
    answered_at: Vec<Option<jiff_sqlx::Timestamp>>,
    bridged_at: Vec<Option<jiff_sqlx::Timestamp>>,
    closed_at: Vec<Option<jiff_sqlx::Timestamp>>,
    talk_s: Vec<i32>,
    cost_micros: Vec<i64>,
}

#[derive(Default)]
struct JournalColumns {
    which: Which,
    version: Vec<i32>,
    at: Vec<jiff_sqlx::Timestamp>,
    event: Vec<String>,
    from: Vec<&'static str>,
    to: Vec<&'static str>,
    commands: Vec<Option<String>>,
    ignored: Vec<Option<&'static str>>,
}

#[derive(Default)]
struct OutboxColumns {
    which: Which,
    version: Vec<i32>,
    index: Vec<i16>,
    queue: Vec<&'static str>,
    kind: Vec<&'static str>,
    body: Vec<String>,
}

#[derive(Default)]
struct OrdinalColumns {
    which: Which,
    version: Vec<i32>,
    index: Vec<i16>,
}

#[derive(Default)]
struct AlarmColumns {
    which: Which,
    due_at: Vec<jiff_sqlx::Timestamp>,
}

#[derive(Default)]
struct LeadColumns {
    which: Which,
    lead: Vec<Uuid>,
    status: Vec<&'static str>,
    attempts: Vec<i16>,
    due_at: Vec<Option<jiff_sqlx::Timestamp>>,
    disposition: Vec<&'static str>,
    waiting_for: Vec<Option<String>>,
}

#[derive(Default)]
struct NoticeColumns {
    which: Which,
    kind: Vec<&'static str>,
    at: Vec<jiff_sqlx::Timestamp>,
    body: Vec<String>,
}

/// A call with the tenant whose it is.
type Key = (TenantId, CallId);

impl<'a> Columns<'a> {
    fn of(drafts: &'a [(CallId, Draft)]) -> Result<Self, Error> {
        let mut columns = Self::default();
        for (call, draft) in drafts {
            let key = (draft.tenant, *call);
            columns.calls.push(key, draft)?;
            for line in &draft.lines {
                columns.journal.push(key, line)?;
                columns.notices.push(key, draft, line)?;
            }
            for (ordinal, command) in draft.commands() {
                columns.outbox.push(key, ordinal, command)?;
            }
            for ordinal in draft.settled() {
                columns.settled.push(key, ordinal);
            }
            match draft.alarm() {
                Alarm::Keep => {}
                Alarm::Set(at) => {
                    columns.alarms.which.push(key);
                    columns.alarms.due_at.push(at.to_sqlx());
                }
                Alarm::Clear => columns.cleared.push(key),
            }
            if let Some(closing) = draft.closing() {
                columns.leads.push(key, draft, &closing);
            }
        }
        Ok(columns)
    }
}

impl Which {
    fn push(&mut self, (tenant, call): Key) {
        self.tenant.push(tenant.0);
        self.id.push(call.0);
    }
}

impl<'a> CallColumns<'a> {
    fn push(&mut self, key: Key, draft: &'a Draft) -> Result<(), Error> {
        let held = &draft.held;
        let memory = held.call.memory();
        self.which.push(key);
        self.expected.push(number(draft.base_version));
        self.version.push(number(held.version));
        self.state.push(held.call.state().name());
        self.snapshot.push(serde_json::to_string(&*held.call).map_err(Error::unreadable("snapshot"))?);
        self.seen.push(&held.seen.0);
        self.disposition.push(held.call.state().disposition().map(|disposition| disposition.as_str()));
        self.agent.push(memory.agent.map(|agent| agent.0));
        self.answered_at.push(memory.lead_answered_at().map(ToSqlx::to_sqlx));
        self.bridged_at.push(memory.bridged_at.map(ToSqlx::to_sqlx));
        self.closed_at.push(memory.closed_at.map(ToSqlx::to_sqlx));
        self.talk_s.push(i32::try_from(memory.talk_s()).unwrap_or(i32::MAX));
        self.cost_micros.push(warmline_workflows::cost::of(memory, &held.plan));
        Ok(())
    }
}

impl JournalColumns {
    fn push(&mut self, key: Key, line: &Line) -> Result<(), Error> {
        self.which.push(key);
        self.version.push(number(line.version));
        self.at.push(line.at.to_sqlx());
        self.event.push(serde_json::to_string(&line.event).map_err(Error::unreadable("event"))?);
        self.from.push(line.from);
        self.to.push(line.to);
        self.commands.push(if line.commands.is_empty() {
            None
        } else {
            Some(serde_json::to_string(&line.commands).map_err(Error::unreadable("commands"))?)
        });
        self.ignored.push(match line.outcome {
            Outcome::Ignored(reason) => Some(reason.as_str()),
            Outcome::Applied | Outcome::Duplicate => None,
        });
        Ok(())
    }
}

impl OutboxColumns {
    fn push(&mut self, key: Key, ordinal: Ordinal, command: &Command) -> Result<(), Error> {
        self.which.push(key);
        self.version.push(number(ordinal.version));
        self.index.push(place(ordinal));
        self.queue.push(command.queue().as_str());
        self.kind.push(command.name());
        self.body.push(serde_json::to_string(command).map_err(Error::unreadable("command"))?);
        Ok(())
    }
}

impl OrdinalColumns {
    fn push(&mut self, key: Key, ordinal: Ordinal) {
        self.which.push(key);
        self.version.push(number(ordinal.version));
        self.index.push(place(ordinal));
    }
}

impl LeadColumns {
    fn push(&mut self, key: Key, draft: &Draft, closing: &Closing) {
        let (status, due_at) = match &closing.next {
            Next::Retry { at } => (lead::Status::Waiting.as_str(), Some(*at)),
            Next::Close { status } => (status.as_str(), None),
        };
        let denial = draft.held.call.memory().denial.as_ref();
        self.which.push(key);
        self.lead.push(draft.held.plan.lead.0);
        self.status.push(status);
        self.attempts.push(i16::try_from(closing.attempts).unwrap_or(i16::MAX));
        self.due_at.push(due_at.map(ToSqlx::to_sqlx));
        self.disposition.push(closing.disposition.as_str());
        self.waiting_for.push(denial.map(Reason::explain));
    }
}

impl NoticeColumns {
    /// What the feed says of a line: whatever left the state as it was is nobody else's business.
    fn push(&mut self, key: Key, draft: &Draft, line: &Line) -> Result<(), Error> {
        if line.from == line.to {
            return Ok(());
        }
        let (plan, memory) = (&draft.held.plan, draft.held.call.memory());
        let call = CallOf { call_id: key.1, campaign_id: plan.campaign, lead_id: plan.lead };
        let notice = match draft.held.call.state().disposition() {
            Some(disposition) if line.to == DISPOSITIONED => Notice::CallDispositioned {
                call,
                from_state: line.from,
                disposition,
                agent_id: memory.agent,
                talk_s: memory.talk_s(),
            },
            _ => Notice::CallStateChanged { call, from_state: line.from, to_state: line.to },
        };
        if let Some(kind) = notice.kind() {
            self.which.push(key);
            self.kind.push(kind.as_str());
            self.at.push(line.at.to_sqlx());
            self.body.push(feed::body(&notice)?);
        }
        Ok(())
    }
}

/// Postgres has no unsigned integers; a call never comes near the end of these.
fn number(value: u32) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}

fn place(ordinal: Ordinal) -> i16 {
    i16::try_from(ordinal.index).unwrap_or(i16::MAX)
}
