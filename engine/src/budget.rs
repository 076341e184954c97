//! Budgets: what an organisation may spend. Money is set aside before each dial; when a cap is reached,
//! nobody is dialed any more and the calls in flight are ended. A call counts with what the carrier billed, once that
//! is known; what it bills of earlier days of a month is counted when the next day begins.

use jiff::{Timestamp, tz::TimeZone};
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;
use uuid::Uuid;
use warmline_workflows::TenantId;
use warmline_workflows::call::HangUpReason;
use warmline_workflows::cost::Rates;

use crate::first_id::first_id;
use crate::{Engine, Error};

/// What an organisation may spend and has spent, in micros of a US dollar.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Budget {
    /// At most so much a day, by UTC; none for no cap.
    pub daily_cap_micros: Option<i64>,
    /// At most so much a month; none for no cap.
    pub monthly_cap_micros: Option<i64>,
    /// Spent today, as far as it is known.
    pub day_micros: i64,
    /// Spent this month.
    pub month_micros: i64,
    /// Set aside for calls in flight.
    pub reserved_micros: i64,
    /// Whether a cap is reached.
    pub capped: bool,
}

impl Engine {
    /// Sets the caps of an organisation; without any, nothing is counted. `at` is machine time, `now`
    /// business time.
    ///
    /// # Errors
    /// [`Error::NotFound`], or when the database does not do it.
    pub async fn set_budget(
        &self,
        tenant: TenantId,
        (daily_micros, monthly_micros): (Option<i64>, Option<i64>),
        (at, now): (Timestamp, Timestamp),
    ) -> Result<(), Error> {
        let day = Day::of(at);
        let mut transaction = self.database.tenant(tenant).await?;
        if daily_micros.is_none() && monthly_micros.is_none() {
            sqlx::query!("delete from budgets where tenant_id = $1", tenant.0)
                .execute(&mut *transaction)
                .await?;
            return Ok(transaction.commit().await?);
        }
        sqlx::query!(
            "insert into budgets (tenant_id, daily_cap_micros, monthly_cap_micros, day) values ($1, $2, $3, '-infinity')
             on conflict (tenant_id) do update set daily_cap_micros = $2, monthly_cap_micros = $3",
            tenant.0,
            daily_micros,
            monthly_micros,
        )
        .execute(&mut *transaction)
        .await
        .map_err(Error::missing("organisation"))?;
        count(&mut transaction, tenant, (day, now), &self.rates).await?;
        Ok(transaction.commit().await?)
    }

    /// What an organisation may spend and has spent.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn budget(&self, tenant: TenantId) -> Result<Budget, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let row = sqlx::query!(
            "select daily_cap_micros, monthly_cap_micros, month_before_micros, day_micros, reserved_micros, capped
             from budgets where tenant_id = $1",
            tenant.0,
        )
        .fetch_optional(&mut *transaction)
        .await?;
        Ok(row.map_or_else(Budget::default, |row| Budget {
            daily_cap_micros: row.daily_cap_micros,
            monthly_cap_micros: row.monthly_cap_micros,
            day_micros: row.day_micros,
            month_micros: row.month_before_micros + row.day_micros,
            reserved_micros: row.reserved_micros,
            capped: row.capped,
        }))
    }

    /// Counts anew what was spent, and ends the calls of organisations that have reached a cap. `at` is
    /// machine time, `now` business time. Returns how many have.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn watch_budgets(&self, at: Timestamp, now: Timestamp) -> Result<u64, Error> {
        let tenants = sqlx::query_scalar!("select tenant_id from budgets order by tenant_id")
            .fetch_all(self.database.system())
            .await?;
        let mut capped = 0;
        for tenant in tenants.into_iter().map(TenantId) {
            let mut transaction = self.database.tenant(tenant).await?;
            let exhausted = count(&mut transaction, tenant, (Day::of(at), now), &self.rates).await?;
            transaction.commit().await?;
            if exhausted {
                capped += 1;
                self.end_every_call(tenant, now).await?;
            }
        }
        Ok(capped)
    }

    async fn end_every_call(&self, tenant: TenantId, now: Timestamp) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let open: Vec<Uuid> = sqlx::query_scalar!(
            "select id from calls where tenant_id = $1 and open and state <> 'closing'",
            tenant.0
        )
        .fetch_all(&mut *transaction)
        .await?;
        drop(transaction);
        self.end_calls((tenant, &open), HangUpReason::SpendCapReached, now).await
    }
}

/// Sets money aside for one call. False when a cap forbids it; without a cap there is nothing to set aside.
pub(crate) async fn reserve(
    connection: &mut PgConnection,
    tenant: TenantId,
    rates: &Rates,
) -> Result<bool, Error> {
    let row = sqlx::query!(
        r#"with capped as (
               select tenant_id,
                      coalesce(day_micros + reserved_micros + $2 > daily_cap_micros, false)
                      or coalesce(month_before_micros + day_micros + reserved_micros + $2 > monthly_cap_micros, false)
                          as reached
               from budgets where tenant_id = $1 for update
           )
           update budgets b
           set reserved_micros = case when c.reached then b.reserved_micros else b.reserved_micros + $2 end,
               capped = c.reached
           from capped c where b.tenant_id = c.tenant_id
           returning c.reached as "reached!""#,
        tenant.0,
        rates.reservation_micros(),
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.is_none_or(|row| !row.reached))
}

/// A day of machine time in UTC, as ids tell it.
#[derive(Clone, Copy)]
struct Day {
    date: jiff::civil::Date,
    first_id: Uuid,
    first_id_of_month: Uuid,
}

impl Day {
    fn of(at: Timestamp) -> Self {
        let date = TimeZone::UTC.to_datetime(at).date();
        let first_of = |date: jiff::civil::Date| {
            first_id(date.to_zoned(TimeZone::UTC).map_or(at, |midnight| midnight.timestamp()))
        };
        Self { date, first_id: first_of(date), first_id_of_month: first_of(date.first_of_month()) }
    }
}

/// Counts what was spent and what is at stake. True when a cap is reached: by what was spent, and by what
/// the calls in flight have cost so far.
async fn count(
    connection: &mut PgConnection,
    tenant: TenantId,
    (day, now): (Day, Timestamp),
    rates: &Rates,
) -> Result<bool, Error> {
    let counted = sqlx::query!(
        r#"with held as (
               select day, month_before_micros from budgets where tenant_id = $1 for update
           ), before as (
               select case when h.day = $2 then h.month_before_micros
                           else (select coalesce(sum(coalesce(c.billed_micros, c.cost_micros)), 0)::bigint from calls c
                                 where c.tenant_id = $1 and c.id >= $4 and c.id < $3) end as micros
               from held h
           ), spent as (
               select coalesce(sum(case
                          when not c.open then coalesce(c.billed_micros, c.cost_micros)
                          when c.answered_at is null then 0
                          else ceil(greatest(extract(epoch from $5 - c.answered_at), 1) / 60)::bigint * $6 end), 0)::bigint
                          as micros,
                      coalesce(sum(case
                          when not c.open then 0
                          when c.answered_at is null then $7
                          else greatest($7 - ceil(greatest(extract(epoch from $5 - c.answered_at), 1) / 60)::bigint * $6, 0)
                          end), 0)::bigint as reserved
               from calls c where c.tenant_id = $1 and c.id >= $3 and (c.open or c.cost_micros > 0)
           )
           update budgets b
           set day = $2, month_before_micros = before.micros, day_micros = spent.micros, reserved_micros = spent.reserved,
               capped = coalesce(spent.micros + $7 > b.daily_cap_micros, false)
                        or coalesce(before.micros + spent.micros + $7 > b.monthly_cap_micros, false)
           from before, spent
           where b.tenant_id = $1
           returning coalesce(b.day_micros >= b.daily_cap_micros, false)
                     or coalesce(b.month_before_micros + b.day_micros >= b.monthly_cap_micros, false) as "exhausted!""#,
        tenant.0,
        day.date.to_sqlx() as jiff_sqlx::Date,
        day.first_id,
        day.first_id_of_month,
        now.to_sqlx(),
        rates.call_minute_micros(),
        rates.reservation_micros(),
    )
    .fetch_optional(connection)
    .await?;
    Ok(counted.is_some_and(|row| row.exhausted))
}
