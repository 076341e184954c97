//! Many calls at once, in real time: how fast people are connected, webhooks taken and questions answered meanwhile.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::json;
use warmline_simulator::{CallRecord, Script};
use warmline_workflows::{CallId, Leg};

use crate::calls::BRIDGED_WITHIN_S;
use crate::figures::Figures;
use crate::report::Measured;
use crate::stage::{Campaign, Stage, agent_phone, lead_phone, list};
use crate::support::{self, Spec, seconds, wire};

/// What the others are compared with.
const FEW: usize = 10;
/// The most calls at once: there are numbers for no more.
pub(crate) const CALLS_MAX: usize = 1000;
/// Legs per second; a call with an agent takes two. Ten calls a second are what a thousand at once come to, when
/// they last a minute and a half.
const LEGS_PER_S: f64 = 30.0;
const API_WITHIN_MS: f64 = 200.0;
const WEBHOOK_WITHIN_MS: f64 = 100.0;
/// People who look at the console meanwhile, and how long each looks at an answer.
const VISITORS: usize = 4;
const LOOK: Duration = Duration::from_millis(50);

/// Those who talk, and one who does not for every ten of them.
#[derive(Debug, Clone, Copy)]
struct Wave {
    /// Whose numbers are free from here on.
    first: usize,
    calls: usize,
}

/// What a wave came to.
struct Outcome {
    calls: usize,
    /// The most telephones of leads that were in use at once.
    peak: usize,
    /// Seconds from the answer to an agent's voice.
    bridged: Figures,
    /// Seconds from the verdict to the request that has the agent called: webhook, step, commit, queue and worker.
    lag: Figures,
    /// Milliseconds, as the carrier saw them.
    webhooks: Figures,
    /// Milliseconds, by path.
    answers: BTreeMap<String, Figures>,
    /// What went wrong.
    wrong: Vec<String>,
}

/// What was measured of each criterion, in their order.
pub(crate) struct Load {
    pub(crate) bridged: Measured,
    pub(crate) api: Measured,
    pub(crate) webhooks: Measured,
    pub(crate) at_once: Measured,
}

/// Has so many calls made at once, after a few.
pub(crate) async fn run(calls: usize) -> Load {
    let few = Wave { first: 0, calls: FEW.min(calls) };
    let waves: Vec<Wave> =
        [few].into_iter().chain((calls > FEW).then_some(Wave { first: 100, calls })).collect();
    let spec = Spec {
        factor: 1.0,
        scripts: waves.iter().flat_map(|wave| wave.scripts()).collect(),
        calls_per_second: LEGS_PER_S,
        carrier_timeout: Duration::from_secs(10),
        ..Spec::default()
    };
    let stage = Box::pin(Stage::open(spec, 2 * CALLS_MAX)).await;
    let mut outcomes = Vec::new();
    for wave in waves {
        outcomes.push(wave.roll(&stage).await);
    }
    stage.rig().rest().await;
    Box::pin(stage.close()).await;
    judged(&outcomes)
}

impl Wave {
    fn all(self) -> usize {
        self.calls + self.calls / 10
    }

    /// How long the telephones of all leads are being called for.
    fn ramp_s(self) -> f64 {
        self.all() as f64 * 2.0 / LEGS_PER_S
    }

    /// Who is called, and what each call should come to. Those who do not talk are strewn among the others.
    fn leads(self) -> Vec<(String, String, &'static str)> {
        // The first still talks when the last is connected.
        let talk_s = 1.2 * self.ramp_s() + 5.0;
        let talks = format!(r#"{{"is":"human","answer_after_s":3,"patience_s":120,"talk_s":{talk_s}}}"#);
        let others = [
            (r#"{"is":"busy"}"#, "busy"),
            (r#"{"is":"machine","answer_after_s":3,"greeting_s":4}"#, "voicemail"),
            (r#"{"is":"failed"}"#, "failed"),
            (r#"{"is":"no_answer"}"#, "no_answer"),
        ];
        let lead = |n: usize| {
            let phone = lead_phone(self.first + n);
            if n % 11 == 10 {
                let (script, disposition) = others[n / 11 % others.len()];
                (phone, script.to_owned(), disposition)
            } else {
                (phone, talks.clone(), "answered")
            }
        };
        (0..self.all()).map(lead).collect()
    }

    fn agents(self) -> Vec<String> {
        (0..self.calls).map(|n| agent_phone(self.first + n)).collect()
    }

    fn scripts(self) -> HashMap<String, Script> {
        let agent =
            r#"{"is":"agent","answer_after_s":2,"reaction":{"does":"presses","key":"1","after_s":2}}"#;
        let (leads, agents) = (self.leads(), self.agents());
        let leads = leads.iter().map(|(phone, script, _)| (phone.as_str(), script.as_str()));
        support::scripts(leads.chain(agents.iter().map(|phone| (phone.as_str(), agent))))
    }

    async fn roll(self, stage: &Stage) -> Outcome {
        let leads = self.leads();
        let terms = json!({ "max_concurrent_calls": self.all(), "conduct": { "wrap_up_s": 5 } });
        let name = format!("{} at once", self.calls);
        let campaign = Campaign::open(stage, &name, &self.agents(), terms).await;
        let phones: Vec<String> = leads.iter().map(|(phone, ..)| phone.clone()).collect();
        let import = campaign.upload(&list(&phones)).await;
        assert_eq!(import["counts"]["valid"], json!(phones.len()), "{import}");
        let began = Timestamp::now();
        campaign.turn("start").await;
        let over = Cell::new(false);
        let finished = async {
            campaign.finished(Duration::from_secs_f64(3.0 * self.ramp_s() + 180.0)).await;
            over.set(true);
        };
        let ((), answers) = futures::join!(finished, visitors(stage, &campaign, &over));
        let legs: Vec<CallRecord> =
            stage.rig().legs().into_iter().filter(|leg| leg.created.real >= began).collect();
        let webhooks = stage.rig().simulator.ledger().webhooks();
        let webhooks: Vec<_> = webhooks.into_iter().filter(|webhook| webhook.ended.real >= began).collect();
        let mut wrong = self.results(&campaign, &leads, &legs).await;
        let unanswered = webhooks.iter().filter(|webhook| !webhook.delivered).count();
        if unanswered > 0 {
            wrong.push(format!("{unanswered} webhooks went unanswered"));
        }
        let is_lead = |leg: &&CallRecord| wire::callback(leg).leg == Leg::Lead;
        let bridged = legs.iter().filter(is_lead);
        let bridged = bridged.filter_map(|leg| Some(seconds(leg.answered?.at, leg.bridged?.at))).collect();
        Outcome {
            calls: self.calls,
            peak: peak(legs.iter().filter(is_lead)),
            bridged,
            lag: lag(&legs),
            webhooks: webhooks.iter().map(|webhook| webhook.took_us as f64 / 1000.0).collect(),
            answers,
            wrong,
        }
    }

    /// What is not as it should be: every lead has one call, at the carrier and in the API, with the right result.
    async fn results(
        self,
        campaign: &Campaign<'_>,
        leads: &[(String, String, &'static str)],
        legs: &[CallRecord],
    ) -> Vec<String> {
        let mut told: HashMap<String, Vec<String>> = HashMap::new();
        for call in campaign.calls().await {
            let result = call["disposition"].as_str().unwrap_or("none").to_owned();
            told.entry(call["lead_phone"].as_str().unwrap_or_default().to_owned()).or_default().push(result);
        }
        let mut wrong = Vec::new();
        for (phone, _, expected) in leads {
            let results = told.remove(phone).unwrap_or_default();
            let dialed = legs.iter().filter(|leg| leg.order.to == *phone).count();
            if results != [*expected] || dialed != 1 {
                wrong.push(format!("{phone} was dialed {dialed} times: {results:?} instead of {expected}"));
            }
        }
        wrong.extend(told.into_keys().map(|phone| format!("{phone} was called and is no lead")));
        wrong
    }
}

/// Those who look at lists, figures and calls until all is over.
async fn visitors(stage: &Stage, campaign: &Campaign<'_>, over: &Cell<bool>) -> BTreeMap<String, Figures> {
    let id = &campaign.id;
    let today = "from=2026-11-23T00:00:00Z&to=2026-11-24T00:00:00Z";
    let paths = [
        "/api/campaigns".to_owned(),
        format!("/api/campaigns/{id}"),
        format!("/api/campaigns/{id}/preview"),
        format!("/api/leads?campaign_id={id}"),
        format!("/api/calls?campaign_id={id}"),
        format!("/api/calls?campaign_id={id}&open=true"),
        "/api/agents".to_owned(),
        "/api/agent-groups".to_owned(),
        "/api/live/board".to_owned(),
        "/api/imports".to_owned(),
        "/api/limits".to_owned(),
        format!("/api/calls/stats/overview?{today}"),
        format!("/api/calls/stats/by-disposition?{today}"),
    ];
    let visit = async |visitor: usize| {
        let (ana, mut looks) = (stage.ana(), Vec::new());
        for n in (visitor * paths.len() / VISITORS).. {
            if over.get() {
                break;
            }
            let path = &paths[n % paths.len()];
            let began = Instant::now();
            let reply = ana.get(path).await;
            let took_ms = began.elapsed().as_secs_f64() * 1000.0;
            assert_eq!(reply.status, 200, "{path}: {}", reply.body);
            looks.push((path.split('?').next().unwrap().replace(id.as_str(), "{id}"), took_ms));
            tokio::time::sleep(LOOK).await;
        }
        looks
    };
    let mut answers: BTreeMap<String, Figures> = BTreeMap::new();
    for (path, took_ms) in futures::future::join_all((0..VISITORS).map(visit)).await.concat() {
        answers.entry(path).or_default().add(took_ms);
    }
    answers
}

/// The most of these legs that were in use at once, from being asked for to their ends.
fn peak<'a>(legs: impl Iterator<Item = &'a CallRecord>) -> usize {
    let mut changes: Vec<(Timestamp, i64)> = Vec::new();
    for leg in legs {
        changes.push((leg.created.real, 1));
        changes.extend(leg.ended.map(|ended| (ended.real, -1)));
    }
    changes.sort_unstable();
    let (mut now, mut most) = (0_i64, 0_i64);
    for (_, change) in changes {
        now += change;
        most = most.max(now);
    }
    usize::try_from(most).unwrap_or_default()
}

/// From each verdict on a person to the request to call the first agent. In real time both clocks are one.
fn lag(legs: &[CallRecord]) -> Figures {
    let agents: HashMap<CallId, Timestamp> = legs
        .iter()
        .rev()
        .map(|leg| (wire::callback(leg), leg.created.at))
        .filter(|(callback, _)| callback.leg != Leg::Lead)
        .map(|(callback, created)| (callback.call, created))
        .collect();
    let lag = |leg: &CallRecord| {
        let called = agents.get(&wire::callback(leg).call)?;
        let heard_s = f64::from(leg.detection_ms?) / 1000.0;
        Some(seconds(leg.answered?.at, *called) - heard_s)
    };
    legs.iter().filter(|leg| wire::callback(leg).leg == Leg::Lead).filter_map(lag).collect()
}

/// Whether answers come in time. How fast a debug build is says nothing: there it is told and not judged.
fn prompt(p95_ms: f64, limit_ms: f64, words: String) -> Measured {
    match p95_ms < limit_ms {
        true => Ok(words),
        false if cfg!(debug_assertions) => Ok(format!("{words} (not judged in a debug build)")),
        false => Err(words),
    }
}

fn judged(outcomes: &[Outcome]) -> Load {
    // The most are last.
    let most = outcomes.last().unwrap();
    let compared = |figure: &dyn Fn(&Outcome) -> String| {
        let few = outcomes.iter().take(outcomes.len() - 1);
        few.map(|outcome| format!("; with {} at once {}", outcome.calls, figure(outcome))).collect::<String>()
    };

    let bridged = |outcome: &Outcome| format!("{:.1} s", outcome.bridged.p(0.95));
    let words = format!(
        "p95 {} of {} calls, slowest {:.1} s{}",
        bridged(most),
        most.bridged.count(),
        most.bridged.p(1.0),
        compared(&bridged)
    );
    let bridged = if most.bridged.p(0.95) < BRIDGED_WITHIN_S { Ok(words) } else { Err(words) };

    let all: Figures = most.answers.values().flat_map(Figures::all).collect();
    let slowest = most.answers.iter().max_by(|left, right| left.1.p(0.95).total_cmp(&right.1.p(0.95)));
    let (path, slowest) = slowest.map_or(("none", 0.0), |(path, figures)| (path.as_str(), figures.p(0.95)));
    let words = format!(
        "p95 {:.0} ms of {} answers while {} calls go on, p50 {:.0} ms; slowest {path}, p95 {slowest:.0} ms",
        all.p(0.95),
        all.count(),
        most.calls,
        all.p(0.5)
    );
    let api = prompt(all.p(0.95), API_WITHIN_MS, words);

    let taken = |outcome: &Outcome| format!("{:.1} ms", outcome.webhooks.p(0.95));
    let words = format!(
        "p95 {} of {} webhooks as the carrier sees them, p50 {:.1} ms, p99 {:.1} ms{}",
        taken(most),
        most.webhooks.count(),
        most.webhooks.p(0.5),
        most.webhooks.p(0.99),
        compared(&taken)
    );
    let webhooks = prompt(most.webhooks.p(0.95), WEBHOOK_WITHIN_MS, words);

    let lag = |outcome: &Outcome| format!("{:.0} ms", outcome.lag.p(0.95) * 1000.0);
    let words = format!(
        "{} telephones in use at once; every call with its result, none lost, none twice; from a verdict to the \
         agent's call p95 {}{}",
        most.peak,
        lag(most),
        compared(&lag)
    );
    let wrong: Vec<&str> = outcomes.iter().flat_map(|outcome| &outcome.wrong).map(String::as_str).collect();
    let at_once = match (most.peak >= most.calls, wrong.as_slice()) {
        (true, []) => Ok(words),
        (false, []) => Err(format!("only {} telephones were in use at once", most.peak)),
        (_, [first, others @ ..]) => Err(format!("{first}, and {} more", others.len())),
    };
    Load { bridged, api, webhooks, at_once }
}
