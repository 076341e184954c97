//! The hold music, made here so that it can be given away and needs no network: a slow arpeggio.

use std::f64::consts::TAU;
use std::sync::OnceLock;

use axum::body::Bytes;

/// What telephones carry.
const RATE: u32 = 8000;
const NOTE_SAMPLES: u32 = RATE * 2 / 5;
/// Four bars of C, A minor, F and G, in hertz.
const BARS: [[f64; 4]; 4] = [
    [261.63, 329.63, 392.00, 523.25],
    [220.00, 261.63, 329.63, 440.00],
    [174.61, 220.00, 261.63, 349.23],
    [196.00, 246.94, 293.66, 392.00],
];
const TIMES_EACH_BAR: usize = 3;

/// The music as a WAV file: 8 kHz, 16 bit, mono, about 19 seconds; its end fits its beginning.
pub(super) fn wav() -> Bytes {
    static WAV: OnceLock<Bytes> = OnceLock::new();
    WAV.get_or_init(|| Bytes::from(file(&samples()))).clone()
}

fn samples() -> Vec<i16> {
    let notes = BARS.iter().flat_map(|bar| bar.repeat(TIMES_EACH_BAR));
    notes.flat_map(|hertz| (0..NOTE_SAMPLES).map(move |at| note(hertz, at))).collect()
}

/// One sample of a plucked note: a fundamental and an octave that die away.
fn note(hertz: f64, at: u32) -> i16 {
    let seconds = f64::from(at) / f64::from(RATE);
    let attack = (seconds / 0.01).min(1.0);
    let decay = (-3.0 * seconds).exp();
    let tone = (TAU * hertz * seconds).sin() + 0.3 * (TAU * 2.0 * hertz * seconds).sin();
    #[expect(clippy::cast_possible_truncation, reason = "within 16 bits by its amplitude")]
    {
        (tone * attack * decay * 6000.0) as i16
    }
}

fn file(samples: &[i16]) -> Vec<u8> {
    let data_bytes = u32::try_from(samples.len() * 2).unwrap_or(u32::MAX);
    let mut file = Vec::with_capacity(samples.len() * 2 + 44);
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&(36 + data_bytes).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt ");
    file.extend_from_slice(&16_u32.to_le_bytes());
    file.extend_from_slice(&1_u16.to_le_bytes());
    file.extend_from_slice(&1_u16.to_le_bytes());
    file.extend_from_slice(&RATE.to_le_bytes());
    file.extend_from_slice(&(RATE * 2).to_le_bytes());
    file.extend_from_slice(&2_u16.to_le_bytes());
    file.extend_from_slice(&16_u16.to_le_bytes());
    file.extend_from_slice(b"data");
    file.extend_from_slice(&data_bytes.to_le_bytes());
    for sample in samples {
        file.extend_from_slice(&sample.to_le_bytes());
    }
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_as_long_as_its_header_says_and_never_clips() {
        let wav = wav();
        assert_eq!(&wav[0..4], b"RIFF");
        assert_eq!(u32::from_le_bytes(wav[40..44].try_into().unwrap()) as usize + 44, wav.len());
        let loudest = samples().into_iter().map(i16::unsigned_abs).max();
        assert!(loudest.is_some_and(|loudest| (4000..20000).contains(&loudest)), "{loudest:?}");
    }
}
