//! Duplicates: the same event twice has its outcome once.

use futures::future::join_all;
use warmline_engine::Outcome;
use warmline_workflows::call::{Event, Ignored, Ordinal};
use warmline_workflows::{Leg, Verdict};

use crate::script::conversation;
use crate::world::World;

fn placed() -> Event {
    Event::LegPlaced { leg: Leg::Lead, sid: "CA1".to_owned() }
}

#[tokio::test]
async fn a_whole_life_told_twice_is_lived_once() {
    // Goal: every event of a call repeated at once, and all of them repeated at the end and by another
    // process, changes nothing but which commands are settled.
    let world = World::new().await;
    let calls = world.calls(2).await;
    for turn in conversation(&world, calls[0]) {
        turn.take(&world.engine, world.tenant, calls[0]).await.unwrap();
    }
    let expected = world.contents(calls[0]).await;
    let life = conversation(&world, calls[1]);
    for turn in &life {
        let first = turn.take(&world.engine, world.tenant, calls[1]).await.unwrap();
        let again = turn.take(&world.engine, world.tenant, calls[1]).await.unwrap();
        assert_ne!(first.outcome, Outcome::Duplicate, "{turn:?}");
        assert_eq!((again.outcome, &again.call), (Outcome::Duplicate, &first.call), "{turn:?}");
    }
    let other = world.another_process().await;
    for engine in [&world.engine, &other] {
        for turn in &life {
            let again = turn.take(engine, world.tenant, calls[1]).await.unwrap();
            assert_eq!(again.outcome, Outcome::Duplicate, "{turn:?}");
        }
    }
    assert_eq!(world.contents(calls[1]).await, expected);
    world.audit().await;
}

#[tokio::test]
async fn fifty_at_once_in_two_processes_are_one() {
    // Goal: however many report the same event at the same moment, one of them is the first.
    let world = World::new().await;
    let call = world.call().await;
    let other = world.another_process().await;
    let step = world.event(call, placed(), "the one");
    let steps = (0..50).map(|number| {
        let engine = if number % 2 == 0 { &world.engine } else { &other };
        engine.step(step.clone())
    });
    let stepped: Vec<_> = join_all(steps).await.into_iter().map(Result::unwrap).collect();
    let count = |outcome| stepped.iter().filter(|stepped| stepped.outcome == outcome).count();
    assert_eq!((count(Outcome::Applied), count(Outcome::Duplicate)), (1, 49));
    assert!(stepped.iter().all(|stepped| stepped.call.state().name() == "dialing"));
    assert_eq!(world.number("select count(*) from journal where version > 1").await, 1);
    world.audit().await;
}

#[tokio::test]
async fn the_same_news_under_another_key_is_recorded_as_late() {
    // Goal: a repetition that its key does not give away is seen by the core, written down and ignored.
    let world = World::new().await;
    let call = world.call().await;
    assert_eq!(world.step(call, placed()).await.unwrap().outcome, Outcome::Applied);
    assert_eq!(world.step(call, placed()).await.unwrap().outcome, Outcome::Ignored(Ignored::Late));
    let ignored = world.text("select ignored from journal where version = 3").await;
    assert_eq!(ignored, "late");
    world.audit().await;
}

#[tokio::test]
async fn a_repeated_report_still_settles_its_command() {
    // Goal: a worker that reports a result whose event was told before gets its command off the outbox.
    let world = World::new().await;
    let call = world.call().await;
    world
        .step(call, Event::LegAnswered { leg: Leg::Lead, sid: "CA1".to_owned(), denial: None })
        .await
        .unwrap();
    world.step(call, Event::VerdictReached { sid: "CA1".to_owned(), verdict: Verdict::Human }).await.unwrap();
    let reserve = Ordinal { version: 3, index: 0 };
    let redirect = Ordinal { version: 3, index: 1 };
    let ordinals =
        async || world.outbox_of(call).await.into_iter().map(|(ordinal, _)| ordinal).collect::<Vec<_>>();
    assert_eq!(ordinals().await, [reserve, redirect]);
    let mut report = world.event(call, Event::AgentUnavailable, "report");
    assert_eq!(world.engine.step(report.clone()).await.unwrap().outcome, Outcome::Applied);
    report.settles = Some(reserve);
    assert_eq!(world.engine.step(report).await.unwrap().outcome, Outcome::Duplicate);
    assert_eq!(ordinals().await, [redirect]);
    world.audit().await;
}

#[tokio::test]
async fn a_repeated_webhook_gets_the_present_answer_in_any_process() {
    // Goal: a process that has not seen what another did since answers a repetition from the stored call,
    // not from what it remembers.
    let world = World::new().await;
    let call = world.call().await;
    let answered = Event::LegAnswered { leg: Leg::Lead, sid: "CA1".to_owned(), denial: None };
    let answered = world.event(call, answered, "answered");
    assert_eq!(world.engine.step(answered.clone()).await.unwrap().call.state().name(), "amd");
    let other = world.another_process().await;
    let verdict = Event::VerdictReached { sid: "CA1".to_owned(), verdict: Verdict::Human };
    other.step(world.event(call, verdict, "verdict")).await.unwrap();
    let again = world.engine.step(answered).await.unwrap();
    assert_eq!((again.outcome, again.call.state().name()), (Outcome::Duplicate, "conference"));
    world.audit().await;
}
