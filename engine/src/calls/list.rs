//! Lists of calls: whatever is asked for, a page costs about as much among millions as among hundreds.
//!
//! Open calls are few. Closed ones are read from one range of an index for each disposition, and merged.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;
use uuid::Uuid;
use warmline_workflows::cost::Basis;
use warmline_workflows::{AgentId, CallId, CampaignId, Disposition, LeadId, TenantId};

use super::Summary;
use crate::vault::{Callee, Keys, Place};
use crate::{Engine, Error};

/// Which calls to list; what is none does not matter.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// For this campaign.
    pub campaign: Option<CampaignId>,
    /// To this lead.
    pub lead: Option<LeadId>,
    /// By this agent.
    pub agent: Option<AgentId>,
    /// With this result.
    pub disposition: Option<Disposition>,
    /// In this state.
    pub state: Option<&'static str>,
    /// Whether it is not over yet.
    pub open: Option<bool>,
    /// Opened then or later.
    pub from: Option<Timestamp>,
    /// Opened before then.
    pub to: Option<Timestamp>,
}

/// A stretch of a list.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Of which calls.
    pub filter: Filter,
    /// The order.
    pub order: Order,
    /// Behind this one, in the order.
    pub after: Option<(Timestamp, CallId)>,
    /// So many at most.
    pub limit: i64,
}

/// In which order calls are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// The one that was opened last comes first.
    #[default]
    Newest,
    /// The one that was opened first comes first.
    Oldest,
}

/// The first and the last midnight that Postgres and we both know.
pub(super) const ALWAYS: (Timestamp, Timestamp) =
    (Timestamp::constant(-62_135_596_800, 0), Timestamp::constant(253_402_128_000, 0));

/// Where a call stands in a list.
type Spot = (Timestamp, Uuid);

/// What is left of the wanted stretch once it is known where to look.
struct Stretch<'a> {
    tenant: TenantId,
    filter: &'a Filter,
    dispositions: Vec<&'static str>,
    from: Timestamp,
    to: Timestamp,
    after: Spot,
    oldest_first: bool,
    limit: i64,
}

impl Wanted {
    fn stretch(&self, tenant: TenantId) -> Stretch<'_> {
        let filter = &self.filter;
        let (first, last) = ALWAYS;
        let from = filter.from.unwrap_or(first).clamp(first, last);
        let to = filter.to.unwrap_or(last).clamp(first, last);
        let after = self.after.map(|(at, id)| (at.clamp(first, last), id.0));
        let oldest_first = self.order == Order::Oldest;
        // Of two bounds on the same side Postgres enters the index by one, and not by the tighter: so they are the same.
        // No call has the nil id.
        let after = match self.order {
            Order::Oldest => after.unwrap_or((from, Uuid::nil())).max((from, Uuid::nil())),
            Order::Newest => after.unwrap_or((to, Uuid::nil())).min((to, Uuid::nil())),
        };
        Stretch {
            tenant,
            filter,
            dispositions: match filter.disposition {
                Some(disposition) => vec![disposition.as_str()],
                None => Disposition::ALL.iter().map(|disposition| disposition.as_str()).collect(),
            },
            from,
            to,
            after,
            oldest_first,
            limit: self.limit,
        }
    }
}

impl Filter {
    fn wants_open(&self) -> bool {
        self.open != Some(false) && self.disposition.is_none() && self.state != Some(CLOSED)
    }

    fn wants_closed(&self) -> bool {
        self.open != Some(true) && self.state.is_none_or(|state| state == CLOSED)
    }
}

/// The one state of calls that are over.
const CLOSED: &str = "dispositioned";

impl Engine {
    /// The calls of a stretch, in its order.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn calls(&self, tenant: TenantId, wanted: &Wanted) -> Result<Vec<Summary>, Error> {
        let stretch = wanted.stretch(tenant);
        let keys = self.database.keys(tenant).await?;
        let mut transaction = self.database.tenant(tenant).await?;
        let mut places = Vec::new();
        // Open ones first: one that closes in between is found twice, and would else not be found at all.
        if wanted.filter.wants_open() {
            places.extend(open(&mut transaction, &stretch).await?);
        }
        if wanted.filter.wants_closed() {
            places.extend(match (&wanted.filter.lead, &wanted.filter.agent, &wanted.filter.campaign) {
                (Some(lead), ..) => of_lead(&mut transaction, &stretch, *lead).await?,
                (_, Some(agent), _) => of_agent(&mut transaction, &stretch, *agent).await?,
                (.., Some(campaign)) => of_campaign(&mut transaction, &stretch, *campaign).await?,
                (None, None, None) => of_all(&mut transaction, &stretch).await?,
            });
        }
        places.sort_unstable();
        places.dedup();
        if !stretch.oldest_first {
            places.reverse();
        }
        places.truncate(usize::try_from(wanted.limit).unwrap_or(0));
        let ids: Vec<CallId> = places.into_iter().map(|(_, id)| CallId(id)).collect();
        summaries(&mut transaction, (tenant, &keys), &ids).await
    }

    /// These calls at a glance, in this order; those that do not exist are left out.
    pub(super) async fn summaries(&self, tenant: TenantId, ids: &[CallId]) -> Result<Vec<Summary>, Error> {
        let keys = self.database.keys(tenant).await?;
        let mut transaction = self.database.tenant(tenant).await?;
        summaries(&mut transaction, (tenant, &keys), ids).await
    }
}

async fn summaries(
    connection: &mut PgConnection,
    (tenant, keys): (TenantId, &Keys),
    ids: &[CallId],
) -> Result<Vec<Summary>, Error> {
    let wanted: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select c.id, c.campaign_id, g.name as campaign_name, c.lead_id, c.attempt_no, c.state, c.disposition,
                  c.agent_id, a.name as "agent_name?", c.opened_at, c.answered_at, c.bridged_at, c.closed_at,
                  c.talk_s, coalesce(c.billed_micros, c.cost_micros) as "cost_micros!", c.cost_basis, c.person
           from calls c
           join campaigns g on g.tenant_id = c.tenant_id and g.id = c.campaign_id
           left join agents a on a.tenant_id = c.tenant_id and a.id = c.agent_id
           where c.tenant_id = $1 and c.id = any ($2)"#,
        tenant.0,
        &wanted,
    )
    .fetch_all(connection)
    .await?;
    let mut found = HashMap::new();
    for row in rows {
        let callee: Option<Callee> = match row.person {
            Some(person) => Some(keys.open(Place::call(CallId(row.id)), &person)?),
            None => None,
        };
        let (lead_name, lead_phone) = callee.map(Callee::into_parts).unwrap_or_default();
        let summary = Summary {
            id: CallId(row.id),
            campaign: CampaignId(row.campaign_id),
            campaign_name: row.campaign_name,
            lead: LeadId(row.lead_id),
            lead_name,
            lead_phone,
            attempt_no: row.attempt_no,
            state: row.state,
            disposition: row.disposition.and_then(|word| word.parse().ok()),
            agent: row.agent_id.map(AgentId),
            agent_name: row.agent_name,
            opened_at: row.opened_at.to_jiff(),
            answered_at: row.answered_at.map(jiff_sqlx::Timestamp::to_jiff),
            bridged_at: row.bridged_at.map(jiff_sqlx::Timestamp::to_jiff),
            closed_at: row.closed_at.map(jiff_sqlx::Timestamp::to_jiff),
            talk_s: row.talk_s,
            cost_micros: row.cost_micros,
            cost_basis: row.cost_basis.parse().unwrap_or(Basis::Estimated),
        };
        found.insert(row.id, summary);
    }
    Ok(wanted.iter().filter_map(|id| found.remove(id)).collect())
}

async fn open(connection: &mut PgConnection, of: &Stretch<'_>) -> Result<Vec<Spot>, Error> {
    let rows = sqlx::query!(
        "select id, opened_at from calls
         where tenant_id = $1 and open
           and ($2::uuid is null or campaign_id = $2) and ($3::uuid is null or lead_id = $3)
           and ($4::uuid is null or agent_id = $4) and ($5::text is null or state = $5)
           and opened_at >= $6 and opened_at < $7
           and case when $8 then (opened_at, id) > ($9, $10) else (opened_at, id) < ($9, $10) end
         order by case when $8 then opened_at end, case when $8 then id end, opened_at desc, id desc
         limit $11",
        of.tenant.0,
        of.filter.campaign.map(|id| id.0),
        of.filter.lead.map(|id| id.0),
        of.filter.agent.map(|id| id.0),
        of.filter.state,
        of.from.to_sqlx(),
        of.to.to_sqlx(),
        of.oldest_first,
        of.after.0.to_sqlx(),
        of.after.1,
        of.limit,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.opened_at.to_jiff(), row.id)).collect())
}

async fn of_lead(connection: &mut PgConnection, of: &Stretch<'_>, lead: LeadId) -> Result<Vec<Spot>, Error> {
    let rows = sqlx::query!(
        "select id, opened_at from calls
         where tenant_id = $1 and lead_id = $2 and not open and disposition = any ($3)
           and ($4::uuid is null or campaign_id = $4) and ($5::uuid is null or agent_id = $5)
           and opened_at >= $6 and opened_at < $7
           and case when $8 then (opened_at, id) > ($9, $10) else (opened_at, id) < ($9, $10) end
         order by case when $8 then opened_at end, case when $8 then id end, opened_at desc, id desc
         limit $11",
        of.tenant.0,
        lead.0,
        &of.dispositions as &[&str],
        of.filter.campaign.map(|id| id.0),
        of.filter.agent.map(|id| id.0),
        of.from.to_sqlx(),
        of.to.to_sqlx(),
        of.oldest_first,
        of.after.0.to_sqlx(),
        of.after.1,
        of.limit,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.opened_at.to_jiff(), row.id)).collect())
}

// In each of the following, Postgres runs one of the two halves: the other is ruled out by a parameter alone.

async fn of_agent(
    connection: &mut PgConnection,
    of: &Stretch<'_>,
    agent: AgentId,
) -> Result<Vec<Spot>, Error> {
    let rows = sqlx::query!(
        r#"select id as "id!", opened_at as "opened_at!" from (
               (select id, opened_at from calls
                where tenant_id = $1 and agent_id = $2 and not open and disposition = any ($3)
                  and ($4::uuid is null or campaign_id = $4) and opened_at >= $5 and opened_at < $6
                  and $7 and (opened_at, id) > ($8, $9)
                order by opened_at, id limit $10)
               union all
               (select id, opened_at from calls
                where tenant_id = $1 and agent_id = $2 and not open and disposition = any ($3)
                  and ($4::uuid is null or campaign_id = $4) and opened_at >= $5 and opened_at < $6
                  and not $7 and (opened_at, id) < ($8, $9)
                order by opened_at desc, id desc limit $10)
           ) as found"#,
        of.tenant.0,
        agent.0,
        &of.dispositions as &[&str],
        of.filter.campaign.map(|id| id.0),
        of.from.to_sqlx(),
        of.to.to_sqlx(),
        of.oldest_first,
        of.after.0.to_sqlx(),
        of.after.1,
        of.limit,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.opened_at.to_jiff(), row.id)).collect())
}

async fn of_campaign(
    connection: &mut PgConnection,
    of: &Stretch<'_>,
    campaign: CampaignId,
) -> Result<Vec<Spot>, Error> {
    let rows = sqlx::query!(
        r#"select x.id as "id!", x.opened_at as "opened_at!"
           from unnest($3::text[]) as d(disposition)
           cross join lateral (
               (select c.id, c.opened_at from calls c
                where c.tenant_id = $1 and c.campaign_id = $2 and not c.open and c.disposition = d.disposition
                  and c.opened_at >= $4 and c.opened_at < $5 and $6 and (c.opened_at, c.id) > ($7, $8)
                order by c.opened_at, c.id limit $9)
               union all
               (select c.id, c.opened_at from calls c
                where c.tenant_id = $1 and c.campaign_id = $2 and not c.open and c.disposition = d.disposition
                  and c.opened_at >= $4 and c.opened_at < $5 and not $6 and (c.opened_at, c.id) < ($7, $8)
                order by c.opened_at desc, c.id desc limit $9)
           ) x"#,
        of.tenant.0,
        campaign.0,
        &of.dispositions as &[&str],
        of.from.to_sqlx(),
        of.to.to_sqlx(),
        of.oldest_first,
        of.after.0.to_sqlx(),
        of.after.1,
        of.limit,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.opened_at.to_jiff(), row.id)).collect())
}

async fn of_all(connection: &mut PgConnection, of: &Stretch<'_>) -> Result<Vec<Spot>, Error> {
    let rows = sqlx::query!(
        r#"select x.id as "id!", x.opened_at as "opened_at!"
           from unnest($2::text[]) as d(disposition)
           cross join lateral (
               (select c.id, c.opened_at from calls c
                where c.tenant_id = $1 and not c.open and c.disposition = d.disposition
                  and c.opened_at >= $3 and c.opened_at < $4 and $5 and (c.opened_at, c.id) > ($6, $7)
                order by c.opened_at, c.id limit $8)
               union all
               (select c.id, c.opened_at from calls c
                where c.tenant_id = $1 and not c.open and c.disposition = d.disposition
                  and c.opened_at >= $3 and c.opened_at < $4 and not $5 and (c.opened_at, c.id) < ($6, $7)
                order by c.opened_at desc, c.id desc limit $8)
           ) x"#,
        of.tenant.0,
        &of.dispositions as &[&str],
        of.from.to_sqlx(),
        of.to.to_sqlx(),
        of.oldest_first,
        of.after.0.to_sqlx(),
        of.after.1,
        of.limit,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.opened_at.to_jiff(), row.id)).collect())
}
