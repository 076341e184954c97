//! Commit unknown: when the connection breaks around a commit, the step is answered once and applied once.

use sqlx::{Connection, PgConnection};
use warmline_engine::{Database, Engine, Options, testing};
use warmline_workflows::call::Event;
use warmline_workflows::{CallId, Leg};

use crate::proxy::Proxy;
use crate::world::World;

fn joined(sid: &str) -> Event {
    Event::ConferenceJoined { leg: Leg::Lead, conference_sid: sid.to_owned() }
}

/// The steps that are in a call's journal, by their names.
async fn recorded(world: &World, call: CallId) -> Vec<String> {
    let lines = world.engine.recorded(world.tenant, call).await.unwrap().lines;
    let names = lines.into_iter().filter_map(|line| match line.event {
        Event::ConferenceJoined { conference_sid, .. } => Some(conference_sid),
        _ => None,
    });
    names.collect()
}

#[tokio::test]
async fn a_broken_connection_is_neither_a_lost_step_nor_a_second_one() {
    // Goal: a request that never arrived is sent again; one that was carried out, and whose answer never
    // arrived, is found to be in. Either way the caller hears of success, and the journal has it once.
    let world = World::new().await;
    let call = world.call().await;
    let proxy = Proxy::before(&world.url);
    let database = Database::connect(&proxy.url, 1).await.unwrap().with_vault(testing::vault().unwrap());
    let (engine, _commands) = Engine::start(database, Options { committers: 1, ..Options::default() });
    let mut expected = Vec::new();
    for round in 0..10 {
        // The first step of a round finds the connection open and the call in memory.
        for (name, mishap) in [
            (format!("{round} calm"), None),
            (format!("{round} request lost"), Some(Proxy::lose_request as fn(&Proxy))),
            (format!("{round} calm again"), None),
            (format!("{round} answer lost"), Some(Proxy::lose_answer as fn(&Proxy))),
        ] {
            if let Some(mishap) = mishap {
                mishap(&proxy);
            }
            engine.step(world.event(call, joined(&name), &name)).await.unwrap();
            assert!(proxy.is_spent(), "{name}");
            expected.push(name);
            assert_eq!(recorded(&world, call).await, expected);
        }
    }
    world.audit().await;
}

#[tokio::test]
async fn a_server_that_drops_everybody_costs_nothing_but_time() {
    // Goal: when Postgres closes all connections, over and over, while steps are under way, every step
    // is answered with success and stored once.
    let world = World::new().await;
    let calls = world.calls(8).await;
    let mut axe = PgConnection::connect(&world.url).await.unwrap();
    for round in 0..10 {
        let steps = calls.iter().map(|call| {
            let name = format!("{round}");
            world.engine.step(world.event(*call, joined(&name), &name))
        });
        let chop = sqlx::query(
            "select pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and application_name = 'warmline'",
        )
        .execute(&mut axe);
        let (stepped, chopped) = futures::join!(futures::future::join_all(steps), chop);
        chopped.unwrap();
        stepped.into_iter().for_each(|stepped| drop(stepped.unwrap()));
    }
    let expected: Vec<String> = (0..10).map(|round| round.to_string()).collect();
    for call in calls {
        assert_eq!(recorded(&world, call).await, expected);
    }
    world.audit().await;
}
