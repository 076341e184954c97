//! Sessions: logins that last, refreshed by a token that changes with each use.

use std::time::Duration;

use jiff::Timestamp;
use sqlx::PgConnection;
use warmline_workflows::{Role, SessionId, TenantId, UserId};

use crate::{Engine, Error};

/// The digest of a secret token.
pub type Digest = [u8; 32];

/// What came of an attempt to refresh a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refreshed {
    /// The session goes on, with the new token.
    Live(Standing),
    /// The token had been exchanged before: somebody else has it. The session is over.
    Reused,
    /// There is no such session any more.
    Gone,
}

/// Whose a live session is, and what the person may do at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The person.
    pub user: UserId,
    /// What the person may do.
    pub role: Role,
}

/// A login as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its identity.
    pub id: SessionId,
    /// When the password was shown.
    pub created_at: Timestamp,
    /// When it was refreshed last.
    pub refreshed_at: Timestamp,
    /// When it ends unless it is refreshed.
    pub expires_at: Timestamp,
    /// What the browser or program called itself.
    pub client: String,
}

impl Engine {
    /// Opens a session for a person who has just shown a password.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn open_session(
        &self,
        tenant: TenantId,
        (user, id): (UserId, SessionId),
        (token, lasts): (&Digest, Duration),
        client: &str,
    ) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query!(
            "with logged as (
                 update users set last_login_at = now() where tenant_id = $1 and id = $3
             )
             insert into sessions (tenant_id, id, user_id, token, expires_at, client)
             values ($1, $2, $3, $4, now() + make_interval(secs => $5), $6)",
            tenant.0,
            id.0,
            user.0,
            token,
            lasts.as_secs_f64(),
            client,
        )
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Exchanges a session's token for the next one. A token that was exchanged before ends the session.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn refresh_session(
        &self,
        tenant: TenantId,
        session: SessionId,
        (token, next): (&Digest, &Digest),
        lasts: Duration,
    ) -> Result<Refreshed, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let row = sqlx::query!(
            r#"select s.token, s.token_before, u.id, u.role
               from sessions s
               join users u on u.tenant_id = s.tenant_id and u.id = s.user_id
               join tenants t on t.id = s.tenant_id
               where s.tenant_id = $1 and s.id = $2 and s.revoked_at is null and s.expires_at > now()
                 and u.enabled and t.enabled
               for update of s"#,
            tenant.0,
            session.0,
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(row) = row else { return Ok(Refreshed::Gone) };
        let refreshed = if row.token == token {
            sqlx::query!(
                "update sessions
                 set token = $3, token_before = token, refreshed_at = now(),
                     expires_at = now() + make_interval(secs => $4)
                 where tenant_id = $1 and id = $2",
                tenant.0,
                session.0,
                next,
                lasts.as_secs_f64(),
            )
            .execute(&mut *transaction)
            .await?;
            Refreshed::Live(Standing { user: UserId(row.id), role: row.role.parse().unwrap_or(Role::Agent) })
        } else if row.token_before.as_deref() == Some(token.as_slice()) {
            sqlx::query!(
                "update sessions set revoked_at = now() where tenant_id = $1 and id = $2",
                tenant.0,
                session.0,
            )
            .execute(&mut *transaction)
            .await?;
            Refreshed::Reused
        } else {
            Refreshed::Gone
        };
        transaction.commit().await?;
        Ok(refreshed)
    }

    /// Whose a session is; none when it is over, or its person or organisation was switched off.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn session(&self, tenant: TenantId, session: SessionId) -> Result<Option<Standing>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let row = sqlx::query!(
            "select u.id, u.role
             from sessions s
             join users u on u.tenant_id = s.tenant_id and u.id = s.user_id
             join tenants t on t.id = s.tenant_id
             where s.tenant_id = $1 and s.id = $2 and s.revoked_at is null and s.expires_at > now()
               and u.enabled and t.enabled",
            tenant.0,
            session.0,
        )
        .fetch_optional(&mut *transaction)
        .await?;
        Ok(row.map(|row| Standing { user: UserId(row.id), role: row.role.parse().unwrap_or(Role::Agent) }))
    }

    /// Ends a session; a second time changes nothing.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn end_session(&self, tenant: TenantId, session: SessionId) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query!(
            "update sessions set revoked_at = now() where tenant_id = $1 and id = $2 and revoked_at is null",
            tenant.0,
            session.0,
        )
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }
    /// The logins of a person that stand, the newest first.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn sessions(
        &self,
        tenant: TenantId,
        user: UserId,
        before: Option<SessionId>,
        limit: i64,
    ) -> Result<Vec<Session>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let rows = sqlx::query!(
            "select id, created_at, refreshed_at, expires_at, client
             from sessions
             where tenant_id = $1 and user_id = $2 and revoked_at is null and expires_at > now()
               and ($3::uuid is null or id < $3)
             order by id desc limit $4",
            tenant.0,
            user.0,
            before.map(|id| id.0),
            limit,
        )
        .fetch_all(&mut *transaction)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| Session {
                id: SessionId(row.id),
                created_at: row.created_at.to_jiff(),
                refreshed_at: row.refreshed_at.to_jiff(),
                expires_at: row.expires_at.to_jiff(),
                client: row.client,
            })
            .collect())
    }

    /// Ends a login of this person's own. A second time changes nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is nobody's, or somebody else's.
    pub async fn end_own_session(
        &self,
        tenant: TenantId,
        user: UserId,
        session: SessionId,
    ) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let done = sqlx::query!(
            "update sessions set revoked_at = coalesce(revoked_at, now())
             where tenant_id = $1 and id = $2 and user_id = $3",
            tenant.0,
            session.0,
            user.0,
        )
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() == 0 {
            return Err(Error::NotFound("login"));
        }
        Ok(transaction.commit().await?)
    }

    /// Ends every login of a person.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn end_sessions(&self, tenant: TenantId, user: UserId) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        end_all(&mut transaction, tenant, user, None).await?;
        Ok(transaction.commit().await?)
    }
}

/// Ends the logins of a person, but for one that may be kept.
pub(super) async fn end_all(
    connection: &mut PgConnection,
    tenant: TenantId,
    user: UserId,
    keep: Option<SessionId>,
) -> Result<(), Error> {
    sqlx::query!(
        "update sessions set revoked_at = now()
         where tenant_id = $1 and user_id = $2 and revoked_at is null and ($3::uuid is null or id <> $3)",
        tenant.0,
        user.0,
        keep.map(|session| session.0),
    )
    .execute(connection)
    .await?;
    Ok(())
}
