//! From text to records: cells between delimiters, lines between line ends, quotes around both.
//!
//! The parser is the one of the `csv` crate, fed by hand. The reader on top of it cannot bound a record,
//! so that one quote that is never closed would swallow the rest of the file into memory.

use std::cmp::Ordering;
use std::io::{self, Read};

use csv_core::ReadRecordResult;

use serde::{Deserialize, Serialize};

use super::error::Error;
use super::limits::Limits;

/// After so many quotes that were never closed, quotes do not mean what they should. It also bounds the
/// work: each costs reading a whole record's length again.
const OPEN_QUOTES_MAX: u32 = 1_000;
const PIECE_LEN: usize = 32 * 1024;

/// What comes next in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// A record of so many cells; [`Records::cell`] has the first of them. Begins in this line.
    Record { line: u64, cells: usize },
    /// A record that was skipped, beginning in this line.
    Skipped { line: u64, why: Skipped },
    /// Nothing.
    End,
}

/// Why a record was skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Skipped {
    /// A line is longer than a record may be; all of it was skipped.
    TooLong,
    /// A quote is not closed within the length of a record; only its first line was skipped.
    OpenQuote,
}

/// A place between two records of a text, and what has to be known to go on there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Place {
    /// Bytes of text before it.
    at: u64,
    line: u64,
    after_cr: bool,
    open_quotes: u32,
}

/// Splits a text into records, holding little more than one at a time.
pub(super) struct Records<R> {
    source: R,
    record_len_max: usize,
    columns_max: usize,
    parser: Box<csv_core::Reader>,
    /// Read and not yet used, from `start` on.
    window: Vec<u8>,
    start: usize,
    ended: bool,
    /// The line that `start` is in, from 1.
    line: u64,
    after_cr: bool,
    output: Vec<u8>,
    ends: Vec<usize>,
    open_quotes: u32,
    /// Bytes of text before `start`.
    used: u64,
}

impl<R: Read> Records<R> {
    /// Reads ahead as far as the longest header may be.
    pub(super) fn open(source: R, limits: &Limits) -> io::Result<Self> {
        let mut records = Self {
            source,
            record_len_max: limits.row_bytes,
            columns_max: limits.columns,
            parser: Box::new(csv_core::Reader::new()),
            window: Vec::new(),
            start: 0,
            ended: false,
            line: 1,
            after_cr: false,
            output: vec![0; limits.row_bytes + 1],
            ends: vec![0; limits.columns + 1],
            open_quotes: 0,
            used: 0,
        };
        while records.window.len() < limits.row_bytes && records.fill()? {}
        Ok(records)
    }

    /// What was read and not yet used.
    pub(super) fn ahead(&self) -> &[u8] {
        &self.window[self.start..]
    }

    /// Leaves out so many bytes.
    pub(super) fn skip(&mut self, len: usize) {
        self.consume(self.start + len);
    }

    /// Sets what separates cells. Only before the first record.
    pub(super) fn set_delimiter(&mut self, delimiter: u8) {
        *self.parser = csv_core::ReaderBuilder::new().delimiter(delimiter).build();
    }

    pub(super) fn source(&self) -> &R {
        &self.source
    }

    /// Bytes of text used so far.
    pub(super) fn bytes_used(&self) -> u64 {
        self.used
    }

    /// Where the next record is looked for.
    pub(super) fn place(&self) -> Place {
        Place { at: self.used, line: self.line, after_cr: self.after_cr, open_quotes: self.open_quotes }
    }

    /// Goes to a place further on, which a reader of the same text gave.
    pub(super) fn go_to(&mut self, place: Place) -> io::Result<()> {
        while self.used < place.at {
            if self.start == self.window.len() && !self.fill()? {
                break;
            }
            let ahead = self.window.len() - self.start;
            let len = usize::try_from(place.at - self.used).map_or(ahead, |left| left.min(ahead));
            self.start += len;
            self.used += len as u64;
        }
        let Place { at: _, line, after_cr, open_quotes } = place;
        (self.line, self.after_cr, self.open_quotes) = (line, after_cr, open_quotes);
        Ok(())
    }

    /// The cells of the present record one after the other, and where each of them ends; those of the first
    /// columns only when there are more than there may be.
    pub(super) fn cells(&self, cells: usize) -> (&[u8], &[usize]) {
        let ends = self.ends.get(..cells.min(self.columns_max)).unwrap_or_default();
        let len = ends.last().copied().unwrap_or(0);
        (self.output.get(..len).unwrap_or_default(), ends)
    }

    /// The most bytes that a record may have.
    pub(super) fn record_len_max(&self) -> usize {
        self.record_len_max
    }

    /// The most columns that there may be.
    pub(super) fn columns_max(&self) -> usize {
        self.columns_max
    }

    /// A cell of the present record, from 0; empty beyond its end.
    pub(super) fn cell(&self, index: usize) -> &[u8] {
        let start = index.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        let end = self.ends.get(index).copied();
        start.zip(end).and_then(|(start, end)| self.output.get(start..end)).unwrap_or_default()
    }

    /// Goes on to the next record; blank lines are none.
    pub(super) fn next(&mut self) -> Result<Next, Error> {
        if self.start > self.record_len_max {
            self.window.drain(..self.start);
            self.start = 0;
        }
        self.skip_line_ends()?;
        let line = self.line;
        let (mut read, mut written, mut ended, mut cells) = (self.start, 0, 0, 0);
        loop {
            let limit = self.window.len().min(self.start + self.record_len_max);
            if read == limit {
                let is_full = limit - self.start == self.record_len_max;
                if is_full || !self.fill()? {
                    return if read == self.start { Ok(Next::End) } else { self.recover(line, limit) };
                }
                continue;
            }
            let (result, bytes_in, bytes_out, cells_out) = self.parser.read_record(
                &self.window[read..limit],
                &mut self.output[written..],
                &mut self.ends[ended..],
            );
            read += bytes_in;
            written += bytes_out;
            ended += cells_out;
            cells += cells_out;
            match result {
                ReadRecordResult::InputEmpty => {}
                // More cells than anybody has columns: they are counted, and lost.
                ReadRecordResult::OutputEndsFull => ended = 0,
                ReadRecordResult::OutputFull | ReadRecordResult::End => return self.recover(line, read),
                ReadRecordResult::Record => {
                    self.consume(read);
                    match cells.cmp(&self.ends.len()) {
                        Ordering::Greater => self.ends.fill(0),
                        _ => self.ends[ended..].fill(written),
                    }
                    return Ok(Next::Record { line, cells });
                }
            }
        }
    }

    /// Goes on behind a record that did not end in time, of which `limit` is the end of what was looked at.
    fn recover(&mut self, line: u64, limit: usize) -> Result<Next, Error> {
        self.parser.reset();
        if let Some(line_len) = self.window[self.start..limit].iter().position(|byte| is_line_end(*byte)) {
            self.open_quotes += 1;
            if self.open_quotes > OPEN_QUOTES_MAX {
                return Err(Error::OpenQuotes { line, count: OPEN_QUOTES_MAX });
            }
            self.consume(self.start + line_len);
            return Ok(Next::Skipped { line, why: Skipped::OpenQuote });
        }
        loop {
            let rest = self.ahead().iter().position(|byte| is_line_end(*byte));
            self.consume(rest.map_or(self.window.len(), |rest| self.start + rest));
            if rest.is_some() || !self.fill()? {
                return Ok(Next::Skipped { line, why: Skipped::TooLong });
            }
        }
    }

    fn skip_line_ends(&mut self) -> io::Result<()> {
        loop {
            let len = self.ahead().iter().take_while(|byte| is_line_end(**byte)).count();
            self.consume(self.start + len);
            if self.start < self.window.len() || !self.fill()? {
                return Ok(());
            }
        }
    }

    /// Uses the window up to `to`, and counts its lines. A line ends with LF, CR, or CR LF.
    fn consume(&mut self, to: usize) {
        let to = to.min(self.window.len());
        for byte in &self.window[self.start..to] {
            let goes_on = *byte == b'\n' && self.after_cr;
            self.after_cr = *byte == b'\r';
            self.line += u64::from(is_line_end(*byte) && !goes_on);
        }
        self.used += (to - self.start) as u64;
        self.start = to;
    }

    /// Reads a piece more; false at the end. The last line is given a line end: a record that then still
    /// does not end is in quotes.
    fn fill(&mut self) -> io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        if self.start == self.window.len() {
            self.window.clear();
            self.start = 0;
        }
        let len = self.window.len();
        self.window.resize(len + PIECE_LEN, 0);
        let read = loop {
            match self.source.read(&mut self.window[len..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => break result,
            }
        };
        let read = read.inspect_err(|_| self.window.truncate(len))?;
        self.window.truncate(len + read);
        if read == 0 {
            self.ended = true;
            self.window.push(b'\n');
        }
        Ok(true)
    }
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD_LEN_MAX: usize = 64 * 1024;
    const COLUMNS_MAX: usize = 200;

    /// Every record as its line and its cells, every skipped one as its line and the reason.
    fn split(text: &[u8]) -> Vec<String> {
        rest(Records::open(text, &Limits::default()).unwrap())
    }

    fn rest(mut records: Records<&[u8]>) -> Vec<String> {
        let mut all = Vec::new();
        loop {
            match records.next().unwrap() {
                Next::End => return all,
                Next::Skipped { line, why } => all.push(format!("{line}: {why:?}")),
                Next::Record { line, cells } => {
                    let cells: Vec<_> =
                        (0..cells.min(9)).map(|index| String::from_utf8_lossy(records.cell(index))).collect();
                    all.push(format!("{line}: {}", cells.join("|")));
                }
            }
        }
    }

    #[test]
    fn records_have_the_line_they_begin_in() {
        for (text, expected) in [
            ("", &[][..]),
            ("\n\r\n\n", &[]),
            ("a,b", &["1: a|b"]),
            ("a,b\nc\n", &["1: a|b", "2: c"]),
            ("a\r\nb\r\n\r\nc", &["1: a", "2: b", "4: c"]),
            ("a\rb\r\rc", &["1: a", "2: b", "4: c"]),
            ("\n\na,\"x\ny\"\nb", &["3: a|x\ny", "5: b"]),
            ("a,\"x \"\"y\"\" z\",5\" pipe\n", &["1: a|x \"y\" z|5\" pipe"]),
            (",\n\"\"\n", &["1: |", "2: "]),
            // A quote that is never closed costs its own line only.
            ("a\nb,\"c\nd\ne", &["1: a", "2: OpenQuote", "3: d", "4: e"]),
            ("\"", &["1: OpenQuote"]),
            ("a\n\"\"\"", &["1: a", "2: OpenQuote"]),
        ] {
            assert_eq!(split(text.as_bytes()), expected, "{text:?}");
        }
    }

    #[test]
    fn long_records_are_skipped_and_the_rest_is_read() {
        let long = "x".repeat(RECORD_LEN_MAX);
        let fits = "x".repeat(RECORD_LEN_MAX - 1);
        let many_lines = "y\n".repeat(RECORD_LEN_MAX);
        let wide = ",".repeat(COLUMNS_MAX + 50);
        assert_eq!(split(format!("a\n{long}\nb").as_bytes()), ["1: a", "2: TooLong", "3: b"]);
        assert_eq!(split(format!("a\n{long}{long}").as_bytes()), ["1: a", "2: TooLong"]);
        assert_eq!(split(format!("{fits}\nb").as_bytes()), [format!("1: {fits}"), "2: b".to_owned()]);
        let found = split(format!("a\n\"{many_lines}z").as_bytes());
        assert_eq!(found[..3], ["1: a", "2: OpenQuote", "3: y"]);
        assert_eq!(found.len(), RECORD_LEN_MAX + 2);
        let mut records = Records::open(wide.as_bytes(), &Limits::default()).unwrap();
        assert_eq!(records.next().unwrap(), Next::Record { line: 1, cells: COLUMNS_MAX + 51 });
        assert_eq!(records.cell(3), b"");
    }

    #[test]
    fn many_open_quotes_end_it() {
        // Each line has its quote open, read from its beginning, and leaves it open, read from another's.
        let text = "z\",\"b\n".repeat(50_000);
        let mut records = Records::open(text.as_bytes(), &Limits::default()).unwrap();
        let mut result = records.next();
        while matches!(result, Ok(Next::Record { .. } | Next::Skipped { .. })) {
            result = records.next();
        }
        assert!(matches!(result, Err(Error::OpenQuotes { line: 1001, .. })), "{result:?}");
    }

    #[test]
    fn a_reader_goes_on_where_another_one_stopped() {
        let text = "a,b\r\n\r\n\"x\ny\",2\rc\n\"open\nd\r\n\n".repeat(300);
        let all = split(text.as_bytes());
        let mut records = Records::open(text.as_bytes(), &Limits::default()).unwrap();
        for read in 1..=all.len() {
            records.next().unwrap();
            let mut other = Records::open(text.as_bytes(), &Limits::default()).unwrap();
            other.go_to(records.place()).unwrap();
            assert_eq!(rest(other), all[read..], "after {read} records");
            if read > 20 {
                break;
            }
        }
        while records.next().unwrap() != Next::End {}
        let mut other = Records::open(text.as_bytes(), &Limits::default()).unwrap();
        other.go_to(records.place()).unwrap();
        assert_eq!(other.next().unwrap(), Next::End);
    }
}
