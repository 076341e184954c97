//! Prices: what the carrier charged takes the place of what was estimated.

use std::time::Duration;

use jiff::Timestamp;
use warmline_engine::calls::stats::{By, Scope};
use warmline_simulator::Quirks;
use warmline_workflows::call::Conduct;
use warmline_workflows::cost::{Basis, Item, Rates};

use crate::support::{Rig, Spec, cadence, phone, scripts, until};

const TALKS: &str = r#"{"is":"human","answer_after_s":3,"talk_s":40,"patience_s":600}"#;
const MACHINE: &str = r#"{"is":"machine","answer_after_s":5,"greeting_s":5}"#;
/// What the simulated carrier charges for a begun minute.
const MINUTE_MICROS: i64 = 13_850;

fn spec(quirks: Quirks) -> Spec {
    Spec {
        scripts: scripts([(&*phone(0), TALKS), (&*phone(1), MACHINE), (&*phone(2), r#"{"is":"busy"}"#)]),
        agents: 1,
        conduct: Conduct { wrap_up_s: 0, record: false, ..Conduct::default() },
        cadence: cadence(1, 30),
        quirks,
        ..Spec::default()
    }
}

/// Costs of closed calls in the order of their size: what they rest on, what they are, and what was estimated.
async fn costs(rig: &Rig) -> Vec<(String, i64, i64)> {
    sqlx::query_as(
        "select cost_basis, coalesce(billed_micros, cost_micros), cost_micros from calls where not open
         order by cost_micros",
    )
    .fetch_all(&rig.database)
    .await
    .unwrap()
}

impl Rig {
    async fn all_priced(&self) {
        let open = "select count(*) from inquiries where about = 'price'";
        until("nothing is left to be asked", Duration::from_secs(60), async || self.count(open).await == 0)
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_carriers_price_takes_the_place_of_the_estimate() {
    // Goal: prices that come ten minutes after the end are asked for until they are there; statistics and what was
    // spent follow them.
    let rig = Rig::start(spec(Quirks { rated_after_s: 600.0, ..Quirks::default() })).await;
    let cap = Some(50_000_000);
    rig.engine.set_budget(rig.tenant, (cap, cap), (Timestamp::now(), rig.now())).await.unwrap();
    rig.call(&[&phone(0), &phone(1), &phone(2)]).await;
    rig.finished().await;
    let estimates = costs(&rig).await;
    assert!(estimates.iter().all(|(basis, ..)| basis == Basis::Estimated.as_str()), "{estimates:?}");
    let put_off = "select count(*) from inquiries where due_at > closed_at + interval '6 minutes'";
    until("both are asked for in vain", Duration::from_secs(30), async || rig.count(put_off).await == 2)
        .await;
    assert_eq!(costs(&rig).await, estimates);
    rig.all_priced().await;

    let leg_micros = Rates::default().of(Item::Leg);
    let billed = costs(&rig).await;
    let (busy, answered) = billed.split_first().unwrap();
    assert_eq!(busy, &("estimated".to_owned(), 0, 0), "nobody is charged for a busy line");
    let legs = rig.legs();
    let minutes: u64 = legs
        .iter()
        .filter(|leg| leg.answered.is_some())
        .map(|leg| leg.duration_s().unwrap().div_ceil(60))
        .sum();
    let mut cheaper = 0;
    for (basis, cost, estimate) in answered {
        assert_eq!(basis, "billed", "{billed:?}");
        cheaper += estimate - cost;
    }
    assert_eq!(
        cheaper,
        minutes as i64 * (leg_micros - MINUTE_MICROS),
        "of every minute of every leg, and of nothing else: {billed:?}"
    );
    let sum: i64 = billed.iter().map(|(_, cost, _)| cost).sum();
    let lines = rig.engine.lead_lines(rig.tenant, rig.campaign).await.unwrap();
    assert_eq!(lines.iter().map(|line| line.cost_micros).sum::<i64>(), sum);
    for call in rig.engine.all_calls(rig.tenant).await.unwrap() {
        let call = rig.engine.call(rig.tenant, call).await.unwrap().summary;
        let is_known = billed
            .iter()
            .any(|(basis, cost, _)| (&**basis, *cost) == (call.cost_basis.as_str(), call.cost_micros));
        assert!(is_known, "{call:?}");
    }
    let told = rig.engine.call_statistics(rig.tenant, &Scope::default(), &By::All).await.unwrap();
    assert_eq!(told.iter().map(|cell| cell.counts.cost_micros).sum::<i64>(), sum);
    until("the budget has heard of it", Duration::from_secs(20), async || {
        rig.engine.budget(rig.tenant).await.unwrap().day_micros == sum
    })
    .await;
    rig.rest().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_that_is_of_no_use_leaves_the_estimate() {
    let other = Quirks { currency: "EUR".to_owned(), ..Quirks::default() };
    let never = Quirks { rated_after_s: 1e9, ..Quirks::default() };
    for (quirks, basis) in [(other, Basis::OtherCurrency), (never, Basis::NotPriced)] {
        let rig = Rig::start(spec(quirks)).await;
        rig.call(&[&phone(1)]).await;
        rig.finished().await;
        if basis == Basis::NotPriced {
            // Three days pass.
            let later =
                "update inquiries set closed_at = closed_at - interval '73 hours', due_at = opened_at";
            sqlx::query(later).execute(&rig.database).await.unwrap();
        }
        rig.all_priced().await;
        let costs = costs(&rig).await;
        assert_eq!(costs, [(basis.to_string(), costs[0].2, costs[0].2)]);
        assert!(costs[0].1 > 0);
        rig.close().await;
    }
}
