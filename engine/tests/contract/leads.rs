//! Leads: what becomes of one when its call is over.

use warmline_engine::campaigns::NewCampaign;
use warmline_engine::leads::{NewLead, Stored};
use warmline_workflows::cadence::{self, Cadence};
use warmline_workflows::call::Event;
use warmline_workflows::{CallId, Ending, Leg};

use crate::script::conversation;
use crate::world::{World, lead};

async fn end(world: &World, call: CallId, ending: Ending) {
    let ended = Event::LegEnded { leg: Leg::Lead, sid: "CA1".to_owned(), ending, duration_s: 0 };
    world.step(call, ended).await.unwrap();
}

#[tokio::test]
async fn a_lead_is_called_again_within_hours_until_its_attempts_are_used_up() {
    // Goal: a busy lead is due an hour later, after closing time the next morning; the third call is the
    // last one. Every call is a row of its own, numbered.
    let mut world = World::new().await;
    let call = world.call().await;
    end(&world, call, Ending::Busy).await;
    let in_an_hour = world.later(3600);
    assert_eq!(world.lead_of(call).await, ("waiting".to_owned(), 1, Some(in_an_hour)));
    assert_eq!(world.pace().await, 0);

    // A quarter to five: an hour later nobody is called.
    world.now = "2026-11-23T21:45:00Z".parse().unwrap();
    assert_eq!(world.pace().await, 1);
    let call = world.open_calls().await[0];
    assert_eq!(world.lead_of(call).await, ("in_call".to_owned(), 1, None));
    end(&world, call, Ending::NoAnswer).await;
    let morning = "2026-11-24T14:00:00Z".parse().unwrap();
    assert_eq!(world.lead_of(call).await, ("waiting".to_owned(), 2, Some(morning)));

    world.now = morning;
    assert_eq!(world.pace().await, 1);
    let call = world.open_calls().await[0];
    assert_eq!(world.engine.recorded(world.tenant, call).await.unwrap().plan.attempt_no, 3);
    end(&world, call, Ending::Failed).await;
    assert_eq!(world.lead_of(call).await, ("exhausted".to_owned(), 3, None));
    let line = &world.engine.lead_lines(world.tenant, world.campaign).await.unwrap()[0];
    assert_eq!(line.dispositions, ["busy", "no_answer", "failed"]);
    world.audit().await;
}

#[tokio::test]
async fn a_lead_who_was_reached_is_done_with() {
    // Goal: after a conversation the lead is closed in the commit that closes the call, and the figures
    // that people see are there.
    let world = World::new().await;
    let call = world.call().await;
    for turn in conversation(&world, call) {
        assert_eq!(world.lead_of(call).await.0, "in_call");
        turn.take(&world.engine, world.tenant, call).await.unwrap();
    }
    assert_eq!(world.lead_of(call).await, ("reached".to_owned(), 1, None));
    let line = &world.engine.lead_lines(world.tenant, world.campaign).await.unwrap()[0];
    assert_eq!((line.dispositions.as_slice(), line.talk_s), (["answered".to_owned()].as_slice(), 66));
    assert!(line.cost_micros > 0);
    world.audit().await;
}

#[tokio::test]
async fn a_cadence_is_the_campaigns_own() {
    // Goal: a campaign that allows one call, and one that does not repeat after a busy line, close the lead
    // at once, each in its own words.
    let terms = |attempts, on: &[warmline_workflows::Disposition]| {
        let retry_on = on.iter().copied().collect();
        Cadence::new(cadence::Terms { max_attempts: attempts, retry_delay_min: 5, retry_on }).unwrap()
    };
    use warmline_workflows::Disposition::{Busy, NoAnswer};
    for (cadence, status) in
        [(terms(1, &[Busy]), "exhausted"), (terms(3, &[NoAnswer]), "closed"), (terms(3, &[Busy]), "waiting")]
    {
        let world = World::new().await;
        let change = |campaign: &mut NewCampaign| campaign.cadence = cadence;
        let campaign = world.campaign_with(change).await;
        world.agent(1).await;
        world.leads_in(campaign, vec![lead(0)]).await;
        world.engine.pace(world.tenant, campaign, world.now).await.unwrap();
        let call = world.open_calls().await[0];
        end(&world, call, Ending::Busy).await;
        let due = (status == "waiting").then(|| world.later(300));
        assert_eq!(world.lead_of(call).await, (status.to_owned(), 1, due));
        world.audit().await;
    }
}

#[tokio::test]
async fn leads_are_stored_once_and_all_or_none() {
    // Goal: a number is stored once in a campaign, within a file and across files; one that is marked as
    // not to be called puts the number on the list; a file with one impossible row stores none.
    let world = World::new().await;
    let marked = NewLead { do_not_call: true, ..lead(2) };
    let store = async |leads: Vec<NewLead>| {
        world.engine.store_leads(world.tenant, world.campaign, &leads, world.now).await
    };
    let stored = store(vec![lead(0), lead(1), lead(0), marked]).await.unwrap();
    assert!(matches!(
        stored[..],
        [Stored::Queued(_), Stored::Queued(_), Stored::Duplicate, Stored::DoNotCall(_)]
    ));
    assert_eq!(world.number("select count(*) from dnc_list").await, 1);
    let again = store(vec![lead(2), lead(1), lead(3)]).await.unwrap();
    assert!(matches!(again[..], [Stored::Duplicate, Stored::Duplicate, Stored::Queued(_)]));
    let impossible = NewLead { phone: "not a number".to_owned(), ..lead(5) };
    assert!(store(vec![lead(4), impossible]).await.is_err());
    assert_eq!(world.number("select count(*) from leads").await, 4);
    world.audit().await;
}
