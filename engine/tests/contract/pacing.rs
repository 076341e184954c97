//! Pacing: never more dials than agents, never past a cap, the most urgent lead first.

use futures::future::join_all;
use warmline_engine::leads::NewLead;
use warmline_workflows::agent::{Presence, Reservation};
use warmline_workflows::call::{CommandId, Event};
use warmline_workflows::lead::Priority;
use warmline_workflows::rules::Reason;
use warmline_workflows::window::{CallingWindow, Terms};
use warmline_workflows::{CallId, Leg, Verdict};

use crate::world::{World, lead, placement};

#[tokio::test]
async fn there_are_never_more_dials_than_agents() {
    // Goal: as many calls are opened as agents are there, free and at work, and no more until one of
    // them has an agent of its own or is over.
    let world = World::new().await;
    let call_of = async |agent| {
        let call: uuid::Uuid = sqlx::query_scalar("select id from calls order by id limit 1")
            .fetch_one(&world.sql)
            .await
            .unwrap();
        let call = CallId(call);
        let command = placement(call);
        reserve(&world, command).await;
        world
            .engine
            .move_agent(
                world.tenant,
                agent,
                CommandId { call, ordinal: later(command) },
                (Reservation::Ringing, world.now),
            )
            .await
            .unwrap();
        call
    };
    world.leads(0..30).await;
    assert_eq!(world.pace().await, 0, "nobody is there");
    let first = world.agent(1).await;
    world.agent_with(2, |agent| agent.max_concurrent_calls = 3).await;
    world
        .agent_with(3, |agent| {
            agent.working_hours = Some(CallingWindow::new(Terms::office_hours("Asia/Tokyo")).unwrap());
        })
        .await;
    let away = world.agent(4).await;
    world.engine.set_presence(world.tenant, away, Presence::Break, world.now).await.unwrap();
    let elsewhere = world.engine.add_group(world.tenant, "Support").await.unwrap();
    world.agent_with(5, |agent| agent.groups = vec![elsewhere]).await;
    assert_eq!(world.pace().await, 4, "one, and three at once; the others are not there");
    assert_eq!(world.pace().await, 0);

    // A call that has got its agent leaves the other agents to others.
    let call = call_of(first).await;
    for event in [
        Event::LegAnswered { leg: Leg::Lead, sid: "CA1".to_owned(), denial: None },
        Event::VerdictReached { sid: "CA1".to_owned(), verdict: Verdict::Human },
        Event::AgentReserved { agent: first, phone: "+12125550151".to_owned() },
    ] {
        world.step(call, event).await.unwrap();
        assert_eq!(world.pace().await, 0);
    }
    // A call that is over makes room.
    let busy = world.open_calls().await[1];
    let ending = warmline_workflows::Ending::Busy;
    let ended = Event::LegEnded { leg: Leg::Lead, sid: "CA2".to_owned(), ending, duration_s: 0 };
    world.step(busy, ended).await.unwrap();
    assert_eq!(world.pace().await, 1);
    world.engine.set_presence(world.tenant, away, Presence::Available, world.now).await.unwrap();
    assert_eq!(world.pace().await, 1);
    world.audit().await;
}

fn later(command: CommandId) -> warmline_workflows::call::Ordinal {
    warmline_workflows::call::Ordinal { version: command.ordinal.version + 1, index: 0 }
}

async fn reserve(world: &World, command: CommandId) {
    let wanted =
        warmline_engine::agents::Wanted { tenant: world.tenant, group: world.group, command, exclude: &[] };
    assert!(world.engine.reserve_agent(&wanted, world.now).await.unwrap().is_some());
}

#[tokio::test]
async fn agents_of_two_teams_are_dialed_for_once() {
    // Goal: an agent who belongs to the teams of two campaigns is counted on by one call at a time.
    let world = World::new().await;
    let other_group = world.engine.add_group(world.tenant, "Support").await.unwrap();
    let other = world.campaign_with(|campaign| campaign.group = other_group).await;
    let both = vec![world.group, other_group];
    world.agent_with(1, |agent| agent.groups = both).await;
    world.agent_with(2, |agent| agent.groups = vec![other_group]).await;
    world.leads(0..5).await;
    world.leads_in(other, (5..10).map(lead).collect()).await;
    let pace = async |campaign| world.engine.pace(world.tenant, campaign, world.now).await.unwrap().opened;
    assert_eq!(pace(world.campaign).await, 1, "the one agent that the team has");
    assert_eq!(pace(other).await, 1, "of its two agents, one is spoken for");
    assert_eq!((pace(world.campaign).await, pace(other).await), (0, 0));
    world.audit().await;
}

#[tokio::test]
async fn caps_hold_for_tenant_and_campaign() {
    // Goal: with agents to spare, a campaign opens as many calls as it may at once, and all campaigns
    // together as many as the organisation may.
    let world = World::new().await;
    world.run("update tenants set max_concurrent_calls = 5").await;
    world.agent_with(1, |agent| agent.max_concurrent_calls = 20).await;
    let small = world.campaign_with(|campaign| campaign.max_concurrent_calls = 2).await;
    world.leads(0..10).await;
    world.leads_in(small, (10..20).map(lead).collect()).await;
    let pace = async |campaign| world.engine.pace(world.tenant, campaign, world.now).await.unwrap().opened;
    assert_eq!(pace(small).await, 2);
    assert_eq!(pace(small).await, 0);
    assert_eq!(pace(world.campaign).await, 3);
    assert_eq!(pace(world.campaign).await, 0);
    world.run("update tenants set enabled = false, max_concurrent_calls = 10").await;
    assert_eq!(pace(world.campaign).await, 0, "calling is switched off");
    world.audit().await;
}

#[tokio::test]
async fn urgent_leads_go_first_then_those_who_wait_longest() {
    // Goal: leads are called by priority, and among equals in the order of their due times; one that is
    // due later is not called.
    let world = World::new().await;
    let with = |number, priority| NewLead { priority, ..lead(number) };
    let leads = world
        .leads_in(
            world.campaign,
            vec![
                with(0, Priority::Low),
                with(1, Priority::Normal),
                with(2, Priority::Urgent),
                with(3, Priority::Normal),
                with(4, Priority::High),
                with(5, Priority::Urgent),
            ],
        )
        .await;
    for (lead, minutes) in leads.iter().zip([-90, -10, -5, -30, -60, 5]) {
        sqlx::query("update leads set due_at = $2 where id = $1")
            .bind(lead.0)
            .bind(jiff_sqlx::ToSqlx::to_sqlx(world.later(60 * minutes)))
            .execute(&world.sql)
            .await
            .unwrap();
    }
    let queue: Vec<uuid::Uuid> =
        sqlx::query_scalar("select lead_id from call_queue").fetch_all(&world.sql).await.unwrap();
    assert_eq!(queue[..2], [leads[2].0, leads[5].0], "the view shows the order of dialing");
    for (number, expected) in [2, 4, 3, 1, 0].into_iter().enumerate() {
        world.agent(number as u32).await;
        assert_eq!(world.pace().await, 1);
        let called: uuid::Uuid = sqlx::query_scalar("select lead_id from calls order by id desc limit 1")
            .fetch_one(&world.sql)
            .await
            .unwrap();
        assert_eq!(called, leads[expected].0, "call {number}");
    }
    world.agent(9).await;
    assert_eq!(world.pace().await, 0, "the last one is due in five minutes");
    world.audit().await;
}

#[tokio::test]
async fn a_number_in_two_campaigns_has_one_open_call() {
    // Goal: two campaigns that hold the same numbers, paced at once by two processes over and over, never
    // call a number together; the held-up lead says why, and is called when the first call is over.
    let world = World::new().await;
    let other = world.campaign_with(|_| {}).await;
    world.agent_with(1, |agent| agent.max_concurrent_calls = 20).await;
    world.leads(0..4).await;
    world.leads_in(other, (0..4).map(lead).collect()).await;
    let process = world.another_process().await;
    let rounds = (0..10).map(|number| {
        let campaign = if number % 2 == 0 { world.campaign } else { other };
        let engine = if number % 4 < 2 { &world.engine } else { &process };
        engine.pace(world.tenant, campaign, world.now)
    });
    let opened: u32 = join_all(rounds).await.into_iter().map(|paced| paced.unwrap().opened).sum();
    assert_eq!(opened, 4);
    let (waiting, due): (String, jiff_sqlx::Timestamp) =
        sqlx::query_as("select waiting_for, due_at from leads where status = 'new' limit 1")
            .fetch_one(&world.sql)
            .await
            .unwrap();
    assert_eq!(waiting, Reason::AlreadyInCall.explain());
    assert_eq!(due.to_jiff(), world.later(60));
    world.audit().await;
    for call in world.open_calls().await {
        let ending = warmline_workflows::Ending::Busy;
        let ended = Event::LegEnded { leg: Leg::Lead, sid: "CA1".to_owned(), ending, duration_s: 0 };
        world.step(call, ended).await.unwrap();
    }
    let later = world.later(61);
    let mut again = 0;
    for campaign in [world.campaign, other] {
        again += world.engine.pace(world.tenant, campaign, later).await.unwrap().opened;
    }
    assert_eq!(again, 4);
    world.audit().await;
}

#[tokio::test]
async fn two_rounds_at_once_do_not_overshoot() {
    // Goal: ten rounds at the same moment, from two processes and for two campaigns of one team, open as
    // many calls together as there are agents.
    let world = World::new().await;
    let other = world.campaign_with(|_| {}).await;
    for number in 0..7 {
        world.agent(number).await;
    }
    world.leads(0..50).await;
    world.leads_in(other, (50..100).map(lead).collect()).await;
    let process = world.another_process().await;
    for _ in 0..3 {
        let rounds = (0..10).map(|number| {
            let campaign = if number % 2 == 0 { world.campaign } else { other };
            let engine = if number % 4 < 2 { &world.engine } else { &process };
            engine.pace(world.tenant, campaign, world.now)
        });
        for paced in join_all(rounds).await {
            paced.unwrap();
        }
        assert_eq!(world.open_calls().await.len(), 7);
    }
    world.audit().await;
}

#[tokio::test]
async fn who_may_not_be_called_does_not_hold_up_the_others() {
    // Goal: leads whom a rule forbids to call are put off or closed with the reason, and those behind them
    // are called in the same round or the next.
    let world = World::new().await;
    let zone = |number, zones: &[&str]| NewLead {
        time_zones: zones.iter().map(|zone| (*zone).to_owned()).collect(),
        ..lead(number)
    };
    let leads = world
        .leads_in(
            world.campaign,
            vec![
                zone(0, &["Pacific/Honolulu"]),
                zone(1, &[]),
                NewLead { do_not_call: true, ..lead(2) },
                lead(3),
                lead(4),
            ],
        )
        .await;
    // On the list since it was stored.
    sqlx::query(
        "insert into dnc_list (tenant_id, phone_key) select tenant_id, phone_key from leads where id = $1",
    )
    .bind(leads[3].0)
    .execute(&world.sql)
    .await
    .unwrap();
    world.agent(1).await;
    assert_eq!(world.pace().await, 1);
    let rows: Vec<(String, Option<String>)> =
        sqlx::query_as("select status, waiting_for from leads order by id")
            .fetch_all(&world.sql)
            .await
            .unwrap();
    let said = |status: &str, reason: Reason| (status.to_owned(), Some(reason.explain()));
    assert_eq!(
        rows,
        [
            said("new", Reason::OutsideLegalHours { zone: "Pacific/Honolulu".to_owned() }),
            said("closed", Reason::ZoneUnknown),
            ("do_not_call".to_owned(), None),
            said("do_not_call", Reason::DoNotCall),
            ("in_call".to_owned(), None),
        ]
    );
    world.audit().await;
}
