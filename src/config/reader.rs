//! Reading variables: each through its entry in the table, with its default.

use secrecy::SecretString;

use super::error::Error;
use super::variable::Variable;

/// The value of the variable of that name, if it has one.
pub(super) type LookUp<'a> = &'a dyn Fn(&'static str) -> Result<Option<String>, NotText>;

/// The value of a variable is not text in UTF-8.
pub(super) struct NotText;

/// Reads variables off whatever holds them. A value without anything but blanks counts as none, and
/// blanks around a value are dropped: files of secrets tend to end in a line break.
pub(super) struct Reader<'a> {
    look_up: LookUp<'a>,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(look_up: LookUp<'a>) -> Self {
        Self { look_up }
    }

    /// The text of a variable, else its default.
    pub(super) fn text(&self, variable: &'static Variable) -> Result<Option<String>, Error> {
        let text = (self.look_up)(variable.name)
            .map_err(|NotText| Error::wrong(variable, "", "is not text in UTF-8"))?;
        let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        Ok(text.or_else(|| variable.default.map(str::to_owned)))
    }

    /// The text of a secret.
    pub(super) fn secret(&self, variable: &'static Variable) -> Result<Option<SecretString>, Error> {
        Ok(self.text(variable)?.map(SecretString::from))
    }

    /// What the text of a variable stands for; `parse` says what a wrong one is.
    pub(super) fn optional<T>(
        &self,
        variable: &'static Variable,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, Error> {
        let Some(text) = self.text(variable)? else { return Ok(None) };
        parse(&text).map(Some).map_err(|is| Error::wrong(variable, &text, is))
    }

    /// The same of a variable that has a default.
    pub(super) fn value<T>(
        &self,
        variable: &'static Variable,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<T, Error> {
        self.optional(variable, parse)?.ok_or_else(|| Error::missing(variable))
    }
}
