//! The feed tells of everything once, in order, and to its own organisation only.

use std::collections::HashSet;

use jiff::SignedDuration;
use warmline_engine::Error;
use warmline_engine::feed::{Cursor, From, Page};
use warmline_workflows::agent::Presence;
use warmline_workflows::call::Event;
use warmline_workflows::campaign::Status;
use warmline_workflows::feed::Kind;
use warmline_workflows::{EventId, Leg};

use crate::world::{World, lead};

async fn page(world: &World, from: From, kinds: &[Kind], limit: u32) -> Page {
    world.engine.events_after(world.tenant, from, kinds, limit).await.unwrap()
}

/// Where the feed ends now.
async fn now(world: &World) -> From {
    world.settled().await;
    From::After(page(world, From::Now, &[], 1).await.next)
}

/// Reads everything there is, `limit` at a time.
async fn told(world: &World, mut from: From, kinds: &[Kind], limit: u32) -> Vec<(EventId, Kind, String)> {
    world.settled().await;
    let mut told = Vec::new();
    loop {
        let page = page(world, from, kinds, limit).await;
        from = From::After(page.next);
        told.extend(page.entries.iter().map(|entry| (entry.id, entry.kind, entry.data.get().to_owned())));
        if !page.more {
            return told;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_feed_tells_what_happened_in_order_and_in_ids() {
    let world = World::new().await;
    let call = world.call().await;
    world
        .engine
        .step(world.event(call, Event::LegPlaced { leg: Leg::Lead, sid: "CA1".to_owned() }, "1"))
        .await
        .unwrap();
    // Twice the same is once.
    world
        .engine
        .step(world.event(call, Event::LegPlaced { leg: Leg::Lead, sid: "CA1".to_owned() }, "1"))
        .await
        .unwrap();
    world.status(world.campaign, Status::Paused).await;
    world.engine.pause_campaign(world.tenant, world.campaign, world.now).await.unwrap();
    world.engine.add_do_not_call(world.tenant, &lead(0).phone, "asked", world.now).await.unwrap();
    world.engine.add_do_not_call(world.tenant, &lead(0).phone, "asked", world.now).await.unwrap();
    let all = told(&world, From::Start, &[], 100).await;
    let kinds: Vec<&str> = all.iter().map(|(_, kind, _)| kind.as_str()).collect();
    let expected = [
        "campaign.started",
        "agent.presence_changed",
        "leads.created",
        "call.opened",
        "call.state_changed",
        "campaign.paused",
        "dnc.listed",
        "call.state_changed",
    ];
    assert_eq!(kinds, expected);
    assert!(
        all[3].2.contains(&call.to_string()) && all[3].2.contains(&world.campaign.to_string()),
        "{}",
        all[3].2
    );
    assert!(all[4].2.contains(r#""from_state":"queued","to_state":"dialing""#), "{}", all[4].2);
    // The whole subscriber number: three digits of it stand in many an id.
    let number = lead(0).phone.split_off("+1212".len());
    for (_, _, data) in &all {
        assert!(!data.contains(&number) && !data.contains("Lee"), "something personal: {data}");
    }
    // In pages of any size, and by kind, the same.
    for limit in [1, 2, 3, 7, 8, 9] {
        assert_eq!(told(&world, From::Start, &[], limit).await, all, "{limit} at a time");
    }
    let opened = told(&world, From::Start, &[Kind::CallOpened, Kind::DncListed], 1).await;
    assert_eq!(opened, [all[3].clone(), all[6].clone()]);
    // Of another organisation nothing is told.
    let other = world.engine.add_tenant("Other", 10).await.unwrap();
    let nothing = world.engine.events_after(other, From::Start, &[], 100).await.unwrap();
    assert!(nothing.entries.is_empty() && !nothing.more);
    // From now on.
    let now = now(&world).await;
    world.status(world.campaign, Status::Active).await;
    let resumed = told(&world, now, &[], 100).await;
    assert_eq!(resumed.iter().map(|(_, kind, _)| *kind).collect::<Vec<_>>(), [Kind::CampaignStarted]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_duties_change_is_told_like_what_people_change() {
    let world = World::new().await;
    let agent = world.agent(1).await;
    world.engine.set_presence(world.tenant, agent, Presence::Break, world.now).await.unwrap();
    world
        .run("update agents set break_until = '2026-11-23T15:00:00Z'; update campaigns set status = 'active'")
        .await;
    world.leads(0..1).await;
    world.run("update leads set due_at = null, status = 'closed'").await;
    let from = now(&world).await;
    assert_eq!(world.engine.end_breaks(world.now).await.unwrap(), 1);
    assert_eq!(world.engine.end_breaks(world.now).await.unwrap(), 0);
    assert_eq!(world.engine.finish_campaigns(world.now).await.unwrap(), 1);
    let told = told(&world, from, &[], 100).await;
    let expected = [
        (Kind::AgentPresenceChanged, format!(r#"{{"agent_id" : "{agent}", "presence" : "available"}}"#)),
        (
            Kind::CampaignFinished,
            format!(r#"{{"campaign_id" : "{}", "status" : "finished"}}"#, world.campaign),
        ),
    ];
    assert_eq!(told.into_iter().map(|(_, kind, data)| (kind, data)).collect::<Vec<_>>(), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_commits_late_is_still_ahead_of_every_cursor() {
    let world = World::new().await;
    let from = now(&world).await;
    let write =
        "insert into events (tenant_id, kind, at, body) select id, 'dnc.listed', now(), '{}' from tenants";
    let mut early = world.sql.begin().await.unwrap();
    sqlx::query(write).execute(&mut *early).await.unwrap();
    world.run("insert into events (tenant_id, kind, at, body) select id, 'dnc.removed', now(), '{}' from tenants").await;
    let before = page(&world, from, &[], 10).await;
    assert!(before.entries.is_empty(), "nothing is told while an earlier transaction is open");
    early.commit().await.unwrap();
    let kinds: Vec<Kind> =
        told(&world, From::After(before.next), &[], 10).await.into_iter().map(|(_, kind, _)| kind).collect();
    assert_eq!(kinds, [Kind::DncListed, Kind::DncRemoved]);
}

/// Writers commit out of order, some not at all, while a reader follows.
#[tokio::test(flavor = "multi_thread")]
async fn a_reader_misses_nothing_and_sees_nothing_twice() {
    const WRITERS: usize = 4;
    const ROUNDS: usize = 60;
    let world = World::new().await;
    let mut from = now(&world).await;
    let pool = sqlx::postgres::PgPoolOptions::new().max_connections(8).connect(&world.url).await.unwrap();
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let pool = pool.clone();
            tokio::spawn(async move {
                for round in 0..ROUNDS {
                    let mut transaction = pool.begin().await.unwrap();
                    let insert = "insert into events (tenant_id, kind, at, body)
                                  select id, 'dnc.listed', now(), json_build_object('n', $1::int) from tenants";
                    let number = i32::try_from(writer * ROUNDS + round).unwrap();
                    sqlx::query(insert).bind(number).execute(&mut *transaction).await.unwrap();
                    let pause = f64::from((number * 7919) % 13) / 2000.0;
                    sqlx::query("select pg_sleep($1)").bind(pause).execute(&mut *transaction).await.unwrap();
                    if round % 5 == 4 {
                        transaction.rollback().await.unwrap();
                    } else {
                        transaction.commit().await.unwrap();
                    }
                }
            })
        })
        .collect();
    let mut seen = Vec::new();
    while writers.iter().any(|writer| !writer.is_finished()) {
        let page = page(&world, from, &[], 3).await;
        from = From::After(page.next.to_string().parse::<Cursor>().unwrap());
        seen.extend(page.entries.into_iter().map(|entry| entry.id));
    }
    for writer in writers {
        writer.await.unwrap();
    }
    seen.extend(told(&world, from, &[], 50).await.into_iter().map(|(id, ..)| id));
    assert_eq!(seen.len(), WRITERS * ROUNDS / 5 * 4);
    assert_eq!(seen.iter().collect::<HashSet<_>>().len(), seen.len());
    assert!(seen.is_sorted(), "ids sort as the feed does");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_that_leads_nowhere_is_refused_and_old_entries_go() {
    let world = World::new().await;
    let next = page(&world, From::Start, &[], 1).await.next;
    let [xid, number, at] =
        next.to_string().split('.').map(|n| n.parse::<i64>().unwrap()).collect::<Vec<_>>()[..]
    else {
        panic!("three numbers")
    };
    let month = SignedDuration::from_hours(31 * 24).as_secs();
    for (cursor, expected) in [
        (format!("{xid}.{number}.{}", at - month), "no longer kept"),
        (format!("{}.{number}.{at}", xid + 1_000_000_000), "another database"),
    ] {
        let refused =
            world.engine.events_after(world.tenant, From::After(cursor.parse().unwrap()), &[], 1).await;
        assert!(
            matches!(&refused, Err(Error::Refused(why)) if why.contains(expected)),
            "{cursor}: {refused:?}"
        );
    }
    world.agent(1).await;
    world
        .run("update events set stored_at = now() - interval '31 days' where kind = 'campaign.started'")
        .await;
    assert_eq!(world.engine.purge_events(100).await.unwrap(), 1);
    let rest = told(&world, From::Start, &[], 10).await;
    assert_eq!(rest.iter().map(|(_, kind, _)| *kind).collect::<Vec<_>>(), [Kind::AgentPresenceChanged]);
}
