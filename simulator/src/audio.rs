//! Audio: what a `<Play>` names, fetched and measured, and kept as long as the customer says it may be.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::header;
use warmline_workflows::audio::Reader;

use crate::webhook::{Failure, Webhooks, failure_after_connecting};

/// What was fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Audio {
    pub(crate) bytes: u64,
    pub(crate) duration_ms: u64,
}

/// What was fetched and may be played again without asking.
#[derive(Default)]
pub(crate) struct Kept(Mutex<HashMap<String, (Audio, Instant)>>);

/// How long audio is taken to last that is neither wav nor mp3, which the real service plays, too.
const UNREAD_MS: u64 = 8000;
/// The largest file the carrier plays.
const FILE_BYTES_MAX: u64 = 40 << 20;

impl Kept {
    /// The audio at an address.
    pub(crate) async fn fetch(&self, webhooks: &Webhooks, url: &str) -> Result<Audio, Failure> {
        if let Some((audio, until)) = self.lock().get(url).copied()
            && Instant::now() < until
        {
            return Ok(audio);
        }
        let mut response = webhooks.get(url).await?;
        let told = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
        let kind = told(header::CONTENT_TYPE).unwrap_or_default();
        if !kind.starts_with("audio/") {
            let detail = format!("the content type `{kind}` is not for <Play>");
            return Err(Failure { code: 12300, detail });
        }
        let keep = told(header::CACHE_CONTROL).and_then(max_age);
        let mut reader = Some(Reader::default());
        let mut bytes = 0;
        while let Some(piece) = response.chunk().await.map_err(|error| failure_after_connecting(&error))? {
            bytes += piece.len() as u64;
            if bytes > FILE_BYTES_MAX {
                let detail = format!("the audio is longer than {FILE_BYTES_MAX} bytes");
                return Err(Failure { code: 11750, detail });
            }
            reader = reader.and_then(|mut reader| reader.take(&piece).ok().map(|()| reader));
        }
        let audio = Audio { bytes, duration_ms: length_ms(reader) };
        if let Some(until) = keep.and_then(|keep| Instant::now().checked_add(keep)) {
            self.lock().insert(url.to_owned(), (audio, until));
        }
        Ok(audio)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, (Audio, Instant)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long the audio in an answer lasts, in seconds.
pub(crate) fn seconds_of(body: &[u8]) -> f64 {
    let mut reader = Reader::default();
    let reader = reader.take(body).ok().map(|()| reader);
    length_ms(reader) as f64 / 1000.0
}

fn length_ms(reader: Option<Reader>) -> u64 {
    reader.and_then(|reader| reader.finish().ok()).map_or(UNREAD_MS, |sound| sound.duration_ms)
}

/// How long an answer may be kept.
fn max_age(cache_control: &str) -> Option<Duration> {
    let seconds = cache_control.split(',').find_map(|word| word.trim().strip_prefix("max-age="))?;
    seconds.parse().ok().map(Duration::from_secs)
}
