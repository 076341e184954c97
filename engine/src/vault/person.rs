//! What is known of a person. Printed for debugging, it says nothing.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use warmline_workflows::call::Plan;

use super::words;

/// What is known of a lead as a person, sealed as one value.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Given name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub first_name: String,
    /// Family name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub last_name: String,
    /// Address for mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The number, E.164.
    pub phone: String,
    /// The number as it was given.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub phone_original: String,
    /// Notes for the agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// Everything else that is known.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub custom: Map<String, Value>,
}

impl Person {
    /// Both names, as they are spoken.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }

    /// The words that search finds the person by.
    pub(crate) fn words(&self) -> BTreeSet<String> {
        words::of_person(self)
    }

    /// The words of a search, compared with those of persons. An address for mail is one word.
    pub(crate) fn words_of_search(text: &str) -> BTreeSet<String> {
        text.split_whitespace()
            .flat_map(|part| match part.contains('@') {
                true => vec![part.to_lowercase()],
                false => words::of_text(part).collect(),
            })
            .collect()
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Person(..)")
    }
}

/// Whom a call is to: what its plan is stored without.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Callee {
    name: String,
    phone: String,
}

impl Callee {
    /// Takes it out of a plan that is to be stored.
    pub(crate) fn take(plan: &mut Plan) -> Self {
        Self { name: std::mem::take(&mut plan.lead_name), phone: std::mem::take(&mut plan.lead_phone) }
    }

    /// Name and number.
    pub(crate) fn into_parts(self) -> (String, String) {
        (self.name, self.phone)
    }

    /// Puts it back into a plan that was stored.
    pub(crate) fn give(self, plan: &mut Plan) {
        plan.lead_name = self.name;
        plan.lead_phone = self.phone;
    }
}
