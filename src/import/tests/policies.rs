//! Tests of what a known number means to an import, and of dry runs.

use warmline_workflows::import::{Duplicates, Status};

use super::super::Options;
use super::rig::{Rig, counts};

const FIRST: &[u8] = b"first_name,last_name,phone,email,priority,notes,company\n\
                       Ann,,4155550101,,high,old note,Acme\n";
const NEWS: &[u8] = b"first_name,last_name,phone,email,priority,notes,company,city\n\
                      Anna,Abbott,415-555-0101,ann@example.com,low,,Acme Inc,Springfield\n";

/// What is known of the one lead, in one line.
async fn lead(rig: &Rig) -> String {
    let lead = rig.leads().await.remove(0);
    let person = lead.person.unwrap();
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    [
        person.first_name,
        person.last_name,
        or_none(person.email),
        person.phone_original,
        lead.priority.to_string(),
        or_none(person.notes),
        serde_json::Value::Object(person.custom).to_string(),
    ]
    .join("|")
}

#[tokio::test]
async fn a_known_number_is_left_filled_in_or_overwritten() {
    for (duplicates, expected) in [
        (Duplicates::Skip, r#"Ann||-|4155550101|2|old note|{"company":"Acme"}"#),
        (
            Duplicates::UpdateBlanks,
            r#"Ann|Abbott|ann@example.com|4155550101|2|old note|{"city":"Springfield","company":"Acme"}"#,
        ),
        (
            Duplicates::Overwrite,
            r#"Anna|Abbott|ann@example.com|415-555-0101|0|old note|{"city":"Springfield","company":"Acme Inc"}"#,
        ),
    ] {
        let rig = Rig::new().await;
        rig.import(FIRST).await;
        let options = Options { duplicates, ..rig.options() };
        let import = rig.import_into(rig.campaign, NEWS, options).await;
        assert_eq!(counts(&import), [1, 0, 0, 1, 0]);
        assert_eq!(lead(&rig).await, expected, "{duplicates}");
        // Search knows the words of now, and none of before.
        for (word, is_found) in
            [("Anna", duplicates == Duplicates::Overwrite), ("Ann", duplicates != Duplicates::Overwrite)]
        {
            let found = rig.engine().leads_with_words(rig.tenant, word, 10).await.unwrap();
            assert_eq!(found.len(), usize::from(is_found), "{duplicates}: {word}");
        }
    }
}

#[tokio::test]
async fn later_rows_of_one_file_count_in_their_order() {
    let rig = Rig::new().await;
    let text = b"name,phone\nA,4155550101\nB,4155550101\n,4155550101\nC,4155550101\n";
    let options = Options { duplicates: Duplicates::Overwrite, ..rig.options() };
    let import = rig.import_into(rig.campaign, text, options).await;
    assert_eq!(counts(&import), [4, 1, 0, 3, 0]);
    assert!(lead(&rig).await.starts_with("C||"));
}

#[tokio::test]
async fn numbers_of_other_campaigns_are_known_if_asked_for() {
    let rig = Rig::new().await;
    rig.import(b"phone\n4155550101\n").await;
    let campaign = rig.another_campaign().await;
    let options = Options { across_campaigns: true, ..rig.options() };
    let import = rig.import_into(campaign, b"phone\n4155550101\n4155550102\n", options).await;
    assert_eq!(counts(&import), [2, 1, 0, 1, 0]);
    assert_eq!(
        rig.lines(&import).await[0],
        "line 2 +14155550101: duplicate; another campaign has a lead with this number"
    );
    let import = rig.import_into(campaign, b"phone\n4155550101\n", rig.options()).await;
    assert_eq!(counts(&import), [1, 1, 0, 0, 0]);
}

#[tokio::test]
async fn a_dry_run_says_the_same_and_stores_no_lead() {
    let rig = Rig::new().await;
    rig.import(b"phone\n4155550101\n").await;
    let text =
        b"phone,dnc\n4155550101,\n4155550102,\n4155550103,yes\n12,\n4155550102,\n4155550104,\n4155550102,\n";
    let options = Options { dry_run: true, ..rig.options() };
    let dry = rig.import_into(rig.campaign, text, options).await;
    assert_eq!((dry.status, rig.phones().await.len()), (Status::Finished, 1));
    assert_eq!(rig.count("select count(*) from dnc_list").await, 0);
    assert_eq!(rig.count("select count(*) from import_numbers").await, 0);
    let real = rig.import(text).await;
    assert_eq!(counts(&dry), counts(&real));
    assert_eq!(counts(&dry), [7, 2, 1, 3, 1]);
    assert_eq!(rig.lines(&dry).await, rig.lines(&real).await);
}
