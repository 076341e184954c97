//! The journal: what is stored can be told again from the beginning.

use warmline_engine::step::fold;

use crate::races::Random;
use crate::script::{anything, conversation};
use crate::world::World;

#[tokio::test]
async fn every_beginning_of_a_journal_folds_to_what_was_stored_then() {
    // Goal: after each step of a whole life, and of a life of random events and ticks, the journal so far
    // folds to the stored call; its lines name the states between which it went.
    let seed = 7;
    let world = World::new().await;
    let calls = world.calls(6).await;
    for turn in conversation(&world, calls[0]) {
        turn.take(&world.engine, world.tenant, calls[0]).await.unwrap();
        let recorded = world.engine.recorded(world.tenant, calls[0]).await.unwrap();
        assert_eq!(recorded.fault(), None);
    }
    let mut random = Random(seed);
    let anything = anything();
    for call in &calls[1..] {
        for number in 0..60 {
            let mut step = world.event(*call, random.pick(&anything).clone(), &number.to_string());
            step.now = world.later(number * 20);
            if random.below(5) == 0 {
                world.engine.tick(world.tenant, *call, step.now).await.unwrap();
            }
            world.engine.step(step).await.unwrap();
            assert_eq!(
                world.engine.recorded(world.tenant, *call).await.unwrap().fault(),
                None,
                "seed {seed}"
            );
        }
    }
    for call in calls {
        let recorded = world.engine.recorded(world.tenant, call).await.unwrap();
        for line in &recorded.lines {
            let so_far = &recorded.lines[..line.version as usize];
            let told = fold(&recorded.plan, so_far.iter().map(|line| (&line.event, line.at)));
            assert_eq!(told.state().name(), line.to, "seed {seed}: {call} at {}", line.version);
        }
        for pair in recorded.lines.windows(2) {
            assert_eq!(pair[0].to, pair[1].from);
        }
    }
    world.audit().await;
}

#[tokio::test]
async fn old_journals_are_forgotten_and_calls_that_are_not_over_keep_theirs() {
    let world = World::new().await;
    let calls = world.calls(3).await;
    for call in &calls[..2] {
        for turn in conversation(&world, *call) {
            turn.take(&world.engine, world.tenant, *call).await.unwrap();
        }
    }
    let open = calls[2];
    let recorded = async |call| world.engine.recorded(world.tenant, call).await.unwrap();
    let before = recorded(calls[0]).await;
    let entries = before.lines.len() as u64;
    let hour = jiff::SignedDuration::from_hours(1);
    let purge = async |before, limit| world.engine.purge_journals(before, limit).await.unwrap();
    assert_eq!(purge(jiff::Timestamp::now() - hour, 100).await, 0, "they are not that old");
    assert_eq!(purge(jiff::Timestamp::now() + hour, 3).await, 3, "in portions");
    assert_eq!(purge(jiff::Timestamp::now() + hour, 1000).await, 2 * entries - 3);
    assert_eq!(recorded(calls[0]).await.call, before.call);
    for call in &calls[..2] {
        assert!(recorded(*call).await.lines.is_empty());
    }
    assert_eq!(recorded(open).await.fault(), None);
}

#[tokio::test]
async fn a_record_that_does_not_add_up_is_noticed() {
    // Goal: a line that is missing, or an event that was altered, is found by folding.
    let world = World::new().await;
    let calls = world.calls(2).await;
    for call in &calls {
        for turn in conversation(&world, *call) {
            turn.take(&world.engine, world.tenant, *call).await.unwrap();
        }
    }
    for (call, damage, complaint) in [
        (calls[0], "delete from journal where version = 5 and call_id = $1", "but journal"),
        (
            calls[1],
            "update journal set event = '{\"event\":\"conference_ended\"}' where version = 5 and call_id = $1",
            "folds to another state",
        ),
    ] {
        sqlx::query(damage).bind(call.0).execute(&world.sql).await.unwrap();
        let fault = world.engine.recorded(world.tenant, call).await.unwrap().fault().unwrap();
        assert!(fault.contains(complaint), "{fault}");
    }
}
