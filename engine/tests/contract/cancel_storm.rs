//! Cancel storm: callers that go away at any moment neither tear a step apart nor leave anything open.

use std::time::Duration;

use futures::future::join_all;
use uuid::Uuid;
use warmline_engine::Outcome;
use warmline_engine::agents::Wanted;
use warmline_workflows::Leg;
use warmline_workflows::call::Event;

use crate::races::Random;
use crate::world::{World, placement};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_dropped_steps_are_whole_or_not_at_all() {
    // Goal: of a thousand steps whose callers go away after up to five milliseconds, each that was
    // answered is stored, each is stored at most once, and the calls are sound.
    let seed = 4_393;
    let world = World::new().await;
    let calls = world.calls(50).await;
    let mut random = Random(seed);
    let storm: Vec<_> = (0..1000)
        .map(|number| {
            let patience = Duration::from_micros(random.below(5_000));
            let event = Event::ConferenceJoined { leg: Leg::Lead, conference_sid: format!("CF{number}") };
            let step = world.event(*random.pick(&calls), event, &number.to_string());
            let engine = world.engine.clone();
            tokio::spawn(async move { tokio::time::timeout(patience, engine.step(step)).await })
        })
        .collect();
    let mut acknowledged = Vec::new();
    for (number, task) in storm.into_iter().enumerate() {
        if let Ok(stepped) = task.await.unwrap() {
            assert_eq!(stepped.unwrap().outcome, Outcome::Applied, "seed {seed}");
            acknowledged.push(format!("CF{number}"));
        }
    }
    assert!(acknowledged.len() < 1000, "nobody went away");
    // What was handed in before its caller went away is done all the same: after one more step of each
    // call it is.
    join_all(calls.iter().map(|call| world.step(*call, Event::ConferenceEnded))).await;
    let stored: Vec<String> = sqlx::query_scalar(
        "select event ->> 'conference_sid' from journal where event ->> 'event' = 'conference_joined'",
    )
    .fetch_all(&world.sql)
    .await
    .unwrap();
    let distinct: std::collections::HashSet<&String> = stored.iter().collect();
    assert_eq!(distinct.len(), stored.len(), "seed {seed}: something was stored twice");
    let lost: Vec<_> = acknowledged.iter().filter(|sid| !distinct.contains(sid)).collect();
    assert!(lost.is_empty(), "seed {seed}: acknowledged and not stored: {lost:?}");
    world.audit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dropped_transactions_do_not_leak_into_later_ones() {
    // Goal: after three hundred rounds of pacing, claims and reservations whose callers went away, what
    // others write through the same connections is there to stay, and nothing is left open.
    let seed = 4_394;
    let world = World::new().await;
    let calls = world.calls(20).await;
    let mut random = Random(seed);
    let mut storm = Vec::new();
    for number in 0..300 {
        let patience = Duration::from_micros(random.below(4_000));
        let (engine, call) = (world.engine.clone(), *random.pick(&calls));
        let (tenant, campaign, group, now) = (world.tenant, world.campaign, world.group, world.now);
        storm.push(tokio::spawn(async move {
            let work = async {
                match number % 3 {
                    0 => drop(engine.pace(tenant, campaign, now).await.unwrap()),
                    1 => {
                        let lease = Duration::from_secs(60);
                        drop(engine.claim_placement(tenant, placement(call), lease, now).await.unwrap());
                    }
                    _ => {
                        let command = placement(call);
                        let wanted = Wanted { tenant, group, command, exclude: &[] };
                        drop(engine.reserve_agent(&wanted, now).await.unwrap());
                    }
                }
            };
            tokio::time::timeout(patience, work).await.is_ok()
        }));
        // Somebody else's write, through the same pool, in the midst of it.
        let phone = format!("+447700900{number:03}");
        world.engine.add_do_not_call(world.tenant, &phone, "asked", world.now).await.unwrap();
    }
    let mut finished = 0;
    for task in storm {
        finished += u32::from(task.await.unwrap());
    }
    assert!((1..300).contains(&finished), "{finished} of 300 came to their end");
    assert_eq!(world.number("select count(*) from dnc_list").await, 300, "seed {seed}");
    world.audit().await;
}

#[tokio::test]
async fn a_step_whose_caller_is_gone_is_done_all_the_same() {
    // Goal: a webhook whose sender hangs up at once is applied.
    let world = World::new().await;
    let call = world.call().await;
    let key = Uuid::now_v7().to_string();
    let event = Event::LegPlaced { leg: Leg::Lead, sid: "CA1".to_owned() };
    let gone = world.engine.step(world.event(call, event.clone(), &key));
    assert!(futures::future::FutureExt::now_or_never(gone).is_none());
    let again = world.engine.step(world.event(call, event, &key)).await.unwrap();
    assert_eq!((again.outcome, again.call.state().name()), (Outcome::Duplicate, "dialing"));
    world.audit().await;
}
