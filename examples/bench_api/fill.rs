//! A large organisation: a few calls led through their lives by the engine, and copies of them made by SQL.

use jiff::{SignedDuration, Timestamp};
use sqlx::postgres::PgPool;
use sqlx::{AssertSqlSafe, Row as _};
use uuid::Uuid;
use warmline_engine::agents::NewAgent;
use warmline_engine::campaigns::NewCampaign;
use warmline_engine::leads::NewLead;
use warmline_engine::{Engine, Key, Step};
use warmline_workflows::agent::{Presence, Reach};
use warmline_workflows::cadence::Cadence;
use warmline_workflows::call::{Conduct, Device, Event};
use warmline_workflows::campaign::Status;
use warmline_workflows::lead::Priority;
use warmline_workflows::window::{CallingWindow, Terms};
use warmline_workflows::{AgentId, CallId, CampaignId, Ending, GroupId, Leg, TenantId, Verdict};

use crate::{Failure, Sizes};

const CAMPAIGNS: usize = 20;
const AGENTS: usize = 100;
/// Calls that stay open, for webhooks to speak of.
const OPEN: usize = 1000;
/// The last so many calls have a journal.
const JOURNALED: u32 = 50_000;
/// The time over which calls are spread: eight hours a day, a quarter of a year.
const DAYS: u32 = 90;
const HOURS_A_DAY: u32 = 8;

/// Fills the organisation; gives the open calls with their tokens.
pub(crate) async fn fill(
    engine: &Engine,
    sql: &PgPool,
    tenant: TenantId,
    sizes: Sizes,
) -> Result<Vec<(CallId, String)>, Failure> {
    // Within the hours of the campaign, whatever time it is.
    let now: Timestamp = "2026-11-23T15:00:00Z".parse()?;
    run(sql, "update tenants set max_concurrent_calls = 100000").await?;
    let group = engine.add_group(tenant, "Sales").await?;
    let mut agents = Vec::new();
    for n in 0..AGENTS {
        let agent = NewAgent {
            name: format!("Agent {n}"),
            phone: "+12125550150".to_owned(),
            reach: Reach::Phone,
            groups: vec![group],
            max_concurrent_calls: 20,
            working_hours: None,
        };
        let id = engine.add_agent(tenant, &agent).await?;
        engine.set_presence(tenant, id, Presence::Available, now).await?;
        agents.push(id);
    }
    let mut campaigns = Vec::new();
    for n in 0..CAMPAIGNS {
        campaigns.push(engine.add_campaign(tenant, &campaign(group, n)?).await?);
    }
    engine.set_campaign_status(tenant, campaigns[0], Status::Active, now).await?;
    let templates = open(engine, sql, (tenant, campaigns[0]), 8, now).await?;
    for (n, (call, _)) in templates.iter().enumerate() {
        lead(engine, (tenant, *call, agents[0]), n, now).await?;
    }
    copy(sql, tenant, sizes).await?;
    let open = open(engine, sql, (tenant, campaigns[0]), OPEN, now).await?;
    for (call, _) in &open {
        let sid = format!("CA{}", call.0.simple());
        step(engine, tenant, *call, Event::LegPlaced { leg: Leg::Lead, sid }, now).await?;
    }
    run(sql, "vacuum analyze").await?;
    run(sql, "checkpoint").await?;
    Ok(open)
}

fn campaign(group: GroupId, n: usize) -> Result<NewCampaign, Failure> {
    Ok(NewCampaign {
        name: format!("Campaign {n}"),
        group,
        caller_ids: vec!["+14155550100".to_owned()],
        local_presence: false,
        default_country: "US".to_owned(),
        conduct: Conduct::default(),
        window: CallingWindow::new(Terms::office_hours("America/New_York"))?,
        cadence: Cadence::default(),
        max_concurrent_calls: 100_000,
        script: String::new(),
    })
}

/// Opens calls the way a campaign does.
async fn open(
    engine: &Engine,
    sql: &PgPool,
    (tenant, campaign): (TenantId, CampaignId),
    count: usize,
    now: Timestamp,
) -> Result<Vec<(CallId, String)>, Failure> {
    let leads: Vec<NewLead> = (0..count).map(|n| new_lead(count, n)).collect();
    engine.store_leads(tenant, campaign, &leads, now).await?;
    let mut opened = 0;
    while opened < count {
        let paced = engine.pace(tenant, campaign, now).await?.opened as usize;
        if paced == 0 {
            return Err(format!("only {opened} of {count} calls could be opened").into());
        }
        opened += paced;
    }
    let rows =
        sqlx::query("select id, token from calls where tenant_id = $1 and open and version = 1 order by id")
            .bind(tenant.0)
            .fetch_all(sql)
            .await?;
    Ok(rows.iter().map(|row| (CallId(row.get(0)), row.get(1))).collect())
}

/// Numbers set aside for fiction; those of different counts are in different blocks.
fn new_lead(count: usize, n: usize) -> NewLead {
    let area =
        [201, 203, 207, 212, 215, 216, 301, 302, 304, 305, 313, 315][n / 100 + usize::from(count == 8) * 11];
    let phone = format!("+1{area}555{:04}", 100 + n % 100);
    NewLead {
        first_name: "Lee".to_owned(),
        last_name: format!("Number {n}"),
        email: None,
        phone_original: phone.clone(),
        phone,
        country: Some("US".to_owned()),
        time_zones: vec!["America/New_York".to_owned()],
        kind: None,
        notes: None,
        priority: Priority::Normal,
        do_not_call: false,
        custom: serde_json::Map::new(),
    }
}

async fn step(
    engine: &Engine,
    tenant: TenantId,
    call: CallId,
    event: Event,
    now: Timestamp,
) -> Result<(), Failure> {
    let key = Key(Uuid::now_v7().to_string());
    engine.step(Step { tenant, call, token: None, event, key, settles: None, now }).await?;
    Ok(())
}

/// Leads a call through its life: of eight, two talk, two meet a machine, one is busy and three are not answered.
async fn lead(
    engine: &Engine,
    (tenant, call, agent): (TenantId, CallId, AgentId),
    n: usize,
    opened: Timestamp,
) -> Result<(), Failure> {
    let sid = |leg: &str| format!("CA{leg}{}", call.0.simple());
    let (lead, first) = (Leg::Lead, Leg::Agent(1));
    let ended = |leg, ending, duration_s| Event::LegEnded {
        leg,
        sid: sid(if leg == Leg::Lead { "0" } else { "1" }),
        ending,
        duration_s,
    };
    let answered = |leg, name| Event::LegAnswered { leg, sid: sid(name), denial: None };
    let mut events = vec![
        (1, Event::LegPlaced { leg: lead, sid: sid("0") }),
        (2, Event::LegInitiated { leg: lead, sid: sid("0") }),
        (3, Event::LegRinging { leg: lead, sid: sid("0") }),
    ];
    events.extend(match n {
        0 | 1 => vec![
            (11, answered(lead, "0")),
            (14, Event::VerdictReached { sid: sid("0"), verdict: Verdict::Human }),
            (14, Event::AgentReserved { agent, phone: "+12125550150".to_owned() }),
            (15, Event::LegPlaced { leg: first, sid: sid("1") }),
            (19, answered(first, "1")),
            (22, Event::AgentAccepted { leg: first, by: Device::Phone }),
            (122, ended(lead, Ending::Completed, 111)),
            (123, ended(first, Ending::Completed, 104)),
            (140, Event::WrapUpFinished { disposition: None, call_back_at: None }),
        ],
        2 | 3 => vec![
            (11, answered(lead, "0")),
            (14, Event::VerdictReached { sid: sid("0"), verdict: Verdict::Machine }),
            (34, ended(lead, Ending::Completed, 23)),
        ],
        4 => vec![(5, ended(lead, Ending::Busy, 0))],
        _ => vec![(33, ended(lead, Ending::NoAnswer, 0))],
    });
    for (second, event) in events {
        step(engine, tenant, call, event, opened + SignedDuration::from_secs(second)).await?;
    }
    Ok(())
}

/// Copies the first calls until there are enough, over a quarter of a year, without the checks that every row of
/// theirs has passed.
async fn copy(sql: &PgPool, tenant: TenantId, sizes: Sizes) -> Result<(), Failure> {
    let Sizes { leads, calls, .. } = sizes;
    let tenant = tenant.0;
    let a_day = calls.div_ceil(DAYS);
    let first_journaled = calls.saturating_sub(JOURNALED);
    let every_ms = f64::from(HOURS_A_DAY * 3600) * 1000.0 / f64::from(a_day);
    // An id as version 7 has it, of a moment and a number.
    let id = |at: &str, n: &str| {
        format!(
            "(lpad(to_hex((extract(epoch from {at}) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex({n} % 4096), 3, '0')
              || '8' || lpad(to_hex({n}), 15, '0'))::uuid"
        )
    };
    let at = format!(
        "(timestamptz '2026-08-24 14:00+00' + n / {a_day} * interval '1 day' + n % {a_day} * {every_ms} * interval '1 millisecond')"
    );
    let lead_id = |n: &str| id("timestamptz '2026-08-20 12:00+00'", n);
    let statements = [
        // One lead in so many calls; a call's attempts are so far apart that none is another's.
        format!(
            "create temporary table kinds as
             select row_number() over (order by id) - 1 as kind, c.* from calls c where tenant_id = '{tenant}';
             create temporary table lines as
             select k.kind, j.* from journal j join kinds k on k.id = j.call_id;
             create temporary table sorts as
             select row_number() over (order by id) - 1 as sort, id from campaigns where tenant_id = '{tenant}';
             create temporary table staff as
             select row_number() over (order by id) - 1 as member, id from agents where tenant_id = '{tenant}';
             create temporary table first_lead as select * from leads where tenant_id = '{tenant}' limit 1;"
        ),
        "set session_replication_role = replica".to_owned(),
        format!(
            "insert into leads (tenant_id, id, campaign_id, person, phone_key, country, time_zones, status, priority,
                                attempts, calls_opened)
             select '{tenant}', {id}, s.id,
                    '\\x00'::bytea || convert_to('{{\"first_name\":\"Lee\",\"last_name\":\"Number ' || n
                        || '\",\"phone\":\"+12125550100\",\"phone_original\":\"(212) 555-0100\"}}', 'UTF8'),
                    decode(md5(n::text), 'hex'), f.country, f.time_zones, 'closed', f.priority, 1, 1
             from generate_series(0, {leads} - 1) n
             join sorts s on s.sort = n::bigint * {CAMPAIGNS} / {leads}
             cross join first_lead f",
            id = lead_id("n"),
        ),
        // Campaigns follow each other, with some three at a time.
        format!(
            "insert into calls (tenant_id, id, campaign_id, lead_id, attempt_no, phone_key, person, token, plan,
                                schema_version, snapshot, version, seen, state, open, disposition, agent_id, opened_at,
                                answered_at, bridged_at, closed_at, talk_s, cost_micros)
             select '{tenant}', {id}, s.id, {lead}, 1 + n / {leads}, decode(md5(n::text), 'hex'),
                    '\\x00'::bytea || convert_to('{{\"name\":\"Lee Number ' || n || '\",\"phone\":\"+12125550100\"}}', 'UTF8'),
                    k.token, k.plan, k.schema_version, k.snapshot, k.version, k.seen, k.state, k.open, k.disposition,
                    case when k.agent_id is null then null else a.id end, {at},
                    {at} + (k.answered_at - k.opened_at), {at} + (k.bridged_at - k.opened_at),
                    {at} + (k.closed_at - k.opened_at), k.talk_s, k.cost_micros
             from generate_series(0, {calls} - 1) n
             join kinds k on k.kind = n % 8
             join sorts s on s.sort = least({CAMPAIGNS} - 1, (n::bigint * ({CAMPAIGNS} - 2) / {calls}) + n / 8 % 3)
             join staff a on a.member = n / 8 % {AGENTS}
             order by n",
            id = id(&at, "n"),
            lead = lead_id(&format!("(n % {leads})")),
        ),
        format!(
            "insert into journal (tenant_id, call_id, version, at, event, from_state, to_state, commands, ignored)
             select '{tenant}', {id}, l.version, {at} + (l.at - k.opened_at), l.event, l.from_state, l.to_state,
                    l.commands, l.ignored
             from generate_series({first_journaled}, {calls} - 1) n
             join kinds k on k.kind = n % 8
             join lines l on l.kind = k.kind
             order by n, l.version",
            id = id(&at, "n"),
        ),
        "set session_replication_role = origin".to_owned(),
    ];
    for statement in statements {
        run(sql, &statement).await?;
    }
    Ok(())
}

async fn run(sql: &PgPool, statements: &str) -> Result<(), Failure> {
    sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(sql).await?;
    Ok(())
}
