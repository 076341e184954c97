//! The crash sweep: processes are ended at every point where a crash could do harm, and nothing is
//! lost, stuck or done twice.
//!
//! The points are those of `warmline_engine::crash`, but for those of imports (`tests/import_crashes.rs`). A
//! campaign that passes all of them is run once undisturbed; then once for each point, where every process
//! aborts that passes it for the n-th time, and is started again.
//!
//! `WARMLINE_SWEEP=point:nth,point:nth` tries these alone.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "tests may panic, and report")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use support::processes::{Role, tails};
use support::site::Site;
use support::{Spec, agent_phone, cadence, invariants, phone, scripts, until};
use warmline_simulator::{Faults, RestFaults, WebhookFaults};
use warmline_workflows::call::Conduct;

/// What every source file of the product calls a crash point by.
const POINTS: [&str; 26] = [
    "doubt: noted and not reported",
    "effect: claimed",
    "effect: performed and not reported",
    "hang up: after the request",
    "hang up: before the request",
    "pace: after the calls are committed",
    "pace: before the calls are committed",
    "place agent: after the request",
    "place agent: before the request",
    "place lead: after the request",
    "place lead: before the request",
    "placement: after the claim is committed",
    "placement: before the claim is committed",
    "recording: all bytes are here",
    "recording: noted and still at the carrier",
    "recording: opened at the carrier",
    "recording: stored and not noted",
    "redirect: after the request",
    "redirect: before the request",
    "relay: before the push",
    "rescue: found and not reported",
    "rescue: unconfirmed and not reported",
    "reserve: after the commit",
    "reserve: before the commit",
    "step: after the commit",
    "step: before the commit",
];
/// At which passes of a point its process ends.
const PASSES: [u32; 2] = [1, 2];
/// For what happens at many moments of a call, further ones.
const LATER_PASSES: [(&str, &[u32]); 3] = [
    ("effect: claimed", &[9, 23]),
    ("step: after the commit", &[7, 15, 31, 53]),
    ("step: before the commit", &[11, 22, 44, 62]),
];
/// How often a run is done in which nothing crashed.
const RUNS_MAX: usize = 4;
/// Runs at once: most of the time they wait for leases.
const AT_ONCE: usize = 4;
/// The longest that nothing may get on: longer than any lease and the look for a placement in doubt.
const PATIENCE: Duration = Duration::from_secs(45);

const PERSON: &str = r#"{"is":"human","answer_after_s":4,"greeting_s":1,"patience_s":600,"talk_s":20}"#;
const MACHINE: &str = r#"{"is":"machine","answer_after_s":5,"greeting_s":5}"#;

/// Eight leads who among them pass every point, and four agents, of whom the first declines at first.
fn spec() -> Spec {
    let busy_first = format!(r#"[{{"is":"busy"}},{PERSON}]"#);
    let agent = r#"{"is":"agent","answer_after_s":2}"#;
    let moody = format!(r#"[{{"is":"agent","reaction":{{"does":"declines","after_s":2}}}},{agent}]"#);
    let numbers: Vec<String> = (0..8).map(phone).chain((0..4).map(agent_phone)).collect();
    let parts = [
        PERSON,
        MACHINE,
        &*busy_first,
        &*busy_first,
        PERSON,
        MACHINE,
        r#"[{"is":"no_answer"},{"is":"busy"}]"#,
        PERSON,
        &*moody,
        agent,
        agent,
        agent,
    ];
    Spec {
        factor: 120.0,
        agents: 4,
        scripts: scripts(numbers.iter().map(String::as_str).zip(parts)),
        distribution: Vec::new(),
        conduct: Conduct { wrap_up_s: 5, patience_s: 300, ..Conduct::default() },
        cadence: cadence(2, 2),
        carrier_timeout: Duration::from_secs(1),
        quiet_window: Duration::from_secs(3),
        ..Spec::default()
    }
}

/// What came of a run.
struct Report {
    /// The crash points, with the most passes in one process.
    points: BTreeMap<String, u32>,
    crashed: BTreeSet<Role>,
    violations: Vec<String>,
    took: Duration,
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_crashes_nothing_is_lost_or_done_twice() {
    let began = Instant::now();
    let undisturbed = run(None).await;
    assert!(undisturbed.violations.is_empty(), "{:#?}", undisturbed.violations);
    let passed: Vec<&str> = undisturbed.points.keys().map(String::as_str).collect();
    assert_eq!(passed, POINTS, "the campaign passes every crash point, and no other");

    let plans = plans(&undisturbed.points);
    let count = plans.len();
    eprintln!("{count} runs after an undisturbed one of {:.1?}", undisturbed.took);
    let runs = futures::stream::iter(plans).map(async |plan: String| {
        let mut report = run(Some(plan.clone())).await;
        // Which of several processes comes to a point is chance, so that none may come to it twice. A run in
        // which nothing crashed says nothing about crashes, and is done again.
        for _ in 1..RUNS_MAX {
            if !report.crashed.is_empty() || !report.violations.is_empty() {
                break;
            }
            report = run(Some(plan.clone())).await;
        }
        if report.crashed.is_empty() {
            report.violations.push("nothing crashed".to_owned());
        }
        let verdict = if report.violations.is_empty() { "ok" } else { "FAILED" };
        eprintln!("{verdict:6} {plan:46} {:4.1?} {:?}", report.took, report.crashed);
        (plan, report.violations)
    });
    let reports: Vec<_> = runs.buffer_unordered(AT_ONCE).collect().await;
    let failed: Vec<_> = reports.iter().filter(|(_, violations)| !violations.is_empty()).collect();
    eprintln!("{count} crashes in {:.0?}", began.elapsed());
    assert!(failed.is_empty(), "{failed:#?}");
}

/// Where to crash: what was asked for, or each point at each pass that the undisturbed run came to.
fn plans(points: &BTreeMap<String, u32>) -> Vec<String> {
    if let Ok(asked) = std::env::var("WARMLINE_SWEEP") {
        return asked.split(',').map(str::to_owned).collect();
    }
    let mut plans = Vec::new();
    for (point, passes) in points {
        let later = LATER_PASSES.iter().filter(|(name, _)| name == point).flat_map(|(_, later)| *later);
        // Another run may come to a late pass a little less often.
        let due = PASSES
            .iter()
            .chain(later.filter(|nth| **nth + **nth / 3 <= *passes))
            .filter(|nth| *nth <= passes)
            // A campaign has few recordings, and as many processes that fetch them.
            .filter(|nth| **nth == 1 || !point.starts_with("recording:"));
        plans.extend(due.map(|nth| format!("{point}:{nth}")));
    }
    plans
}

/// One campaign from its start to rest, crashed as planned.
async fn run(crash_at: Option<String>) -> Report {
    let began = Instant::now();
    let name = crash_at.as_deref().unwrap_or("undisturbed").replace([' ', ':'], "-");
    let site = Site::make(&format!("crash-sweep/{name}"), spec()).await;
    let fleet = site.staff(&[Role::Serve, Role::Work, Role::Schedule], crash_at).await;
    play(&site).await;
    let mut violations = match site.rest(PATIENCE).await {
        // What moves cannot be checked: its parts are read one after the other.
        Ok(()) => invariants::violations(&site.rig).await,
        Err(unrest) => vec![unrest],
    };
    violations.extend(fleet.complaints());
    if !violations.is_empty() {
        eprintln!("{name}: {violations:#?}\n{}", tails(&site.folder, 40));
    }
    let report = Report {
        points: fleet.points_passed(),
        crashed: fleet.crashed().into_iter().collect(),
        violations,
        took: began.elapsed(),
    };
    drop(fleet);
    site.close().await;
    report
}

/// The campaign: three acts, in the first two of which the carrier is in trouble.
async fn play(site: &Site) {
    let numbers: Vec<String> = (0..8).map(phone).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let (unplaced, unheard, others) = (&numbers[..2], &numbers[2..4], &numbers[4..]);

    // Never placed, and not found: unconfirmed.
    let refuse = RestFaults { refuse: 1.0, ..RestFaults::default() };
    site.rig.simulator.set_faults(Faults { create: refuse, ..Faults::default() });
    site.rig.call(unplaced).await;
    until("the first act", Duration::from_secs(30), async || are_in_doubt_or_over(site, unplaced).await)
        .await;

    // Placed without an answer, and no webhook tells of it: found in the carrier's list.
    let reset = RestFaults { reset_after: 1.0, ..RestFaults::default() };
    let deaf = WebhookFaults { lose: 1.0, ..WebhookFaults::default() };
    site.rig.simulator.set_faults(Faults { create: reset, webhooks: deaf, ..Faults::default() });
    site.rig.call(unheard).await;
    until("the second act", Duration::from_secs(30), async || {
        let mut through = true;
        for phone in unheard {
            through &= match site.rig.records(phone).last() {
                Some(record) => record.status.is_final(),
                // It may have crashed before it asked.
                None => are_in_doubt_or_over(site, &[*phone]).await,
            };
        }
        through
    })
    .await;

    site.rig.simulator.set_faults(Faults::default());
    site.rig.call(others).await;
}

/// Whether the first call to each number came into doubt, or is over.
async fn are_in_doubt_or_over(site: &Site, phones: &[&str]) -> bool {
    let mut digests = Vec::new();
    for phone in phones {
        digests.push(site.rig.phone_key(phone).await);
    }
    let count: i64 = sqlx::query_scalar(
        "select count(distinct c.phone_key) from calls c
         where c.phone_key = any ($1)
           and (not c.open or exists (select 1 from journal j where j.call_id = c.id
                                      and j.event ->> 'event' = 'placement_in_doubt'))",
    )
    .bind(&digests)
    .fetch_one(&site.rig.database)
    .await
    .unwrap();
    usize::try_from(count) == Ok(phones.len())
}
