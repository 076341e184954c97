//! The audit log: what people and programs changed.

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;
use warmline_workflows::TenantId;

use crate::{Engine, Error};

/// One change. It names rows by their ids and never holds personal data.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Who: a person's or a key's id.
    pub actor: String,
    /// What was done: the operation's name.
    pub action: String,
    /// To what: the path of the request.
    pub subject: String,
    /// What else is worth knowing, such as fields before and after.
    pub detail: Value,
}

/// A line of the log.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its identity; later lines have greater ones.
    pub id: Uuid,
    /// When: machine time.
    pub at: Timestamp,
    /// What it says.
    pub entry: Entry,
}

/// Which lines to read.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Only what this person or key did.
    pub actor: Option<String>,
    /// Only this operation.
    pub action: Option<String>,
    /// Only lines older than this one.
    pub before: Option<Uuid>,
    /// So many at most.
    pub limit: i64,
}

impl Engine {
    /// Adds a line to the log of an organisation.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn audit(&self, tenant: TenantId, entry: &Entry) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query!(
            "insert into audit_log (tenant_id, id, actor, action, subject, detail)
             values ($1, $2, $3, $4, $5, $6)",
            tenant.0,
            Uuid::now_v7(),
            entry.actor,
            entry.action,
            entry.subject,
            entry.detail,
        )
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Lines of an organisation's log, the newest first.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn audit_log(&self, tenant: TenantId, wanted: &Wanted) -> Result<Vec<Line>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let rows = sqlx::query!(
            "select id, at, actor, action, subject, detail
             from audit_log
             where tenant_id = $1 and ($2::text is null or actor = $2) and ($3::text is null or action = $3)
               and ($4::uuid is null or id < $4)
             order by id desc limit $5",
            tenant.0,
            wanted.actor,
            wanted.action,
            wanted.before,
            wanted.limit,
        )
        .fetch_all(&mut *transaction)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| Line {
                id: row.id,
                at: row.at.to_jiff(),
                entry: Entry {
                    actor: row.actor,
                    action: row.action,
                    subject: row.subject,
                    detail: row.detail,
                },
            })
            .collect())
    }
}
