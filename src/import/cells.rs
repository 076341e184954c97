//! What single cells say, or why they say nothing.

use std::sync::LazyLock;

use jiff::tz::TimeZoneDatabase;
use warmline_workflows::lead::Priority;
use warmline_workflows::phone::{self, Kind, Phone, PhoneError};

use super::header::Field;

/// What is wrong with a cell, or worth a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) field: Option<Field>,
    pub(super) reason: String,
    pub(super) hint: Option<&'static str>,
}

impl Fault {
    pub(super) fn in_field(field: Field, reason: impl Into<String>) -> Self {
        Self { field: Some(field), reason: reason.into(), hint: None }
    }

    pub(super) fn in_row(reason: impl Into<String>, hint: &'static str) -> Self {
        Self { field: None, reason: reason.into(), hint: Some(hint) }
    }

    fn hint(self, hint: &'static str) -> Self {
        Self { hint: Some(hint), ..self }
    }
}

/// The zones that are part of this program, as the rules know them.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// How many digits a stored number has, as its column demands.
const DIGITS_MIN: usize = 7;
const DIGITS_MAX: usize = 15;
/// The longest address for mail.
const EMAIL_CHARS_MAX: usize = 254;

const YES: [&str; 8] = ["true", "yes", "y", "1", "t", "x", "on", "dnc"];
const NO: [&str; 7] = ["false", "no", "n", "0", "f", "off", "-"];

/// The number to call, of the row's country.
pub(super) fn phone(text: &str, country: &str) -> Result<Phone, Fault> {
    let phone = phone::parse(text, country).map_err(|error| phone_fault(&error, text))?;
    let digits = phone.e164.len().saturating_sub(1);
    if !(DIGITS_MIN..=DIGITS_MAX).contains(&digits) {
        let reason = format!("`{}` has {digits} digits: expected {DIGITS_MIN} to {DIGITS_MAX}", phone.e164);
        return Err(Fault::in_field(Field::Phone, reason));
    }
    if phone.kind == Kind::PremiumRate {
        let reason = format!("`{}` is a premium-rate number, which charges its callers", phone.e164);
        return Err(Fault::in_field(Field::Phone, reason));
    }
    Ok(phone)
}

fn phone_fault(error: &PhoneError, text: &str) -> Fault {
    let fault = Fault::in_field(Field::Phone, error.to_string());
    match error {
        PhoneError::UnknownCountry(country) => {
            let fault = Fault { field: Some(Field::Country), ..fault };
            if country.eq_ignore_ascii_case("UK") { fault.hint("the United Kingdom is `GB`") } else { fault }
        }
        PhoneError::NotANumber(_) if text.contains("E+") || text.contains("e+") => fault
            .hint("a spreadsheet rounded it: format the column as text, enter the number anew, export again"),
        PhoneError::TooShort { .. } if !text.contains('+') => {
            fault.hint("write it with a plus and its country calling code")
        }
        _ => fault,
    }
}

/// A doubt about a number that is stored all the same.
pub(super) fn phone_doubt(phone: &Phone, zones: &[String]) -> Option<Fault> {
    let doubt = |reason: String, hint| Some(Fault::in_field(Field::Phone, reason).hint(hint));
    if zones.is_empty() {
        let reason = format!("where `{}` rings is not known, nor what time it is there", phone.e164);
        return doubt(reason, "it will not be called; a column time_zone settles it");
    }
    if phone.kind.is_ordinary() {
        return None;
    }
    let kind = phone.kind.as_str().replace('_', " ");
    let reason = format!("`{}` is not an ordinary line: {kind}", phone.e164);
    doubt(reason, "calls to it may cost more, or reach nobody")
}

/// How urgent the lead is; normally if nothing is said.
pub(super) fn priority(text: &str) -> Result<Priority, Fault> {
    if text.is_empty() {
        return Ok(Priority::default());
    }
    text.parse().map_err(|error| Fault::in_field(Field::Priority, format!("{error}")))
}

/// Whether the lead must not be called; it may if nothing is said.
pub(super) fn do_not_call(text: &str) -> Result<bool, Fault> {
    let is_in = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    match text {
        "" => Ok(false),
        _ if is_in(&YES) => Ok(true),
        _ if is_in(&NO) => Ok(false),
        _ => {
            let reason = format!("`{}` is neither yes nor no", shown(text));
            Err(Fault::in_field(Field::DoNotCall, reason)
                .hint("write true or false; a row in doubt is not imported, lest somebody be called"))
        }
    }
}

/// An address for mail, if there is one.
pub(super) fn email(text: &str) -> Result<Option<String>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    let is_part = |part: &str| !part.is_empty() && !part.contains([' ', '@', ',', ';', '<', '>', '"']);
    let is_domain = |domain: &str| {
        is_part(domain) && domain.split('.').count() > 1 && domain.split('.').all(|label| !label.is_empty())
    };
    let is_plain = !text.chars().any(|char| char.is_control() || char.is_whitespace());
    match text.split_once('@') {
        Some((local, domain))
            if is_plain && is_part(local) && is_domain(domain) && text.chars().count() <= EMAIL_CHARS_MAX =>
        {
            Ok(Some(text.to_owned()))
        }
        _ => Err(Fault::in_field(
            Field::Email,
            format!("`{}` is not an address for mail: expected one such as ali@example.com", shown(text)),
        )),
    }
}

/// A time zone, if there is one.
pub(super) fn time_zone(text: &str) -> Result<Option<String>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    match ZONES.get(text).ok().filter(|zone| !zone.is_unknown()) {
        Some(zone) => Ok(Some(zone.iana_name().unwrap_or(text).to_owned())),
        None => Err(Fault::in_field(
            Field::TimeZone,
            format!("`{}` is not a time zone: expected a name such as America/New_York", shown(text)),
        )),
    }
}

/// A text in one line, at most so long.
pub(super) fn line(field: Field, text: &str, chars_max: usize) -> Result<String, Fault> {
    let line = text.split(|char: char| char.is_whitespace() || char.is_control());
    bounded(field, line.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "), chars_max)
}

/// A text, at most so long.
pub(super) fn bounded(field: Field, text: String, chars_max: usize) -> Result<String, Fault> {
    if text.chars().count() > chars_max {
        return Err(Fault::in_field(field, format!("the text is longer than {chars_max} characters")));
    }
    Ok(text)
}

/// The beginning of a text, for a message of one line.
pub(super) fn shown(text: &str) -> String {
    printable(text).chars().take(64).collect()
}

/// A text without characters that do something to a terminal.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_cannot_be_stored_or_called_are_refused() {
        for (text, country, expected) in [
            ("+14155550123", "GB", "+14155550123"),
            ("(415) 555-0123", "us", "+14155550123"),
            ("", "US", "phone: the phone number is missing"),
            ("4.15555E+09", "US", "phone: `4.15555E+09` is not a phone number"),
            ("5550123", "US", "phone: `5550123` is too short"),
            ("+14155550123", "UK", "country: `UK` is not a country code"),
            ("+14155550123", "Pakistan", "country: `Pakistan` is not a country code"),
            ("+19005550123", "US", "phone: `+19005550123` is a premium-rate number"),
        ] {
            let found = match phone(text, country) {
                Ok(phone) => phone.e164,
                Err(fault) => format!("{}: {}", fault.field.unwrap().as_str(), fault.reason),
            };
            assert!(found.starts_with(expected), "{text}: {found}");
        }
        assert_eq!(phone("+1", "UK").unwrap_err().hint, Some("the United Kingdom is `GB`"));
        assert!(phone("4.1E+09", "US").unwrap_err().hint.unwrap().contains("spreadsheet"));
    }

    #[test]
    fn odd_numbers_are_doubted() {
        let doubt = |text: &str, zones: &[String]| {
            phone_doubt(&phone(text, "US").unwrap(), zones).map(|fault| fault.reason)
        };
        let zones = ["America/New_York".to_owned()];
        assert_eq!(doubt("+14155550123", &zones), None);
        assert!(doubt("+18005550123", &zones).unwrap().ends_with("not an ordinary line: toll free"));
        assert!(doubt("+881612345678", &[]).unwrap().starts_with("where `+881612345678` rings is not known"));
    }

    #[test]
    fn words_are_read_leniently_and_never_guessed() {
        for (text, expected) in
            [("", Some(false)), ("Yes", Some(true)), ("X", Some(true)), ("0", Some(false)), ("maybe", None)]
        {
            assert_eq!(do_not_call(text).ok(), expected, "{text}");
        }
        assert_eq!(priority("").unwrap(), Priority::Normal);
        assert_eq!(priority("URGENT").unwrap(), Priority::Urgent);
        assert!(priority("asap").unwrap_err().reason.starts_with("`asap` is not a priority"));
        for (text, is_right) in [
            ("", true),
            ("ali@example.com", true),
            ("zoë.o'neil+x@müller.example", true),
            ("ali", false),
            ("ali@example", false),
            ("ali@@example.com", false),
            ("ali @example.com", false),
            ("ali@example..com", false),
            ("@example.com", false),
            ("a@x.com, b@x.com", false),
        ] {
            assert_eq!(email(text).is_ok(), is_right, "{text}");
        }
        assert_eq!(time_zone("america/new_york").unwrap().as_deref(), Some("America/New_York"));
        assert!(time_zone("PST").is_err() && time_zone("Etc/Unknown").is_err());
        assert_eq!(line(Field::FirstName, " Ana\n\tMaria ", 20).unwrap(), "Ana Maria");
        assert!(line(Field::FirstName, "Ana", 2).is_err());
    }
}
