//! Sessions: logins that last, refreshed by a token that changes with each use.

use std::time::Duration;

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
}
