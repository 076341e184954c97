//! Watching: how the whole installation stands, for whoever collects metrics.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use warmline_engine::Error;

use crate::context::Context;

pub(super) const EVERY: Duration = Duration::from_secs(10);

/// Every kind that was ever there, so that one that is gone is told as zero.
static SEEN: Mutex<BTreeSet<(String, String)>> = Mutex::new(BTreeSet::new());

/// Reads the gauges and shows them. Only the leader does: a sum over processes stays right.
pub(super) async fn observe(context: &Context) -> Result<(), Error> {
    let gauges = context.engine.gauges().await?;
    forget();
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    for gauge in gauges {
        metrics::gauge!(format!("warmline_{}", gauge.name), "kind" => gauge.kind.clone()).set(gauge.value);
        seen.insert((gauge.name, gauge.kind));
    }
    Ok(())
}

/// Shows nothing any more: another process leads, and shows it.
pub(super) fn forget() {
    for (name, kind) in SEEN.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        metrics::gauge!(format!("warmline_{name}"), "kind" => kind.clone()).set(0.0);
    }
}
