//! The rollup: what closed calls come to, counted ahead so that statistics of millions are read at once.
//!
//! What is counted is remembered as a snapshot of Postgres: the transactions that could be seen. The next
//! round counts the closings that could not. So nothing is missed that commits late, nothing counts twice,
//! and between two rounds a reader adds exactly what is not counted yet.

use sqlx::{PgConnection, Postgres, Transaction};
use warmline_workflows::TenantId;

use crate::{Engine, Error};

/// Closings are looked for in the feed, which forgets after thirty days; whoever is further behind counts
/// all calls anew.
const BEHIND_DAYS_MAX: i32 = 20;

impl Engine {
    /// The organisations with closed calls that are not counted yet.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn to_roll_up(&self) -> Result<Vec<TenantId>, Error> {
        let ids = sqlx::query_scalar!(
            "select t.id from tenants t
             where not exists (select 1 from call_rollup_state s where s.tenant_id = t.id)
                or exists (select 1 from calls_to_roll r where r.tenant_id = t.id)",
        )
        .fetch_all(self.database.system())
        .await?;
        Ok(ids.into_iter().map(TenantId).collect())
    }

    /// Counts the calls of an organisation that closed since the last time. Returns how many.
    ///
    /// # Errors
    /// When the database does not do it; then they are counted the next time.
    pub async fn roll_up(&self, tenant: TenantId) -> Result<u64, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let is_behind = hold(&mut transaction, tenant).await?;
        if is_behind {
            clear(&mut transaction, tenant).await?;
        }
        let count = count(&mut transaction, tenant, is_behind).await?;
        transaction.commit().await?;
        Ok(count)
    }

    /// Counts all calls of an organisation anew.
    ///
    /// # Errors
    /// When the database does not do it; then everything is as it was.
    pub async fn roll_up_anew(&self, tenant: TenantId) -> Result<u64, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        hold(&mut transaction, tenant).await?;
        clear(&mut transaction, tenant).await?;
        let count = count(&mut transaction, tenant, true).await?;
        transaction.commit().await?;
        Ok(count)
    }
}

/// Lets one round go after the other, each with a snapshot that is younger than the one before; says whether
/// all calls have to be counted.
async fn hold(transaction: &mut Transaction<'_, Postgres>, tenant: TenantId) -> Result<bool, Error> {
    // The first time is long, and there is nothing to lock yet.
    sqlx::query!("set local statement_timeout = '600s'").execute(&mut **transaction).await?;
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('warmline rollup ' || $1::uuid::text, 0))",
        tenant.0
    )
    .execute(&mut **transaction)
    .await?;
    let is_behind = sqlx::query_scalar!(
        r#"select rolled_at < now() - make_interval(days => $2) as "is_behind!"
           from call_rollup_state where tenant_id = $1"#,
        tenant.0,
        BEHIND_DAYS_MAX,
    )
    .fetch_optional(&mut **transaction)
    .await?;
    Ok(is_behind.unwrap_or(true))
}

async fn clear(connection: &mut PgConnection, tenant: TenantId) -> Result<(), Error> {
    sqlx::query!("delete from call_rollups where tenant_id = $1", tenant.0).execute(connection).await?;
    Ok(())
}

/// One statement, one snapshot: what is counted, and what is remembered as counted.
async fn count(connection: &mut PgConnection, tenant: TenantId, all: bool) -> Result<u64, Error> {
    let count = sqlx::query_scalar!(
        r#"with news as materialized (
               select f.*
               from calls_to_roll r
               join call_facts f on f.tenant_id = r.tenant_id and f.id = r.call_id
               where r.tenant_id = $1 and not $2
               union all
               select f.* from call_facts f where f.tenant_id = $1 and not f.open and $2
           ), counted as (
               insert into call_rollups as known
                   (tenant_id, by_agent, span_min, starts_at, campaign_id, agent_id, disposition,
                    calls, answered, bridged, talk_s, wait_ms, cost_micros)
               select $1, w.by_agent, w.span_min,
                      date_bin(make_interval(mins => w.span_min), n.opened_at, timestamptz '2000-01-01 00:00+00'),
                      n.campaign_id,
                      case when w.by_agent then n.agent_id else '00000000-0000-0000-0000-000000000000'::uuid end,
                      n.disposition, count(*), sum(n.answered), sum(n.bridged), sum(n.talk_s), sum(n.wait_ms),
                      sum(n.cost_micros)
               from news n
               cross join (values (false, 15), (false, 1440), (true, 15), (true, 1440)) as w(by_agent, span_min)
               where not w.by_agent or n.agent_id is not null
               group by 2, 3, 4, 5, 6, 7
               on conflict (tenant_id, by_agent, span_min, starts_at, campaign_id, agent_id, disposition)
               do update set calls = known.calls + excluded.calls,
                             answered = known.answered + excluded.answered,
                             bridged = known.bridged + excluded.bridged,
                             talk_s = known.talk_s + excluded.talk_s,
                             wait_ms = known.wait_ms + excluded.wait_ms,
                             cost_micros = known.cost_micros + excluded.cost_micros
           ), remembered as (
               insert into call_rollup_state (tenant_id, rolled, rolled_at)
               values ($1, pg_current_snapshot(), now())
               on conflict (tenant_id) do update set rolled = excluded.rolled, rolled_at = excluded.rolled_at
           )
           select count(*) as "count!" from news"#,
        tenant.0,
        all,
    )
    .fetch_one(connection)
    .await?;
    Ok(count.unsigned_abs())
}
