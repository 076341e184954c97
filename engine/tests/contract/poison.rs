//! Poison: a step that always fails, fails alone.

use futures::future::join_all;
use warmline_engine::{Error, Options, Outcome};
use warmline_workflows::Leg;
use warmline_workflows::call::Event;

use crate::world::{World, at_once};

fn joined(sid: &str) -> Event {
    Event::ConferenceJoined { leg: Leg::Lead, conference_sid: sid.to_owned() }
}

/// One committer, so that all that is handed in at once is one batch.
async fn one_batch() -> World {
    World::with(Options { committers: 1, ..Options::default() }).await
}

#[tokio::test]
async fn a_step_that_is_always_refused_fails_alone() {
    // Goal: of sixty steps in one batch, three of which Postgres will not store, three fail, the others
    // succeed, those of the same calls among them.
    let world = one_batch().await;
    let calls = world.calls(20).await;
    world
        .run(
            "create function refuse() returns trigger language plpgsql as $$
             begin
                 raise exception 'poison' using errcode = 'check_violation';
             end $$;
             create trigger t before insert on journal for each row
                 when (new.event ->> 'conference_sid' = 'poison') execute function refuse()",
        )
        .await;
    let (mut steps, mut names) = (Vec::new(), Vec::new());
    for (number, call) in calls.iter().enumerate() {
        for name in ["before", if number % 7 == 3 { "poison" } else { "fine" }, "after"] {
            steps.push(world.step(*call, joined(name)));
            names.push(name);
        }
    }
    let outcomes = at_once(steps).await;
    for (name, stepped) in names.iter().zip(&outcomes) {
        match *name {
            "poison" => assert!(matches!(stepped, Err(Error::Database(_))), "{stepped:?}"),
            _ => assert_eq!(stepped.as_ref().unwrap().outcome, Outcome::Applied, "{name}"),
        }
    }
    assert_eq!(outcomes.iter().filter(|stepped| stepped.is_err()).count(), 3);
    // Nothing of the poison is left in memory: the calls go on.
    world.run("drop trigger t on journal").await;
    for call in &calls {
        assert_eq!(world.step(*call, joined("later")).await.unwrap().outcome, Outcome::Applied);
    }
    world.audit().await;
}

#[tokio::test]
async fn a_call_that_cannot_be_read_fails_alone() {
    // Goal: a call that a newer program wrote does not hold up those of the same batch.
    let world = one_batch().await;
    let calls = world.calls(5).await;
    sqlx::query("update calls set schema_version = 99 where id = $1")
        .bind(calls[2].0)
        .execute(&world.sql)
        .await
        .unwrap();
    let stepped = join_all(calls.iter().map(|call| world.step(*call, joined("it")))).await;
    for (call, stepped) in calls.iter().zip(stepped) {
        if *call == calls[2] {
            assert!(matches!(stepped, Err(Error::Unreadable { what: "call", .. })), "{stepped:?}");
        } else {
            assert_eq!(stepped.unwrap().outcome, Outcome::Applied);
        }
    }
    world.run("update calls set schema_version = 1").await;
    world.audit().await;
}

#[tokio::test]
async fn what_does_not_belong_to_a_call_is_refused_alone() {
    // Goal: an unknown call, another organisation's call and a wrong token are told apart, change nothing,
    // and do not touch their batch.
    let world = one_batch().await;
    let call = world.call().await;
    let stranger = world.engine.add_tenant("Another", 10).await.unwrap();
    let token = world.engine.recorded(world.tenant, call).await.unwrap().plan.token;
    let unknown = warmline_workflows::CallId(uuid::Uuid::now_v7());
    let before = world.contents(call).await;

    let mut foreign = world.event(call, joined("foreign"), "foreign");
    foreign.tenant = stranger;
    let mut forged = world.event(call, joined("forged"), "forged");
    forged.token = Some("0".repeat(32));
    let lost = world.event(unknown, joined("lost"), "lost");
    let steps = [foreign.clone(), forged, lost, foreign];
    let refused = join_all(steps.map(|step| world.engine.step(step))).await;
    assert!(matches!(&refused[0], Err(Error::UnknownCall(id)) if *id == call));
    assert!(matches!(&refused[1], Err(Error::WrongToken(id)) if *id == call), "{:?}", refused[1]);
    assert!(matches!(&refused[2], Err(Error::UnknownCall(id)) if *id == unknown));
    assert!(matches!(&refused[3], Err(Error::UnknownCall(id)) if *id == call));
    assert_eq!(world.contents(call).await, before);
    let tick = world.engine.tick(stranger, call, world.later(10_000)).await;
    assert!(matches!(tick, Err(Error::UnknownCall(_))));

    let mut genuine = world.event(call, joined("genuine"), "genuine");
    genuine.token = Some(token);
    let mixed = [world.event(unknown, joined("lost"), "lost"), genuine];
    let mixed = join_all(mixed.map(|step| world.engine.step(step))).await;
    assert!(mixed[0].is_err());
    assert_eq!(mixed[1].as_ref().unwrap().outcome, Outcome::Applied);
    world.audit().await;
}
