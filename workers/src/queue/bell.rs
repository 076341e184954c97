//! The bell: wakes workers that wait for jobs, with a tick as the fallback.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use apalis_core::backend::ext::poll_strategy::{PollSnapshot, PollStrategy};
use tokio::time::{Interval, MissedTickBehavior};

/// Rung after every push. Each ring leads every worker to look at least once more.
#[derive(Clone)]
pub struct Bell {
    shared: Arc<Shared>,
    tick: Duration,
}

impl Default for Bell {
    fn default() -> Self {
        Self::with_tick(TICK)
    }
}

#[derive(Default)]
struct Shared {
    rings: AtomicU64,
    waiting: Mutex<Vec<Waker>>,
}

impl Bell {
    /// A bell whose listeners also look by themselves, this often.
    pub(super) fn with_tick(tick: Duration) -> Self {
        Self { shared: Arc::default(), tick }
    }

    /// Wakes every worker of this process.
    pub fn ring(&self) {
        self.shared.rings.fetch_add(1, Ordering::SeqCst);
        let waiting =
            std::mem::take(&mut *self.shared.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        for waker in waiting {
            waker.wake();
        }
    }

    pub(super) fn listen(&self) -> Listener {
        let mut tick = tokio::time::interval(self.tick);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Listener { bell: self.clone(), heard: 0, tick }
    }
}

/// How often a worker looks by itself.
const TICK: Duration = Duration::from_millis(50);

/// One worker's ear. The library's own strategies lose wake-ups: they return without a registered
/// waker. This one always ends with two, the bell's and the tick's.
pub(super) struct Listener {
    bell: Bell,
    heard: u64,
    tick: Interval,
}

impl PollStrategy for Listener {
    fn poll_drive(&mut self, cx: &mut Context<'_>, _: &PollSnapshot) -> Poll<Option<()>> {
        let mut woken = false;
        while self.tick.poll_tick(cx).is_ready() {
            woken = true;
        }
        let shared = &self.bell.shared;
        {
            let mut waiting = shared.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            if !waiting.iter().any(|waker| waker.will_wake(cx.waker())) {
                waiting.push(cx.waker().clone());
            }
        }
        let rings = shared.rings.load(Ordering::SeqCst);
        if rings != self.heard {
            self.heard = rings;
            woken = true;
            // A fetch may be under way that began before the push: look again when it is through.
            cx.waker().wake_by_ref();
        }
        if woken { Poll::Ready(Some(())) } else { Poll::Pending }
    }
}
