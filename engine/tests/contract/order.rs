//! Order: the events of one call are applied strictly in the order in which they were handed in.

use warmline_engine::Options;
use warmline_workflows::Leg;
use warmline_workflows::call::Event;

use crate::world::{World, at_once};

#[tokio::test]
async fn events_are_applied_in_the_order_of_arrival() {
    // Goal: forty events of each of nine calls, handed in at once and in turns, stand in each journal in
    // their order, whatever batches they came to.
    let world = World::with(Options { batch_max: 7, cached_calls: 2, ..Options::default() }).await;
    let calls = world.calls(9).await;
    let steps = (0..40).flat_map(|number| {
        let world = &world;
        calls.iter().map(move |call| {
            let event = Event::ConferenceJoined { leg: Leg::Lead, conference_sid: format!("CF{number}") };
            world.engine.step(world.event(*call, event, &number.to_string()))
        })
    });
    for stepped in at_once(steps).await {
        stepped.unwrap();
    }
    for call in calls {
        let lines = world.engine.recorded(world.tenant, call).await.unwrap().lines;
        let sids = lines.iter().filter_map(|line| match &line.event {
            Event::ConferenceJoined { conference_sid, .. } => Some(conference_sid.as_str()),
            _ => None,
        });
        let expected: Vec<String> = (0..40).map(|number| format!("CF{number}")).collect();
        assert_eq!(sids.collect::<Vec<_>>(), expected, "{call}");
    }
    world.audit().await;
}
