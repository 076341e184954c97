//! Answers of the database that are trusted for a while, so that not every request asks anew.

use std::hash::Hash;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use lru::LruCache;

/// How long an answer is trusted: a logout, a new role or a lock is felt everywhere after this.
const TRUSTED_FOR: Duration = Duration::from_secs(30);
const ANSWERS_MAX: NonZeroUsize = NonZeroUsize::new(20_000).unwrap();

/// The latest answers.
pub(crate) struct Recent<K, V>(Arc<Mutex<LruCache<K, (Instant, V)>>>);

impl<K, V> Clone for Recent<K, V> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K: Hash + Eq, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(LruCache::new(ANSWERS_MAX))))
    }
}

impl<K: Hash + Eq + Clone, V: Clone> Recent<K, V> {
    /// The answer, if it is not older than half a minute.
    pub(crate) fn get(&self, key: &K) -> Option<V> {
        self.answers().get(key).filter(|(at, _)| at.elapsed() < TRUSTED_FOR).map(|(_, answer)| answer.clone())
    }

    /// Notes an answer that was asked for at this instant.
    pub(crate) fn put(&self, key: K, asked_at: Instant, answer: V) {
        self.answers().put(key, (asked_at, answer));
    }

    /// Forgets an answer, so that the next request asks.
    pub(crate) fn forget(&self, key: &K) {
        self.answers().pop(key);
    }

    /// Forgets every answer of which this is true.
    pub(crate) fn forget_where(&self, is_over: impl Fn(&K, &V) -> bool) {
        let mut answers = self.answers();
        let over: Vec<K> = answers
            .iter()
            .filter(|(key, (_, answer))| is_over(key, answer))
            .map(|(key, _)| key.clone())
            .collect();
        for key in over {
            answers.pop(&key);
        }
    }

    fn answers(&self) -> MutexGuard<'_, LruCache<K, (Instant, V)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_trusted_for_a_while_and_forgotten_on_demand() {
        let recent = Recent::<u8, &str>::default();
        let now = Instant::now();
        recent.put(1, now, "one");
        recent.put(2, now, "two");
        recent.put(3, now.checked_sub(TRUSTED_FOR).unwrap(), "three");
        assert_eq!((recent.get(&1), recent.get(&2), recent.get(&3)), (Some("one"), Some("two"), None));
        recent.forget(&1);
        recent.forget_where(|_, answer| *answer == "two");
        assert_eq!((recent.get(&1), recent.get(&2)), (None, None));
    }
}
