//! Organisations.

use uuid::Uuid;
use warmline_workflows::TenantId;

use crate::{Engine, Error};

impl Engine {
    /// Adds an organisation.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn add_tenant(&self, name: &str, max_concurrent_calls: u32) -> Result<TenantId, Error> {
        let id = TenantId(Uuid::now_v7());
        sqlx::query!(
            "insert into tenants (id, name, max_concurrent_calls) values ($1, $2, $3)",
            id.0,
            name,
            i32::try_from(max_concurrent_calls).unwrap_or(i32::MAX),
        )
        .execute(self.database.system())
        .await?;
        Ok(id)
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
}
