//! The rules, case by case, and what holds of all of them.

use jiff::SignedDuration;
use jiff::civil::Weekday;
use proptest::prelude::*;

use super::*;
use crate::window::span::time_zone;
use crate::window::{CallingWindow, Days, Terms};

fn window(edit: impl FnOnce(&mut Terms)) -> CallingWindow {
    let mut terms = Terms::office_hours("America/New_York");
    edit(&mut terms);
    CallingWindow::new(terms).unwrap()
}

fn zones(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn facts<'a>(window: &'a CallingWindow, zones: &'a [String]) -> Facts<'a> {
    let cap = Cap { in_flight: 0, max: 10 };
    Facts {
        tenant_disabled: false,
        country_denied: false,
        spend_capped: false,
        caller_ids: Availability::Available,
        campaign: campaign::Status::Active,
        hours: Hours { window, zones },
        lead: lead::Status::New,
        do_not_call: false,
        open_call: false,
        attempts: 0,
        max_attempts: 3,
        due_at: None,
        tenant_calls: cap,
        campaign_calls: cap,
    }
}

/// `allow`, `never: reason`, or the instant and the reason.
fn show(permission: Permission) -> String {
    match permission {
        Permission::Allow => "allow".to_owned(),
        Permission::DenyUntil { at, reason } => format!("{at} {}", reason.as_str()),
        Permission::DenyForever { reason } => format!("never: {}", reason.as_str()),
    }
}

/// Monday, 10:00 in New York.
const OPEN: &str = "2026-11-23T15:00:00Z";
/// The end of that day.
const MIDNIGHT: &str = "2026-11-24T05:00:00Z";

#[test]
fn facts_deny_at_the_three_moments_of_a_call() {
    type Edit = fn(&mut Facts<'_>);
    let cases: &[(&str, Edit, [&str; 3])] = &[
        ("nothing", |_| {}, ["allow", "allow", "allow"]),
        ("a country not called", |facts| facts.country_denied = true, ["never: country_not_allowed"; 3]),
        ("nothing left to spend", |facts| facts.spend_capped = true, ["never: spend_cap_reached"; 3]),
        ("a retry that is due", |facts| facts.lead = lead::Status::Waiting, ["allow", "allow", "allow"]),
        ("on the list", |facts| facts.do_not_call = true, ["never: do_not_call"; 3]),
        (
            "on the list, in a call",
            |facts| (facts.do_not_call, facts.open_call) = (true, true),
            ["never: do_not_call"; 3],
        ),
        ("asked for it", |facts| facts.lead = lead::Status::DoNotCall, ["never: do_not_call"; 3]),
        ("bad number", |facts| facts.lead = lead::Status::Invalid, ["never: number_invalid"; 3]),
        ("reached", |facts| facts.lead = lead::Status::Reached, ["never: lead_closed"; 3]),
        ("closed", |facts| facts.lead = lead::Status::Closed, ["never: lead_closed"; 3]),
        ("exhausted", |facts| facts.lead = lead::Status::Exhausted, ["never: attempts_exhausted"; 3]),
        ("no attempts left", |facts| facts.attempts = 3, ["never: attempts_exhausted", "allow", "allow"]),
        (
            "last attempt in flight",
            |facts| (facts.attempts, facts.lead) = (3, lead::Status::InCall),
            ["never: already_in_call", "allow", "allow"],
        ),
        ("call open elsewhere", |facts| facts.open_call = true, ["never: already_in_call", "allow", "allow"]),
        ("tenant off", |facts| facts.tenant_disabled = true, ["never: tenant_disabled"; 3]),
        ("draft", |facts| facts.campaign = campaign::Status::Draft, ["never: campaign_draft"; 3]),
        (
            "paused",
            |facts| facts.campaign = campaign::Status::Paused,
            ["never: campaign_paused", "never: campaign_paused", "allow"],
        ),
        ("stopped", |facts| facts.campaign = campaign::Status::Stopped, ["never: campaign_stopped"; 3]),
        ("finished", |facts| facts.campaign = campaign::Status::Finished, ["never: campaign_finished"; 3]),
        (
            "due later",
            |facts| facts.due_at = Some("2026-11-23T15:30:00Z".parse().unwrap()),
            ["2026-11-23T15:30:00Z not_due_yet", "allow", "allow"],
        ),
        (
            "due out of hours",
            |facts| facts.due_at = Some("2026-11-27T22:30:00Z".parse().unwrap()),
            ["2026-11-30T14:00:00Z not_due_yet", "allow", "allow"],
        ),
        (
            "no caller id",
            |facts| facts.caller_ids = Availability::Unusable,
            ["never: caller_ids_unusable", "never: caller_ids_unusable", "allow"],
        ),
        (
            "caller ids at their cap",
            |facts| facts.caller_ids = Availability::CappedUntil(MIDNIGHT.parse().unwrap()),
            ["2026-11-24T14:00:00Z caller_ids_capped", "2026-11-24T14:00:00Z caller_ids_capped", "allow"],
        ),
        (
            "at their cap, due before it ends",
            |facts| {
                facts.caller_ids = Availability::CappedUntil(MIDNIGHT.parse().unwrap());
                facts.due_at = Some("2026-11-23T15:30:00Z".parse().unwrap());
            },
            ["2026-11-24T14:00:00Z caller_ids_capped", "2026-11-24T14:00:00Z caller_ids_capped", "allow"],
        ),
        (
            "at their cap, due after it ends",
            |facts| {
                facts.caller_ids = Availability::CappedUntil(MIDNIGHT.parse().unwrap());
                facts.due_at = Some("2026-11-24T15:00:00Z".parse().unwrap());
            },
            ["2026-11-24T15:00:00Z not_due_yet", "2026-11-24T14:00:00Z caller_ids_capped", "allow"],
        ),
        (
            "tenant full",
            |facts| facts.tenant_calls.in_flight = 10,
            ["never: tenant_concurrency", "allow", "allow"],
        ),
        (
            "campaign full",
            |facts| facts.campaign_calls.max = 0,
            ["never: campaign_concurrency", "allow", "allow"],
        ),
        ("zone unknown", |facts| facts.hours.zones = &[], ["never: zone_unknown"; 3]),
    ];
    let (window, zones) = (window(|_| {}), zones(&["America/New_York"]));
    for (name, edit, expected) in cases {
        let mut facts = facts(&window, &zones);
        edit(&mut facts);
        let now = OPEN.parse().unwrap();
        let answers = [may_call(&facts, now), may_dial(&facts, now), may_continue(&facts, now)].map(show);
        assert_eq!(answers, *expected, "{name}");
    }
}

#[test]
fn hours_must_suit_the_campaign_and_every_zone_of_the_lead() {
    let dated = |terms: &mut Terms| {
        terms.starts_on = Some("2026-11-24".parse().unwrap());
        terms.ends_on = Some("2026-11-27".parse().unwrap());
    };
    let early = |terms: &mut Terms| terms.opens = "06:00".parse().unwrap();
    let tokyo = |terms: &mut Terms| {
        (terms.time_zone, terms.opens) = ("Asia/Tokyo".to_owned(), "12:00".parse().unwrap());
    };
    let new_york = &["America/New_York"][..];
    for (window, names, now, expected) in [
        (window(|_| {}), new_york, "2026-11-23T22:00:00Z", "2026-11-24T14:00:00Z outside_calling_hours"),
        // A lead in Los Angeles, called from New York at 09:00, would be called at 06:00.
        (
            window(|_| {}),
            &["America/Los_Angeles"],
            "2026-11-23T14:00:00Z",
            "2026-11-23T16:00:00Z outside_legal_hours",
        ),
        // Nobody widens the law.
        (window(early), new_york, "2026-11-23T12:00:00Z", "2026-11-23T13:00:00Z outside_legal_hours"),
        // The number says New York, the address says Honolulu: the stricter of both, on both sides.
        (
            window(|_| {}),
            &["America/New_York", "Pacific/Honolulu"],
            "2026-11-23T15:00:00Z",
            "2026-11-23T18:00:00Z outside_legal_hours",
        ),
        (
            window(|_| {}),
            &["Europe/Berlin", "Pacific/Honolulu"],
            "2026-11-23T15:00:00Z",
            "2026-11-23T18:00:00Z outside_legal_hours",
        ),
        // It is 21:00 in London; the window only meets London's evening, from 20:00, and not at the weekend.
        (
            window(|terms| terms.opens = "15:00".parse().unwrap()),
            &["Europe/London"],
            "2026-11-27T21:00:00Z",
            "2026-11-30T20:00:00Z outside_legal_hours",
        ),
        (window(dated), new_york, "2026-11-20T15:00:00Z", "2026-11-24T14:00:00Z campaign_not_started"),
        (window(dated), new_york, "2026-11-27T21:59:59Z", "allow"),
        (window(dated), new_york, "2026-11-27T22:00:00Z", "never: campaign_ended"),
        // 12:00 to 17:00 in Tokyo is the middle of the night in New York, all year.
        (window(tokyo), new_york, "2026-11-23T15:00:00Z", "never: no_common_hours"),
        (window(|_| {}), &["America/New_York", "Mars/Olympus"], OPEN, "never: zone_unknown"),
    ] {
        let zones = zones(names);
        let facts = facts(&window, &zones);
        assert_eq!(show(may_call(&facts, now.parse().unwrap())), expected, "{names:?} {now}");
    }
}

const ZONES: [&str; 9] = [
    "America/New_York",
    "America/Los_Angeles",
    "Pacific/Honolulu",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Pacific/Kiritimati",
    "Africa/Casablanca",
    "Europe/London",
    "America/Vancouver",
];

prop_compose! {
    fn any_window()(
        zone in 0..ZONES.len(),
        days in 1_u8..128,
        opens in 0..1440_u32,
        length in 1..1440_u32,
    ) -> CallingWindow {
        let clock = |minute: u32| format!("{:02}:{:02}", minute / 60 % 24, minute % 60).parse().unwrap();
        window(|terms| {
            terms.time_zone = ZONES[zone].to_owned();
            (terms.opens, terms.closes) = (clock(opens), clock(opens + length));
            let week = Weekday::Monday.cycle_forward().take(7);
            terms.days = week.filter(|day| days >> day.to_monday_zero_offset() & 1 == 1).collect::<Days>();
        })
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    /// The instant of an answer is the very first that is allowed, seen from any moment before it.
    #[test]
    fn denials_end_when_they_say(
        window in any_window(),
        names in proptest::sample::subsequence(&ZONES[..], 1..4),
        second in 0..2 * 365 * 86_400_i64,
        due_in in proptest::option::of(-86_400..14 * 86_400_i64),
        capped_for in proptest::option::of(1..86_400_i64),
        between in 0.0..1.0_f64,
    ) {
        let now = "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(second);
        let zones = zones(&names);
        let mut facts = facts(&window, &zones);
        facts.due_at = due_in.map(|due_in| now + SignedDuration::from_secs(due_in));
        if let Some(capped_for) = capped_for {
            facts.caller_ids = Availability::CappedUntil(now + SignedDuration::from_secs(capped_for));
        }
        let answer = may_call(&facts, now);
        match &answer {
            Permission::Allow => {
                prop_assert!(facts.due_at.is_none_or(|due| due <= now));
                for name in &zones {
                    let hour = time_zone(name).unwrap().to_datetime(now).hour();
                    prop_assert!((8..21).contains(&hour), "{hour} o'clock in {name}");
                }
                prop_assert_eq!(may_dial(&facts, now), Permission::Allow);
                prop_assert_eq!(may_continue(&facts, now), Permission::Allow);
            }
            Permission::DenyUntil { at, .. } => {
                prop_assert!(*at > now);
                prop_assert_eq!(may_call(&facts, *at), Permission::Allow);
                let wait = at.duration_since(now);
                let tick = SignedDuration::from_nanos(1);
                for passed in [wait.mul_f64(between).min(wait - tick), wait - tick] {
                    let later = now + passed;
                    match may_call(&facts, later) {
                        Permission::DenyUntil { at: same, .. } => prop_assert_eq!(same, *at, "{}", later),
                        other => prop_assert!(false, "{:?} at {}", other, later),
                    }
                }
            }
            Permission::DenyForever { reason } => {
                prop_assert_eq!(reason, &Reason::NoCommonHours);
                for day in [1, 100, 250] {
                    let later = may_call(&facts, now + SignedDuration::from_hours(24 * day));
                    prop_assert!(later != Permission::Allow, "after {} days", day);
                }
            }
        }
    }

    /// Too many calls at once is told last: it never hides how long a lead has to wait.
    #[test]
    fn full_lines_do_not_change_when(window in any_window(), second in 0..2 * 365 * 86_400_i64) {
        let now = "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(second);
        let zones = zones(&["America/New_York"]);
        let free = facts(&window, &zones);
        let mut full = free.clone();
        full.tenant_calls.in_flight = full.tenant_calls.max;
        match may_call(&free, now) {
            Permission::Allow => {
                let reason = Reason::TenantConcurrency;
                prop_assert_eq!(may_call(&full, now), Permission::DenyForever { reason });
            }
            denied => prop_assert_eq!(may_call(&full, now), denied),
        }
    }
}
