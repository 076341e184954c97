//! Teams of agents: made, listed, renamed, removed, and who belongs to them.

use jiff::Timestamp;
use sqlx::PgConnection;
use uuid::Uuid;
use warmline_workflows::{AgentId, GroupId, TenantId};

use crate::{Engine, Error};

/// A team as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its identity.
    pub id: GroupId,
    /// As shown to people; no two teams of an organisation have the same.
    pub name: String,
    /// How many agents belong to it.
    pub agents: i64,
    /// How many campaigns draw from it.
    pub campaigns: i64,
    /// Raised by every renaming.
    pub version: i32,
    /// When it was made: machine time.
    pub created_at: Timestamp,
}

struct Row {
    id: Uuid,
    name: String,
    agents: i64,
    campaigns: i64,
    version: i32,
    created_at: jiff_sqlx::Timestamp,
}

impl Row {
    fn into_group(self) -> Group {
        Group {
            id: GroupId(self.id),
            name: self.name,
            agents: self.agents,
            campaigns: self.campaigns,
            version: self.version,
            created_at: self.created_at.to_jiff(),
        }
    }
}

impl Engine {
    /// Makes a team. Made a second time with the same id, it is as it was.
    ///
    /// # Errors
    /// [`Error::Taken`] when another team has the name.
    pub async fn create_group(&self, tenant: TenantId, id: GroupId, name: &str) -> Result<Group, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query!(
            "insert into agent_groups (tenant_id, id, name) values ($1, $2, $3)
             on conflict (tenant_id, id) do nothing",
            tenant.0,
            id.0,
            name
        )
        .execute(&mut *transaction)
        .await
        .map_err(Error::taken("name"))?;
        let made = find(&mut transaction, tenant, id).await?;
        transaction.commit().await?;
        made.ok_or(Error::NotFound("agent group"))
    }

    /// A team.
    ///
    /// # Errors
    /// [`Error::NotFound`], or when the database does not do it.
    pub async fn group(&self, tenant: TenantId, id: GroupId) -> Result<Group, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        find(&mut transaction, tenant, id).await?.ok_or(Error::NotFound("agent group"))
    }

    /// The teams of an organisation by name, after the given one, so many at most.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn groups(
        &self,
        tenant: TenantId,
        after: Option<&str>,
        limit: i64,
    ) -> Result<Vec<Group>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let rows = sqlx::query_as!(
            Row,
            r#"select g.id, g.name, g.version, g.created_at,
                      (select count(*) from agent_group_members m
                       where m.tenant_id = g.tenant_id and m.group_id = g.id) as "agents!",
                      (select count(*) from campaigns c
                       where c.tenant_id = g.tenant_id and c.group_id = g.id) as "campaigns!"
               from agent_groups g
               where g.tenant_id = $1 and ($2::text is null or g.name > $2)
               order by g.name
               limit $3"#,
            tenant.0,
            after,
            limit,
        )
        .fetch_all(&mut *transaction)
        .await?;
        Ok(rows.into_iter().map(Row::into_group).collect())
    }

    /// Gives a team another name.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Changed`] when it is not of the expected version any more;
    /// [`Error::Taken`] when another team has the name.
    pub async fn rename_group(
        &self,
        tenant: TenantId,
        (id, expected): (GroupId, Option<i32>),
        name: &str,
    ) -> Result<Group, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        lock(&mut transaction, tenant, (id, expected)).await?;
        sqlx::query!(
            "update agent_groups set name = $3, version = version + 1 where tenant_id = $1 and id = $2",
            tenant.0,
            id.0,
            name,
        )
        .execute(&mut *transaction)
        .await
        .map_err(Error::taken("name"))?;
        let renamed = find(&mut transaction, tenant, id).await?;
        transaction.commit().await?;
        renamed.ok_or(Error::NotFound("agent group"))
    }

    /// Removes a team. Its agents stay.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Changed`], or [`Error::Refused`] when a campaign draws from it.
    pub async fn delete_group(
        &self,
        tenant: TenantId,
        (id, expected): (GroupId, Option<i32>),
    ) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        lock(&mut transaction, tenant, (id, expected)).await?;
        let deleted =
            sqlx::query!("delete from agent_groups where tenant_id = $1 and id = $2", tenant.0, id.0)
                .execute(&mut *transaction)
                .await;
        match deleted.map_err(Error::missing("")) {
            // The one thing that points to a team and does not go with it is a campaign.
            Err(Error::NotFound(_)) => {
                let why = "a campaign draws from this group: give the campaign another one first";
                return Err(Error::Refused(why.to_owned()));
            }
            other => other?,
        };
        Ok(transaction.commit().await?)
    }

    /// Adds agents to a team; those who belong to it already stay.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the team or one of the agents does not exist; then nobody was added.
    pub async fn add_members(
        &self,
        tenant: TenantId,
        id: GroupId,
        agents: &[AgentId],
    ) -> Result<Group, Error> {
        let agents: Vec<Uuid> = agents.iter().map(|agent| agent.0).collect();
        let mut transaction = self.database.tenant(tenant).await?;
        lock(&mut transaction, tenant, (id, None)).await?;
        let missing = sqlx::query_scalar!(
            r#"select exists (
                   select 1 from unnest($2::uuid[]) as w(id)
                   where not exists (select 1 from agents a
                                     where a.tenant_id = $1 and a.id = w.id and a.archived_at is null)
               ) as "missing!""#,
            tenant.0,
            &agents,
        )
        .fetch_one(&mut *transaction)
        .await?;
        if missing {
            return Err(Error::NotFound("agent"));
        }
        sqlx::query!(
            "insert into agent_group_members (tenant_id, group_id, agent_id)
             select $1, $2, agent_id from unnest($3::uuid[]) as w(agent_id)
             on conflict do nothing",
            tenant.0,
            id.0,
            &agents,
        )
        .execute(&mut *transaction)
        .await
        .map_err(Error::missing("agent"))?;
        let group = find(&mut transaction, tenant, id).await?;
        transaction.commit().await?;
        group.ok_or(Error::NotFound("agent group"))
    }

    /// Takes an agent out of a team. A call the agent was offered goes on.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such team, or the agent is not in it.
    pub async fn remove_member(&self, tenant: TenantId, id: GroupId, agent: AgentId) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        lock(&mut transaction, tenant, (id, None)).await?;
        let removed = sqlx::query!(
            "delete from agent_group_members where tenant_id = $1 and group_id = $2 and agent_id = $3",
            tenant.0,
            id.0,
            agent.0,
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        if removed.rows_affected() == 0 {
            return Err(Error::NotFound("member of this group"));
        }
        Ok(())
    }
}

async fn find(connection: &mut PgConnection, tenant: TenantId, id: GroupId) -> Result<Option<Group>, Error> {
    let row = sqlx::query_as!(
        Row,
        r#"select g.id, g.name, g.version, g.created_at,
                  (select count(*) from agent_group_members m
                   where m.tenant_id = g.tenant_id and m.group_id = g.id) as "agents!",
                  (select count(*) from campaigns c
                   where c.tenant_id = g.tenant_id and c.group_id = g.id) as "campaigns!"
           from agent_groups g where g.tenant_id = $1 and g.id = $2"#,
        tenant.0,
        id.0,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(Row::into_group))
}

/// Holds a team against other changes until the transaction ends.
async fn lock(
    connection: &mut PgConnection,
    tenant: TenantId,
    (id, expected): (GroupId, Option<i32>),
) -> Result<(), Error> {
    let version = sqlx::query_scalar!(
        "select version from agent_groups where tenant_id = $1 and id = $2 for no key update",
        tenant.0,
        id.0,
    )
    .fetch_optional(connection)
    .await?
    .ok_or(Error::NotFound("agent group"))?;
    if expected.is_some_and(|expected| expected != version) {
        return Err(Error::Changed);
    }
    Ok(())
}
