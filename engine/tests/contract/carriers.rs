//! Carrier accounts of organisations' own: which one a call is on, and for how long it is known.

use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use warmline_engine::Error;
use warmline_engine::carriers::NewCarrierAccount;
use warmline_engine::outbox::Pending;
use warmline_workflows::TenantId;
use warmline_workflows::call::Queue;

use crate::world::{World, placement};

pub(crate) fn account(sid: &str, token: &str) -> NewCarrierAccount {
    NewCarrierAccount {
        account_sid: sid.to_owned(),
        auth_token: SecretString::from(token),
        calls_per_second: 2.5,
        api_key: None,
        application_sid: None,
        elsewhere: None,
    }
}

async fn tokens(world: &World, sid: &str) -> Vec<String> {
    let line = world.engine.carrier_line_of(world.tenant, sid).await.unwrap();
    let tokens = line.map_or_else(Vec::new, |line| line.credentials.tokens());
    tokens.iter().map(|token| token.expose_secret().to_owned()).collect()
}

#[tokio::test]
async fn a_change_is_of_what_was_read_and_an_old_token_is_good_once_more() {
    let world = World::new().await;
    let (engine, tenant) = (&world.engine, world.tenant);
    assert_eq!(engine.carrier_account(tenant).await.unwrap(), None);
    assert!(matches!(engine.remove_carrier_account(tenant, None).await, Err(Error::NotFound(_))));
    let too_late = engine.set_carrier_account(tenant, Some(3), &account("AC1", "a")).await;
    assert!(matches!(too_late, Err(Error::Changed)), "{too_late:?}");

    let first = engine.set_carrier_account(tenant, Some(0), &account("AC1", "a")).await.unwrap();
    assert_eq!((first.account_sid.as_str(), first.calls_per_second, first.version), ("AC1", 2.5, 1));
    engine.set_carrier_account(tenant, Some(1), &account("AC1", "b")).await.unwrap();
    assert_eq!(tokens(&world, "AC1").await, ["b", "a"]);
    // Set again without a change, it does not forget the one before.
    engine.set_carrier_account(tenant, Some(2), &account("AC1", "b")).await.unwrap();
    assert_eq!(tokens(&world, "AC1").await, ["b", "a"]);
    engine.set_carrier_account(tenant, None, &account("AC1", "c")).await.unwrap();
    assert_eq!(tokens(&world, "AC1").await, ["c", "b"]);

    let other = engine.set_carrier_account(tenant, Some(4), &account("AC2", "x")).await.unwrap();
    assert_eq!((other.account_sid.as_str(), other.version), ("AC2", 5));
    // Its calls may not be over, and their webhooks come.
    assert_eq!(tokens(&world, "AC1").await, ["c", "b"]);
    assert!(matches!(engine.remove_carrier_account(tenant, Some(1)).await, Err(Error::Changed)));
    engine.remove_carrier_account(tenant, Some(5)).await.unwrap();
    assert_eq!(engine.carrier_account(tenant).await.unwrap(), None);

    let stranger: TenantId = engine.add_tenant("Stranger", 1).await.unwrap();
    assert!(engine.carrier_line_of(stranger, "AC1").await.unwrap().is_none());
    assert!(engine.carrier_line(stranger, first.id).await.is_err());
    let stored: Vec<u8> = sqlx::query_scalar("select credentials from carrier_accounts limit 1")
        .fetch_one(&world.sql)
        .await
        .unwrap();
    assert_eq!(stored[0], 1, "a token is stored as it is");
    world.audit().await;
}

#[tokio::test]
async fn an_account_is_kept_for_as_long_as_a_call_is_on_it() {
    let world = World::new().await;
    let (engine, tenant) = (&world.engine, world.tenant);
    let first = engine.set_carrier_account(tenant, None, &account("AC1", "a")).await.unwrap();
    world.agent_with(1, |agent| agent.max_concurrent_calls = 20).await;
    world.leads(0..1).await;
    assert_eq!(world.pace().await, 1);
    let call = engine.all_calls(tenant).await.unwrap()[0];
    let pending = engine.pending(tenant, placement(call)).await.unwrap();
    assert_eq!(pending, Some(Pending { queue: Queue::Dial, carrier: Some(first.id) }));
    engine.set_carrier_account(tenant, None, &account("AC2", "b")).await.unwrap();
    engine.remove_carrier_account(tenant, None).await.unwrap();

    let purge = async || engine.purge_carrier_accounts(Duration::ZERO).await.unwrap();
    assert_eq!(purge().await, 1, "no call is on the second one");
    assert_eq!(tokens(&world, "AC1").await, ["a"]);
    let line = engine.carrier_line(tenant, first.id).await.unwrap();
    assert_eq!(line.account.account_sid, "AC1");
    sqlx::query("update calls set open = false where id = $1")
        .bind(call.0)
        .execute(&world.sql)
        .await
        .unwrap();
    assert_eq!(engine.purge_carrier_accounts(Duration::from_secs(60)).await.unwrap(), 0, "not yet");
    assert_eq!(purge().await, 1);
    assert!(engine.carrier_line(tenant, first.id).await.is_err());
}
