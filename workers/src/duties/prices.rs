//! Prices: what the carrier charged for the legs of calls that are over, in place of what was estimated.

use std::collections::HashMap;
use std::sync::Once;
use std::time::Duration;

use jiff::Timestamp;
use warmline_engine::Error;
use warmline_engine::bills::Bill;
use warmline_engine::inquiries::Inquiry;
use warmline_twilio::client::CallResource;
use warmline_workflows::inquiry::About;
use warmline_workflows::{cost, money};

use super::inquiries::{MARGIN, PORTIONS, Portion, answered, next, put_off, whole_from};
use crate::context::Context;

pub(super) const EVERY: Duration = Duration::from_secs(5);
/// The currency of our rates.
const CURRENCY: &str = "USD";

pub(super) async fn ask(context: &Context) -> Result<(), Error> {
    for _ in 0..PORTIONS {
        let Some(Portion { carrier, due, now }) = next(context, About::Price).await? else { break };
        let listed = match carrier.list_calls_during(stretch(&due)).await {
            Ok(listed) => listed,
            Err(error) => {
                put_off(context, About::Price, (&due, now), &error.to_string()).await?;
                continue;
            }
        };
        let (told, mut open) = answered(due, whole_from(&listed, |leg| leg.start_time.or(leg.date_created)));
        let legs: HashMap<&str, &CallResource> =
            listed.items.iter().map(|leg| (leg.sid.as_str(), leg)).collect();
        let mut bills = Vec::new();
        for inquiry in told {
            match bill(&inquiry, &legs, now) {
                Some(bill) => bills.push((inquiry, bill)),
                None => open.push(inquiry),
            }
        }
        context.engine.bill(&bills).await?;
        context.engine.put_off_inquiries(About::Price, &open, now).await?;
    }
    Ok(())
}

/// When the legs of some calls were dialed.
fn stretch(due: &[Inquiry]) -> (Timestamp, Timestamp) {
    let began = due.iter().map(|inquiry| inquiry.opened_at).min().unwrap_or_default();
    let legs = due.iter().flat_map(|inquiry| inquiry.call.memory().legs.iter());
    let dialed = legs.map(|leg| leg.answered_at.unwrap_or(leg.requested_at)).max().unwrap_or(began);
    (began.saturating_sub(MARGIN).unwrap_or(began), dialed.saturating_add(MARGIN).unwrap_or(dialed))
}

/// What the carrier charged for a call's legs; none as long as it may still tell.
fn bill(inquiry: &Inquiry, legs: &HashMap<&str, &CallResource>, now: Timestamp) -> Option<Bill> {
    let memory = inquiry.call.memory();
    let known = |sid: &Option<String>| sid.as_deref().and_then(|sid| legs.get(sid));
    let is_priced = cost::charged_legs(memory).all(|leg| {
        known(&leg.sid).is_some_and(|leg| leg.price.as_deref().and_then(money::read_charge).is_some())
    });
    if !is_priced {
        let age = now.duration_since(inquiry.closed_at);
        return (age > About::Price.given_up_after()).then_some(Bill::NotPriced);
    }
    // One that we take for unanswered may have been charged all the same.
    let mut legs_micros = 0;
    for leg in memory.legs.iter().filter_map(|leg| known(&leg.sid)) {
        if leg.price.is_some()
            && leg.price_unit.as_deref().is_some_and(|unit| !unit.eq_ignore_ascii_case(CURRENCY))
        {
            static SAID: Once = Once::new();
            SAID.call_once(|| {
                tracing::warn!(
                    currency = leg.price_unit,
                    "the carrier charges in another currency than that of our rates: costs stay estimates"
                );
            });
            return Some(Bill::OtherCurrency);
        }
        legs_micros += leg.price.as_deref().and_then(money::read_charge).unwrap_or(0);
    }
    Some(Bill::Priced { legs_micros })
}
