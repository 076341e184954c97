//! Deliveries: each entry of the feed on its way to each endpoint that wants it, at least once, in no order.

use std::time::Duration;

use jiff::Timestamp;
use warmline_workflows::delivery::{self, State};
use warmline_workflows::feed::{Kind, Notice};
use warmline_workflows::{DeliveryId, EndpointId, EventId, TenantId};

use crate::endpoints::{self, Secret};
use crate::feed::{self, Entry};
use crate::{Engine, Error};

/// A delivery that the caller now has to attempt, and nobody else.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// The organisation.
    pub tenant: TenantId,
    /// The delivery.
    pub id: DeliveryId,
    /// The endpoint.
    pub endpoint: EndpointId,
    /// What is to be sent.
    pub parcel: Parcel,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// What tells this claim from an earlier and a later one.
    fence: i32,
}

/// An entry with the address it goes to.
#[derive(Debug, Clone)]
pub struct Parcel {
    /// Where it goes.
    pub url: String,
    /// What it is signed with: one secret, or two while they change.
    pub secrets: Vec<Secret>,
    /// What is delivered.
    pub entry: Entry,
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempted {
    /// The endpoint took it.
    Delivered {
        /// The status of its answer.
        status: u16,
    },
    /// It did not; it is tried again, or given up.
    Failed {
        /// The status of its answer, if there was one.
        status: Option<u16>,
        /// What went wrong, in our words.
        why: String,
        /// How long the endpoint wants to be left alone.
        retry_after: Option<Duration>,
    },
    /// The endpoint says that it is no more: it is switched off.
    Gone {
        /// The status of its answer.
        status: u16,
    },
}

/// A delivery as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Which.
    pub id: DeliveryId,
    /// What is delivered.
    pub event: EventId,
    /// What that is of.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// Attempts so far.
    pub attempts: u32,
    /// When it is tried next, while it is pending.
    pub next_at: Option<Timestamp>,
    /// When it was tried last.
    pub attempted_at: Option<Timestamp>,
    /// The status of the last answer.
    pub last_status: Option<u16>,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Entries that one round looks at for one endpoint.
const SCANNED_MAX: i64 = 500;
/// An endpoint with so many pending hears of no more until some are settled: the feed keeps them for it.
const PENDING_MAX: i64 = 1000;
/// Deliveries to one endpoint that are under way at once; and to one that fails, so that it does not keep the
/// workers from the others.
const AT_ONCE: i64 = 50;
const AT_ONCE_WHILE_FAILING: i64 = 2;
/// An endpoint without a success for so long is switched off.
const FAILING_MAX: Duration = Duration::from_secs(3 * 24 * 3600);
/// How long what was delivered is kept for people to look at; the dead stay as long as their entry.
const DELIVERED_KEPT: Duration = Duration::from_secs(7 * 24 * 3600);

impl Engine {
    /// Makes deliveries of what the feed has for the endpoints that are switched on. Returns how many entries
    /// were looked at. Done twice at once, each entry still becomes one delivery.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn fan_out(&self) -> Result<u64, Error> {
        let scanned = sqlx::query_scalar!(
            r#"with horizon as materialized (
                   select pg_snapshot_xmin(pg_current_snapshot()) as xid
               ), waiting as materialized (
                   select e.tenant_id, e.id, e.kinds,
                          -- A place of another database, restored here, is ahead of everything.
                          case when e.cursor_xid <= h.xid then e.cursor_xid else '0' end as xid,
                          case when e.cursor_xid <= h.xid then e.cursor_id else 0 end as number
                   from webhook_endpoints e, horizon h
                   where e.enabled
                     and exists (select 1 from events n
                                 where n.tenant_id = e.tenant_id and n.xid < h.xid
                                   and (n.xid, n.id) > (case when e.cursor_xid <= h.xid then e.cursor_xid else '0' end,
                                                        case when e.cursor_xid <= h.xid then e.cursor_id else 0 end))
                     and (select count(*) from (select 1 from webhook_deliveries d
                                                where d.tenant_id = e.tenant_id and d.endpoint_id = e.id
                                                  and d.state = 'pending' limit $2) p) < $2
                   for update of e skip locked
               ), scanned as materialized (
                   select w.tenant_id, w.id as endpoint_id, w.kinds, n.xid, n.id, n.kind
                   from waiting w, horizon h,
                        lateral (select n.xid, n.id, n.kind from events n
                                 where n.tenant_id = w.tenant_id and (n.xid, n.id) > (w.xid, w.number)
                                   and n.xid < h.xid
                                 order by n.xid, n.id
                                 limit $1) n
               ), made as (
                   insert into webhook_deliveries (tenant_id, id, endpoint_id, event_xid, event_id)
                   select tenant_id, time_ordered_uuid(), endpoint_id, xid, id
                   from scanned
                   -- A ping was given its one delivery when it was made.
                   where (kinds = '{}' or kind = any (kinds)) and kind <> 'endpoint.pinged'
                   on conflict do nothing
               ), moved as (
                   update webhook_endpoints e
                   set cursor_xid = l.xid, cursor_id = l.id
                   from (select distinct on (tenant_id, endpoint_id) tenant_id, endpoint_id, xid, id
                         from scanned order by tenant_id, endpoint_id, xid desc, id desc) l
                   where e.tenant_id = l.tenant_id and e.id = l.endpoint_id
               )
               select count(*) as "count!" from scanned"#,
            SCANNED_MAX,
            PENDING_MAX,
        )
        .fetch_one(self.database.system())
        .await?;
        Ok(scanned.unsigned_abs())
    }

    /// Hands out deliveries that are due: those whose pause is over, that were pushed and lost, or whose worker
    /// is gone. Each is handed out again after `again_after` at the earliest, unless a worker takes it.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn deliveries_due(
        &self,
        limit: i64,
        again_after: Duration,
    ) -> Result<Vec<(TenantId, DeliveryId)>, Error> {
        let rows = sqlx::query!(
            "with chosen as materialized (
                 select d.tenant_id, d.id
                 from webhook_endpoints e,
                      lateral (select d.tenant_id, d.id from webhook_deliveries d
                               where d.tenant_id = e.tenant_id and d.endpoint_id = e.id and d.state = 'pending'
                                 and d.next_at <= now()
                               order by d.next_at
                               limit greatest(0, case when e.failing_since is null then $3::bigint else $4 end
                                   - (select count(*) from webhook_deliveries u
                                      where u.tenant_id = e.tenant_id and u.endpoint_id = e.id
                                        and u.state = 'pending' and u.next_at > now() and u.lease_until > now()))
                              ) d
                 where e.enabled
                 limit $1
             )
             update webhook_deliveries d
             set claimed = false, next_at = now() + make_interval(secs => $2),
                 lease_until = now() + make_interval(secs => $2)
             from chosen c
             where d.tenant_id = c.tenant_id and d.id = c.id and d.state = 'pending' and d.next_at <= now()
             returning d.tenant_id, d.id",
            limit,
            again_after.as_secs_f64(),
            AT_ONCE,
            AT_ONCE_WHILE_FAILING,
        )
        .fetch_all(self.database.system())
        .await?;
        Ok(rows.into_iter().map(|row| (TenantId(row.tenant_id), DeliveryId(row.id))).collect())
    }

    /// Claims a delivery that was handed out, for `lease`; none when somebody has it, it is settled, or its
    /// endpoint was switched off.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn claim_delivery(
        &self,
        tenant: TenantId,
        id: DeliveryId,
        lease: Duration,
    ) -> Result<Option<Claimed>, Error> {
        let keys = self.database.keys(tenant).await?;
        let mut transaction = self.database.tenant(tenant).await?;
        let row = sqlx::query!(
            r#"update webhook_deliveries d
               set claimed = true, fence = d.fence + 1, attempts = d.attempts + 1, attempted_at = now(),
                   next_at = now() + make_interval(secs => $3), lease_until = now() + make_interval(secs => $3)
               from webhook_endpoints e, events n
               where d.tenant_id = $1 and d.id = $2 and d.state = 'pending' and not d.claimed
                 and d.lease_until > now()
                 and e.tenant_id = d.tenant_id and e.id = d.endpoint_id and e.enabled
                 and n.tenant_id = d.tenant_id and n.xid = d.event_xid and n.id = d.event_id
               returning d.attempts, d.fence, e.id as endpoint_id, e.url, e.secret,
                         case when e.previous_until > now() then e.previous_secret end as previous_secret,
                         n.xid::text::bigint as "xid!", n.id as number, n.kind, n.at, n.body::text as "body!""#,
            tenant.0,
            id.0,
            lease.as_secs_f64(),
        )
        .fetch_optional(&mut *transaction)
        .await?;
        transaction.commit().await?;
        let Some(row) = row else { return Ok(None) };
        let endpoint = EndpointId(row.endpoint_id);
        let sealed = [Some(row.secret), row.previous_secret].into_iter().flatten();
        let secrets = sealed.map(|sealed| Secret::open(&keys, endpoint, &sealed));
        let parcel = Parcel {
            url: row.url,
            secrets: secrets.collect::<Result<_, _>>()?,
            entry: feed::entry((row.xid, row.number), &row.kind, row.at.to_jiff(), &row.body)?,
        };
        Ok(Some(Claimed {
            tenant,
            id,
            endpoint,
            parcel,
            attempt: u32::from(row.attempts.unsigned_abs()),
            fence: row.fence,
        }))
    }

    /// Stores what came of an attempt. `chance`, from 0 to 1, spreads what failed together. A result that comes
    /// after its lease, when the delivery was taken by another, changes nothing.
    ///
    /// # Errors
    /// When the database does not do it; the delivery is then attempted again.
    pub async fn report_delivery(
        &self,
        claimed: &Claimed,
        attempted: &Attempted,
        (chance, now): (f64, Timestamp),
    ) -> Result<(), Error> {
        let (state, status, error, pause) = match attempted {
            Attempted::Delivered { status } => (State::Delivered, Some(*status), None, Duration::ZERO),
            Attempted::Failed { status, why, retry_after } => {
                match delivery::pause(claimed.attempt, chance) {
                    Some(pause) => {
                        let pause = pause.max(retry_after.unwrap_or_default());
                        (State::Pending, *status, Some(why.as_str()), pause)
                    }
                    None => (State::Dead, *status, Some(why.as_str()), Duration::ZERO),
                }
            }
            Attempted::Gone { status } => {
                (State::Dead, Some(*status), Some("the endpoint says that it is gone"), Duration::ZERO)
            }
        };
        let mut transaction = self.database.tenant(claimed.tenant).await?;
        let stored = sqlx::query!(
            "update webhook_deliveries
             set state = $5, claimed = false, lease_until = null, next_at = now() + make_interval(secs => $8),
                 last_status = $6, last_error = $7
             where tenant_id = $1 and id = $2 and fence = $3 and claimed and state = $4",
            claimed.tenant.0,
            claimed.id.0,
            claimed.fence,
            State::Pending.as_str(),
            state.as_str(),
            status.map(|status| i16::try_from(status).unwrap_or(i16::MAX)),
            error,
            pause.as_secs_f64(),
        )
        .execute(&mut *transaction)
        .await?;
        if stored.rows_affected() == 0 {
            return Ok(());
        }
        match attempted {
            Attempted::Delivered { .. } => {
                sqlx::query!(
                    "update webhook_endpoints set failing_since = null
                     where tenant_id = $1 and id = $2 and failing_since is not null",
                    claimed.tenant.0,
                    claimed.endpoint.0,
                )
                .execute(&mut *transaction)
                .await?;
            }
            Attempted::Failed { .. } | Attempted::Gone { .. } => {
                let gone = matches!(attempted, Attempted::Gone { .. });
                // Written once per outage, not at every failure.
                let disabled = sqlx::query_scalar!(
                    r#"update webhook_endpoints
                       set failing_since = coalesce(failing_since, now()),
                           enabled = not ($3 or coalesce(failing_since < now() - make_interval(secs => $4), false)),
                           disabled_because = case
                               when $3 then 'gone'
                               when failing_since < now() - make_interval(secs => $4) then 'failing'
                           end
                       where tenant_id = $1 and id = $2 and enabled
                         and ($3 or failing_since is null
                              or failing_since < now() - make_interval(secs => $4))
                       returning not enabled as "disabled!""#,
                    claimed.tenant.0,
                    claimed.endpoint.0,
                    gone,
                    FAILING_MAX.as_secs_f64(),
                )
                .fetch_optional(&mut *transaction)
                .await?;
                if disabled == Some(true) {
                    let notice = Notice::EndpointDisabled { endpoint_id: claimed.endpoint };
                    feed::record(&mut transaction, claimed.tenant, &[notice], now).await?;
                }
            }
        }
        Ok(transaction.commit().await?)
    }

    /// The deliveries to an endpoint, the newest first, up to `limit` that are older than `before`.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such endpoint, or when the database does not do it.
    pub async fn deliveries(
        &self,
        tenant: TenantId,
        endpoint: EndpointId,
        state: Option<State>,
        (before, limit): (Option<DeliveryId>, u32),
    ) -> Result<Vec<Delivery>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        endpoints::find(&mut transaction, tenant, endpoint).await?;
        let rows = sqlx::query!(
            r#"select d.id, d.event_xid::text::bigint as "xid!", d.event_id, n.kind, d.state, d.attempts, d.next_at,
                      d.attempted_at, d.last_status, d.last_error, d.created_at
               from webhook_deliveries d
               join events n on n.tenant_id = d.tenant_id and n.xid = d.event_xid and n.id = d.event_id
               where d.tenant_id = $1 and d.endpoint_id = $2 and ($3::text is null or d.state = $3)
                 and ($4::uuid is null or d.id < $4)
               order by d.id desc
               limit $5"#,
            tenant.0,
            endpoint.0,
            state.map(State::as_str),
            before.map(|before| before.0),
            i64::from(limit),
        )
        .fetch_all(&mut *transaction)
        .await?;
        rows.into_iter()
            .map(|row| {
                let state: State = row.state.parse().map_err(Error::unreadable("delivery"))?;
                Ok(Delivery {
                    id: DeliveryId(row.id),
                    event: feed::event_id(row.xid.unsigned_abs(), row.event_id),
                    kind: row.kind.parse().map_err(Error::unreadable("delivery"))?,
                    state,
                    attempts: u32::from(row.attempts.unsigned_abs()),
                    next_at: (state == State::Pending).then(|| row.next_at.to_jiff()),
                    attempted_at: row.attempted_at.map(jiff_sqlx::Timestamp::to_jiff),
                    last_status: row.last_status.and_then(|status| u16::try_from(status).ok()),
                    last_error: row.last_error,
                    created_at: row.created_at.to_jiff(),
                })
            })
            .collect()
    }

    /// Sends a delivery again from the beginning, whatever came of it.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] when its endpoint is switched off; or when the database does not
    /// do it.
    pub async fn redeliver(&self, tenant: TenantId, id: DeliveryId) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let enabled = sqlx::query_scalar!(
            "update webhook_deliveries d
             set state = 'pending', attempts = 0, next_at = now(), lease_until = null, claimed = false
             from webhook_endpoints e
             where d.tenant_id = $1 and d.id = $2 and e.tenant_id = d.tenant_id and e.id = d.endpoint_id
             returning e.enabled",
            tenant.0,
            id.0,
        )
        .fetch_optional(&mut *transaction)
        .await?;
        match enabled {
            None => Err(Error::NotFound("webhook delivery")),
            Some(false) => Err(Error::Refused("the endpoint is switched off".to_owned())),
            Some(true) => Ok(transaction.commit().await?),
        }
    }

    /// Forgets up to `limit` deliveries that were made long ago and delivered. Returns how many.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn purge_deliveries(&self, limit: i64) -> Result<u64, Error> {
        let done = sqlx::query!(
            "delete from webhook_deliveries d
             using (select tenant_id, id from webhook_deliveries
                    where state = 'delivered' and created_at < now() - make_interval(secs => $1)
                    limit $2) o
             where d.tenant_id = o.tenant_id and d.id = o.id",
            DELIVERED_KEPT.as_secs_f64(),
            limit,
        )
        .execute(self.database.system())
        .await?;
        Ok(done.rows_affected())
    }
}
