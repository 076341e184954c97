//! Three sizes of an installation, each beside the first estimate that was made for it.

use serde::Serialize;
use warmline_workflows::cost::forecast::{self, Dialing, Month};
use warmline_workflows::cost::{Item, Rates, Usage};

use super::table::{PER_CALL_PLACES, cents, dollars, grouped, rounded};
use super::{Bill, Options, usd};

const DOLLAR: i64 = 1_000_000;

/// What was first estimated for a size, before there was a program.
struct FirstEstimate {
    calls: u32,
    carrier_micros: i64,
    infrastructure_micros: i64,
    /// Telephone numbers; told for the smallest size, deduced from the sums of the others.
    numbers: u32,
    /// Off the price of minutes, in percent; deduced: the estimate speaks of a discount and not of how much.
    discount_percent: i64,
}

const FIRST_ESTIMATES: [FirstEstimate; 3] = [
    FirstEstimate {
        calls: 3_000,
        carrier_micros: 85 * DOLLAR,
        infrastructure_micros: 13 * DOLLAR,
        numbers: 1,
        discount_percent: 0,
    },
    FirstEstimate {
        calls: 30_000,
        carrier_micros: 850 * DOLLAR,
        infrastructure_micros: 55 * DOLLAR,
        numbers: 10,
        discount_percent: 0,
    },
    FirstEstimate {
        calls: 300_000,
        carrier_micros: 7_570 * DOLLAR,
        infrastructure_micros: 251 * DOLLAR,
        numbers: 10,
        discount_percent: 10,
    },
];
/// Minutes of each call in the first estimate, all of them answered.
const FIRST_MINUTES: i64 = 2;

const WHY: &str = "\
The first estimate says of 3,000 calls that each is a leg of two minutes, answered or not, besides one number. That there
are ten numbers beyond, and a tenth off the minutes of 300,000, is deduced from its sums. \"By these rates\" counts like
it. The forecast counts what is charged: nothing where nobody answers; where a person does, a second leg, to the agent,
the conference and the recording, each by begun minutes; and a detection wherever somebody or something answers. It
takes nothing off: set the rates that were agreed on.
";

/// A size, as it was estimated first and as it is forecast.
#[derive(Debug, Serialize)]
pub(super) struct Tier {
    #[serde(rename = "first_carrier_usd", serialize_with = "usd")]
    first_carrier_micros: i64,
    #[serde(rename = "first_total_usd", serialize_with = "usd")]
    first_total_micros: i64,
    /// What the carrier would ask by these rates, if it charged as the first estimate counts.
    #[serde(rename = "first_carrier_by_these_rates_usd", serialize_with = "usd")]
    first_carrier_now_micros: i64,
    forecast: Bill,
}

/// All three, with calls that are otherwise as the options say.
pub(super) fn all(options: &Options, rates: &Rates) -> Result<Vec<Tier>, forecast::InvalidMonth> {
    FIRST_ESTIMATES
        .iter()
        .map(|first| {
            let dialing = Dialing::Calls(first.calls);
            let month = Month { dialing, numbers: first.numbers, ..options.month() };
            Ok(Tier {
                first_carrier_micros: first.carrier_micros,
                first_total_micros: first.carrier_micros + first.infrastructure_micros,
                first_carrier_now_micros: first.carrier_by(rates),
                forecast: Bill::of(&forecast::of(&month)?, rates, first.infrastructure_micros),
            })
        })
        .collect()
}

impl FirstEstimate {
    fn carrier_by(&self, rates: &Rates) -> i64 {
        let mut usage = Usage::default();
        usage.add(Item::Leg, FIRST_MINUTES * i64::from(self.calls));
        usage.add(Item::Number, self.numbers.into());
        usage.micros(rates) - rounded(usage.micros_of(Item::Leg, rates) * self.discount_percent, 100)
    }
}

/// The sizes side by side.
pub(super) fn table(tiers: &[Tier]) -> String {
    let mut text = String::new();
    let mut row = |of: &str, what: &str, show: &dyn Fn(&Tier) -> String| {
        let mut line = format!("{of:<17}{what:<17}");
        for tier in tiers {
            line += &format!("{:>13}", show(tier));
        }
        text += line.trim_end();
        text += "\n";
    };
    let per_call = |micros: i64, tier: &Tier| dollars(rounded(micros, tier.forecast.calls), PER_CALL_PLACES);
    row("calls a month", "", &|tier| grouped(tier.forecast.calls));
    row("first estimate", "carrier", &|tier| cents(tier.first_carrier_micros));
    row("", "infrastructure", &|tier| cents(tier.first_total_micros - tier.first_carrier_micros));
    row("", "total", &|tier| cents(tier.first_total_micros));
    row("", "per call", &|tier| per_call(tier.first_total_micros, tier));
    row("by these rates", "carrier", &|tier| cents(tier.first_carrier_now_micros));
    let mut of = "forecast";
    for item in Item::ALL {
        let micros = |tier: &Tier| {
            let line = tier.forecast.items.iter().find(|line| line.item == *item);
            line.map(|line| line.micros)
        };
        if tiers.iter().any(|tier| micros(tier).is_some()) {
            row(std::mem::take(&mut of), item.as_str(), &|tier| cents(micros(tier).unwrap_or(0)));
        }
    }
    row(of, "carrier", &|tier| cents(tier.forecast.carrier_micros));
    row("", "infrastructure", &|tier| cents(tier.forecast.infrastructure_micros));
    row("", "total", &|tier| cents(tier.forecast.total_micros));
    row("", "per call", &|tier| per_call(tier.forecast.total_micros, tier));
    row("", "per conversation", &|tier| {
        let micros = tier.forecast.per_conversation_micros;
        micros.map_or_else(|| "-".to_owned(), |micros| dollars(micros, PER_CALL_PLACES))
    });
    text + "\n" + WHY
}
