//! Telemetry: log lines to standard error and, where a collector is named, traces to it.

use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt};

use crate::config::{Config, LogFormat};

/// What has to live as long as the process: dropped, it sends what is left.
#[derive(Default)]
pub struct Telemetry {
    #[cfg(feature = "otel")]
    traces: Option<opentelemetry_sdk::trace::SdkTracerProvider>,
}

/// Begins to log, and to trace if the configuration names a collector. `filter` says which lines.
///
/// # Errors
/// When the collector's address cannot be used.
pub fn start(config: &Config, filter: &str) -> anyhow::Result<Telemetry> {
    let lines = fmt::layer().with_writer(std::io::stderr);
    let lines = match config.log_format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    let (traces, telemetry) = traces(config)?;
    tracing_subscriber::registry().with(traces).with(lines.with_filter(EnvFilter::new(filter))).init();
    Ok(telemetry)
}

type Traces = Option<Box<dyn Layer<Registry> + Send + Sync>>;

#[cfg(not(feature = "otel"))]
fn traces(_: &Config) -> anyhow::Result<(Traces, Telemetry)> {
    Ok((None, Telemetry::default()))
}

#[cfg(feature = "otel")]
fn traces(config: &Config) -> anyhow::Result<(Traces, Telemetry)> {
    use anyhow::Context as _;
    use opentelemetry::KeyValue;
    use opentelemetry::trace::TracerProvider as _;
    use opentelemetry_otlp::WithExportConfig as _;
    use opentelemetry_sdk::Resource;
    use opentelemetry_sdk::trace::SdkTracerProvider;

    let Some(collector) = &config.otlp_endpoint else { return Ok((None, Telemetry::default())) };
    let exporter = opentelemetry_otlp::SpanExporter::builder()
        .with_http()
        .with_endpoint(format!("{}/v1/traces", collector.trim_end_matches('/')))
        .build()
        .context("OTEL_EXPORTER_OTLP_ENDPOINT cannot be used")?;
    let resource = Resource::builder()
        .with_service_name("warmline")
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .build();
    let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build();
    // Our own spans: those of libraries are many and say little.
    let layer = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("warmline"))
        .with_filter(EnvFilter::new("warn,warmline=info,warmline_workers=info,warmline_engine=info"));
    Ok((Some(layer.boxed()), Telemetry { traces: Some(provider) }))
}

#[cfg(feature = "otel")]
impl Drop for Telemetry {
    fn drop(&mut self) {
        if let Some(traces) = &self.traces {
            let _lost = traces.shutdown();
        }
    }
}
