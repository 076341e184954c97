//! Budgets: money is set aside before each dial, and a cap ends everything.

use std::time::Duration;

use jiff::Timestamp;
use warmline_engine::placement::Claim;
use warmline_workflows::cost::Rates;
use warmline_workflows::rules::Reason;

use crate::world::{World, placement};

const LEASE: Duration = Duration::from_secs(15);

#[tokio::test]
async fn money_is_set_aside_before_each_dial_and_a_cap_holds() {
    let world = World::new().await;
    let at = Timestamp::now();
    let reservation_micros = Rates::default().reservation_micros();
    let caps = (Some(2 * reservation_micros), None);
    world.engine.set_budget(world.tenant, caps, (at, world.now)).await.unwrap();
    let (mut sent, mut withheld) = (0, 0);
    for call in world.calls(4).await {
        match world.engine.claim_placement(world.tenant, placement(call), LEASE, world.now).await.unwrap() {
            Claim::Send(_) => sent += 1,
            Claim::Withhold { reason: Reason::SpendCapReached, .. } => withheld += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((sent, withheld), (2, 2));
    let budget = world.engine.budget(world.tenant).await.unwrap();
    assert!(budget.capped && budget.reserved_micros == 2 * reservation_micros, "{budget:?}");
    world.leads(10..12).await;
    assert_eq!(world.pace().await, 0, "nobody is dialed any more");

    world
        .engine
        .set_budget(world.tenant, (Some(100 * reservation_micros), None), (at, world.now))
        .await
        .unwrap();
    assert!(!world.engine.budget(world.tenant).await.unwrap().capped, "a higher cap opens the way");
    world.engine.set_budget(world.tenant, (None, None), (at, world.now)).await.unwrap();
    assert_eq!(world.engine.budget(world.tenant).await.unwrap().daily_cap_micros, None);
}

#[tokio::test]
async fn what_live_calls_cost_is_counted_and_ends_them() {
    let world = World::new().await;
    let at = Timestamp::now();
    let call = world.calls(1).await[0];
    world.run("update calls set answered_at = opened_at, state = 'bridged'").await;
    let minute_micros = Rates::default().call_minute_micros();
    let caps = (Some(10 * minute_micros), None);
    world.engine.set_budget(world.tenant, caps, (at, world.now)).await.unwrap();
    assert_eq!(world.engine.watch_budgets(at, world.later(5 * 60)).await.unwrap(), 0);
    assert_eq!(world.engine.budget(world.tenant).await.unwrap().day_micros, 5 * minute_micros);
    assert_eq!(world.engine.watch_budgets(at, world.later(11 * 60)).await.unwrap(), 1);
    let recorded = world.engine.recorded(world.tenant, call).await.unwrap();
    let ended = recorded.lines.iter().any(|line| line.event.name() == "hang_up_requested");
    assert!(ended, "a live call is ended when the cap is reached");
}
