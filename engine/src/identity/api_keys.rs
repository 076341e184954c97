//! API keys: what programs of an organisation show in place of a login.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use sqlx::PgConnection;
use uuid::Uuid;
use warmline_workflows::{ApiKeyId, TenantId, UserId};

use super::sessions::Digest;
use crate::{Engine, Error};

/// A key to be made.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// Its identity.
    pub id: ApiKeyId,
    /// As shown to people.
    pub name: String,
    /// The digest of its secret.
    pub secret: Digest,
    /// What it may do.
    pub scopes: Vec<String>,
    /// Who makes it.
    pub created_by: UserId,
    /// When it ends by itself; never when none.
    pub expires_at: Option<Timestamp>,
}

/// A key as it is stored, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its identity.
    pub id: ApiKeyId,
    /// As shown to people.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// Who made it.
    pub created_by: Option<UserId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was shown last, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

struct Row {
    id: Uuid,
    name: String,
    scopes: Vec<String>,
    created_by: Option<Uuid>,
    created_at: jiff_sqlx::Timestamp,
    expires_at: Option<jiff_sqlx::Timestamp>,
    last_used_at: Option<jiff_sqlx::Timestamp>,
    revoked_at: Option<jiff_sqlx::Timestamp>,
}

impl From<Row> for ApiKey {
    fn from(row: Row) -> Self {
        Self {
            id: ApiKeyId(row.id),
            name: row.name,
            scopes: row.scopes,
            created_by: row.created_by.map(UserId),
            created_at: row.created_at.to_jiff(),
            expires_at: row.expires_at.map(jiff_sqlx::Timestamp::to_jiff),
            last_used_at: row.last_used_at.map(jiff_sqlx::Timestamp::to_jiff),
            revoked_at: row.revoked_at.map(jiff_sqlx::Timestamp::to_jiff),
        }
    }
}

impl Engine {
    /// Makes a key.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn add_api_key(&self, tenant: TenantId, key: &NewKey) -> Result<ApiKey, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query!(
            "insert into api_keys (tenant_id, id, name, secret, scopes, created_by, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7)",
            tenant.0,
            key.id.0,
            key.name,
            &key.secret,
            &key.scopes,
            key.created_by.0,
            key.expires_at.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        )
        .execute(&mut *transaction)
        .await?;
        let made = find(&mut transaction, tenant, key.id).await?;
        transaction.commit().await?;
        made.ok_or(Error::NotFound("API key"))
    }

    /// The keys of an organisation, the newest first, those that are over included.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn api_keys(
        &self,
        tenant: TenantId,
        before: Option<ApiKeyId>,
        limit: i64,
    ) -> Result<Vec<ApiKey>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let rows = sqlx::query_as!(
            Row,
            "select id, name, scopes, created_by, created_at, expires_at, last_used_at, revoked_at
             from api_keys where tenant_id = $1 and ($2::uuid is null or id < $2)
             order by id desc limit $3",
            tenant.0,
            before.map(|id| id.0),
            limit,
        )
        .fetch_all(&mut *transaction)
        .await?;
        Ok(rows.into_iter().map(ApiKey::from).collect())
    }

    /// Ends a key. A second time changes nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`], or when the database does not do it.
    pub async fn revoke_api_key(&self, tenant: TenantId, id: ApiKeyId) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let done = sqlx::query!(
            "update api_keys set revoked_at = coalesce(revoked_at, now()) where tenant_id = $1 and id = $2",
            tenant.0,
            id.0,
        )
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() == 0 {
            return Err(Error::NotFound("API key"));
        }
        Ok(transaction.commit().await?)
    }

    /// What a key may do that shows this secret now; none when it is not that key's, or the key or its
    /// organisation is over. Notes the use, once a minute at most.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn api_key_scopes(
        &self,
        tenant: TenantId,
        id: ApiKeyId,
        secret: &Digest,
    ) -> Result<Option<Vec<String>>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let row = sqlx::query!(
            r#"select k.scopes,
                      coalesce(k.last_used_at < now() - interval '1 minute', true) as "is_stale!"
               from api_keys k
               join tenants t on t.id = k.tenant_id
               where k.tenant_id = $1 and k.id = $2 and k.secret = $3 and k.revoked_at is null
                 and (k.expires_at is null or k.expires_at > now()) and t.enabled"#,
            tenant.0,
            id.0,
            secret,
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(row) = row else { return Ok(None) };
        if row.is_stale {
            sqlx::query!(
                "update api_keys set last_used_at = now() where tenant_id = $1 and id = $2",
                tenant.0,
                id.0
            )
            .execute(&mut *transaction)
            .await?;
            transaction.commit().await?;
        }
        Ok(Some(row.scopes))
    }
}

async fn find(
    connection: &mut PgConnection,
    tenant: TenantId,
    id: ApiKeyId,
) -> Result<Option<ApiKey>, Error> {
    let row = sqlx::query_as!(
        Row,
        "select id, name, scopes, created_by, created_at, expires_at, last_used_at, revoked_at
         from api_keys where tenant_id = $1 and id = $2",
        tenant.0,
        id.0,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(ApiKey::from))
}
