//! Campaigns: started, paused, stopped, and finished by themselves.

use warmline_engine::Error;
use warmline_workflows::call::{Device, Event};
use warmline_workflows::campaign::Status;
use warmline_workflows::{AgentId, CampaignId, Ending, Leg, Verdict};

use crate::world::World;

async fn go(world: &World, to: Status) -> Result<(), Error> {
    world.engine.set_campaign_status(world.tenant, world.campaign, to, world.now).await
}

#[tokio::test]
async fn a_campaign_goes_only_where_it_can() {
    // Goal: every move that is allowed is made, going where it is changes nothing, and every other move is
    // refused with a sentence.
    use Status::{Active, Draft, Finished, Paused, Stopped};
    let world = World::new().await;
    for (from, allowed) in [
        (Draft, &[Active, Stopped][..]),
        (Active, &[Paused, Stopped]),
        (Paused, &[Active, Stopped]),
        (Stopped, &[]),
        (Finished, &[Active, Stopped]),
    ] {
        for to in [Draft, Active, Paused, Stopped, Finished] {
            sqlx::query("update campaigns set status = $1")
                .bind(from.as_str())
                .execute(&world.sql)
                .await
                .unwrap();
            let moved = go(&world, to).await;
            let is = world.engine.campaign_status(world.tenant, world.campaign).await.unwrap();
            if allowed.contains(&to) || from == to {
                assert_eq!((moved.is_ok(), is), (true, Some(to)), "{from} to {to}");
            } else {
                let refused = format!("a campaign that is {from} cannot become {to}");
                assert_eq!((moved.unwrap_err().to_string(), is), (refused, Some(from)));
            }
        }
    }
    let nowhere = CampaignId(uuid::Uuid::now_v7());
    let refused = world.engine.set_campaign_status(world.tenant, nowhere, Active, world.now).await;
    assert!(matches!(refused, Err(Error::NotFound(_))));
    world.audit().await;
}

#[tokio::test]
async fn a_pause_holds_back_new_calls_only() {
    // Goal: a paused campaign opens nothing; the calls it has go on; resumed, it opens again.
    let world = World::new().await;
    let call = world.calls(2).await[0];
    world.leads(2..4).await;
    go(&world, Status::Paused).await.unwrap();
    assert_eq!(world.pace().await, 0);
    assert!(world.engine.active_campaigns().await.unwrap().is_empty());
    world.step(call, Event::LegRinging { leg: Leg::Lead, sid: "CA1".to_owned() }).await.unwrap();
    assert_eq!(world.state(call).await, "dialing");
    go(&world, Status::Active).await.unwrap();
    assert_eq!(world.pace().await, 2);
    assert_eq!(world.engine.active_campaigns().await.unwrap(), [(world.tenant, world.campaign)]);
    world.audit().await;
}

#[tokio::test]
async fn a_stop_ends_what_is_not_a_conversation_yet() {
    // Goal: stopping ends the calls that have no agent on the line, spares the conversation, and can be
    // repeated when it was interrupted half-way.
    let world = World::new().await;
    let calls = world.calls(4).await;
    let sid = || "CA1".to_owned();
    let agent = AgentId(uuid::Uuid::from_u128(4));
    let life = [
        Event::LegAnswered { leg: Leg::Lead, sid: sid(), denial: None },
        Event::VerdictReached { sid: sid(), verdict: Verdict::Human },
        Event::AgentReserved { agent, phone: "+12125550150".to_owned() },
        Event::AgentAccepted { leg: Leg::Agent(1), by: Device::Phone },
    ];
    for (call, length) in calls.iter().zip([0, 1, 2, 4]) {
        for event in &life[..length] {
            world.step(*call, event.clone()).await.unwrap();
        }
    }
    // It was stopped, and the process died before it had ended the calls.
    world.run("update campaigns set status = 'stopped'").await;
    for _ in 0..2 {
        go(&world, Status::Stopped).await.unwrap();
        for (call, state) in calls.iter().zip(["closing", "closing", "closing", "bridged"]) {
            assert_eq!(world.state(*call).await, state);
        }
    }
    world.audit().await;
}

#[tokio::test]
async fn a_campaign_finishes_when_nobody_is_left_to_call() {
    // Goal: it is not finished while a lead is due, waits for a later call or is in one; it is when all are
    // done with; new leads start it again when a person does.
    let mut world = World::new().await;
    let finished = async |world: &World| world.engine.finish_campaigns(world.now).await.unwrap() == 1;
    assert!(!finished(&world).await, "no leads yet: it waits for them");
    let call = world.call().await;
    assert!(!finished(&world).await, "in a call");
    let busy = Event::LegEnded { leg: Leg::Lead, sid: "CA1".to_owned(), ending: Ending::Busy, duration_s: 0 };
    world.step(call, busy).await.unwrap();
    assert!(!finished(&world).await, "it will be called again");
    let progress = world.engine.progress(world.tenant, world.campaign).await.unwrap();
    assert_eq!(progress.leads, [("waiting".to_owned(), 1)]);
    assert_eq!(progress.next_due_at, Some(world.later(3600)));
    world.now = world.later(3600);
    assert_eq!(world.pace().await, 1);
    let call = world.open_calls().await[0];
    let fax = Event::VerdictReached { sid: "CA2".to_owned(), verdict: Verdict::Fax };
    world.step(call, fax).await.unwrap();
    assert!(!finished(&world).await, "its leg is not over");
    let over =
        Event::LegEnded { leg: Leg::Lead, sid: "CA2".to_owned(), ending: Ending::Completed, duration_s: 9 };
    world.step(call, over).await.unwrap();
    assert!(finished(&world).await);
    assert!(!finished(&world).await, "once");
    let is = world.engine.campaign_status(world.tenant, world.campaign).await.unwrap();
    assert_eq!(is, Some(Status::Finished));
    world.leads(1..2).await;
    assert_eq!(world.pace().await, 0);
    go(&world, Status::Active).await.unwrap();
    assert_eq!(world.pace().await, 1);
    world.audit().await;
}
