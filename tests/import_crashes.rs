//! An import whose workers crash: wherever they do, it ends with the counts and the leads of one that was left
//! alone.
//!
//! The points are those that a campaign does not pass (`tests/crash_sweep.rs` has the others).

#![expect(clippy::unwrap_used, reason = "tests may panic")]

mod support;

use std::fmt::Write as _;
use std::time::Duration;

use futures::StreamExt as _;
use serde_json::json;
use support::processes::{End, Role};
use support::program::{Program, text};
use support::site::Site;
use support::{Spec, until};

/// What an import calls a crash point by.
const POINTS: [&str; 2] = ["import: batch committed", "import: batch stored and not committed"];
/// Three batches of ten thousand, the last of them not full.
const ROWS: usize = 25_000;
/// Rows in a row that have one number.
const SAME: usize = 50;
/// Every such row has no number at all.
const WRONG: usize = 1_000;

/// A list in whose every batch there are new numbers, repeated and wrong ones.
fn list() -> String {
    const AREAS: [&str; 5] = ["212", "646", "718", "917", "347"];
    let mut list = "first_name,phone\r\n".to_owned();
    for row in 0..ROWS {
        let number = row / SAME;
        match row % WRONG {
            1 => writeln!(list, "Lee,none\r"),
            _ => writeln!(list, "Lee,+1{}55501{:02}\r", AREAS[number / 100], number % 100),
        }
        .unwrap();
    }
    list
}

/// Has the list imported; returns the crash points that were passed.
async fn run(crash_at: Option<String>) -> Vec<String> {
    let name = crash_at.as_deref().unwrap_or("undisturbed").replace([' ', ':'], "-");
    let site =
        Box::pin(Site::make(&format!("import-crashes/{name}"), Spec { agents: 0, ..Spec::default() })).await;
    let fleet = site.staff(&[Role::Serve, Role::Work, Role::Schedule], crash_at.clone()).await;
    let program = Program::register(&site.rig, fleet.url()).await;
    let import = program.upload(&list()).await;
    let path = format!("/api/imports/{}", text(&import, "id"));
    until(&format!("{name}: the import ends"), Duration::from_secs(240), async || {
        program.get(&path).await["status"] == "finished"
    })
    .await;

    let wrong = ROWS / WRONG;
    let valid = ROWS / SAME;
    let counts = json!({ "rows": ROWS, "valid": valid, "invalid": wrong, "duplicate": ROWS - valid - wrong,
                         "do_not_call": 0 });
    assert_eq!(program.get(&path).await["counts"], counts, "{name}");
    let leads = site.rig.count("select count(*) from leads").await;
    let numbers = site.rig.count("select count(distinct phone_key) from leads").await;
    assert_eq!((leads, numbers), (i64::try_from(valid).unwrap(), leads), "{name}");
    let crashes = fleet.count(Role::Work, &End::Crashed);
    assert_eq!(crashes, usize::from(crash_at.is_some()), "{name}");
    let complaints = fleet.complaints();
    assert!(complaints.is_empty(), "{name}: {complaints:#?}");
    let passed = fleet.points_passed().into_keys().filter(|point| point.starts_with("import")).collect();
    drop(fleet);
    site.close().await;
    passed
}

#[tokio::test(flavor = "multi_thread")]
async fn wherever_its_worker_crashes_an_import_ends_as_if_it_had_not() {
    assert_eq!(Box::pin(run(None)).await, POINTS, "an import passes each of its points, and no other");
    let plans = POINTS.iter().flat_map(|point| [1, 2].map(|nth| format!("{point}:{nth}")));
    let runs = futures::stream::iter(plans).map(|plan| run(Some(plan))).buffer_unordered(POINTS.len() * 2);
    runs.collect::<Vec<_>>().await;
}
