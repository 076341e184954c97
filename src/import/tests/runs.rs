//! Tests of runs that are cut off, taken over, cancelled and undone.

use std::time::Duration;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use tokio_util::sync::CancellationToken;
use warmline_engine::imports::Import;
use warmline_workflows::ImportId;
use warmline_workflows::import::Status;

use super::super::{Importer, Limits, Options};
use super::rig::{NOW, Rig, counts};

/// Of ten rows 6 are new, 2 known, 1 no number and 1 not to be called.
fn mixed(rows: usize) -> String {
    let mut text = String::from("name,phone,dnc\n");
    for row in 0..rows {
        let phone = match row % 10 {
            3 => "12".to_owned(),
            5 | 8 => format!("41555501{:02}", row / 10 % 20),
            _ => format!("{}5550{:03}", 212 + row / 1_000, 100 + row % 900),
        };
        let dnc = if row % 10 == 7 { "yes" } else { "" };
        text += &format!("N{row},{phone},{dnc}\n");
    }
    text
}

/// What must be the same however often a run was cut off: counts, what people are told, and leads.
async fn outcome(rig: &Rig, import: &Import) -> ([u64; 5], Vec<String>, Vec<String>) {
    (counts(import), rig.lines(import).await, rig.phones().await)
}

/// The worker is gone, and its lease has run out.
async fn expire(rig: &Rig) {
    rig.execute("update imports set lease_until = now() - interval '1 second' where lease_until is not null")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_cut_off_anywhere_is_taken_up_without_a_row_twice() {
    let text = mixed(400);
    let reference = Rig::with(Limits { batch_rows: 20, ..Limits::default() }).await;
    let undisturbed = reference.import(text.as_bytes()).await;
    let expected = outcome(&reference, &undisturbed).await;
    assert_eq!(undisturbed.status, Status::Finished);

    let mut cuts = 0;
    for seed in 0..6_u64 {
        let rig = Rig::with(Limits { batch_rows: 20, ..Limits::default() }).await;
        let id = rig.upload(rig.campaign, text.as_bytes(), rig.options()).await.unwrap();
        let mut pause_us = 3_000 + 1_700 * seed;
        while !rig.find(id).await.status.is_over() {
            // Dropped wherever it happens to be, as by a power cut; then another one takes over.
            let cut = tokio::time::timeout(Duration::from_micros(pause_us), rig.perform(id)).await;
            cuts += u32::from(cut.is_err());
            pause_us += 2_500;
            rig.execute("update imports set crash_count = 0").await;
            expire(&rig).await;
        }
        let import = rig.find(id).await;
        assert_eq!(outcome(&rig, &import).await, expected, "seed {seed}");
        assert_eq!(rig.count("select count(*) from import_chunks").await, 0);
    }
    assert!(cuts > 6, "only {cuts} runs were cut off");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_was_taken_for_dead_writes_nothing_more() {
    let rig = Rig::with(Limits { batch_rows: 20, ..Limits::default() }).await;
    let id = rig.upload(rig.campaign, mixed(100).as_bytes(), rig.options()).await.unwrap();
    let old = rig.engine().claim_import(rig.tenant, id).await.unwrap().unwrap();
    assert!(rig.engine().claim_import(rig.tenant, id).await.unwrap().is_none(), "held");
    assert!(rig.engine().renew_import(&old).await.unwrap());
    expire(&rig).await;
    rig.perform(id).await;
    let import = rig.find(id).await;
    assert_eq!((import.status, import.counts.rows), (Status::Finished, 100));
    assert!(!rig.engine().renew_import(&old).await.unwrap());
    assert!(!rig.engine().end_import(&old, Err("late"), None, NOW).await.unwrap());
    rig.engine().put_back_import(&old, Duration::ZERO, "late").await.unwrap();
    assert_eq!(rig.find(id).await.status, Status::Finished);
}

#[tokio::test]
async fn an_import_whose_workers_keep_dying_is_given_up() {
    let rig = Rig::new().await;
    let id = rig.upload(rig.campaign, b"phone\n4155550101\n", rig.options()).await.unwrap();
    for _ in 0..5 {
        assert!(rig.engine().claim_import(rig.tenant, id).await.unwrap().is_some());
        expire(&rig).await;
    }
    assert!(rig.engine().claim_import(rig.tenant, id).await.unwrap().is_none());
    let import = rig.find(id).await;
    assert_eq!((import.status, import.error.as_deref()), (Status::Failed, Some("its workers kept dying")));
}

#[tokio::test]
async fn an_import_is_due_until_somebody_has_it_and_left_when_the_process_ends() {
    let rig = Rig::new().await;
    let id = rig.upload(rig.campaign, mixed(50).as_bytes(), rig.options()).await.unwrap();
    let again = Duration::from_secs(10);
    assert_eq!(rig.engine().imports_due(10, again).await.unwrap(), [(rig.tenant, id)]);
    assert!(rig.engine().imports_due(10, again).await.unwrap().is_empty());
    let stop = CancellationToken::new();
    stop.cancel();
    let ending = Importer { stop, ..rig.importer.clone() };
    ending.perform(rig.tenant, id, || NOW).await.unwrap();
    assert_eq!(rig.engine().imports_due(10, again).await.unwrap(), [(rig.tenant, id)]);
    rig.perform(id).await;
    assert_eq!(rig.find(id).await.counts.rows, 50);
}

#[tokio::test]
async fn a_cancelled_import_stores_no_more_and_can_be_undone() {
    let rig = Rig::new().await;
    let id = rig.upload(rig.campaign, mixed(100).as_bytes(), rig.options()).await.unwrap();
    rig.engine().cancel_import(rig.tenant, id).await.unwrap();
    rig.engine().cancel_import(rig.tenant, id).await.unwrap();
    rig.perform(id).await;
    let import = rig.find(id).await;
    assert_eq!((import.status, import.counts.rows), (Status::Cancelled, 0));
    assert_eq!(rig.count("select count(*) from import_chunks").await, 0);
    rig.engine().undo_import(rig.tenant, id).await.unwrap();
    rig.perform(id).await;
    assert_eq!(rig.find(id).await.status, Status::Undone);
    let unknown = ImportId(uuid::Uuid::nil());
    let refused = rig.engine().cancel_import(rig.tenant, unknown).await.unwrap_err();
    assert_eq!(refused.to_string(), "there is no such import in this organisation");
}

#[tokio::test]
async fn undoing_deletes_what_nobody_has_called() {
    let rig = Rig::new().await;
    let kept = rig.import(b"phone\n4155550101\n4155550102\n").await;
    let other = rig.import(b"phone,name\n4155550102,Bo\n4155550103,Ann\n4155550104,\n").await;
    assert_eq!(counts(&other), [3, 2, 0, 1, 0]);
    rig.engine().undo_import(rig.tenant, other.id).await.unwrap();
    let refused = rig.engine().cancel_import(rig.tenant, other.id).await.unwrap_err();
    assert_eq!(refused.to_string(), "an import that is undoing cannot be cancelled");
    rig.perform(other.id).await;
    let undone = rig.find(other.id).await;
    assert_eq!((undone.status, undone.leads_deleted, undone.error), (Status::Undone, 2, None));
    assert_eq!(rig.phones().await, ["+14155550101", "+14155550102"]);

    rig.execute("update leads set calls_opened = 1 where import_line = 2").await;
    let refused = rig.engine().undo_import(rig.tenant, kept.id).await.unwrap_err().to_string();
    assert!(refused.starts_with("1 of its leads was called already"), "{refused}");

    // Called between the request and the deletion.
    rig.execute("update leads set calls_opened = 0").await;
    rig.engine().undo_import(rig.tenant, kept.id).await.unwrap();
    rig.execute("update leads set calls_opened = 1 where import_line = 2").await;
    rig.perform(kept.id).await;
    let undone = rig.find(kept.id).await;
    assert_eq!((undone.status, undone.leads_deleted), (Status::Undone, 1));
    assert_eq!(
        undone.error.as_deref(),
        Some("1 of its leads were called before they could be deleted, and stay")
    );
    assert_eq!(rig.phones().await, ["+14155550101"]);
    assert_eq!(rig.count("select count(*) from lead_words").await, 0, "words go with their leads");
}

/// Neither the file nor what is kept of its rows shows anybody to whoever reads the database.
#[tokio::test]
async fn no_table_shows_who_is_in_a_file() {
    let rig = Rig::new().await;
    let text = b"name,phone,notes\nCanaryfirst,4155550101,canarynote\nCanaryfirst,12,canarynote\n";
    let id = rig.upload(rig.campaign, text, rig.options()).await.unwrap();
    let shown = "select count(*) from import_chunks where position('anary'::bytea in bytes) > 0";
    assert_eq!(rig.count(shown).await, 0);
    rig.perform(id).await;
    assert_eq!(rig.count("select count(*) from import_rows").await, 2);
    let shown = "select count(*) from import_rows where position('anary'::bytea in body) > 0";
    assert_eq!(rig.count(shown).await, 0);
    let shown = "select count(*) from imports i where i::text ilike '%canary%'";
    assert_eq!(rig.count(shown).await, 0);
    let lead = rig.engine().leads_with_phone(rig.tenant, "+14155550101").await.unwrap()[0];
    rig.engine().erase_lead(rig.tenant, lead, jiff::Timestamp::now()).await.unwrap();
    assert_eq!(
        rig.count("select count(*) from import_rows").await,
        1,
        "who is erased goes from here as well"
    );
}

#[tokio::test]
async fn two_imports_of_the_same_numbers_at_once_store_each_number_once() {
    let rig = Rig::with(Limits { batch_rows: 50, ..Limits::default() }).await;
    let text = mixed(500);
    let backwards: String = {
        let mut lines: Vec<&str> = text.lines().collect();
        lines[1..].reverse();
        lines.join("\n")
    };
    let one = rig.upload(rig.campaign, text.as_bytes(), rig.options()).await.unwrap();
    let other = rig.upload(rig.campaign, backwards.as_bytes(), rig.options()).await.unwrap();
    tokio::join!(rig.perform(one), rig.perform(other));
    let (one, other) = (rig.find(one).await, rig.find(other).await);
    let (first, second) = (counts(&one), counts(&other));
    assert_eq!(
        (one.status, other.status, first[0], second[0]),
        (Status::Finished, Status::Finished, 500, 500)
    );
    let stored = rig.phones().await;
    assert_eq!(first[1] + first[4] + second[1] + second[4], stored.len() as u64);
}

#[tokio::test]
async fn limits_are_said_with_what_and_where() {
    let limits = Limits { rows: 5, file_bytes: 3_000_000, row_bytes: 1_000, ..Limits::default() };
    let rig = Rig::with(limits).await;
    let six = rig.import(b"phone\n1\n2\n3\n4\n5\n6\n").await;
    assert_eq!(six.status, Status::Failed);
    let error = six.error.clone().unwrap();
    assert!(error.starts_with("line 7: the file has more than 5 rows: divide it"), "{error}");
    assert_eq!(counts(&six), [5, 0, 5, 0, 0]);
    let long = rig.import(format!("phone,x\n4155550101,{}\n", "x".repeat(2_000_000)).as_bytes()).await;
    assert_eq!(counts(&long), [1, 0, 1, 0, 0]);
    let header = "x".repeat(2_000_000);
    let refusal = rig.upload(rig.campaign, header.as_bytes(), rig.options()).await.unwrap_err();
    assert!(refusal.to_string().starts_with("the header line is longer than"), "{refusal}");
    let large = "phone\n".repeat(600_000);
    let refusal = rig.upload(rig.campaign, large.as_bytes(), rig.options()).await.unwrap_err();
    assert_eq!(refusal.to_string(), "the file is larger than 2 MiB: divide it");
    assert_eq!(rig.count("select count(*) from imports where status = 'uploading'").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn any_rows_are_conserved_across_cuts() {
    let rig = Rig::with(Limits { batch_rows: 7, ..Limits::default() }).await;
    let row = prop_oneof![
        "[0-9]{3}",
        (0..40_u32).prop_map(|line| format!("41555501{line:02}")),
        (0..40_u32).prop_map(|line| format!("41555501{line:02},yes")),
        Just("\"open".to_owned()),
        Just("a,b,c,d".to_owned()),
        Just(String::new()),
    ];
    let files = proptest::collection::vec(row, 1..60);
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for _ in 0..25 {
        let rows = files.new_tree(&mut runner).unwrap().current();
        let text = format!("phone,dnc,x\n{}\n", rows.join("\n"));
        let campaign = rig.another_campaign().await;
        let options = Options { across_campaigns: false, ..rig.options() };
        let id = rig.upload(campaign, text.as_bytes(), options).await.unwrap();
        let _cut = tokio::time::timeout(Duration::from_millis(8), rig.perform(id)).await;
        while !rig.find(id).await.status.is_over() {
            // The claim of the one that was cut off may be stored only now.
            expire(&rig).await;
            rig.perform(id).await;
        }
        let import = rig.find(id).await;
        let [read, valid, _, _, do_not_call] = counts(&import);
        let leads: i64 = sqlx::query_scalar("select count(*) from leads where import_id = $1")
            .bind(id.0)
            .fetch_one(&rig.owner)
            .await
            .unwrap();
        assert_eq!(u64::try_from(leads).unwrap(), valid + do_not_call, "{text}");
        assert!(read <= rows.iter().filter(|row| !row.is_empty()).count() as u64, "{text}");
    }
}
