//! The crash sweep: every process is ended at every crash point, and nothing is lost or done twice.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests may panic")]

// TEMPORARY
mod support {
    #![expect(dead_code)]
    pub(crate) mod front;
    pub(crate) mod processes;
    pub(crate) mod site;
    pub(crate) const ACCOUNT: &str = "AC00000000000000000000000000000001";
    pub(crate) const TOKEN: &str = "0123456789abcdef0123456789abcdef";
    pub(crate) const CALLER_ID: &str = "+14155550100";
    pub(crate) async fn until(what: &str, within: std::time::Duration, mut holds: impl AsyncFnMut() -> bool) {
        let deadline = tokio::time::Instant::now() + within;
        while !holds().await {
            assert!(tokio::time::Instant::now() < deadline, "not within {within:?}: {what}");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }
    pub(crate) async fn listener() -> tokio::net::TcpListener {
        tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap()
    }
    pub(crate) fn init_log() {}
}

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use support::processes::{Role, tails};
use support::site::{Layout, Site, lead_phone};
use warmline_simulator::{Faults, RestFaults, Script, WebhookFaults};
use warmline_workflows::cadence::{self, Cadence};
use warmline_workflows::call::Conduct;

/// Business seconds per real second.
const FACTOR: f64 = 120.0;
/// The longest a campaign may take that was disturbed once.
const REST_WITHIN: Duration = Duration::from_secs(60);

fn layout() -> Layout {
    let script = |json: &str| -> Script { serde_json::from_str(json).unwrap() };
    let human = r#"{"is":"human","answer_after_s":4,"greeting_s":1,"patience_s":600,"talk_s":20}"#;
    let scripts = HashMap::from([
        // Found in the carrier's list, since no webhook tells of them.
        (lead_phone(0), script(&format!(r#"[{{"is":"busy"}},{human}]"#))),
        (lead_phone(1), script(&format!(r#"[{{"is":"busy"}},{human}]"#))),
        // Never placed, and not found.
        (lead_phone(2), script(human)),
        (lead_phone(3), script(r#"{"is":"machine","answer_after_s":5,"greeting_s":5}"#)),
        (lead_phone(4), script(human)),
        (lead_phone(5), script(r#"{"is":"machine","answer_after_s":5,"greeting_s":5}"#)),
        (lead_phone(6), script(r#"[{"is":"no_answer"},{"is":"busy"}]"#)),
        (lead_phone(7), script(human)),
    ]);
    let agents = vec![
        script(
            r#"[{"is":"agent","reaction":{"does":"declines","after_s":2}},
                {"is":"agent","answer_after_s":2}]"#,
        ),
        script(r#"{"is":"agent","answer_after_s":2}"#),
    ];
    let terms = cadence::Terms { max_attempts: 2, retry_delay_min: 5, ..cadence::Terms::default() };
    Layout {
        factor: FACTOR,
        agents,
        scripts,
        distribution: Vec::new(),
        conduct: Conduct { wrap_up_s: 5, patience_s: 300, ..Conduct::default() },
        cadence: Cadence::new(terms).unwrap(),
        seed: 1,
    }
}

struct Report {
    points: BTreeMap<String, u32>,
    crashed: Vec<Role>,
    violations: Vec<String>,
    took: Duration,
}

/// The calls whose placement came into doubt, or that are over, by the numbers of their leads.
async fn doubted_or_over(site: &Site, phones: &[String]) -> bool {
    let mut database = site.look().await;
    let count: i64 = sqlx::query_scalar(
        "select count(distinct c.phone) from calls c
         where c.phone = any ($1)
           and (not c.open or exists (select 1 from journal j where j.call_id = c.id
                                      and j.event ->> 'event' = 'placement_in_doubt'))",
    )
    .bind(phones)
    .fetch_one(&mut database)
    .await
    .unwrap();
    count == phones.len() as i64
}

async fn carrier_is_through_with(site: &Site, phones: &[String]) -> bool {
    let calls = site.simulator.ledger().calls();
    phones.iter().all(|phone| calls.iter().any(|call| call.order.to == *phone && call.status.is_final()))
}

/// The campaign of the sweep: three acts, in the first two of which the carrier is in trouble.
async fn play(site: &Site) {
    let act: Vec<String> = (0..2).map(lead_phone).collect();
    site.simulator.set_faults(Faults {
        create: RestFaults { reset_after: 1.0, ..RestFaults::default() },
        webhooks: WebhookFaults { lose: 1.0, ..WebhookFaults::default() },
        ..Faults::default()
    });
    site.add_leads(&act).await;
    site.launch().await;
    support::until("the first act", Duration::from_secs(30), async || {
        carrier_is_through_with(site, &act).await || doubted_or_over(site, &act).await && carrier_is_through_with(site, &act).await
    })
    .await;

    let act: Vec<String> = (2..4).map(lead_phone).collect();
    site.simulator.set_faults(Faults {
        create: RestFaults { refuse: 1.0, ..RestFaults::default() },
        ..Faults::default()
    });
    site.add_leads(&act).await;
    site.launch().await;
    support::until("the second act", Duration::from_secs(30), async || doubted_or_over(site, &act).await).await;

    site.simulator.set_faults(Faults::default());
    site.add_leads(&(4..8).map(lead_phone).collect::<Vec<_>>()).await;
    site.launch().await;
}

async fn run(name: &str, crash_at: Option<String>) -> Report {
    let began = Instant::now();
    let site = Site::make(name, layout()).await;
    let fleet = site.staff(&[Role::Serve, Role::Work, Role::Schedule], crash_at).await;
    play(&site).await;
    let mut violations = fleet.complaints();
    if let Err(unrest) = site.rest(REST_WITHIN).await {
        violations.push(unrest);
    }
    let report = Report { points: fleet.points_passed(), crashed: fleet.crashed(), violations, took: began.elapsed() };
    if !report.violations.is_empty() {
        eprintln!("{}", tails(&site.folder, 30));
    }
    report
}

/// Runs at once: they wait for leases most of the time.
const AT_ONCE: usize = 3;

#[tokio::test(flavor = "multi_thread")]
async fn whatever_crashes_nothing_is_lost_or_done_twice() {
    let began = Instant::now();
    let undisturbed = run("crash-sweep-undisturbed", None).await;
    assert!(undisturbed.violations.is_empty(), "{:#?}", undisturbed.violations);
    let mut plans = Vec::new();
    for (point, passes) in &undisturbed.points {
        for nth in [1, 2] {
            if *passes >= nth { plans.push(format!("{point}:{nth}")); }
        }
    }
    if let Ok(only) = std::env::var("WARMLINE_SWEEP_ONLY") {
        plans = only.split(',').map(str::to_owned).collect();
    }
    eprintln!("{} runs", plans.len());
    let runs = futures::stream::iter(plans).map(async |plan: String| {
        let name = format!("crash-sweep-{}", plan.replace([' ', ':'], "-"));
        let report = run(&name, Some(plan.clone())).await;
        let mut violations = report.violations;
        if report.crashed.is_empty() {
            violations.push("nothing crashed".to_owned());
        }
        eprintln!("{plan:50} {:?} {:.1?} {violations:?}", report.crashed, report.took);
        (plan, violations)
    });
    let mut runs = std::pin::pin!(runs.buffer_unordered(AT_ONCE));
    let mut failed = Vec::new();
    while let Some((plan, violations)) = runs.next().await {
        if !violations.is_empty() { failed.push((plan, violations)); }
    }
    eprintln!("all {:?}", began.elapsed());
    assert!(failed.is_empty(), "{failed:#?}");
}
