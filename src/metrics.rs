//! Metrics: what is counted in this process, as Prometheus reads it.

use std::sync::OnceLock;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Seconds, from a cached answer to a request that timed out.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Begins to count; a second time changes nothing. Nothing personal is ever a label.
pub fn start() {
    RECORDER.get_or_init(|| {
        let builder =
            PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS);
        builder.ok()?.install_recorder().ok()
    });
}

/// Everything that was counted, in Prometheus' text format.
#[must_use]
pub fn text() -> String {
    RECORDER
        .get()
        .and_then(Option::as_ref)
        .map(|recorder| {
            recorder.run_upkeep();
            recorder.render()
        })
        .unwrap_or_default()
}
