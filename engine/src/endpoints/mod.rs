//! Endpoints: addresses of an organisation's own that hear of its feed.

mod secret;

use std::time::Duration;

use jiff::Timestamp;
use sqlx::{Postgres, Transaction};
use uuid::Uuid;
use warmline_workflows::feed::{Kind, Notice};
use warmline_workflows::{DeliveryId, EndpointId, TenantId};

use crate::{Engine, Error, feed};

pub use secret::Secret;

/// An endpoint to be made. Its URL was checked already.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewEndpoint {
    /// Where deliveries go.
    pub url: String,
    /// What it is, in the words of the organisation; up to 500 characters.
    pub description: String,
    /// The kinds it hears of; none named means all.
    pub kinds: Vec<Kind>,
}

/// An endpoint as it is stored, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Which.
    pub id: EndpointId,
    /// Where deliveries go.
    pub url: String,
    /// What it is, in the words of the organisation.
    pub description: String,
    /// The kinds it hears of; none named means all.
    pub kinds: Vec<Kind>,
    /// Whether deliveries are made and sent. While it is off the feed waits for it, as far as the feed goes back.
    pub enabled: bool,
    /// Why it was switched off, if nobody did: `failing` for days, or `gone`.
    pub disabled_because: Option<String>,
    /// Since when every attempt has failed.
    pub failing_since: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// How often it was changed, from 1.
    pub version: i32,
}

/// What may be changed of an endpoint; none leaves as is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// Where deliveries go. It was checked already.
    pub url: Option<String>,
    /// What it is.
    pub description: Option<String>,
    /// The kinds it hears of; none named means all.
    pub kinds: Option<Vec<Kind>>,
    /// Whether deliveries are made and sent.
    pub enabled: Option<bool>,
}

/// Endpoints that an organisation may have: each costs a look at the feed.
pub const ENDPOINTS_MAX: i64 = 20;

impl Engine {
    /// Makes an endpoint that hears of what happens from now on. Made again under the same id it stays as it is.
    ///
    /// # Errors
    /// [`Error::Refused`] when the organisation has too many, or when the database does not do it.
    pub async fn add_endpoint(
        &self,
        tenant: TenantId,
        id: EndpointId,
        endpoint: &NewEndpoint,
    ) -> Result<Endpoint, Error> {
        let secret = Secret::random().seal(&*self.database.keys(tenant).await?, id)?;
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query!(
            "insert into webhook_endpoints (tenant_id, id, url, description, kinds, secret, cursor_xid, cursor_id)
             select $1, $2, $3, $4, $5, $6, pg_snapshot_xmin(pg_current_snapshot()), 0
             where (select count(*) from webhook_endpoints where tenant_id = $1) < $7
             on conflict (tenant_id, id) do nothing",
            tenant.0,
            id.0,
            endpoint.url,
            endpoint.description,
            &words(&endpoint.kinds) as &[&str],
            secret,
            ENDPOINTS_MAX,
        )
        .execute(&mut *transaction)
        .await?;
        let stored = find(&mut transaction, tenant, id).await.map_err(|error| match error {
            Error::NotFound(_) => {
                Error::Refused(format!("an organisation has at most {ENDPOINTS_MAX} endpoints"))
            }
            other => other,
        })?;
        transaction.commit().await?;
        Ok(stored)
    }

    /// The endpoints of an organisation, the oldest first; there are at most [`ENDPOINTS_MAX`].
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn endpoints(&self, tenant: TenantId) -> Result<Vec<Endpoint>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query_as!(
            Row,
            "select id, url, description, kinds, enabled, disabled_because, failing_since, created_at, version
             from webhook_endpoints where tenant_id = $1 order by id",
            tenant.0,
        )
        .fetch_all(&mut *transaction)
        .await?
        .into_iter()
        .map(Row::into_endpoint)
        .collect()
    }

    /// One endpoint.
    ///
    /// # Errors
    /// [`Error::NotFound`], or when the database does not do it.
    pub async fn endpoint(&self, tenant: TenantId, id: EndpointId) -> Result<Endpoint, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        find(&mut transaction, tenant, id).await
    }

    /// What deliveries to an endpoint are signed with.
    ///
    /// # Errors
    /// [`Error::NotFound`], or when the database does not do it.
    pub async fn endpoint_secret(&self, tenant: TenantId, id: EndpointId) -> Result<Secret, Error> {
        let keys = self.database.keys(tenant).await?;
        let mut transaction = self.database.tenant(tenant).await?;
        let stored = sqlx::query_scalar!(
            "select secret from webhook_endpoints where tenant_id = $1 and id = $2",
            tenant.0,
            id.0,
        )
        .fetch_optional(&mut *transaction)
        .await?;
        Secret::open(&keys, id, &stored.ok_or(Error::NotFound(WHAT))?)
    }

    /// Changes an endpoint that still is at the version, if one is given.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Changed`] when it is at another version; or when the database does not do it.
    pub async fn change_endpoint(
        &self,
        tenant: TenantId,
        (id, version): (EndpointId, Option<i32>),
        change: &Change,
    ) -> Result<Endpoint, Error> {
        let kinds = change.kinds.as_deref().map(words);
        let mut transaction = self.database.tenant(tenant).await?;
        let done = sqlx::query!(
            "update webhook_endpoints
             set url = coalesce($3, url), description = coalesce($4, description),
                 kinds = coalesce($5, kinds), enabled = coalesce($6, enabled),
                 disabled_because = case when $6 is null then disabled_because end,
                 failing_since = case when $6 then null else failing_since end,
                 version = version + 1
             where tenant_id = $1 and id = $2 and ($7::int is null or version = $7)",
            tenant.0,
            id.0,
            change.url,
            change.description,
            kinds.as_deref() as Option<&[&str]>,
            change.enabled,
            version,
        )
        .execute(&mut *transaction)
        .await?;
        let is = find(&mut transaction, tenant, id).await?;
        if done.rows_affected() == 0 {
            return Err(Error::Changed);
        }
        transaction.commit().await?;
        Ok(is)
    }

    /// Deletes an endpoint, with its deliveries, that still is at the version, if one is given.
    ///
    /// # Errors
    /// As for [`Engine::change_endpoint`].
    pub async fn delete_endpoint(
        &self,
        tenant: TenantId,
        (id, version): (EndpointId, Option<i32>),
    ) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let done = sqlx::query!(
            "delete from webhook_endpoints
             where tenant_id = $1 and id = $2 and ($3::int is null or version = $3)",
            tenant.0,
            id.0,
            version,
        )
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() == 0 {
            find(&mut transaction, tenant, id).await?;
            return Err(Error::Changed);
        }
        Ok(transaction.commit().await?)
    }

    /// Gives an endpoint a new secret. For so long the old one signs as well, so that the other side can change
    /// over without losing a delivery.
    ///
    /// # Errors
    /// [`Error::NotFound`], or when the database does not do it.
    pub async fn rotate_secret(
        &self,
        tenant: TenantId,
        id: EndpointId,
        overlap: Duration,
    ) -> Result<Endpoint, Error> {
        let secret = Secret::random().seal(&*self.database.keys(tenant).await?, id)?;
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query!(
            "update webhook_endpoints
             set previous_secret = secret, previous_until = now() + make_interval(secs => $4), secret = $3,
                 version = version + 1
             where tenant_id = $1 and id = $2",
            tenant.0,
            id.0,
            secret,
            overlap.as_secs_f64(),
        )
        .execute(&mut *transaction)
        .await?;
        let is = find(&mut transaction, tenant, id).await?;
        transaction.commit().await?;
        Ok(is)
    }

    /// Sends an endpoint a notice of its own, whatever kinds it hears of.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] when it is switched off; or when the database does not do it.
    pub async fn ping_endpoint(
        &self,
        tenant: TenantId,
        (id, delivery): (EndpointId, DeliveryId),
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        if !find(&mut transaction, tenant, id).await?.enabled {
            return Err(Error::Refused("the endpoint is switched off".to_owned()));
        }
        feed::record(&mut transaction, tenant, &[Notice::EndpointPinged { endpoint_id: id }], now).await?;
        sqlx::query!(
            "insert into webhook_deliveries (tenant_id, id, endpoint_id, event_xid, event_id)
             select $1, $2, $3, xid, id from events
             where tenant_id = $1 and xid = pg_current_xact_id()
             on conflict (tenant_id, id) do nothing",
            tenant.0,
            delivery.0,
            id.0,
        )
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }
}

/// What an endpoint is called in an error.
const WHAT: &str = "webhook endpoint";

pub(crate) async fn find(
    transaction: &mut Transaction<'_, Postgres>,
    tenant: TenantId,
    id: EndpointId,
) -> Result<Endpoint, Error> {
    sqlx::query_as!(
        Row,
        "select id, url, description, kinds, enabled, disabled_because, failing_since, created_at, version
         from webhook_endpoints where tenant_id = $1 and id = $2",
        tenant.0,
        id.0,
    )
    .fetch_optional(&mut **transaction)
    .await?
    .ok_or(Error::NotFound(WHAT))?
    .into_endpoint()
}

struct Row {
    id: Uuid,
    url: String,
    description: String,
    kinds: Vec<String>,
    enabled: bool,
    disabled_because: Option<String>,
    failing_since: Option<jiff_sqlx::Timestamp>,
    created_at: jiff_sqlx::Timestamp,
    version: i32,
}

impl Row {
    fn into_endpoint(self) -> Result<Endpoint, Error> {
        let kinds = self.kinds.iter().map(|kind| kind.parse()).collect::<Result<_, _>>();
        Ok(Endpoint {
            id: EndpointId(self.id),
            url: self.url,
            description: self.description,
            kinds: kinds.map_err(Error::unreadable("endpoint"))?,
            enabled: self.enabled,
            disabled_because: self.disabled_because,
            failing_since: self.failing_since.map(jiff_sqlx::Timestamp::to_jiff),
            created_at: self.created_at.to_jiff(),
            version: self.version,
        })
    }
}

fn words(kinds: &[Kind]) -> Vec<&'static str> {
    kinds.iter().map(|kind| kind.as_str()).collect()
}
