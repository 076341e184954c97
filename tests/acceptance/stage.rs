//! The stage: an installation with one organisation, which is set up and watched over HTTP, as its users would.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::desk::{Desk, Person, Reply};
use crate::support::{Rig, Spec, until};

/// How long anything may take in real time before it has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// An installation, and an organisation that calls from it.
pub(crate) struct Stage {
    desk: Desk,
    token: String,
}

impl Stage {
    /// Starts everything, with an organisation that may have so many calls at once.
    pub(crate) async fn open(spec: Spec, calls_at_once: usize) -> Self {
        let mut desk = Desk::staffed(Spec { agents: 0, ..spec }).await;
        let (tenant, token) = {
            let (operator, ana) = (desk.operator().await, desk.register("Acme").await);
            let path = format!("/api/tenants/{}", ana.tenant);
            good(operator.put(&path, json!({ "max_concurrent_calls": calls_at_once })).await);
            let limits = json!({ "daily_spend_cap": "100000" });
            good(operator.put(&format!("{path}/limits"), limits).await);
            (ana.tenant.parse().unwrap(), ana.token.unwrap())
        };
        // What the rig looks at from now on.
        desk.rig.tenant = tenant;
        Self { desk, token }
    }

    pub(crate) fn desk(&self) -> &Desk {
        &self.desk
    }

    pub(crate) fn rig(&self) -> &Rig {
        &self.desk.rig
    }

    /// Whoever runs the organisation.
    pub(crate) fn ana(&self) -> Person<'_> {
        self.desk.bearer(self.token.clone())
    }

    /// Gives back what it has taken from the servers.
    pub(crate) async fn close(self) {
        self.desk.rig.close().await;
    }
}

/// A campaign with agents of its own.
pub(crate) struct Campaign<'a> {
    stage: &'a Stage,
    pub(crate) id: String,
    /// Their ids, in the order of their numbers.
    pub(crate) agents: Vec<String>,
}

impl<'a> Campaign<'a> {
    /// A campaign whose leads are called once, but for what the terms say, and its agents, who are available.
    pub(crate) async fn open(stage: &'a Stage, name: &str, phones: &[String], terms: Value) -> Self {
        let ana = stage.ana();
        let group = good(ana.post("/api/agent-groups", json!({ "name": name })).await).text("id");
        let mut agents = Vec::new();
        for (n, phone) in phones.iter().enumerate() {
            let draft = json!({ "name": format!("{name} {n}"), "phone": phone, "group_ids": [group] });
            agents.push(good(ana.post("/api/agents", draft).await).text("id"));
        }
        let mut draft = json!({
            "name": name, "group_id": group, "calling_window": { "time_zone": "America/New_York" },
            "cadence": { "max_attempts": 1 },
        });
        draft.as_object_mut().unwrap().extend(terms.as_object().unwrap().clone());
        let id = good(ana.post("/api/campaigns", draft).await).text("id");
        let this = Self { stage, id, agents };
        for n in 0..phones.len() {
            this.set_status(n, "available").await;
        }
        this
    }

    pub(crate) async fn set_status(&self, agent: usize, status: &str) {
        let path = format!("/api/agents/{}/status", self.agents[agent]);
        good(self.stage.ana().put(&path, json!({ "status": status })).await);
    }

    /// Uploads a list; the import once it is over.
    pub(crate) async fn upload(&self, list: &str) -> Value {
        let ana = self.stage.ana();
        let parts = [("campaign_id", self.id.as_str()), ("file", list)];
        let path = good(ana.post_form("/api/leads/upload", &[], &parts).await).header("location").to_owned();
        let mut import = Value::Null;
        until("the list is read", PATIENCE, async || {
            import = good(ana.get(&path).await).body;
            import["status"] == "finished"
        })
        .await;
        import
    }

    /// Uploads a list of these numbers, and starts.
    pub(crate) async fn call(&self, phones: &[String]) {
        let import = self.upload(&list(phones)).await;
        assert_eq!(import["counts"]["valid"], json!(phones.len()), "{import}");
        self.turn("start").await;
    }

    /// `start`, `pause` or `resume`.
    pub(crate) async fn turn(&self, verb: &str) {
        good(self.stage.ana().post(&format!("/api/campaigns/{}/{verb}", self.id), json!({})).await);
    }

    /// Its calls as the API lists them, the oldest first.
    pub(crate) async fn calls(&self) -> Vec<Value> {
        self.pages(&format!("/api/calls?campaign_id={}&sort=opened_at", self.id)).await
    }

    /// The results of its calls to a number.
    pub(crate) async fn dispositions(&self, phone: &str) -> Vec<String> {
        let calls = self.calls().await.into_iter().filter(|call| call["lead_phone"] == phone);
        calls.map(|call| call["disposition"].as_str().unwrap_or("none yet").to_owned()).collect()
    }

    /// Its lead with a number.
    pub(crate) async fn lead(&self, phone: &str) -> Value {
        let leads = self.pages(&format!("/api/leads?campaign_id={}", self.id)).await;
        leads.into_iter().find(|lead| lead["phone"] == phone).unwrap_or_else(|| panic!("no lead {phone}"))
    }

    /// Waits until nobody is left to be called, and every call is over.
    pub(crate) async fn finished(&self, within: Duration) {
        let ana = self.stage.ana();
        let (campaign, open) =
            (format!("/api/campaigns/{}", self.id), format!("/api/calls?campaign_id={}&open=true", self.id));
        until("the campaign is finished", within, async || {
            ana.get(&campaign).await.body["status"] == "finished"
                && ana.get(&open).await.body["data"] == json!([])
        })
        .await;
    }

    async fn pages(&self, path: &str) -> Vec<Value> {
        let ana = self.stage.ana();
        let (mut rows, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = good(ana.get(&format!("{path}&limit=200{cursor}")).await);
            rows.extend(page.body["data"].as_array().unwrap().iter().cloned());
            let Some(next) = page.body["next"].as_str() else { return rows };
            cursor = format!("&cursor={next}");
        }
    }
}

/// What was asked for was done.
#[track_caller]
pub(crate) fn good(reply: Reply) -> Reply {
    assert!(reply.status.is_success(), "{}: {}", reply.status, reply.body);
    reply
}

/// A list of leads as people upload it.
pub(crate) fn list(phones: &[String]) -> String {
    let rows = phones.iter().enumerate().map(|(n, phone)| format!("Dana,Lane {n},{phone},US\r\n"));
    format!("first_name,last_name,phone,country\r\n{}", rows.collect::<String>())
}

/// Area codes of the eastern United States; each has a hundred numbers for fiction.
const AREAS: [&str; 24] = [
    "212", "646", "718", "917", "347", "929", "202", "305", "404", "617", "215", "412", "410", "919", "704",
    "716", "585", "518", "973", "203", "401", "207", "803", "804",
];
/// The first of them that are leads'; the others are agents'.
const AREAS_OF_LEADS: usize = 12;

/// The n-th number for a lead, of 1200.
pub(crate) fn lead_phone(n: usize) -> String {
    assert!(n < AREAS_OF_LEADS * 100, "the others are agents'");
    number(n)
}

/// The n-th number for an agent, of 1200.
pub(crate) fn agent_phone(n: usize) -> String {
    number(AREAS_OF_LEADS * 100 + n)
}

fn number(n: usize) -> String {
    format!("+1{}55501{:02}", AREAS[n / 100], n % 100)
}
