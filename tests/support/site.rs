//! A site: an installation whose roles are processes of their own, on a Redis of their own.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::ExposeSecret as _;
use sqlx::Row as _;
use warmline_embedded::{Home, Redis};
use warmline_engine::testing;

use super::processes::{Fleet, Orders, Role};
use super::{ACCOUNT, CALLER_ID, Rig, Spec, TOKEN};

/// Everything of an installation besides its processes.
pub(crate) struct Site {
    pub(crate) rig: Rig,
    pub(crate) redis: Arc<Mutex<Redis>>,
    /// Where the processes write their logs.
    pub(crate) folder: PathBuf,
    /// How much of it, unless `WARMLINE_LOG` says otherwise.
    log: &'static str,
    // The last to go: the server lives in it.
    _home: Home,
}

impl Site {
    /// Makes a site whose logs go to a folder of that name.
    pub(crate) async fn make(name: &str, spec: Spec) -> Self {
        let (home, redis) = tokio::task::spawn_blocking(|| {
            let home = Home::scratch().unwrap();
            let redis = Redis::start(&home, &mut |_| {}).unwrap();
            (home, redis)
        })
        .await
        .unwrap();
        let log = spec.log;
        let rig = Box::pin(Rig::idle(Spec { redis_url: Some(redis.url()), ..spec })).await;
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _none_yet = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Self { rig, redis: Arc::new(Mutex::new(redis)), folder, log, _home: home }
    }

    /// Starts processes on the site.
    pub(crate) async fn staff(&self, roles: &[Role], crash_at: Option<String>) -> Fleet {
        let setup = &self.rig.setup;
        let log = std::env::var("WARMLINE_LOG").unwrap_or_else(|_| self.log.to_owned());
        let settings = vec![
            ("WARMLINE_ENV", "test".to_owned()),
            ("WARMLINE_LOG", log),
            ("WARMLINE_TIMELINE", serde_json::to_string(&setup.timeline).unwrap()),
            ("WARMLINE_PLACEMENT_TIMEOUT_S", setup.carrier.total_timeout.as_secs().to_string()),
            ("WARMLINE_PLACEMENT_QUIET_WINDOW_S", setup.quiet_window.as_secs().to_string()),
            // Few, since there are many processes: a server of tests allows two hundred.
            ("WARMLINE_DATABASE_CONNECTIONS", "4".to_owned()),
            ("TWILIO_ACCOUNT_SID", ACCOUNT.to_owned()),
            ("TWILIO_AUTH_TOKEN", TOKEN.to_owned()),
            ("TWILIO_API_BASE", self.rig.simulator.base_url()),
            ("TWILIO_NUMBER", CALLER_ID.to_owned()),
            ("TWILIO_CALLS_PER_SECOND", setup.calls_per_second.to_string()),
            ("DATABASE_URL", setup.database_url.expose_secret().to_owned()),
            ("WARMLINE_MASTER_KEY", format!("test:{}", STANDARD.encode(testing::MASTER_KEY))),
            ("WARMLINE_INDEX_KEY", STANDARD.encode(testing::INDEX_KEY)),
            ("JWT_SECRET", "a secret of tests, long enough for one".to_owned()),
            ("WARMLINE_RECORDINGS_FOLDER", self.rig.recordings_folder().display().to_string()),
            ("WARMLINE_RECORDINGS_LEAVE_CARRIER", "yes".to_owned()),
            ("REDIS_URL", setup.redis_url.expose_secret().to_owned()),
        ];
        let orders = Orders { settings, roles: roles.to_vec(), crash_at, folder: self.folder.clone() };
        Fleet::start(orders).await
    }

    /// Gives back what the site has taken from the servers of the tests.
    pub(crate) async fn close(self) {
        self.rig.database.close().await;
        self.rig.engine.database().close().await;
        self.rig.app.stop().await;
    }

    /// Waits until everything has come to rest; says what has not, if no call came to its end for that long.
    /// How long all of it takes is up to the machine.
    pub(crate) async fn rest(&self, patience: Duration) -> Result<(), String> {
        let (mut known, mut since) = (0, tokio::time::Instant::now());
        while let Some(unrest) = self.unrest().await {
            let over = self.rig.count("select count(*) from calls where not open").await;
            if over != known {
                (known, since) = (over, tokio::time::Instant::now());
            }
            if since.elapsed() > patience {
                return Err(format!("nothing gets on for {patience:?}: {unrest}"));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// Whether nothing goes on.
    pub(crate) async fn is_at_rest(&self) -> bool {
        self.unrest().await.is_none()
    }

    /// What still goes on, in the database and at the carrier; none when all has come to rest.
    async fn unrest(&self) -> Option<String> {
        let row = sqlx::query(
            "select (select count(*) from campaigns where status = 'active') as campaigns,
                    (select count(*) from calls where open) as calls,
                    (select count(*) from outbox where state <> 'dead') as commands,
                    (select count(*) from agent_reservations) as reservations",
        )
        .fetch_one(&self.rig.database)
        .await
        .unwrap();
        let mut busy: Vec<String> = ["campaigns", "calls", "commands", "reservations"]
            .iter()
            .map(|what| (*what, row.get::<i64, _>(*what)))
            .filter(|(_, count)| *count > 0)
            .map(|(what, count)| format!("{count} {what}"))
            .collect();
        let ledger = self.rig.simulator.ledger();
        let live = ledger.calls().iter().filter(|call| !call.status.is_final()).count();
        let unheard = super::invariants::unheard_recordings(&self.rig).await.len();
        if live + unheard > 0 {
            busy.push(format!("{live} legs live and {unheard} recordings not heard of at the carrier"));
        }
        (!busy.is_empty()).then(|| busy.join(", "))
    }
}
