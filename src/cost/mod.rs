//! `warmline cost`: what a month of calling would come to, by the sums that calls are estimated with.

mod options;
mod table;
mod tiers;

use std::io::Write as _;

use anyhow::Context as _;
use serde::Serialize;
use warmline_workflows::cost::forecast::{self, Forecast};
use warmline_workflows::cost::{Item, Rates};
use warmline_workflows::money;

pub use options::Options;

/// A month of less, a call or two, is shown with more places than cents.
const CENTS_FROM_MICROS: i64 = 10_000_000;

/// Prints the forecast that is asked for; `rates` are those of the configuration.
///
/// # Errors
/// When there can be no such month, or nothing can be printed.
pub fn run(options: &Options, rates: &Rates) -> anyhow::Result<()> {
    let text = answer(options, rates)?;
    std::io::stdout().lock().write_all(text.as_bytes()).context("cannot print")
}

/// The text that is printed.
fn answer(options: &Options, rates: &Rates) -> anyhow::Result<String> {
    let rates = options.rates.as_ref().unwrap_or(rates);
    if options.tiers {
        let tiers = tiers::all(options, rates)?;
        return if options.json { json(&tiers) } else { Ok(tiers::table(&tiers)) };
    }
    let bill = Bill::of(&forecast::of(&options.month())?, rates, options.infrastructure_micros);
    if options.json { json(&bill) } else { Ok(bill.table(options)) }
}

fn json(answer: &impl Serialize) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(answer)? + "\n")
}

/// What a month comes to, in money.
#[derive(Debug, Serialize)]
struct Bill {
    calls: i64,
    conversations: i64,
    machines: i64,
    items: Vec<Line>,
    #[serde(rename = "carrier_usd", serialize_with = "usd")]
    carrier_micros: i64,
    #[serde(rename = "infrastructure_usd", serialize_with = "usd")]
    infrastructure_micros: i64,
    #[serde(rename = "total_usd", serialize_with = "usd")]
    total_micros: i64,
    /// To the nearest micro, as what follows.
    #[serde(rename = "per_call_usd", serialize_with = "usd")]
    per_call_micros: i64,
    /// Null without any.
    #[serde(rename = "per_conversation_usd", serialize_with = "usd_or_null")]
    per_conversation_micros: Option<i64>,
}

/// One thing that the carrier charges for.
#[derive(Debug, Serialize)]
struct Line {
    item: Item,
    units: i64,
    #[serde(rename = "rate_usd", serialize_with = "usd")]
    rate_micros: i64,
    #[serde(rename = "month_usd", serialize_with = "usd")]
    micros: i64,
}

impl Bill {
    fn of(forecast: &Forecast, rates: &Rates, infrastructure_micros: i64) -> Self {
        let Forecast { calls, conversations, machines, usage } = forecast;
        let carrier_micros = usage.micros(rates);
        let total_micros = carrier_micros + infrastructure_micros;
        let line = |item: Item| Line {
            item,
            units: usage.units(item),
            rate_micros: rates.of(item),
            micros: usage.micros_of(item, rates),
        };
        Self {
            calls: *calls,
            conversations: *conversations,
            machines: *machines,
            items: Item::ALL.iter().map(|item| line(*item)).filter(|line| line.units > 0).collect(),
            carrier_micros,
            infrastructure_micros,
            total_micros,
            per_call_micros: table::rounded(total_micros, (*calls).max(1)),
            per_conversation_micros: (*conversations > 0)
                .then(|| table::rounded(total_micros, *conversations)),
        }
    }

    fn table(&self, options: &Options) -> String {
        let unanswered = self.calls - self.conversations - self.machines;
        let mut text = format!(
            "{} calls a month: {} conversations of {}, {} answered by machines, {} by nobody.\n\n",
            table::grouped(self.calls),
            table::grouped(self.conversations),
            options.talk(),
            table::grouped(self.machines),
            table::grouped(unanswered),
        );
        let mut row = |item: &str, unit: &str, [units, rate, month, call]: [&str; 4]| {
            let line = format!("{item:<15}{unit:<19}{units:>11}{rate:>9}{month:>14}{call:>10}");
            text += line.trim_end();
            text += "\n";
        };
        row("", "unit", ["units", "$ each", "$ a month", "$ a call"]);
        let per_call =
            |micros: i64| table::dollars(table::rounded(micros, self.calls.max(1)), table::PER_CALL_PLACES);
        let month = |micros: i64| {
            let places = if self.total_micros < CENTS_FROM_MICROS { table::PER_CALL_PLACES } else { 2 };
            table::dollars(micros, places)
        };
        for line in &self.items {
            let (units, rate) = (table::grouped(line.units), money::show(line.rate_micros));
            row(
                line.item.as_str(),
                unit(line.item),
                [&units, &rate, &month(line.micros), &per_call(line.micros)],
            );
        }
        let parts =
            [("carrier", self.carrier_micros), ("infrastructure", self.infrastructure_micros)].into_iter();
        // One part alone is the total.
        let parts = parts.filter(|_| self.infrastructure_micros > 0);
        for (name, micros) in parts.chain([("total", self.total_micros)]) {
            row(name, "", ["", "", &month(micros), &per_call(micros)]);
        }
        if let Some(micros) = self.per_conversation_micros {
            text +=
                &format!("\nA conversation comes to ${}.\n", table::dollars(micros, table::PER_CALL_PLACES));
        }
        text
    }
}

const fn unit(item: Item) -> &'static str {
    match item {
        Item::Leg | Item::ClientLeg | Item::Recording => "minute",
        Item::Detection => "call",
        Item::Conference => "participant minute",
        Item::Number => "number",
    }
}

fn usd<S: serde::Serializer>(micros: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&money::show(*micros))
}

fn usd_or_null<S: serde::Serializer>(micros: &Option<i64>, serializer: S) -> Result<S::Ok, S::Error> {
    micros.map(money::show).serialize(serializer)
}

#[cfg(test)]
mod tests;
