//! Crash points: named places at which a test can end the process, as a power cut would.
//!
//! `WARMLINE_CRASH_AT=name:2` aborts the process the second time it passes the point of that name;
//! `WARMLINE_CRASH_LOG=file` writes down every point that is passed. Release builds have none of it.

/// Passes a crash point.
#[cfg(not(debug_assertions))]
pub fn point(_: &'static str) {}

#[cfg(debug_assertions)]
pub use armed::point;

#[cfg(debug_assertions)]
mod armed {
    use std::io::Write as _;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    struct Orders {
        crash_at: Option<(String, u32)>,
        log: Option<std::fs::File>,
        passed: AtomicU32,
    }

    static ORDERS: OnceLock<Orders> = OnceLock::new();

    fn orders() -> Orders {
        let crash_at = std::env::var("WARMLINE_CRASH_AT").ok().and_then(|order| {
            let (name, nth) = order.rsplit_once(':')?;
            Some((name.to_owned(), nth.parse().ok()?))
        });
        let log = std::env::var_os("WARMLINE_CRASH_LOG")
            .and_then(|path| std::fs::File::options().append(true).create(true).open(path).ok());
        Orders { crash_at, log, passed: AtomicU32::new(0) }
    }

    /// Passes a crash point.
    pub fn point(name: &'static str) {
        let orders = ORDERS.get_or_init(orders);
        if let Some(mut log) = orders.log.as_ref() {
            // In one write: threads pass points at once, and their lines must not run into each other.
            let _lost = log.write_all(format!("{name}\n").as_bytes());
        }
        if let Some((crash_at, nth)) = &orders.crash_at
            && crash_at == name
            && orders.passed.fetch_add(1, Ordering::SeqCst) + 1 == *nth
        {
            std::process::abort();
        }
    }
}
