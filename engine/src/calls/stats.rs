//! Statistics of calls: counted ahead where possible, live where not, and the same as if all were counted now.

use jiff::{Span, Timestamp};
use jiff_sqlx::ToSqlx;
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
    /// Whole days.
    days: Vec<(Timestamp, Timestamp)>,
    /// Whole quarters of an hour that are not in them.
    quarters: Vec<(Timestamp, Timestamp)>,
    /// What is left, less than a quarter each.
    edges: Vec<(Timestamp, Timestamp)>,
}

const QUARTER_S: i64 = 15 * 60;
const DAY_S: i64 = 24 * 3600;

impl Cover {
    fn of(from: Timestamp, to: Timestamp, by_day: bool) -> Self {
        let mut cover = Self::default();
        let Some((begins, ends)) = whole(from, to, QUARTER_S) else {
            cover.edges.extend((from < to).then_some((from, to)));
            return cover;
        };
        add(&mut cover.edges, from, begins);
        add(&mut cover.edges, ends, to);
        match whole(begins, ends, DAY_S).filter(|_| by_day) {
            Some((first, last)) => {
                cover.days.push((first, last));
                add(&mut cover.quarters, begins, first);
                add(&mut cover.quarters, last, ends);
            }
            None => cover.quarters.push((begins, ends)),
        }
        cover
    }
}

fn add(stretches: &mut Vec<(Timestamp, Timestamp)>, from: Timestamp, to: Timestamp) {
    stretches.extend((from < to).then_some((from, to)));
}

/// The part of a stretch that is made of whole spans.
fn whole(from: Timestamp, to: Timestamp, span_s: i64) -> Option<(Timestamp, Timestamp)> {
    let floor = |at: Timestamp| {
        // Seconds are rounded towards 1970; what comes before it has to go the other way.
        let second = at.as_second() - i64::from(at.subsec_nanosecond() < 0);
        Timestamp::from_second(second.div_euclid(span_s) * span_s).unwrap_or(at)
    };
    let below = floor(from);
    let begins = if below == from { from } else { below + Span::new().seconds(span_s) };
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
        let cover = Cover::of(from, to, word != "hour");
        let rolled = cover.days.iter().map(|stretch| (1440, stretch));
        let rolled = rolled.chain(cover.quarters.iter().map(|stretch| (15, stretch)));
        let mut spans = Vec::new();
        let mut begins = Vec::new();
        let mut ends = Vec::new();
        for (span_min, (from, to)) in rolled {
            spans.push(span_min);
            begins.push(from.to_sqlx());
            ends.push(to.to_sqlx());
        }
        let (edges_begin, edges_end): (Vec<_>, Vec<_>) =
            cover.edges.iter().map(|(from, to)| (from.to_sqlx(), to.to_sqlx())).unzip();
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
            &begins as &[jiff_sqlx::Timestamp],
            &ends as &[jiff_sqlx::Timestamp],
            &edges_begin as &[jiff_sqlx::Timestamp],
            &edges_end as &[jiff_sqlx::Timestamp],
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

#[cfg(test)]
mod tests {
    use super::*;

    fn cover(from: &str, to: &str, by_day: bool) -> String {
        let cover = Cover::of(from.parse().unwrap(), to.parse().unwrap(), by_day);
        let text = |stretches: &[(Timestamp, Timestamp)]| -> String {
            let stretches: Vec<String> = stretches.iter().map(|(a, b)| format!("{a}..{b}")).collect();
            stretches.join(" ").replace("2026-11-", "").replace(":00Z", "")
        };
        format!(
            "days {} | quarters {} | edges {}",
            text(&cover.days),
            text(&cover.quarters),
            text(&cover.edges)
        )
    }

    #[test]
    fn a_stretch_is_covered_once_by_the_largest_spans() {
        for (from, to, by_day, expected) in [
            ("20T00:00", "22T00:00", true, "days 20T00:00..22T00:00 | quarters  | edges "),
            ("20T00:00", "22T00:00", false, "days  | quarters 20T00:00..22T00:00 | edges "),
            (
                "20T05:01",
                "22T10:50",
                true,
                "days 21T00:00..22T00:00 | quarters 20T05:15..21T00:00 22T00:00..22T10:45 | \
                 edges 20T05:01..20T05:15 22T10:45..22T10:50",
            ),
            ("20T05:01", "20T05:29", true, "days  | quarters  | edges 20T05:01..20T05:29"),
            ("20T05:15", "20T05:15", true, "days  | quarters  | edges "),
            ("20T06:15", "20T05:15", true, "days  | quarters  | edges "),
        ] {
            let instant = |text: &str| format!("2026-11-{text}:00Z");
            assert_eq!(cover(&instant(from), &instant(to), by_day), expected, "{from}..{to}");
        }
        let (first, last) = ALWAYS;
        let always = Cover::of(first, last, true);
        assert_eq!((always.days.len(), always.quarters.len(), always.edges.len()), (1, 0, 0));
        let before = Cover::of(
            "1969-12-31T23:59:59.5Z".parse().unwrap(),
            "1970-01-02T00:00:00Z".parse().unwrap(),
            true,
        );
        assert_eq!(before.edges.len(), 1, "{before:?}");
    }
}
