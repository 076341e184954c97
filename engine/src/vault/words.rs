//! The words of a person that search finds: those of the names, and the address for mail.

use std::collections::BTreeSet;

use super::Person;

/// Words of one person that are indexed; names are not longer.
const WORDS_MAX: usize = 16;

/// The words of a text as they are compared: in lower case, without signs in between.
pub(super) fn of_text(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

pub(super) fn of_person(person: &Person) -> BTreeSet<String> {
    let names = [&person.first_name, &person.last_name].into_iter().flat_map(|name| of_text(name));
    let address = person.email.as_deref().map(|email| email.trim().to_lowercase());
    address.into_iter().chain(names).take(WORDS_MAX).collect()
}
