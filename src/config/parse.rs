//! From the texts of variables to values. An error continues a sentence that begins with the text.

use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use ipnet::IpNet;
use url::Url;
use warmline_twilio::Dialect;
use warmline_twilio::client::Format;
use warmline_twilio::dialect::InvalidDialect;
use warmline_workflows::phone;

/// The form of a recording.
pub(super) fn format(text: &str) -> Result<Format, String> {
    Format::read(text).ok_or_else(|| "is no form of recordings".to_owned())
}

/// How a carrier is spoken to.
pub(super) fn dialect(text: &str) -> Result<Dialect, String> {
    text.parse().map_err(|_: InvalidDialect| "is no dialect".to_owned())
}

/// Yes or no.
pub(super) fn yes_or_no(text: &str) -> Result<bool, String> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("is neither".to_owned()),
    }
}

/// A TCP port.
pub(super) fn port(text: &str) -> Result<u16, String> {
    text.parse().ok().filter(|port| *port > 0).ok_or_else(|| "is not a port".to_owned())
}

/// TCP ports, separated by commas.
pub(super) fn ports(text: &str) -> Result<Vec<u16>, String> {
    text.split(',')
        .map(|part| port(part.trim()))
        .collect::<Result<_, _>>()
        .map_err(|_| "names no ports".to_owned())
}

/// A number within a range.
pub(super) fn number<T: FromStr + PartialOrd>(
    range: RangeInclusive<T>,
) -> impl FnOnce(&str) -> Result<T, String> {
    move |text| match text.parse() {
        Ok(number) if range.contains(&number) => Ok(number),
        Ok(_) => Err("is out of range".to_owned()),
        Err(_) if text.bytes().all(|byte| byte.is_ascii_digit()) => Err("is out of range".to_owned()),
        Err(_) => Err("is not such a number".to_owned()),
    }
}

/// What another reads, or `off` for none of it.
pub(super) fn or_off<T>(
    read: impl FnOnce(&str) -> Result<T, String>,
) -> impl FnOnce(&str) -> Result<Option<T>, String> {
    move |text| if text == "off" { Ok(None) } else { read(text).map(Some) }
}

/// Seconds within a range.
pub(super) fn seconds(range: RangeInclusive<u64>) -> impl FnOnce(&str) -> Result<Duration, String> {
    move |text| number(range)(text).map(Duration::from_secs)
}

/// One of a few words.
pub(super) fn word<T>(words: &'static [(&'static str, T)]) -> impl FnOnce(&str) -> Result<T, String>
where
    T: Copy,
{
    move |text| {
        let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text));
        found.map(|(_, value)| *value).ok_or_else(|| "is none of the words".to_owned())
    }
}

/// A length of time as in `90m` or `24h`. A bare number is refused: elsewhere it means milliseconds.
pub(super) fn span(range: RangeInclusive<Duration>) -> impl FnOnce(&str) -> Result<Duration, String> {
    move |text| {
        let digits_len = text.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, unit) = text.split_at(digits_len);
        let unit_s: u64 = match unit.trim() {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            "" => return Err("has no unit".to_owned()),
            _ => return Err("is not a length of time".to_owned()),
        };
        if digits.is_empty() {
            return Err("is not a length of time".to_owned());
        }
        let span = digits.parse().ok().and_then(|count: u64| count.checked_mul(unit_s));
        let span = span.map(Duration::from_secs).filter(|span| range.contains(span));
        span.ok_or_else(|| "is out of range".to_owned())
    }
}

/// A plain http or https URL, without a slash at its end.
pub(super) fn api_base(text: &str) -> Result<String, String> {
    let url = Url::parse(text).map_err(|error| format!("is not a URL ({error})"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("is neither http nor https".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("has a user name".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("has a query or a fragment".to_owned());
    }
    Ok(text.trim_end_matches('/').to_owned())
}

/// The address of this server, as the outside sees it.
pub(super) fn base_url(text: &str) -> Result<Url, String> {
    warmline_twilio::check_base(text).map_err(|error| format!("cannot be used, {error}"))
}

/// Origins, as browsers name them: scheme, host and port.
pub(super) fn origins(text: &str) -> Result<Vec<String>, String> {
    text.split(',')
        .map(|origin| {
            let url = Url::parse(origin.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
            url.map(|url| url.origin().ascii_serialization()).filter(|serialized| serialized == origin.trim())
        })
        .collect::<Option<_>>()
        .ok_or_else(|| "is not a list of origins: no path and no slash at the end".to_owned())
}

/// Addresses and networks of them.
pub(super) fn networks(text: &str) -> Result<Vec<IpNet>, String> {
    text.split(',')
        .map(|network| {
            let network = network.trim();
            network.parse().or_else(|_| network.parse::<IpAddr>().map(IpNet::from))
        })
        .collect::<Result<_, _>>()
        .map_err(|_| "is not a list of addresses and networks".to_owned())
}

/// A telephone number in E.164 form.
pub(super) fn e164(text: &str) -> Result<String, String> {
    if phone::is_e164(text) {
        Ok(text.to_owned())
    } else {
        Err("is not a number in international form".to_owned())
    }
}

/// Two letters and 32 hexadecimal digits.
pub(super) fn is_sid(text: &str, letters: &str) -> bool {
    text.strip_prefix(letters).is_some_and(is_token)
}

/// 32 hexadecimal digits.
pub(super) fn is_token(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
