//! Carrier accounts of organisations' own, in place of the installation's.
//!
//! A call stays on the account that it was opened with, so an account that was replaced is kept, out of sight,
//! until no call is left on it: whether its telephones ring can be asked nowhere else.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use sqlx::{Postgres, Transaction};
use uuid::Uuid;
use warmline_workflows::{CarrierId, TenantId};

use crate::vault::{Keys, Place};
use crate::{Engine, Error};

/// A carrier account as its organisation knows it.
#[derive(Debug, Clone, PartialEq)]
pub struct CarrierAccount {
    /// Its identity here.
    pub id: CarrierId,
    /// Its identity at the carrier.
    pub account_sid: String,
    /// Legs placed per second of carrier time, over all processes.
    pub calls_per_second: f32,
    /// The id of its API key, if it has one.
    pub api_key_sid: Option<String>,
    /// Its application for calls that softphones make, if it has one.
    pub application_sid: Option<String>,
    /// Where it is; none for the carrier of the installation's account.
    pub elsewhere: Option<Elsewhere>,
    /// Raised by every change of the organisation's account, also to another one.
    pub version: i32,
    /// When it was last changed: machine time.
    pub changed_at: Timestamp,
}

/// A carrier other than that of the installation's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// Everything before `/Accounts`.
    pub api_base: String,
    /// How it is spoken to, in the words of those who do.
    pub dialect: String,
}

/// An account with what proves that we may use it.
#[derive(Debug, Clone)]
pub struct Line {
    /// The account.
    pub account: CarrierAccount,
    /// Its secrets.
    pub credentials: Credentials,
}

/// What requests to the carrier are made with, and its webhooks are signed with. Sealed at rest.
#[derive(Clone)]
pub struct Credentials {
    /// The auth token.
    pub auth_token: SecretString,
    /// The one before it: webhooks that were signed with it may still be on their way.
    pub previous: Option<SecretString>,
    /// The secret of the API key, if there is one.
    pub api_key_secret: Option<SecretString>,
}

impl Credentials {
    /// The tokens that webhooks may be signed with, the present one first.
    #[must_use]
    pub fn tokens(&self) -> Vec<SecretString> {
        std::iter::once(&self.auth_token).chain(&self.previous).cloned().collect()
    }

    fn seal(&self, keys: &Keys, id: CarrierId) -> Result<Vec<u8>, Error> {
        let text = |secret: &SecretString| secret.expose_secret().to_owned();
        let stored = Stored {
            auth_token: text(&self.auth_token),
            previous: self.previous.as_ref().map(text),
            api_key_secret: self.api_key_secret.as_ref().map(text),
        };
        keys.seal(Place::carrier(id), &stored)
    }

    fn open(keys: &Keys, id: CarrierId, sealed: &[u8]) -> Result<Self, Error> {
        let stored: Stored = keys.open(Place::carrier(id), sealed)?;
        Ok(Self {
            auth_token: stored.auth_token.into(),
            previous: stored.previous.map(Into::into),
            api_key_secret: stored.api_key_secret.map(Into::into),
        })
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(..)")
    }
}

#[derive(Serialize, Deserialize)]
struct Stored {
    auth_token: String,
    previous: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    api_key_secret: Option<String>,
}

/// An API key of a carrier account.
#[derive(Debug, Clone)]
pub struct ApiKey {
    /// Its id.
    pub sid: String,
    /// Its secret.
    pub secret: SecretString,
}

/// An account that an organisation wants to call on.
#[derive(Debug, Clone)]
pub struct NewCarrierAccount {
    /// Its identity at the carrier.
    pub account_sid: String,
    /// Its secret.
    pub auth_token: SecretString,
    /// Legs placed per second of carrier time, 0.01 to 1000.
    pub calls_per_second: f32,
    /// Makes requests in place of the secret, and lets softphones in.
    pub api_key: Option<ApiKey>,
    /// The application for calls that softphones make.
    pub application_sid: Option<String>,
    /// Where it is; none for the carrier of the installation's account.
    pub elsewhere: Option<Elsewhere>,
}

impl Engine {
    /// The account that an organisation calls on; none when that is the installation's.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn carrier_account(&self, tenant: TenantId) -> Result<Option<CarrierAccount>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        current(&mut transaction, tenant).await
    }

    /// Calls on this account from the next call on; calls under way stay where they are. An auth token that is
    /// replaced still proves webhooks, until it is replaced once more.
    ///
    /// # Errors
    /// [`Error::Changed`] when a version is expected and the present account is at another; zero stands for
    /// none. [`Error::Invalid`] when the account was kept as one of another carrier. Or when the database does not do it.
    pub async fn set_carrier_account(
        &self,
        tenant: TenantId,
        expected: Option<i32>,
        account: &NewCarrierAccount,
    ) -> Result<CarrierAccount, Error> {
        let keys = self.database.keys(tenant).await?;
        let mut transaction = self.database.tenant(tenant).await?;
        retire(&mut transaction, tenant, expected).await?;
        let before = sqlx::query!(
            "select id, credentials, api_base, dialect from carrier_accounts
             where tenant_id = $1 and account_sid = $2 for update",
            tenant.0,
            account.account_sid,
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let (id, before) = match before {
            // Calls may be on it, and what they left where it was cannot be found anywhere else.
            Some(row) if elsewhere(row.api_base.clone(), row.dialect.clone()) != account.elsewhere => {
                let why = "this account was kept as one of another carrier: an account stays where it is";
                return Err(Error::Invalid { field: "api_base", why: why.to_owned() });
            }
            Some(row) => {
                let id = CarrierId(row.id);
                (id, Some(Credentials::open(&keys, id, &row.credentials)?))
            }
            None => (CarrierId(Uuid::now_v7()), None),
        };
        let auth_token = account.auth_token.clone();
        let api_key_secret = account.api_key.as_ref().map(|key| key.secret.clone());
        let previous = before.and_then(|before| {
            let same = before.auth_token.expose_secret() == auth_token.expose_secret();
            if same { before.previous } else { Some(before.auth_token) }
        });
        sqlx::query!(
            "insert into carrier_accounts
                 (tenant_id, id, account_sid, credentials, calls_per_second, api_key_sid, application_sid,
                  api_base, dialect, is_current, version)
             select $1, $2, $3, $4, $5, $6, $7, $8, $9, true, coalesce(max(version), 0) + 1
             from carrier_accounts where tenant_id = $1
             on conflict (tenant_id, id) do update
             set credentials = excluded.credentials, calls_per_second = excluded.calls_per_second,
                 api_key_sid = excluded.api_key_sid, application_sid = excluded.application_sid,
                 is_current = true, version = excluded.version, changed_at = now()",
            tenant.0,
            id.0,
            account.account_sid,
            Credentials { auth_token, previous, api_key_secret }.seal(&keys, id)?,
            account.calls_per_second,
            account.api_key.as_ref().map(|key| key.sid.as_str()),
            account.application_sid,
            account.elsewhere.as_ref().map(|place| place.api_base.as_str()),
            account.elsewhere.as_ref().map(|place| place.dialect.as_str()),
        )
        .execute(&mut *transaction)
        .await?;
        let stored = current(&mut transaction, tenant).await?.ok_or(Error::NotFound(WHAT))?;
        transaction.commit().await?;
        Ok(stored)
    }

    /// Calls on the installation's account again, from the next call on.
    ///
    /// # Errors
    /// [`Error::NotFound`] when that is so already, [`Error::Changed`] when a version is expected and the account
    /// is at another, or when the database does not do it.
    pub async fn remove_carrier_account(&self, tenant: TenantId, expected: Option<i32>) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        if !retire(&mut transaction, tenant, expected).await? {
            return Err(Error::NotFound(WHAT));
        }
        Ok(transaction.commit().await?)
    }

    /// An account that a call is on, whether or not new calls are placed on it.
    ///
    /// # Errors
    /// [`Error::NotFound`], or when the database does not do it.
    pub async fn carrier_line(&self, tenant: TenantId, id: CarrierId) -> Result<Line, Error> {
        let keys = self.database.keys(tenant).await?;
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query_as!(
            Row,
            "select id, account_sid, credentials, calls_per_second, api_key_sid, application_sid, api_base,
                    dialect, version, changed_at
             from carrier_accounts where tenant_id = $1 and id = $2",
            tenant.0,
            id.0,
        )
        .fetch_optional(&mut *transaction)
        .await?
        .ok_or(Error::NotFound(WHAT))?
        .into_line(&keys)
    }

    /// The account whose webhooks say so, if the organisation has or had it.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn carrier_line_of(&self, tenant: TenantId, account_sid: &str) -> Result<Option<Line>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let row = sqlx::query_as!(
            Row,
            "select id, account_sid, credentials, calls_per_second, api_key_sid, application_sid, api_base,
                    dialect, version, changed_at
             from carrier_accounts where tenant_id = $1 and account_sid = $2",
            tenant.0,
            account_sid,
        )
        .fetch_optional(&mut *transaction)
        .await?;
        // Keys are never asked for inside a transaction; and never made for whoever merely knocks.
        drop(transaction);
        let Some(row) = row else { return Ok(None) };
        row.into_line(&*self.database.keys(tenant).await?).map(Some)
    }

    /// Forgets accounts that were replaced so long ago, machine time, and that no call is on any more. Returns how
    /// many.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn purge_carrier_accounts(&self, age: Duration) -> Result<u64, Error> {
        let done = sqlx::query!(
            "delete from carrier_accounts a
             where not a.is_current and a.changed_at < now() - make_interval(secs => $1)
               and not exists (select 1 from calls c
                               where c.tenant_id = a.tenant_id and c.open
                                 and c.plan ->> 'carrier' = 'car_' || replace(a.id::text, '-', ''))
               and not exists (select 1 from inquiries q
                               where q.tenant_id = a.tenant_id and q.carrier_id = a.id)",
            age.as_secs_f64(),
        )
        .execute(self.database.system())
        .await?;
        Ok(done.rows_affected())
    }
}

/// What it is called in an error.
const WHAT: &str = "carrier account";

struct Row {
    id: Uuid,
    account_sid: String,
    credentials: Vec<u8>,
    calls_per_second: f32,
    api_key_sid: Option<String>,
    application_sid: Option<String>,
    api_base: Option<String>,
    dialect: Option<String>,
    version: i32,
    changed_at: jiff_sqlx::Timestamp,
}

impl Row {
    fn into_account(self) -> CarrierAccount {
        CarrierAccount {
            id: CarrierId(self.id),
            account_sid: self.account_sid,
            calls_per_second: self.calls_per_second,
            api_key_sid: self.api_key_sid,
            application_sid: self.application_sid,
            elsewhere: elsewhere(self.api_base, self.dialect),
            version: self.version,
            changed_at: self.changed_at.to_jiff(),
        }
    }

    fn into_line(self, keys: &Keys) -> Result<Line, Error> {
        let credentials = Credentials::open(keys, CarrierId(self.id), &self.credentials)?;
        Ok(Line { account: self.into_account(), credentials })
    }
}

fn elsewhere(api_base: Option<String>, dialect: Option<String>) -> Option<Elsewhere> {
    api_base.zip(dialect).map(|(api_base, dialect)| Elsewhere { api_base, dialect })
}

async fn current(
    transaction: &mut Transaction<'_, Postgres>,
    tenant: TenantId,
) -> Result<Option<CarrierAccount>, Error> {
    let row = sqlx::query_as!(
        Row,
        "select id, account_sid, credentials, calls_per_second, api_key_sid, application_sid, api_base,
                dialect, version, changed_at
         from carrier_accounts where tenant_id = $1 and is_current",
        tenant.0,
    )
    .fetch_optional(&mut **transaction)
    .await?;
    Ok(row.map(Row::into_account))
}

/// Ends the use of the present account for new calls. Whether there was one.
async fn retire(
    transaction: &mut Transaction<'_, Postgres>,
    tenant: TenantId,
    expected: Option<i32>,
) -> Result<bool, Error> {
    // One change of an organisation's account at a time, also while it has none.
    sqlx::query!("select id from tenants where id = $1 for no key update", tenant.0)
        .fetch_optional(&mut **transaction)
        .await?
        .ok_or(Error::NotFound("organisation"))?;
    let version = sqlx::query_scalar!(
        "update carrier_accounts set is_current = false, changed_at = now()
         where tenant_id = $1 and is_current returning version",
        tenant.0,
    )
    .fetch_optional(&mut **transaction)
    .await?;
    // What the one account may show, the next may not.
    sqlx::query!(
        "update caller_ids set listed = null, checked_at = null, check_at = now() where tenant_id = $1",
        tenant.0
    )
    .execute(&mut **transaction)
    .await?;
    match expected {
        Some(expected) if expected != version.unwrap_or(0) => Err(Error::Changed),
        _ => Ok(version.is_some()),
    }
}
