//! Alarms: whatever a call waits for, somebody looks in time.

use futures::future::join_all;
use warmline_engine::Outcome;
use warmline_workflows::call::{Device, Event, Timer};
use warmline_workflows::{AgentId, CallId, Ending, Leg, Verdict};

use crate::script::conversation;
use crate::world::World;

async fn alarm(world: &World, call: CallId) -> Option<jiff::Timestamp> {
    let alarm: Option<jiff_sqlx::Timestamp> =
        sqlx::query_scalar("select due_at from alarms where call_id = $1")
            .bind(call.0)
            .fetch_optional(&world.sql)
            .await
            .unwrap();
    alarm.map(jiff_sqlx::Timestamp::to_jiff)
}

/// Brings a call to its after-call work, with both timers of the closing armed at once.
async fn wrapping_up(world: &World, call: CallId) {
    let sid = || "CA1".to_owned();
    let (leg, first) = (Leg::Lead, Leg::Agent(1));
    let agent = AgentId(uuid::Uuid::from_u128(4));
    for event in [
        Event::LegAnswered { leg, sid: sid(), denial: None },
        Event::VerdictReached { sid: sid(), verdict: Verdict::Human },
        Event::AgentReserved { agent, phone: "+12125550150".to_owned() },
        Event::LegAnswered { leg: first, sid: "CA2".to_owned(), denial: None },
        Event::AgentAccepted { leg: first, by: Device::Phone },
        Event::LegEnded { leg, sid: sid(), ending: Ending::Completed, duration_s: 60 },
    ] {
        world.step(call, event).await.unwrap();
    }
}

fn expired(lines: &[warmline_engine::journal::Line]) -> Vec<Timer> {
    let timers = lines.iter().filter_map(|line| match line.event {
        Event::TimerExpired { timer, .. } => Some(timer),
        _ => None,
    });
    timers.collect()
}

#[tokio::test]
async fn the_alarm_is_never_later_than_the_earliest_deadline() {
    // Goal: after each step of a whole life the stored alarm is at or before the earliest deadline, and
    // gone with the last one; the audit compares them.
    let world = World::new().await;
    let call = world.call().await;
    assert_eq!(alarm(&world, call).await, Some(world.later(300)), "the watch over the placement");
    let mut lazy = 0;
    for turn in conversation(&world, call) {
        turn.take(&world.engine, world.tenant, call).await.unwrap();
        world.audit().await;
        let deadline = world.stored(call).await.next_deadline().map(|(_, deadline)| deadline.at);
        lazy += u32::from(alarm(&world, call).await != deadline);
    }
    assert!(lazy > 0, "a deadline that moves back is not written at once");
    assert_eq!(alarm(&world, call).await, None);
}

#[tokio::test]
async fn a_tick_fires_everything_that_is_due_in_its_order() {
    // Goal: a tick long after the fact fires each timer once, the earliest deadline first, and sets the
    // alarm to what comes next.
    let world = World::new().await;
    let call = world.call().await;
    wrapping_up(&world, call).await;
    let before = world.engine.recorded(world.tenant, call).await.unwrap().lines.len();
    // Legs are looked after 20 seconds; the time to write up is over after 30.
    world.engine.tick(world.tenant, call, world.later(19)).await.unwrap();
    world.engine.tick(world.tenant, call, world.later(31)).await.unwrap();
    let lines = world.engine.recorded(world.tenant, call).await.unwrap().lines;
    assert_eq!(expired(&lines[before..]), [Timer::Closing, Timer::WrapUp]);
    assert_eq!(alarm(&world, call).await, world.stored(call).await.next_deadline().map(|(_, next)| next.at));
    world.audit().await;
}

#[tokio::test]
async fn a_tick_too_early_only_mends_the_alarm() {
    // Goal: when the alarm went off early, because the deadline had moved back, nothing happens to the
    // call and the alarm is set to the true deadline.
    let world = World::new().await;
    let call = world.call().await;
    // The ring time ends before the watch over the placement would have: written at once. Each ring moves
    // it back: not written.
    world.step(call, Event::LegPlaced { leg: Leg::Lead, sid: "CA1".to_owned() }).await.unwrap();
    let mut ringing =
        world.event(call, Event::LegRinging { leg: Leg::Lead, sid: "CA1".to_owned() }, "ringing");
    ringing.now = world.later(10);
    world.engine.step(ringing).await.unwrap();
    let deadline = world.stored(call).await.next_deadline().unwrap().1.at;
    assert!(alarm(&world, call).await.unwrap() < deadline);
    let early = alarm(&world, call).await.unwrap();
    assert_eq!(world.engine.alarms_due(early, 10).await.unwrap(), [(world.tenant, call)]);
    let version = world.engine.recorded(world.tenant, call).await.unwrap().version;
    let ticked = world.engine.tick(world.tenant, call, early).await.unwrap();
    assert_eq!(ticked.outcome, Outcome::Duplicate);
    assert_eq!(world.engine.recorded(world.tenant, call).await.unwrap().version, version);
    assert_eq!(alarm(&world, call).await, Some(deadline));
    assert!(world.engine.alarms_due(early, 10).await.unwrap().is_empty());
    world.audit().await;
}

#[tokio::test]
async fn two_schedulers_fire_a_timer_once() {
    // Goal: however many processes tick the same calls at once, each timer is fired once.
    let world = World::new().await;
    let calls = world.calls(10).await;
    let engines = [world.engine.clone(), world.another_process().await];
    let now = world.later(301);
    for engine in &engines {
        assert_eq!(engine.alarms_due(now, 100).await.unwrap().len(), 10);
    }
    let ticks = (0..40).map(|number| engines[number % 2].tick(world.tenant, calls[number / 4], now));
    for ticked in join_all(ticks).await {
        ticked.unwrap();
    }
    for call in calls {
        let lines = world.engine.recorded(world.tenant, call).await.unwrap().lines;
        assert_eq!(expired(&lines), [Timer::Placement], "{call}");
    }
    assert!(world.engine.alarms_due(now, 100).await.unwrap().is_empty());
    world.audit().await;
}

#[tokio::test]
async fn no_call_is_forgotten() {
    // Goal: calls of which nothing is heard any more are looked at again and again, until what the
    // looking finds out ends them; and the longest overdue are looked at first.
    let world = World::new().await;
    let calls = world.calls(6).await;
    for (number, call) in calls.iter().enumerate() {
        let mut step =
            world.event(*call, Event::LegPlaced { leg: Leg::Lead, sid: "CA1".to_owned() }, "placed");
        step.now = world.later(number as i64);
        world.engine.step(step).await.unwrap();
    }
    let due = world.engine.alarms_due(world.later(1000), 3).await.unwrap();
    assert_eq!(due, calls[..3].iter().map(|call| (world.tenant, *call)).collect::<Vec<_>>());
    let mut now = world.now;
    for _ in 0..100 {
        now += jiff::SignedDuration::from_secs(300);
        for (tenant, call) in world.engine.alarms_due(now, 100).await.unwrap() {
            world.engine.tick(tenant, call, now).await.unwrap();
            // The carrier is asked, and does not know.
            let mut step =
                world.event(call, Event::LegCheckInconclusive { leg: Leg::Lead }, &now.to_string());
            step.now = now;
            world.engine.step(step).await.unwrap();
        }
        if world.open_calls().await.is_empty() {
            break;
        }
    }
    assert!(world.open_calls().await.is_empty(), "still open at {now}");
    world.audit().await;
}

#[tokio::test]
async fn an_alarm_that_is_missing_is_found() {
    // Goal: should an open call ever be without an alarm, housekeeping gives it one.
    let world = World::new().await;
    let calls = world.calls(2).await;
    sqlx::query("delete from alarms where call_id = $1").bind(calls[0].0).execute(&world.sql).await.unwrap();
    assert_eq!(world.engine.rearm_silent_calls(world.now).await.unwrap(), 1);
    assert_eq!(world.engine.alarms_due(world.now, 10).await.unwrap(), [(world.tenant, calls[0])]);
    world.engine.tick(world.tenant, calls[0], world.now).await.unwrap();
    assert_eq!(alarm(&world, calls[0]).await, Some(world.later(300)));
    assert_eq!(world.engine.rearm_silent_calls(world.now).await.unwrap(), 0);
    world.audit().await;
}
