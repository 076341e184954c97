//! Bodies of type `application/x-www-form-urlencoded`, as the ordered pairs a signature covers.

/// The longest body that is read, in bytes.
pub const BODY_MAX_BYTES: usize = 64 * 1024;

/// The most fields a body may have.
pub const FIELDS_MAX: usize = 200;

/// A decoded body: every pair in its order, repeated names and empty values included.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Form {
    pairs: Vec<(String, String)>,
}

/// Why a body is not a form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidForm {
    /// The body is longer than [`BODY_MAX_BYTES`].
    #[error("form has {0} bytes, more than the {BODY_MAX_BYTES} allowed")]
    TooLong(usize),
    /// The body has more than [`FIELDS_MAX`] fields.
    #[error("form has more than {FIELDS_MAX} fields")]
    TooManyFields,
    /// A percent sign is not followed by two hexadecimal digits.
    #[error("form has a broken percent escape in field {0}")]
    Escape(usize),
    /// A decoded name or value is not UTF-8.
    #[error("form is not UTF-8 in field {0}")]
    Utf8(usize),
}

impl Form {
    /// Decodes a body. Nothing is trimmed, normalised or replaced: a body that cannot be decoded
    /// exactly could not be verified either.
    ///
    /// # Errors
    /// When the body is too long, has too many fields, a broken escape or is not UTF-8. Fields are
    /// counted from 1.
    pub fn parse(body: &[u8]) -> Result<Self, InvalidForm> {
        if body.len() > BODY_MAX_BYTES {
            return Err(InvalidForm::TooLong(body.len()));
        }
        let mut pairs = Vec::new();
        for field in body.split(|byte| *byte == b'&').filter(|field| !field.is_empty()) {
            if pairs.len() == FIELDS_MAX {
                return Err(InvalidForm::TooManyFields);
            }
            let number = pairs.len() + 1;
            let mut halves = field.splitn(2, |byte| *byte == b'=');
            let name = decode(halves.next().unwrap_or_default(), number)?;
            let value = decode(halves.next().unwrap_or_default(), number)?;
            pairs.push((name, value));
        }
        Ok(Self { pairs })
    }

    /// Every pair, in the order received: what a signature covers.
    #[must_use]
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// The values of one name, in the order received.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

impl From<Vec<(String, String)>> for Form {
    fn from(pairs: Vec<(String, String)>) -> Self {
        Self { pairs }
    }
}

/// Names only: values hold telephone numbers.
impl std::fmt::Debug for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.pairs.iter().map(|(name, _)| name)).finish()
    }
}

fn decode(text: &[u8], field: usize) -> Result<String, InvalidForm> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter();
    while let Some(&byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = rest.next().and_then(|&high| Some((nibble(high)?, nibble(*rest.next()?)?)));
                let (high, low) = digits.ok_or(InvalidForm::Escape(field))?;
                high << 4 | low
            }
            other => other,
        });
    }
    String::from_utf8(bytes).map_err(|_| InvalidForm::Utf8(field))
}

fn nibble(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_decodes_into_its_pairs_exactly() {
        for (body, expected) in [
            ("", vec![]),
            ("a=1&b=&c&=d", vec![("a", "1"), ("b", ""), ("c", ""), ("", "d")]),
            ("d=2&d=1&d=1", vec![("d", "2"), ("d", "1"), ("d", "1")]),
            ("q=+a%20b+&&r=%2B1%2b%3D=x", vec![("q", " a b "), ("r", "+1+==x")]),
            ("n=Dana%E2%98%8E%0D%0A", vec![("n", "Dana\u{260e}\r\n")]),
            ("s=S\u{e3}o", vec![("s", "S\u{e3}o")]),
        ] {
            let expected: Vec<_> = expected.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
            assert_eq!(Form::parse(body.as_bytes()).map(|form| form.pairs), Ok(expected), "{body}");
        }
    }

    #[test]
    fn a_body_that_cannot_be_decoded_exactly_is_refused() {
        let many = |n: usize| "a=1&".repeat(n).into_bytes();
        for (body, expected) in [
            (b"a=1&b=%ff".to_vec(), Some(InvalidForm::Utf8(2))),
            (b"a=\xff".to_vec(), Some(InvalidForm::Utf8(1))),
            (b"a=%4".to_vec(), Some(InvalidForm::Escape(1))),
            (b"a=1&%zz=1".to_vec(), Some(InvalidForm::Escape(2))),
            (b"a=%".to_vec(), Some(InvalidForm::Escape(1))),
            (many(FIELDS_MAX), None),
            (many(FIELDS_MAX + 1), Some(InvalidForm::TooManyFields)),
            (vec![b'a'; BODY_MAX_BYTES], None),
            (vec![b'a'; BODY_MAX_BYTES + 1], Some(InvalidForm::TooLong(BODY_MAX_BYTES + 1))),
        ] {
            assert_eq!(Form::parse(&body).err(), expected);
        }
    }
}
