//! From the bytes of a file to text: byte-order marks and encodings.
//!
//! UTF-16 is decoded as a stream. Everything else is passed on, because the bytes that separate cells
//! are the same in UTF-8 and in windows-1252; which of the two a cell is in is decided cell by cell, by
//! [`decode`], since files that were pasted together are in both.

use std::borrow::Cow;
use std::io::{self, Chain, Cursor, Read};

use encoding_rs::{Decoder, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The encoding that a file as a whole is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a mark; single cells may be in windows-1252.
    Utf8,
    /// UTF-16, by its mark.
    Utf16,
}

/// The text of a cell, and whether it had to be taken for windows-1252.
pub(super) fn decode(cell: &[u8]) -> (Cow<'_, str>, Charset) {
    match std::str::from_utf8(cell) {
        Ok(text) => (Cow::Borrowed(text), Charset::Utf8),
        Err(_) => (WINDOWS_1252.decode_without_bom_handling(cell).0, Charset::Windows1252),
    }
}

/// The encoding of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Charset {
    Utf8,
    Windows1252,
}

/// A file as a stream of UTF-8 without its mark, or of unmarked bytes.
pub(super) struct Text<R> {
    source: Chain<Cursor<Vec<u8>>, R>,
    utf16: Option<Utf16>,
}

impl<R: Read> Text<R> {
    pub(super) fn open(mut source: R) -> io::Result<Self> {
        let mut head = Vec::new();
        source.by_ref().take(3).read_to_end(&mut head)?;
        let (mark_len, decoder) = match head[..] {
            [0xef, 0xbb, 0xbf] => (3, None),
            [0xff, 0xfe, ..] => (2, Some(UTF_16LE)),
            [0xfe, 0xff, ..] => (2, Some(UTF_16BE)),
            _ => (0, None),
        };
        head.drain(..mark_len);
        let utf16 = decoder.map(|encoding| Utf16::new(encoding.new_decoder_without_bom_handling()));
        Ok(Self { source: Cursor::new(head).chain(source), utf16 })
    }

    pub(super) fn encoding(&self) -> Encoding {
        if self.utf16.is_some() { Encoding::Utf16 } else { Encoding::Utf8 }
    }
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match &mut self.utf16 {
            Some(utf16) => utf16.read(&mut self.source, into),
            None => self.source.read(into),
        }
    }
}

/// Decodes UTF-16 piece by piece; what cannot be decoded becomes U+FFFD.
struct Utf16 {
    decoder: Decoder,
    input: Vec<u8>,
    input_at: usize,
    output: Vec<u8>,
    output_at: usize,
    ended: bool,
}

const PIECE_LEN: usize = 8 * 1024;

impl Utf16 {
    fn new(decoder: Decoder) -> Self {
        Self { decoder, input: Vec::new(), input_at: 0, output: Vec::new(), output_at: 0, ended: false }
    }

    fn read(&mut self, source: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
        while self.output_at == self.output.len() {
            if self.ended {
                return Ok(0);
            }
            self.decode_piece(source)?;
        }
        let ready = self.output.get(self.output_at..).unwrap_or_default();
        let len = ready.len().min(into.len());
        into[..len].copy_from_slice(&ready[..len]);
        self.output_at += len;
        Ok(len)
    }

    fn decode_piece(&mut self, source: &mut impl Read) -> io::Result<()> {
        let mut is_last = false;
        if self.input_at == self.input.len() {
            self.input.resize(PIECE_LEN, 0);
            let len = source.read(&mut self.input)?;
            self.input.truncate(len);
            self.input_at = 0;
            is_last = len == 0;
        }
        self.output.resize(2 * PIECE_LEN, 0);
        let input = self.input.get(self.input_at..).unwrap_or_default();
        let (result, read, written, _) = self.decoder.decode_to_utf8(input, &mut self.output, is_last);
        self.input_at += read;
        self.output.truncate(written);
        self.output_at = 0;
        self.ended = is_last && result == encoding_rs::CoderResult::InputEmpty;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (Vec<u8>, Encoding) {
        let mut text = Text::open(bytes).unwrap();
        let mut out = Vec::new();
        text.read_to_end(&mut out).unwrap();
        (out, text.encoding())
    }

    #[test]
    fn marks_decide_and_are_dropped() {
        let utf16 = |units: &str, mark: [u8; 2], bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
            mark.into_iter().chain(units.encode_utf16().flat_map(bytes)).collect()
        };
        let long = "phone,Zoë 😀\n".repeat(3000);
        for (bytes, expected, encoding) in [
            (b"".to_vec(), "", Encoding::Utf8),
            (b"a".to_vec(), "a", Encoding::Utf8),
            (b"\xef\xbb\xbfa\xc3\xa9".to_vec(), "aé", Encoding::Utf8),
            (utf16(&long, [0xff, 0xfe], u16::to_le_bytes), &long, Encoding::Utf16),
            (utf16(&long, [0xfe, 0xff], u16::to_be_bytes), &long, Encoding::Utf16),
            (vec![0xff, 0xfe], "", Encoding::Utf16),
            // Half a unit, and half a pair.
            (vec![0xff, 0xfe, b'a', 0, b'b'], "a\u{fffd}", Encoding::Utf16),
            (vec![0xfe, 0xff, 0xd8, 0x3d], "\u{fffd}", Encoding::Utf16),
        ] {
            let (out, found) = read(&bytes);
            assert_eq!((String::from_utf8(out).unwrap().as_str(), found), (expected, encoding));
        }
        assert_eq!(read(b"\xff\xe9").0, b"\xff\xe9", "unmarked bytes pass as they are");
    }

    #[test]
    fn a_cell_is_utf8_or_windows_1252() {
        assert_eq!(decode("Müller".as_bytes()), (Cow::Borrowed("Müller"), Charset::Utf8));
        assert_eq!(decode(b"M\xfcller \x80"), (Cow::Borrowed("Müller €"), Charset::Windows1252));
    }
}
