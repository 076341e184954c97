//! Bills: what calls cost by the carrier's own prices, in place of what was estimated when they closed.

use std::collections::HashMap;

use uuid::Uuid;
use warmline_workflows::TenantId;
use warmline_workflows::cost::{self, Basis};

use crate::inquiries::Inquiry;
use crate::{Engine, Error};

/// What came of asking for the prices of a call's legs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bill {
    /// They come to so many micros.
    Priced {
        /// Of a US dollar.
        legs_micros: i64,
    },
    /// They are in another currency: the estimate stays.
    OtherCurrency,
    /// They never came: the estimate stays.
    NotPriced,
}

#[derive(Default)]
struct Columns {
    call: Vec<Uuid>,
    basis: Vec<&'static str>,
    micros: Vec<Option<i64>>,
}

impl Engine {
    /// Notes what calls cost, and closes the inquiries about it. By how much that is more than was estimated is
    /// written down beside it, once for each call, for the statistics that have counted the estimate.
    ///
    /// # Errors
    /// When the database does not do it; then nothing of an organisation's calls was noted, or all.
    pub async fn bill(&self, bills: &[(Inquiry, Bill)]) -> Result<(), Error> {
        let mut tenants: HashMap<TenantId, Columns> = HashMap::new();
        for (inquiry, bill) in bills {
            let columns = tenants.entry(inquiry.tenant).or_default();
            let (basis, micros) = match *bill {
                Bill::Priced { legs_micros } => {
                    let memory = inquiry.call.memory();
                    (Basis::Billed, Some(cost::billed(memory, &inquiry.plan, &self.rates, legs_micros)))
                }
                Bill::OtherCurrency => (Basis::OtherCurrency, None),
                Bill::NotPriced => (Basis::NotPriced, None),
            };
            columns.call.push(inquiry.id().0);
            columns.basis.push(basis.as_str());
            columns.micros.push(micros);
        }
        for (tenant, columns) in tenants {
            let mut transaction = self.database.tenant(tenant).await?;
            // Whoever closes the inquiry notes the cost; calls are locked in the order in which steps do it.
            sqlx::query!(
                "with bills as materialized (
                     select i.id, i.basis, i.micros
                     from unnest($2::uuid[], $3::text[], $4::bigint[]) as i(id, basis, micros)
                 ), asked as (
                     delete from inquiries q using bills b
                     where q.tenant_id = $1 and q.call_id = b.id and q.about = 'price'
                     returning q.call_id
                 ), known as materialized (
                     select c.id, c.cost_micros from calls c
                     where c.tenant_id = $1 and c.id in (select call_id from asked)
                     order by c.id for update
                 ), noted as (
                     update calls c set cost_basis = b.basis, billed_micros = b.micros
                     from bills b join known k on k.id = b.id
                     where c.tenant_id = $1 and c.id = b.id
                 )
                 insert into cost_corrections (tenant_id, call_id, micros)
                 select $1, b.id, b.micros - k.cost_micros
                 from bills b join known k on k.id = b.id
                 where b.micros <> k.cost_micros",
                tenant.0,
                &columns.call,
                &columns.basis as &[&str],
                &columns.micros as &[Option<i64>],
            )
            .execute(&mut *transaction)
            .await?;
            transaction.commit().await?;
        }
        Ok(())
    }

    /// Forgets corrections that every statistic has counted by now, up to so many. Returns how many.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn purge_corrections(&self, limit: i64) -> Result<u64, Error> {
        let done = sqlx::query!(
            "delete from cost_corrections c
             using (select tenant_id, call_id from cost_corrections
                    where corrected_at < now() - interval '30 days' limit $1) o
             where c.tenant_id = o.tenant_id and c.call_id = o.call_id",
            limit,
        )
        .execute(self.database.system())
        .await?;
        Ok(done.rows_affected())
    }
}
