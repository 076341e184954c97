//! What is asked, over HTTP and in bare SQL.

use warmline_workflows::{AgentId, CallId, CampaignId, LeadId};

use crate::Failure;
use crate::world::World;

/// A question about things that are chosen anew each time.
pub(crate) struct Question {
    pub(crate) name: &'static str,
    paths: Vec<String>,
    sqls: Vec<String>,
}

impl Question {
    pub(crate) fn path(&self, n: u32) -> String {
        self.paths[n as usize % self.paths.len()].clone()
    }

    pub(crate) fn sql(&self, n: u32) -> String {
        self.sqls[n as usize % self.sqls.len()].clone()
    }
}

/// Things of each kind to choose from.
const CHOICES: i64 = 100;

/// All questions whose operations are served.
pub(crate) async fn all(world: &World) -> Result<Vec<Question>, Failure> {
    let tenant = world.tenant.0;
    let ids = async |table: &str, more: &str| {
        let sql = format!("select id from {table} where tenant_id = '{tenant}' {more} limit {CHOICES}");
        sqlx::query_scalar::<_, uuid::Uuid>(sqlx::AssertSqlSafe(sql)).fetch_all(&world.sql).await
    };
    let campaigns = ids("campaigns", "order by id").await?;
    let agents = ids("agents", "order by random()").await?;
    let leads = ids("leads", "order by random()").await?;
    let calls = ids("calls", "and not open order by opened_at desc, random()").await?;
    let days: Vec<String> = sqlx::query_scalar(
        "select to_char(min(opened_at) + n * (max(opened_at) - min(opened_at)) / 40, 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')
         from calls, generate_series(1, 39) n group by n order by random()",
    )
    .fetch_all(&world.sql)
    .await?;
    let columns =
        "select id, campaign_id, lead_id, state, disposition, agent_id, opened_at, answered_at, bridged_at,
                          closed_at, talk_s, cost_micros, person from calls";
    let of = format!("tenant_id = '{tenant}'");
    let newest = "order by opened_at desc, id desc limit 51";
    let sums = "count(*), sum(talk_s), sum(cost_micros)";
    let one =
        |name, path: &str, sql: String| Question { name, paths: vec![path.to_owned()], sqls: vec![sql] };
    let campaign = |id: &uuid::Uuid| CampaignId(*id).to_string();
    let agent = |id: &uuid::Uuid| AgentId(*id).to_string();
    let lead = |id: &uuid::Uuid| LeadId(*id).to_string();
    let call = |id: &uuid::Uuid| CallId(*id).to_string();
    let rollup = |by_agent: bool, key: &str, more: &str| {
        format!(
            "select {key}, disposition, sum(calls), sum(talk_s), sum(cost_micros) from call_rollups
             where {of} and by_agent = {by_agent} {more} group by 1, 2"
        )
    };
    // The rows of all campaigns together.
    let all = "and campaign_id = '00000000-0000-0000-0000-000000000000'";
    let each = "and campaign_id <> '00000000-0000-0000-0000-000000000000'";
    let days_of = |more: &str| format!("and span_min = 1440 {more}");
    let all_words = "disposition in ('answered', 'voicemail', 'no_answer', 'busy')";
    let mut questions = vec![
        one("list campaigns", "/api/campaigns", format!("select * from campaigns where {of} order by id desc limit 51")),
        Question {
            name: "get a campaign",
            paths: campaigns.iter().map(|id| format!("/api/campaigns/{}", campaign(id))).collect(),
            sqls: campaigns.iter().map(|id| format!("select * from campaigns where {of} and id = '{id}'")).collect(),
        },
        one("list agents", "/api/agents", format!("select * from agents where {of} order by lower(name), id limit 51")),
        one(
            "list agents by name",
            "/api/agents?name=agent+1",
            format!("select * from agents where {of} and starts_with(lower(name), 'agent 1') order by lower(name), id limit 51"),
        ),
        Question {
            name: "get an agent",
            paths: agents.iter().map(|id| format!("/api/agents/{}", agent(id))).collect(),
            sqls: agents.iter().map(|id| format!("select * from agents where {of} and id = '{id}'")).collect(),
        },
        one("list agent groups", "/api/agent-groups", format!("select * from agent_groups where {of} order by name limit 51")),
        one("list leads", "/api/leads", format!("select * from leads where {of} order by id desc limit 51")),
        Question {
            name: "get a lead",
            paths: leads.iter().map(|id| format!("/api/leads/{}", lead(id))).collect(),
            sqls: leads.iter().map(|id| format!("select * from leads where {of} and id = '{id}'")).collect(),
        },
        one("list calls", "/api/calls", format!("{columns} where {of} and not open and {all_words} {newest}")),
        one(
            "list calls, open",
            "/api/calls?open=true",
            format!("{columns} where {of} and open {newest}"),
        ),
        Question {
            name: "list calls until a time (deep page)",
            paths: days.iter().map(|day| format!("/api/calls?to={day}")).collect(),
            sqls: days
                .iter()
                .map(|day| format!("{columns} where {of} and not open and disposition = 'no_answer' and opened_at < '{day}' {newest}"))
                .collect(),
        },
        Question {
            name: "list calls from a time, oldest first",
            paths: days.iter().map(|day| format!("/api/calls?from={day}&sort=opened_at&limit=200")).collect(),
            sqls: days
                .iter()
                .map(|day| format!("{columns} where {of} and not open and disposition = 'no_answer' and opened_at >= '{day}' order by opened_at, id limit 201"))
                .collect(),
        },
        Question {
            name: "list calls of a campaign",
            paths: campaigns.iter().map(|id| format!("/api/calls?campaign_id={}", campaign(id))).collect(),
            sqls: campaigns
                .iter()
                .map(|id| format!("{columns} where {of} and not open and campaign_id = '{id}' and disposition = 'no_answer' {newest}"))
                .collect(),
        },
        Question {
            name: "list calls of a campaign with a result",
            paths: campaigns
                .iter()
                .flat_map(|id| ["answered", "busy", "fax"].map(|word| format!("/api/calls?campaign_id={}&disposition={word}", campaign(id))))
                .collect(),
            sqls: campaigns
                .iter()
                .map(|id| format!("{columns} where {of} and not open and campaign_id = '{id}' and disposition = 'busy' {newest}"))
                .collect(),
        },
        one(
            "list calls with a result",
            "/api/calls?disposition=answered",
            format!("{columns} where {of} and not open and disposition = 'answered' {newest}"),
        ),
        one(
            "list calls with a result that none has",
            "/api/calls?disposition=fax",
            format!("{columns} where {of} and not open and disposition = 'fax' {newest}"),
        ),
        Question {
            name: "list calls of an agent",
            paths: agents.iter().map(|id| format!("/api/calls?agent_id={}", agent(id))).collect(),
            sqls: agents.iter().map(|id| format!("{columns} where {of} and not open and agent_id = '{id}' {newest}")).collect(),
        },
        Question {
            name: "list calls of a lead",
            paths: leads.iter().map(|id| format!("/api/calls?lead_id={}", lead(id))).collect(),
            sqls: leads.iter().map(|id| format!("{columns} where {of} and lead_id = '{id}' {newest}")).collect(),
        },
        Question {
            name: "get a call",
            paths: calls.iter().map(|id| format!("/api/calls/{}", call(id))).collect(),
            sqls: calls
                .iter()
                .map(|id| format!("select * from calls where {of} and id = '{id}'; select * from journal where {of} and call_id = '{id}'"))
                .collect(),
        },
        one("overview", "/api/calls/stats/overview", rollup(false, "''", &days_of(all))),
        Question {
            name: "overview of a stretch",
            paths: days.windows(2).map(|pair| format!("/api/calls/stats/overview?from={}&to={}", min(pair), max(pair))).collect(),
            sqls: vec![rollup(false, "''", &days_of(all))],
        },
        one("by campaign", "/api/calls/stats/by-campaign", rollup(false, "campaign_id::text", &days_of(each))),
        one("by disposition", "/api/calls/stats/by-disposition", rollup(false, "''", &days_of(all))),
        one("by agent", "/api/calls/stats/by-agent", rollup(true, "agent_id::text", &days_of(all))),
        one(
            "by hour",
            "/api/calls/stats/by-hour?time_zone=America/New_York",
            rollup(false, "extract(hour from starts_at at time zone 'America/New_York')::text", &format!("and span_min = 15 {all}")),
        ),
        Question {
            name: "by hour, of a campaign",
            paths: campaigns.iter().map(|id| format!("/api/calls/stats/by-hour?campaign_id={}", campaign(id))).collect(),
            sqls: campaigns
                .iter()
                .map(|id| rollup(false, "extract(hour from starts_at)::text", &format!("and span_min = 15 and campaign_id = '{id}'")))
                .collect(),
        },
        one(
            "all calls counted one by one (for comparison)",
            "/api/calls/stats/overview",
            format!("select disposition, {sums} from calls where {of} group by 1"),
        ),
    ];
    // Counting them all takes seconds; it stands in the table once.
    questions.retain(|question| world.counts_all || !question.name.starts_with("all calls"));
    let mut served = Vec::new();
    for question in questions {
        match world.is_served(&question.path(0)).await? {
            true => served.push(question),
            false => println!("{}: not served", question.name),
        }
    }
    Ok(served)
}

fn min(pair: &[String]) -> &str {
    pair.iter().min().map_or("", String::as_str)
}

fn max(pair: &[String]) -> &str {
    pair.iter().max().map_or("", String::as_str)
}
