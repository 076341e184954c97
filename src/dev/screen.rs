//! The live view of a campaign: drawn over itself on a terminal, a line now and then elsewhere.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use warmline_engine::views::Progress;

/// Prints one line. Whoever closed the pipe does not want to hear it.
pub(super) fn say(line: &str) {
    let _closed = writeln!(std::io::stdout().lock(), "{line}");
}

/// Where progress is shown.
pub(super) struct Screen {
    terminal: bool,
    lines_drawn: usize,
    last_line: Option<Instant>,
    zone: TimeZone,
    factor: f64,
}

/// How often a line is printed where nothing can be drawn over.
const LINE_EVERY: Duration = Duration::from_secs(5);
const BAR_CELLS: usize = 30;
const STATES: [&str; 8] =
    ["queued", "dialing", "amd", "conference", "agent_whisper", "bridged", "voicemail", "closing"];

impl Screen {
    pub(super) fn new(zone: TimeZone, factor: f64) -> Self {
        Self { terminal: std::io::stdout().is_terminal(), lines_drawn: 0, last_line: None, zone, factor }
    }

    /// Shows how the campaign stands.
    pub(super) fn show(&mut self, progress: &Progress, now: Timestamp) {
        if self.terminal {
            let lines = self.picture(progress, now);
            let mut out = std::io::stdout().lock();
            let up = if self.lines_drawn > 0 { format!("\x1b[{}A", self.lines_drawn) } else { String::new() };
            let _closed = writeln!(out, "{up}\x1b[J{}", lines.join("\n"));
            let _closed = out.flush();
            self.lines_drawn = lines.len();
        } else if self.last_line.is_none_or(|last| last.elapsed() >= LINE_EVERY) {
            self.last_line = Some(Instant::now());
            say(&self.line(progress, now));
        }
    }

    fn clock(&self, now: Timestamp) -> String {
        now.to_zoned(self.zone.clone()).strftime("%a %H:%M:%S").to_string()
    }

    fn picture(&self, progress: &Progress, now: Timestamp) -> Vec<String> {
        let (done, all) = done(progress);
        let mut lines = vec![
            format!("  {} in the campaign's zone, {}x real time", self.clock(now), self.factor),
            format!("  leads   {} {done} of {all} done", bar(done, all)),
            String::new(),
        ];
        for state in STATES {
            let count = count(&progress.calls, state);
            lines.push(format!(
                "  {state:<14} {:<3} {}",
                count,
                "#".repeat(usize::try_from(count).unwrap_or(0).min(60))
            ));
        }
        lines.push(String::new());
        for agent in &progress.agents {
            let seconds = now.duration_since(agent.since).as_secs().max(0);
            let lead = agent.lead.as_deref().map(|lead| format!("  {lead}")).unwrap_or_default();
            lines.push(format!(
                "  {:<14} {:<10} {:>2}:{:02}{lead}",
                agent.name,
                agent.state,
                seconds / 60,
                seconds % 60
            ));
        }
        lines.push(String::new());
        lines.push(format!("  results: {}", dispositions(progress)));
        lines.push(match progress.next_due_at {
            Some(due) if progress.calls.is_empty() && due > now => {
                format!("  nobody may be called before {}", self.clock(due))
            }
            _ => String::new(),
        });
        lines
    }

    fn line(&self, progress: &Progress, now: Timestamp) -> String {
        let (done, all) = done(progress);
        let calls: Vec<String> =
            progress.calls.iter().map(|(state, count)| format!("{count} {state}")).collect();
        let calls = if calls.is_empty() { "no call open".to_owned() } else { calls.join(", ") };
        format!("{}  {done}/{all} leads done  {calls}  [{}]", self.clock(now), dispositions(progress))
    }
}

fn dispositions(progress: &Progress) -> String {
    let words: Vec<String> =
        progress.dispositions.iter().map(|(word, count)| format!("{count} {word}")).collect();
    if words.is_empty() { "none yet".to_owned() } else { words.join(", ") }
}

fn done(progress: &Progress) -> (i64, i64) {
    let all = progress.leads.iter().map(|(_, count)| count).sum();
    let open: i64 = ["new", "in_call", "waiting"].iter().map(|status| count(&progress.leads, status)).sum();
    (all - open, all)
}

fn count(counts: &[(String, i64)], word: &str) -> i64 {
    counts.iter().find(|(known, _)| known == word).map_or(0, |(_, count)| *count)
}

fn bar(done: i64, all: i64) -> String {
    let filled = if all > 0 {
        usize::try_from(done).unwrap_or(0) * BAR_CELLS / usize::try_from(all).unwrap_or(1)
    } else {
        0
    };
    format!("[{}{}]", "=".repeat(filled), " ".repeat(BAR_CELLS.saturating_sub(filled)))
}
