//! A door between an engine and Postgres that can be slammed at the worst moment.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};

/// Passes bytes on, but for one time when it was told otherwise.
pub(crate) struct Proxy {
    /// The same database, through the proxy.
    pub(crate) url: String,
    mishap: Arc<AtomicU8>,
    folder: PathBuf,
}

/// What happens to the next request: nothing, it is lost, or its answer is.
const NONE: u8 = 0;
const LOSE_REQUEST: u8 = 1;
const LOSE_ANSWER: u8 = 2;

impl Proxy {
    pub(crate) fn before(url: &str) -> Self {
        let options = PgConnectOptions::from_str(url).unwrap();
        let socket = options.get_socket().expect("the test server is reached through a socket");
        let server = socket.join(format!(".s.PGSQL.{}", options.get_port()));
        let folder = std::env::temp_dir().join(format!("warmline-proxy-{:016x}", rand::random::<u64>()));
        std::fs::create_dir(&folder).unwrap();
        let door = UnixListener::bind(folder.join(format!(".s.PGSQL.{}", options.get_port()))).unwrap();
        let mishap = Arc::new(AtomicU8::new(NONE));
        let fate = Arc::clone(&mishap);
        tokio::spawn(async move {
            while let Ok((client, _)) = door.accept().await {
                let server = UnixStream::connect(&server).await.unwrap();
                tokio::spawn(pass(client, server, Arc::clone(&fate)));
            }
        });
        let url = options.socket(&folder).to_url_lossy().to_string();
        Self { url, mishap, folder }
    }

    /// The connection of the next request breaks before the request is through.
    pub(crate) fn lose_request(&self) {
        self.mishap.store(LOSE_REQUEST, Ordering::SeqCst);
    }

    /// The next request is carried out, and its connection breaks before the answer is through.
    pub(crate) fn lose_answer(&self) {
        self.mishap.store(LOSE_ANSWER, Ordering::SeqCst);
    }

    /// Whether the mishap has happened.
    pub(crate) fn is_spent(&self) -> bool {
        self.mishap.load(Ordering::SeqCst) == NONE
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.folder);
    }
}

async fn pass(mut client: UnixStream, mut server: UnixStream, mishap: Arc<AtomicU8>) {
    let (mut request, mut answer) = (vec![0; 65_536], vec![0; 65_536]);
    let strikes = |what| mishap.compare_exchange(what, NONE, Ordering::SeqCst, Ordering::SeqCst).is_ok();
    loop {
        tokio::select! {
            read = client.read(&mut request) => match read {
                Ok(length) if length > 0 && !strikes(LOSE_REQUEST) => {
                    if server.write_all(&request[..length]).await.is_err() { return }
                }
                _ => return,
            },
            read = server.read(&mut answer) => match read {
                Ok(length) if length > 0 && !strikes(LOSE_ANSWER) => {
                    if client.write_all(&answer[..length]).await.is_err() { return }
                }
                _ => return,
            },
        }
    }
}
