//! The rate of requests: each organisation's share of this process, as a bucket that fills steadily.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use uuid::Uuid;

/// Requests a second, and at once after a pause, for one person or key.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// Requests a second in the long run.
    pub per_second: f64,
    /// Requests at once after a pause.
    pub burst: f64,
}

/// The buckets of those who asked lately.
#[derive(Debug, Clone)]
pub struct Rates {
    rate: Rate,
    buckets: Arc<Mutex<HashMap<Uuid, Bucket>>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    filled_at: Instant,
}

/// More buckets than this are tidied: the full ones say nothing.
const BUCKETS_MAX: usize = 10_000;

impl Rates {
    /// Buckets of one size for all.
    #[must_use]
    pub fn new(rate: Rate) -> Self {
        Self { rate, buckets: Arc::default() }
    }

    /// Takes a request from somebody's bucket.
    ///
    /// # Errors
    /// The seconds to wait, at least one, when the bucket is empty.
    pub fn take(&self, who: Uuid) -> Result<(), u64> {
        self.take_at(who, Instant::now())
    }

    fn take_at(&self, who: Uuid, now: Instant) -> Result<(), u64> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() > BUCKETS_MAX {
            buckets.retain(|_, bucket| self.filled(*bucket, now) < self.rate.burst);
        }
        let bucket = buckets.entry(who).or_insert(Bucket { tokens: self.rate.burst, filled_at: now });
        let tokens = self.filled(*bucket, now);
        let left = tokens - 1.0;
        *bucket = Bucket { tokens: if left < 0.0 { tokens } else { left }, filled_at: now };
        if left < 0.0 {
            let wait_s = (-left / self.rate.per_second).ceil().clamp(1.0, 60.0);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 60")]
            return Err(wait_s as u64);
        }
        Ok(())
    }

    fn filled(&self, bucket: Bucket, now: Instant) -> f64 {
        let gained = now.duration_since(bucket.filled_at).as_secs_f64() * self.rate.per_second;
        (bucket.tokens + gained).min(self.rate.burst)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_burst_is_allowed_and_then_so_many_a_second() {
        let rates = Rates::new(Rate { per_second: 2.0, burst: 3.0 });
        let (who, now) = (Uuid::from_u128(1), Instant::now());
        let taken = (0..5).filter(|_| rates.take_at(who, now).is_ok()).count();
        assert_eq!(taken, 3);
        assert_eq!(rates.take_at(who, now), Err(1));
        assert!(rates.take_at(Uuid::from_u128(2), now).is_ok(), "another's bucket is full");
        let later = now + Duration::from_secs(1);
        assert_eq!((0..5).filter(|_| rates.take_at(who, later).is_ok()).count(), 2);
    }
}
