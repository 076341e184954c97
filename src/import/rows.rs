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
    #[expect(clippy::should_implement_trait, reason = "an error ends it, unlike those of an iterator's items")]
    pub fn next(&mut self) -> Result<Option<Row>, Error> {
        loop {
            let (line, read) = match self.records.next()? {
                Next::End => return Ok(None),
                Next::Skipped { line, why } => (line, Err(skipped(why))),
                Next::Record { cells, .. } if (0..cells.min(COLUMNS_MAX)).all(|index| self.is_blank(index)) => {
                    self.blank += 1;
                    continue;
                }
                Next::Record { line, cells } => {
                    let row = self.texts(line, cells);
                    match row.and_then(|texts| texts.check_shape(cells, &self.columns)) {
                        Err(fault) => (line, Err(fault)),
                        Ok(texts) => {
                            let name = texts.name();
                            let reading = match texts.lead(&self.default_country) {
                                Ok((lead, doubt)) => {
                                    Reading::Lead(Box::new(lead), doubt.map(|fault| self.remark(fault)))
                                }
                                Err(fault) => Reading::Rejected(self.remark(fault)),
                            };
                            return Ok(Some(Row { line, name, reading }));
                        }
                    }
                }
            };
            let Err(fault) = read;
            let reading = Reading::Rejected(self.remark(fault));
            return Ok(Some(Row { line, name: String::new(), reading }));
        }
    }
}
