//! Inquiries: what the carrier is still asked of calls that are over. The step that closes a call opens them, in the
//! same commit; they are put off until they are answered, or given up.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use uuid::Uuid;
use warmline_workflows::call::{Call, Plan};
use warmline_workflows::inquiry::{self, About};
use warmline_workflows::{CallId, CarrierId, TenantId};

use crate::{Engine, Error};

/// What is asked of one call.
#[derive(Debug, Clone)]
pub struct Inquiry {
    /// The organisation.
    pub tenant: TenantId,
    /// The organisation's own carrier account that the call was on; none for the installation's.
    pub carrier: Option<CarrierId>,
    /// When the call was opened: business time, as all that follow.
    pub opened_at: Timestamp,
    /// When it was over.
    pub closed_at: Timestamp,
    /// What was settled when it was opened, without the person.
    pub plan: Plan,
    /// Its stored form.
    pub call: Call,
}

impl Inquiry {
    /// Which call it is of.
    #[must_use]
    pub const fn id(&self) -> CallId {
        self.plan.call
    }
}

impl Engine {
    /// What is to be asked now of calls that were on one account and opened within an hour, in the order of their
    /// opening: one list of the carrier answers them all.
    ///
    /// # Errors
    /// When the database does not do it, or a call cannot be read.
    pub async fn inquiries_due(
        &self,
        about: About,
        now: Timestamp,
        limit: i64,
    ) -> Result<Vec<Inquiry>, Error> {
        let rows = sqlx::query!(
            r#"with first as (
                   select carrier_id, opened_at from inquiries where about = $1 and due_at <= $2 order by due_at limit 1
               )
               select q.tenant_id, q.carrier_id, q.opened_at, q.closed_at, c.plan::text as "plan!", c.snapshot
               from first f
               join inquiries q on q.about = $1 and q.carrier_id = f.carrier_id and q.due_at <= $2
                    and q.opened_at >= f.opened_at and q.opened_at <= f.opened_at + interval '1 hour'
               join calls c on c.tenant_id = q.tenant_id and c.id = q.call_id
               order by q.opened_at limit $3"#,
            about.as_str(),
            now.to_sqlx(),
            limit,
        )
        .fetch_all(self.database.system())
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(Inquiry {
                    tenant: TenantId(row.tenant_id),
                    carrier: Some(row.carrier_id).filter(|id| !id.is_nil()).map(CarrierId),
                    opened_at: row.opened_at.to_jiff(),
                    closed_at: row.closed_at.to_jiff(),
                    plan: serde_json::from_str(&row.plan).map_err(Error::unreadable("plan"))?,
                    call: serde_json::from_str(&row.snapshot).map_err(Error::unreadable("snapshot"))?,
                })
            })
            .collect()
    }

    /// Puts inquiries off, each according to its age.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn put_off_inquiries<'a>(
        &self,
        about: About,
        inquiries: impl IntoIterator<Item = &'a Inquiry>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut tenants = Vec::new();
        let mut calls = Vec::new();
        let mut due = Vec::new();
        for inquiry in inquiries {
            tenants.push(inquiry.tenant.0);
            calls.push(inquiry.id().0);
            due.push(inquiry::next_at(inquiry.closed_at, now).to_sqlx());
        }
        sqlx::query!(
            "update inquiries q set due_at = i.due_at
             from unnest($2::uuid[], $3::uuid[], $4::timestamptz[]) as i(tenant_id, call_id, due_at)
             where q.tenant_id = i.tenant_id and q.call_id = i.call_id and q.about = $1",
            about.as_str(),
            &tenants,
            &calls,
            &due as &[jiff_sqlx::Timestamp],
        )
        .execute(self.database.system())
        .await?;
        Ok(())
    }

    /// Closes inquiries that are answered, or given up.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn close_inquiries<'a>(
        &self,
        about: About,
        inquiries: impl IntoIterator<Item = &'a Inquiry>,
    ) -> Result<(), Error> {
        let (tenants, calls): (Vec<Uuid>, Vec<Uuid>) =
            inquiries.into_iter().map(|inquiry| (inquiry.tenant.0, inquiry.id().0)).unzip();
        sqlx::query!(
            "delete from inquiries q using unnest($2::uuid[], $3::uuid[]) as i(tenant_id, call_id)
             where q.tenant_id = i.tenant_id and q.call_id = i.call_id and q.about = $1",
            about.as_str(),
            &tenants,
            &calls,
        )
        .execute(self.database.system())
        .await?;
        Ok(())
    }
}
