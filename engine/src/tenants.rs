//! Organisations: what they settle for themselves, and what the installation allows them.

use jiff::Timestamp;
use sqlx::PgConnection;
use uuid::Uuid;
use warmline_workflows::TenantId;

use crate::{Engine, Error};

/// An organisation as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Its identity.
    pub id: TenantId,
    /// What it settles for itself.
    pub settings: Settings,
    /// What the installation allows it.
    pub terms: Terms,
    /// Raised by every change.
    pub version: i32,
    /// When it was made: machine time.
    pub created_at: Timestamp,
}

/// What an organisation settles for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// As shown to people.
    pub name: String,
    /// IANA name of the zone that days and hours of its reports are counted in.
    pub time_zone: String,
    /// ISO 3166 code that new campaigns begin with.
    pub default_country: String,
    /// Days that recordings are kept, 1 to 36500; none for as long as their calls.
    pub recording_days: Option<i32>,
}

/// What the installation allows an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Whether anybody may log in and anybody is called.
    pub enabled: bool,
    /// Calls at once.
    pub max_concurrent_calls: u32,
    /// People who can log in, open invitations included.
    pub max_users: u32,
    /// Campaigns that are not stopped.
    pub max_campaigns: u32,
}

/// Which organisations to list.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Only those whose name begins like this.
    pub search: Option<String>,
    /// Only those after this one.
    pub after: Option<TenantId>,
    /// So many at most.
    pub limit: i64,
}

struct Row {
    id: Uuid,
    name: String,
    enabled: bool,
    time_zone: String,
    default_country: String,
    recording_days: Option<i32>,
    max_concurrent_calls: i32,
    max_users: i32,
    max_campaigns: i32,
    version: i32,
    created_at: jiff_sqlx::Timestamp,
}

impl From<Row> for Tenant {
    fn from(row: Row) -> Self {
        let count = |stored: i32| u32::try_from(stored).unwrap_or(0);
        Self {
            id: TenantId(row.id),
            settings: Settings {
                name: row.name,
                time_zone: row.time_zone,
                default_country: row.default_country,
                recording_days: row.recording_days,
            },
            terms: Terms {
                enabled: row.enabled,
                max_concurrent_calls: count(row.max_concurrent_calls),
                max_users: count(row.max_users),
                max_campaigns: count(row.max_campaigns),
            },
            version: row.version,
            created_at: row.created_at.to_jiff(),
        }
    }
}

impl Engine {
    /// Adds an organisation, on the usual terms.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn add_tenant(&self, name: &str, max_concurrent_calls: u32) -> Result<TenantId, Error> {
        let id = TenantId(Uuid::now_v7());
        self.create_tenant(id, name, max_concurrent_calls).await?;
        Ok(id)
    }

    /// Makes an organisation, on the usual terms. Made a second time with the same id, it is as it was.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn create_tenant(
        &self,
        id: TenantId,
        name: &str,
        max_concurrent_calls: u32,
    ) -> Result<Tenant, Error> {
        let mut transaction = self.database.tenant(id).await?;
        sqlx::query!(
            "insert into tenants (id, name, max_concurrent_calls) values ($1, $2, $3)
             on conflict (id) do nothing",
            id.0,
            name,
            i32::try_from(max_concurrent_calls).unwrap_or(i32::MAX),
        )
        .execute(&mut *transaction)
        .await?;
        let made = find(&mut transaction, id).await?;
        transaction.commit().await?;
        made.ok_or(Error::NotFound("organisation"))
    }

    /// Sets the countries that an organisation calls; none for all.
    ///
    /// # Errors
    /// [`Error::NotFound`], or when the database does not do it.
    pub async fn set_allowed_countries(
        &self,
        tenant: TenantId,
        countries: Option<&[String]>,
    ) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let done =
            sqlx::query!("update tenants set allowed_countries = $2 where id = $1", tenant.0, countries)
                .execute(&mut *transaction)
                .await?;
        if done.rows_affected() == 0 {
            return Err(Error::NotFound("organisation"));
        }
        Ok(transaction.commit().await?)
    }

    /// The countries that an organisation calls; none for all.
    ///
    /// # Errors
    /// [`Error::NotFound`], or when the database does not do it.
    pub async fn allowed_countries(&self, tenant: TenantId) -> Result<Option<Vec<String>>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query_scalar!("select allowed_countries from tenants where id = $1", tenant.0)
            .fetch_optional(&mut *transaction)
            .await?
            .ok_or(Error::NotFound("organisation"))
    }

    /// The organisation of that name, if there is exactly one.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn tenant_by_name(&self, name: &str) -> Result<Option<TenantId>, Error> {
        let ids = sqlx::query_scalar!("select id from tenants where name = $1 limit 2", name)
            .fetch_all(self.database.system())
            .await?;
        Ok(match ids[..] {
            [id] => Some(TenantId(id)),
            _ => None,
        })
    }

    /// An organisation.
    ///
    /// # Errors
    /// [`Error::NotFound`], or when the database does not do it.
    pub async fn tenant(&self, id: TenantId) -> Result<Tenant, Error> {
        let mut transaction = self.database.tenant(id).await?;
        find(&mut transaction, id).await?.ok_or(Error::NotFound("organisation"))
    }

    /// The organisations of the installation, in the order in which they came.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn tenants(&self, wanted: &Wanted) -> Result<Vec<Tenant>, Error> {
        let rows = sqlx::query_as!(
            Row,
            "select id, name, enabled, time_zone, default_country, recording_days, max_concurrent_calls, max_users,
                    max_campaigns, version, created_at
             from tenants
             where ($1::text is null or starts_with(lower(name), $1)) and ($2::uuid is null or id > $2)
             order by id limit $3",
            wanted.search.as_ref().map(|text| text.to_lowercase()),
            wanted.after.map(|id| id.0),
            wanted.limit,
        )
        .fetch_all(self.database.system())
        .await?;
        Ok(rows.into_iter().map(Tenant::from).collect())
    }

    /// Changes an organisation. Once it is disabled nobody of it is called or logged in any more, and a call
    /// that nobody has answered yet is given up.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Changed`] when it is not of the expected version any more.
    pub async fn update_tenant(
        &self,
        (id, expected): (TenantId, i32),
        settings: &Settings,
        terms: &Terms,
    ) -> Result<Tenant, Error> {
        let count = |count: u32| i32::try_from(count).unwrap_or(i32::MAX);
        let mut transaction = self.database.tenant(id).await?;
        let done = sqlx::query!(
            "update tenants
             set name = $3, time_zone = $4, default_country = $5, enabled = $6, max_concurrent_calls = $7,
                 max_users = $8, max_campaigns = $9, recording_days = $10, version = version + 1
             where id = $1 and version = $2",
            id.0,
            expected,
            settings.name,
            settings.time_zone,
            settings.default_country,
            terms.enabled,
            count(terms.max_concurrent_calls),
            count(terms.max_users),
            count(terms.max_campaigns),
            settings.recording_days,
        )
        .execute(&mut *transaction)
        .await?;
        let changed = find(&mut transaction, id).await?.ok_or(Error::NotFound("organisation"))?;
        if done.rows_affected() == 0 {
            return Err(Error::Changed);
        }
        if !terms.enabled {
            sqlx::query!(
                "update sessions set revoked_at = now() where tenant_id = $1 and revoked_at is null",
                id.0
            )
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(changed)
    }
}

async fn find(connection: &mut PgConnection, id: TenantId) -> Result<Option<Tenant>, Error> {
    let row = sqlx::query_as!(
        Row,
        "select id, name, enabled, time_zone, default_country, recording_days, max_concurrent_calls, max_users,
                max_campaigns, version, created_at
         from tenants where id = $1",
        id.0,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(Tenant::from))
}
