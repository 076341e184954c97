//! Views: what people look at while a campaign runs and when it is over.

use jiff::Timestamp;
use warmline_workflows::{CampaignId, LeadId, TenantId};

use crate::vault::{Person, Place};
use crate::{Engine, Error};

/// How a campaign stands at this moment.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// Leads by status.
    pub leads: Vec<(String, i64)>,
    /// Open calls by state.
    pub calls: Vec<(String, i64)>,
    /// Finished calls by disposition.
    pub dispositions: Vec<(String, i64)>,
    /// The agents and what they do.
    pub agents: Vec<AgentLine>,
    /// When the next lead is due, if nobody is in a call.
    pub next_due_at: Option<Timestamp>,
}

/// One agent on the board.
#[derive(Debug, Clone)]
pub struct AgentLine {
    /// Who.
    pub name: String,
    /// What the agent does, in the words of the board.
    pub state: String,
    /// Since when.
    pub since: Timestamp,
    /// The lead the agent is held for.
    pub lead: Option<String>,
}

/// One lead in the final table.
#[derive(Debug, Clone)]
pub struct LeadLine {
    /// Name.
    pub name: String,
    /// The number, E.164; empty once erased, as the name is.
    pub phone: String,
    /// Where the lead stands.
    pub status: String,
    /// Calls that reached the carrier.
    pub attempts: i16,
    /// The result of each call, in order.
    pub dispositions: Vec<String>,
    /// The agent of the last call that had one.
    pub agent: Option<String>,
    /// Seconds talked, over all calls.
    pub talk_s: i64,
    /// Estimated cost in micros of a US dollar, over all calls.
    pub cost_micros: i64,
}

impl Engine {
    /// How a campaign stands.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn progress(&self, tenant: TenantId, campaign: CampaignId) -> Result<Progress, Error> {
        let keys = self.database.keys(tenant).await?;
        let mut transaction = self.database.tenant(tenant).await?;
        let counts = sqlx::query!(
            r#"select 'lead' as "what!", status as "word!", count(*) as "count!"
               from leads where tenant_id = $1 and campaign_id = $2 group by 2
               union all
               select 'call', state, count(*) from calls
               where tenant_id = $1 and campaign_id = $2 and open group by 2
               union all
               select 'disposition', disposition, count(*) from calls
               where tenant_id = $1 and campaign_id = $2 and not open group by 2
               order by 1, 2"#,
            tenant.0,
            campaign.0,
        )
        .fetch_all(&mut *transaction)
        .await?;
        let mut progress = Progress::default();
        for row in counts {
            match row.what.as_str() {
                "lead" => progress.leads.push((row.word, row.count)),
                "call" => progress.calls.push((row.word, row.count)),
                _ => progress.dispositions.push((row.word, row.count)),
            }
        }
        let agents = sqlx::query!(
            r#"select b.name as "name!", b.state as "state!", b.since as "since!",
                      o.lead_id as "lead_id?", l.person as "person?"
               from agent_board b
               join campaigns c on c.tenant_id = b.tenant_id and c.id = $2
               join agent_group_members m on m.tenant_id = b.tenant_id and m.agent_id = b.agent_id
                    and m.group_id = c.group_id
               left join calls o on o.tenant_id = b.tenant_id and o.id = b.call_id
               left join leads l on l.tenant_id = o.tenant_id and l.id = o.lead_id
               where b.tenant_id = $1
               order by b.name"#,
            tenant.0,
            campaign.0,
        )
        .fetch_all(&mut *transaction)
        .await?;
        progress.agents = agents
            .into_iter()
            .map(|row| {
                let person: Option<Person> = match (row.lead_id, row.person) {
                    (Some(lead), Some(person)) => Some(keys.open(Place::lead(LeadId(lead)), &person)?),
                    _ => None,
                };
                Ok(AgentLine {
                    name: row.name,
                    state: row.state,
                    since: row.since.to_jiff(),
                    lead: person.map(|person| person.name()),
                })
            })
            .collect::<Result<_, Error>>()?;
        let due = sqlx::query_scalar!(
            "select min(due_at) from leads where tenant_id = $1 and campaign_id = $2",
            tenant.0,
            campaign.0,
        )
        .fetch_one(&mut *transaction)
        .await?;
        progress.next_due_at = due.map(jiff_sqlx::Timestamp::to_jiff);
        Ok(progress)
    }

    /// The leads of a campaign with what became of them, in the order of their import.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn lead_lines(&self, tenant: TenantId, campaign: CampaignId) -> Result<Vec<LeadLine>, Error> {
        let keys = self.database.keys(tenant).await?;
        let mut transaction = self.database.tenant(tenant).await?;
        let rows = sqlx::query!(
            r#"select l.id, l.person, l.status, l.attempts,
                      coalesce(array_agg(c.disposition order by c.attempt_no)
                               filter (where c.disposition is not null), '{}') as "dispositions!: Vec<String>",
                      (array_agg(a.name order by c.attempt_no desc) filter (where a.name is not null))[1] as agent,
                      coalesce(sum(c.talk_s), 0)::bigint as "talk_s!",
                      coalesce(sum(coalesce(c.billed_micros, c.cost_micros)), 0)::bigint as "cost_micros!"
               from leads l
               left join calls c on c.tenant_id = l.tenant_id and c.lead_id = l.id
               left join agents a on a.tenant_id = c.tenant_id and a.id = c.agent_id
               where l.tenant_id = $1 and l.campaign_id = $2
               group by l.tenant_id, l.id
               order by l.id"#,
            tenant.0,
            campaign.0,
        )
        .fetch_all(&mut *transaction)
        .await?;
        rows.into_iter()
            .map(|row| {
                let person: Person = match row.person {
                    Some(person) => keys.open(Place::lead(LeadId(row.id)), &person)?,
                    None => Person::default(),
                };
                Ok(LeadLine {
                    name: person.name(),
                    phone: person.phone,
                    status: row.status,
                    attempts: row.attempts,
                    dispositions: row.dispositions,
                    agent: row.agent,
                    talk_s: row.talk_s,
                    cost_micros: row.cost_micros,
                })
            })
            .collect()
    }
}
