//! Pages: a list is read in portions, each of which says how to get the next.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problem::Problem;

/// Rows of a page unless the request says otherwise.
pub(crate) const LIMIT_DEFAULT: u32 = 50;
/// Rows of a page at most.
pub(crate) const LIMIT_MAX: u32 = 200;

/// One portion of a list.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Page<T> {
    /// The rows.
    pub data: Vec<T>,
    /// What to send as `cursor` to get the next portion; null when this was the last.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A page of what was read one row beyond the limit, so as to know whether there is more. `after`
    /// makes the cursor from the last row shown.
    pub(crate) fn of<R, C: Serialize>(
        mut rows: Vec<R>,
        limit: u32,
        after: impl Fn(&R) -> C,
        show: impl FnMut(R) -> T,
    ) -> Self {
        let limit = limit as usize;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|row| cursor(&after(row)));
        Self { data: rows.into_iter().map(show).collect(), next }
    }
}

/// How many rows a request wants.
///
/// # Errors
/// When it is more than [`LIMIT_MAX`] or none at all.
pub(crate) fn limit(asked: Option<u32>) -> Result<u32, Problem> {
    match asked {
        None => Ok(LIMIT_DEFAULT),
        Some(limit @ 1..=LIMIT_MAX) => Ok(limit),
        Some(_) => {
            let why = format!("expected a number from 1 to {LIMIT_MAX}");
            Err(Problem { code: "invalid_query", ..Problem::invalid("limit", why) })
        }
    }
}

/// The place that a cursor stands for; none at the beginning.
///
/// # Errors
/// When the text is no cursor of this list.
pub(crate) fn after<C: DeserializeOwned>(cursor: Option<&str>) -> Result<Option<C>, Problem> {
    let Some(text) = cursor else { return Ok(None) };
    let place = URL_SAFE_NO_PAD.decode(text).ok().and_then(|json| serde_json::from_slice(&json).ok());
    place.map(Some).ok_or_else(|| {
        let why = "it is not a cursor of this list: send what `next` said, with the same sort";
        Problem { code: "invalid_query", ..Problem::invalid("cursor", why) }
    })
}

fn cursor<C: Serialize>(place: &C) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(place).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_where_the_next_begins() {
        let page = Page::of(vec![1, 2, 3], 2, |row| *row, |row| row * 10);
        assert_eq!(page.data, [10, 20]);
        assert_eq!(after::<i32>(page.next.as_deref()).unwrap(), Some(2));
        assert_eq!(Page::of(vec![1, 2], 2, |row| *row, |row| row).next, None);
        assert!(after::<i32>(Some("?")).is_err() && after::<i32>(Some("IngiCg")).is_err());
        assert!(limit(Some(0)).is_err() && limit(Some(201)).is_err());
        assert_eq!(limit(None), Ok(50));
    }
}
