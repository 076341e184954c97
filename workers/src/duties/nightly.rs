//! What is done once a night, by the clock in UTC: forgetting what nobody will look at any more.

use std::str::FromStr;
use std::sync::OnceLock;
use std::time::Duration;

use chrono::{DateTime, Utc};
use cron::Schedule;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;
use warmline_engine::Error;

use crate::context::Context;

pub(super) const EVERY: Duration = Duration::from_secs(30);
/// Seconds, minutes, hours, day, month, weekday: at 03:17 UTC.
const SCHEDULE: &str = "0 17 3 * * *";
/// How long a command that was given up is kept for people to look at.
const DEAD_KEPT: Duration = Duration::from_secs(30 * 24 * 3600);
/// An upload that takes longer was broken off.
const UPLOAD_MAX: Duration = Duration::from_secs(24 * 3600);
/// How long the rejected rows of an import are kept for people to mend.
const ROWS_KEPT: Duration = Duration::from_secs(30 * 24 * 3600);

/// How long a replaced carrier account is kept for webhooks that are late.
const ACCOUNTS_KEPT: Duration = Duration::from_secs(2 * 24 * 3600);

/// Purges when the scheduled moment has passed since the last round.
pub(super) async fn purge(context: &Context) -> Result<(), Error> {
    static NEXT: OnceLock<Mutex<Option<DateTime<Utc>>>> = OnceLock::new();
    let mut next = NEXT.get_or_init(Mutex::default).lock().await;
    let now = Utc::now();
    let due = next.is_some_and(|next| next <= now);
    if due {
        let purged = context.engine.purge_dead_commands(DEAD_KEPT).await?;
        tracing::info!(commands = purged, "purged what was given up long ago");
        let deliveries = in_portions(|limit| context.engine.purge_deliveries(limit)).await?;
        let events = in_portions(|limit| context.engine.purge_events(limit)).await?;
        tracing::info!(events, deliveries, "forgot what is no longer kept of the feed");
        let corrections = in_portions(|limit| context.engine.purge_corrections(limit)).await?;
        tracing::info!(corrections, "forgot corrections of costs that are counted");
        if let Some(days) = context.settings.journal_days {
            let kept = SignedDuration::from_hours(24 * i64::from(days));
            let before = Timestamp::now() - kept;
            let entries = in_portions(|limit| context.engine.purge_journals(before, limit)).await?;
            tracing::info!(
                entries,
                days,
                "forgot journals of calls that are over for longer than they are kept"
            );
        }
        let uploads = context.engine.purge_uploads(UPLOAD_MAX).await?;
        let rows = context.engine.purge_import_rows(ROWS_KEPT).await?;
        tracing::info!(uploads, rows, "forgot broken uploads and old rejected rows");
        let accounts = context.engine.purge_carrier_accounts(ACCOUNTS_KEPT).await?;
        tracing::info!(accounts, "forgot carrier accounts that no call is on any more");
        let answers = context.engine.purge_requests().await?;
        tracing::info!(answers, "forgot answers, failed logins and sessions of long ago");
    }
    if due || next.is_none() {
        *next = following(now);
    }
    Ok(())
}

/// Rows deleted in one commit: a large one would hold up the readers of the feed.
const PORTION: i64 = 10_000;

/// Repeats what deletes up to so many rows until it finds fewer. Returns how many were deleted.
async fn in_portions<F>(mut purge: impl FnMut(i64) -> F) -> Result<u64, Error>
where
    F: Future<Output = Result<u64, Error>>,
{
    let mut all = 0;
    loop {
        let purged = purge(PORTION).await?;
        all += purged;
        if purged < PORTION.unsigned_abs() {
            return Ok(all);
        }
    }
}

fn following(now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    Schedule::from_str(SCHEDULE).ok().and_then(|schedule| schedule.after(&now).next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_night_follows_any_moment() {
        let next = |now: &str| following(now.parse().unwrap()).unwrap().to_rfc3339();
        assert_eq!(next("2026-11-23T20:00:00Z"), "2026-11-24T03:17:00+00:00");
        assert_eq!(next("2026-11-24T03:17:00Z"), "2026-11-25T03:17:00+00:00");
    }
}
