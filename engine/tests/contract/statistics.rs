//! Statistics of calls: the same as a recount, whatever was counted ahead and whatever commits late.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use sqlx::{Connection, PgConnection};
use uuid::Uuid;
use warmline_engine::calls::stats::{By, Cell, Counts, Scope};
use warmline_workflows::call::Event;
use warmline_workflows::{CallId, Disposition, Ending, Leg};

use crate::world::{World, at_once};

type Figures = BTreeMap<(String, Option<Disposition>), Counts>;

fn figures(cells: Vec<Cell>) -> Figures {
    cells.into_iter().map(|cell| ((cell.key, cell.disposition), cell.counts)).collect()
}

/// Counts every call in the table, one by one.
async fn recount(world: &World, scope: &Scope, by: &By) -> Figures {
    type Row = (
        Uuid,
        Option<Uuid>,
        Option<String>,
        jiff_sqlx::Timestamp,
        Option<jiff_sqlx::Timestamp>,
        Option<jiff_sqlx::Timestamp>,
        i32,
        i64,
    );
    let rows: Vec<Row> = sqlx::query_as(
        "select campaign_id, agent_id, disposition, opened_at, answered_at, bridged_at, talk_s, cost_micros
         from calls where tenant_id = $1",
    )
    .bind(world.tenant.0)
    .fetch_all(&world.sql)
    .await
    .unwrap();
    let mut figures = Figures::new();
    for (campaign, agent, disposition, opened, answered, bridged, talk_s, cost_micros) in rows {
        let opened = opened.to_jiff();
        let wanted = scope.campaign.is_none_or(|wanted| wanted.0 == campaign)
            && scope.from.is_none_or(|from| opened >= from)
            && scope.to.is_none_or(|to| opened < to);
        let key = match by {
            By::All => String::new(),
            By::Campaign => campaign.to_string(),
            By::Agent => match agent {
                Some(agent) => agent.to_string(),
                None => continue,
            },
            By::Hour(zone) => opened.in_tz(zone).unwrap().hour().to_string(),
        };
        if wanted {
            let counts = figures.entry((key, disposition.map(|word| word.parse().unwrap()))).or_default();
            counts.calls += 1;
            counts.answered += i64::from(answered.is_some());
            counts.bridged += i64::from(bridged.is_some());
            counts.talk_s += i64::from(talk_s);
            if let (Some(answered), Some(bridged)) = (answered, bridged) {
                counts.wait_ms += bridged.to_jiff().as_millisecond() - answered.to_jiff().as_millisecond();
            }
            counts.cost_micros += cost_micros;
        }
    }
    figures
}

async fn equal(world: &World, when: &str) {
    let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
    for (from, to) in [
        (None, None),
        (at("2026-11-20T05:00:00Z"), at("2026-11-22T05:00:00Z")),
        (at("2026-11-21T00:07:30Z"), at("2026-11-23T14:52:10Z")),
        (at("2026-11-21T10:01:00Z"), at("2026-11-21T10:14:00Z")),
        (at("2026-10-19T03:00:00Z"), at("2026-11-22T05:00:00Z")),
        (None, at("2026-11-21T00:00:00Z")),
        (at("2026-11-23T00:00:00Z"), None),
    ] {
        for campaign in [None, Some(world.campaign)] {
            for by in [
                By::All,
                By::Campaign,
                By::Agent,
                By::Hour("Asia/Kathmandu".to_owned()),
                By::Hour("America/New_York".to_owned()),
            ] {
                let scope = Scope { campaign, from, to };
                let told = world.engine.call_statistics(world.tenant, &scope, &by).await.unwrap();
                assert_eq!(figures(told), recount(world, &scope, &by).await, "{when}: {scope:?} {by:?}");
            }
        }
    }
}

async fn busy(world: &World, call: CallId) {
    let (leg, sid) = (Leg::Lead, format!("CA-{call}"));
    world.step(call, Event::LegPlaced { leg, sid: sid.clone() }).await.unwrap();
    world.step(call, Event::LegEnded { leg, sid, ending: Ending::Busy, duration_s: 0 }).await.unwrap();
}

#[tokio::test]
async fn statistics_are_a_recount_before_and_after_counting() {
    // Goal: with nothing, some and all of the closed calls counted ahead, by any stretch of time, key and
    // campaign, the figures are those of a recount.
    let world = World::new().await;
    let calls = world.calls(40).await;
    // Over seven weeks in which a clock is put back, on odd minutes, most of late; and some that talked.
    for (n, call) in calls.iter().enumerate() {
        let opened = world.now - SignedDuration::from_mins((n * n) as i64 * 47);
        sqlx::query("update calls set opened_at = $2 where id = $1")
            .bind(call.0)
            .bind(jiff_sqlx::Timestamp::from(opened))
            .execute(&world.sql)
            .await
            .unwrap();
        if n % 3 == 0 {
            sqlx::query(
                "update calls set agent_id = (select id from agents order by id offset $2 limit 1),
                        answered_at = opened_at + interval '9 seconds'
                 where id = $1",
            )
            .bind(call.0)
            .bind(n as i64 % 2)
            .execute(&world.sql)
            .await
            .unwrap();
        }
    }
    equal(&world, "all open").await;
    at_once(calls[..10].iter().map(|call| busy(&world, *call))).await;
    equal(&world, "none counted").await;
    assert_eq!(world.engine.to_roll_up().await.unwrap(), [world.tenant]);
    assert_eq!(world.engine.roll_up(world.tenant).await.unwrap(), 10);
    assert_eq!(world.engine.roll_up(world.tenant).await.unwrap(), 0);
    equal(&world, "all counted").await;
    at_once(calls[10..30].iter().map(|call| busy(&world, *call))).await;
    equal(&world, "some counted").await;
    let rounds = at_once((0..4).map(|_| world.engine.roll_up(world.tenant))).await;
    assert_eq!(rounds.into_iter().map(Result::unwrap).sum::<u64>(), 20, "each counts once");
    equal(&world, "counted by several at once").await;
    assert_eq!(world.engine.roll_up_anew(world.tenant).await.unwrap(), 30);
    equal(&world, "counted anew").await;
}

#[tokio::test]
async fn a_call_that_closes_late_is_not_missed() {
    // Goal: a closing whose transaction began before a round, and commits after it, is counted by the next.
    let world = World::new().await;
    let calls = world.calls(3).await;
    world.engine.roll_up(world.tenant).await.unwrap();
    let mut late = PgConnection::connect(&world.url).await.unwrap();
    let mut transaction = late.begin().await.unwrap();
    // The same rows as a step writes.
    for statement in [
        "update calls set open = false, state = 'dispositioned', disposition = 'failed' where id = $1",
        "insert into events (tenant_id, kind, at, body)
         select tenant_id, 'call.dispositioned', now(), json_build_object('call_id', printed_id('call', id))
         from calls where id = $1",
    ] {
        sqlx::query(statement).bind(calls[0].0).execute(&mut *transaction).await.unwrap();
    }
    for call in &calls[1..] {
        busy(&world, *call).await;
        assert_eq!(world.engine.roll_up(world.tenant).await.unwrap(), 1);
        equal(&world, "one is under way").await;
    }
    transaction.commit().await.unwrap();
    equal(&world, "committed, and not counted").await;
    assert_eq!(world.engine.roll_up(world.tenant).await.unwrap(), 1);
    equal(&world, "counted").await;
}
