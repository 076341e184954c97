//! The desk: what lies before an agent at this moment, and what it answers.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use warmline_workflows::agent::Reservation;
use warmline_workflows::call::{Device, Event, State, Timer};
use warmline_workflows::{AgentId, CallId, LeadId, TenantId};

use super::roster::Agent;
use crate::calls::list::{Filter, Order, Wanted};
use crate::calls::{Detail, Summary, not_found};
use crate::leads::Lead;
use crate::vault::{Keys, Place};
use crate::{Engine, Error, Key};

/// What lies before an agent.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The agent, and what it is doing.
    pub agent: Agent,
    /// The calls it is held for, the one it was chosen for first at the top.
    pub calls: Vec<OnDesk>,
}

/// A call that an agent is held for.
#[derive(Debug, Clone)]
pub struct OnDesk {
    /// The call with its legs and its journal.
    pub detail: Detail,
    /// How far the agent is with it.
    pub stage: Reservation,
    /// Since when: business time.
    pub since: Timestamp,
    /// When the agent was chosen for it: business time.
    pub reserved_at: Timestamp,
    /// When the offer, or the after-call work, ends by itself; none in between.
    pub ends_at: Option<Timestamp>,
    /// Whether the agent accepted, and its phone is not picked up yet.
    pub is_accepted: bool,
    /// Whether the lead is on hold.
    pub is_held: bool,
    /// Whether the agent is muted.
    pub is_muted: bool,
    /// What to read from.
    pub script: String,
    /// Whom it is to.
    pub lead: Lead,
    /// What the agent has noted.
    pub notes: String,
    /// Earlier calls to the lead, the last one first.
    pub history: Vec<Summary>,
}

/// The longest notes on a call, in characters.
pub const NOTES_CHARS_MAX: usize = 10_000;
/// Earlier calls that are shown.
const HISTORY: i64 = 5;

/// What an agent says to an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It takes the lead.
    Accept,
    /// Somebody else may.
    Decline,
}

impl Engine {
    /// What lies before an agent.
    ///
    /// # Errors
    /// [`Error::NotFound`], or when the database does not do it.
    pub async fn desk(&self, tenant: TenantId, agent: AgentId) -> Result<Desk, Error> {
        let agent = self.agent(tenant, agent).await?;
        let keys = self.database.keys(tenant).await?;
        let mut transaction = self.database.tenant(tenant).await?;
        let held = sqlx::query!(
            r#"select r.call_id, r.stage, r.stage_since, r.reserved_at, g.script, n.notes as "notes?"
               from agent_reservations r
               join calls c on c.tenant_id = r.tenant_id and c.id = r.call_id
               join campaigns g on g.tenant_id = c.tenant_id and g.id = c.campaign_id
               left join call_notes n on n.tenant_id = r.tenant_id and n.call_id = r.call_id
               where r.tenant_id = $1 and r.agent_id = $2
               order by r.reserved_at, r.call_id"#,
            tenant.0,
            agent.id.0,
        )
        .fetch_all(&mut *transaction)
        .await?;
        drop(transaction);
        let mut calls = Vec::new();
        for row in held {
            let call = CallId(row.call_id);
            let detail = self.call(tenant, call).await?;
            let lead = detail.summary.lead;
            let stage = row.stage.parse().unwrap_or(Reservation::Reserved);
            let memory = detail.recorded.call.memory();
            let timer = if stage == Reservation::WrapUp { Timer::WrapUp } else { Timer::Offer };
            calls.push(OnDesk {
                ends_at: memory.timers.get(timer).map(|deadline| deadline.at),
                is_accepted: memory.accepted_leg.is_some() && memory.bridged_at.is_none(),
                is_held: memory.is_held,
                is_muted: memory.is_muted,
                stage,
                since: row.stage_since.to_jiff(),
                reserved_at: row.reserved_at.to_jiff(),
                script: row.script,
                notes: open_notes(&keys, call, row.notes.as_deref())?,
                lead: self.lead(tenant, lead).await?,
                history: self.calls(tenant, &earlier(lead)).await?,
                detail,
            });
        }
        Ok(Desk { agent, calls })
    }

    /// The agent whom a call is offered to, or who has just accepted it; none when nobody is called for it.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such call.
    pub async fn offered_to(&self, tenant: TenantId, call: CallId) -> Result<Option<AgentId>, Error> {
        Ok(match *self.recorded(tenant, call).await.map_err(not_found)?.call.state() {
            State::AgentWhisper { agent, .. } | State::Bridged { agent, .. } => Some(agent),
            _ => None,
        })
    }

    /// The agents who are held for a call, and the one who talked with the lead.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn agents_with(&self, tenant: TenantId, call: CallId) -> Result<Vec<AgentId>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let agents = sqlx::query_scalar!(
            r#"select agent_id as "agent_id!" from agent_reservations where tenant_id = $1 and call_id = $2
               union
               select agent_id from calls where tenant_id = $1 and id = $2 and agent_id is not null"#,
            tenant.0,
            call.0,
        )
        .fetch_all(&mut *transaction)
        .await?;
        Ok(agents.into_iter().map(AgentId).collect())
    }

    /// Gives an agent's answer to the offer of a call, as a key of its phone would; with the same key, once.
    ///
    /// # Errors
    /// [`Error::NotFound`], or [`Error::Refused`] when the call is not offered to the agent, or any more.
    pub async fn answer_offer(
        &self,
        tenant: TenantId,
        (call, agent): (CallId, AgentId),
        answer: Answer,
        of: (Key, Timestamp),
    ) -> Result<(), Error> {
        let refusal = "this call is not offered to the agent, or any more";
        let leg = match *self.recorded(tenant, call).await.map_err(not_found)?.call.state() {
            State::AgentWhisper { leg, agent: offered } if offered == agent => leg,
            // Whoever accepts twice, by phone and here, has what was wanted.
            State::Bridged { agent: with, .. } if with == agent && answer == Answer::Accept => return Ok(()),
            _ => return Err(Error::Refused(refusal.to_owned())),
        };
        let event = match answer {
            Answer::Accept => Event::AgentAccepted { leg, by: Device::Console },
            Answer::Decline => Event::AgentDeclined { leg },
        };
        self.tell_call((tenant, call), event, of, refusal).await?;
        Ok(())
    }

    /// Keeps what an agent noted during a call, in place of what was noted before.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such call.
    pub async fn keep_notes(&self, tenant: TenantId, call: CallId, notes: &str) -> Result<(), Error> {
        let keys = self.database.keys(tenant).await?;
        let sealed = keys.seal(Place::note(call), &notes)?;
        let mut transaction = self.database.tenant(tenant).await?;
        let done = sqlx::query!(
            "insert into call_notes (tenant_id, call_id, notes)
             select c.tenant_id, c.id, $3 from calls c where c.tenant_id = $1 and c.id = $2 and c.person is not null
             on conflict (tenant_id, call_id) do update set notes = excluded.notes, updated_at = now()",
            tenant.0,
            call.0,
            sealed,
        )
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() == 0 {
            return Err(Error::NotFound("call"));
        }
        Ok(transaction.commit().await?)
    }

    /// What was noted during a call; empty when nothing was.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn notes(&self, tenant: TenantId, call: CallId) -> Result<String, Error> {
        let keys = self.database.keys(tenant).await?;
        let mut transaction = self.database.tenant(tenant).await?;
        let sealed = sqlx::query_scalar!(
            "select notes from call_notes where tenant_id = $1 and call_id = $2",
            tenant.0,
            call.0,
        )
        .fetch_optional(&mut *transaction)
        .await?;
        open_notes(&keys, call, sealed.as_deref())
    }

    /// Notes that an agent's console is there.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn see_console(&self, tenant: TenantId, agent: AgentId) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query!(
            "update agents set console_seen_at = now() where tenant_id = $1 and id = $2",
            tenant.0,
            agent.0
        )
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Gives no more calls to agents whose consoles were last there longer than half a minute ago; calls they
    /// are on go on. Returns how many. An agent who never had a console, and works by telephone alone, is left alone.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn leave_consoles(&self, now: Timestamp) -> Result<u64, Error> {
        let done = sqlx::query!(
            "with gone as (
                 update agents a
                 set console_seen_at = null,
                     presence = case when before.presence = 'available' then 'offline' else before.presence end,
                     presence_reason = case when before.presence = 'available' then 'console_gone'
                                            else before.presence_reason end,
                     idle_since = case when before.presence = 'available' then $1 else a.idle_since end
                 from agents before
                 where before.tenant_id = a.tenant_id and before.id = a.id
                   and a.console_seen_at < now() - make_interval(secs => $2)
                 returning a.tenant_id, a.id, before.presence as presence_before
             )
             insert into events (tenant_id, kind, at, body)
             select tenant_id, 'agent.presence_changed', $1,
                    json_build_object('agent_id', printed_id('agt', id), 'presence', 'offline')
             from gone where presence_before = 'available'",
            now.to_sqlx(),
            CONSOLE_GONE_S,
        )
        .execute(self.database.system())
        .await?;
        Ok(done.rows_affected())
    }
}

/// How long a console may be gone, in seconds, before its agent gets no more calls.
const CONSOLE_GONE_S: f64 = 30.0;

/// The calls to a lead that are over, the last one first.
fn earlier(lead: LeadId) -> Wanted {
    let filter = Filter { lead: Some(lead), open: Some(false), ..Filter::default() };
    Wanted { filter, order: Order::Newest, after: None, limit: HISTORY }
}

fn open_notes(keys: &Keys, call: CallId, sealed: Option<&[u8]>) -> Result<String, Error> {
    sealed.map_or(Ok(String::new()), |sealed| keys.open(Place::note(call), sealed))
}
