//! Placements: nobody's phone rings twice for one command, or against the rules.

use std::time::Duration;

use futures::future::join_all;
use warmline_engine::outbox::Doubt;
use warmline_engine::placement::Claim;
use warmline_workflows::call::{CommandId, Event, HangUpReason};
use warmline_workflows::campaign::Status;
use warmline_workflows::rules::Reason;
use warmline_workflows::{CallId, Leg};

use crate::world::{World, placement};

const LEASE: Duration = Duration::from_secs(60);

async fn claim(world: &World, call: CallId) -> Claim {
    world.engine.claim_placement(world.tenant, placement(call), LEASE, world.now).await.unwrap()
}

async fn state_of(world: &World, call: CallId) -> Option<String> {
    sqlx::query_scalar("select state from outbox where call_id = $1 and version = 1")
        .bind(call.0)
        .fetch_optional(&world.sql)
        .await
        .unwrap()
}

fn ids(doubts: &[Doubt]) -> Vec<CommandId> {
    doubts.iter().map(|doubt| doubt.claimed.id).collect()
}

#[tokio::test]
async fn twenty_claimers_send_a_placement_once() {
    // Goal: of many workers with the same placement one may send it; it is `sent` before it is sent.
    let world = World::new().await;
    let call = world.call().await;
    let other = world.another_process().await;
    let claims = (0..20).map(|number| {
        let engine = if number % 2 == 0 { &world.engine } else { &other };
        engine.claim_placement(world.tenant, placement(call), LEASE, world.now)
    });
    let claims: Vec<Claim> = join_all(claims).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(claims.iter().filter(|claim| matches!(claim, Claim::Send(_))).count(), 1);
    assert_eq!(claims.iter().filter(|claim| matches!(claim, Claim::NotOurs)).count(), 19);
    assert_eq!(state_of(&world, call).await.as_deref(), Some("sent"));
    world.audit().await;
}

#[tokio::test]
async fn a_sent_placement_is_never_handed_out_again() {
    // Goal: whatever happens to its worker, a sent placement comes to nobody else: not by a claim, not by
    // a sweep, not when the lease is over. Then it is in doubt, until evidence settles it.
    let world = World::new().await;
    let call = world.call().await;
    let id = placement(call);
    assert!(
        world.engine.claim(world.tenant, id, LEASE).await.unwrap().is_none(),
        "it is no repeatable command"
    );
    assert!(matches!(claim(&world, call).await, Claim::Send(claimed) if claimed.id == id));
    assert!(world.engine.expire_placements(10).await.unwrap().is_empty(), "its lease has only begun");
    // The worker dies; its lease runs out.
    world.run("update outbox set due_at = now() - interval '1 second', lease_until = now() - interval '1 second'").await;
    let nobody = async || {
        assert!(matches!(claim(&world, call).await, Claim::NotOurs));
        assert!(world.engine.claim(world.tenant, id, LEASE).await.unwrap().is_none());
        assert!(world.engine.sweep(10, LEASE).await.unwrap().is_empty());
        assert!(world.engine.pending(world.tenant, id).await.unwrap().is_none());
    };
    nobody().await;
    assert!(!ids(&world.engine.doubts_due(10).await.unwrap()).contains(&id), "nobody doubts it yet");
    let (ours, theirs) =
        futures::join!(world.engine.expire_placements(10), world.engine.expire_placements(10));
    let expired = [ours.unwrap(), theirs.unwrap()].concat();
    assert_eq!(ids(&expired), [id], "it comes into doubt once");
    nobody().await;

    // Looked for, in vain, twice; the worker, awake again, may not take the doubt back.
    for seen in 0..2 {
        world.run("update outbox set due_at = now() - interval '1 second'").await;
        let due = world.engine.doubts_due(10).await.unwrap();
        assert_eq!((ids(&due), due[0].empty_lists), (vec![id], seen));
        assert!(due[0].age_s >= 0.0);
        assert!(world.engine.doubts_due(10).await.unwrap().is_empty(), "somebody is at it");
        world.engine.note_empty_list(world.tenant, id, LEASE).await.unwrap();
    }
    world.engine.put_back(world.tenant, id, Duration::ZERO, "woke up late").await.unwrap();
    assert!(!world.engine.doubt(world.tenant, id, "again").await.unwrap());
    nobody().await;
    let found = world.engine.find_doubt(world.tenant, id).await.unwrap().unwrap();
    assert_eq!(found.empty_lists, 2);

    // A webhook names the leg: that is the evidence, whoever brings it.
    world.step(call, Event::LegRinging { leg: Leg::Lead, sid: "CA1".to_owned() }).await.unwrap();
    assert_eq!(state_of(&world, call).await, None);
    assert!(world.engine.find_doubt(world.tenant, id).await.unwrap().is_none());
    world.audit().await;
}

#[tokio::test]
async fn a_placement_that_certainly_was_not_sent_may_be_sent_again() {
    // Goal: after a put-back the placement is claimed anew, and not before its pause is over.
    let world = World::new().await;
    let call = world.call().await;
    assert!(matches!(claim(&world, call).await, Claim::Send(_)));
    world.engine.put_back(world.tenant, placement(call), LEASE, "no connection").await.unwrap();
    assert!(matches!(claim(&world, call).await, Claim::NotOurs));
    world.run("update outbox set ready_at = now()").await;
    assert!(matches!(claim(&world, call).await, Claim::Send(_)));
    world.audit().await;
}

#[tokio::test]
async fn the_rules_are_asked_once_more_before_the_dial() {
    // Goal: what changed between opening a call and dialing it withholds the dial; reported, the call is
    // over, no attempt is used up, and the lead comes back when the rule allows it.
    let closing_time_s = 7 * 3600;
    for (change, later_s, reason, due_s) in [
        (
            "insert into dnc_list (tenant_id, phone_key) select tenant_id, phone_key from calls",
            0,
            Reason::DoNotCall,
            0,
        ),
        ("update campaigns set status = 'paused'", 0, Reason::CampaignPaused, 0),
        ("update campaigns set status = 'stopped'", 0, Reason::CampaignStopped, 0),
        ("update tenants set enabled = false", 0, Reason::TenantDisabled, 0),
        ("select 1", closing_time_s, Reason::OutsideCallingHours, 23 * 3600),
    ] {
        let mut world = World::new().await;
        let call = world.call().await;
        world.run(change).await;
        let due = world.later(due_s);
        world.now = world.later(later_s);
        let Claim::Withhold { claimed, reason: said } = claim(&world, call).await else {
            panic!("dialed in spite of {reason:?}");
        };
        assert_eq!((said, claimed.id), (reason.clone(), placement(call)));
        assert_eq!(state_of(&world, call).await.as_deref(), Some("pending"), "nobody sent it");
        let mut report = world.event(call, Event::PlacementWithheld { reason: reason.clone() }, "withheld");
        report.settles = Some(placement(call).ordinal);
        let stepped = world.engine.step(report).await.unwrap();
        assert_eq!(stepped.call.state().disposition().unwrap().as_str(), "withheld");
        assert_eq!(state_of(&world, call).await, None);
        assert_eq!(world.lead_of(call).await, ("waiting".to_owned(), 0, Some(due)), "{reason:?}");
        assert_eq!(world.pace().await, 0, "{reason:?}");
        if reason == Reason::DoNotCall {
            assert_eq!(world.lead_of(call).await, ("do_not_call".to_owned(), 0, None));
        }
        world.audit().await;
    }
}

#[tokio::test]
async fn a_call_that_was_ended_before_its_dial_is_not_dialed() {
    // Goal: once an operator has ended a queued call, its placement is withheld, and the call comes to its
    // end.
    let world = World::new().await;
    let call = world.call().await;
    world.step(call, Event::HangUpRequested { reason: HangUpReason::Operator }).await.unwrap();
    let Claim::Withhold { reason, .. } = claim(&world, call).await else { panic!("dialed") };
    assert_eq!(reason, Reason::CallEnded);
    let mut report = world.event(call, Event::PlacementWithheld { reason }, "withheld");
    report.settles = Some(placement(call).ordinal);
    world.engine.step(report).await.unwrap();
    assert_eq!(world.state(call).await, "dispositioned");
    world.audit().await;
}

#[tokio::test]
async fn too_many_doubts_stop_the_dialing() {
    // Goal: while five placements of an organisation are in doubt, no lead is dialed, because the carrier
    // seems to be in trouble; once one is resolved, dialing goes on. Agents are still called.
    let world = World::new().await;
    let calls = world.calls(7).await;
    for call in &calls[..5] {
        assert!(matches!(claim(&world, *call).await, Claim::Send(_)));
        assert!(world.engine.doubt(world.tenant, placement(*call), "a time-out").await.unwrap());
    }
    assert!(matches!(claim(&world, calls[5]).await, Claim::Blocked));
    assert!(matches!(claim(&world, calls[5]).await, Claim::NotOurs), "it is put off for a moment");
    world.step(calls[0], Event::LegRinging { leg: Leg::Lead, sid: "CA1".to_owned() }).await.unwrap();
    assert!(matches!(claim(&world, calls[6]).await, Claim::Send(_)));
    world.run("update outbox set ready_at = now()").await;
    assert!(matches!(claim(&world, calls[5]).await, Claim::Send(_)));
    world.status(world.campaign, Status::Paused).await;
    world.audit().await;
}
