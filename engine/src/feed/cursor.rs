//! Where in the feed a reader stands.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use uuid::Uuid;
use warmline_workflows::EventId;

/// A place in the feed, between two entries. Opaque to whoever holds it.
///
/// It remembers when it was handed out, so that one is recognised behind which entries were forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    pub(super) xid: u64,
    pub(super) number: i64,
    pub(super) handed_out_s: i64,
}

/// A text that is not a cursor of the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is not a cursor of this feed: give one that was handed out, unchanged")]
pub struct NotACursor;

impl Cursor {
    /// Whether an entry stands behind it, so that its holder has not read it.
    #[must_use]
    pub fn is_before(self, entry: EventId) -> bool {
        event_id(self.xid, self.number) < entry
    }

    /// Whether another place is further on.
    #[must_use]
    pub fn is_behind(self, other: Self) -> bool {
        (self.xid, self.number) < (other.xid, other.number)
    }

    pub(super) fn handed_out_at(self) -> Timestamp {
        Timestamp::from_second(self.handed_out_s).unwrap_or(Timestamp::MIN)
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.xid, self.number, self.handed_out_s)
    }
}

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let mut numbers = text.split('.').map(|part| {
            // The parser would also take a sign.
            let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            if digits { part.parse::<i64>().map_err(|_| NotACursor) } else { Err(NotACursor) }
        });
        let mut next = || numbers.next().ok_or(NotACursor)?;
        let (xid, number, handed_out_s) = (next()?, next()?, next()?);
        match numbers.next() {
            None => Ok(Self { xid: xid.unsigned_abs(), number, handed_out_s }),
            Some(_) => Err(NotACursor),
        }
    }
}

/// The id of an entry: its place in the feed.
pub(crate) fn event_id(xid: u64, number: i64) -> EventId {
    EventId(Uuid::from_u64_pair(xid, number.unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_anything_else_is_refused() {
        let cursor = Cursor { xid: 7_000_000_000, number: 12, handed_out_s: 1_800_000_000 };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for text in
            ["", "1", "1.2", "1.2.3.4", "1.2.", "-1.2.3", "+1.2.3", "a.b.c", "1.2.99999999999999999999"]
        {
            assert_eq!(text.parse::<Cursor>(), Err(NotACursor), "{text}");
        }
    }
}
