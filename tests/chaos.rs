//! Chaos: five hundred leads while processes are killed and frozen, Redis forgets and dies, Postgres cuts
//! connections, and the carrier is at its worst. Then the weather clears, everything comes to rest, and
//! nothing may be wrong.
//!
//! `WARMLINE_CHAOS_SEED` repeats the chances of a run; it prints which it took.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "tests may panic, and report")]

mod support;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use support::processes::{End, Fleet, Role, tails};
use support::site::Site;
use support::{Spec, agent_phone, cadence, invariants, scripts};
use tokio::time::Instant;
use warmline_simulator::{Faults, ListFaults, RestFaults, Share, WebhookFaults};
use warmline_workflows::call::Conduct;

const LEADS: usize = 500;
const AGENTS: usize = 10;
/// How many calls are over when the weather clears, of the thousand there may be.
const CALM_AFTER_CALLS: i64 = 400;
/// When it clears at the latest.
const CALM_AFTER: Duration = Duration::from_secs(45);
/// How long nothing may get on then.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_leads_in_bad_weather() {
    let seed = std::env::var("WARMLINE_CHAOS_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed: u64 = seed.unwrap_or_else(|| u64::from(std::process::id()));
    eprintln!("WARMLINE_CHAOS_SEED={seed}");
    let began = Instant::now();
    let site = Site::make("chaos", spec(seed)).await;
    let roles = [Role::Serve, Role::Serve, Role::Work, Role::Work, Role::Schedule, Role::Schedule];
    let fleet = site.staff(&roles, None).await;
    let phones: Vec<String> = (0..LEADS).map(lead_phone).collect();
    site.rig.call(&phones.iter().map(String::as_str).collect::<Vec<_>>()).await;

    let mut dice = Dice(seed);
    let storms = storm(&site, &fleet, &mut dice).await;
    let (over, took) = (calls_over(&site).await, began.elapsed());
    eprintln!("the weather clears after {took:.0?} and {over} calls: {storms:?}");
    site.rig.simulator.set_faults(Faults::default());
    let mut violations = match site.rest(PATIENCE).await {
        // What moves cannot be checked: its parts are read one after the other.
        Ok(()) => invariants::violations(&site.rig).await,
        Err(unrest) => vec![unrest],
    };
    eprintln!("at rest after {:.0?}", began.elapsed());
    violations.extend(fleet.complaints());
    report(&site, &fleet).await;
    if !violations.is_empty() {
        eprintln!("{}", tails(&site.folder, 20));
        panic!("WARMLINE_CHAOS_SEED={seed}, logs in {}: {violations:#?}", site.folder.display());
    }
    sometimes(&site, &fleet).await;
    drop(fleet);
    site.close().await;
}

fn spec(seed: u64) -> Spec {
    let share = |weight, json| Share { weight, scenario: serde_json::from_str(json).unwrap() };
    let agent = r#"{"is":"agent","answer_after_s":2}"#;
    let moody = format!(
        r#"[{agent},{{"is":"agent","reaction":{{"does":"declines","after_s":1}}}},
            {agent},{{"is":"agent","reaction":{{"does":"no_answer"}}}},{agent}]"#
    );
    Spec {
        factor: 60.0,
        agents: AGENTS,
        scripts: scripts([(&*agent_phone(0), &*moody)]),
        distribution: vec![
            share(0.5, r#"{"is":"human","answer_after_s":5,"patience_s":90,"talk_s":15}"#),
            share(0.2, r#"{"is":"machine","answer_after_s":6,"greeting_s":4}"#),
            share(0.1, r#"{"is":"busy"}"#),
            share(0.1, r#"{"is":"no_answer"}"#),
            share(0.05, r#"{"is":"failed"}"#),
            share(0.05, r#"{"is":"hangs_up_early","after_s":1.2}"#),
        ],
        faults: Faults {
            webhooks: WebhookFaults {
                disorder_ms: 150,
                duplicate: 0.3,
                lose: 0.02,
                ..WebhookFaults::default()
            },
            create: RestFaults {
                too_many: 0.02,
                refuse: 0.01,
                error_after: 0.01,
                reset_after: 0.01,
                slow: 0.02,
                slow_ms: 300,
                ..RestFaults::default()
            },
            update: RestFaults { refuse: 0.02, error_after: 0.02, ..RestFaults::default() },
            list: ListFaults { lag_ms: 300, refuse: 0.05, ..ListFaults::default() },
        },
        seed,
        conduct: Conduct { ring_timeout_s: 15, patience_s: 120, wrap_up_s: 5, ..Conduct::default() },
        cadence: cadence(2, 5),
        carrier_timeout: Duration::from_secs(1),
        quiet_window: Duration::from_secs(3),
        ..Spec::default()
    }
}

/// What was done to processes, servers and the do-not-call list.
#[derive(Debug, Default)]
struct Storms {
    kills: u32,
    freezes: u32,
    flushes: u32,
    redis_kills: u32,
    connections_cut: u64,
    listed: u32,
}

impl Storms {
    /// Whether every kind of trouble struck: a storm that did not strike proves nothing.
    fn struck(&self) -> bool {
        self.freezes > 0
            && self.flushes > 0
            && self.redis_kills > 0
            && self.connections_cut > 0
            && self.listed > 0
    }
}

/// Kills processes at random until enough calls are over, and lets Redis forget, die and come back.
/// Goes on until every kind of trouble has struck.
async fn storm(site: &Site, fleet: &Fleet, dice: &mut Dice) -> Storms {
    let began = Instant::now();
    let mut storms = Storms::default();
    let mut rounds = 0_u32;
    while (began.elapsed() < CALM_AFTER && calls_over(site).await < CALM_AFTER_CALLS) || !storms.struck() {
        tokio::time::sleep(dice.between_ms(300, 1500)).await;
        let victim = dice.below(fleet.len());
        if rounds % 8 == 4 {
            // As long as some leases last, and longer than others.
            fleet.freeze(victim, dice.between_ms(1000, 9000));
            storms.freezes += 1;
        } else {
            fleet.kill(victim, dice.between_ms(0, 500));
            storms.kills += 1;
        }
        rounds += 1;
        match rounds % 12 {
            3 => {
                flush(site).await;
                storms.flushes += 1;
            }
            5 => {
                storms.connections_cut += cut_connections(site).await;
            }
            7 => {
                kill_redis(site, dice.between_ms(200, 1500)).await;
                storms.redis_kills += 1;
            }
            9 => {
                site.rig.do_not_call(&lead_phone(LEADS - 1 - dice.below(100))).await;
                storms.listed += 1;
            }
            _ => {}
        }
    }
    fleet.thaw();
    storms
}

async fn calls_over(site: &Site) -> i64 {
    site.rig.count("select count(*) from calls where not open").await
}

async fn flush(site: &Site) {
    let url = site.redis.lock().unwrap().url();
    let mut redis = redis::Client::open(url).unwrap().get_multiplexed_async_connection().await.unwrap();
    redis::cmd("FLUSHALL").query_async::<()>(&mut redis).await.unwrap();
}

/// Postgres ends some of its sessions, whatever they are at. Returns how many.
async fn cut_connections(site: &Site) -> u64 {
    let cut = sqlx::query(
        "select pg_terminate_backend(pid)
         from (select pid from pg_stat_activity
               where datname = current_database() and pid <> pg_backend_pid() order by random() limit 8) victims",
    );
    cut.execute(&site.rig.database).await.unwrap().rows_affected()
}

/// Redis dies without a word, and is back after a while.
async fn kill_redis(site: &Site, down_for: Duration) {
    let redis = Arc::clone(&site.redis);
    tokio::task::spawn_blocking(move || {
        let mut redis = redis.lock().unwrap();
        redis.kill_hard();
        std::thread::sleep(down_for);
        redis.restart().unwrap();
    })
    .await
    .unwrap();
}

/// What the campaign came to, for whoever reads along.
async fn report(site: &Site, fleet: &Fleet) {
    let mut dispositions = BTreeMap::<String, usize>::new();
    for line in site.rig.engine.lead_lines(site.rig.tenant, site.rig.campaign).await.unwrap() {
        for disposition in line.dispositions {
            *dispositions.entry(disposition).or_default() += 1;
        }
    }
    let kills = |role| fleet.count(role, &End::Killed);
    eprintln!("calls: {dispositions:?}");
    eprintln!(
        "kills: serve {}, work {}, schedule {}; in doubt {}, steps {}",
        kills(Role::Serve),
        kills(Role::Work),
        kills(Role::Schedule),
        site.rig.journaled(Some("placement_in_doubt")).await,
        site.rig.journaled(None).await,
    );
}

/// Every role was hit, and what is to be survived did happen.
async fn sometimes(site: &Site, fleet: &Fleet) {
    for role in [Role::Serve, Role::Work, Role::Schedule] {
        let kills = fleet.count(role, &End::Killed);
        assert!(kills >= 3, "{} was killed {kills} times only", role.word());
    }
    for event in ["placement_in_doubt", "agent_accepted", "agent_reserved", "recording_completed"] {
        assert!(site.rig.journaled(Some(event)).await > 0, "never: {event}");
    }
}

/// The number of the n-th lead: all in New York, all fictional.
fn lead_phone(n: usize) -> String {
    const AREAS: [&str; 5] = ["646", "718", "917", "347", "929"];
    format!("+1{}55501{:02}", AREAS[n / 100], n % 100)
}

/// Seeded chance: splitmix64.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    fn between_ms(&mut self, from: u64, to: u64) -> Duration {
        Duration::from_millis(from + self.next() % (to - from))
    }
}
