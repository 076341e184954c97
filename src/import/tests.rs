//! Tests of importing into a real database.

use warmline_engine::campaigns::NewCampaign;
use warmline_engine::{Database, Options as EngineOptions, testing};
use warmline_workflows::cadence::Cadence;
use warmline_workflows::call::Conduct;
use warmline_workflows::window::{CallingWindow, Terms as WindowTerms};

use super::*;

/// An organisation with an empty campaign.
struct Rig {
    engine: Engine,
    options: Options,
}

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

impl Rig {
    async fn new() -> Self {
        let url = testing::fresh_database().await.unwrap();
        let database = Database::connect(&url, 2).await.unwrap().with_vault(testing::vault().unwrap());
        let (engine, _) = Engine::start(database, EngineOptions::default());
        let tenant = engine.add_tenant("Acme", 10).await.unwrap();
        let campaign = campaign(&engine, tenant).await;
        let default_country = engine.default_country(tenant, campaign).await.unwrap();
        let options = Options { tenant, campaign, default_country, mapping: None, batch_rows: 3 };
        Self { engine, options }
    }

    async fn import(&self, text: &[u8]) -> Result<Report, Error> {
        run(text, self.options.clone(), &self.engine, NOW, &mut |_| {}).await
    }
}

async fn campaign(engine: &Engine, tenant: TenantId) -> CampaignId {
    let group = engine.add_group(tenant, &uuid::Uuid::now_v7().to_string()).await.unwrap();
    let campaign = NewCampaign {
        name: "Spring".to_owned(),
        group,
        caller_id: "+14155550100".to_owned(),
        default_country: "US".to_owned(),
        conduct: Conduct::default(),
        window: CallingWindow::new(WindowTerms::office_hours("America/New_York")).unwrap(),
        cadence: Cadence::default(),
        max_concurrent_calls: 10,
    };
    engine.add_campaign(tenant, &campaign).await.unwrap()
}

fn counts(counts: Counts) -> [u64; 5] {
    let Counts { rows, valid, invalid, duplicates, do_not_call } = counts;
    assert_eq!(valid + invalid + duplicates + do_not_call, rows, "{counts:?}");
    [rows, valid, invalid, duplicates, do_not_call]
}

fn lines(report: &Report) -> Vec<String> {
    report.outcomes.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn every_row_has_one_outcome_across_batches_and_files() {
    let rig = Rig::new().await;
    rig.engine.add_do_not_call(rig.options.tenant, "+14155550109", "asked", NOW).await.unwrap();
    let text = b"name,phone,dnc,priority\n\
                 Ann,4155550101,,\n\
                 Bob,555,,\n\
                 Cid,(415) 555-0101,,\n\
                 Dee,4155550102,yes,\n\
                 Eve,4155550109,,\n\
                 Fay,4155550103,,urgent\n\
                 Gus,+1 415 555 0103,true,\n";
    let mut seen = Vec::new();
    let mut progress = |progress: Progress| seen.push(progress.counts.rows);
    let report = run(&text[..], rig.options.clone(), &rig.engine, NOW, &mut progress).await.unwrap();
    assert_eq!(counts(report.counts), [7, 2, 1, 2, 2]);
    assert_eq!(seen, [3, 6, 7]);
    assert_eq!(
        lines(&report),
        [
            "line 2 Ann +14155550101: to be called",
            "line 3 Bob: invalid; phone: `555` is too short for a phone number of US (write it with a plus and its \
             country calling code)",
            "line 4 Cid +14155550101: duplicate; the number is in line 2 already",
            "line 5 Dee +14155550102: not to be called; the row says so",
            "line 6 Eve +14155550109: not to be called; the number is on the do-not-call list",
            "line 7 Fay +14155550103: to be called",
            "line 8 Gus +14155550103: duplicate; the number is in line 7 already",
        ]
    );

    let again = rig.import(b"phone\n+14155550101\n+14155550103\n").await.unwrap();
    assert_eq!(counts(again.counts), [2, 0, 0, 2, 0]);
    assert_eq!(lines(&again)[0], "line 2 +14155550101: duplicate; the campaign has a lead with this number");
    let leads = rig.engine.lead_lines(rig.options.tenant, rig.options.campaign).await.unwrap();
    assert_eq!(leads.len(), 4);

    // The mark in the row of a duplicate counts for its number.
    let other = campaign(&rig.engine, rig.options.tenant).await;
    let options = Options { campaign: other, ..rig.options.clone() };
    let text = &b"phone\n+14155550101\n+14155550103\n"[..];
    let other = run(text, options, &rig.engine, NOW, &mut |_| {}).await.unwrap();
    assert_eq!(counts(other.counts), [2, 1, 0, 0, 1]);
}

/// A disk that fails after its last byte.
struct Failing;

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        Err(std::io::Error::other("the disk is gone"))
    }
}

#[tokio::test]
async fn what_was_read_before_a_failure_is_stored() {
    let rig = Rig::new().await;
    // Long enough for the failure to come after the header.
    let padding = "\n".repeat(200_000);
    let file = format!("phone\n4155550101\n4155550102\n4155550103\n4155550104\n{padding}");
    let reader = file.as_bytes().chain(Failing);
    let error = run(reader, rig.options.clone(), &rig.engine, NOW, &mut |_| {}).await.unwrap_err();
    let expected = "the file cannot be read: the disk is gone; leads read before that are stored: import";
    assert!(error.to_string().starts_with(expected), "{error}");
    let again = rig.import(file.as_bytes()).await.unwrap();
    assert_eq!(counts(again.counts), [4, 0, 0, 4, 0]);
}

#[tokio::test]
async fn hostile_cells_are_stored_as_they_are() {
    let rig = Rig::new().await;
    let report = rig
        .import(
            "first_name,phone,notes,\"x'); drop table leads; --\",\u{1}\n\
             =cmd|' /C calc'!A0,+14155550101,\"'; delete from leads; \u{1} \u{fffe} 😀\",{\"a\":1},\\u0000\n"
                .as_bytes(),
        )
        .await
        .unwrap();
    assert_eq!(counts(report.counts), [1, 1, 0, 0, 0]);
    let leads = rig.engine.lead_lines(rig.options.tenant, rig.options.campaign).await.unwrap();
    assert_eq!(leads.len(), 1);
}

#[tokio::test]
async fn a_file_without_rows_and_a_missing_campaign_are_errors() {
    let rig = Rig::new().await;
    let error = rig.import(b"phone,name\n\n,\n").await.unwrap_err().to_string();
    assert_eq!(error, "the file has a header line and no rows: nothing to import");
    let campaign = CampaignId(uuid::Uuid::nil());
    let nowhere = Options { campaign, ..rig.options.clone() };
    let error = run(&b"phone\n+14155550101"[..], nowhere, &rig.engine, NOW, &mut |_| {}).await.unwrap_err();
    assert!(matches!(error, Error::Store { line: 0, .. }), "{error}");
}

#[tokio::test]
async fn a_large_file_is_reported_in_bounded_length() {
    let rig = Rig::new().await;
    let mut text = String::from("phone\n");
    for index in 0..12_000 {
        text += if index % 1200 == 0 { "4155550101\n" } else { "12\n" };
    }
    let options = Options { batch_rows: BATCH_ROWS, ..rig.options.clone() };
    let report = run(text.as_bytes(), options, &rig.engine, NOW, &mut |_| {}).await.unwrap();
    assert_eq!(counts(report.counts), [12_000, 1, 11_990, 9, 0]);
    assert_eq!((report.outcomes.len(), report.outcomes_left_out), (10_000, 2_000));
}

/// What the demo and the README show.
#[tokio::test]
async fn the_sample_file_has_one_of_everything() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/sample_leads.csv")).unwrap();
    let head = "first_name,last_name,phone,country,type,priority,do_not_call,notes\n\
                Ali,Khan,+923001234567,PK,broker,high,false,\"Preferred afternoon calls\"\n\
                Sara,Ahmed,+14155552671,US,carrier,normal,false,\"VIP customer\"\n\
                John,Doe,+447911123456,GB,broker,low,false,\"Call after 10am local\"\n";
    assert!(text.starts_with(head));
    let report = Rig::new().await.import(text.as_bytes()).await.unwrap();
    assert_eq!(counts(report.counts), [30, 26, 2, 1, 1]);
    assert!(report.columns.iter().all(|(_, usage)| matches!(usage, Usage::Field(_))));
    let remarked: Vec<_> =
        report.outcomes.iter().filter(|row| row.remark.is_some()).map(ToString::to_string).collect();
    assert_eq!(
        remarked,
        [
            "line 15 Ali Khan +923001234567: duplicate; the number is in line 2 already",
            "line 16 Robert Stone +12065550121: not to be called; the row says so",
            "line 17 Linda Park: invalid; phone: `555-0122` is too short for a phone number of US (write it with a \
             plus and its country calling code)",
            "line 26 Viktor Lang +15005550001: to be called; phone: `+15005550001` is not an ordinary line: \
             personal number (calls to it may cost more, or reach nobody)",
            "line 28 Oscar Lindqvist: invalid; phone: `+447700900132` is not a valid phone number of GB",
        ]
    );
}
