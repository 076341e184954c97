//! WAV: what a recording of a simulated call sounds like.

use std::f64::consts::TAU;
use std::io;

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::stream;

/// A quiet tone, half a second on and half a second off, as 16-bit PCM.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wav {
    seconds: u64,
    channels: u32,
}

/// How many sides of the conversation are kept apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channels {
    One,
    Two,
}

const SAMPLES_PER_SECOND: u32 = 8_000;
const BYTES_PER_SAMPLE: u32 = 2;
const TONE_HZ: f64 = 440.0;
const LOUDNESS: f64 = 1_200.0;

impl Wav {
    pub(crate) fn new(seconds: u64, channels: Channels) -> Self {
        // Four hours, the longest recording there is, stay far below the format's 4 GiB.
        Self { seconds: seconds.min(4 * 3600), channels: if channels == Channels::Two { 2 } else { 1 } }
    }

    fn second_bytes(self) -> u32 {
        SAMPLES_PER_SECOND * BYTES_PER_SAMPLE * self.channels
    }

    fn data_bytes(self) -> u32 {
        u32::try_from(self.seconds).unwrap_or(u32::MAX).saturating_mul(self.second_bytes())
    }

    fn header(self) -> Bytes {
        let mut header = Vec::with_capacity(44);
        header.extend_from_slice(b"RIFF");
        header.extend_from_slice(&(36 + self.data_bytes()).to_le_bytes());
        header.extend_from_slice(b"WAVEfmt ");
        header.extend_from_slice(&16_u32.to_le_bytes());
        header.extend_from_slice(&1_u16.to_le_bytes());
        header.extend_from_slice(&(self.channels as u16).to_le_bytes());
        header.extend_from_slice(&SAMPLES_PER_SECOND.to_le_bytes());
        header.extend_from_slice(&self.second_bytes().to_le_bytes());
        header.extend_from_slice(&((BYTES_PER_SAMPLE * self.channels) as u16).to_le_bytes());
        header.extend_from_slice(&((BYTES_PER_SAMPLE * 8) as u16).to_le_bytes());
        header.extend_from_slice(b"data");
        header.extend_from_slice(&self.data_bytes().to_le_bytes());
        header.into()
    }

    /// One second of sound. With two channels the second one is silent while the first sounds.
    fn second(self) -> Bytes {
        let mut data = Vec::with_capacity(self.second_bytes() as usize);
        for n in 0..SAMPLES_PER_SECOND {
            let sample =
                ((f64::from(n) * TONE_HZ * TAU / f64::from(SAMPLES_PER_SECOND)).sin() * LOUDNESS) as i16;
            let first_half = n < SAMPLES_PER_SECOND / 2;
            for channel in 0..self.channels {
                let sounds = first_half == (channel == 0);
                data.extend_from_slice(&if sounds { sample } else { 0 }.to_le_bytes());
            }
        }
        data.into()
    }
}

impl IntoResponse for Wav {
    fn into_response(self) -> Response {
        let second = self.second();
        let seconds = (0..self.seconds).map(move |_| second.clone());
        let chunks = std::iter::once(self.header()).chain(seconds).map(Ok::<_, io::Error>);
        let length = 44 + u64::from(self.data_bytes());
        let headers =
            [(header::CONTENT_TYPE, "audio/x-wav".to_owned()), (header::CONTENT_LENGTH, length.to_string())];
        (headers, Body::from_stream(stream::iter(chunks))).into_response()
    }
}
