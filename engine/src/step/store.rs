//! The SQL of the durable step: one statement to load, one to write.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;
use uuid::Uuid;
use warmline_workflows::cadence::Next;
use warmline_workflows::call::{CommandId, Ordinal, SCHEMA_VERSION};
use warmline_workflows::rules::Reason;
use warmline_workflows::{CallId, TenantId, lead};

use super::Outcome;
use super::batch::{Alarm, Closing, Draft, Line};
use super::cache::{Held, Seen};
use crate::Error;

/// Reads calls; those that do not exist are absent from the answer.
pub(super) async fn load(
    connection: &mut PgConnection,
    calls: &HashMap<CallId, TenantId>,
) -> Result<Vec<(CallId, Held)>, Error> {
    let (ids, tenants): (Vec<Uuid>, Vec<Uuid>) =
        calls.iter().map(|(call, tenant)| (call.0, tenant.0)).unzip();
    let rows = sqlx::query!(
        r#"select c.id, c.plan::text as "plan!", c.snapshot::text as "snapshot!", c.version, c.seen,
                  c.schema_version
           from unnest($1::uuid[], $2::uuid[]) as w(tenant_id, id)
           join calls c on c.tenant_id = w.tenant_id and c.id = w.id"#,
        &tenants,
        &ids,
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            if row.schema_version != SCHEMA_VERSION {
                return Err(Error::Unreadable {
                    what: "call",
                    why: format!("schema version {}, expected {SCHEMA_VERSION}", row.schema_version),
                });
            }
            let held = Held {
                plan: Arc::new(serde_json::from_str(&row.plan).map_err(Error::unreadable("plan"))?),
                call: Arc::new(serde_json::from_str(&row.snapshot).map_err(Error::unreadable("snapshot"))?),
                version: u32::try_from(row.version).unwrap_or(0),
                seen: Seen(row.seen),
            };
            Ok((CallId(row.id), held))
        })
        .collect()
}

/// Writes a batch in one statement, each call fenced by its version, and names the calls that were
/// written; the others moved meanwhile and nothing of them was stored.
pub(super) async fn write(
    connection: &mut PgConnection,
    drafts: &[(CallId, Draft)],
) -> Result<HashSet<CallId>, Error> {
    if drafts.is_empty() {
        return Ok(HashSet::new());
    }
    let columns = Columns::of(drafts)?;
    let Columns { calls: c, journal: j, outbox: o, settled: s, alarms: a, cleared: x, leads: l } = &columns;
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
               returning c.tenant_id, c.id
           ), journaled as (
               insert into journal (tenant_id, call_id, version, at, event, from_state, to_state, commands, ignored)
               select f.tenant_id, f.id, i.version, i.at, i.event::json, i.from_state, i.to_state,
                      i.commands::json, i.ignored
               from unnest($15::uuid[], $16::int[], $17::timestamptz[], $18::text[], $19::text[], $20::text[],
                           $21::text[], $22::text[])
                    as i(id, version, at, event, from_state, to_state, commands, ignored)
               join fenced f on f.id = i.id
           ), commanded as (
               insert into outbox (tenant_id, call_id, version, index, queue, kind, body, due_at)
               select f.tenant_id, f.id, i.version, i.index, i.queue, i.body::json ->> 'command', i.body::json,
                      now() + interval '5 seconds'
               from unnest($23::uuid[], $24::int[], $25::smallint[], $26::text[], $27::text[])
                    as i(id, version, index, queue, body)
               join fenced f on f.id = i.id
           ), settled as (
               delete from outbox d
               using unnest($28::uuid[], $29::int[], $30::smallint[]) as i(id, version, index), fenced f
               where f.id = i.id and d.tenant_id = f.tenant_id and d.call_id = i.id and d.version = i.version
                 and d.index = i.index
           ), alarmed as (
               insert into alarms (tenant_id, call_id, due_at)
               select f.tenant_id, f.id, i.due_at
               from unnest($31::uuid[], $32::timestamptz[]) as i(id, due_at)
               join fenced f on f.id = i.id
               on conflict (tenant_id, call_id) do update set due_at = excluded.due_at
           ), cleared as (
               delete from alarms d
               using unnest($33::uuid[]) as i(id), fenced f
               where f.id = i.id and d.tenant_id = f.tenant_id and d.call_id = i.id
           ), closed as (
               update leads l
               set status = i.status, attempts = i.attempts, due_at = i.due_at, disposition = i.disposition,
                   waiting_for = i.waiting_for
               from unnest($34::uuid[], $35::uuid[], $36::text[], $37::smallint[], $38::timestamptz[],
                           $39::text[], $40::text[])
                    as i(id, lead_id, status, attempts, due_at, disposition, waiting_for)
               join fenced f on f.id = i.id
               where l.tenant_id = f.tenant_id and l.id = i.lead_id
           )
           select id as "id!" from fenced"#,
        &c.tenant,
        &c.id,
        &c.expected,
        &c.version,
        &c.state,
        &c.snapshot,
        &c.seen,
        &c.disposition as &[Option<&str>],
        &c.agent as &[Option<Uuid>],
        &c.answered_at as &[Option<jiff_sqlx::Timestamp>],
        &c.bridged_at as &[Option<jiff_sqlx::Timestamp>],
        &c.closed_at as &[Option<jiff_sqlx::Timestamp>],
        &c.talk_s,
        &c.cost_micros,
        &j.id,
        &j.version,
        &j.at as &[jiff_sqlx::Timestamp],
        &j.event,
        &j.from as &[&str],
        &j.to as &[&str],
        &j.commands as &[Option<String>],
        &j.ignored as &[Option<String>],
        &o.id,
        &o.version,
        &o.index,
        &o.queue as &[&str],
        &o.body,
        &s.id,
        &s.version,
        &s.index,
        &a.id,
        &a.due_at as &[jiff_sqlx::Timestamp],
        x,
        &l.id,
        &l.lead,
        &l.status as &[&str],
        &l.attempts,
        &l.due_at as &[Option<jiff_sqlx::Timestamp>],
        &l.disposition as &[&str],
        &l.waiting_for as &[Option<String>],
    )
    .fetch_all(connection)
    .await?;
    Ok(written.into_iter().map(CallId).collect())
}

/// The batch, column by column.
#[derive(Default)]
struct Columns {
    calls: CallColumns,
    journal: JournalColumns,
    outbox: OutboxColumns,
    settled: OrdinalColumns,
    alarms: AlarmColumns,
    cleared: Vec<Uuid>,
    leads: LeadColumns,
}

#[derive(Default)]
struct CallColumns {
    tenant: Vec<Uuid>,
    id: Vec<Uuid>,
    expected: Vec<i32>,
    version: Vec<i32>,
    state: Vec<String>,
    snapshot: Vec<String>,
    seen: Vec<Vec<u8>>,
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
    id: Vec<Uuid>,
    version: Vec<i32>,
    at: Vec<jiff_sqlx::Timestamp>,
    event: Vec<String>,
    from: Vec<&'static str>,
    to: Vec<&'static str>,
    commands: Vec<Option<String>>,
    ignored: Vec<Option<String>>,
}

#[derive(Default)]
struct OutboxColumns {
    id: Vec<Uuid>,
    version: Vec<i32>,
    index: Vec<i16>,
    queue: Vec<&'static str>,
    body: Vec<String>,
}

#[derive(Default)]
struct OrdinalColumns {
    id: Vec<Uuid>,
    version: Vec<i32>,
    index: Vec<i16>,
}

#[derive(Default)]
struct AlarmColumns {
    id: Vec<Uuid>,
    due_at: Vec<jiff_sqlx::Timestamp>,
}

#[derive(Default)]
struct LeadColumns {
    id: Vec<Uuid>,
    lead: Vec<Uuid>,
    status: Vec<&'static str>,
    attempts: Vec<i16>,
    due_at: Vec<Option<jiff_sqlx::Timestamp>>,
    disposition: Vec<&'static str>,
    waiting_for: Vec<Option<String>>,
}

impl Columns {
    fn of(drafts: &[(CallId, Draft)]) -> Result<Self, Error> {
        let mut columns = Self::default();
        for (call, draft) in drafts {
            let closing = draft.closing();
            columns.calls.push(*call, draft)?;
            for line in &draft.lines {
                columns.journal.push(*call, line)?;
                columns.outbox.push(*call, line)?;
            }
            for ordinal in &draft.settled {
                columns.settled.push(CommandId { call: *call, ordinal: *ordinal });
            }
            match draft.alarm() {
                Alarm::Keep => {}
                Alarm::Set(at) => {
                    columns.alarms.id.push(call.0);
                    columns.alarms.due_at.push(at.to_sqlx());
                }
                Alarm::Clear => columns.cleared.push(call.0),
            }
            if let Some(closing) = closing {
                columns.leads.push(*call, draft, &closing);
            }
        }
        Ok(columns)
    }
}

impl CallColumns {
    fn push(&mut self, call: CallId, draft: &Draft) -> Result<(), Error> {
        let held = &draft.held;
        let memory = held.call.memory();
        self.tenant.push(draft.tenant.0);
        self.id.push(call.0);
        self.expected.push(number(draft.base_version));
        self.version.push(number(held.version));
        self.state.push(held.call.state().name().to_owned());
        self.snapshot.push(serde_json::to_string(&*held.call).map_err(Error::unreadable("snapshot"))?);
        self.seen.push(held.seen.0.clone());
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
    fn push(&mut self, call: CallId, line: &Line) -> Result<(), Error> {
        self.id.push(call.0);
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
            Outcome::Ignored(reason) => Some(reason.as_str().to_owned()),
            Outcome::Applied | Outcome::Duplicate => None,
        });
        Ok(())
    }
}

impl OutboxColumns {
    fn push(&mut self, call: CallId, line: &Line) -> Result<(), Error> {
        for (index, command) in (0_i16..).zip(&line.commands) {
            self.id.push(call.0);
            self.version.push(number(line.version));
            self.index.push(index);
            self.queue.push(command.queue().as_str());
            self.body.push(serde_json::to_string(command).map_err(Error::unreadable("command"))?);
        }
        Ok(())
    }
}

impl OrdinalColumns {
    fn push(&mut self, CommandId { call, ordinal: Ordinal { version, index } }: CommandId) {
        self.id.push(call.0);
        self.version.push(number(version));
        self.index.push(i16::try_from(index).unwrap_or(i16::MAX));
    }
}

impl LeadColumns {
    fn push(&mut self, call: CallId, draft: &Draft, closing: &Closing) {
        let (status, due_at) = match &closing.next {
            Next::Retry { at } => (lead::Status::Waiting.as_str(), Some(*at)),
            Next::Close { status } => (status.as_str(), None),
        };
        let denial = draft.held.call.memory().denial.as_ref();
        self.id.push(call.0);
        self.lead.push(draft.held.plan.lead.0);
        self.status.push(status);
        self.attempts.push(i16::try_from(closing.attempts).unwrap_or(i16::MAX));
        self.due_at.push(due_at.map(ToSqlx::to_sqlx));
        self.disposition.push(closing.disposition.as_str());
        self.waiting_for.push(denial.map(Reason::explain));
    }
}

/// Postgres has no unsigned integers; a call never comes near the end of these.
fn number(value: u32) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}
