//! Tests of forecasts: one call as it is estimated, then many.

use super::super::Rates;
use super::*;

/// One conversation of 90 seconds by telephone.
fn conversation() -> Month {
    Month {
        dialing: Dialing::Calls(1),
        human_percent: 100,
        machine_percent: 0,
        talk_s: 90,
        spread_s: 0,
        wait_s: 25,
        accept_s: 5,
        greeting_s: 20,
        amd_timeout_s: 30,
        message_s: 12,
        agent_leg: AgentLeg::Phone,
        record: Record::Conversations,
        numbers: 0,
    }
}

/// One call that a machine answers.
fn machine() -> Month {
    Month { human_percent: 0, machine_percent: 100, ..conversation() }
}

#[track_caller]
fn check(month: &Month, expected_micros: i64) {
    assert_eq!(of(month).unwrap().usage.micros(&Rates::default()), expected_micros, "{month:?}");
}

#[test]
fn one_call_comes_to_what_its_estimate_is() {
    check(&conversation(), 75_700);
    check(&machine(), 21_500);
    let client = Month { agent_leg: AgentLeg::Client, ..conversation() };
    check(&client, 75_700 - 2 * 14_000 + 2 * 4_000);
    check(&Month { record: Record::Nothing, ..conversation() }, 70_700);
    check(&Month { record: Record::Answered, ..machine() }, 24_000);
    check(&Month { numbers: 3, human_percent: 0, ..conversation() }, 3 * 1_150_000);
    // An agent listens to a machine: a minute of each leg, both in a recorded conference.
    check(&Month { greeting_s: 31, ..machine() }, 2 * 14_000 + 7_500 + 2 * 1_800 + 2_500);
}

#[test]
fn lengths_are_spread_around_the_average() {
    let lengths = |spread_s: u32, conversations: i64| {
        let month = Month { talk_s: 60, spread_s, ..conversation() };
        let mut lengths: Vec<_> = month.lengths(conversations).collect();
        assert_eq!(lengths.iter().map(|(times, _)| times).sum::<i64>(), conversations);
        lengths.retain(|(times, _)| *times > 0);
        lengths
    };
    assert_eq!(lengths(0, 7), [(7, 60)]);
    assert_eq!(lengths(1, 7), [(3, 60), (2, 59), (2, 61)]);
    assert_eq!(lengths(60, 2), [(1, 60), (1, 59)]);
    let month = Month { dialing: Dialing::Calls(61), talk_s: 90, spread_s: 30, wait_s: 0, ..conversation() };
    // Of the lengths of 60 to 120 seconds one is a minute, the others are two.
    assert_eq!(of(&month).unwrap().usage.units(Item::Recording), 121);
}

#[test]
fn leads_are_called_again() {
    let month = |attempts_max: u8, after_machine: AfterMachine| Month {
        dialing: Dialing::Leads { leads: 1000, attempts_max, after_machine },
        human_percent: 45,
        machine_percent: 30,
        ..conversation()
    };
    for (attempts_max, after_machine, calls, conversations, machines) in [
        (1, AfterMachine::Close, 1000, 450, 300),
        // 1000, 250, 63
        (3, AfterMachine::Close, 1313, 591, 394),
        // 1000, 550, 303
        (3, AfterMachine::Retry, 1853, 834, 556),
    ] {
        let forecast = of(&month(attempts_max, after_machine)).unwrap();
        let found = (forecast.calls, forecast.conversations, forecast.machines);
        assert_eq!(found, (calls, conversations, machines), "{attempts_max} {after_machine}");
    }
}

#[test]
fn there_is_no_such_month() {
    let shares = Month { machine_percent: 1, ..conversation() };
    assert_eq!(of(&shares), Err(InvalidMonth::Shares));
    assert_eq!(of(&Month { spread_s: 91, ..conversation() }), Err(InvalidMonth::Spread));
}
