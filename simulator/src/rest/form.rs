//! Request parameters: ordered name and value pairs of a form body or a query.

/// The decoded pairs of one request.
#[derive(Debug, Default)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    pub(crate) fn parse(encoded: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// The first value of a name; an empty value counts as none.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// A list, whether it was sent as repeated keys or as one value with spaces.
    pub(crate) fn list(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(key, _)| key == name).flat_map(|(_, value)| value.split_whitespace()).collect()
    }

    /// Whether a flag says `true`.
    pub(crate) fn is_true(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// A whole number, or the default when it is absent, malformed or out of range.
    pub(crate) fn number_or(&self, name: &str, default: u32, range: std::ops::RangeInclusive<u32>) -> u32 {
        self.get(name)
            .and_then(|value| value.parse().ok())
            .filter(|value| range.contains(value))
            .unwrap_or(default)
    }

    /// Encodes the pairs without the named ones, for links to other pages of a list.
    pub(crate) fn encode_without(&self, names: &[&str]) -> String {
        let kept = self.0.iter().filter(|(key, _)| !names.contains(&key.as_str()));
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish()
    }
}
