//! How many jobs of which queue a worker process does at once.

use warmline_workers::queue::Load;
use warmline_workflows::call::Queue;

/// The most jobs of a queue that one process does at once.
const JOBS_MAX: usize = 1024;

/// Reads loads such as `dial=8,live=32`, each queue at most once.
///
/// # Errors
/// What is wrong with the text, to continue a sentence that begins with it.
pub fn parse(text: &str) -> Result<Vec<Load>, String> {
    let mut loads: Vec<Load> = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let load = parse_one(part)?;
        if loads.iter().any(|known| known.queue == load.queue) {
            return Err(format!("names the queue {} twice", load.queue));
        }
        loads.push(load);
    }
    if loads.is_empty() { Err("names no queue".to_owned()) } else { Ok(loads) }
}

/// Reads one load such as `dial=8`.
fn parse_one(text: &str) -> Result<Load, String> {
    let (queue, jobs) = text.split_once('=').ok_or_else(|| format!("has no `=` in `{text}`"))?;
    let queue = queue.parse::<Queue>().map_err(|_| format!("has an unknown queue, `{}`", queue.trim()))?;
    let jobs = jobs.trim().parse().ok().filter(|jobs| *jobs <= JOBS_MAX);
    let jobs = jobs.ok_or_else(|| format!("has a wrong number of jobs for {queue}"))?;
    Ok(Load { queue, jobs })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loads_are_read_or_refused_in_words() {
        let all = parse(" dial=64, Live = 0 ,").unwrap();
        let expected = [Load { queue: Queue::Dial, jobs: 64 }, Load { queue: Queue::Live, jobs: 0 }];
        assert_eq!(all, expected);
        for (text, expected) in [
            ("", "names no queue"),
            ("dial", "has no `=` in `dial`"),
            ("dail=4", "has an unknown queue, `dail`"),
            ("dial=-1", "has a wrong number of jobs for dial"),
            ("dial=2000", "has a wrong number of jobs for dial"),
            ("dial=1,DIAL=2", "names the queue dial twice"),
        ] {
            assert_eq!(parse(text).unwrap_err(), expected, "{text}");
        }
    }
}
