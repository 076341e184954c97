//! Audio files: what one is and how long it lasts, read off its bytes as they come.
//!
//! A file is taken by what is in it, not by its name. Only headers are looked at: a few bytes are held at a time,
//! however long the file is.

use crate::words::words;

words! {
    /// How an audio file is made.
    pub enum Format, "format of an audio file" {
        /// Samples as they are, after a header.
        Wav = "wav",
        /// MPEG audio, layer III: frame after frame.
        Mp3 = "mp3",
    }
}

impl Format {
    /// What the file is called in HTTP.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Wav => "audio/wav",
            Self::Mp3 => "audio/mpeg",
        }
    }
}

/// What there is to hear in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sound {
    /// How the file is made.
    pub format: Format,
    /// How long it lasts.
    pub duration_ms: u64,
}

/// Why a file cannot be played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unplayable {
    /// It is something else, whatever its name says.
    #[error(
        "its bytes are those of no wav and no mp3 file: export it as one of these, and do not just rename it"
    )]
    Other,
    /// A wav file whose samples are packed in a way that telephones do not take.
    #[error("it is a wav file in encoding {0}: export it as PCM, A-law or mu-law")]
    Encoding(u16),
    /// A wav file whose header contradicts itself.
    #[error("the header of this wav file is damaged: export it anew")]
    Header,
    /// An mp3 file with too much in it that is no sound.
    #[error("this mp3 file is damaged after {0} ms: export it anew")]
    Damaged(u64),
    /// Nothing is to be heard.
    #[error("it holds no sound")]
    Silent,
}

/// Reads a file piece by piece.
#[derive(Debug, Default)]
pub struct Reader {
    place: Place,
    /// Bytes to be passed over before the next header.
    skip: u64,
    /// The beginning of a header that has not come whole.
    held: Vec<u8>,
}

/// Where in a file the reader is.
#[derive(Debug, Clone, Copy, Default)]
enum Place {
    /// Before everything.
    #[default]
    Start,
    /// At a chunk of a wav file, with its bytes each second once they are known.
    Chunk(Option<u32>),
    /// Among the samples of a wav file.
    Samples { second_bytes: u32, left: u64, heard: u64 },
    /// At a frame of an mp3 file.
    Frame(Frames),
    /// After all that is heard.
    Rest(Sound),
}

/// The frames of an mp3 file so far.
#[derive(Debug, Clone, Copy, Default)]
struct Frames {
    first: Option<Frame>,
    count: u64,
    samples: u64,
    /// Bytes between frames that belong to none.
    junk: u32,
}

/// What the header of a frame says.
#[derive(Debug, Clone, Copy)]
struct Frame {
    version: Version,
    rate: u32,
    bytes: u64,
    samples: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Version {
    One,
    Two,
    TwoAndAHalf,
}

/// Bytes between frames that are put up with: a tag in the middle, a frame that was cut.
const JUNK_BYTES_MAX: u32 = 64 * 1024;
/// A frame is believed when another follows: two bytes alone may begin like one by chance.
const FRAMES_MIN: u64 = 2;
/// Kilobits each second, by the index in a frame's header from 1.
const KBPS_ONE: [u64; 14] = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const KBPS_TWO: [u64; 14] = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
/// What may stand after the last frame.
const TAGS: [&[u8]; 3] = [b"TAG", b"APE", b"LYR"];
/// Encodings of wav files that telephones take: PCM, A-law, mu-law, and the one that names one of these further on.
const ENCODINGS: [u16; 3] = [1, 6, 7];
const EXTENSIBLE: u16 = 0xFFFE;

impl Reader {
    /// Takes the next bytes of the file.
    ///
    /// # Errors
    /// As soon as it is plain that the file cannot be played.
    pub fn take(&mut self, piece: &[u8]) -> Result<(), Unplayable> {
        let mut bytes = std::mem::take(&mut self.held);
        bytes.extend_from_slice(piece);
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let used = if self.skip > 0 { pass(&mut self.skip, rest) } else { self.step(rest)? };
            if used == 0 {
                break;
            }
            rest = &rest[used..];
        }
        self.held = rest.to_vec();
        Ok(())
    }

    /// That was all: what there is to hear.
    ///
    /// # Errors
    /// When nothing is, or the file is no audio file.
    pub fn finish(self) -> Result<Sound, Unplayable> {
        let sound = match self.place {
            Place::Start => return Err(Unplayable::Other),
            Place::Chunk(_) => return Err(Unplayable::Silent),
            Place::Samples { second_bytes, heard, .. } => wav_of(second_bytes, heard),
            Place::Frame(frames) => frames.sound()?,
            Place::Rest(sound) => sound,
        };
        if sound.duration_ms == 0 { Err(Unplayable::Silent) } else { Ok(sound) }
    }

    /// Reads what is at the head of these bytes, and says how many it was; none when more are needed.
    fn step(&mut self, bytes: &[u8]) -> Result<usize, Unplayable> {
        match &mut self.place {
            Place::Start => self.start(bytes),
            Place::Chunk(second_bytes) => {
                let second_bytes = *second_bytes;
                self.chunk(bytes, second_bytes)
            }
            Place::Samples { second_bytes, left, heard } => {
                let used = pass(left, bytes);
                *heard += used as u64;
                if *left == 0 {
                    self.place = Place::Rest(wav_of(*second_bytes, *heard));
                }
                Ok(used)
            }
            Place::Frame(frames) => match frames.next(bytes)? {
                Next::More => Ok(0),
                Next::Frame(frame) => {
                    self.skip = frame.bytes - FRAME_HEADER_BYTES as u64;
                    Ok(FRAME_HEADER_BYTES)
                }
                Next::Junk => Ok(1),
                Next::End => {
                    self.place = Place::Rest(frames.sound()?);
                    Ok(bytes.len())
                }
            },
            Place::Rest(_) => Ok(bytes.len()),
        }
    }

    fn start(&mut self, bytes: &[u8]) -> Result<usize, Unplayable> {
        if bytes.len() < 12 {
            return Ok(0);
        }
        if bytes.starts_with(b"RIFF") && &bytes[8..12] == b"WAVE" {
            self.place = Place::Chunk(None);
            return Ok(12);
        }
        self.place = Place::Frame(Frames::default());
        if bytes.starts_with(b"ID3") {
            // Seven bits in each byte, and ten more bytes when there is a footer.
            let size = bytes[6..10].iter().fold(0, |size, byte| size << 7 | u64::from(byte & 0x7F));
            self.skip = size + if bytes[5] & 0x10 == 0 { 0 } else { 10 };
            return Ok(10);
        }
        self.step(bytes)
    }

    fn chunk(&mut self, bytes: &[u8], second_bytes: Option<u32>) -> Result<usize, Unplayable> {
        if bytes.len() < 8 {
            return Ok(0);
        }
        let size = u32_at(bytes, 4);
        if bytes.starts_with(b"data") {
            let second_bytes = second_bytes.ok_or(Unplayable::Header)?;
            self.place = Place::Samples { second_bytes, left: u64::from(size), heard: 0 };
            return Ok(8);
        }
        let padded = u64::from(size) + u64::from(size % 2);
        if bytes.starts_with(b"fmt ") && second_bytes.is_none() {
            let needed = if size >= 26 { 8 + 26 } else { 8 + 16 };
            if size < 16 {
                return Err(Unplayable::Header);
            }
            if bytes.len() < needed {
                return Ok(0);
            }
            self.place = Place::Chunk(Some(second_bytes_of(&bytes[8..needed])?));
        }
        self.skip = padded;
        Ok(8)
    }
}

/// What a wav file's format chunk says of the bytes in a second.
fn second_bytes_of(format: &[u8]) -> Result<u32, Unplayable> {
    let encoding = match u16_at(format, 0) {
        EXTENSIBLE if format.len() >= 26 => u16_at(format, 24),
        encoding => encoding,
    };
    if !ENCODINGS.contains(&encoding) {
        return Err(Unplayable::Encoding(encoding));
    }
    let (channels, rate, second_bytes) = (u16_at(format, 2), u32_at(format, 4), u32_at(format, 8));
    let (frame_bytes, bits) = (u16_at(format, 12), u16_at(format, 14));
    let is_sound = channels > 0 && rate > 0 && second_bytes > 0;
    let agrees = u32::from(frame_bytes).checked_mul(rate) == Some(second_bytes)
        && u32::from(frame_bytes) == u32::from(channels) * u32::from(bits.div_ceil(8));
    if is_sound && agrees { Ok(second_bytes) } else { Err(Unplayable::Header) }
}

fn wav_of(second_bytes: u32, heard: u64) -> Sound {
    Sound { format: Format::Wav, duration_ms: heard * 1000 / u64::from(second_bytes.max(1)) }
}

const FRAME_HEADER_BYTES: usize = 4;

/// What is at a place where a frame may begin.
enum Next {
    More,
    Frame(Frame),
    Junk,
    End,
}

impl Frames {
    fn next(&mut self, bytes: &[u8]) -> Result<Next, Unplayable> {
        let Some(header) = bytes.first_chunk::<FRAME_HEADER_BYTES>() else { return Ok(Next::More) };
        let like_the_first = |frame: &Frame| {
            self.first.is_none_or(|first| first.version == frame.version && first.rate == frame.rate)
        };
        if let Some(frame) = Frame::read(*header).filter(like_the_first) {
            self.first.get_or_insert(frame);
            self.count += 1;
            self.samples += frame.samples;
            return Ok(Next::Frame(frame));
        }
        if self.count < FRAMES_MIN {
            return Err(Unplayable::Other);
        }
        if TAGS.iter().any(|tag| header.starts_with(tag)) {
            return Ok(Next::End);
        }
        self.junk += 1;
        if self.junk > JUNK_BYTES_MAX { Err(Unplayable::Damaged(self.duration_ms())) } else { Ok(Next::Junk) }
    }

    fn duration_ms(&self) -> u64 {
        self.first.map_or(0, |first| self.samples * 1000 / u64::from(first.rate))
    }

    fn sound(&self) -> Result<Sound, Unplayable> {
        if self.count < FRAMES_MIN {
            return Err(Unplayable::Other);
        }
        Ok(Sound { format: Format::Mp3, duration_ms: self.duration_ms() })
    }
}

impl Frame {
    /// Reads a header; none when it is none of layer III, or of a free bit rate, which hardly anything plays.
    fn read([sync, kind, rates, _]: [u8; FRAME_HEADER_BYTES]) -> Option<Self> {
        let is_layer_three = sync == 0xFF && kind & 0xE6 == 0xE2;
        let version = match kind >> 3 & 3 {
            3 => Version::One,
            2 => Version::Two,
            0 => Version::TwoAndAHalf,
            _ => return None,
        };
        let kbps = if version == Version::One { KBPS_ONE } else { KBPS_TWO };
        let kbps = kbps.get(usize::from(rates >> 4).checked_sub(1)?)?;
        let rate = [44_100, 48_000, 32_000].get(usize::from(rates >> 2 & 3))?;
        let (rate, samples) = match version {
            Version::One => (*rate, 1152),
            Version::Two => (rate / 2, 576),
            Version::TwoAndAHalf => (rate / 4, 576),
        };
        let bytes = samples / 8 * kbps * 1000 / u64::from(rate) + u64::from(rates >> 1 & 1);
        is_layer_three.then_some(Self { version, rate, bytes, samples })
    }
}

/// Passes over as many of these bytes as there are to be, and says how many.
fn pass(left: &mut u64, bytes: &[u8]) -> usize {
    let passed = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
    *left -= passed as u64;
    passed
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Wav {
        encoding: u16,
        channels: u16,
        rate: u32,
        bits: u16,
    }

    const TELEPHONE: Wav = Wav { encoding: 1, channels: 1, rate: 8000, bits: 16 };

    impl Wav {
        fn file(&self, data: &[u8]) -> Vec<u8> {
            let frame = self.channels * self.bits.div_ceil(8);
            let mut format = [self.encoding, self.channels].map(u16::to_le_bytes).concat();
            format.extend([self.rate, self.rate * u32::from(frame)].map(u32::to_le_bytes).concat());
            format.extend([frame, self.bits].map(u16::to_le_bytes).concat());
            riff(&[(b"fmt ", &format), (b"LIST", b"INFO!"), (b"data", data), (b"id3 ", b"more")])
        }
    }

    fn riff(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut file = b"RIFF\0\0\0\0WAVE".to_vec();
        for (name, content) in chunks {
            file.extend_from_slice(*name);
            file.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
            file.extend_from_slice(content);
            file.extend(vec![0; content.len() % 2]);
        }
        file
    }

    /// Frames of silence with this header.
    fn frames(header: [u8; 4], bytes: usize, count: usize) -> Vec<u8> {
        let mut frame = header.to_vec();
        frame.resize(bytes, 0);
        frame.repeat(count)
    }

    const CD: [u8; 4] = [0xFF, 0xFB, 0x90, 0x00];

    fn read(file: &[u8], piece: usize) -> Result<Sound, Unplayable> {
        let mut reader = Reader::default();
        for piece in file.chunks(piece) {
            reader.take(piece)?;
        }
        reader.finish()
    }

    /// Reads a file whole and in pieces of every awkward size.
    fn check(file: &[u8], expected: Result<(Format, u64), Unplayable>) {
        let expected = expected.map(|(format, duration_ms)| Sound { format, duration_ms });
        for piece in [1, 3, 7, 4096, file.len().max(1)] {
            assert_eq!(read(file, piece), expected, "in pieces of {piece}");
        }
    }

    #[test]
    fn a_wav_file_lasts_as_long_as_its_samples() {
        check(&TELEPHONE.file(&[0; 24_000]), Ok((Format::Wav, 1500)));
        check(&Wav { channels: 2, rate: 44_100, ..TELEPHONE }.file(&[0; 176_400]), Ok((Format::Wav, 1000)));
        check(&Wav { encoding: 7, bits: 8, ..TELEPHONE }.file(&[0; 4000]), Ok((Format::Wav, 500)));
        check(&TELEPHONE.file(&[]), Err(Unplayable::Silent));
        check(&TELEPHONE.file(&[0; 16_000])[..8000], Ok((Format::Wav, 496)));
        check(&Wav { encoding: 3, bits: 32, ..TELEPHONE }.file(&[0; 999]), Err(Unplayable::Encoding(3)));
        check(&Wav { rate: 0, ..TELEPHONE }.file(&[0; 999]), Err(Unplayable::Header));
        check(&riff(&[(b"data", &[0; 999])]), Err(Unplayable::Header));
        check(&riff(&[(b"fmt ", &[1, 0])]), Err(Unplayable::Header));
        check(&riff(&[]), Err(Unplayable::Silent));
    }

    #[test]
    fn a_wav_file_may_name_its_encoding_further_on_and_be_written_before_its_length_was_known() {
        let mut format = [EXTENSIBLE, 1].map(u16::to_le_bytes).concat();
        format.extend([8000, 16_000].map(u32::to_le_bytes).concat());
        format.extend([2, 16, 22, 16, 0, 0, 1, 0].map(u16::to_le_bytes).concat());
        format.extend([0; 12]);
        let mut file = riff(&[(b"fmt ", &format), (b"data", &[0; 8000])]);
        check(&file, Ok((Format::Wav, 500)));
        let at = file.len() - 8000 - 4;
        file[at..at + 4].fill(0xFF);
        check(&file, Ok((Format::Wav, 500)));
    }

    #[test]
    fn an_mp3_file_lasts_as_long_as_its_frames() {
        check(&frames(CD, 417, 100), Ok((Format::Mp3, 2612)));
        // Version 2 at 22050 Hz, version 2.5 at 8000 Hz, both with 576 samples in a frame.
        check(&frames([0xFF, 0xF3, 0x80, 0x00], 208, 100), Ok((Format::Mp3, 2612)));
        check(&frames([0xFF, 0xE3, 0x18, 0x00], 72, 100), Ok((Format::Mp3, 7200)));
        let tagged = [b"ID3\x04\0\0\0\0\x01\x05", &[0; 133][..], &frames(CD, 417, 50)].concat();
        check(&tagged, Ok((Format::Mp3, 1306)));
        let ended = [frames(CD, 417, 50), b"TAG and whatever".to_vec()].concat();
        check(&ended, Ok((Format::Mp3, 1306)));
        let spliced = [frames(CD, 417, 50), vec![7; 300], frames(CD, 417, 50)].concat();
        check(&spliced, Ok((Format::Mp3, 2612)));
        let mixed = [frames(CD, 417, 50), vec![7; 70_000]].concat();
        check(&mixed, Err(Unplayable::Damaged(1306)));
        check(&frames(CD, 417, 1), Err(Unplayable::Other));
    }

    #[test]
    fn other_files_are_known_by_their_bytes() {
        for other in [
            &b""[..],
            b"RIFF",
            b"RIFF\0\0\0\0AVI LIST",
            b"OggS\0\x02\0\0\0\0\0\0\0\0",
            b"fLaC\0\0\0\x22\x10\0\x10\0",
            b"%PDF-1.7 and so on",
            b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01",
            b"ID3\x04\0\0\0\0\0\0 and no frame after it",
            b"\xFF\xFB\x90\0 and no frame after it, however long one waits for it",
            b"\xFF\xF1\x50\x80\x2E\x7F\xFC\x21\x00\x00\x00\x00",
        ] {
            check(other, Err(Unplayable::Other));
        }
    }
}
