//! Atomicity: state, journal, alarm, outbox and lead change in one commit, or not at all.

use std::collections::BTreeSet;

use warmline_workflows::CallId;
use warmline_workflows::call::Ordinal;

use crate::script::conversation;
use crate::world::World;

/// Places where a step can stumble: before the rows of a table, and at the commit.
const POINTS: [&str; 8] =
    ["calls", "journal", "outbox in", "outbox out", "alarms in", "alarms out", "leads", "commit"];

/// At a point that is named in `broken` the statement is refused; at one named with `kill`, its connection
/// is gone, but only for the first shot.
const STUMBLING: &str = "
    create table broken (point text);
    create sequence shots;
    create function stumble() returns trigger language plpgsql security definer as $$
    begin
        if exists (select 1 from broken where point = tg_argv[0]) then
            raise exception 'broken at %', tg_argv[0];
        end if;
        if exists (select 1 from broken where point = 'kill ' || tg_argv[0]) and nextval('shots') = 1 then
            perform pg_terminate_backend(pg_backend_pid());
        end if;
        return coalesce(new, old);
    end $$;
    create trigger t before insert or update on calls for each row execute function stumble('calls');
    create trigger t before insert on journal for each row execute function stumble('journal');
    create trigger i before insert on outbox for each row execute function stumble('outbox in');
    create trigger d before delete on outbox for each row execute function stumble('outbox out');
    create trigger i before insert or update on alarms for each row execute function stumble('alarms in');
    create trigger d before delete on alarms for each row execute function stumble('alarms out');
    create trigger t before update on leads for each row execute function stumble('leads');
    create constraint trigger c after insert or update on calls deferrable initially deferred
        for each row execute function stumble('commit')";

impl World {
    async fn breaking(&self, point: &str) {
        sqlx::query("with gone as (delete from broken) insert into broken values ($1)")
            .bind(point)
            .execute(&self.sql)
            .await
            .unwrap();
        self.run("select setval('shots', 1, false)").await;
    }

    async fn mended(&self) {
        self.run("delete from broken").await;
    }
}

#[tokio::test]
async fn a_step_that_is_refused_anywhere_leaves_nothing_and_can_be_repeated() {
    // Goal: wherever one of its writes is refused, a step has done nothing; repeated, it does what it
    // would have done.
    let mut world = World::new().await;
    let calls = world.calls(1 + POINTS.len() as u32).await;
    world.run(STUMBLING).await;
    let undisturbed = calls[0];
    for turn in conversation(&world, undisturbed) {
        turn.take(&world.engine, world.tenant, undisturbed).await.unwrap();
    }
    let expected = world.contents(undisturbed).await;
    for (point, call) in POINTS.into_iter().zip(&calls[1..]) {
        let mut refused = 0;
        for turn in conversation(&world, *call) {
            let before = world.contents(*call).await;
            world.breaking(point).await;
            let first = turn.take(&world.engine, world.tenant, *call).await;
            world.mended().await;
            if first.is_err() {
                refused += 1;
                assert_eq!(world.contents(*call).await, before, "refused at {point}, yet written: {turn:?}");
                turn.take(&world.engine, world.tenant, *call).await.unwrap();
            }
        }
        assert!(refused > 0, "no step was ever refused at {point}");
        assert_eq!(world.contents(*call).await, expected, "refused at {point}");
    }
    announced_is_given(&mut world, &calls).await;
    world.audit().await;
}

#[tokio::test]
async fn a_step_whose_connection_dies_anywhere_is_done_once() {
    // Goal: wherever the connection dies under a step, the engine does it again by itself, and once.
    let mut world = World::new().await;
    let calls = world.calls(1 + POINTS.len() as u32).await;
    world.run(STUMBLING).await;
    let undisturbed = calls[0];
    for turn in conversation(&world, undisturbed) {
        turn.take(&world.engine, world.tenant, undisturbed).await.unwrap();
    }
    let expected = world.contents(undisturbed).await;
    for (point, call) in POINTS.into_iter().zip(&calls[1..]) {
        let mut killed = 0;
        for turn in conversation(&world, *call) {
            world.breaking(&format!("kill {point}")).await;
            turn.take(&world.engine, world.tenant, *call).await.unwrap();
            killed += world.number("select count(*) from shots where is_called").await;
        }
        assert!(killed > 0, "no connection ever died at {point}");
        assert_eq!(world.contents(*call).await, expected, "killed at {point}");
    }
    world.mended().await;
    announced_is_given(&mut world, &calls).await;
    world.audit().await;
}

/// What was announced is what the calls gave, each command once.
async fn announced_is_given(world: &mut World, calls: &[CallId]) {
    let mut announced = Vec::new();
    while let Ok(ready) = world.commands.try_recv() {
        announced.extend(ready.into_iter().map(|ready| (ready.command.call, ready.command.ordinal)));
    }
    let mut given = BTreeSet::new();
    for call in calls {
        for line in world.engine.recorded(world.tenant, *call).await.unwrap().lines {
            let ordinals = (0..).zip(&line.commands);
            given.extend(ordinals.map(|(index, _)| (*call, Ordinal { version: line.version, index })));
        }
    }
    assert_eq!(announced.len(), given.len());
    assert_eq!(announced.into_iter().collect::<BTreeSet<_>>(), given);
}

#[tokio::test]
async fn a_round_of_pacing_that_is_refused_anywhere_opens_nothing() {
    // Goal: a call is opened with its journal, alarm, command and lead, or not at all; and the next round
    // opens it.
    let mut world = World::new().await;
    world.run(STUMBLING).await;
    let points = ["calls", "journal", "outbox in", "alarms in", "leads", "commit"];
    world.agent_with(1, |agent| agent.max_concurrent_calls = 20).await;
    for (number, point) in (0..).zip(points) {
        world.leads(2 * number..2 * number + 2).await;
        world.breaking(point).await;
        let refused = world.engine.pace(world.tenant, world.campaign, world.now).await;
        assert!(refused.is_err(), "not refused at {point}");
        world.mended().await;
        assert_eq!(world.open_calls().await.len(), 2 * number as usize, "refused at {point}");
        assert_eq!(world.number("select count(*) from journal").await, i64::from(2 * number));
        world.audit().await;
        assert_eq!(world.pace().await, 2, "after {point}");
    }
    let calls = world.open_calls().await;
    announced_is_given(&mut world, &calls).await;
    world.audit().await;
}
