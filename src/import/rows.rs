//! From a file to leads, row by row, without anything stored.

use std::borrow::Cow;
use std::io::Read;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use warmline_engine::imports::batch::Candidate;
use warmline_engine::leads::NewLead;
use warmline_workflows::{phone, zones};

use super::cells::{self, Fault};
use super::delimiter::sniff;
use super::error::Error;
use super::header::{Columns, Field, Mapping, Usage};
use super::limits::Limits;
use super::records::{Next, Place, Records, Skipped};
use super::text::{Charset, Encoding, Text, decode};
use super::told::Remark;
use crate::csv_out::unmarked;

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
    /// The most that is taken.
    pub limits: &'a Limits,
}

/// A row of a file.
#[derive(Debug, Clone)]
pub struct Row {
    /// The line it begins in, from 1; the header is a line too.
    pub line: u64,
    /// What came of it.
    pub reading: Reading,
}

/// What came of a row.
#[derive(Debug, Clone)]
pub enum Reading {
    /// A lead, with a remark if there is something odd about it.
    Lead(Box<Candidate>, Option<Remark>),
    /// Nothing, because of this.
    Rejected {
        /// The name in it, as far as it could be read.
        name: String,
        /// What is wrong.
        remark: Remark,
    },
}

/// A place between two rows of a file, and what has to be known to go on there. Stored as it is: new fields
/// need defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Position {
    #[serde(flatten)]
    place: Place,
    /// Rows so far.
    pub(super) rows: u64,
    notes: Notes,
}

/// What people should know of the rows so far beyond their outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Notes {
    blank: u64,
    foreign: u64,
    foreign_first_line: u64,
}

/// The rows of a file, holding one at a time.
pub struct Rows<R> {
    records: Records<Text<R>>,
    columns: Columns,
    delimiter: u8,
    default_country: String,
    rows: u64,
    rows_max: u64,
    /// Of the present record.
    cells: usize,
    notes: Notes,
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
        let limits = terms.limits;
        let mut records = Records::open(Text::open(source)?, limits)?;
        if records.ahead().starts_with(b"PK\x03\x04") {
            return Err(Error::Spreadsheet);
        }
        let sniffed = sniff(records.ahead(), limits, |header| Columns::count_known(header, terms.mapping));
        records.skip(sniffed.skip_len);
        records.set_delimiter(sniffed.delimiter);
        let header = header(&mut records)?;
        Ok(Self {
            columns: Columns::new(&header, terms.mapping)?,
            records,
            delimiter: sniffed.delimiter,
            default_country: terms.default_country.to_owned(),
            rows: 0,
            rows_max: limits.rows,
            cells: 0,
            notes: Notes::default(),
        })
    }

    /// Goes to a place further on, which a reader of the same file gave.
    ///
    /// # Errors
    /// When the file cannot be read on.
    pub fn go_to(&mut self, position: Position) -> Result<(), Error> {
        self.records.go_to(position.place)?;
        (self.rows, self.notes) = (position.rows, position.notes);
        Ok(())
    }

    /// Where it is, between two rows.
    #[must_use]
    pub fn position(&self) -> Position {
        Position { place: self.records.place(), rows: self.rows, notes: self.notes }
    }

    /// The next row; none at the end. Rows of empty cells are none.
    ///
    /// # Errors
    /// When the file cannot be read on, or has more rows than it may have.
    #[expect(clippy::should_implement_trait, reason = "an error ends it, unlike an iterator's items")]
    pub fn next(&mut self) -> Result<Option<Row>, Error> {
        let row = loop {
            self.cells = 0;
            match self.records.next()? {
                Next::End => return Ok(None),
                Next::Skipped { line, why } => {
                    break self.rejected(line, String::new(), skipped(why, self.records.record_len_max()));
                }
                Next::Record { cells, .. } if self.is_blank(0, cells) => self.notes.blank += 1,
                Next::Record { line, cells } => {
                    self.cells = cells;
                    break self.row(line, cells);
                }
            }
        };
        if self.rows == self.rows_max {
            return Err(Error::TooManyRows { line: row.line, max: self.rows_max });
        }
        self.rows += 1;
        Ok(Some(row))
    }

    /// The cells of the row that was read last, one after the other, and where each of them ends.
    #[must_use]
    pub fn cells(&self) -> (&[u8], &[usize]) {
        self.records.cells(self.cells)
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

    /// Bytes of text used so far.
    #[must_use]
    pub fn bytes_used(&self) -> u64 {
        self.records.bytes_used()
    }

    fn row(&mut self, line: u64, cells: usize) -> Row {
        let texts = Texts::read(&self.records, &self.columns);
        if texts.charset == Charset::Windows1252 {
            if self.notes.foreign == 0 {
                self.notes.foreign_first_line = line;
            }
            self.notes.foreign += 1;
        }
        match self
            .check_shape(cells)
            .and_then(|()| texts.check())
            .and_then(|()| texts.candidate(line, &self.default_country))
        {
            Ok((candidate, doubt)) => {
                let doubt = doubt.map(|fault| self.remark(fault));
                Row { line, reading: Reading::Lead(Box::new(candidate), doubt) }
            }
            Err(fault) => self.rejected(line, texts.name(), fault),
        }
    }

    fn rejected(&self, line: u64, name: String, fault: Fault) -> Row {
        Row { line, reading: Reading::Rejected { name, remark: self.remark(fault) } }
    }

    fn remark(&self, fault: Fault) -> Remark {
        let column = fault.field.and_then(|field| self.columns.name_of(field));
        Remark {
            column: column.map(cells::shown),
            reason: cells::printable(&fault.reason),
            hint: fault.hint.map(Cow::Borrowed),
        }
    }

    /// Whether the cells from one to before another are empty.
    fn is_blank(&self, from: usize, to: usize) -> bool {
        to <= self.records.columns_max()
            && (from..to).all(|index| self.records.cell(index).trim_ascii().is_empty())
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
}

impl Position {
    /// What people should know of the rows so far beyond their outcomes.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let Notes { blank, foreign, foreign_first_line } = self.notes;
        let mut notes = Vec::new();
        if foreign > 0 {
            notes.push(format!(
                "not UTF-8, and read as windows-1252: {}, the first in line {foreign_first_line}; check the accents",
                counted(foreign, "row"),
            ));
        }
        if blank > 0 {
            notes.push(format!("left out, all cells empty: {}", counted(blank, "row")));
        }
        notes
    }
}

/// The cells of a row by their meaning.
struct Texts<'a> {
    fields: [Cow<'a, str>; Field::ALL.len()],
    custom: Vec<(&'a str, Cow<'a, str>)>,
    charset: Charset,
}

impl<'a> Texts<'a> {
    fn read<R: Read>(records: &'a Records<R>, columns: &'a Columns) -> Self {
        let mut texts = Self {
            fields: std::array::from_fn(|_| Cow::Borrowed("")),
            custom: Vec::new(),
            charset: Charset::Utf8,
        };
        let are_rejects = columns.are_rejects();
        for (index, (_, usage)) in columns.as_slice().iter().enumerate() {
            let (text, charset) = decode(records.cell(index));
            if charset == Charset::Windows1252 {
                texts.charset = charset;
            }
            let text = if are_rejects { bare(text) } else { text };
            let text = trimmed(text);
            match usage {
                Usage::Field(field) => texts.fields[*field as usize] = text,
                Usage::Custom(key) if !text.is_empty() => texts.custom.push((key, text)),
                Usage::Custom(_) | Usage::Ignored => {}
            }
        }
        texts
    }

    fn of(&self, field: Field) -> &str {
        &self.fields[field as usize]
    }

    /// The whole name, for the report.
    fn name(&self) -> String {
        whole_name(self.of(Field::FirstName), self.of(Field::LastName))
    }

    fn check(&self) -> Result<(), Fault> {
        let custom = self.custom.iter().map(|(_, text)| text);
        if self.fields.iter().chain(custom).any(|text| text.contains('\0')) {
            return Err(Fault::in_row("the row holds a NUL character", "the file may not be text"));
        }
        Ok(())
    }

    /// The lead, with what is odd about it.
    fn candidate(&self, line: u64, default_country: &str) -> Result<(Candidate, Option<Fault>), Fault> {
        let country = Some(self.of(Field::Country)).filter(|country| !country.is_empty());
        let phone = cells::phone(self.of(Field::Phone), country.unwrap_or(default_country))?;
        let stated = cells::time_zone(self.of(Field::TimeZone))?;
        let zones = match &stated {
            Some(stated) => zones::narrowed(zones::of(&phone), stated),
            None => zones::of(&phone),
        };
        let zones: Vec<String> = zones.into_iter().map(str::to_owned).collect();
        let doubt = cells::phone_doubt(&phone, &zones);
        let name = |field| cells::line(field, self.of(field), NAME_CHARS_MAX);
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        let custom = self.custom.iter().map(|(key, text)| ((*key).to_owned(), Value::from(text.as_ref())));
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
            custom: custom.collect::<Map<_, _>>(),
        };
        let candidate = Candidate {
            line,
            lead,
            states_priority: !self.of(Field::Priority).is_empty(),
            states_time_zone: stated.is_some(),
        };
        Ok((candidate, doubt))
    }
}

/// First and last name in one line, for people.
pub(super) fn whole_name(first: &str, last: &str) -> String {
    cells::shown(format!("{first} {last}").trim())
}

/// A cell of a file of rejected rows, without the mark that it may have been given.
fn bare(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(unmarked(text)),
        Cow::Owned(text) => Cow::Owned(unmarked(&text).to_owned()),
    }
}

fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

/// The names in the first record of a file.
fn header<R: Read>(records: &mut Records<R>) -> Result<Vec<String>, Error> {
    let cells = match records.next()? {
        Next::End => return Err(Error::Empty),
        Next::Skipped { why: Skipped::TooLong, .. } => {
            return Err(Error::HeaderTooLong(records.record_len_max()));
        }
        Next::Skipped { why: Skipped::OpenQuote, .. } => return Err(Error::HeaderQuote),
        Next::Record { cells, .. } => cells,
    };
    if cells > records.columns_max() {
        return Err(Error::TooManyColumns { found: cells, max: records.columns_max() });
    }
    let names: Vec<String> =
        (0..cells).map(|index| decode(records.cell(index)).0.trim().to_owned()).collect();
    if names.iter().any(|name| name.contains('\0')) {
        return Err(Error::NotText);
    }
    Ok(names)
}

fn skipped(why: Skipped, len_max: usize) -> Fault {
    let kib = len_max / 1024;
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
