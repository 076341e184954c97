//! The outbox: a command is handed out until it is done, and to one worker at a time.

use std::time::Duration;

use futures::future::join_all;
use warmline_engine::Ready;
use warmline_engine::outbox::{Claimed, Pending};
use warmline_workflows::call::{Command, CommandId, Event, Ordinal, Queue};
use warmline_workflows::{CallId, Leg, Verdict};

use crate::world::{World, at_once, placement};

const LEASE: Duration = Duration::from_secs(60);

/// Brings a call to where it has two repeatable commands: to reserve an agent, and to redirect the lead.
async fn waiting(world: &World, call: CallId) -> [CommandId; 2] {
    let sid = || "CA1".to_owned();
    world.step(call, Event::LegAnswered { leg: Leg::Lead, sid: sid(), denial: None }).await.unwrap();
    world.step(call, Event::VerdictReached { sid: sid(), verdict: Verdict::Human }).await.unwrap();
    [0, 1].map(|index| CommandId { call, ordinal: Ordinal { version: 3, index } })
}

async fn state_of(world: &World, id: CommandId) -> Option<String> {
    sqlx::query_scalar("select state from outbox where call_id = $1 and version = $2 and index = $3")
        .bind(id.call.0)
        .bind(id.ordinal.version as i32)
        .bind(id.ordinal.index as i16)
        .fetch_optional(&world.sql)
        .await
        .unwrap()
}

#[tokio::test]
async fn commands_are_announced_once_they_are_stored() {
    // Goal: whoever listens hears of each command of each commit, with its queue, and finds it stored.
    let mut world = World::new().await;
    let call = world.call().await;
    let tenant = world.tenant;
    let heard = world.commands.recv().await.unwrap();
    let placed = Ready { tenant, command: placement(call), queue: Queue::Dial, once_only: true };
    assert_eq!(heard, [placed]);
    let [reserve, redirect] = waiting(&world, call).await;
    let ready = |command| Ready { tenant, command, queue: Queue::Live, once_only: false };
    assert_eq!(world.commands.recv().await.unwrap(), [ready(reserve), ready(redirect)]);
    let pending = Pending { queue: Queue::Live, carrier: None };
    assert_eq!(world.engine.pending(tenant, reserve).await.unwrap(), Some(pending));
    world.audit().await;
}

#[tokio::test]
async fn twenty_claimers_get_a_command_once() {
    // Goal: a command that many workers were told of is performed by one of them.
    let world = World::new().await;
    let call = world.call().await;
    let other = world.another_process().await;
    for id in waiting(&world, call).await {
        let claims = (0..20).map(|number| {
            let engine = if number % 2 == 0 { &world.engine } else { &other };
            engine.claim(world.tenant, id, LEASE)
        });
        let won: Vec<Claimed> = join_all(claims).await.into_iter().filter_map(Result::unwrap).collect();
        assert_eq!(won.len(), 1);
        assert_eq!((won[0].id, won[0].plan.call), (id, call));
        assert!(world.engine.pending(world.tenant, id).await.unwrap().is_none());
    }
    world.audit().await;
}

#[tokio::test]
async fn a_command_whose_worker_is_gone_is_handed_out_again() {
    // Goal: when a lease ends without a result, the sweep announces the command and somebody else may
    // claim it; when the result came, nobody may.
    let world = World::new().await;
    let call = world.call().await;
    let [reserve, redirect] = waiting(&world, call).await;
    assert!(world.engine.claim(world.tenant, reserve, Duration::ZERO).await.unwrap().is_some());
    assert!(world.engine.claim(world.tenant, redirect, LEASE).await.unwrap().is_some());
    let swept = world.engine.sweep(100, LEASE).await.unwrap();
    assert_eq!(swept.iter().map(|ready| ready.command).collect::<Vec<_>>(), [reserve]);
    let again = world.engine.claim(world.tenant, reserve, LEASE).await.unwrap().unwrap();
    assert!(matches!(again.command, Command::ReserveAgent { .. }));
    assert!(world.engine.claim(world.tenant, reserve, LEASE).await.unwrap().is_none());

    let mut report = world.event(call, Event::AgentUnavailable, "report");
    report.settles = Some(reserve.ordinal);
    world.engine.step(report).await.unwrap();
    world.engine.settle(world.tenant, redirect).await.unwrap();
    world.engine.settle(world.tenant, redirect).await.unwrap();
    assert!(world.engine.claim(world.tenant, reserve, LEASE).await.unwrap().is_none());
    assert_eq!((state_of(&world, reserve).await, state_of(&world, redirect).await), (None, None));
    world.audit().await;
}

#[tokio::test]
async fn the_sweep_finds_what_was_never_pushed() {
    // Goal: commands that nobody was told of are announced by the sweep, each to one sweeper and again
    // only after a while; what is not due yet is left alone.
    let world = World::new().await;
    let calls = world.calls(30).await;
    assert!(world.engine.sweep(100, LEASE).await.unwrap().is_empty(), "they were just announced");
    world.run("update outbox set due_at = now() - interval '1 second'").await;
    let other = world.another_process().await;
    let (ours, theirs) = futures::join!(world.engine.sweep(20, LEASE), other.sweep(20, LEASE));
    let mut swept: Vec<Ready> = [ours.unwrap(), theirs.unwrap()].concat();
    swept.extend(world.engine.sweep(100, LEASE).await.unwrap());
    let mut commands: Vec<CommandId> = swept.iter().map(|ready| ready.command).collect();
    commands.sort_unstable();
    let mut expected: Vec<CommandId> = calls.into_iter().map(placement).collect();
    expected.sort_unstable();
    assert_eq!(commands, expected);
    assert!(swept.iter().all(|ready| ready.queue == Queue::Dial && ready.once_only));
    assert!(world.engine.sweep(100, LEASE).await.unwrap().is_empty());
    world.audit().await;
}

#[tokio::test]
async fn a_command_that_kills_its_workers_is_given_up_after_five() {
    // Goal: work begins five times on a command that never comes to a result; then it waits for a person,
    // and nobody is told of it any more. An orderly put-back begins the count anew.
    let world = World::new().await;
    let call = world.call().await;
    let [reserve, _] = waiting(&world, call).await;
    let crash = async || world.engine.claim(world.tenant, reserve, Duration::ZERO).await.unwrap().is_some();
    for _ in 0..4 {
        assert!(crash().await);
    }
    world.engine.put_back(world.tenant, reserve, Duration::ZERO, "the carrier is busy").await.unwrap();
    for _ in 0..5 {
        assert!(crash().await);
    }
    assert!(!crash().await);
    assert_eq!(state_of(&world, reserve).await.as_deref(), Some("dead"));
    world
        .run("update outbox set due_at = now() - interval '1 hour', lease_until = now() - interval '1 hour'")
        .await;
    assert!(!crash().await);
    let swept = world.engine.sweep(100, LEASE).await.unwrap();
    assert!(swept.iter().all(|ready| ready.command != reserve));
    assert_eq!(world.engine.purge_dead_commands(2 * Duration::from_secs(3600)).await.unwrap(), 0);
    assert_eq!(world.engine.purge_dead_commands(Duration::from_secs(60)).await.unwrap(), 1);
    world.audit().await;
}

#[tokio::test]
async fn what_was_put_back_waits_its_pause() {
    // Goal: when the carrier asks to slow down, nobody performs the command before the pause is over.
    let world = World::new().await;
    let call = world.call().await;
    let [reserve, _] = waiting(&world, call).await;
    world.engine.claim(world.tenant, reserve, LEASE).await.unwrap().unwrap();
    world.engine.put_back(world.tenant, reserve, Duration::from_secs(30), "busy").await.unwrap();
    assert!(world.engine.claim(world.tenant, reserve, LEASE).await.unwrap().is_none());
    assert!(world.engine.sweep(100, LEASE).await.unwrap().is_empty());
    world.run("update outbox set ready_at = now(), due_at = now()").await;
    assert!(world.engine.sweep(100, LEASE).await.unwrap().iter().any(|ready| ready.command == reserve));
    assert!(world.engine.claim(world.tenant, reserve, LEASE).await.unwrap().is_some());
    world.audit().await;
}

#[tokio::test]
async fn what_is_done_in_the_batch_that_gave_it_is_never_handed_out() {
    // Goal: many steps written at once come to the same as one by one, also when a later one of them
    // finds a command done that an earlier one gave.
    let mut world = World::with(warmline_engine::Options { committers: 1, ..Default::default() }).await;
    let calls = world.calls(2).await;
    let mut given = Vec::new();
    for (call, together) in calls.iter().zip([false, true]) {
        waiting(&world, *call).await;
        let agent = warmline_workflows::AgentId(uuid::Uuid::from_u128(4));
        let reserved = Event::AgentReserved { agent, phone: "+12125550150".to_owned() };
        let evidence = Event::LegRinging { leg: Leg::Agent(1), sid: "CA2".to_owned() };
        let steps = [world.event(*call, reserved, "reserved"), world.event(*call, evidence, "evidence")];
        while world.commands.try_recv().is_ok() {}
        if together {
            at_once(steps.map(|step| world.engine.step(step))).await;
        } else {
            for step in steps {
                world.engine.step(step).await.unwrap();
            }
        }
        given.push(world.outbox_of(*call).await.into_iter().map(|(ordinal, _)| ordinal).collect::<Vec<_>>());
    }
    assert_eq!(given[0], given[1]);
    let placement = CommandId { call: calls[1], ordinal: Ordinal { version: 4, index: 0 } };
    while let Ok(ready) = world.commands.try_recv() {
        assert!(ready.iter().all(|ready| ready.command != placement), "announced though it is done");
    }
    world.audit().await;
}
