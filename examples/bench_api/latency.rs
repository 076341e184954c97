//! How long answers took.

use std::time::Duration;

/// Latencies, of which percentiles are taken.
#[derive(Debug, Default)]
pub(crate) struct Latency(Vec<u32>);

impl Latency {
    pub(crate) fn add(&mut self, took: Duration) {
        self.0.push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// Milliseconds that the share of all stayed below.
    pub(crate) fn p(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let index = (sorted.len() as f64 * share) as usize;
        let at = sorted.get(index.min(sorted.len().saturating_sub(1))).copied().unwrap_or(0);
        f64::from(at) / 1000.0
    }
}
