//! The first id of a moment: ids that are made of the time (UUIDv7) are ordered by it.

use jiff::Timestamp;
use uuid::Uuid;

/// The least id that can have been made at an instant of machine time, to the millisecond.
pub(crate) fn first_id(at: Timestamp) -> Uuid {
    let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid()
}
