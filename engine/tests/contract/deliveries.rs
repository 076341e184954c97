//! Deliveries: each entry reaches each endpoint that wants it, at least once, or is seen to be dead.

use std::time::Duration;

use uuid::Uuid;
use warmline_engine::Error;
use warmline_engine::deliveries::{Attempted, Claimed};
use warmline_engine::endpoints::{Change, Endpoint, NewEndpoint};
use warmline_engine::feed::From;
use warmline_workflows::agent::Presence;
use warmline_workflows::campaign::Status;
use warmline_workflows::delivery::State;
use warmline_workflows::feed::Kind;
use warmline_workflows::{DeliveryId, EndpointId};

use crate::world::World;

const LEASE: Duration = Duration::from_secs(20);

/// An endpoint that hears of what happens from here on, and of nothing earlier that is still held up.
async fn endpoint(world: &World, kinds: &[Kind]) -> EndpointId {
    world.settled().await;
    let new = NewEndpoint {
        url: "https://crm.example.com/warmline".to_owned(),
        description: "CRM".to_owned(),
        kinds: kinds.to_vec(),
    };
    world.engine.add_endpoint(world.tenant, EndpointId(Uuid::now_v7()), &new).await.unwrap().id
}

async fn due(world: &World) -> Vec<DeliveryId> {
    let due = world.engine.deliveries_due(1000, LEASE).await.unwrap();
    due.into_iter().map(|(_, id)| id).collect()
}

async fn claim(world: &World, id: DeliveryId) -> Option<Claimed> {
    world.engine.claim_delivery(world.tenant, id, LEASE).await.unwrap()
}

async fn report(world: &World, claimed: &Claimed, attempted: Attempted) {
    world.engine.report_delivery(claimed, &attempted, (0.5, world.now)).await.unwrap();
}

fn failed() -> Attempted {
    Attempted::Failed { status: Some(500), why: "it answered with 500".to_owned(), retry_after: None }
}

async fn stored(world: &World, endpoint: EndpointId) -> Endpoint {
    world.engine.endpoint(world.tenant, endpoint).await.unwrap()
}

async fn states(world: &World, endpoint: EndpointId) -> Vec<(Kind, State, u32)> {
    let all = world.engine.deliveries(world.tenant, endpoint, None, (None, 100)).await.unwrap();
    all.into_iter().map(|delivery| (delivery.kind, delivery.state, delivery.attempts)).collect()
}

async fn fan_out(world: &World) {
    world.settled().await;
    while world.engine.fan_out().await.unwrap() > 0 {}
}

/// An endpoint for campaigns with one delivery that is due.
async fn one_due(world: &World) -> (EndpointId, DeliveryId) {
    let endpoint = endpoint(world, &[Kind::CampaignPaused]).await;
    world.status(world.campaign, Status::Paused).await;
    fan_out(world).await;
    let due = due(world).await;
    assert_eq!(due.len(), 1);
    (endpoint, due[0])
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_hears_of_its_kinds_from_when_it_was_made() {
    let world = World::new().await;
    let agent = world.agent(1).await;
    let all = endpoint(&world, &[]).await;
    let paused = endpoint(&world, &[Kind::CampaignPaused]).await;
    world.status(world.campaign, Status::Paused).await;
    world.engine.set_presence(world.tenant, agent, Presence::Offline, world.now).await.unwrap();
    // Two leaders at once make one delivery of each.
    let other = world.another_process().await;
    world.settled().await;
    let (one, two) = tokio::join!(world.engine.fan_out(), other.fan_out());
    one.unwrap();
    two.unwrap();
    fan_out(&world).await;
    let pending = |kind| (kind, State::Pending, 0);
    let mut all = states(&world, all).await;
    all.sort();
    assert_eq!(all, [pending(Kind::CampaignPaused), pending(Kind::AgentPresenceChanged)]);
    assert_eq!(states(&world, paused).await, [pending(Kind::CampaignPaused)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_is_attempted_by_one_and_what_comes_late_changes_nothing() {
    let world = World::new().await;
    let (endpoint, id) = one_due(&world).await;
    assert!(due(&world).await.is_empty(), "handed out once");
    let first = claim(&world, id).await.unwrap();
    assert_eq!(
        (first.attempt, first.parcel.entry.kind, first.parcel.secrets.len()),
        (1, Kind::CampaignPaused, 1)
    );
    assert!(first.parcel.entry.data.get().contains(&world.campaign.to_string()));
    assert!(claim(&world, id).await.is_none(), "somebody has it");
    // Its worker dies: after the lease it is handed out again.
    world.run("update webhook_deliveries set next_at = now(), lease_until = now()").await;
    assert!(claim(&world, id).await.is_none(), "it was not handed out yet");
    assert_eq!(due(&world).await, [id]);
    let second = claim(&world, id).await.unwrap();
    assert_eq!((second.attempt, second.parcel.entry.id), (2, first.parcel.entry.id));
    report(&world, &first, failed()).await;
    assert_eq!(states(&world, endpoint).await, [(Kind::CampaignPaused, State::Pending, 2)]);
    assert!(stored(&world, endpoint).await.failing_since.is_none(), "a late failure is none");
    report(&world, &second, Attempted::Delivered { status: 204 }).await;
    report(&world, &second, failed()).await;
    assert_eq!(states(&world, endpoint).await, [(Kind::CampaignPaused, State::Delivered, 2)]);
    assert!(claim(&world, id).await.is_none());
    world.run("update webhook_deliveries set next_at = now()").await;
    assert!(due(&world).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_are_repeated_with_pauses_then_dead_and_sent_again_by_hand() {
    let world = World::new().await;
    let (endpoint, id) = one_due(&world).await;
    for attempt in 1..=8 {
        let claimed = claim(&world, id).await.unwrap();
        assert_eq!(claimed.attempt, attempt);
        let retry_after = (attempt == 1).then(|| Duration::from_secs(100));
        report(
            &world,
            &claimed,
            Attempted::Failed { status: None, why: "no answer".to_owned(), retry_after },
        )
        .await;
        if attempt == 1 {
            let pause = "select extract(epoch from next_at - now())::bigint from webhook_deliveries";
            assert!((95..=100).contains(&world.number(pause).await), "the endpoint asked for a longer pause");
        }
        assert!(due(&world).await.is_empty(), "not before its pause is over");
        world.run("update webhook_deliveries set next_at = now() where state = 'pending'").await;
        assert_eq!(due(&world).await.len(), usize::from(attempt < 8));
    }
    let dead = world.engine.deliveries(world.tenant, endpoint, Some(State::Dead), (None, 10)).await.unwrap();
    assert_eq!((dead.len(), dead[0].attempts, dead[0].last_error.as_deref()), (1, 8, Some("no answer")));
    assert!(stored(&world, endpoint).await.failing_since.is_some());
    world.engine.redeliver(world.tenant, id).await.unwrap();
    assert_eq!(due(&world).await, [id]);
    let claimed = claim(&world, id).await.unwrap();
    report(&world, &claimed, Attempted::Delivered { status: 200 }).await;
    assert_eq!(states(&world, endpoint).await, [(Kind::CampaignPaused, State::Delivered, 1)]);
    assert!(stored(&world, endpoint).await.failing_since.is_none());
    let other = world.engine.add_tenant("Other", 10).await.unwrap();
    assert!(matches!(world.engine.redeliver(other, id).await, Err(Error::NotFound(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_is_off_is_left_alone_and_misses_nothing() {
    let world = World::new().await;
    let (endpoint, id) = one_due(&world).await;
    let switch = async |on: bool| {
        let change = Change { enabled: Some(on), ..Change::default() };
        world.engine.change_endpoint(world.tenant, (endpoint, None), &change).await.unwrap()
    };
    assert_eq!(switch(false).await.version, 2);
    assert!(claim(&world, id).await.is_none(), "handed out, and switched off meanwhile");
    world.run("update webhook_deliveries set next_at = now(), lease_until = null").await;
    assert!(due(&world).await.is_empty());
    let refused = world.engine.redeliver(world.tenant, id).await;
    assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    let refused =
        world.engine.ping_endpoint(world.tenant, (endpoint, DeliveryId(Uuid::now_v7())), world.now).await;
    assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    world.status(world.campaign, Status::Active).await;
    world.status(world.campaign, Status::Paused).await;
    fan_out(&world).await;
    assert_eq!(states(&world, endpoint).await.len(), 1);
    switch(true).await;
    fan_out(&world).await;
    assert_eq!(due(&world).await.len(), 2, "what happened meanwhile is sent now");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_fails_for_days_or_is_gone_is_switched_off_and_that_is_told() {
    let world = World::new().await;
    let (failing, id) = one_due(&world).await;
    report(&world, &claim(&world, id).await.unwrap(), failed()).await;
    assert!(stored(&world, failing).await.enabled);
    world.run("update webhook_endpoints set failing_since = now() - interval '73 hours'").await;
    world.run("update webhook_deliveries set next_at = now()").await;
    assert_eq!(due(&world).await, [id]);
    report(&world, &claim(&world, id).await.unwrap(), failed()).await;
    let off = stored(&world, failing).await;
    assert_eq!((off.enabled, off.disabled_because.as_deref()), (false, Some("failing")));
    let change = Change { enabled: Some(true), ..Change::default() };
    let on = world.engine.change_endpoint(world.tenant, (failing, Some(off.version)), &change).await.unwrap();
    assert_eq!((on.enabled, on.disabled_because, on.failing_since), (true, None, None));
    let stale = world.engine.change_endpoint(world.tenant, (failing, Some(off.version)), &change).await;
    assert!(matches!(stale, Err(Error::Changed)), "{stale:?}");
    world.run("update webhook_deliveries set next_at = now()").await;
    assert_eq!(due(&world).await, [id]);
    report(&world, &claim(&world, id).await.unwrap(), Attempted::Gone { status: 410 }).await;
    let gone = stored(&world, failing).await;
    assert_eq!((gone.enabled, gone.disabled_because.as_deref()), (false, Some("gone")));
    let kinds = [Kind::EndpointDisabled];
    world.settled().await;
    let told = world.engine.events_after(world.tenant, From::Start, &kinds, 10).await.unwrap();
    assert_eq!(told.entries.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_endpoint_does_not_keep_the_workers_from_others() {
    let world = World::new().await;
    let busy = endpoint(&world, &[]).await;
    for number in 0..60 {
        world.agent(number).await;
    }
    fan_out(&world).await;
    assert_eq!(due(&world).await.len(), 50, "so many at once");
    assert!(due(&world).await.is_empty());
    world.run("update webhook_endpoints set failing_since = now(); update webhook_deliveries set next_at = now(), lease_until = null").await;
    assert_eq!(due(&world).await.len(), 2);
    assert_eq!(states(&world, busy).await.len(), 60);
    // Pages, newest first.
    let first = world.engine.deliveries(world.tenant, busy, None, (None, 40)).await.unwrap();
    let rest = world.engine.deliveries(world.tenant, busy, None, (Some(first[39].id), 40)).await.unwrap();
    assert_eq!((first.len(), rest.len()), (40, 20));
    let stale = world.engine.delete_endpoint(world.tenant, (busy, Some(9))).await;
    assert!(matches!(stale, Err(Error::Changed)), "{stale:?}");
    world.engine.delete_endpoint(world.tenant, (busy, None)).await.unwrap();
    let gone = world.engine.delete_endpoint(world.tenant, (busy, None)).await;
    assert!(matches!(gone, Err(Error::NotFound(_))), "{gone:?}");
    assert_eq!(world.number("select count(*) from webhook_deliveries").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_secrets_sign_while_they_change_and_a_ping_goes_to_its_endpoint_alone() {
    let world = World::new().await;
    let pinged = endpoint(&world, &[Kind::CampaignPaused]).await;
    let other = endpoint(&world, &[]).await;
    world.engine.rotate_secret(world.tenant, pinged, Duration::from_secs(60)).await.unwrap();
    let new = world.engine.endpoint_secret(world.tenant, pinged).await.unwrap();
    assert!(new.shown().starts_with("whsec_") && format!("{new:?}") == "Secret(..)");
    let ping = DeliveryId(Uuid::now_v7());
    world.engine.ping_endpoint(world.tenant, (pinged, ping), world.now).await.unwrap();
    fan_out(&world).await;
    assert_eq!(due(&world).await, [ping]);
    let claimed = claim(&world, ping).await.unwrap();
    assert_eq!((claimed.parcel.entry.kind, claimed.parcel.secrets.len()), (Kind::EndpointPinged, 2));
    assert_eq!(claimed.parcel.secrets[0], new);
    world.run("update webhook_endpoints set previous_until = now()").await;
    world.run("update webhook_deliveries set next_at = now(), lease_until = now()").await;
    assert_eq!(due(&world).await, [ping]);
    assert_eq!(claim(&world, ping).await.unwrap().parcel.secrets, [new]);
    assert!(states(&world, other).await.is_empty());
    let endpoints = world.engine.endpoints(world.tenant).await.unwrap();
    assert_eq!(endpoints.iter().map(|endpoint| endpoint.id).collect::<Vec<_>>(), [pinged, other]);
    for _ in 2..20 {
        endpoint(&world, &[]).await;
    }
    let new =
        NewEndpoint { url: "https://crm.example.com".to_owned(), description: String::new(), kinds: vec![] };
    let refused = world.engine.add_endpoint(world.tenant, EndpointId(Uuid::now_v7()), &new).await;
    assert!(matches!(refused, Err(Error::Refused(_))), "at most twenty");
}

/// After a restore into another server its transactions begin anew, behind every stored place.
#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_from_a_restored_database_hears_again() {
    let world = World::new().await;
    let endpoint = endpoint(&world, &[Kind::CampaignPaused]).await;
    world.run("update webhook_endpoints set cursor_xid = '99999999999'").await;
    world.status(world.campaign, Status::Paused).await;
    fan_out(&world).await;
    assert_eq!(states(&world, endpoint).await.len(), 1);
}
