//! Do-not-call: an entry takes effect on everything that is not a conversation yet.

use warmline_engine::placement::Claim;
use warmline_workflows::call::{Device, Event, HangUpReason};
use warmline_workflows::{AgentId, Ending, Leg, Verdict};

use crate::world::{World, lead, placement};

#[tokio::test]
async fn an_entry_ends_what_is_not_a_conversation_yet() {
    // Goal: put on the list in any state before the conversation, a lead's call is ended and the lead is
    // closed; a conversation is left to its people.
    let sid = || "CA1".to_owned();
    let leg = Leg::Lead;
    let agent = AgentId(uuid::Uuid::from_u128(4));
    let life = [
        Event::LegRinging { leg, sid: sid() },
        Event::LegAnswered { leg, sid: sid(), denial: None },
        Event::VerdictReached { sid: sid(), verdict: Verdict::Human },
        Event::AgentReserved { agent, phone: "+12125550150".to_owned() },
        Event::AgentAccepted { leg: Leg::Agent(1), by: Device::Phone },
    ];
    for (length, state) in
        ["queued", "dialing", "amd", "conference", "agent_whisper", "bridged"].into_iter().enumerate()
    {
        let world = World::new().await;
        let call = world.call().await;
        for event in &life[..length] {
            world.step(call, event.clone()).await.unwrap();
        }
        assert_eq!(world.state(call).await, state);
        let phone = lead(0).phone;
        for _ in 0..2 {
            world.engine.add_do_not_call(world.tenant, &phone, "asked", world.now).await.unwrap();
        }
        let expected = if state == "bridged" { "bridged" } else { "closing" };
        assert_eq!(world.state(call).await, expected, "from {state}");
        let hang_ups = world.number("select count(*) from outbox where kind = 'hang_up'").await;
        assert_eq!(hang_ups > 0, !matches!(state, "queued" | "bridged"), "from {state}");

        let end = match state {
            "queued" => {
                let claim = world.engine.claim_placement(
                    world.tenant,
                    placement(call),
                    std::time::Duration::ZERO,
                    world.now,
                );
                let Claim::Withhold { reason, .. } = claim.await.unwrap() else { panic!("dialed") };
                Event::PlacementWithheld { reason }
            }
            _ => Event::LegEnded { leg, sid: sid(), ending: Ending::Completed, duration_s: 3 },
        };
        world.step(call, end).await.unwrap();
        if !matches!(state, "agent_whisper" | "bridged") {
            assert_eq!(world.lead_of(call).await.0, "do_not_call", "from {state}");
        }
        world.audit().await;
    }
}

#[tokio::test]
async fn an_entry_closes_the_leads_of_every_campaign() {
    // Goal: leads with the number that wait for a call are closed in all campaigns of the organisation,
    // and in no other organisation; they are never called again.
    let world = World::new().await;
    let other = world.campaign_with(|_| {}).await;
    world.leads(0..2).await;
    world.leads_in(other, vec![lead(0)]).await;
    let stranger = world.engine.add_tenant("Another", 10).await.unwrap();
    world.engine.add_do_not_call(stranger, &lead(1).phone, "asked", world.now).await.unwrap();
    world.engine.add_do_not_call(world.tenant, &lead(0).phone, "asked", world.now).await.unwrap();
    for (number, campaigns, status) in [(0, 2, "do_not_call"), (1, 1, "new")] {
        let leads = world.engine.leads_with_phone(world.tenant, &lead(number).phone).await.unwrap();
        assert_eq!(leads.len(), campaigns);
        for lead in leads {
            assert_eq!(world.engine.lead(world.tenant, lead).await.unwrap().status, status);
        }
    }
    world.agent_with(1, |agent| agent.max_concurrent_calls = 9).await;
    assert_eq!(world.pace().await, 1);
    assert_eq!(world.engine.pace(world.tenant, other, world.now).await.unwrap().opened, 0);
    world.audit().await;
}

#[tokio::test]
async fn a_lead_who_is_listed_while_the_call_ends_is_not_called_again() {
    // Goal: when the entry comes too late for the call, because it is over but for its legs, the lead is
    // still not called a second time.
    let world = World::new().await;
    let call = world.call().await;
    world.step(call, Event::LegRinging { leg: Leg::Lead, sid: "CA1".to_owned() }).await.unwrap();
    world.step(call, Event::HangUpRequested { reason: HangUpReason::Operator }).await.unwrap();
    world.engine.add_do_not_call(world.tenant, &lead(0).phone, "asked", world.now).await.unwrap();
    let ended =
        Event::LegEnded { leg: Leg::Lead, sid: "CA1".to_owned(), ending: Ending::Canceled, duration_s: 0 };
    world.step(call, ended).await.unwrap();
    assert_eq!(world.state(call).await, "dispositioned");
    let day_after = world.later(24 * 3600);
    let paced = world.engine.pace(world.tenant, world.campaign, day_after).await.unwrap();
    assert_eq!(paced.opened, 0);
    assert_eq!(world.lead_of(call).await.0, "do_not_call");
    world.audit().await;
}
