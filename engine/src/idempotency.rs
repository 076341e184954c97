//! Idempotent requests: what a request with a key came to, so that it can be sent again.
//!
//! Answers are sealed, for they say of people what the request said, and the client's keys are digests. An answer
//! is gone within a day or two, and until then stays sealed with the data key it has: a rotation leaves it alone.

use jiff::Timestamp;
use uuid::Uuid;
use warmline_workflows::TenantId;

use crate::identity::sessions::Digest;
use crate::vault::Place;
use crate::{Engine, Error};

/// Which request, of whom.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The organisation.
    pub tenant: TenantId,
    /// The person or key that asked.
    pub actor: Uuid,
    /// What the client calls the request.
    pub key: &'a str,
    /// The digest of everything the request says.
    pub request: &'a Digest,
}

/// What is known of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// Nothing: carry it out. What it creates takes its time from this instant, so that carrying it out
    /// again, after a crash, creates the same.
    New {
        /// When it was first asked.
        first_asked_at: Timestamp,
    },
    /// It is being carried out.
    InProgress,
    /// The key belongs to a request that said something else.
    Different,
    /// It was answered.
    Answered(Answer),
}

/// An answer as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers that belong to it, as pairs.
    pub headers: serde_json::Value,
    /// The body.
    pub body: Vec<u8>,
}

/// A request that was not answered within this time was lost with its process, and may be carried out.
const LOST_AFTER_S: f64 = 60.0;

impl Engine {
    /// Takes a request on, unless it is known.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn begin_request(&self, asked: Asked<'_>) -> Result<Known, Error> {
        let keys = self.database.keys(asked.tenant).await?;
        let named = keys.request(asked.key);
        let mut transaction = self.database.tenant(asked.tenant).await?;
        let taken = sqlx::query!(
            r#"insert into idempotent_requests as r (tenant_id, actor, key, request)
               values ($1, $2, $3, $4)
               on conflict (tenant_id, actor, key) do update set started_at = now()
               where r.status is null and r.request = $4 and r.started_at < now() - make_interval(secs => $5)
               returning created_at"#,
            asked.tenant.0,
            asked.actor,
            named,
            asked.request,
            LOST_AFTER_S,
        )
        .fetch_optional(&mut *transaction)
        .await?;
        if let Some(row) = taken {
            transaction.commit().await?;
            return Ok(Known::New { first_asked_at: row.created_at.to_jiff() });
        }
        let row = sqlx::query!(
            "select request, status, headers, body from idempotent_requests
             where tenant_id = $1 and actor = $2 and key = $3",
            asked.tenant.0,
            asked.actor,
            named,
        )
        .fetch_optional(&mut *transaction)
        .await?;
        // If there is none, it was forgotten in between.
        let Some(row) = row else { return Ok(Known::InProgress) };
        if row.request != asked.request {
            return Ok(Known::Different);
        }
        let Some(status) = row.status else { return Ok(Known::InProgress) };
        let body = row.body.unwrap_or_default();
        Ok(Known::Answered(Answer {
            status: u16::try_from(status).unwrap_or(500),
            headers: row.headers.unwrap_or_default(),
            body: keys.open_bytes(Place::answer(asked.actor, asked.key), &body)?.into_owned(),
        }))
    }

    /// Notes what a request came to.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn answer_request(&self, asked: Asked<'_>, answer: &Answer) -> Result<(), Error> {
        let keys = self.database.keys(asked.tenant).await?;
        let named = keys.request(asked.key);
        let body = keys.seal_bytes(Place::answer(asked.actor, asked.key), &answer.body)?;
        let mut transaction = self.database.tenant(asked.tenant).await?;
        sqlx::query!(
            "update idempotent_requests set status = $4, headers = $5, body = $6
             where tenant_id = $1 and actor = $2 and key = $3 and status is null",
            asked.tenant.0,
            asked.actor,
            named,
            i16::try_from(answer.status).unwrap_or(500),
            answer.headers,
            body,
        )
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Forgets a request that came to nothing, so that it can be sent again at once.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn forget_request(&self, asked: Asked<'_>) -> Result<(), Error> {
        let named = self.database.keys(asked.tenant).await?.request(asked.key);
        let mut transaction = self.database.tenant(asked.tenant).await?;
        sqlx::query!(
            "delete from idempotent_requests
             where tenant_id = $1 and actor = $2 and key = $3 and status is null",
            asked.tenant.0,
            asked.actor,
            named,
        )
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Deletes requests that are older than a day, and sessions and failed logins that are long over. Returns how
    /// many requests.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn purge_requests(&self) -> Result<u64, Error> {
        let done = sqlx::query!(
            "with failures as (
                 delete from login_failures where failed_at < now() - interval '2 days'
             ), sessions as (
                 delete from sessions where expires_at < now() - interval '30 days'
             )
             delete from idempotent_requests where created_at < now() - interval '1 day'",
        )
        .execute(self.database.system())
        .await?;
        Ok(done.rows_affected())
    }
}
