//! From a file to leads, row by row, without anything stored.

use std::io::Read;

use serde_json::{Map, Value};
use warmline_engine::leads::NewLead;
use warmline_workflows::{phone, zones};

use super::cells::{self, Fault};
use super::delimiter::sniff;
use super::error::Error;
use super::header::{Columns, Field, Mapping, Usage};
use super::records::{COLUMNS_MAX, Next, RECORD_LEN_MAX, Records, Skipped};
use super::report::Remark;
use super::text::{Charset, Encoding, Text, decode};

const NAME_CHARS_MAX: usize = 200;
const KIND_CHARS_MAX: usize = 100;
const NOTES_CHARS_MAX: usize = 10_000;

/// How a file is to be read.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// ISO 3166 alpha-2 code of the country that numbers without a prefix are of, where the row names none.
    pub default_country: &'a str,
    /// What the columns are used for, where their names do not tell.
    pub mapping: Option<&'a Mapping>,
}

/// A row of a file.
#[derive(Debug, Clone)]
pub struct Row {
    /// The line it begins in, from 1; the header is a line too.
    pub line: u64,
    /// The name in it, as far as it could be read.
    pub name: String,
    /// What came of it.
    pub reading: Reading,
}

/// What came of a row.
#[derive(Debug, Clone)]
pub enum Reading {
    /// A lead, with a remark if there is something odd about it.
    Lead(Box<NewLead>, Option<Remark>),
    /// Nothing, because of this.
    Rejected(Remark),
}

/// The rows of a file, holding one at a time.
pub struct Rows<R> {
    records: Records<Text<R>>,
    columns: Columns,
    delimiter: u8,
    default_country: String,
    blank: u64,
    foreign: u64,
    foreign_first_line: u64,
}

impl<R: Read> Rows<R> {
    /// Reads the header of a file.
    ///
    /// # Errors
    /// What is wrong with the file as a whole.
    pub fn open(source: R, terms: Terms<'_>) -> Result<Self, Error> {
        if let Err(phone::PhoneError::UnknownCountry(country)) = phone::parse("", terms.default_country) {
            return Err(Error::DefaultCountry(country));
        }
        let mut records = Records::open(Text::open(source)?)?;
        if records.ahead().starts_with(b"PK\x03\x04") {
            return Err(Error::Spreadsheet);
        }
        let sniffed = sniff(records.ahead(), |header| Columns::count_known(header, terms.mapping));
        records.skip(sniffed.skip_len);
        records.set_delimiter(sniffed.delimiter);
        let header = header(&mut records)?;
        Ok(Self {
            columns: Columns::new(&header, terms.mapping)?,
            records,
            delimiter: sniffed.delimiter,
            default_country: terms.default_country.to_owned(),
            blank: 0,
            foreign: 0,
            foreign_first_line: 0,
        })
    }

    /// The next row; none at the end. Rows of empty cells are none.
    ///
    /// # Errors
    /// When the file cannot be read on.
    #[expect(clippy::should_implement_trait, reason = "an error ends it, unlike an iterator's items")]
    pub fn next(&mut self) -> Result<Option<Row>, Error> {
        loop {
            return match self.records.next()? {
                Next::End => Ok(None),
                Next::Skipped { line, why } => Ok(Some(self.rejected(line, String::new(), skipped(why)))),
                Next::Record { cells, .. } if self.is_blank(0, cells) => {
                    self.blank += 1;
                    continue;
                }
                Next::Record { line, cells } => Ok(Some(self.row(line, cells))),
            };
        }
    }

    /// The encoding of the file as a whole.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.records.source().encoding()
    }

    /// What separates its cells.
    #[must_use]
    pub fn delimiter(&self) -> char {
        char::from(self.delimiter)
    }

    /// The name of every column, from the first, and what it is used for.
    #[must_use]
    pub fn columns(&self) -> &[(String, Usage)] {
        self.columns.as_slice()
    }

    /// Bytes of text read so far.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.records.bytes_read()
    }

    /// What people should know of the rows so far beyond their outcomes.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.foreign > 0 {
            notes.push(format!(
                "not UTF-8, and read as windows-1252: {}, the first in line {}; check the accents",
                counted(self.foreign, "row"),
                self.foreign_first_line
            ));
        }
        if self.blank > 0 {
            notes.push(format!("left out, all cells empty: {}", counted(self.blank, "row")));
        }
        notes
    }

    fn row(&mut self, line: u64, cells: usize) -> Row {
        let texts = self.texts(line);
        let name = texts.name();
        let shape = self.check_shape(cells).and_then(|()| texts.check());
        match shape.and_then(|()| texts.lead(&self.default_country)) {
            Ok((lead, doubt)) => {
                let doubt = doubt.map(|fault| self.remark(fault));
                Row { line, name, reading: Reading::Lead(Box::new(lead), doubt) }
            }
            Err(fault) => self.rejected(line, name, fault),
        }
    }

    fn rejected(&self, line: u64, name: String, fault: Fault) -> Row {
        Row { line, name, reading: Reading::Rejected(self.remark(fault)) }
    }

    fn remark(&self, fault: Fault) -> Remark {
        let column = fault.field.and_then(|field| self.columns.name_of(field));
        Remark { column: column.map(cells::shown), reason: cells::printable(&fault.reason), hint: fault.hint }
    }

    /// Whether the cells from one to before another are empty.
    fn is_blank(&self, from: usize, to: usize) -> bool {
        to <= COLUMNS_MAX && (from..to).all(|index| self.records.cell(index).trim_ascii().is_empty())
    }

    /// A row may have fewer cells than the header, which are empty then; not more, unless they are empty.
    fn check_shape(&self, cells: usize) -> Result<(), Fault> {
        let expected = self.columns.len();
        if cells <= expected || self.is_blank(expected, cells) {
            return Ok(());
        }
        let reason = format!("the row has {cells} cells, the header {expected}");
        Err(Fault::in_row(reason, "a cell that holds the delimiter, or a quote, must stand in quotes"))
    }

    fn texts(&mut self, line: u64) -> Texts {
        let mut texts = Texts::default();
        let mut charset = Charset::Utf8;
        for (index, (_, usage)) in self.columns.as_slice().iter().enumerate() {
            let (text, cell_charset) = decode(self.records.cell(index));
            if cell_charset == Charset::Windows1252 {
                charset = cell_charset;
            }
            let text = text.trim();
            match usage {
                Usage::Field(field) => text.clone_into(&mut texts.fields[*field as usize]),
                Usage::Custom(key) if !text.is_empty() => {
                    texts.custom.insert(key.clone(), Value::from(text));
                }
                Usage::Custom(_) | Usage::Ignored => {}
            }
        }
        if charset == Charset::Windows1252 {
            if self.foreign == 0 {
                self.foreign_first_line = line;
            }
            self.foreign += 1;
        }
        texts
    }
}

/// The cells of a row by their meaning.
#[derive(Default)]
struct Texts {
    fields: [String; Field::ALL.len()],
    custom: Map<String, Value>,
}

impl Texts {
    fn of(&self, field: Field) -> &str {
        &self.fields[field as usize]
    }

    /// The whole name, for the report.
    fn name(&self) -> String {
        let name = format!("{} {}", self.of(Field::FirstName), self.of(Field::LastName));
        cells::shown(name.trim())
    }

    fn check(&self) -> Result<(), Fault> {
        let custom = self.custom.values().filter_map(Value::as_str);
        if self.fields.iter().map(String::as_str).chain(custom).any(|text| text.contains('\0')) {
            return Err(Fault::in_row("the row holds a NUL character", "the file may not be text"));
        }
        Ok(())
    }

    /// The lead, with what is odd about it.
    fn lead(self, default_country: &str) -> Result<(NewLead, Option<Fault>), Fault> {
        let country = Some(self.of(Field::Country)).filter(|country| !country.is_empty());
        let phone = cells::phone(self.of(Field::Phone), country.unwrap_or(default_country))?;
        let zones = match cells::time_zone(self.of(Field::TimeZone))? {
            Some(stated) => {
                zones::narrowed(zones::of(&phone), &stated).into_iter().map(str::to_owned).collect()
            }
            None => zones::of(&phone).into_iter().map(str::to_owned).collect::<Vec<_>>(),
        };
        let doubt = cells::phone_doubt(&phone, &zones);
        let name = |field| cells::line(field, self.of(field), NAME_CHARS_MAX);
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        let lead = NewLead {
            first_name: name(Field::FirstName)?,
            last_name: name(Field::LastName)?,
            email: cells::email(self.of(Field::Email))?,
            phone_original: self.of(Field::Phone).to_owned(),
            phone: phone.e164,
            country: Some(phone.country).filter(|country| country != "001"),
            time_zones: zones,
            kind: some(cells::line(Field::Kind, self.of(Field::Kind), KIND_CHARS_MAX)?),
            notes: some(cells::bounded(Field::Notes, self.of(Field::Notes).to_owned(), NOTES_CHARS_MAX)?),
            priority: cells::priority(self.of(Field::Priority))?,
            do_not_call: cells::do_not_call(self.of(Field::DoNotCall))?,
            custom: self.custom,
        };
        Ok((lead, doubt))
    }
}

/// The names in the first record of a file.
fn header<R: Read>(records: &mut Records<R>) -> Result<Vec<String>, Error> {
    let cells = match records.next()? {
        Next::End => return Err(Error::Empty),
        Next::Skipped { why: Skipped::TooLong, .. } => return Err(Error::HeaderTooLong(RECORD_LEN_MAX)),
        Next::Skipped { why: Skipped::OpenQuote, .. } => return Err(Error::HeaderQuote),
        Next::Record { cells, .. } => cells,
    };
    if cells > COLUMNS_MAX {
        return Err(Error::TooManyColumns { found: cells, max: COLUMNS_MAX });
    }
    let names: Vec<String> =
        (0..cells).map(|index| decode(records.cell(index)).0.trim().to_owned()).collect();
    if names.iter().any(|name| name.contains('\0')) {
        return Err(Error::NotText);
    }
    Ok(names)
}

fn skipped(why: Skipped) -> Fault {
    let kib = RECORD_LEN_MAX / 1024;
    match why {
        Skipped::TooLong => Fault::in_row(
            format!("the row is longer than {kib} KiB"),
            "shorten it, or look for a missing line break",
        ),
        Skipped::OpenQuote => Fault::in_row(
            format!("a quote in this line is not closed within {kib} KiB"),
            "close it, or double it if it is part of the text",
        ),
    }
}

fn counted(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

#[cfg(test)]
mod tests;
