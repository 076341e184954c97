//! Statistics of calls: the same as a recount, whatever was counted ahead and whatever commits late.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use sqlx::{Connection, PgConnection};
use uuid::Uuid;
use warmline_engine::bills::Bill;
use warmline_engine::calls::stats::{By, Cell, Counts, Scope};
use warmline_workflows::call::Event;
use warmline_workflows::inquiry::About;
use warmline_workflows::{CallId, Disposition, Ending, Leg, Verdict};

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
        "select campaign_id, agent_id, disposition, opened_at, answered_at, bridged_at, talk_s,
                coalesce(billed_micros, cost_micros)
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

/// Answered by a machine, and over: there is something to be charged.
async fn charged(world: &World, call: CallId) {
    let (leg, sid) = (Leg::Lead, format!("CA-{call}"));
    for event in [
        Event::LegPlaced { leg, sid: sid.clone() },
        Event::LegAnswered { leg, sid: sid.clone(), denial: None },
        Event::VerdictReached { sid: sid.clone(), verdict: Verdict::Fax },
        Event::LegEnded { leg, sid, ending: Ending::Completed, duration_s: 61 },
    ] {
        world.step(call, event).await.unwrap();
    }
}

/// The carrier tells the prices of up to so many calls: each a little different, some in no currency of ours, some never.
async fn bill(world: &World, limit: i64) {
    let due = world.engine.inquiries_due(About::Price, world.later(3600), limit).await.unwrap();
    let bill = |n: usize| match n % 7 {
        5 => Bill::OtherCurrency,
        6 => Bill::NotPriced,
        n => Bill::Priced { legs_micros: 27_000 + 311 * n as i64 },
    };
    let bills: Vec<_> = due.into_iter().enumerate().map(|(n, inquiry)| (inquiry, bill(n))).collect();
    world.engine.bill(&bills).await.unwrap();
}

#[tokio::test]
async fn bills_are_counted_once_whatever_else_is_counted() {
    // Goal: prices that come before, between and after rounds of counting, while calls close and several count, leave
    // the figures of a recount.
    let world = World::new().await;
    let calls = world.calls(80).await;
    at_once(calls[..20].iter().map(|call| charged(&world, *call))).await;
    let estimated = world.number("select sum(cost_micros)::bigint from calls").await;
    assert!(estimated > 0);
    bill(&world, 7).await;
    equal(&world, "billed before any counting").await;
    world.engine.roll_up(world.tenant).await.unwrap();
    equal(&world, "counted as billed").await;
    bill(&world, 7).await;
    equal(&world, "billed after they were counted").await;
    assert_eq!(world.engine.to_roll_up().await.unwrap(), [world.tenant]);
    assert_eq!(world.engine.roll_up(world.tenant).await.unwrap(), 0, "no call closed");
    equal(&world, "corrected").await;
    for (before, after) in [(20, 50), (50, 80)] {
        let closing = at_once(calls[before..after].iter().map(|call| charged(&world, *call)));
        let billing = async {
            for _ in 0..6 {
                bill(&world, 6).await;
            }
        };
        let counting = async {
            for _ in 0..6 {
                world.engine.roll_up(world.tenant).await.unwrap();
                world.engine.call_statistics(world.tenant, &Scope::default(), &By::All).await.unwrap();
            }
        };
        tokio::join!(closing, billing, counting);
        equal(&world, "billed, closed and counted at once").await;
    }
    bill(&world, 100).await;
    world.engine.roll_up(world.tenant).await.unwrap();
    equal(&world, "all billed").await;
    let counted = "select sum(cost_micros)::bigint from call_rollups
                   where not by_agent and span_min = 1440
                     and campaign_id = '00000000-0000-0000-0000-000000000000'";
    let all = "select sum(coalesce(billed_micros, cost_micros))::bigint from calls";
    assert_eq!(world.number(counted).await, world.number(all).await, "counted ahead, and nothing beside it");
    assert_ne!(world.number(all).await, world.number("select sum(cost_micros)::bigint from calls").await);
    assert_eq!(world.number("select count(*) from inquiries where about = 'price'").await, 0);
    world.engine.roll_up_anew(world.tenant).await.unwrap();
    equal(&world, "counted anew").await;
    // A webhook that comes after all of it changes no cost.
    let bases =
        "select string_agg(cost_basis || coalesce(billed_micros, cost_micros), ',' order by id) from calls";
    let before = world.text(bases).await;
    for call in &calls[..7] {
        let event = Event::RecordingCompleted { recording_sid: "RE1".to_owned(), duration_s: 60 };
        world.step(*call, event).await.unwrap();
    }
    assert_eq!(world.text(bases).await, before);
}

#[tokio::test]
async fn a_bill_that_commits_late_is_not_missed() {
    // Goal: a correction whose transaction began before a round, and commits after it, is counted by the next.
    let world = World::new().await;
    let call = world.call().await;
    charged(&world, call).await;
    world.engine.roll_up(world.tenant).await.unwrap();
    let mut late = PgConnection::connect(&world.url).await.unwrap();
    let begin = "begin; insert into cost_corrections (tenant_id, call_id, micros)
                 select tenant_id, id, 5 from calls;
                 update calls set billed_micros = cost_micros + 5, cost_basis = 'billed'";
    sqlx::raw_sql(begin).execute(&mut late).await.unwrap();
    world.run("insert into call_notes (tenant_id, call_id, notes) select tenant_id, id, '' from calls").await;
    world.engine.roll_up(world.tenant).await.unwrap();
    equal(&world, "not committed yet").await;
    sqlx::raw_sql("commit").execute(&mut late).await.unwrap();
    equal(&world, "committed").await;
    world.engine.roll_up(world.tenant).await.unwrap();
    world.engine.roll_up(world.tenant).await.unwrap();
    equal(&world, "counted").await;
}
