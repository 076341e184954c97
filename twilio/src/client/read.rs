//! Looking things up: single resources and whole lists.

use std::time::Duration;

use serde_json::Value;
use url::Url;

use super::Client;
use super::exchange::{self, Outcome};
use super::refusal::{Failure, Refusal};
use super::resource::text;

/// The most pages of one list that are fetched.
const PAGES_MAX: usize = 10;

/// What a list brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<T> {
    /// The items, newest first as a rule.
    pub items: Vec<T>,
    /// Whether they are all there are. Otherwise older ones were left out.
    pub is_whole: bool,
}

/// Why something cannot be looked up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The carrier knows no such thing, or not yet.
    #[error("not found at the carrier")]
    Missing,
    /// Ask again later.
    #[error("the carrier asks to slow down")]
    Throttled {
        /// How much later, if the carrier says so.
        retry_after: Option<Duration>,
    },
    /// Asking again is of no use.
    #[error("{0}")]
    Refused(Refusal),
    /// There was no answer, or none that can be used; ask again later.
    #[error("cannot be looked up now: {0}")]
    Unavailable(String),
}

impl Client {
    /// One resource.
    pub(super) async fn fetch<T>(
        &self,
        what: &'static str,
        url: Url,
        read: fn(&Value) -> Option<T>,
    ) -> Result<T, ReadError> {
        read(&self.get(what, url).await?).ok_or_else(unreadable)
    }

    /// Every item of a list; all or nothing.
    pub(super) async fn pages<T>(
        &self,
        what: &'static str,
        first: Url,
        items: &str,
        read: fn(&Value) -> Option<T>,
    ) -> Result<Vec<T>, ReadError> {
        let listed = self.newest(what, first, (items, PAGES_MAX), read).await?;
        if listed.is_whole {
            return Ok(listed.items);
        }
        Err(ReadError::Unavailable(format!("the list has more than {PAGES_MAX} pages")))
    }

    /// The items of a list, page by page, up to so many pages; a page that cannot be had leaves nothing.
    pub(super) async fn newest<T>(
        &self,
        what: &'static str,
        first: Url,
        (items, pages_max): (&str, usize),
        read: fn(&Value) -> Option<T>,
    ) -> Result<Listed<T>, ReadError> {
        let mut all = Vec::new();
        let mut url = first;
        for _ in 0..pages_max {
            let page = self.get(what, url.clone()).await?;
            for item in page.get(items).and_then(Value::as_array).ok_or_else(unreadable)? {
                all.push(read(item).ok_or_else(unreadable)?);
            }
            let Some(next) = text(&page, "next_page_uri") else {
                return Ok(Listed { items: all, is_whole: true });
            };
            // Relative to scheme and host, not to the API base. Elsewhere our credentials are not sent.
            let next = url.join(&next).ok().filter(|next| next.origin() == url.origin());
            url =
                next.ok_or_else(|| ReadError::Unavailable("the next page is at another host".to_owned()))?;
        }
        Ok(Listed { items: all, is_whole: false })
    }

    async fn get(&self, what: &'static str, url: Url) -> Result<Value, ReadError> {
        match exchange::perform(what, self.authorized(self.steering.get(url))).await {
            Outcome::NotSent(reason) | Outcome::Unknown(reason) => Err(ReadError::Unavailable(reason)),
            Outcome::Answered(answer) if answer.status.is_success() => {
                serde_json::from_slice(&answer.body).map_err(|_| unreadable())
            }
            Outcome::Answered(answer) => Err(match Failure::of(&answer) {
                Failure::Refused(refusal) if refusal.http_status == 404 => ReadError::Missing,
                Failure::Refused(refusal) => ReadError::Refused(refusal),
                Failure::Throttled { retry_after } => ReadError::Throttled { retry_after },
                Failure::Unclear(reason) => ReadError::Unavailable(reason),
            }),
        }
    }
}

fn unreadable() -> ReadError {
    ReadError::Unavailable("the carrier's answer cannot be read".to_owned())
}
