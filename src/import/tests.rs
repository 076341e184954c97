//! Tests of importing into a real database.

mod policies;
mod rig;
mod runs;

use rig::{Rig, counts};

use super::*;

#[tokio::test]
async fn every_row_has_one_outcome_across_batches_and_files() {
    let rig = Rig::new().await;
    rig.engine().add_do_not_call(rig.tenant, "+14155550109", "asked", rig::NOW).await.unwrap();
    let text = b"name,phone,dnc,priority\n\
                 Ann,4155550101,,\n\
                 Bob,555,,\n\
                 Cid,(415) 555-0101,,\n\
                 Dee,4155550102,yes,\n\
                 Eve,4155550109,,\n\
                 Fay,4155550103,,urgent\n\
                 Gus,+1 415 555 0103,true,\n";
    let import = rig.import(text).await;
    assert_eq!(counts(&import), [7, 2, 1, 2, 2]);
    assert_eq!(
        rig.lines(&import).await,
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

    let again = rig.import(b"phone\n+14155550101\n+14155550103\n").await;
    assert_eq!(counts(&again), [2, 0, 0, 2, 0]);
    assert_eq!(
        rig.lines(&again).await[0],
        "line 2 +14155550101: duplicate; the campaign has a lead with this number"
    );
    assert_eq!(rig.phones().await.len(), 4);

    // The mark in the row of a duplicate counts for its number.
    let campaign = rig.another_campaign().await;
    let other = rig.import_into(campaign, b"phone\n+14155550101\n+14155550103\n", rig.options()).await;
    assert_eq!(counts(&other), [2, 1, 0, 0, 1]);
}

#[tokio::test]
async fn hostile_cells_are_stored_as_they_are() {
    let rig = Rig::new().await;
    let import = rig
        .import(
            "first_name,phone,notes,\"x'); drop table leads; --\",\u{1}\n\
             =cmd|' /C calc'!A0,+14155550101,\"'; delete from leads; \u{1} \u{fffe} 😀\",{\"a\":1},\\u0000\n"
                .as_bytes(),
        )
        .await;
    assert_eq!(counts(&import), [1, 1, 0, 0, 0]);
    assert_eq!(rig.phones().await, ["+14155550101"]);
}

#[tokio::test]
async fn a_file_that_is_none_is_refused_before_it_is_an_import() {
    let rig = Rig::new().await;
    for (bytes, expected) in [
        (&b""[..], "the file is empty"),
        (b"PK\x03\x04rest", "the file is a spreadsheet"),
        (b"first,last\nA,B\n", "no column holds the phone number"),
    ] {
        let refusal = rig.upload(rig.campaign, bytes, rig.options()).await.unwrap_err();
        assert!(refusal.to_string().starts_with(expected), "{refusal}");
    }
    let nowhere = warmline_workflows::CampaignId(uuid::Uuid::nil());
    let refusal = rig.upload(nowhere, b"phone\n+14155550101", rig.options()).await.unwrap_err();
    assert!(refusal.to_string().starts_with("there is no such campaign"), "{refusal}");
    assert!(rig.engine().imports(rig.tenant, None, None, 10).await.unwrap().is_empty());

    let empty = rig.import(b"phone,name\n\n,\n").await;
    assert_eq!(empty.status, warmline_workflows::import::Status::Failed);
    assert_eq!(empty.error.as_deref(), Some("the file has a header line and no rows: nothing to import"));
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
    let rig = Rig::new().await;
    let import = rig.import(text.as_bytes()).await;
    assert_eq!(counts(&import), [30, 26, 2, 1, 1]);
    let found: upload::Found = serde_json::from_value(import.found.clone().unwrap()).unwrap();
    assert!(found.columns.iter().all(|column| !column.target.starts_with("custom.")));
    let remarked: Vec<String> =
        rig.lines(&import).await.into_iter().filter(|line| line.contains("; ")).collect();
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
