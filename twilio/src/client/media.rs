//! Media: the sound of a recording, read as it comes.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::LOCATION;
use reqwest::{Response, StatusCode};
use url::Url;

use super::exchange::explain;
use super::{Client, ReadError};
use crate::words::words;

/// The longest that a whole recording may take: the longest call at a slow line.
const WHOLE_MAX: Duration = Duration::from_secs(3600);
/// The longest silence while it is being read.
const SILENCE_MAX: Duration = Duration::from_secs(30);
/// How often we may be sent elsewhere. Carriers keep the sound with somebody else.
const HOPS_MAX: usize = 3;

words! {
    /// In which form the sound is asked for; the word is the extension of its address.
    pub enum Format {
        /// Uncompressed, both sides apart: about 2 MB a minute.
        Wav = "wav",
        /// Compressed: about a fifth of that.
        Mp3 = "mp3",
    }
}

impl Format {
    /// The media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Wav => "audio/x-wav",
            Self::Mp3 => "audio/mpeg",
        }
    }
}

/// The sound of a recording that is being read.
#[derive(Debug)]
pub struct Media {
    response: Response,
    /// Its size in bytes, if the carrier says so.
    pub length: Option<u64>,
    read: u64,
}

impl Media {
    /// The next piece; none at the end.
    ///
    /// # Errors
    /// When the connection breaks, nothing comes for half a minute, or it ends before all is there.
    pub async fn piece(&mut self) -> Result<Option<Bytes>, ReadError> {
        let unavailable = |reason: String| ReadError::Unavailable(reason);
        let piece = tokio::time::timeout(SILENCE_MAX, self.response.chunk())
            .await
            .map_err(|_| unavailable("the carrier stopped sending".to_owned()))?
            .map_err(|error| unavailable(explain(error)))?;
        match &piece {
            Some(bytes) => self.read += bytes.len() as u64,
            None if self.length.is_some_and(|length| length != self.read) => {
                return Err(unavailable("the carrier ended before all was sent".to_owned()));
            }
            None => {}
        }
        Ok(piece)
    }
}

impl Client {
    /// Opens media of the account. The credentials are shown to the carrier and to nobody whom it sends us to.
    pub(super) async fn open_media(&self, first: Url) -> Result<Media, ReadError> {
        let origin = first.origin();
        let mut url = first;
        for _ in 0..=HOPS_MAX {
            let request = self.steering.get(url.clone()).timeout(WHOLE_MAX);
            let request = if url.origin() == origin { self.authorized(request) } else { request };
            let sent = tokio::time::timeout(SILENCE_MAX, request.send()).await;
            let response = sent
                .map_err(|_| ReadError::Unavailable("the carrier does not answer".to_owned()))?
                .map_err(|error| ReadError::Unavailable(explain(error)))?;
            let status = response.status();
            if status.is_success() {
                return Ok(Media { length: response.content_length(), response, read: 0 });
            }
            if !status.is_redirection() {
                return Err(refused(status));
            }
            let next = response.headers().get(LOCATION).and_then(|location| location.to_str().ok());
            // From an encrypted line to a plain one nobody is sent in good faith.
            url = next
                .and_then(|location| url.join(location).ok())
                .filter(|next| next.scheme() == "https" || next.scheme() == url.scheme())
                .ok_or_else(|| ReadError::Unavailable("the carrier sends us nowhere".to_owned()))?;
        }
        Err(ReadError::Unavailable("the carrier sends us in circles".to_owned()))
    }
}

fn refused(status: StatusCode) -> ReadError {
    match status {
        StatusCode::NOT_FOUND | StatusCode::GONE => ReadError::Missing,
        other => ReadError::Unavailable(format!("the carrier answered {other}")),
    }
}
