//! The SQL of the durable step: one statement to load, one to write.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;
use uuid::Uuid;
use warmline_workflows::cadence::Next;
use warmline_workflows::call::{Command, Ordinal, SCHEMA_VERSION};
use warmline_workflows::cost::{self, Rates};
use warmline_workflows::feed::{CallOf, Notice};
use warmline_workflows::inquiry::{self, About};
use warmline_workflows::rules::Reason;
use warmline_workflows::{CallId, TenantId, lead};

use super::Outcome;
use super::batch::{Alarm, Closing, DISPOSITIONED, Draft, Line};
use super::cache::{Held, Seen};
use super::failure::Failure;
use super::statement::{Part, Parts};
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
        r#"select c.tenant_id, c.id, c.plan::text as "plan!", c.person, c.phone_key, c.snapshot, c.version, c.seen,
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
pub(super) async fn write(
    connection: &mut PgConnection,
    drafts: &[(CallId, Draft)],
    rates: &Rates,
) -> Result<HashSet<CallId>, Failure> {
    if drafts.is_empty() {
        return Ok(HashSet::new());
    }
    let Columns {
        calls: c,
        journal: j,
        outbox: o,
        settled: s,
        alarms: a,
        cleared: x,
        leads: l,
        notices: n,
        inquiries: q,
    } = &Columns::of(drafts, rates)?;
    let parts = Parts::default()
        .with(Part::Commanded, !o.which.is_empty())
        .with(Part::Settled, !s.which.is_empty())
        .with(Part::Alarmed, !a.which.is_empty())
        .with(Part::Cleared, !x.is_empty())
        .with(Part::Closed, !l.which.is_empty())
        .with(Part::Told, !n.which.is_empty())
        .with(Part::Inquired, !q.which.is_empty());
    let mut query = sqlx::query_scalar::<_, Uuid>(parts.text())
        .bind(&c.which.tenant)
        .bind(&c.which.id)
        .bind(&c.expected)
        .bind(&c.version)
        .bind(&c.state)
        .bind(&c.snapshot)
        .bind(&c.seen)
        .bind(&c.disposition)
        .bind(&c.agent)
        .bind(&c.answered_at)
        .bind(&c.bridged_at)
        .bind(&c.closed_at)
        .bind(&c.talk_s)
        .bind(&c.cost_micros)
        .bind(&j.which.tenant)
        .bind(&j.which.id)
        .bind(&j.version)
        .bind(&j.at)
        .bind(&j.event)
        .bind(&j.from)
        .bind(&j.to)
        .bind(&j.commands)
        .bind(&j.ignored);
    if parts.has(Part::Commanded) {
        query = query.bind(&o.which.tenant).bind(&o.which.id).bind(&o.version).bind(&o.index);
        query = query.bind(&o.queue).bind(&o.kind).bind(&o.body);
    }
    if parts.has(Part::Settled) {
        query = query.bind(&s.which.tenant).bind(&s.which.id).bind(&s.version).bind(&s.index);
    }
    if parts.has(Part::Alarmed) {
        query = query.bind(&a.which.tenant).bind(&a.which.id).bind(&a.due_at);
    }
    if parts.has(Part::Cleared) {
        query = query.bind(&x.tenant).bind(&x.id);
    }
    if parts.has(Part::Closed) {
        query = query.bind(&l.which.tenant).bind(&l.which.id).bind(&l.lead).bind(&l.status);
        query = query.bind(&l.attempts).bind(&l.due_at).bind(&l.disposition).bind(&l.waiting_for);
    }
    if parts.has(Part::Told) {
        query = query.bind(&n.which.tenant).bind(&n.which.id).bind(&n.kind).bind(&n.at).bind(&n.body);
    }
    if parts.has(Part::Inquired) {
        query = query.bind(&q.which.tenant).bind(&q.which.id).bind(&q.about).bind(&q.carrier);
        query = query.bind(&q.opened_at).bind(&q.closed_at).bind(&q.due_at);
    }
    let written = query.fetch_all(connection).await?;
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
    inquiries: InquiryColumns,
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

#[derive(Default)]
struct InquiryColumns {
    which: Which,
    about: Vec<&'static str>,
    carrier: Vec<Uuid>,
    opened_at: Vec<jiff_sqlx::Timestamp>,
    closed_at: Vec<jiff_sqlx::Timestamp>,
    due_at: Vec<jiff_sqlx::Timestamp>,
}

/// A call with the tenant whose it is.
type Key = (TenantId, CallId);

impl<'a> Columns<'a> {
    fn of(drafts: &'a [(CallId, Draft)], rates: &Rates) -> Result<Self, Error> {
        let mut columns = Self::default();
        for (call, draft) in drafts {
            let key = (draft.tenant, *call);
            columns.calls.push(key, draft, rates)?;
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
                columns.inquiries.push(key, draft, closing.at);
            }
        }
        Ok(columns)
    }
}

impl Which {
    fn is_empty(&self) -> bool {
        self.id.is_empty()
    }

    fn push(&mut self, (tenant, call): Key) {
        self.tenant.push(tenant.0);
        self.id.push(call.0);
    }
}

impl<'a> CallColumns<'a> {
    fn push(&mut self, key: Key, draft: &'a Draft, rates: &Rates) -> Result<(), Error> {
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
        self.cost_micros.push(cost::of(memory, &held.plan, rates));
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

impl InquiryColumns {
    fn push(&mut self, key: Key, draft: &Draft, closed_at: Timestamp) {
        let (plan, memory) = (&draft.held.plan, draft.held.call.memory());
        let opened_at = memory.legs.iter().map(|leg| leg.requested_at).min().unwrap_or(closed_at);
        for about in About::ALL.iter().filter(|about| about.is_open(memory, plan)) {
            self.which.push(key);
            self.about.push(about.as_str());
            self.carrier.push(plan.carrier.map_or(Uuid::nil(), |carrier| carrier.0));
            self.opened_at.push(opened_at.to_sqlx());
            self.closed_at.push(closed_at.to_sqlx());
            self.due_at.push(inquiry::first_at(closed_at).to_sqlx());
        }
    }
}

/// Postgres has no unsigned integers; a call never comes near the end of these.
fn number(value: u32) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}

fn place(ordinal: Ordinal) -> i16 {
    i16::try_from(ordinal.index).unwrap_or(i16::MAX)
}
