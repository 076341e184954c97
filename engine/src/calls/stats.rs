//! Statistics of calls: counted ahead where possible, live where not, and the same as if all were counted now.

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use jiff_sqlx::{Timestamp as SqlTimestamp, ToSqlx};
use sqlx::PgConnection;
use warmline_workflows::{CampaignId, Disposition, TenantId};

use super::list::ALWAYS;
use super::rollup::by_index;
use crate::{Engine, Error};

/// Of which calls.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// For this campaign; none for all.
    pub campaign: Option<CampaignId>,
    /// Opened then or later.
    pub from: Option<Timestamp>,
    /// Opened before then.
    pub to: Option<Timestamp>,
}

/// What they are told apart by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// Nothing.
    All,
    /// Their campaign; the key is its UUID.
    Campaign,
    /// Their agent, those without one left out; the key is its UUID.
    Agent,
    /// The hour of the day at which they were opened, in a time zone of the IANA database; the key is 0 to 23.
    Hour(String),
}

/// What some calls come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// How many.
    pub calls: i64,
    /// Those that a person or a machine picked up.
    pub answered: i64,
    /// Those in which lead and agent were connected.
    pub bridged: i64,
    /// Seconds talked.
    pub talk_s: i64,
    /// Milliseconds from the answer until lead and agent were connected.
    pub wait_ms: i64,
    /// Cost in millionths of a US dollar: as billed where that is known, else estimated.
    pub cost_micros: i64,
}

/// What the calls with one key and one result come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// See [`By`]; empty for [`By::All`].
    pub key: String,
    /// Their result; none for those that are not over.
    pub disposition: Option<Disposition>,
    /// What they come to.
    pub counts: Counts,
}

/// Where the answer for a stretch of time is to be found.
#[derive(Debug, Default, PartialEq, Eq)]
struct Cover {
    /// Whole spans of so many minutes that are counted ahead, from and to.
    rolled: Vec<(i32, Timestamp, Timestamp)>,
    /// What is left, less than a quarter of an hour each.
    edges: Vec<(Timestamp, Timestamp)>,
}

/// The spans of rollups in minutes, as in `call_rollups.span_min`, each a part of the one before.
const SPANS: &[i32] = &[32 * DAY_MIN, DAY_MIN, QUARTER_MIN];
/// The same for hours of the day: a row of the first stands for the same quarter of each of eight days.
const SPANS_BY_HOUR: &[i32] = &[8 * DAY_MIN, QUARTER_MIN];
const DAY_MIN: i32 = 24 * 60;
const QUARTER_MIN: i32 = 15;

impl Cover {
    fn of(from: Timestamp, to: Timestamp) -> Self {
        let mut cover = Self::default();
        cover.add(from, to, SPANS);
        cover
    }

    /// For whoever asks for the hour of the day in a zone. The same quarter of eight days is the same hour there as
    /// long as no clock is put forward or back in between. Only within the stretch that is `known` to have calls are
    /// such changes looked for: every zone has them twice a year, for ever.
    fn by_hour(
        from: Timestamp,
        to: Timestamp,
        zone: &TimeZone,
        known: Option<(Timestamp, Timestamp)>,
    ) -> Self {
        let mut cover = Self::default();
        if from >= to {
            return cover;
        }
        let (known_from, known_to) = known.unwrap_or((to, to));
        let mut done = known_from.clamp(from, to);
        let last = known_to.clamp(done, to);
        cover.add(from, done, &[QUARTER_MIN]);
        let changes = zone.following(done).map(|change| change.timestamp());
        for change in changes.take_while(|change| *change < last).chain([last]) {
            cover.add(done, change, SPANS_BY_HOUR);
            done = change;
        }
        cover.add(done, to, &[QUARTER_MIN]);
        cover
    }

    /// A stretch by the largest of these spans, and what is left of it by the others.
    fn add(&mut self, from: Timestamp, to: Timestamp, spans: &[i32]) {
        let Some((span_min, finer)) = spans.split_first() else {
            self.edges.extend((from < to).then_some((from, to)));
            return;
        };
        match whole(from, to, i64::from(*span_min) * 60) {
            Some((begins, ends)) => {
                self.add(from, begins, finer);
                self.rolled.push((*span_min, begins, ends));
                self.add(ends, to, finer);
            }
            None => self.add(from, to, finer),
        }
    }
}

/// The part of a stretch that is made of whole spans.
fn whole(from: Timestamp, to: Timestamp, span_s: i64) -> Option<(Timestamp, Timestamp)> {
    let floor = |at: Timestamp| {
        // Seconds are rounded towards 1970; what comes before it has to go the other way.
        let second = at.as_second() - i64::from(at.subsec_nanosecond() < 0);
        Timestamp::from_second(second.div_euclid(span_s) * span_s).unwrap_or(at)
    };
    let below = floor(from);
    // Where time itself ends there is no whole span left.
    let begins = if below == from { from } else { below.checked_add(Span::new().seconds(span_s)).ok()? };
    let ends = floor(to);
    (begins < ends).then_some((begins, ends))
}

impl Engine {
    /// What the calls of an organisation come to, by key and result.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn call_statistics(
        &self,
        tenant: TenantId,
        scope: &Scope,
        by: &By,
    ) -> Result<Vec<Cell>, Error> {
        let (first, last) = ALWAYS;
        let (from, to) =
            (scope.from.unwrap_or(first).clamp(first, last), scope.to.unwrap_or(last).clamp(first, last));
        let (word, zone) = match by {
            By::All => ("all", "UTC"),
            By::Campaign => ("campaign", "UTC"),
            By::Agent => ("agent", "UTC"),
            By::Hour(zone) => ("hour", zone.as_str()),
        };
        let dispositions: Vec<&str> =
            Disposition::ALL.iter().map(|disposition| disposition.as_str()).collect();
        let mut transaction = self.database.tenant(tenant).await?;
        let is_counted = sqlx::query_scalar!(
            r#"select exists (select 1 from call_rollup_state where tenant_id = $1) as "is_counted!""#,
            tenant.0
        )
        .fetch_one(&mut *transaction)
        .await?;
        if !is_counted {
            drop(transaction);
            self.roll_up(tenant).await?;
            transaction = self.database.tenant(tenant).await?;
        }
        by_index(&mut transaction).await?;
        let cover = match by {
            By::Hour(zone) => {
                let known = known(&mut transaction, tenant).await?;
                // Postgres names a zone that there is not.
                let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
                Cover::by_hour(from, to, &zone, known)
            }
            By::All | By::Campaign | By::Agent => Cover::of(from, to),
        };
        let mut spans = Vec::new();
        let mut begins = Vec::new();
        let mut ends = Vec::new();
        for (span_min, from, to) in cover.rolled {
            spans.push(span_min);
            begins.push(from.to_sqlx());
            ends.push(to.to_sqlx());
        }
        let (edges_begin, edges_end): (Vec<_>, Vec<_>) =
            cover.edges.iter().map(|(from, to)| (from.to_sqlx(), to.to_sqlx())).unzip();
        // One statement, one snapshot: whatever is not counted yet is seen as such.
        let rows = sqlx::query!(
            r#"with state as materialized (
                   select rolled, pg_snapshot_xmin(rolled) as xmin from call_rollup_state where tenant_id = $1
               ), closings as materialized (
                   select substr(e.body ->> 'call_id', 6)::uuid as call_id
                   from events e
                   where e.tenant_id = $1 and e.kind = 'call.dispositioned' and e.xid >= (select xmin from state)
                     and not pg_visible_in_snapshot(e.xid, (select rolled from state))
               ), corrections as materialized (
                   -- Of calls that are counted ahead: wherever else a call is read, its cost is as it now is.
                   select f.opened_at, f.campaign_id, f.agent_id, f.disposition, x.micros
                   from cost_corrections x
                   join call_facts f on f.tenant_id = $1 and f.id = x.call_id
                   where x.tenant_id = $1 and x.xid >= (select xmin from state)
                     and not pg_visible_in_snapshot(x.xid, (select rolled from state))
                     and x.call_id not in (select call_id from closings)
                     and exists (select 1 from unnest($6::timestamptz[], $7::timestamptz[]) as w(begins, ends)
                                 where f.opened_at >= w.begins and f.opened_at < w.ends)
               ), live as (
                   select f.* from call_facts f
                   where f.tenant_id = $1 and f.open and f.opened_at >= $10 and f.opened_at < $11
                   union all
                   select f.*
                   from closings c
                   join call_facts f on f.tenant_id = $1 and f.id = c.call_id
                   where exists (select 1 from unnest($6::timestamptz[], $7::timestamptz[]) as w(begins, ends)
                                 where f.opened_at >= w.begins and f.opened_at < w.ends)
                   union all
                   select f.*
                   from unnest($8::timestamptz[], $9::timestamptz[]) as w(begins, ends)
                   cross join unnest($12::text[]) as d(disposition)
                   cross join lateral (
                       select * from call_facts f
                       where f.tenant_id = $1 and not f.open and f.disposition = d.disposition
                         and f.opened_at >= w.begins and f.opened_at < w.ends
                       offset 0
                   ) f
               ), counted as (
                   select r.starts_at, r.campaign_id, r.agent_id, r.disposition, r.calls, r.answered, r.bridged,
                          r.talk_s, r.wait_ms, r.cost_micros
                   from unnest($5::integer[], $6::timestamptz[], $7::timestamptz[]) as w(span_min, begins, ends)
                   join call_rollups r on r.tenant_id = $1 and r.by_agent = ($3 = 'agent')
                        and r.span_min = w.span_min and r.starts_at >= w.begins and r.starts_at < w.ends
                        -- The rows of all campaigns together, of one, or of each.
                        and r.campaign_id = any (case when $3 = 'campaign' and $2::uuid is null
                            then array(select c.id from campaigns c where c.tenant_id = $1)
                            else array[coalesce($2, '00000000-0000-0000-0000-000000000000'::uuid)] end)
                   union all
                   select opened_at, campaign_id, agent_id, disposition, 1, answered, bridged, talk_s, wait_ms,
                          cost_micros
                   from live
                   where ($2::uuid is null or campaign_id = $2) and ($3 <> 'agent' or agent_id is not null)
                   union all
                   select opened_at, campaign_id, agent_id, disposition, 0, 0, 0, 0, 0, micros
                   from corrections
                   where ($2::uuid is null or campaign_id = $2) and ($3 <> 'agent' or agent_id is not null)
               ), keyed as (
                   -- Few rows are left of many before anything is turned into text, or into the time of a zone.
                   select case $3 when 'campaign' then campaign_id when 'agent' then agent_id end as id,
                          case $3 when 'hour' then
                              date_bin(interval '15 minutes', starts_at, timestamptz '2000-01-01 00:00+00') end as at,
                          disposition, sum(calls)::bigint as calls, sum(answered)::bigint as answered,
                          sum(bridged)::bigint as bridged, sum(talk_s)::bigint as talk_s,
                          sum(wait_ms)::bigint as wait_ms, sum(cost_micros)::bigint as cost_micros
                   from counted
                   group by 1, 2, 3
               )
               select case when $3 = 'hour' then extract(hour from at at time zone $4)::text
                           else coalesce(id::text, '') end as "key!",
                      disposition as "disposition?",
                      sum(calls)::bigint as "calls!", sum(answered)::bigint as "answered!",
                      sum(bridged)::bigint as "bridged!", sum(talk_s)::bigint as "talk_s!",
                      sum(wait_ms)::bigint as "wait_ms!", sum(cost_micros)::bigint as "cost_micros!"
               from keyed
               group by 1, 2"#,
            tenant.0,
            scope.campaign.map(|campaign| campaign.0),
            word,
            zone,
            &spans,
            &begins as &[SqlTimestamp],
            &ends as &[SqlTimestamp],
            &edges_begin as &[SqlTimestamp],
            &edges_end as &[SqlTimestamp],
            from.to_sqlx(),
            to.to_sqlx(),
            &dispositions as &[&str],
        )
        .fetch_all(&mut *transaction)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| Cell {
                key: row.key,
                disposition: row.disposition.and_then(|word| word.parse().ok()),
                counts: Counts {
                    calls: row.calls,
                    answered: row.answered,
                    bridged: row.bridged,
                    talk_s: row.talk_s,
                    wait_ms: row.wait_ms,
                    cost_micros: row.cost_micros,
                },
            })
            .collect())
    }
}

/// From when to when the calls that are counted were opened, so far; calls that are counted meanwhile may be outside.
async fn known(
    connection: &mut PgConnection,
    tenant: TenantId,
) -> Result<Option<(Timestamp, Timestamp)>, Error> {
    let bounds = sqlx::query!(
        r#"select min(starts_at) as "from: SqlTimestamp", max(starts_at) as "to: SqlTimestamp"
           from call_rollups
           where tenant_id = $1 and not by_agent and span_min = 1440
             and campaign_id = '00000000-0000-0000-0000-000000000000'"#,
        tenant.0
    )
    .fetch_one(connection)
    .await?;
    let bounds = bounds.from.zip(bounds.to);
    let day = Span::new().hours(24);
    Ok(bounds.map(|(from, to)| (from.to_jiff(), to.to_jiff().checked_add(day).unwrap_or(Timestamp::MAX))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> Timestamp {
        format!("{text}:00Z").parse().unwrap()
    }

    fn text(cover: &Cover) -> String {
        let stretch = |from: Timestamp, to: Timestamp| {
            format!("{from}..{to}").replace("2026-", "").replace(":00Z", "").replace("T00:00", "")
        };
        let rolled = cover.rolled.iter().map(|(span_min, from, to)| match span_min % DAY_MIN {
            0 => format!("{}d {}", span_min / DAY_MIN, stretch(*from, *to)),
            _ => format!("{span_min}m {}", stretch(*from, *to)),
        });
        let edges = cover.edges.iter().map(|(from, to)| format!("edge {}", stretch(*from, *to)));
        rolled.chain(edges).collect::<Vec<_>>().join(", ")
    }

    /// Whether a stretch is covered without gap or overlap.
    fn covers(cover: &Cover, from: Timestamp, to: Timestamp) -> bool {
        let rolled = cover.rolled.iter().map(|(_, from, to)| (*from, *to));
        let mut all: Vec<_> = rolled.chain(cover.edges.iter().copied()).collect();
        all.sort_unstable();
        let ends = (all.first().map(|first| first.0), all.last().map(|last| last.1));
        ends == (Some(from), Some(to)) && all.windows(2).all(|pair| pair[0].1 == pair[1].0)
    }

    #[test]
    fn a_stretch_is_covered_once_by_the_largest_spans() {
        for (from, to, expected) in [
            ("11-20T00:00", "11-22T00:00", "1d 11-20..11-22"),
            (
                "11-20T05:01",
                "11-22T10:50",
                "15m 11-20T05:15..11-21, 1d 11-21..11-22, 15m 11-22..11-22T10:45, \
                 edge 11-20T05:01..11-20T05:15, edge 11-22T10:45..11-22T10:50",
            ),
            ("11-20T05:01", "11-20T05:29", "edge 11-20T05:01..11-20T05:29"),
            ("08-01T00:00", "11-20T00:00", "1d 08-01..08-07, 32d 08-07..11-11, 1d 11-11..11-20"),
        ] {
            let (from, to) = (instant(&format!("2026-{from}")), instant(&format!("2026-{to}")));
            let cover = Cover::of(from, to);
            assert_eq!(text(&cover), expected, "{from}..{to}");
            assert!(covers(&cover, from, to), "{cover:?}");
        }
        let now = instant("2026-11-20T05:15");
        assert_eq!(Cover::of(now, now), Cover::default());
        let earlier = instant("2026-11-20T04:15");
        assert_eq!(Cover::of(now, earlier), Cover::default());
        assert_eq!(Cover::by_hour(now, earlier, &TimeZone::UTC, Some((earlier, now))), Cover::default());
        let (first, last) = ALWAYS;
        assert!(Cover::of(first, last).rolled.len() <= 3);
        let before = ("1969-12-31T23:59:59.5Z".parse().unwrap(), instant("1970-01-02T00:00"));
        assert!(covers(&Cover::of(before.0, before.1), before.0, before.1));
    }

    #[test]
    fn hours_are_read_from_eight_days_at_once_where_no_clock_changes() {
        let zone = TimeZone::get("America/New_York").unwrap();
        let (from, to) = (instant("2026-08-01T05:07"), instant("2026-12-30T10:50"));
        let known = (instant("2026-08-10T00:00"), instant("2026-12-20T00:00"));
        let cover = Cover::by_hour(from, to, &zone, Some(known));
        // The clock is put back on 1 November at 6:00 UTC.
        let expected = "15m 08-01T05:15..08-10, 15m 08-10..08-15, 8d 08-15..10-26, 15m 10-26..11-01T06:00, \
                        15m 11-01T06:00..11-03, 8d 11-03..12-13, 15m 12-13..12-20, 15m 12-20..12-30T10:45, \
                        edge 08-01T05:07..08-01T05:15, edge 12-30T10:45..12-30T10:50";
        assert_eq!(text(&cover), expected);
        assert!(covers(&cover, from, to), "{cover:?}");
        let past = (instant("2025-01-01T00:00"), instant("2025-12-01T00:00"));
        for known in [None, Some(past)] {
            let cover = Cover::by_hour(from, to, &zone, known);
            assert!(covers(&cover, from, to) && cover.rolled.len() == 1, "{cover:?}");
        }
        let (first, last) = ALWAYS;
        let latest = "9999-12-20T05:15:00Z".parse().unwrap();
        for known in [None, Some(known), Some((first, last))] {
            assert!(covers(&Cover::by_hour(first, last, &zone, known), first, last));
            assert!(covers(&Cover::by_hour(latest, last, &zone, known), latest, last));
        }
        assert!(covers(&Cover::of(latest, last), latest, last));
    }
}
