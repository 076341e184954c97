//! Caller ids: which number a call shows, how often a day, and that none is shown that must not be.

use std::collections::BTreeMap;
use std::time::Duration;

use uuid::Uuid;
use warmline_engine::Error;
use warmline_engine::caller_ids::{Terms, Unchecked};
use warmline_engine::leads::NewLead;
use warmline_engine::placement::Claim;
use warmline_workflows::rules::{Permission, Reason};
use warmline_workflows::{CallId, NumberId};

use crate::carriers::account;
use crate::world::{World, at_once, lead, placement};

const LEASE: Duration = Duration::from_secs(15);
const MAIN: &str = "+12125550100";
const SECOND: &str = "+16465550100";
const WEST: &str = "+14155550100";
/// Until the same hour of the next day.
const DAY_S: i64 = 24 * 3600;

impl World {
    /// Adds a number to the organisation's list; nobody has asked the carrier about it.
    async fn number_named(&self, phone: &str, daily_cap: Option<i32>) -> NumberId {
        let id = NumberId(Uuid::now_v7());
        let terms = Terms { label: String::new(), daily_cap };
        self.engine.add_caller_id(self.tenant, id, (phone, &terms), self.now).await.unwrap();
        id
    }

    /// The carrier lists these numbers and no others.
    async fn listed(&self, phones: &[&str]) -> Vec<NumberId> {
        let of = Unchecked { tenant: self.tenant, carrier: None };
        let phones: Vec<String> = phones.iter().map(|phone| (*phone).to_owned()).collect();
        self.engine.note_listed(of, &phones).await.unwrap()
    }

    /// The campaign shows these numbers.
    async fn shows(&self, phones: &[&str], local_presence: bool) {
        let campaign = self.engine.campaign(self.tenant, self.campaign).await.unwrap();
        let mut settings = campaign.settings;
        settings.caller_ids = phones.iter().map(|phone| (*phone).to_owned()).collect();
        settings.local_presence = local_presence;
        self.engine.update_campaign(self.tenant, (self.campaign, None), &settings, self.now).await.unwrap();
    }

    /// The number that each call shows to its lead, by the lead's number.
    async fn shown(&self) -> BTreeMap<String, String> {
        let mut shown = BTreeMap::new();
        for call in self.engine.all_calls(self.tenant).await.unwrap() {
            let plan = self.engine.recorded(self.tenant, call).await.unwrap().plan;
            shown.insert(plan.lead_phone, plan.caller_id);
        }
        shown
    }

    async fn calls_today(&self, id: NumberId) -> i32 {
        self.engine.caller_id(self.tenant, id, self.now).await.unwrap().calls_today
    }

    async fn claimed(&self, call: CallId) -> Result<(), Reason> {
        match self.engine.claim_placement(self.tenant, placement(call), LEASE, self.now).await.unwrap() {
            Claim::Send(_) => Ok(()),
            Claim::Withhold { reason, .. } => Err(reason),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_cap_holds_however_many_open_calls_at_once() {
    // Goal: twenty campaigns that show one number are paced at the same time by two processes; exactly as many calls
    // are opened as the number may make, and the next day goes on by itself.
    let mut world = World::new().await;
    let main = world.number_named(MAIN, Some(7)).await;
    world.listed(&[MAIN]).await;
    world.agent_with(1, |agent| agent.max_concurrent_calls = 20).await;
    world.agent_with(2, |agent| agent.max_concurrent_calls = 20).await;
    let other = world.another_process().await;
    let mut campaigns = Vec::new();
    let mut leads = Vec::new();
    for number in 0..20 {
        let campaign = world.campaign_with(|campaign| campaign.name = format!("Campaign {number}")).await;
        leads.extend(world.leads_in(campaign, vec![lead(number)]).await);
        campaigns.push(campaign);
    }
    let now = world.now;
    let pace = |at| {
        let engines = [&world.engine, &other];
        let rounds = campaigns.iter().zip(engines.into_iter().cycle());
        at_once(rounds.map(move |(campaign, engine)| engine.pace(world.tenant, *campaign, at)))
    };
    let opened = |paced: Vec<Result<warmline_engine::pace::Paced, Error>>| -> u32 {
        paced.into_iter().map(|paced| paced.unwrap().opened).sum()
    };
    assert_eq!(opened(pace(now).await), 7);
    assert_eq!(opened(pace(now).await), 0);
    assert_eq!((world.number("select count(*) from calls").await, world.calls_today(main).await), (7, 7));

    let capped = Permission::DenyUntil {
        at: "2026-11-24T14:00:00Z".parse().unwrap(),
        reason: Reason::CallerIdsCapped,
    };
    let mut waiting = 0;
    for (lead, campaign) in leads.iter().zip(&campaigns) {
        let explained = world.engine.explain_lead(world.tenant, *lead, now).await.unwrap();
        assert_eq!(explained.dials_now, 0);
        if explained.permission == capped {
            waiting += 1;
            let shares = world.engine.preview_campaign(world.tenant, *campaign, now).await.unwrap();
            assert!(shares.len() == 1 && shares[0].permission == capped, "{shares:?}");
        }
    }
    assert_eq!(waiting, 13);
    let tomorrow = world.later(DAY_S);
    assert_eq!(opened(pace(tomorrow).await), 7, "nobody has to do anything");
    world.now = tomorrow;
    assert_eq!(world.calls_today(main).await, 7);

    // A higher cap helps at once.
    let terms = Terms { label: String::new(), daily_cap: None };
    world.engine.update_caller_id((world.tenant, main), &terms, world.now).await.unwrap();
    let mut rest = 0;
    for campaign in &campaigns {
        rest += world.engine.pace(world.tenant, *campaign, world.now).await.unwrap().opened;
    }
    assert_eq!(rest, 6);
    world.audit().await;
}

#[tokio::test]
async fn a_number_that_is_added_again_is_not_fresh() {
    let world = World::new().await;
    let main = world.number_named(MAIN, Some(1)).await;
    world.number_named(SECOND, Some(1)).await;
    world.listed(&[MAIN, SECOND]).await;
    world.calls(1).await;
    world.leads(1..3).await;
    assert_eq!(world.pace().await, 0);
    world.shows(&[SECOND], false).await;
    world.engine.remove_caller_id(world.tenant, main).await.unwrap();
    let main = world.number_named(MAIN, Some(1)).await;
    world.listed(&[MAIN, SECOND]).await;
    assert_eq!(world.calls_today(main).await, 1);
    world.shows(&[MAIN], false).await;
    assert_eq!(world.pace().await, 0);
    world.audit().await;
}

#[tokio::test]
async fn leads_see_a_number_of_their_area_and_else_the_least_shown() {
    let world = World::new().await;
    for phone in [MAIN, SECOND, WEST] {
        world.number_named(phone, None).await;
    }
    world.listed(&[MAIN, SECOND, WEST]).await;
    world.shows(&[MAIN, WEST, SECOND], true).await;
    world.agent_with(1, |agent| agent.max_concurrent_calls = 20).await;
    let to = |phone: &str| NewLead { phone: phone.to_owned(), ..lead(0) };
    // One after the other, so that the order is known.
    for phone in ["+14155550171", "+14155550172", "+16465550171", "+13125550171", "+13125550172"] {
        world.leads_in(world.campaign, vec![to(phone)]).await;
        assert_eq!(world.pace().await, 1, "{phone}");
    }
    let expected = [
        ("+13125550171", MAIN),
        ("+13125550172", MAIN),
        ("+14155550171", WEST),
        ("+14155550172", WEST),
        ("+16465550171", SECOND),
    ];
    let shown = world.shown().await;
    // The two from elsewhere: main had none, then one like the second.
    assert!(shown.iter().map(|(lead, number)| (lead.as_str(), number.as_str())).eq(expected), "{shown:?}");
    world.audit().await;
}

#[tokio::test]
async fn what_the_carrier_does_not_list_is_not_dialed_from() {
    // Goal: a number that nobody has asked about, that the carrier took away, or that is on the list of another account
    // is refused before a call is opened, and in the claim; listed again, it goes on.
    let world = World::new().await;
    let main = world.number_named(MAIN, None).await;
    world.agent_with(1, |agent| agent.max_concurrent_calls = 20).await;
    let first = world.leads(0..1).await[0];
    let denied = async |lead| {
        assert_eq!(world.pace().await, 0);
        let explained = world.engine.explain_lead(world.tenant, lead, world.now).await.unwrap();
        assert_eq!(explained.permission, Permission::DenyForever { reason: Reason::CallerIdsUnusable });
    };
    denied(first).await;
    let unchecked = world.engine.unchecked_caller_ids(10).await.unwrap();
    assert_eq!(unchecked, [Unchecked { tenant: world.tenant, carrier: None }]);
    assert!(world.listed(&[MAIN]).await.is_empty());
    assert!(world.engine.unchecked_caller_ids(10).await.unwrap().is_empty(), "not asked again at once");
    assert_eq!(world.pace().await, 1);

    // Between opening and dialing the carrier takes it away.
    let call = world.open_calls().await[0];
    assert_eq!(world.listed(&[SECOND]).await, [main], "what was lost is told once");
    assert!(world.listed(&[SECOND]).await.is_empty());
    denied(world.leads(1..3).await[0]).await;
    assert_eq!(world.claimed(call).await, Err(Reason::CallerIdsUnusable));

    world.listed(&[MAIN]).await;
    assert_eq!(world.pace().await, 2);
    // What the one account lists says nothing of another, and is not taken for its.
    world.engine.set_carrier_account(world.tenant, None, &account("AC1", "a")).await.unwrap();
    world.listed(&[MAIN]).await;
    assert_eq!(world.engine.caller_id(world.tenant, main, world.now).await.unwrap().listed, None);
    let unchecked = world.engine.unchecked_caller_ids(10).await.unwrap();
    assert!(unchecked[0].carrier.is_some(), "it is asked next");
    world.engine.put_off_check(world.tenant, LEASE).await.unwrap();
    assert!(world.engine.unchecked_caller_ids(10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_list_is_kept_to_and_its_numbers_stay_while_they_are_shown() {
    let world = World::new().await;
    world.agent_with(1, |agent| agent.max_concurrent_calls = 20).await;
    world.leads(0..2).await;
    let second = world.number_named(SECOND, None).await;
    world.listed(&[MAIN, SECOND]).await;
    assert_eq!(world.pace().await, 0, "the campaign shows a number that the organisation has not named");
    let campaign = world.engine.campaign(world.tenant, world.campaign).await.unwrap();
    let mut settings = campaign.settings;
    settings.caller_ids.push(WEST.to_owned());
    let refused =
        world.engine.update_campaign(world.tenant, (world.campaign, None), &settings, world.now).await;
    assert!(matches!(refused, Err(Error::Invalid { field: "caller_id", .. })), "{refused:?}");
    world.shows(&[MAIN, SECOND], false).await;
    assert_eq!(world.pace().await, 2);
    assert!(world.shown().await.values().all(|shown| shown == SECOND));
    let removed = world.engine.remove_caller_id(world.tenant, second).await;
    assert!(matches!(removed, Err(Error::Refused(_))), "it is in a pool: {removed:?}");
    world.audit().await;
}

#[tokio::test]
async fn a_call_that_is_dialed_the_next_day_counts_on_that_day() {
    // Goal: calls opened before midnight, and dialed after it, do not take the number past the cap of the new day.
    let mut world = World::new().await;
    let main = world.number_named(MAIN, Some(2)).await;
    world.listed(&[MAIN]).await;
    let late = world.calls(2).await;
    world.now = world.later(DAY_S);
    world.leads(5..6).await;
    assert_eq!((world.pace().await, world.calls_today(main).await), (1, 1));
    assert_eq!(world.claimed(late[0]).await, Ok(()));
    assert_eq!(world.calls_today(main).await, 2);
    assert_eq!(world.claimed(late[1]).await, Err(Reason::CallerIdsCapped));
    let today = world.open_calls().await[2];
    assert_eq!(world.claimed(today).await, Ok(()), "it was counted when it was opened");
    assert_eq!(world.calls_today(main).await, 2);
    world.audit().await;
}
