//! Acceptance: what has to be so before Warmline is used, each with what was measured.
//!
//! The real program in all its roles, on real Postgres and Redis, against the simulated carrier; set up and watched
//! over HTTP, and judged by the carrier's ledger. `cargo xtask acceptance` runs it built for release with a thousand
//! calls at once; `cargo xtask test` with ten, as one test among others.

#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "tests may panic, and report")]

mod calls;
mod cast;
mod figures;
mod load;
mod report;
mod rules;
mod stage;
#[path = "../support/mod.rs"]
mod support;
mod tenants;

use std::pin::Pin;
use std::process::ExitCode;
use std::time::Instant;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;

use report::{Criterion, Measured, Report, caught};
use stage::Stage;
use support::Spec;

type Check<'a> = Pin<Box<dyn Future<Output = Measured> + 'a>>;

/// A criterion that is checked on a stage that it shares with others.
struct Scenario {
    criterion: Criterion,
    check: for<'a> fn(&'a Stage) -> Check<'a>,
}

const fn criterion(number: u8, name: &'static str, says: &'static str, limit: &'static str) -> Criterion {
    Criterion { number, name, says, limit }
}

const SCENARIOS: [Scenario; 10] = [
    Scenario {
        criterion: criterion(1, "human", "a person is bridged to an agent, after a whisper", "< 15 s"),
        check: |stage| Box::pin(calls::human(stage)),
    },
    Scenario {
        criterion: criterion(2, "voicemail", "a machine gets the message after the tone", "in full"),
        check: |stage| Box::pin(calls::voicemail(stage)),
    },
    Scenario {
        criterion: criterion(3, "no_answer", "nobody answers: given up, and tried again", "30 s"),
        check: |stage| Box::pin(calls::no_answer(stage)),
    },
    Scenario {
        criterion: criterion(4, "busy", "a busy line is noted at once", "< 5 s"),
        check: |stage| Box::pin(calls::busy(stage)),
    },
    Scenario {
        criterion: criterion(5, "failed", "a number that cannot be called is noted", "failed"),
        check: |stage| Box::pin(calls::failed(stage)),
    },
    Scenario {
        criterion: criterion(6, "do_not_call", "numbers on the do-not-call list are left alone", "no call"),
        check: |stage| Box::pin(rules::do_not_call(stage)),
    },
    Scenario {
        criterion: criterion(7, "duplicates", "duplicates of an uploaded list are rejected", "1 call"),
        check: |stage| Box::pin(rules::duplicates(stage)),
    },
    Scenario {
        criterion: criterion(8, "pause", "start, pause and resume do what they say", "no call"),
        check: |stage| Box::pin(rules::pause(stage)),
    },
    Scenario {
        criterion: criterion(9, "agent_status", "agents who are away are not called", "no call"),
        check: |stage| Box::pin(rules::away(stage)),
    },
    Scenario {
        criterion: criterion(10, "tenants", "no organisation finds what is another's", "404"),
        check: |stage| Box::pin(tenants::isolated(stage)),
    },
];
/// What is left when all scenarios are over.
const LEDGER: Criterion = criterion(11, "ledger", "nothing contradicts the carrier's ledger", "0 faults");
const BRIDGED: Criterion = criterion(12, "bridged", "people are bridged to agents in time", "< 15 s");
const API: Criterion = criterion(13, "api", "the API answers in time", "< 200 ms");
const WEBHOOKS: Criterion = criterion(14, "webhooks", "webhooks are taken in time", "< 100 ms");
const AT_ONCE: Criterion = criterion(15, "at_once", "many calls at once disturb nothing", "all");
const UNDER_LOAD: [Criterion; 4] = [BRIDGED, API, WEBHOOKS, AT_ONCE];

/// Business seconds per real second in the scenarios.
const FACTOR: f64 = 10.0;

/// What is to be run, read from arguments as test programs get them.
struct Options {
    calls: usize,
    /// Only what has one of these words in its name.
    words: Vec<String>,
    only_list: bool,
}

impl Options {
    /// What other test programs understand and this one has no use for is passed over.
    fn read() -> Result<Self, String> {
        let mut this = Self { calls: 10, words: Vec::new(), only_list: false };
        let mut args = std::env::args().skip(1);
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--calls" => {
                    let calls = args.next().and_then(|calls| calls.parse().ok());
                    let calls = calls.filter(|calls| (1..=load::CALLS_MAX).contains(calls));
                    this.calls = calls
                        .ok_or_else(|| format!("--calls needs a number from 1 to {}", load::CALLS_MAX))?;
                }
                "--list" => this.only_list = true,
                "--format" | "--test-threads" | "--color" | "--skip" => drop(args.next()),
                _ if arg.starts_with('-') => {}
                _ => this.words.push(arg),
            }
        }
        Ok(this)
    }

    fn wants(&self, criterion: Criterion) -> bool {
        let name = format!("acceptance::{}", criterion.name);
        self.words.is_empty() || self.words.iter().any(|word| name.contains(word.as_str()))
    }
}

fn main() -> ExitCode {
    let options = match Options::read() {
        Ok(options) => options,
        Err(why) => {
            println!("{why}");
            return ExitCode::from(2);
        }
    };
    let all = SCENARIOS.iter().map(|scenario| scenario.criterion).chain([LEDGER]).chain(UNDER_LOAD);
    let wanted: Vec<Criterion> = all.clone().filter(|criterion| options.wants(*criterion)).collect();
    if options.only_list {
        wanted.iter().for_each(|criterion| println!("acceptance::{}: test", criterion.name));
        return ExitCode::SUCCESS;
    }
    println!("\nrunning {} criteria", wanted.len());
    let began = Instant::now();
    let mut report = Report::default();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        Box::pin(scenarios(&options, &mut report)).await;
        under_load(&options, &mut report).await;
    });
    match report.conclude(all.count(), began.elapsed()) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// All scenarios on one stage, side by side.
async fn scenarios(options: &Options, report: &mut Report) {
    let wanted: Vec<&Scenario> =
        SCENARIOS.iter().filter(|scenario| options.wants(scenario.criterion)).collect();
    if wanted.is_empty() {
        return;
    }
    let spec = Spec { factor: FACTOR, scripts: cast::scripts(), ..Spec::default() };
    let stage = Box::pin(Stage::open(spec, 100)).await;
    let mut under_way: FuturesUnordered<_> = wanted
        .iter()
        .map(|scenario| async {
            let measured = caught((scenario.check)(&stage)).await;
            (scenario.criterion, measured.and_then(|measured| measured))
        })
        .collect();
    while let Some((criterion, measured)) = under_way.next().await {
        report.add(criterion, measured);
    }
    drop(under_way);
    let ledger = caught(async {
        stage.rig().rest().await;
        let ledger = stage.rig().simulator.ledger();
        let warnings: usize = ledger.calls().iter().map(|leg| leg.warnings.len()).sum();
        assert_eq!(warnings, 0, "warnings of the carrier");
        format!(
            "{} legs, {} conferences and {} recordings, each known to one call and told truly",
            ledger.calls().len(),
            ledger.conferences().len(),
            ledger.recordings().len()
        )
    });
    report.add(LEDGER, ledger.await);
    Box::pin(stage.close()).await;
}

/// Everything that is measured while many calls go on.
async fn under_load(options: &Options, report: &mut Report) {
    if !UNDER_LOAD.into_iter().any(|criterion| options.wants(criterion)) {
        return;
    }
    match caught(Box::pin(load::run(options.calls))).await {
        Ok(load) => {
            report.add(BRIDGED, load.bridged);
            report.add(API, load.api);
            report.add(WEBHOOKS, load.webhooks);
            report.add(AT_ONCE, load.at_once);
        }
        Err(why) => UNDER_LOAD.into_iter().for_each(|criterion| report.add(criterion, Err(why.clone()))),
    }
}
