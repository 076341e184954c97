//! The gate at the answer: a lead who picks up is not talked to against the rules.

use warmline_engine::Outcome;
use warmline_workflows::call::Event;
use warmline_workflows::rules::Reason;
use warmline_workflows::{CallId, Leg, Verdict};

use crate::world::World;

fn answered() -> Event {
    Event::LegAnswered { leg: Leg::Lead, sid: "CA1".to_owned(), denial: None }
}

/// The first answer in the journal: what was decided.
async fn decided(world: &World, call: CallId) -> Option<Reason> {
    let lines = world.engine.recorded(world.tenant, call).await.unwrap().lines;
    lines.into_iter().find_map(|line| match line.event {
        Event::LegAnswered { denial, .. } => Some(denial),
        _ => None,
    })?
}

const FORBIDDEN: &str = "insert into dnc_list (tenant_id, phone_key) select tenant_id, phone_key from calls";

#[tokio::test]
async fn an_answer_against_the_rules_ends_the_call() {
    // Goal: what changed while the phone rang is looked up at the answer and written into the journal; a
    // pause alone lets whoever has picked up be served.
    for (change, later_s, reason, state, disposition) in [
        ("select 1", 0, None, "amd", None),
        ("update campaigns set status = 'paused'", 0, None, "amd", None),
        (FORBIDDEN, 0, Some(Reason::DoNotCall), "closing", Some("do_not_call")),
        (
            "update campaigns set status = 'stopped'",
            0,
            Some(Reason::CampaignStopped),
            "closing",
            Some("canceled"),
        ),
        ("update tenants set enabled = false", 0, Some(Reason::TenantDisabled), "closing", Some("canceled")),
        ("select 1", 8 * 3600, Some(Reason::OutsideCallingHours), "closing", Some("canceled")),
    ] {
        let mut world = World::new().await;
        let call = world.call().await;
        world.step(call, Event::LegRinging { leg: Leg::Lead, sid: "CA1".to_owned() }).await.unwrap();
        world.run(change).await;
        world.now = world.later(later_s);
        let stepped = world.step(call, answered()).await.unwrap();
        assert_eq!(stepped.call.state().name(), state, "{change}");
        assert_eq!(decided(&world, call).await, reason, "{change}");
        if let Some(disposition) = disposition {
            let end = Event::LegEnded {
                leg: Leg::Lead,
                sid: "CA1".to_owned(),
                ending: warmline_workflows::Ending::Completed,
                duration_s: 1,
            };
            let ended = world.step(call, end).await.unwrap();
            assert_eq!(ended.call.state().disposition().unwrap().as_str(), disposition, "{change}");
        }
        world.audit().await;
    }
}

#[tokio::test]
async fn a_verdict_that_overtakes_the_answer_passes_the_same_gate() {
    // Goal: when the first word of an answer is what detection concluded, the rules are asked all the
    // same: nobody is connected by a report that came too early.
    for (change, state, reason) in
        [("select 1", "conference", None), (FORBIDDEN, "closing", Some(Reason::DoNotCall))]
    {
        let world = World::new().await;
        let call = world.call().await;
        world.step(call, Event::LegRinging { leg: Leg::Lead, sid: "CA1".to_owned() }).await.unwrap();
        world.run(change).await;
        let verdict = Event::VerdictReached { sid: "CA1".to_owned(), verdict: Verdict::Human };
        let verdict = world.event(call, verdict, "verdict");
        assert_eq!(world.engine.step(verdict.clone()).await.unwrap().call.state().name(), state);
        assert_eq!(decided(&world, call).await, reason);
        assert_eq!(world.engine.step(verdict).await.unwrap().outcome, Outcome::Duplicate);
        let late = world.step(call, answered()).await.unwrap();
        assert_eq!(late.call.state().name(), state);
        world.audit().await;
    }
}
