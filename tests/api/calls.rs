//! Calls over HTTP.

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;
use warmline_engine::{Key, Step};
use warmline_workflows::call::{Device, Event};
use warmline_workflows::{AgentId, CallId, CampaignId, Ending, Leg, TenantId, Verdict};

use crate::desk::{Desk, Person};
use crate::support;

/// An organisation with a campaign that is active, and agents for so many calls at once.
pub(crate) struct Floor<'a> {
    pub(crate) desk: &'a Desk,
    pub(crate) boss: Person<'a>,
    pub(crate) tenant: TenantId,
    pub(crate) campaign: CampaignId,
    pub(crate) agent: AgentId,
}

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Open,
    Busy,
    Machine,
    Talk,
    WrapUp,
}

impl<'a> Floor<'a> {
    pub(crate) async fn open(desk: &'a Desk, name: &str) -> Self {
        let boss = desk.register(name).await;
        let group = boss.post("/api/agent-groups", json!({ "name": "Sales" })).await.text("id");
        let agent = json!({ "name": "Maya", "phone": "+12125550150", "group_ids": [group],
                            "max_concurrent_calls": 20 });
        let agent = boss.post("/api/agents", agent).await.text("id");
        let status = json!({ "status": "available" });
        assert_eq!(boss.put(&format!("/api/agents/{agent}/status"), status).await.status, 200);
        let tenant = boss.tenant.parse().unwrap();
        let campaign = Self::campaign(&boss, &group).await;
        Self { desk, boss, tenant, campaign, agent: agent.parse().unwrap() }
    }

    async fn campaign(boss: &Person<'_>, group: &str) -> CampaignId {
        let hours = json!({ "time_zone": "America/New_York", "opens": "08:00", "closes": "21:00",
                            "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] });
        let draft = json!({ "name": "Autumn", "group_id": group, "calling_window": hours });
        let id = boss.post("/api/campaigns", draft).await.text("id");
        assert_eq!(boss.post(&format!("/api/campaigns/{id}/start"), json!({})).await.status, 200);
        id.parse().unwrap()
    }

    pub(crate) async fn another_campaign(&self) -> CampaignId {
        let groups = self.boss.get("/api/agent-groups").await;
        let group = groups.body["data"][0]["id"].as_str().unwrap().to_owned();
        Self::campaign(&self.boss, &group).await
    }

    /// Opens a call to the number of that index, and leads it to its end.
    pub(crate) async fn call(&self, campaign: CampaignId, number: usize, end: End) -> CallId {
        let engine = &self.desk.rig.engine;
        let now = self.desk.rig.now();
        let lead = support::lead(&support::phone(number));
        engine.store_leads(self.tenant, campaign, &[lead], now).await.unwrap();
        let before: Vec<CallId> = engine.all_calls(self.tenant).await.unwrap();
        assert_eq!(engine.pace(self.tenant, campaign, now).await.unwrap().opened, 1, "{now}");
        let after = engine.all_calls(self.tenant).await.unwrap();
        let call = after.into_iter().find(|call| !before.contains(call)).unwrap();
        for event in events(call, self.agent, end) {
            self.step(call, event).await;
        }
        call
    }

    pub(crate) async fn step(&self, call: CallId, event: Event) {
        let key = Key(Uuid::now_v7().to_string());
        let now = self.desk.rig.now();
        let step = Step { tenant: self.tenant, call, token: None, event, key, settles: None, now };
        self.desk.rig.engine.step(step).await.unwrap();
    }
}

fn events(call: CallId, agent: AgentId, end: End) -> Vec<Event> {
    let sid = |leg: &str| format!("CA-{leg}-{call}");
    let (lead, agent_leg) = (Leg::Lead, Leg::Agent(1));
    let placed = Event::LegPlaced { leg: lead, sid: sid("lead") };
    let answered = Event::LegAnswered { leg: lead, sid: sid("lead"), denial: None };
    let ended = |leg, ending, duration_s| Event::LegEnded {
        leg,
        sid: sid(if leg == Leg::Lead { "lead" } else { "agent" }),
        ending,
        duration_s,
    };
    let verdict = |verdict| Event::VerdictReached { sid: sid("lead"), verdict };
    match end {
        End::Open => vec![placed],
        End::Busy => vec![placed, ended(lead, Ending::Busy, 0)],
        End::Machine => {
            vec![placed, answered, verdict(Verdict::Machine), ended(lead, Ending::Completed, 20)]
        }
        End::Talk | End::WrapUp => {
            let mut events = vec![
                placed,
                answered,
                verdict(Verdict::Human),
                Event::AgentReserved { agent, phone: "+12125550150".to_owned() },
                Event::LegPlaced { leg: agent_leg, sid: sid("agent") },
                Event::LegAnswered { leg: agent_leg, sid: sid("agent"), denial: None },
                Event::AgentAccepted { leg: agent_leg, by: Device::Phone },
                ended(lead, Ending::Completed, 90),
                ended(agent_leg, Ending::Completed, 80),
            ];
            if end == End::Talk {
                events.push(Event::WrapUpFinished { disposition: None, call_back_at: None });
            }
            events
        }
    }
}

fn ids(list: &Value) -> Vec<String> {
    let rows = list["data"].as_array().unwrap_or_else(|| panic!("{list}"));
    rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_found_by_whatever_is_known_of_them() {
    let desk = Desk::open().await;
    let floor = Floor::open(&desk, "Acme").await;
    let other = floor.another_campaign().await;
    let mut names = HashMap::new();
    let mut opened: HashMap<&str, Timestamp> = HashMap::new();
    for (n, (name, campaign, end)) in [
        ("busy", floor.campaign, End::Busy),
        ("talk", floor.campaign, End::Talk),
        ("machine", other, End::Machine),
        ("open", floor.campaign, End::Open),
        ("talk2", other, End::Talk),
        ("wrap", other, End::WrapUp),
    ]
    .into_iter()
    .enumerate()
    {
        let call = floor.call(campaign, n, end).await;
        let seen = floor.boss.get(&format!("/api/calls/{call}")).await;
        opened.insert(name, seen.text("opened_at").parse().unwrap());
        names.insert(call.to_string(), name);
    }
    let list = async |query: &str| {
        let found = floor.boss.get(&format!("/api/calls?{query}")).await;
        ids(&found.body).iter().map(|id| names[id]).collect::<Vec<_>>().join(" ")
    };
    let lead = floor.boss.get("/api/calls?disposition=busy").await.body["data"][0]["lead_id"].clone();
    let lead = lead.as_str().unwrap();
    let (agent, first) = (floor.agent, floor.campaign);
    let from = format!("from={}&to={}", opened["talk"], opened["talk2"]);
    for (query, expected) in [
        (String::new(), "wrap talk2 open machine talk busy"),
        ("sort=opened_at".to_owned(), "busy talk machine open talk2 wrap"),
        ("open=true".to_owned(), "wrap open"),
        ("open=false".to_owned(), "talk2 machine talk busy"),
        ("state=dialing".to_owned(), "open"),
        ("state=closing".to_owned(), "wrap"),
        ("state=dispositioned".to_owned(), "talk2 machine talk busy"),
        ("disposition=answered".to_owned(), "talk2 talk"),
        ("disposition=fax".to_owned(), ""),
        ("state=dialing&disposition=answered".to_owned(), ""),
        (format!("campaign_id={first}"), "open talk busy"),
        (format!("campaign_id={other}&sort=opened_at"), "machine talk2 wrap"),
        (format!("campaign_id={other}&disposition=answered"), "talk2"),
        (format!("agent_id={agent}"), "wrap talk2 talk"),
        (format!("agent_id={agent}&campaign_id={first}"), "talk"),
        (format!("agent_id={agent}&sort=opened_at&open=false"), "talk talk2"),
        (format!("lead_id={lead}"), "busy"),
        (format!("lead_id={lead}&campaign_id={other}"), ""),
        (from.clone(), "open machine talk"),
        (format!("{from}&campaign_id={first}&sort=opened_at"), "talk open"),
    ] {
        assert_eq!(list(&query).await, expected, "{query}");
    }
    for sort in ["opened_at", "-opened_at"] {
        for filter in ["", &format!("&campaign_id={other}"), &format!("&agent_id={agent}")] {
            let whole = ids(&floor.boss.get(&format!("/api/calls?sort={sort}{filter}")).await.body);
            let mut pages = Vec::new();
            let mut cursor = String::new();
            loop {
                let page =
                    floor.boss.get(&format!("/api/calls?limit=1&sort={sort}{filter}{cursor}")).await.body;
                pages.extend(ids(&page));
                let Some(next) = page["next"].as_str() else { break };
                cursor = format!("&cursor={next}");
            }
            assert_eq!(pages, whole, "{sort}{filter}");
        }
    }
    for (query, field) in [("state=asleep", "state"), ("from=yesterday", "from"), ("open=maybe", "open")] {
        let wrong = floor.boss.get(&format!("/api/calls?{query}")).await;
        assert_eq!(wrong.wrong(), (422, "invalid_query".to_owned(), field.to_owned()), "{query}");
    }
    let bob = desk.register("Other").await;
    assert_eq!(bob.get(&format!("/api/calls?campaign_id={first}")).await.body["data"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_tells_what_happened_to_it() {
    let desk = Desk::open().await;
    let floor = Floor::open(&desk, "Acme").await;
    let call = floor.call(floor.campaign, 0, End::Talk).await;
    floor.step(call, Event::AgentUnavailable).await;
    let seen = floor.boss.get(&format!("/api/calls/{call}")).await.body;
    assert_eq!((&seen["state"], &seen["disposition"]), (&json!("dispositioned"), &json!("answered")));
    assert_eq!((&seen["verdict"], &seen["agent_id"]), (&json!("human"), &json!(floor.agent)));
    assert_eq!(seen["lead_phone"], json!(support::phone(0)));
    let legs: Vec<_> = seen["legs"].as_array().unwrap().iter().map(|leg| leg["leg"].clone()).collect();
    assert_eq!(legs, [json!("lead"), json!("agent-1")]);
    assert_eq!(
        (&seen["legs"][0]["ending"], &seen["legs"][0]["duration_s"]),
        (&json!("completed"), &json!(90))
    );
    let lines = seen["timeline"].as_array().unwrap();
    let told: Vec<_> = lines.iter().map(|line| line["event"].as_str().unwrap()).collect();
    assert_eq!((told[0], told[1], told.len()), ("call_opened", "leg_placed", 12));
    let versions: Vec<_> = lines.iter().map(|line| line["version"].as_i64().unwrap()).collect();
    assert_eq!(versions, (1..=12).collect::<Vec<_>>());
    assert_eq!(lines[0]["commands"], json!(["place_leg"]));
    assert_eq!((&lines[3]["from_state"], &lines[3]["to_state"]), (&json!("amd"), &json!("conference")));
    assert_eq!(lines[11]["ignored"], "call_over");
    let at = |line: &Value| line["at"].as_str().unwrap().parse::<Timestamp>().unwrap().as_millisecond();
    for pair in lines.windows(2) {
        assert_eq!(pair[1]["gap_ms"].as_i64().unwrap(), at(&pair[1]) - at(&pair[0]));
    }
    let missing = floor.boss.get("/api/calls/call_0193642f2b0a7c10a3f4c0ffee000001").await;
    assert_eq!(missing.refusal(), (404, "not_found".to_owned()));
    let bob = desk.register("Other").await;
    assert_eq!(bob.get(&format!("/api/calls/{call}")).await.refusal(), (404, "not_found".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_ends_a_call() {
    let desk = Desk::open().await;
    let floor = Floor::open(&desk, "Acme").await;
    let call = floor.call(floor.campaign, 0, End::Open).await;
    let path = format!("/api/calls/{call}/hang-up");
    let bob = desk.register("Other").await;
    assert_eq!(bob.post(&path, json!({})).await.refusal(), (404, "not_found".to_owned()));
    let key = [("idempotency-key", "one")];
    for _ in 0..2 {
        let ended = floor.boss.send(reqwest::Method::POST, &path, &key, None).await;
        assert_eq!((ended.status.as_u16(), &ended.body["state"]), (202, &json!("closing")), "{}", ended.body);
        let line = ended.body["timeline"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(line["detail"]["event"]["reason"], "operator");
    }
    let sid = format!("CA-lead-{call}");
    floor.step(call, Event::LegEnded { leg: Leg::Lead, sid, ending: Ending::Canceled, duration_s: 0 }).await;
    let over = floor.boss.get(&format!("/api/calls/{call}")).await.body;
    assert_eq!(over["disposition"], "canceled");
    let requested = over["timeline"].as_array().unwrap().iter();
    assert_eq!(requested.filter(|line| line["event"] == "hang_up_requested").count(), 1);
    assert_eq!(floor.boss.post(&path, json!({})).await.refusal(), (409, "refused".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_writes_its_call_up() {
    let desk = Desk::open().await;
    let floor = Floor::open(&desk, "Acme").await;
    let (maya, user) = crate::agents::login(&desk, &floor.boss, "maya").await;
    let (noor, _) = crate::agents::login(&desk, &floor.boss, "noor").await;
    let profile = format!("/api/agents/{}", floor.agent);
    assert_eq!(floor.boss.put(&profile, json!({ "user_id": user })).await.status, 200);
    let call = floor.call(floor.campaign, 0, End::WrapUp).await;
    let path = format!("/api/calls/{call}/disposition");
    let wrong = maya.post(&path, json!({ "disposition": "busy" })).await;
    assert_eq!(wrong.wrong(), (422, "invalid_field".to_owned(), "disposition".to_owned()));
    let asked = json!({ "disposition": "do_not_call" });
    assert_eq!(noor.post(&path, asked.clone()).await.refusal(), (403, "forbidden".to_owned()));
    let done = maya.post(&path, asked.clone()).await;
    assert_eq!(
        (done.status.as_u16(), &done.body["disposition"]),
        (200, &json!("do_not_call")),
        "{}",
        done.body
    );
    assert_eq!(maya.post(&path, asked).await.refusal(), (409, "refused".to_owned()));
    assert_eq!(desk.rig.count("select count(*) from dnc_list").await, 1);

    let busy = floor.call(floor.campaign, 1, End::Busy).await;
    let path = format!("/api/calls/{busy}/disposition");
    let nobody = floor.boss.post(&path, json!({ "disposition": "answered" })).await;
    assert_eq!(nobody.refusal(), (409, "refused".to_owned()));
}
