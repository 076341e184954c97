//! Control: who must not be called, and campaigns started, paused and stopped.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use warmline_engine::leads::{NewLead, Stored};
use warmline_simulator::Status;
use warmline_workflows::call::Conduct;
use warmline_workflows::campaign::Status as Campaign;
use warmline_workflows::lead::Priority;

use crate::support::{Rig, Spec, agent_phone, cadence, lead, phone, scripts, seconds, until};

const TALKS: &str = r#"{"is":"human","answer_after_s":3,"talk_s":10,"patience_s":600}"#;

#[tokio::test(flavor = "multi_thread")]
async fn duplicates_are_rejected_and_listed_numbers_are_stored_and_never_dialed() {
    let [dana, listed, marked] = [phone(0), phone(1), phone(2)];
    let lines = [&dana, &listed, &marked].map(|phone| (phone.as_str(), r#"{"is":"busy"}"#));
    let rig = Rig::start(Spec { scripts: scripts(lines), cadence: cadence(1, 60), ..Spec::default() }).await;
    rig.do_not_call(&listed).await;
    let spelt = NewLead { phone_original: "(212) 555-0100".to_owned(), ..lead(&dana) };
    let marks = NewLead { do_not_call: true, ..lead(&marked) };
    let stored = rig.store(rig.campaign, &[lead(&dana), spelt, lead(&listed), marks]).await;
    let is = |stored: &Stored| match stored {
        Stored::Queued(_) => "queued",
        Stored::DoNotCall(_) => "do_not_call",
        Stored::Duplicate => "duplicate",
    };
    let words: Vec<_> = stored.iter().map(is).collect();
    assert_eq!(words, ["queued", "duplicate", "do_not_call", "do_not_call"]);
    let again = rig.store(rig.campaign, &[lead(&dana), lead(&listed)]).await;
    assert_eq!(again, [Stored::Duplicate, Stored::Duplicate]);
    // A mark in one list holds for every campaign.
    let other = rig.add_campaign(Conduct::default()).await;
    let elsewhere = rig.store(other, &[lead(&dana), lead(&marked)]).await;
    assert_eq!(elsewhere.iter().map(is).collect::<Vec<_>>(), ["queued", "do_not_call"]);

    rig.move_to(rig.campaign, Campaign::Active).await;
    rig.finished().await;
    rig.rest().await;
    assert_eq!(rig.record(&dana).status, Status::Busy);
    let called: Vec<_> = rig.simulator.ledger().calls().into_iter().map(|leg| leg.order.to).collect();
    assert_eq!(called, [dana]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_listed_during_its_call_is_hung_up_at_once_and_never_tried_again() {
    let [ringing, answered, waiting, bridged] = [phone(0), phone(1), phone(2), phone(3)];
    let slow = agent_phone(0);
    let lines = [
        (&*ringing, r#"{"is":"human","answer_after_s":25}"#),
        (&*answered, r#"{"is":"machine","answer_after_s":3,"greeting_s":25}"#),
        (&*waiting, TALKS),
        (&*bridged, r#"{"is":"human","answer_after_s":3,"patience_s":300,"talk_s":30}"#),
        // Long enough to be seen, and well before the agent would be taken for absent.
        (&*slow, r#"{"is":"agent","answer_after_s":12}"#),
    ];
    let conduct = Conduct { patience_s: 300, wrap_up_s: 5, ..Conduct::default() };
    let rig =
        Rig::start(Spec { factor: 10.0, agents: 1, scripts: scripts(lines), conduct, ..Spec::default() })
            .await;
    let elsewhere = rig.add_campaign(Conduct::default()).await;
    rig.store(elsewhere, &[lead(&ringing)]).await;

    for (number, stage) in
        [(&ringing, "dialing"), (&answered, "amd"), (&waiting, "agent_whisper"), (&bridged, "bridged")]
    {
        rig.call(&[number]).await;
        rig.until_state(number, stage).await;
        rig.until_record(number, "rings", |leg| leg.ringing.is_some()).await;
        let listed = Timestamp::now();
        rig.do_not_call(number).await;
        rig.until_state(number, "dispositioned").await;
        rig.rest().await;
        let leg = rig.record(number);
        let ended_s = seconds(listed, leg.ended.unwrap().real);
        if stage == "bridged" {
            // Whoever asks for it is talking to an agent, who may say goodbye.
            assert_eq!(rig.outcomes().await[number], ["answered"]);
            continue;
        }
        assert!(ended_s < 2.0, "{stage}: ended {ended_s} real seconds later");
        assert_eq!(rig.outcomes().await[number], ["do_not_call"], "{stage}");
        let leads = rig.leads().await;
        let mut leads = leads.iter().filter(|lead| lead.phone == **number);
        assert!(leads.all(|lead| lead.status == "do_not_call" && lead.due_at.is_none()), "{stage}");
    }
    assert_eq!(rig.record(&ringing).status, Status::Canceled);
    // The lead in the other campaign went with it.
    rig.move_to(elsewhere, Campaign::Active).await;
    rig.finished().await;
    rig.rest().await;
    assert_eq!(rig.records(&ringing).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_listed_while_its_call_is_queued_is_never_dialed() {
    let phones = [phone(0), phone(1)];
    let numbers = phones.each_ref().map(String::as_str);
    let scripts = scripts(numbers.map(|phone| (phone, r#"{"is":"no_answer"}"#)));
    let calls_per_second = 1.0 / 60.0;
    let rig =
        Rig::start(Spec { scripts, calls_per_second, cadence: cadence(1, 60), ..Spec::default() }).await;
    rig.call(&numbers).await;
    until("one of them rings", Duration::from_secs(10), async || {
        rig.simulator.ledger().calls().iter().any(|leg| leg.ringing.is_some())
    })
    .await;
    // The other waits for its turn.
    let queued = phones.iter().find(|phone| rig.records(phone).is_empty()).unwrap();
    assert_eq!(rig.state(queued).await.as_deref(), Some("queued"));
    rig.do_not_call(queued).await;
    rig.finished().await;
    rig.rest().await;
    assert!(rig.records(queued).is_empty());
    assert_eq!(rig.outcomes().await[queued], ["do_not_call"]);
    let lead = rig.lead(queued).await;
    assert_eq!((lead.status.as_str(), lead.attempts), ("do_not_call", 0), "nobody was dialed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_listed_behind_our_back_is_caught_at_each_gate() {
    let phones = [phone(0), phone(1), phone(2)];
    let numbers = phones.each_ref().map(String::as_str);
    let scripts = scripts(numbers.map(|phone| (phone, r#"{"is":"human","answer_after_s":20}"#)));
    let calls_per_second = 1.0 / 60.0;
    // Two agents: one call rings, one waits for its turn, and for one lead there is none yet.
    let rig = Rig::start(Spec { scripts, calls_per_second, ..Spec::default() }).await;
    rig.call(&numbers).await;
    until("one of them rings", Duration::from_secs(10), async || {
        rig.simulator.ledger().calls().iter().any(|leg| leg.ringing.is_some())
    })
    .await;
    // As if we had died before anything but the list was written.
    for phone in &phones {
        let listing = "insert into dnc_list (tenant_id, phone_key) values ($1, $2)";
        let digest = rig.phone_key(phone).await;
        sqlx::query(listing).bind(rig.tenant.0).bind(digest).execute(&rig.database).await.unwrap();
    }
    rig.finished().await;
    rig.rest().await;

    let called = rig.simulator.ledger().calls();
    let ringing = called.iter().map(|leg| &leg.order.to).next().unwrap();
    assert_eq!(called.len(), 1, "only the one that was ringing already");
    assert_eq!((called[0].stays.len(), called[0].redirects), (0, 0), "hung up when it was answered");
    let outcomes = rig.outcomes().await;
    assert_eq!(outcomes[ringing], ["do_not_call"]);
    for phone in phones.iter().filter(|phone| *phone != ringing) {
        assert!(outcomes[phone].iter().all(|disposition| disposition == "withheld"), "{outcomes:?}");
    }
    assert!(rig.leads().await.iter().all(|lead| lead.status == "do_not_call"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_holds_back_new_dials_and_lets_calls_finish_until_it_is_lifted() {
    let phones: Vec<String> = (0..6).map(phone).collect();
    let numbers: Vec<&str> = phones.iter().map(String::as_str).collect();
    let spec = Spec { scripts: scripts(numbers.iter().map(|phone| (*phone, TALKS))), ..Spec::default() };
    let rig = Rig::start(spec).await;
    let dialed = || phones.iter().filter(|phone| !rig.records(phone).is_empty()).count();
    rig.call(&numbers).await;
    rig.until_record(&phones[0], "is connected", |leg| leg.bridged.is_some()).await;
    rig.move_to(rig.campaign, Campaign::Paused).await;
    until("calls in flight are finished", Duration::from_secs(20), async || {
        rig.count("select count(*) from calls where open").await == 0
    })
    .await;
    let before = dialed();
    assert!((1..6).contains(&before), "{before} were dialed before the pause");
    rig.passed(rig.now() + SignedDuration::from_secs(60)).await;
    assert_eq!(dialed(), before, "dialed during the pause");
    let outcomes = rig.outcomes().await;
    let answered = outcomes.values().filter(|outcome| **outcome == ["answered"]).count();
    assert_eq!(answered, before, "whoever was called was served: {outcomes:?}");
    rig.rest().await;

    rig.move_to(rig.campaign, Campaign::Active).await;
    rig.finished().await;
    rig.rest().await;
    assert_eq!(dialed(), 6);
    assert!(rig.leads().await.iter().all(|lead| (lead.status.as_str(), lead.attempts) == ("reached", 1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_waits_for_its_turn_when_the_campaign_is_paused_comes_back_afterwards() {
    let phones = [phone(0), phone(1)];
    let numbers = phones.each_ref().map(String::as_str);
    let scripts = scripts(numbers.map(|phone| (phone, r#"{"is":"no_answer"}"#)));
    let calls_per_second = 1.0 / 60.0;
    let rig =
        Rig::start(Spec { scripts, calls_per_second, cadence: cadence(1, 60), ..Spec::default() }).await;
    rig.call(&numbers).await;
    until("one of them rings", Duration::from_secs(10), async || {
        rig.simulator.ledger().calls().iter().any(|leg| leg.ringing.is_some())
    })
    .await;
    rig.move_to(rig.campaign, Campaign::Paused).await;
    rig.rest().await;
    let queued = phones.iter().find(|phone| rig.records(phone).is_empty()).unwrap();
    let lead = rig.lead(queued).await;
    assert_eq!((lead.status.as_str(), lead.disposition.as_deref()), ("waiting", Some("withheld")));
    assert!(lead.waiting_for.is_some_and(|why| why.contains("paused")));
    rig.move_to(rig.campaign, Campaign::Active).await;
    rig.finished().await;
    rig.rest().await;
    assert_eq!(rig.outcomes().await[queued], ["withheld", "no_answer"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_ends_what_is_not_connected_and_nothing_begins_again() {
    let [talking, ringing, waiting, never] = [phone(0), phone(1), phone(2), phone(3)];
    let slow = [agent_phone(1), agent_phone(2)];
    let lines = [
        (&*talking, r#"{"is":"human","answer_after_s":1,"patience_s":600,"talk_s":60}"#),
        (&*ringing, r#"{"is":"human","answer_after_s":290}"#),
        (&*waiting, r#"{"is":"human","answer_after_s":14,"patience_s":600}"#),
        (&*never, TALKS),
        (&*slow[0], r#"{"is":"agent","answer_after_s":290}"#),
        (&*slow[1], r#"{"is":"agent","answer_after_s":290}"#),
    ];
    let conduct =
        Conduct { ring_timeout_s: 300, agent_ring_timeout_s: 300, patience_s: 600, ..Conduct::default() };
    let (factor, scripts) = (20.0, scripts(lines));
    let rig = Rig::start(Spec { factor, agents: 3, scripts, conduct, ..Spec::default() }).await;
    rig.call(&[&talking, &ringing, &waiting, &never]).await;
    rig.until_state(&talking, "bridged").await;
    rig.until_state(&waiting, "agent_whisper").await;
    assert_eq!(rig.state(&ringing).await.as_deref(), Some("dialing"));
    rig.move_to(rig.campaign, Campaign::Stopped).await;
    rig.until_state(&talking, "dispositioned").await;
    rig.rest().await;
    let outcomes = rig.outcomes().await;
    for (number, disposition) in [(&talking, "answered"), (&ringing, "canceled"), (&waiting, "canceled")] {
        assert_eq!(outcomes[number], [disposition], "{number}");
    }
    let (ringing, waiting) = (rig.record(&ringing), rig.record(&waiting));
    assert!(ringing.answered.is_none() && waiting.bridged.is_none());
    assert_eq!(rig.record(&talking).duration_s().map(|seconds| seconds > 60), Some(true), "not cut off");
    assert!(rig.records(&never).is_empty());
    let refused = rig.engine.set_campaign_status(rig.tenant, rig.campaign, Campaign::Active, rig.now()).await;
    assert!(refused.unwrap_err().to_string().contains("stopped"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_most_urgent_come_first_and_never_more_at_once_than_the_campaign_allows() {
    let order = [
        (phone(0), Priority::Low),
        (phone(1), Priority::Normal),
        (phone(2), Priority::High),
        (phone(3), Priority::Urgent),
        (phone(4), Priority::Urgent),
        (phone(5), Priority::Low),
    ];
    let lines = order.iter().map(|(phone, _)| (phone.as_str(), r#"{"is":"no_answer"}"#));
    let spec = Spec {
        factor: 100.0,
        agents: 6,
        scripts: scripts(lines),
        cadence: cadence(1, 60),
        max_concurrent_calls: 2,
        ..Spec::default()
    };
    let rig = Rig::start(spec).await;
    // Who was there first waits longest, and that decides only between equals.
    for (phone, priority) in &order {
        rig.store(rig.campaign, &[NewLead { priority: *priority, ..lead(phone) }]).await;
    }
    rig.move_to(rig.campaign, Campaign::Active).await;
    rig.finished().await;
    rig.rest().await;

    let legs = rig.simulator.ledger().calls();
    let rank = |phone: &str| order.iter().find(|(known, _)| known == phone).unwrap().1;
    // Two are opened at a time, and of two the carrier may hear in either order.
    let ranks: Vec<_> = legs.chunks(2).map(|pair| pair.iter().map(|leg| rank(&leg.order.to)).max()).collect();
    assert!(ranks.is_sorted_by(|before, after| before >= after), "{ranks:?}");
    for leg in &legs {
        let at_once = legs
            .iter()
            .filter(|other| other.created.at <= leg.created.at && other.ended.unwrap().at > leg.created.at)
            .count();
        assert!(at_once <= 2, "{at_once} calls at once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_in_two_campaigns_is_never_in_two_calls_at_once() {
    let dana = phone(0);
    let rings = r#"[{"is":"no_answer"},{"is":"human","answer_after_s":3,"talk_s":10}]"#;
    let spec =
        Spec { scripts: scripts([(&*dana, rings)]), agents: 4, cadence: cadence(1, 60), ..Spec::default() };
    let rig = Rig::start(spec).await;
    let other = rig.add_campaign(rig.template.conduct.clone()).await;
    for campaign in [rig.campaign, other] {
        rig.store(campaign, &[lead(&dana)]).await;
    }
    rig.move_to(rig.campaign, Campaign::Active).await;
    rig.move_to(other, Campaign::Active).await;
    until("the number is in a call", Duration::from_secs(5), async || !rig.records(&dana).is_empty()).await;
    rig.finished().await;
    rig.rest().await;
    let legs = rig.records(&dana);
    assert_eq!(legs.iter().map(|leg| leg.status).collect::<Vec<_>>(), [Status::NoAnswer, Status::Completed]);
    let dispositions: Vec<_> = rig.leads().await.into_iter().filter_map(|lead| lead.disposition).collect();
    assert_eq!(dispositions.len(), 2, "each campaign had its call: {dispositions:?}");
}
