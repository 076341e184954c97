//! Calling hours: who is called when, by the ledger of the carrier.

use jiff::{SignedDuration, Timestamp};
use warmline_workflows::call::Conduct;
use warmline_workflows::campaign::Status;

use crate::support::{Rig, Spec, cadence, lead, phone, scripts};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_called_after_hours_and_the_rest_is_due_in_the_morning() {
    let phones: Vec<String> = (0..40).map(phone).collect();
    let lines = phones.iter().map(|phone| (phone.as_str(), r#"{"is":"busy"}"#));
    // Ten minutes are left, and a leg may be placed every four.
    let spec = Spec {
        factor: 240.0,
        start: at("2026-11-23T21:50:00Z"),
        agents: 3,
        scripts: scripts(lines),
        calls_per_second: 1.0 / 240.0,
        ..Spec::default()
    };
    let rig = Rig::start(spec).await;
    let numbers: Vec<&str> = phones.iter().map(String::as_str).collect();
    rig.call(&numbers).await;
    let (closing, morning) = (at("2026-11-23T22:00:00Z"), at("2026-11-24T14:00:00Z"));
    rig.passed(closing).await;
    let withheld = "select count(*) from calls where disposition = 'withheld'";
    crate::support::until("everybody else is put off", std::time::Duration::from_secs(10), async || {
        rig.count("select count(*) from calls where open").await == 0
            && rig.leads().await.iter().all(|lead| lead.due().is_some_and(|due| due >= morning))
    })
    .await;
    assert!(rig.count(withheld).await > 0, "calls that waited for their turn when the hours ended");

    let called = rig.simulator.ledger().calls();
    assert!((2..=4).contains(&called.len()), "{} were called", called.len());
    let last = called.iter().map(|leg| leg.created.at).max().unwrap();
    // One whose turn came just before may have been under way.
    assert!(last < closing + SignedDuration::from_secs(120), "called at {last}");
    for lead in rig.leads().await {
        let was_called = called.iter().any(|leg| leg.order.to == lead.phone);
        assert_eq!(lead.attempts, i16::from(was_called), "{lead:?}");
        assert_eq!(lead.due(), Some(morning), "{lead:?}");
        let why = lead.waiting_for.unwrap_or_default();
        assert!(was_called || why.contains("calling hours"), "{why}");
    }
    rig.move_to(rig.campaign, Status::Stopped).await;
    rig.rest().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_answered_after_hours_goes_no_further() {
    let dana = phone(0);
    let late = r#"{"is":"human","answer_after_s":90}"#;
    let spec = Spec {
        factor: 40.0,
        start: at("2026-11-23T21:58:40Z"),
        scripts: scripts([(&*dana, late)]),
        conduct: Conduct { ring_timeout_s: 120, ..Conduct::default() },
        ..Spec::default()
    };
    let rig = Rig::start(spec).await;
    rig.call(&[&dana]).await;
    rig.until_state(&dana, "dispositioned").await;
    let leg = rig.record(&dana);
    assert!(
        leg.created.at < at("2026-11-23T22:00:00Z") && leg.answered.unwrap().at > at("2026-11-23T22:00:00Z")
    );
    assert_eq!((leg.redirects, leg.stays.len()), (0, 0), "hung up at once");
    assert_eq!(rig.outcomes().await[&dana], ["canceled"]);
    assert_eq!(rig.lead(&dana).await.due(), Some(at("2026-11-24T14:00:00Z")));
    rig.rest().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_law_of_the_leads_own_zone_holds_besides_the_campaigns_hours() {
    // Twenty past ten in New York is twenty past seven in California, and early for a call.
    let [east, west] = [phone(0), "+14155550133".to_owned()];
    let busy = r#"{"is":"busy"}"#;
    let spec = Spec {
        factor: 600.0,
        start: at("2026-11-23T15:20:00Z"),
        scripts: scripts([(&*east, busy), (&*west, busy)]),
        cadence: cadence(1, 60),
        ..Spec::default()
    };
    let rig = Rig::start(spec).await;
    // From a zone that nobody knows, nobody is called at all.
    let nowhere = warmline_engine::leads::NewLead { time_zones: Vec::new(), ..lead(&phone(2)) };
    rig.store(rig.campaign, &[nowhere]).await;
    rig.call(&[&east, &west]).await;
    rig.until_record(&east, "is called", |_| true).await;
    assert_eq!(rig.lead(&west).await.due(), Some(at("2026-11-23T16:00:00Z")));
    rig.finished().await;
    rig.rest().await;
    assert!(rig.record(&east).created.at < at("2026-11-23T16:00:00Z"));
    assert!(rig.record(&west).created.at >= at("2026-11-23T16:00:00Z"));
    assert_eq!(rig.lead(&phone(2)).await.status, "closed");
    assert!(rig.records(&phone(2)).is_empty());
}
