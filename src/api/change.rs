//! What a change changed, for the audit log.

use serde::Serialize;
use serde_json::{Map, Value, json};

/// What the gate writes into the audit log about a request. A handler that knows more than the gate puts it
/// into its response as an `Extension`. It never holds personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change(pub Value);

impl Change {
    /// The fields that are not as they were, as they were and as they are.
    pub(crate) fn between(before: &impl Serialize, after: &impl Serialize) -> Self {
        let fields = |it: Result<Value, _>| match it {
            Ok(Value::Object(fields)) => fields,
            _ => Map::new(),
        };
        let mut before = fields(serde_json::to_value(before));
        let mut after = fields(serde_json::to_value(after));
        let was = before.clone();
        before.retain(|name, was| after.get(name) != Some(was));
        after.retain(|name, is| was.get(name) != Some(is));
        Self(json!({ "before": before, "after": after }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_kept() {
        let (was, is) = (json!({ "a": 1, "b": [2], "c": null }), json!({ "a": 1, "b": [3], "c": null }));
        assert_eq!(Change::between(&was, &is).0, json!({ "before": { "b": [2] }, "after": { "b": [3] } }));
        let gained = json!({ "a": 1, "b": [2], "c": null, "d": 4 });
        assert_eq!(Change::between(&was, &gained).0, json!({ "before": {}, "after": { "d": 4 } }));
        assert_eq!(Change::between(&is, &is).0, json!({ "before": {}, "after": {} }));
    }
}
