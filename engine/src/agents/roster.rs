//! The roster: agents as people manage them, and what each is doing.

use jiff::Timestamp;
use sqlx::PgConnection;
use uuid::Uuid;
use warmline_workflows::agent::{Presence, State};
use warmline_workflows::{AgentId, CallId, GroupId, TenantId, UserId};

use super::{NewAgent, reach};
use crate::{Engine, Error};

/// An agent as it is stored, and what it is doing.
#[derive(Debug, Clone)]
pub struct Agent {
    /// Its identity.
    pub id: AgentId,
    /// The login of the person, if it has one.
    pub user: Option<UserId>,
    /// What it was made from, or last changed to.
    pub profile: NewAgent,
    /// What it says of itself.
    pub presence: Presence,
    /// Why it is on a break.
    pub presence_reason: Option<String>,
    /// When a break ends by itself.
    pub break_until: Option<Timestamp>,
    /// What people see of it.
    pub state: State,
    /// Since when: business time.
    pub since: Timestamp,
    /// The call it is held for, the one it is most engaged in.
    pub call: Option<CallId>,
    /// Raised by every change of the profile.
    pub version: i32,
    /// When it was made: machine time.
    pub created_at: Timestamp,
    /// When it was removed, kept for the calls it took: machine time.
    pub archived_at: Option<Timestamp>,
}

/// Which agents to list. Those who were archived are not.
#[derive(Debug, Clone, Default)]
pub struct Wanted<'a> {
    /// Only those of this team.
    pub group: Option<GroupId>,
    /// Only those who say this of themselves.
    pub presence: Option<Presence>,
    /// Only those who do this.
    pub state: Option<State>,
    /// Only those whose name begins so, in any case.
    pub name: Option<&'a str>,
    /// Only those after this one, by name.
    pub after: Option<(&'a str, AgentId)>,
    /// So many at most.
    pub limit: i64,
}

struct Row {
    id: Uuid,
    user_id: Option<Uuid>,
    name: String,
    phone: String,
    reach: String,
    groups: Vec<Uuid>,
    presence: String,
    presence_reason: Option<String>,
    break_until: Option<jiff_sqlx::Timestamp>,
    max_concurrent_calls: i32,
    working_hours: Option<serde_json::Value>,
    state: String,
    since: jiff_sqlx::Timestamp,
    call_id: Option<Uuid>,
    version: i32,
    created_at: jiff_sqlx::Timestamp,
    archived_at: Option<jiff_sqlx::Timestamp>,
}

impl Row {
    fn into_agent(self) -> Result<Agent, Error> {
        let hours = self.working_hours.map(serde_json::from_value).transpose();
        Ok(Agent {
            id: AgentId(self.id),
            user: self.user_id.map(UserId),
            profile: NewAgent {
                name: self.name,
                phone: self.phone,
                reach: reach(&self.reach),
                groups: self.groups.into_iter().map(GroupId).collect(),
                max_concurrent_calls: u16::try_from(self.max_concurrent_calls).unwrap_or(1),
                working_hours: hours.map_err(Error::unreadable("working hours"))?,
            },
            presence: self.presence.parse().unwrap_or(Presence::Offline),
            presence_reason: self.presence_reason,
            break_until: self.break_until.map(jiff_sqlx::Timestamp::to_jiff),
            state: self.state.parse().unwrap_or(State::Offline),
            since: self.since.to_jiff(),
            call: self.call_id.map(CallId),
            version: self.version,
            created_at: self.created_at.to_jiff(),
            archived_at: self.archived_at.map(jiff_sqlx::Timestamp::to_jiff),
        })
    }
}

impl Engine {
    /// Adds an agent, who is offline at first. Added a second time with the same id, it is as it was.
    ///
    /// # Errors
    /// [`Error::NotFound`] when a team or the login does not exist; [`Error::Taken`] when the login is
    /// another agent's.
    pub async fn create_agent(
        &self,
        tenant: TenantId,
        id: AgentId,
        (profile, user): (&NewAgent, Option<UserId>),
    ) -> Result<Agent, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let made = sqlx::query!(
            "insert into agents (tenant_id, id, name, phone, max_concurrent_calls, working_hours, user_id, reach)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict (tenant_id, id) do nothing",
            tenant.0,
            id.0,
            profile.name,
            profile.phone,
            i32::from(profile.max_concurrent_calls),
            hours(profile)?,
            user.map(|user| user.0),
            profile.reach.as_str(),
        )
        .execute(&mut *transaction)
        .await
        .map_err(of_user)?;
        if made.rows_affected() > 0 {
            join(&mut transaction, tenant, id, &profile.groups).await?;
        }
        let agent = find(&mut transaction, tenant, id).await?;
        transaction.commit().await?;
        agent.ok_or(Error::NotFound("agent"))
    }

    /// An agent; also one who was archived.
    ///
    /// # Errors
    /// [`Error::NotFound`], or when the database does not do it.
    pub async fn agent(&self, tenant: TenantId, id: AgentId) -> Result<Agent, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        find(&mut transaction, tenant, id).await?.ok_or(Error::NotFound("agent"))
    }

    /// The agent that a login is for; none when it is for nobody who takes calls.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn agent_of(&self, tenant: TenantId, user: UserId) -> Result<Option<Agent>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let id = sqlx::query_scalar!(
            "select id from agents where tenant_id = $1 and user_id = $2 and archived_at is null",
            tenant.0,
            user.0,
        )
        .fetch_optional(&mut *transaction)
        .await?;
        match id {
            Some(id) => find(&mut transaction, tenant, AgentId(id)).await,
            None => Ok(None),
        }
    }

    /// The agents of an organisation, by name.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn agents(&self, tenant: TenantId, wanted: &Wanted<'_>) -> Result<Vec<Agent>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let rows = sqlx::query_as!(
            Row,
            r#"select a.id, a.user_id, a.name, a.phone, a.reach, a.presence, a.presence_reason, a.break_until,
                      a.max_concurrent_calls, a.working_hours, a.version, a.created_at, a.archived_at,
                      b.state as "state!", b.since as "since!", b.call_id as "call_id?",
                      array(select m.group_id from agent_group_members m
                            where m.tenant_id = a.tenant_id and m.agent_id = a.id
                            order by m.group_id) as "groups!"
               from agents a
               join agent_board b on b.tenant_id = a.tenant_id and b.agent_id = a.id
               where a.tenant_id = $1 and a.archived_at is null
                 and ($2::uuid is null or exists (
                      select 1 from agent_group_members m
                      where m.tenant_id = a.tenant_id and m.agent_id = a.id and m.group_id = $2))
                 and ($3::text is null or a.presence = $3)
                 and ($4::text is null or b.state = $4)
                 and ($5::text is null or starts_with(lower(a.name), lower($5)))
                 and ($6::text is null or (lower(a.name), a.id) > (lower($6), $7::uuid))
               order by lower(a.name), a.id
               limit $8"#,
            tenant.0,
            wanted.group.map(|group| group.0),
            wanted.presence.map(Presence::as_str),
            wanted.state.map(State::as_str),
            wanted.name,
            wanted.after.map(|(name, _)| name),
            wanted.after.map(|(_, id)| id.0),
            wanted.limit,
        )
        .fetch_all(&mut *transaction)
        .await?;
        rows.into_iter().map(Row::into_agent).collect()
    }

    /// Changes an agent's profile. The call the agent is on goes on as it is; the next one is made by
    /// the new profile.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such agent, team or login; [`Error::Changed`] when it is not of
    /// the expected version any more; [`Error::Taken`] when the login is another agent's;
    /// [`Error::Refused`] when it was archived.
    pub async fn update_agent(
        &self,
        tenant: TenantId,
        (id, expected): (AgentId, Option<i32>),
        (profile, user): (&NewAgent, Option<UserId>),
    ) -> Result<Agent, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        lock(&mut transaction, tenant, (id, expected)).await?;
        sqlx::query!(
            "update agents
             set name = $3, phone = $4, max_concurrent_calls = $5, working_hours = $6, user_id = $7,
                 reach = $8, version = version + 1
             where tenant_id = $1 and id = $2",
            tenant.0,
            id.0,
            profile.name,
            profile.phone,
            i32::from(profile.max_concurrent_calls),
            hours(profile)?,
            user.map(|user| user.0),
            profile.reach.as_str(),
        )
        .execute(&mut *transaction)
        .await
        .map_err(of_user)?;
        let groups: Vec<Uuid> = profile.groups.iter().map(|group| group.0).collect();
        sqlx::query!(
            "delete from agent_group_members where tenant_id = $1 and agent_id = $2 and group_id <> all ($3)",
            tenant.0,
            id.0,
            &groups,
        )
        .execute(&mut *transaction)
        .await?;
        join(&mut transaction, tenant, id, &profile.groups).await?;
        let changed = find(&mut transaction, tenant, id).await?;
        transaction.commit().await?;
        changed.ok_or(Error::NotFound("agent"))
    }

    /// Removes an agent: for good when it never took a call, else it is archived, for its calls name it.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Changed`], or [`Error::Refused`] while it is held for a call.
    pub async fn delete_agent(
        &self,
        tenant: TenantId,
        (id, expected): (AgentId, Option<i32>),
    ) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        // Whoever reserves agents skips a locked one.
        lock(&mut transaction, tenant, (id, expected)).await?;
        let row = sqlx::query!(
            r#"select exists (select 1 from agent_reservations
                              where tenant_id = $1 and agent_id = $2) as "held!",
                      exists (select 1 from calls
                              where tenant_id = $1 and agent_id = $2 and not open) as "took_calls!""#,
            tenant.0,
            id.0,
        )
        .fetch_one(&mut *transaction)
        .await?;
        if row.held {
            let why = "the agent is held for a call: set it offline, and try again when the call is over";
            return Err(Error::Refused(why.to_owned()));
        }
        if row.took_calls {
            sqlx::query!(
                "with left_groups as (
                     delete from agent_group_members where tenant_id = $1 and agent_id = $2
                 )
                 update agents
                 set archived_at = now(), user_id = null, presence = 'offline', presence_reason = null,
                     break_until = null, version = version + 1
                 where tenant_id = $1 and id = $2",
                tenant.0,
                id.0,
            )
            .execute(&mut *transaction)
            .await?;
        } else {
            sqlx::query!("delete from agents where tenant_id = $1 and id = $2", tenant.0, id.0)
                .execute(&mut *transaction)
                .await?;
        }
        Ok(transaction.commit().await?)
    }
}

fn hours(profile: &NewAgent) -> Result<Option<serde_json::Value>, Error> {
    let hours = profile.working_hours.as_ref().map(serde_json::to_value).transpose();
    hours.map_err(Error::unreadable("working hours"))
}

/// What is wrong with the login that an agent is to have, when that is what Postgres says.
fn of_user(error: sqlx::Error) -> Error {
    match &error {
        sqlx::Error::Database(refusal) if refusal.is_unique_violation() => Error::Taken("user_id"),
        sqlx::Error::Database(refusal) if refusal.is_foreign_key_violation() => Error::NotFound("user"),
        _ => error.into(),
    }
}

async fn join(
    connection: &mut PgConnection,
    tenant: TenantId,
    id: AgentId,
    groups: &[GroupId],
) -> Result<(), Error> {
    let groups: Vec<Uuid> = groups.iter().map(|group| group.0).collect();
    sqlx::query!(
        "insert into agent_group_members (tenant_id, group_id, agent_id)
         select $1, group_id, $2 from unnest($3::uuid[]) as g(group_id)
         on conflict do nothing",
        tenant.0,
        id.0,
        &groups,
    )
    .execute(connection)
    .await
    .map_err(Error::missing("agent group"))?;
    Ok(())
}

async fn find(connection: &mut PgConnection, tenant: TenantId, id: AgentId) -> Result<Option<Agent>, Error> {
    let row = sqlx::query_as!(
        Row,
        r#"select a.id, a.user_id, a.name, a.phone, a.reach, a.presence, a.presence_reason, a.break_until,
                  a.max_concurrent_calls, a.working_hours, a.version, a.created_at, a.archived_at,
                  b.state as "state!", b.since as "since!", b.call_id as "call_id?",
                  array(select m.group_id from agent_group_members m
                        where m.tenant_id = a.tenant_id and m.agent_id = a.id
                        order by m.group_id) as "groups!"
           from agents a
           join agent_board b on b.tenant_id = a.tenant_id and b.agent_id = a.id
           where a.tenant_id = $1 and a.id = $2"#,
        tenant.0,
        id.0,
    )
    .fetch_optional(connection)
    .await?;
    row.map(Row::into_agent).transpose()
}

/// Holds an agent against other changes, and against being reserved, until the transaction ends.
async fn lock(
    connection: &mut PgConnection,
    tenant: TenantId,
    (id, expected): (AgentId, Option<i32>),
) -> Result<(), Error> {
    let row = sqlx::query!(
        "select version, archived_at from agents where tenant_id = $1 and id = $2 for update",
        tenant.0,
        id.0,
    )
    .fetch_optional(connection)
    .await?
    .ok_or(Error::NotFound("agent"))?;
    if row.archived_at.is_some() {
        return Err(Error::Refused("the agent was removed; only the record of its calls is kept".to_owned()));
    }
    if expected.is_some_and(|expected| expected != row.version) {
        return Err(Error::Changed);
    }
    Ok(())
}
