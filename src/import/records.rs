//! From text to records: cells between delimiters, lines between line ends, quotes around both.
//!
//! The parser is the one of the `csv` crate, fed by hand. The reader on top of it cannot bound a record,
//! so that one quote that is never closed would swallow the rest of the file into memory.

use std::cmp::Ordering;
use std::io::{self, Read};

use csv_core::ReadRecordResult;

use super::error::Error;

/// The longest record in bytes, quotes included.
pub(super) const RECORD_LEN_MAX: usize = 64 * 1024;
/// The most columns.
pub(super) const COLUMNS_MAX: usize = 200;
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

/// Splits a text into records, holding little more than one at a time.
pub(super) struct Records<R> {
    source: R,
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
    bytes_read: u64,
}

impl<R: Read> Records<R> {
    /// Reads ahead as far as the longest header may be.
    pub(super) fn open(source: R) -> io::Result<Self> {
        let mut records = Self {
            source,
            parser: Box::new(csv_core::Reader::new()),
            window: Vec::new(),
            start: 0,
            ended: false,
            line: 1,
            after_cr: false,
            output: vec![0; RECORD_LEN_MAX + 1],
            ends: vec![0; COLUMNS_MAX + 1],
            open_quotes: 0,
            bytes_read: 0,
        };
        while records.window.len() < RECORD_LEN_MAX && records.fill()? {}
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

    /// Bytes of text read so far, those ahead included.
    pub(super) fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    /// A cell of the present record, from 0; empty beyond its end.
    pub(super) fn cell(&self, index: usize) -> &[u8] {
        let start = index.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        let end = self.ends.get(index).copied();
        start.zip(end).and_then(|(start, end)| self.output.get(start..end)).unwrap_or_default()
    }

    /// Goes on to the next record; blank lines are none.
    pub(super) fn next(&mut self) -> Result<Next, Error> {
        if self.start > RECORD_LEN_MAX {
            self.window.drain(..self.start);
            self.start = 0;
        }
        self.skip_line_ends()?;
        let line = self.line;
        let (mut read, mut written, mut ended, mut cells) = (self.start, 0, 0, 0);
        loop {
            let limit = self.window.len().min(self.start + RECORD_LEN_MAX);
            if read == limit {
                let is_full = limit - self.start == RECORD_LEN_MAX;
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
        self.bytes_read += read as u64;
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

    /// Every record as its line and its cells, every skipped one as its line and the reason.
    fn split(text: &[u8]) -> Vec<String> {
        let mut records = Records::open(text).unwrap();
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
        let mut records = Records::open(wide.as_bytes()).unwrap();
        assert_eq!(records.next().unwrap(), Next::Record { line: 1, cells: COLUMNS_MAX + 51 });
        assert_eq!(records.cell(3), b"");
    }

    #[test]
    fn many_open_quotes_end_it() {
        // Each line has its quote open, read from its beginning, and leaves it open, read from another's.
        let text = "z\",\"b\n".repeat(50_000);
        let mut records = Records::open(text.as_bytes()).unwrap();
        let mut result = records.next();
        while matches!(result, Ok(Next::Record { .. } | Next::Skipped { .. })) {
            result = records.next();
        }
        assert!(matches!(result, Err(Error::OpenQuotes { line: 1001, .. })), "{result:?}");
    }
}
