//! Agents: who is there, and which calls each is held for.

pub mod desk;
pub mod groups;
pub mod roster;

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use uuid::Uuid;
use warmline_workflows::agent::{Facts, Presence, Reach, Reservation, may_reserve};
use warmline_workflows::call::{CommandId, Release};
use warmline_workflows::feed::Notice;
use warmline_workflows::window::CallingWindow;
use warmline_workflows::{AgentId, CallId, GroupId, TenantId};

use crate::outbox::{index, version};
use crate::{Engine, Error, crash, feed};

/// An agent to be added.
#[derive(Debug, Clone)]
pub struct NewAgent {
    /// As shown to people.
    pub name: String,
    /// The number to call the agent on; also that of an agent in a browser, where there are no softphones.
    pub phone: String,
    /// Where the agent takes calls.
    pub reach: Reach,
    /// The teams the agent belongs to.
    pub groups: Vec<GroupId>,
    /// Calls at once, 1 to 20.
    pub max_concurrent_calls: u16,
    /// When the agent may be called; none for always.
    pub working_hours: Option<CallingWindow>,
}

/// An agent who was reserved for a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reserved {
    /// Who.
    pub agent: AgentId,
    /// The number to call the agent on.
    pub phone: String,
    /// Where the agent takes calls.
    pub reach: Reach,
}

/// Which agent a call wants.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// The organisation.
    pub tenant: TenantId,
    /// The team.
    pub group: GroupId,
    /// The command that wants it.
    pub command: CommandId,
    /// Who not.
    pub exclude: &'a [AgentId],
}

/// Where an agent takes calls; on its phone, if a later version knows more places.
pub(crate) fn reach(word: &str) -> Reach {
    word.parse().unwrap_or(Reach::Phone)
}

/// How long an agent who missed an offer is left alone; nobody seems to be there.
const MISSED_BREAK_S: i64 = 120;

impl Engine {
    /// Adds a team, with an id of its own.
    ///
    /// # Errors
    /// As for [`Engine::create_group`].
    pub async fn add_group(&self, tenant: TenantId, name: &str) -> Result<GroupId, Error> {
        let id = GroupId(Uuid::now_v7());
        self.create_group(tenant, id, name).await?;
        Ok(id)
    }

    /// Adds an agent without a login, with an id of its own.
    ///
    /// # Errors
    /// As for [`Engine::create_agent`].
    pub async fn add_agent(&self, tenant: TenantId, agent: &NewAgent) -> Result<AgentId, Error> {
        let id = AgentId(Uuid::now_v7());
        self.create_agent(tenant, id, (agent, None)).await?;
        Ok(id)
    }

    /// Sets what an agent says of itself, without saying why.
    ///
    /// # Errors
    /// As for [`Engine::set_status`].
    pub async fn set_presence(
        &self,
        tenant: TenantId,
        agent: AgentId,
        presence: Presence,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.set_status(tenant, agent, (presence, None), now).await
    }

    /// Sets what an agent says of itself, and why. Calls in progress are not touched.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such agent, or it was archived.
    pub async fn set_status(
        &self,
        tenant: TenantId,
        agent: AgentId,
        (presence, reason): (Presence, Option<&str>),
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let before = sqlx::query_scalar!(
            r#"update agents a
               set presence = $3, presence_reason = $5, break_until = null,
                   idle_since = case when a.presence = $3 then a.idle_since else $4 end
               from agents before
               where a.tenant_id = $1 and a.id = $2 and before.tenant_id = $1 and before.id = $2
                 and a.archived_at is null
               returning before.presence"#,
            tenant.0,
            agent.0,
            presence.as_str(),
            now.to_sqlx(),
            reason,
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let before = before.ok_or(Error::NotFound("agent"))?;
        if before != presence.as_str() {
            let notice = Notice::AgentPresenceChanged { agent_id: agent, presence };
            feed::record(&mut transaction, tenant, &[notice], now).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Reserves the agent of a team who has been idle longest. The same command reserves once: asked
    /// again it gives the same agent, and none once its result is stored.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn reserve_agent(
        &self,
        wanted: &Wanted<'_>,
        now: Timestamp,
    ) -> Result<Option<Reserved>, Error> {
        let mut passed_over: Vec<Uuid> = wanted.exclude.iter().map(|agent| agent.0).collect();
        let mut transaction = self.database.tenant(wanted.tenant).await?;
        // Two workers may be at the same command when one outlasted its lease: one goes after the other.
        let waits = sqlx::query_scalar!(
            r#"select 1 as "one!" from outbox
               where tenant_id = $1 and call_id = $2 and version = $3 and index = $4
               for update"#,
            wanted.tenant.0,
            wanted.command.call.0,
            version(wanted.command),
            index(wanted.command),
        )
        .fetch_optional(&mut *transaction)
        .await?;
        if waits.is_none() {
            return Ok(None);
        }
        let earlier = sqlx::query!(
            "select a.id, a.phone, a.reach
             from agent_reservations r
             join agents a on a.tenant_id = r.tenant_id and a.id = r.agent_id
             where r.tenant_id = $1 and r.call_id = $2 and r.reserved_by = $3",
            wanted.tenant.0,
            wanted.command.call.0,
            version(wanted.command),
        )
        .fetch_optional(&mut *transaction)
        .await?;
        if let Some(row) = earlier {
            return Ok(Some(Reserved { agent: AgentId(row.id), phone: row.phone, reach: reach(&row.reach) }));
        }
        loop {
            let candidate = sqlx::query!(
                "select a.id, a.phone, a.reach, a.active_calls, a.max_concurrent_calls, a.working_hours
                 from agents a
                 join agent_group_members m on m.tenant_id = a.tenant_id and m.agent_id = a.id
                 where m.tenant_id = $1 and m.group_id = $2 and a.presence = 'available'
                   and a.active_calls < a.max_concurrent_calls and a.id <> all ($3)
                 order by a.idle_since, a.id
                 limit 1
                 for update of a skip locked",
                wanted.tenant.0,
                wanted.group.0,
                &passed_over,
            )
            .fetch_optional(&mut *transaction)
            .await?;
            let Some(row) = candidate else { return Ok(None) };
            let hours = row.working_hours.map(serde_json::from_value::<CallingWindow>).transpose();
            let hours = hours.map_err(Error::unreadable("working hours"))?;
            let facts = Facts {
                presence: Presence::Available,
                working_hours: hours.as_ref(),
                reservations: u32::try_from(row.active_calls).unwrap_or(0),
                max_concurrent_calls: u32::try_from(row.max_concurrent_calls).unwrap_or(0),
            };
            if may_reserve(&facts, now).is_err() {
                passed_over.push(row.id);
                continue;
            }
            sqlx::query!(
                "with counted as (
                     update agents set active_calls = active_calls + 1 where tenant_id = $1 and id = $2
                 ), told as (
                     insert into events (tenant_id, kind, at, body)
                     values ($1, 'agent.stage_changed', $5, json_build_object(
                         'agent_id', printed_id('agt', $2), 'call_id', printed_id('call', $3), 'stage', 'reserved'))
                 )
                 insert into agent_reservations
                     (tenant_id, agent_id, call_id, stage, reserved_by, fence, reserved_at, stage_since)
                 values ($1, $2, $3, 'reserved', $4, $4, $5, $5)",
                wanted.tenant.0,
                row.id,
                wanted.command.call.0,
                version(wanted.command),
                now.to_sqlx(),
            )
            .execute(&mut *transaction)
            .await?;
            crash::point("reserve: before the commit");
            transaction.commit().await?;
            crash::point("reserve: after the commit");
            return Ok(Some(Reserved { agent: AgentId(row.id), phone: row.phone, reach: reach(&row.reach) }));
        }
    }

    /// Shows how far an agent is with a call. A command older than the last one changes nothing.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn move_agent(
        &self,
        tenant: TenantId,
        agent: AgentId,
        command: CommandId,
        to: (Reservation, Timestamp),
    ) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query!(
            "with moved as (
                 update agent_reservations
                 set stage = $4, fence = $5, stage_since = $6
                 where tenant_id = $1 and agent_id = $2 and call_id = $3 and fence < $5
                 returning agent_id, call_id, stage
             )
             insert into events (tenant_id, kind, at, body)
             select $1, 'agent.stage_changed', $6, json_build_object(
                 'agent_id', printed_id('agt', agent_id), 'call_id', printed_id('call', call_id), 'stage', stage)
             from moved",
            tenant.0,
            agent.0,
            command.call.0,
            to.0.as_str(),
            version(command),
            to.1.to_sqlx(),
        )
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Gives an agent back; nothing happens when that was done before.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn release_agent(
        &self,
        tenant: TenantId,
        agent: AgentId,
        call: CallId,
        on: (Release, Timestamp),
    ) -> Result<(), Error> {
        let (release, now) = on;
        let break_until = now.saturating_add(SignedDuration::from_secs(MISSED_BREAK_S)).unwrap_or(now);
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query!(
            "with freed as (
                 delete from agent_reservations
                 where tenant_id = $1 and agent_id = $2 and call_id = $3
                 returning agent_id
             ), told as (
                 insert into events (tenant_id, kind, at, body)
                 select $1, 'agent.stage_changed', $5, json_build_object(
                     'agent_id', printed_id('agt', agent_id), 'call_id', printed_id('call', $3), 'stage', null)
                 from freed
             ), before as (
                 select a.id, a.presence from agents a, freed f where a.tenant_id = $1 and a.id = f.agent_id
             ), missed as (
                 insert into events (tenant_id, kind, at, body)
                 select $1, 'agent.presence_changed', $5,
                        json_build_object('agent_id', printed_id('agt', id), 'presence', 'break')
                 from before where $6 and presence = 'available'
             )
             update agents a
             set active_calls = active_calls - 1,
                 idle_since = case when $4 then $5 else idle_since end,
                 presence = case when $6 and presence = 'available' then 'break' else presence end,
                 presence_reason = case when $6 and presence = 'available' then 'missed' else presence_reason end,
                 break_until = case when $6 and presence = 'available' then $7 else break_until end
             from freed f
             where a.tenant_id = $1 and a.id = f.agent_id",
            tenant.0,
            agent.0,
            call.0,
            release != Release::NotNeeded,
            now.to_sqlx(),
            release == Release::Missed,
            break_until.to_sqlx(),
        )
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Ends the breaks that end by themselves.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn end_breaks(&self, now: Timestamp) -> Result<u64, Error> {
        let done = sqlx::query!(
            "with back as (
                 update agents
                 set presence = 'available', presence_reason = null, break_until = null, idle_since = $1
                 where break_until <= $1
                 returning tenant_id, id
             )
             insert into events (tenant_id, kind, at, body)
             select tenant_id, 'agent.presence_changed', $1,
                    json_build_object('agent_id', printed_id('agt', id), 'presence', 'available')
             from back",
            now.to_sqlx(),
        )
        .execute(self.database.system())
        .await?;
        Ok(done.rows_affected())
    }

    /// Frees agents who are held for a call that is over. A step releases its agents itself; this is
    /// for what a failure left behind.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn free_stranded_agents(&self, now: Timestamp) -> Result<u64, Error> {
        let stranded = sqlx::query!(
            "select r.tenant_id, r.agent_id, r.call_id
             from agent_reservations r
             join calls c on c.tenant_id = r.tenant_id and c.id = r.call_id
             where not c.open
               and not exists (select 1 from outbox o
                               where o.tenant_id = c.tenant_id and o.call_id = c.id and o.state <> 'dead')",
        )
        .fetch_all(self.database.system())
        .await?;
        let count = stranded.len() as u64;
        for row in stranded {
            let release = (Release::NotNeeded, now);
            self.release_agent(TenantId(row.tenant_id), AgentId(row.agent_id), CallId(row.call_id), release)
                .await?;
        }
        Ok(count)
    }
}
