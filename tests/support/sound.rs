//! Sound: small audio files for uploads.

/// What a second of [`wav`] weighs, and what stands before the first.
pub(crate) const SECOND_BYTES: u32 = 1024;
pub(crate) const HEADER_BYTES: u32 = 44;

/// Seconds of silence as a wav file, mu-law at a rate that only a test would choose. Up to 31 of them, its every byte
/// is a character, so that it can stand in a text.
pub(crate) fn wav(seconds: u32) -> Vec<u8> {
    let long = u32::to_le_bytes;
    let (kind, sizes) = ([7, 0, 1, 0], [1, 0, 8, 0]);
    let format = [kind, long(SECOND_BYTES), long(SECOND_BYTES), sizes].concat();
    let data_bytes = SECOND_BYTES * seconds;
    let mut file =
        [b"RIFF", &[0; 4][..], b"WAVEfmt ", &long(16), &format, b"data", &long(data_bytes)].concat();
    file.resize((HEADER_BYTES + data_bytes) as usize, 0);
    file
}

/// So many frames of silence as an mp3 file: each lasts 1152 samples of 44100 a second.
pub(crate) fn mp3(frames: usize) -> Vec<u8> {
    let mut frame = vec![0xFF, 0xFB, 0x90, 0x00];
    frame.resize(417, 0);
    frame.repeat(frames)
}
