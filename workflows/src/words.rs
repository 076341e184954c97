//! Closed sets of words: enums with one spelling in code, JSON, columns and CSV files.

/// Why a text is not one of a closed set of words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a {what}: expected one of {known}")]
pub struct UnknownWord {
    /// What was expected, such as `priority`.
    pub what: &'static str,
    /// The beginning of the text that was given.
    pub text: String,
    /// The words there are, separated by commas.
    pub known: String,
}

/// Declares an enum whose variants each have one spelling, and says what they are for the error message:
/// `words! { pub enum Side, "side" { Left = "left", } }`.
///
/// It can be copied, compared and ordered as declared, and reads and writes its words in serde.
macro_rules! words {
    ($(#[$meta:meta])* pub enum $name:ident, $what:literal {
        $($(#[$doc:meta])* $variant:ident = $word:literal,)*
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$doc])* $variant,)*
        }

        impl $name {
            /// All of them, in the order of their declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word in JSON, in columns and in files.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::words::UnknownWord;

            /// Reads the word in any letter case, with or without blanks around it.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let word = text.trim();
                let found = Self::ALL.iter().find(|known| known.as_str().eq_ignore_ascii_case(word));
                found.copied().ok_or_else(|| $crate::words::UnknownWord {
                    what: $what,
                    text: text.chars().take(64).collect(),
                    known: Self::ALL.iter().map(|known| known.as_str()).collect::<Vec<_>>().join(", "),
                })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use words;

#[cfg(test)]
mod tests {
    use crate::lead::Status;

    #[test]
    fn a_word_is_spelt_one_way_and_read_leniently() {
        assert_eq!(serde_json::to_string(&[Status::New, Status::InCall]).unwrap(), r#"["new","in_call"]"#);
        assert_eq!(serde_json::from_str::<Status>(r#""in_call""#).unwrap(), Status::InCall);
        assert_eq!(" In_Call ".parse(), Ok(Status::InCall));
        assert_eq!(
            "up".parse::<Status>().unwrap_err().to_string(),
            "`up` is not a lead status: expected one of new, in_call, waiting, reached, exhausted, \
             do_not_call, invalid, closed"
        );
        assert_eq!(format!("{:>4}|", Status::New), " new|");
    }
}
