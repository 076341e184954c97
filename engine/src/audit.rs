//! The audit log: what people and programs changed.

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
    /// What else is worth knowing.
    pub detail: Value,
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
}
