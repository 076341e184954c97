//! Races: processes that remember the same call do not overwrite each other.

use warmline_engine::Outcome;
use warmline_workflows::Leg;
use warmline_workflows::call::Event;

use crate::script::anything;
use crate::world::{World, at_once};

fn joined(sid: &str) -> Event {
    Event::ConferenceJoined { leg: Leg::Lead, conference_sid: sid.to_owned() }
}

#[tokio::test]
async fn two_processes_on_the_same_calls_lose_nothing() {
    // Goal: three processes that all remember the same twelve calls step them at once, in opposite orders;
    // every step is applied once, and each process's own order is kept.
    let world = World::new().await;
    let calls = world.calls(12).await;
    let engines = [world.engine.clone(), world.another_process().await, world.another_process().await];
    for (number, engine) in engines.iter().enumerate() {
        for call in &calls {
            engine.step(world.event(*call, joined("first"), &format!("{number} first"))).await.unwrap();
        }
    }
    let mut steps = Vec::new();
    for round in 0..10 {
        for (number, engine) in engines.iter().enumerate() {
            let mut calls = calls.clone();
            if number % 2 == 0 {
                calls.reverse();
            }
            for call in calls {
                let name = format!("{number} {round}");
                steps.push(engine.step(world.event(call, joined(&name), &name)));
            }
        }
    }
    for stepped in at_once(steps).await {
        assert_eq!(stepped.unwrap().outcome, Outcome::Applied);
    }
    for call in calls {
        let recorded = world.engine.recorded(world.tenant, call).await.unwrap();
        assert_eq!(recorded.lines.len(), 1 + 3 + 3 * 10, "{call}");
        for number in 0..3 {
            let prefix = format!("{number} ");
            let own = recorded.lines.iter().filter_map(|line| match &line.event {
                Event::ConferenceJoined { conference_sid, .. } => conference_sid.strip_prefix(&prefix),
                _ => None,
            });
            let expected: Vec<String> = (0..10).map(|round| round.to_string()).collect();
            assert_eq!(own.collect::<Vec<_>>(), expected, "{call}: the steps of process {number}");
        }
    }
    world.audit().await;
}

#[tokio::test]
async fn any_events_in_any_order_from_two_processes_leave_a_sound_record() {
    // Goal: whatever befalls sixteen calls, from two processes at once, with repetitions, the record of
    // each is sound: see the audit.
    let seed: u64 = 20_261_123;
    let world = World::new().await;
    let calls = world.calls(16).await;
    let engines = [world.engine.clone(), world.another_process().await];
    let anything = anything();
    let mut random = Random(seed);
    let mut steps = Vec::new();
    for number in 0..1600 {
        let call = *random.pick(&calls);
        let event = random.pick(&anything).clone();
        // Now and then an event is told twice.
        let key = format!("{}", number - number % random.pick(&[1, 1, 1, 2]));
        steps.push(random.pick(&engines).step(world.event(call, event, &key)));
    }
    for stepped in at_once(steps).await {
        stepped.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
    }
    world.audit().await;
}

/// Numbers that look random and are the same in every run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        // Knuth's multiplier; the high bits are the good ones.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }
}
