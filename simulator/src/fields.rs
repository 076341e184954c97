//! The fields that describe a call in every request about it.

use crate::order::Order;
use crate::webhook::Fields;

/// Names the call a request is about.
pub(crate) struct Subject<'a> {
    pub(crate) account_sid: &'a str,
    pub(crate) call_sid: &'a str,
    pub(crate) order: &'a Order,
    /// The word for its status.
    pub(crate) status: &'a str,
}

/// Appends a field.
pub(crate) fn push(fields: &mut Fields, name: &str, value: impl ToString) {
    fields.push((name.to_owned(), value.to_string()));
}

/// The fields common to document requests and status callbacks.
pub(crate) fn of_call(subject: &Subject<'_>) -> Fields {
    let (from, to) = (subject.order.from.as_str(), subject.order.to.as_str());
    let mut fields = Fields::new();
    push(&mut fields, "AccountSid", subject.account_sid);
    push(&mut fields, "ApiVersion", "2010-04-01");
    push(&mut fields, "CallSid", subject.call_sid);
    push(&mut fields, "CallStatus", subject.status);
    push(&mut fields, "Direction", "outbound-api");
    for (name, value) in [("From", from), ("To", to), ("Caller", from), ("Called", to)] {
        push(&mut fields, name, value);
    }
    for (name, number) in [("To", to), ("Called", to), ("From", from), ("Caller", from)] {
        // Softphones and SIP endpoints are nowhere in particular.
        if let Some(country) = country(number) {
            for (part, value) in [("City", ""), ("State", ""), ("Zip", ""), ("Country", country)] {
                push(&mut fields, &format!("{name}{part}"), value);
            }
        }
    }
    fields
}

/// The country of a number, empty when it is not one of the few we can tell.
fn country(number: &str) -> Option<&'static str> {
    let digits = number.strip_prefix('+')?;
    let prefixes = [("1", "US"), ("44", "GB"), ("49", "DE"), ("33", "FR"), ("61", "AU"), ("92", "PK")];
    Some(prefixes.iter().find(|(prefix, _)| digits.starts_with(prefix)).map_or("", |(_, country)| country))
}
