//! Agents: each is held for as many calls as it takes, and for no longer than the call.

use futures::future::join_all;
use warmline_engine::agents::{Reserved, Wanted};
use warmline_workflows::agent::{Presence, Reach, Reservation};
use warmline_workflows::call::{CommandId, Event, HangUpReason, Ordinal, Release};
use warmline_workflows::window::{CallingWindow, Terms};
use warmline_workflows::{AgentId, CallId, Leg, Verdict};

use crate::world::{World, lead};

/// A call that looks for an agent, and the command with which it does.
async fn seeking(world: &World, call: CallId) -> CommandId {
    let sid = || "CA1".to_owned();
    world.step(call, Event::LegAnswered { leg: Leg::Lead, sid: sid(), denial: None }).await.unwrap();
    world.step(call, Event::VerdictReached { sid: sid(), verdict: Verdict::Human }).await.unwrap();
    CommandId { call, ordinal: Ordinal { version: 3, index: 0 } }
}

/// So many calls that look for an agent, and nobody there yet.
async fn seekers(world: &World, count: u32) -> Vec<CommandId> {
    let opener = world.agent_with(99, |agent| agent.max_concurrent_calls = 20).await;
    world.leads_in(world.campaign, (0..count).map(lead).collect()).await;
    assert_eq!(world.pace().await, count);
    world.engine.set_presence(world.tenant, opener, Presence::Offline, world.now).await.unwrap();
    let mut commands = Vec::new();
    for call in world.open_calls().await {
        commands.push(seeking(world, call).await);
    }
    commands
}

async fn reserve(world: &World, command: CommandId, exclude: &[AgentId]) -> Option<Reserved> {
    let wanted = Wanted { tenant: world.tenant, group: world.group, command, exclude };
    world.engine.reserve_agent(&wanted, world.now).await.unwrap()
}

async fn release(world: &World, agent: AgentId, call: CallId, release: Release) {
    let on = (release, world.later(60));
    world.engine.release_agent(world.tenant, agent, call, on).await.unwrap();
}

/// What an agent is doing, presence and calls.
async fn seen(world: &World, agent: AgentId) -> (String, String, i32) {
    sqlx::query_as(
        "select b.state, a.presence, a.active_calls
         from agents a join agent_board b on b.agent_id = a.id where a.id = $1",
    )
    .bind(agent.0)
    .fetch_one(&world.sql)
    .await
    .unwrap()
}

#[tokio::test]
async fn concurrent_reservers_share_out_the_agents() {
    // Goal: twelve calls that look for an agent at once, in two processes, get three agents with five
    // places, nobody beyond what it takes; a place that is given back can be had again.
    let world = World::new().await;
    let commands = seekers(&world, 12).await;
    for (number, places) in [(1, 1), (2, 1), (3, 3)] {
        world.agent_with(number, |agent| agent.max_concurrent_calls = places).await;
    }
    let process = world.another_process().await;
    let mut held = Vec::new();
    // One round may pass over an agent who is just being looked at; nobody is passed over for long.
    for _ in 0..5 {
        let free: Vec<_> =
            commands.iter().filter(|command| !held.iter().any(|(_, held)| held == *command)).collect();
        let asked = free.iter().enumerate().map(|(number, command)| {
            let engine = if number % 2 == 0 { &world.engine } else { &process };
            let wanted =
                Wanted { tenant: world.tenant, group: world.group, command: **command, exclude: &[] };
            async move { (engine.reserve_agent(&wanted, world.now).await.unwrap(), **command) }
        });
        held.extend(
            join_all(asked)
                .await
                .into_iter()
                .filter_map(|(reserved, command)| Some((reserved?.agent, command))),
        );
        world.audit().await;
    }
    assert_eq!(held.len(), 5);
    let (agent, command) = held[0];
    release(&world, agent, command.call, Release::NotNeeded).await;
    let next = commands.iter().find(|command| !held.iter().any(|(_, held)| held == *command)).unwrap();
    assert_eq!(reserve(&world, *next, &[]).await.unwrap().agent, agent);
    world.audit().await;
}

#[tokio::test]
async fn who_is_idle_longest_and_may_is_reserved() {
    // Goal: the agent who has been idle longest is called first; not one who was tried already, is not
    // there, is not at work, or is of another team.
    let world = World::new().await;
    let command = seekers(&world, 1).await[0];
    assert_eq!(reserve(&world, command, &[]).await, None);
    let tokyo = CallingWindow::new(Terms::office_hours("Asia/Tokyo")).unwrap();
    let other_group = world.engine.add_group(world.tenant, "Support").await.unwrap();
    let agents = [
        world.agent_with(1, |agent| agent.working_hours = Some(tokyo)).await,
        world.agent_with(2, |agent| agent.groups = vec![other_group]).await,
        world.agent(3).await,
        world.agent(4).await,
        world.agent(5).await,
        world.agent(6).await,
    ];
    for (agent, idle_s) in agents.iter().zip([-60, -50, -40, -30, -20, -10]) {
        for presence in [Presence::Offline, Presence::Available] {
            let at = world.later(idle_s);
            world.engine.set_presence(world.tenant, *agent, presence, at).await.unwrap();
        }
    }
    world.engine.set_presence(world.tenant, agents[3], Presence::Break, world.now).await.unwrap();
    let reserved = reserve(&world, command, &[agents[2]]).await.unwrap();
    assert_eq!(
        reserved,
        Reserved { agent: agents[4], phone: "+12125550155".to_owned(), reach: Reach::Phone }
    );
    world.audit().await;
}

#[tokio::test]
async fn one_command_reserves_one_agent() {
    // Goal: a command that is performed again, by two workers at once, or by one that slept while the call
    // moved on, gets the agent it got; and nobody once its result is stored.
    let world = World::new().await;
    let command = seekers(&world, 1).await[0];
    for number in 1..5 {
        world.agent(number).await;
    }
    let process = world.another_process().await;
    let wanted = Wanted { tenant: world.tenant, group: world.group, command, exclude: &[] };
    let asked = (0..8).map(|number| {
        let engine = if number % 2 == 0 { &world.engine } else { &process };
        engine.reserve_agent(&wanted, world.now)
    });
    let reserved: Vec<_> =
        join_all(asked).await.into_iter().map(|reserved| reserved.unwrap().unwrap()).collect();
    assert!(reserved.iter().all(|other| *other == reserved[0]), "{reserved:?}");
    let agent = reserved[0].agent;
    let moved = CommandId { ordinal: Ordinal { version: 4, index: 1 }, ..command };
    world.engine.move_agent(world.tenant, agent, moved, (Reservation::Ringing, world.now)).await.unwrap();
    assert_eq!(reserve(&world, command, &[]).await.unwrap().agent, agent, "also after it was moved");
    let event = Event::AgentReserved { agent, phone: "+12125550151".to_owned() };
    let mut report = world.event(command.call, event, "reserved");
    report.settles = Some(command.ordinal);
    world.engine.step(report).await.unwrap();
    assert_eq!(reserve(&world, command, &[]).await, None, "a late worker");
    assert_eq!(world.number("select count(*) from agent_reservations").await, 1);
    world.audit().await;
}

#[tokio::test]
async fn late_moves_change_nothing() {
    // Goal: what people see of an agent follows the commands in the order in which they were given, in
    // whatever order they are performed; after the release nothing brings the agent back.
    let world = World::new().await;
    let command = seekers(&world, 1).await[0];
    let agent = world.agent(1).await;
    reserve(&world, command, &[]).await.unwrap();
    assert_eq!(seen(&world, agent).await, ("reserved".to_owned(), "available".to_owned(), 1));
    for (version, to, expected) in [
        (4, Reservation::Ringing, "ringing"),
        (9, Reservation::OnCall, "on_call"),
        (7, Reservation::Whisper, "on_call"),
        (4, Reservation::Ringing, "on_call"),
        (11, Reservation::WrapUp, "wrap_up"),
        (9, Reservation::OnCall, "wrap_up"),
    ] {
        let command = CommandId { ordinal: Ordinal { version, index: 0 }, ..command };
        world.engine.move_agent(world.tenant, agent, command, (to, world.now)).await.unwrap();
        assert_eq!(seen(&world, agent).await.0, expected, "after version {version}");
    }
    for _ in 0..2 {
        release(&world, agent, command.call, Release::WrappedUp).await;
        let late = CommandId { ordinal: Ordinal { version: 12, index: 0 }, ..command };
        world.engine.move_agent(world.tenant, agent, late, (Reservation::OnCall, world.now)).await.unwrap();
        assert_eq!(seen(&world, agent).await, ("available".to_owned(), "available".to_owned(), 0));
    }
    world.audit().await;
}

#[tokio::test]
async fn a_released_agent_is_free_and_one_who_missed_a_call_rests() {
    // Goal: who was not needed keeps the place in the queue, who worked goes to its end, who did not pick
    // up is left alone for two minutes; who chose a break or left meanwhile stays away.
    let idle_since = async |world: &World| -> jiff::Timestamp {
        let idle: jiff_sqlx::Timestamp =
            sqlx::query_scalar("select idle_since from agents where name = 'Agent 1'")
                .fetch_one(&world.sql)
                .await
                .unwrap();
        idle.to_jiff()
    };
    for (release_as, chosen, presence, idle_s) in [
        (Release::NotNeeded, None, "available", 0),
        (Release::WrappedUp, None, "available", 60),
        (Release::Declined, None, "available", 60),
        (Release::Missed, None, "break", 60),
        (Release::Missed, Some(Presence::Offline), "offline", 60),
        (Release::WrappedUp, Some(Presence::Break), "break", 60),
    ] {
        let world = World::new().await;
        let command = seekers(&world, 1).await[0];
        let agent = world.agent(1).await;
        reserve(&world, command, &[]).await.unwrap();
        if let Some(chosen) = chosen {
            world.engine.set_presence(world.tenant, agent, chosen, world.now).await.unwrap();
        }
        release(&world, agent, command.call, release_as).await;
        let free = (presence.to_owned(), presence.to_owned(), 0);
        assert_eq!(seen(&world, agent).await, free, "{release_as}");
        assert_eq!(idle_since(&world).await, world.later(idle_s), "{release_as}");
        // The rest ends by itself after two minutes; a break that was chosen does not.
        assert_eq!(world.engine.end_breaks(world.later(60 + 119)).await.unwrap(), 0);
        let rested = u64::from(presence == "break" && chosen.is_none());
        assert_eq!(world.engine.end_breaks(world.later(60 + 120)).await.unwrap(), rested, "{release_as}");
        let after = if rested == 1 { "available" } else { presence };
        assert_eq!(seen(&world, agent).await.1, after, "{release_as}");
        world.audit().await;
    }
}

#[tokio::test]
async fn nobody_is_held_for_a_call_that_is_over() {
    // Goal: an agent whose release got lost is found and freed, but not while a command of the call is
    // still to be performed, which may be the release itself.
    let world = World::new().await;
    let commands = seekers(&world, 2).await;
    let agent = world.agent_with(1, |agent| agent.max_concurrent_calls = 2).await;
    for command in &commands {
        reserve(&world, *command, &[]).await.unwrap();
    }
    let over = commands[0].call;
    world.step(over, Event::HangUpRequested { reason: HangUpReason::Operator }).await.unwrap();
    let ending = warmline_workflows::Ending::Completed;
    let ended = Event::LegEnded { leg: Leg::Lead, sid: "CA1".to_owned(), ending, duration_s: 1 };
    world.step(over, ended).await.unwrap();
    assert_eq!(world.state(over).await, "dispositioned");
    assert_eq!(world.engine.free_stranded_agents(world.now).await.unwrap(), 0, "commands are left");
    for (ordinal, _) in world.outbox_of(over).await {
        world.engine.settle(world.tenant, CommandId { call: over, ordinal }).await.unwrap();
    }
    assert_eq!(world.engine.free_stranded_agents(world.now).await.unwrap(), 1);
    assert_eq!(seen(&world, agent).await, ("reserved".to_owned(), "available".to_owned(), 1));
    assert_eq!(world.engine.free_stranded_agents(world.now).await.unwrap(), 0);
    world.audit().await;
}
