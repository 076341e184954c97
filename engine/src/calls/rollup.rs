//! The rollup: what closed calls come to, counted ahead so that statistics of millions are read at once.
//!
//! What is counted is remembered as a snapshot of Postgres: the transactions that could be seen. The next
//! round counts the closings that could not. So nothing is missed that commits late, nothing counts twice,
//! and between two rounds a reader adds exactly what is not counted yet. By how much a bill differs from the estimate
//! that was counted is a correction, and is counted in the same way.

use sqlx::{PgConnection, Postgres, Transaction};
use warmline_workflows::TenantId;

use crate::{Engine, Error};

/// Closings are looked for in the feed, which forgets after thirty days; whoever is further behind counts
/// all calls anew.
const BEHIND_DAYS_MAX: i32 = 20;

impl Engine {
    /// The organisations in which calls may have closed that are not counted yet.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn to_roll_up(&self) -> Result<Vec<TenantId>, Error> {
        // The newest entry of the feed is as new as any closing: found at the end of the feed, in one step.
        let ids = sqlx::query_scalar!(
            r#"select t.id as "id!"
             from tenants t
             left join call_rollup_state s on s.tenant_id = t.id
             left join lateral (
                 select e.xid from events e where e.tenant_id = t.id order by e.xid desc, e.id desc limit 1
             ) newest on true
             where s.tenant_id is null or newest.xid >= pg_snapshot_xmin(s.rolled)
                or exists (select 1 from cost_corrections x
                           where x.tenant_id = t.id and x.xid >= pg_snapshot_xmin(s.rolled))"#,
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
        } else {
            by_index(&mut transaction).await?;
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

/// Keeps Postgres to the indexes until the transaction ends. It cannot know how few the closings since the last
/// round are, and would rather read the feed, or all calls, from end to end.
pub(super) async fn by_index(transaction: &mut Transaction<'_, Postgres>) -> Result<(), Error> {
    let settings =
        "set local enable_seqscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off";
    sqlx::raw_sql(settings).execute(&mut **transaction).await?;
    Ok(())
}

async fn clear(connection: &mut PgConnection, tenant: TenantId) -> Result<(), Error> {
    sqlx::query!("delete from call_rollups where tenant_id = $1", tenant.0).execute(connection).await?;
    Ok(())
}

/// One statement, one snapshot: what is counted, and what is remembered as counted.
///
/// Behind the walls an index is only used with comparisons that give nothing away. That is why what is compared
/// with is worked out beforehand, each in a step of its own.
async fn count(connection: &mut PgConnection, tenant: TenantId, all: bool) -> Result<u64, Error> {
    let count = sqlx::query_scalar!(
        r#"with state as materialized (
                   select rolled, pg_snapshot_xmin(rolled) as xmin from call_rollup_state where tenant_id = $1
               ), closings as materialized (
                   select substr(e.body ->> 'call_id', 6)::uuid as call_id
                   from events e
                   where e.tenant_id = $1 and e.kind = 'call.dispositioned' and e.xid >= (select xmin from state)
                     and not pg_visible_in_snapshot(e.xid, (select rolled from state))
               ), corrections as materialized (
                   -- What is counted with its closing is counted as it now is.
                   select x.call_id, x.micros
                   from cost_corrections x
                   where not $2 and x.tenant_id = $1 and x.xid >= (select xmin from state)
                     and not pg_visible_in_snapshot(x.xid, (select rolled from state))
                     and x.call_id not in (select call_id from closings)
               ), news as materialized (
               select f.*
               from closings c
               join call_facts f on f.tenant_id = $1 and f.id = c.call_id
               where not $2
               union all
               select f.* from call_facts f where f.tenant_id = $1 and not f.open and $2
           ), quarters as (
               -- First by everything, so that each call is looked at once; what is coarser is made of that.
               select date_bin(interval '15 minutes', n.opened_at, timestamptz '2000-01-01 00:00+00') as starts_at,
                      n.campaign_id, n.agent_id, n.disposition, count(*) as calls, sum(n.answered) as answered,
                      sum(n.bridged) as bridged, sum(n.talk_s) as talk_s, sum(n.wait_ms) as wait_ms,
                      sum(n.cost_micros) as cost_micros
               from news n
               group by 1, 2, 3, 4
               union all
               select date_bin(interval '15 minutes', f.opened_at, timestamptz '2000-01-01 00:00+00'),
                      f.campaign_id, f.agent_id, f.disposition, 0, 0, 0, 0, 0, x.micros
               from corrections x
               join call_facts f on f.tenant_id = $1 and f.id = x.call_id
           ), counted as (
               insert into call_rollups as known
                   (tenant_id, by_agent, span_min, starts_at, campaign_id, agent_id, disposition,
                    calls, answered, bridged, talk_s, wait_ms, cost_micros)
               select $1, a.by_agent, s.span_min,
                      date_bin(make_interval(mins => s.span_min), q.starts_at, timestamptz '1970-01-01 00:00+00')
                      + case when s.span_min = 11520 then q.starts_at
                             - date_bin(interval '1 day', q.starts_at, timestamptz '1970-01-01 00:00+00')
                             else interval '0' end,
                      case when c.by_campaign then q.campaign_id else '00000000-0000-0000-0000-000000000000'::uuid end,
                      case when a.by_agent then q.agent_id else '00000000-0000-0000-0000-000000000000'::uuid end,
                      q.disposition, sum(q.calls), sum(q.answered), sum(q.bridged), sum(q.talk_s), sum(q.wait_ms),
                      sum(q.cost_micros)
               from quarters q
               cross join (values (false), (true)) as c(by_campaign)
               cross join (values (false), (true)) as a(by_agent)
               cross join (values (15), (1440), (11520), (46080)) as s(span_min)
               where not a.by_agent or (q.agent_id is not null and s.span_min <> 11520)
               group by 2, 3, 4, 5, 6, 7
               on conflict (tenant_id, by_agent, span_min, campaign_id, starts_at, agent_id, disposition)
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
