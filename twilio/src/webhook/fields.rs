//! Reading single fields of a form, strictly where we depend on them.

use std::str::FromStr;

use jiff::Timestamp;
use jiff::fmt::rfc2822;

use super::Error;
use crate::form::Form;

/// Twilio's ids have 34 characters; compatible carriers use longer ones.
const ID_MAX_BYTES: usize = 128;

const TEXT_MAX_BYTES: usize = 256;
const URL_MAX_BYTES: usize = 2048;

/// A field that may be absent; empty counts as absent, repeated is an error because the signature
/// does not say which of two values the carrier meant.
pub(super) fn optional<'a>(form: &'a Form, name: &'static str) -> Result<Option<&'a str>, Error> {
    let mut values = form.values(name);
    let value = values.next();
    if values.next().is_some() {
        return Err(Error::Repeated(name));
    }
    Ok(value.filter(|value| !value.is_empty()))
}

pub(super) fn required<'a>(form: &'a Form, name: &'static str) -> Result<&'a str, Error> {
    optional(form, name)?.ok_or(Error::Missing(name))
}

/// An id of the carrier: opaque, but bounded and printable.
pub(super) fn id(form: &Form, name: &'static str) -> Result<String, Error> {
    optional_id(form, name)?.ok_or(Error::Missing(name))
}

pub(super) fn optional_id(form: &Form, name: &'static str) -> Result<Option<String>, Error> {
    let Some(value) = optional(form, name)? else { return Ok(None) };
    if value.len() > ID_MAX_BYTES {
        return Err(Error::TooLong(name, ID_MAX_BYTES));
    }
    if !value.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::Id(name));
    }
    Ok(Some(value.to_owned()))
}

pub(super) fn text(form: &Form, name: &'static str) -> Result<Option<String>, Error> {
    bounded(form, name, TEXT_MAX_BYTES)
}

pub(super) fn url(form: &Form, name: &'static str) -> Result<Option<String>, Error> {
    bounded(form, name, URL_MAX_BYTES)
}

fn bounded(form: &Form, name: &'static str, max_bytes: usize) -> Result<Option<String>, Error> {
    match optional(form, name)? {
        Some(value) if value.len() > max_bytes => Err(Error::TooLong(name, max_bytes)),
        value => Ok(value.map(str::to_owned)),
    }
}

/// A value that only informs: unreadable ones (a duration of `-1` has been seen) count as absent.
pub(super) fn parsed<T: FromStr>(form: &Form, name: &'static str) -> Result<Option<T>, Error> {
    Ok(optional(form, name)?.and_then(|value| value.parse().ok()))
}

/// An instant that only informs, in RFC 2822.
pub(super) fn instant(form: &Form, name: &'static str) -> Result<Option<Timestamp>, Error> {
    Ok(optional(form, name)?.and_then(|value| rfc2822::parse(value).ok()).map(|zoned| zoned.timestamp()))
}

pub(super) fn unknown(name: &'static str, value: &str) -> Error {
    Error::Unknown { name, value: value.chars().filter(|c| !c.is_control()).take(40).collect() }
}
