//! Deliveries: an organisation's endpoints hear of what happens, again and again until they have it.

use std::time::Duration;

use crate::words::words;

words! {
    /// Where a delivery stands.
    pub enum State, "delivery state" {
        /// It is under way, or will be tried again.
        Pending = "pending",
        /// The endpoint has it.
        Delivered = "delivered",
        /// It was given up; a person may have it sent again.
        Dead = "dead",
    }
}

/// The pauses between attempts: a restart of the endpoint is bridged in seconds, a night without anybody at
/// the desk in hours. After the last one the delivery is dead.
const PAUSES_S: [u32; 7] = [5, 30, 120, 600, 3600, 3 * 3600, 8 * 3600];

/// How much of a pause is left to chance, so that deliveries that failed together do not return together.
const SPREAD: f64 = 0.2;

/// When to try again after so many failed attempts; none when it is to be given up. `chance` is from 0 to 1.
#[must_use]
pub fn pause(attempts: u32, chance: f64) -> Option<Duration> {
    let done = usize::try_from(attempts).unwrap_or(usize::MAX).saturating_sub(1);
    let pause = Duration::from_secs(u64::from(*PAUSES_S.get(done)?));
    Some(pause.mul_f64(1.0 - SPREAD + 2.0 * SPREAD * chance.clamp(0.0, 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end() {
        for (attempts, chance, seconds) in [
            (0, 0.5, Some(5.0)),
            (1, 0.0, Some(4.0)),
            (1, 0.5, Some(5.0)),
            (1, 1.0, Some(6.0)),
            (2, 0.5, Some(30.0)),
            (5, 0.5, Some(3600.0)),
            (7, 0.5, Some(28800.0)),
            (7, 7.0, Some(34560.0)),
            (8, 0.5, None),
            (u32::MAX, 0.5, None),
        ] {
            let is = pause(attempts, chance).map(|pause| pause.as_secs_f64());
            let same = match (is, seconds) {
                (Some(is), Some(seconds)) => (is - seconds).abs() < 1e-6,
                (is, seconds) => is == seconds,
            };
            assert!(same, "{attempts} {chance}: {is:?}, expected {seconds:?}");
        }
    }
}
