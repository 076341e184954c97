//! What a development installation keeps between runs: its servers' data, its clock, the carrier's ledger.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use jiff::Timestamp;
use tokio::task::JoinHandle;
use warmline_embedded::Home;
use warmline_twilio::client::Format;
use warmline_workers::Clock;
use warmline_workers::store::Place;
use warmline_workflows::Timeline;

use crate::config::Recordings;

/// A folder, and the business time at which the last run ended.
pub(super) struct DevHome {
    home: Home,
}

/// A Monday, 10:30 in New York: evening in Karachi, afternoon in London, and soon eight in California.
const FIRST_MORNING: &str = "2026-11-30T15:30:00Z";
/// How much business time a kill can take back, in real time; the clock is written that often.
const KEEP_EVERY: Duration = Duration::from_millis(500);

impl DevHome {
    pub(super) fn open(name: &str) -> Self {
        Self { home: Home::for_project(name) }
    }

    pub(super) fn embedded(&self) -> &Home {
        &self.home
    }

    /// The simulated carrier's memory of its calls.
    pub(super) fn ledger(&self) -> PathBuf {
        self.home.path().join("carrier-ledger.jsonl")
    }

    /// Where recordings are kept, and in which form the simulated carrier has them.
    pub(super) fn recordings(&self) -> Recordings {
        Recordings {
            place: Place::Folder(self.recordings_folder()),
            format: Format::Wav,
            leave_carrier: false,
        }
    }

    fn recordings_folder(&self) -> PathBuf {
        self.home.path().join("recordings")
    }

    fn clock_file(&self) -> PathBuf {
        self.home.path().join("business-time")
    }

    /// Forgets clock, ledger and recordings, for a new beginning.
    pub(super) fn forget(&mut self) -> anyhow::Result<()> {
        for file in [self.ledger(), self.clock_file()] {
            match std::fs::remove_file(&file) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error).with_context(|| format!("cannot remove {}", file.display()));
                }
                _ => {}
            }
        }
        match std::fs::remove_dir_all(self.recordings_folder()) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).context("cannot remove the recordings of an earlier run")
            }
            _ => Ok(()),
        }
    }

    /// Business time from where the last run left it. It never runs backwards: what is kept is the
    /// time a moment ahead.
    pub(super) fn timeline(&self, factor: f64) -> anyhow::Result<Timeline> {
        let kept = std::fs::read_to_string(self.clock_file()).ok().and_then(|text| text.trim().parse().ok());
        let business_start = match kept {
            Some(kept) => kept,
            None => FIRST_MORNING.parse().context("the first morning")?,
        };
        Ok(Timeline { real_start: Timestamp::now(), business_start, factor })
    }

    /// Writes business time down again and again, until the handle is aborted.
    pub(super) fn keep_time(&self, clock: Clock) -> JoinHandle<()> {
        let file = self.clock_file();
        let ahead = KEEP_EVERY.mul_f64(2.0 * clock.factor());
        tokio::spawn(async move {
            loop {
                let kept = clock.now().saturating_add(ahead).unwrap_or(Timestamp::MAX);
                let draft = file.with_extension("new");
                let written =
                    std::fs::write(&draft, kept.to_string()).and_then(|()| std::fs::rename(&draft, &file));
                if let Err(error) = written {
                    tracing::warn!(error = %error, "business time is not kept; the next run may repeat some of it");
                }
                tokio::time::sleep(KEEP_EVERY).await;
            }
        })
    }
}
