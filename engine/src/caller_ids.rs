//! Caller ids: the numbers that an organisation's campaigns may show, and how often a day.
//!
//! An organisation without a list shows whatever its campaigns name. One with a list shows its numbers alone, and of
//! those only what the carrier lists, too. What a call is opened with is counted in the transaction that opens it, under
//! the lock of the organisation that every round of pacing takes, so that no cap is passed, however many there are.

use std::time::Duration;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;
use uuid::Uuid;
use warmline_workflows::caller_ids::{CallerId as Candidate, Pool};
use warmline_workflows::{CampaignId, CarrierId, NumberId, TenantId};

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
    /// Calls that may be opened with it in a day of the organisation; none for any number.
    pub daily_cap: Option<i32>,
    /// Calls that were opened with it today.
    pub calls_today: i32,
    /// Whether the carrier lists it; none while it has not been asked.
    pub listed: Option<bool>,
    /// When the carrier was asked last: machine time.
    pub checked_at: Option<Timestamp>,
    /// When it was added.
    pub created_at: Timestamp,
}

/// What people settle of a number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms {
    /// What they call it.
    pub label: String,
    /// Calls that may be opened with it in a day of the organisation; none for any number.
    pub daily_cap: Option<i32>,
}

/// An organisation whose numbers the carrier is to be asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unchecked {
    /// The organisation.
    pub tenant: TenantId,
    /// The account that it calls on; none for the installation's.
    pub carrier: Option<CarrierId>,
}

/// How soon the carrier is asked about a number again.
const CHECK_EVERY: Duration = Duration::from_secs(300);

struct Row {
    id: Uuid,
    phone: String,
    label: String,
    daily_cap: Option<i32>,
    calls_today: i32,
    listed: Option<bool>,
    checked_at: Option<jiff_sqlx::Timestamp>,
    created_at: jiff_sqlx::Timestamp,
}

impl From<Row> for CallerId {
    fn from(row: Row) -> Self {
        Self {
            id: NumberId(row.id),
            phone: row.phone,
            label: row.label,
            daily_cap: row.daily_cap,
            calls_today: row.calls_today,
            listed: row.listed,
            checked_at: row.checked_at.map(jiff_sqlx::Timestamp::to_jiff),
            created_at: row.created_at.to_jiff(),
        }
    }
}

impl Engine {
    /// The numbers of an organisation, in the order in which they came. `now` is business time.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn caller_ids(
        &self,
        tenant: TenantId,
        (after, limit): (Option<NumberId>, i64),
        now: Timestamp,
    ) -> Result<Vec<CallerId>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let rows = sqlx::query_as!(
            Row,
            r#"select i.id, i.phone, i.label, i.daily_cap, coalesce(d.calls, 0) as "calls_today!", i.listed,
                      i.checked_at, i.created_at
               from caller_ids i
               join tenants t on t.id = i.tenant_id
               left join caller_id_days d on d.tenant_id = i.tenant_id and d.phone = i.phone
                    and d.day = ($4::timestamptz at time zone t.time_zone)::date
               where i.tenant_id = $1 and ($2::uuid is null or i.id > $2) order by i.id limit $3"#,
            tenant.0,
            after.map(|id| id.0),
            limit,
            now.to_sqlx(),
        )
        .fetch_all(&mut *transaction)
        .await?;
        Ok(rows.into_iter().map(CallerId::from).collect())
    }

    /// A number of an organisation. `now` is business time.
    ///
    /// # Errors
    /// [`Error::NotFound`], or when the database does not do it.
    pub async fn caller_id(&self, tenant: TenantId, id: NumberId, now: Timestamp) -> Result<CallerId, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        find(&mut transaction, (tenant, id), now).await
    }

    /// Adds a number, which is shown once the carrier was seen to list it. Added a second time with the same id, it
    /// is as it was. `now` is business time.
    ///
    /// # Errors
    /// [`Error::Taken`] when the organisation has the number already.
    pub async fn add_caller_id(
        &self,
        tenant: TenantId,
        id: NumberId,
        (phone, terms): (&str, &Terms),
        now: Timestamp,
    ) -> Result<CallerId, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query!(
            "insert into caller_ids (tenant_id, id, phone, label, daily_cap) values ($1, $2, $3, $4, $5)
             on conflict (tenant_id, id) do nothing",
            tenant.0,
            id.0,
            phone,
            terms.label,
            terms.daily_cap,
        )
        .execute(&mut *transaction)
        .await
        .map_err(Error::taken("phone"))?;
        let added = find(&mut transaction, (tenant, id), now).await?;
        transaction.commit().await?;
        Ok(added)
    }

    /// Changes what is settled of a number. `now` is business time.
    ///
    /// # Errors
    /// [`Error::NotFound`], or when the database does not do it.
    pub async fn update_caller_id(
        &self,
        (tenant, id): (TenantId, NumberId),
        terms: &Terms,
        now: Timestamp,
    ) -> Result<CallerId, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query!(
            "update caller_ids set label = $3, daily_cap = $4 where tenant_id = $1 and id = $2",
            tenant.0,
            id.0,
            terms.label,
            terms.daily_cap,
        )
        .execute(&mut *transaction)
        .await?;
        let changed = find(&mut transaction, (tenant, id), now).await?;
        transaction.commit().await?;
        Ok(changed)
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
                   select 1 from campaigns
                   where tenant_id = $1 and $2 = any (array_prepend(caller_id, more_caller_ids)) and status <> 'stopped'
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

    /// Organisations whose numbers the carrier is to be asked about now, so many at most.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn unchecked_caller_ids(&self, limit: i64) -> Result<Vec<Unchecked>, Error> {
        let rows = sqlx::query!(
            r#"select i.tenant_id, min(i.check_at) as since,
                      (select a.id from carrier_accounts a where a.tenant_id = i.tenant_id and a.is_current) as carrier
               from caller_ids i where i.check_at <= now()
               group by i.tenant_id order by since limit $1"#,
            limit,
        )
        .fetch_all(self.database.system())
        .await?;
        let unchecked = |tenant, carrier: Option<Uuid>| Unchecked {
            tenant: TenantId(tenant),
            carrier: carrier.map(CarrierId),
        };
        Ok(rows.into_iter().map(|row| unchecked(row.tenant_id, row.carrier)).collect())
    }

    /// Stores which numbers the carrier lets an account show. Returns those of the organisation that are not among
    /// them and were until now; nothing is stored when the organisation calls on another account meanwhile.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn note_listed(&self, of: Unchecked, listed: &[String]) -> Result<Vec<NumberId>, Error> {
        let mut transaction = self.database.tenant(of.tenant).await?;
        // Held against a change of account, which takes the confirmation from every number.
        sqlx::query!("select id from tenants where id = $1 for no key update", of.tenant.0)
            .fetch_optional(&mut *transaction)
            .await?;
        let lost = sqlx::query_scalar!(
            r#"with before as (
                   select id, listed from caller_ids where tenant_id = $1
               )
               update caller_ids i
               set listed = i.phone = any ($3), checked_at = now(), check_at = now() + make_interval(secs => $4)
               from before b
               where i.tenant_id = $1 and b.id = i.id
                 and $2::uuid is not distinct from
                     (select a.id from carrier_accounts a where a.tenant_id = $1 and a.is_current)
               returning case when b.listed and not i.listed then i.id end as lost"#,
            of.tenant.0,
            of.carrier.map(|carrier| carrier.0),
            listed,
            CHECK_EVERY.as_secs_f64(),
        )
        .fetch_all(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(lost.into_iter().flatten().map(NumberId).collect())
    }

    /// Puts off the question about an organisation's numbers, which stay as they are.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn put_off_check(&self, tenant: TenantId, pause: Duration) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query!(
            "update caller_ids set check_at = now() + make_interval(secs => $2)
             where tenant_id = $1 and check_at <= now()",
            tenant.0,
            pause.as_secs_f64(),
        )
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }
}

async fn find(
    connection: &mut PgConnection,
    (tenant, id): (TenantId, NumberId),
    now: Timestamp,
) -> Result<CallerId, Error> {
    let row = sqlx::query_as!(
        Row,
        r#"select i.id, i.phone, i.label, i.daily_cap, coalesce(d.calls, 0) as "calls_today!", i.listed, i.checked_at,
                  i.created_at
           from caller_ids i
           join tenants t on t.id = i.tenant_id
           left join caller_id_days d on d.tenant_id = i.tenant_id and d.phone = i.phone
                and d.day = ($3::timestamptz at time zone t.time_zone)::date
           where i.tenant_id = $1 and i.id = $2"#,
        tenant.0,
        id.0,
        now.to_sqlx(),
    )
    .fetch_optional(connection)
    .await?;
    row.map(CallerId::from).ok_or(Error::NotFound("caller id"))
}

/// Makes sure that a campaign may show numbers: any, unless the organisation has named some. Holds the list
/// until the transaction ends.
pub(crate) async fn check(
    connection: &mut PgConnection,
    tenant: TenantId,
    phones: &[String],
) -> Result<(), Error> {
    let named = sqlx::query_scalar!("select phone from caller_ids where tenant_id = $1 for share", tenant.0)
        .fetch_all(connection)
        .await?;
    match phones.iter().find(|phone| !named.is_empty() && !named.contains(phone)) {
        None => Ok(()),
        Some(phone) => {
            let why = format!("{phone} is not among the organisation's: add it there first");
            Err(Error::Invalid { field: "caller_id", why })
        }
    }
}

/// The numbers that a campaign may show, as they stand on the day of `now`. Exact for whoever holds the
/// organisation's row.
pub(crate) async fn pool(
    connection: &mut PgConnection,
    (tenant, campaign): (TenantId, CampaignId),
    now: Timestamp,
) -> Result<Pool, Error> {
    let rows = sqlx::query!(
        r#"with shown as (
               select n.phone, n.place, c.local_presence, t.time_zone,
                      ($3::timestamptz at time zone t.time_zone)::date as day
               from campaigns c
               join tenants t on t.id = c.tenant_id
               cross join lateral unnest(array_prepend(c.caller_id, c.more_caller_ids))
                    with ordinality as n(phone, place)
               where c.tenant_id = $1 and c.id = $2
           )
           select s.phone as "phone!", s.local_presence,
                  (s.day + 1)::timestamp at time zone s.time_zone as "day_ends_at!: jiff_sqlx::Timestamp",
                  coalesce(i.listed, false) or not exists (select 1 from caller_ids a where a.tenant_id = $1)
                      as "usable!",
                  i.daily_cap, coalesce(d.calls, 0) as "calls_today!"
           from shown s
           left join caller_ids i on i.tenant_id = $1 and i.phone = s.phone
           left join caller_id_days d on d.tenant_id = $1 and d.phone = s.phone and d.day = s.day
           order by s.place"#,
        tenant.0,
        campaign.0,
        now.to_sqlx(),
    )
    .fetch_all(connection)
    .await?;
    let first = rows.first().ok_or(Error::NotFound("campaign"))?;
    let count = |stored: i32| u32::try_from(stored).unwrap_or(0);
    Ok(Pool {
        local_presence: first.local_presence,
        day_ends_at: first.day_ends_at.to_jiff(),
        numbers: rows
            .into_iter()
            .map(|row| Candidate {
                phone: row.phone,
                usable: row.usable,
                daily_cap: row.daily_cap.map(count),
                calls_today: count(row.calls_today),
            })
            .collect(),
    })
}

/// Counts calls that are opened with numbers on the day of `now`; a number may be among them several times.
pub(crate) async fn count(
    connection: &mut PgConnection,
    tenant: TenantId,
    phones: &[&str],
    now: Timestamp,
) -> Result<(), Error> {
    sqlx::query!(
        "insert into caller_id_days as known (tenant_id, phone, day, calls)
         select t.id, i.phone, ($3::timestamptz at time zone t.time_zone)::date, count(*)
         from tenants t cross join unnest($2::text[]) as i(phone)
         where t.id = $1
         group by 1, 2, 3
         order by 2
         on conflict (tenant_id, phone, day) do update set calls = known.calls + excluded.calls",
        tenant.0,
        phones as &[&str],
        now.to_sqlx(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Counts a call once more that is dialed on another day than it was opened on. False when its number has made its
/// calls for that day. One that has to be dialed anew is counted anew, too: rather one call too few than one too many.
pub(crate) async fn count_again(
    connection: &mut PgConnection,
    tenant: TenantId,
    phone: &str,
    now: Timestamp,
) -> Result<bool, Error> {
    // A round of pacing may have read the day's calls, and is about to add its own.
    sqlx::query!("select id from tenants where id = $1 for no key update", tenant.0)
        .fetch_optional(&mut *connection)
        .await?;
    let counted = sqlx::query_scalar!(
        "insert into caller_id_days as known (tenant_id, phone, day, calls)
         select t.id, $2, ($3::timestamptz at time zone t.time_zone)::date, 1 from tenants t where t.id = $1
         on conflict (tenant_id, phone, day) do update set calls = known.calls + 1
         where known.calls < coalesce(
             (select i.daily_cap from caller_ids i where i.tenant_id = $1 and i.phone = $2), known.calls + 1)
         returning calls",
        tenant.0,
        phone,
        now.to_sqlx(),
    )
    .fetch_optional(connection)
    .await?;
    Ok(counted.is_some())
}
