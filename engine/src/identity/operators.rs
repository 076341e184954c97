//! Operators: the admins of the installation, and the organisation that they belong to.

use uuid::Uuid;
use warmline_workflows::{Role, TenantId, UserId};

use super::users;
use crate::{Engine, Error};

impl Engine {
    /// The organisation that the installation's first admin belongs to, or is invited to.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn operators(&self) -> Result<Option<TenantId>, Error> {
        let id = sqlx::query_scalar!(
            r#"select tenant_id as "tenant_id!" from (
                   select tenant_id, created_at from users where role = 'admin'
                   union all
                   select tenant_id, created_at from invitations
                   where role = 'admin' and accepted_at is null and revoked_at is null and expires_at > now()
               ) as admins order by created_at limit 1"#
        )
        .fetch_optional(self.database.system())
        .await?;
        Ok(id.map(TenantId))
    }

    /// Makes an admin of the user with this address, and lets the user log in again if that was forbidden;
    /// none when the organisation has no such user.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn promote(&self, tenant: TenantId, email: &str) -> Result<Option<UserId>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        users::lock_places(&mut transaction, tenant).await?;
        let id: Option<Uuid> = sqlx::query_scalar!(
            "update users set role = $3, enabled = true, version = version + 1
             where tenant_id = $1 and email = $2 returning id",
            tenant.0,
            email,
            Role::Admin.as_str(),
        )
        .fetch_optional(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(id.map(UserId))
    }
}
