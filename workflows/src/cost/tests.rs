//! Tests of costs: a call's estimate, exact to the micro.

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::cadence::Cadence;
use crate::call::legs::{LegRecord, Phase};
use crate::call::{Conduct, Ordinal};
use crate::window::{CallingWindow, Terms};
use crate::{CallId, CampaignId, GroupId, LeadId, Leg, TenantId, Verdict};

fn opened_at() -> Timestamp {
    "2026-03-02T15:00:00Z".parse().unwrap()
}

fn plan(conduct: Conduct) -> Plan {
    let id = uuid::Uuid::from_u128;
    Plan {
        tenant: TenantId(id(1)),
        call: CallId(id(2)),
        campaign: CampaignId(id(3)),
        lead: LeadId(id(4)),
        group: GroupId(id(5)),
        opened_at: opened_at(),
        attempt_no: 1,
        attempts_before: 0,
        token: "token".to_owned(),
        lead_name: String::new(),
        lead_phone: String::new(),
        carrier: None,
        caller_id: "+12125550199".to_owned(),
        conduct,
        window: CallingWindow::new(Terms::office_hours("America/New_York")).unwrap(),
        zones: Vec::new(),
        cadence: Cadence::default(),
    }
}

/// A call with these legs: none was never answered, a number is connected seconds.
fn call(legs: &[Option<u32>]) -> Memory {
    let mut call = Memory::default();
    for (number, duration_s) in (0_u16..).zip(legs) {
        call.legs.request(LegRecord {
            leg: if number == 0 { Leg::Lead } else { Leg::Agent(number) },
            agent: None,
            to_client: false,
            sid: None,
            phase: Phase::Settled,
            settlement: None,
            placement: Ordinal { version: 1, index: number },
            requested_at: opened_at(),
            answered_at: duration_s.map(|_| opened_at()),
            duration_s: duration_s.unwrap_or(0),
            hang_up_sent: false,
            release: None,
        });
    }
    call
}

#[test]
fn an_estimate_is_exact() {
    let recorded = plan(Conduct::default());
    let rates = Rates::default();
    let micros = |call: &Memory| of(call, &recorded, &rates);

    assert_eq!(micros(&call(&[])), 0, "never dialed");
    assert_eq!(micros(&call(&[None])), 0, "never answered");
    assert_eq!(micros(&call(&[Some(0)])), 14_000, "less than a second is a minute");
    assert_eq!((micros(&call(&[Some(60)])), micros(&call(&[Some(61)]))), (14_000, 28_000));

    let voicemail = Memory { verdict: Some(Verdict::Machine), ..call(&[Some(32)]) };
    assert_eq!(micros(&voicemail), 21_500, "a leg of a minute and a detection");

    // 90 seconds of talk with an agent on a mobile phone; another agent did not pick up.
    let bridged_at = opened_at() + SignedDuration::from_secs(25);
    let talked = Memory {
        verdict: Some(Verdict::Human),
        waiting_since: Some(opened_at()),
        bridged_at: Some(bridged_at),
        parted_at: Some(bridged_at + SignedDuration::from_secs(90)),
        ..call(&[Some(115), None, Some(95)])
    };
    assert_eq!(micros(&talked), 75_700);
    let unrecorded = plan(Conduct { record: false, ..Conduct::default() });
    assert_eq!(of(&talked, &unrecorded, &rates), 70_700);
    let dearer: Rates = "leg=0.02,recording=0".parse().unwrap();
    assert_eq!(of(&talked, &recorded, &dearer), 4 * 20_000 + 7_500 + 4 * 1_800);

    let mut in_a_browser = talked;
    in_a_browser.legs.get_mut(Leg::Agent(2)).unwrap().to_client = true;
    assert_eq!(micros(&in_a_browser), 75_700 - 2 * (14_000 - 4_000));
    assert_eq!(billed(&in_a_browser, &recorded, &rates, 40_000), 40_000 + 7_500 + 4 * 1_800 + 2 * 2_500);
}
