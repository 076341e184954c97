//! Caller ids: the numbers that an organisation's campaigns may show.

use jiff::Timestamp;
use sqlx::PgConnection;
use uuid::Uuid;
use warmline_workflows::{NumberId, TenantId};

use crate::{Engine, Error};

/// A number that campaigns may show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallerId {
    /// Its identity.
    pub id: NumberId,
    /// The number, E.164.
    pub phone: String,
    /// What people call it.
    pub label: String,
    /// When it was added.
    pub created_at: Timestamp,
}

struct Row {
    id: Uuid,
    phone: String,
    label: String,
    created_at: jiff_sqlx::Timestamp,
}

impl From<Row> for CallerId {
    fn from(row: Row) -> Self {
        Self {
            id: NumberId(row.id),
            phone: row.phone,
            label: row.label,
            created_at: row.created_at.to_jiff(),
        }
    }
}

impl Engine {
    /// The numbers of an organisation, in the order in which they came.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn caller_ids(
        &self,
        tenant: TenantId,
        after: Option<NumberId>,
        limit: i64,
    ) -> Result<Vec<CallerId>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let rows = sqlx::query_as!(
            Row,
            "select id, phone, label, created_at from caller_ids
             where tenant_id = $1 and ($2::uuid is null or id > $2) order by id limit $3",
            tenant.0,
            after.map(|id| id.0),
            limit,
        )
        .fetch_all(&mut *transaction)
        .await?;
        Ok(rows.into_iter().map(CallerId::from).collect())
    }

    /// Adds a number. Added a second time with the same id, it is as it was.
    ///
    /// # Errors
    /// [`Error::Taken`] when the organisation has the number already.
    pub async fn add_caller_id(
        &self,
        tenant: TenantId,
        id: NumberId,
        (phone, label): (&str, &str),
    ) -> Result<CallerId, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query!(
            "insert into caller_ids (tenant_id, id, phone, label) values ($1, $2, $3, $4)
             on conflict (tenant_id, id) do nothing",
            tenant.0,
            id.0,
            phone,
            label,
        )
        .execute(&mut *transaction)
        .await
        .map_err(Error::taken("phone"))?;
        let row = sqlx::query_as!(
            Row,
            "select id, phone, label, created_at from caller_ids where tenant_id = $1 and id = $2",
            tenant.0,
            id.0,
        )
        .fetch_one(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(row.into())
    }

    /// Removes a number.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] while a campaign that may still call shows it.
    pub async fn remove_caller_id(&self, tenant: TenantId, id: NumberId) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let removed = sqlx::query_scalar!(
            "delete from caller_ids where tenant_id = $1 and id = $2 returning phone",
            tenant.0,
            id.0,
        )
        .fetch_optional(&mut *transaction)
        .await?
        .ok_or(Error::NotFound("caller id"))?;
        let is_shown = sqlx::query_scalar!(
            r#"select exists (
                   select 1 from campaigns where tenant_id = $1 and caller_id = $2 and status <> 'stopped'
               ) as "is_shown!""#,
            tenant.0,
            removed,
        )
        .fetch_one(&mut *transaction)
        .await?;
        if is_shown {
            let why = "a campaign shows this number: give it another, or stop it, first";
            return Err(Error::Refused(why.to_owned()));
        }
        Ok(transaction.commit().await?)
    }
}

/// Makes sure that a campaign may show a number: any, unless the organisation has named some. Holds the list
/// until the transaction ends.
pub(crate) async fn check(connection: &mut PgConnection, tenant: TenantId, phone: &str) -> Result<(), Error> {
    let named = sqlx::query_scalar!("select phone from caller_ids where tenant_id = $1 for share", tenant.0)
        .fetch_all(connection)
        .await?;
    if named.is_empty() || named.iter().any(|named| named == phone) {
        return Ok(());
    }
    let why = "it is not among the organisation's: add it there first".to_owned();
    Err(Error::Invalid { field: "caller_id", why })
}
