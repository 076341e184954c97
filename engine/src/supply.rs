//! Supply: what there is to dial with, at one moment.

use jiff::Timestamp;
use sqlx::PgConnection;
use warmline_workflows::agent::{Facts, Presence, may_reserve};
use warmline_workflows::window::CallingWindow;
use warmline_workflows::{CampaignId, GroupId, TenantId};

use crate::Error;

/// What there is to dial with for a campaign.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counts {
    /// How many more calls the agents of the team could take.
    pub(crate) agents_available: u32,
    /// Calls without an agent that draw on these agents, in this campaign and others.
    pub(crate) dials_in_flight: u32,
    /// Open calls of the organisation.
    pub(crate) tenant_calls: u32,
    /// Open calls of the campaign.
    pub(crate) campaign_calls: u32,
}

/// Counts it. An agent of two teams is counted on by the calls of both: each of them can be served.
pub(crate) async fn count(
    connection: &mut PgConnection,
    (tenant, campaign): (TenantId, CampaignId),
    group: GroupId,
    now: Timestamp,
) -> Result<Counts, Error> {
    // One statement, one moment: an agent who is reserved, or given back, in between is not missed.
    let row = sqlx::query!(
        r#"with team as (
               select a.id, a.active_calls, a.max_concurrent_calls, a.working_hours::text as hours
               from agents a
               join agent_group_members m on m.tenant_id = a.tenant_id and m.agent_id = a.id
               where m.tenant_id = $1 and m.group_id = $3 and a.presence = 'available'
           ), rivals as (
               select $3 as group_id
               union
               select m.group_id from agent_group_members m join team on team.id = m.agent_id
               where m.tenant_id = $1
           )
           select
               (select count(*) from calls o where o.tenant_id = $1 and o.open) as "tenant_calls!",
               (select count(*) from calls o where o.tenant_id = $1 and o.open and o.campaign_id = $2)
                   as "campaign_calls!",
               (select count(*) from calls o
                join campaigns c on c.tenant_id = o.tenant_id and c.id = o.campaign_id
                join rivals r on r.group_id = c.group_id
                where o.tenant_id = $1 and o.open
                  and o.state in ('queued', 'dialing', 'amd', 'conference')) as "dials!",
               (select coalesce(array_agg(active_calls order by id), '{}') from team) as "active!",
               (select coalesce(array_agg(max_concurrent_calls order by id), '{}') from team) as "most!",
               (select coalesce(array_agg(hours order by id), '{}') from team)
                   as "hours!: Vec<Option<String>>""#,
        tenant.0,
        campaign.0,
        group.0,
    )
    .fetch_one(connection)
    .await?;
    let mut agents_available = 0_u32;
    for ((active, most), hours) in row.active.iter().zip(&row.most).zip(&row.hours) {
        let hours = hours.as_deref().map(serde_json::from_str::<CallingWindow>).transpose();
        let hours = hours.map_err(Error::unreadable("working hours"))?;
        let facts = Facts {
            presence: Presence::Available,
            working_hours: hours.as_ref(),
            reservations: u32::try_from(*active).unwrap_or(0),
            max_concurrent_calls: u32::try_from(*most).unwrap_or(0),
        };
        if may_reserve(&facts, now).is_ok() {
            agents_available += facts.max_concurrent_calls.saturating_sub(facts.reservations);
        }
    }
    let number = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    Ok(Counts {
        agents_available,
        dials_in_flight: number(row.dials),
        tenant_calls: number(row.tenant_calls),
        campaign_calls: number(row.campaign_calls),
    })
}
