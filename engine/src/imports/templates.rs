//! Templates: column mappings that are kept under a name.

use std::collections::BTreeMap;

use jiff::Timestamp;
use uuid::Uuid;
use warmline_workflows::{TemplateId, TenantId};

use crate::{Engine, Error};

/// A column mapping under a name.
#[derive(Debug, Clone)]
pub struct Template {
    /// Its identity.
    pub id: TemplateId,
    /// As shown to people; unique in the organisation.
    pub name: String,
    /// `{"CSV column": "field"}`.
    pub mapping: BTreeMap<String, String>,
    /// How often it was written.
    pub version: i32,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Engine {
    /// Makes a template. The same id twice makes one.
    ///
    /// # Errors
    /// [`Error::Taken`] when the name is; or when the database does not do it.
    pub async fn add_import_template(
        &self,
        tenant: TenantId,
        id: TemplateId,
        name: &str,
        mapping: &BTreeMap<String, String>,
    ) -> Result<Template, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query!(
            "insert into import_templates (tenant_id, id, name, mapping) values ($1, $2, $3, $4)
             on conflict (tenant_id, id) do nothing",
            tenant.0,
            id.0,
            name,
            serde_json::to_value(mapping).map_err(Error::unreadable("column mapping"))?,
        )
        .execute(&mut *transaction)
        .await
        .map_err(Error::taken("name"))?;
        transaction.commit().await?;
        self.import_template(tenant, id).await
    }

    /// A template.
    ///
    /// # Errors
    /// [`Error::NotFound`]; or when the database does not answer.
    pub async fn import_template(&self, tenant: TenantId, template: TemplateId) -> Result<Template, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let row = sqlx::query_as!(
            TemplateRow,
            "select id, name, mapping, version, created_at from import_templates
             where tenant_id = $1 and id = $2",
            tenant.0,
            template.0,
        )
        .fetch_optional(&mut *transaction)
        .await?;
        row.ok_or(Error::NotFound("import template"))?.into_template()
    }

    /// Templates of an organisation by their names, from the one after `after` on.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn import_templates(
        &self,
        tenant: TenantId,
        after: Option<&str>,
        limit: i64,
    ) -> Result<Vec<Template>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let rows = sqlx::query_as!(
            TemplateRow,
            "select id, name, mapping, version, created_at from import_templates
             where tenant_id = $1 and name > $2
             order by name
             limit $3",
            tenant.0,
            after.unwrap_or_default(),
            limit,
        )
        .fetch_all(&mut *transaction)
        .await?;
        rows.into_iter().map(TemplateRow::into_template).collect()
    }

    /// Writes a template that still has the version that was read.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Changed`] when it has another version; [`Error::Taken`] when the name is;
    /// or when the database does not do it.
    pub async fn change_import_template(
        &self,
        tenant: TenantId,
        template: &Template,
    ) -> Result<Template, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let done = sqlx::query!(
            "update import_templates set name = $4, mapping = $5, version = version + 1
             where tenant_id = $1 and id = $2 and version = $3",
            tenant.0,
            template.id.0,
            template.version,
            template.name,
            serde_json::to_value(&template.mapping).map_err(Error::unreadable("column mapping"))?,
        )
        .execute(&mut *transaction)
        .await
        .map_err(Error::taken("name"))?;
        transaction.commit().await?;
        let is = self.import_template(tenant, template.id).await?;
        if done.rows_affected() == 0 { Err(Error::Changed) } else { Ok(is) }
    }

    /// Deletes a template, of this version if one is given; imports that were made with it keep its mapping.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Changed`] when it has another version; or when the database does not do it.
    pub async fn delete_import_template(
        &self,
        tenant: TenantId,
        (template, version): (TemplateId, Option<i32>),
    ) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let done = sqlx::query!(
            "delete from import_templates
             where tenant_id = $1 and id = $2 and ($3::integer is null or version = $3)",
            tenant.0,
            template.0,
            version,
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        if done.rows_affected() > 0 {
            return Ok(());
        }
        self.import_template(tenant, template).await?;
        Err(Error::Changed)
    }
}

struct TemplateRow {
    id: Uuid,
    name: String,
    mapping: serde_json::Value,
    version: i32,
    created_at: jiff_sqlx::Timestamp,
}

impl TemplateRow {
    fn into_template(self) -> Result<Template, Error> {
        Ok(Template {
            id: TemplateId(self.id),
            name: self.name,
            mapping: serde_json::from_value(self.mapping).map_err(Error::unreadable("column mapping"))?,
            version: self.version,
            created_at: self.created_at.to_jiff(),
        })
    }
}
