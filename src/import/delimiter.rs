//! Which character separates the cells of a file, judged by its header.

use super::limits::Limits;
use super::records::{Next, Records};
use super::text::decode;

/// In order of preference.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// What separates cells, and how many bytes at the beginning of the file do nothing but say so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sniffed {
    pub(super) delimiter: u8,
    pub(super) skip_len: usize,
}

/// Tries each delimiter on the header, and takes the one that makes most of it known: of columns whose
/// meaning is clear (`count_known`), then of columns at all. A line such as `sep=;`, which spreadsheets
/// write for each other, settles the matter.
pub(super) fn sniff(ahead: &[u8], limits: &Limits, count_known: impl Fn(&[String]) -> usize) -> Sniffed {
    if let Some(stated) = stated(ahead) {
        return stated;
    }
    let ahead = &ahead[..ahead.len().min(limits.row_bytes)];
    let score = |delimiter: u8| {
        let header = header(ahead, limits, delimiter);
        (count_known(&header), header.len())
    };
    let mut best = (DELIMITERS[0], score(DELIMITERS[0]));
    for delimiter in DELIMITERS.into_iter().skip(1) {
        let score = score(delimiter);
        if score > best.1 {
            best = (delimiter, score);
        }
    }
    Sniffed { delimiter: best.0, skip_len: 0 }
}

/// The cells of the first record; one that is empty when it cannot be read.
fn header(ahead: &[u8], limits: &Limits, delimiter: u8) -> Vec<String> {
    let Ok(mut records) = Records::open(ahead, limits) else { return vec![String::new()] };
    records.set_delimiter(delimiter);
    match records.next() {
        Ok(Next::Record { cells, .. }) => (0..cells.min(limits.columns))
            .map(|index| decode(records.cell(index)).0.trim().to_owned())
            .collect(),
        _ => vec![String::new()],
    }
}

fn stated(ahead: &[u8]) -> Option<Sniffed> {
    let line_len = ahead.iter().position(|byte| matches!(byte, b'\n' | b'\r'))?;
    match ahead[..line_len] {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] if DELIMITERS.contains(&delimiter) => {
            Some(Sniffed { delimiter, skip_len: line_len })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_the_one_that_makes_sense_of_the_header() {
        let count_known = |header: &[String]| header.iter().filter(|cell| *cell == "phone").count();
        for (text, expected) in [
            ("phone", b','),
            ("name,phone\n1;2;3;4", b','),
            ("name;phone\n", b';'),
            ("name\tphone", b'\t'),
            ("name|phone\r\n", b'|'),
            ("\"a,b,c,d\";phone", b';'),
            ("a,b,c,d;phone", b';'),
            ("a;b;c", b';'),
            ("", b','),
        ] {
            let expected = Sniffed { delimiter: expected, skip_len: 0 };
            assert_eq!(sniff(text.as_bytes(), &Limits::default(), count_known), expected, "{text:?}");
        }
        let stated = Sniffed { delimiter: b'|', skip_len: 5 };
        assert_eq!(sniff(b"SEP=|\r\nname,phone\r\n", &Limits::default(), count_known), stated);
    }
}
