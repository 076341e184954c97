//! The tests' Redis behind a door: it can be out of reach, and forget one installation.

use std::sync::{Arc, Mutex};

use redis::{AsyncCommands as _, ConnectionAddr};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::task::AbortHandle;

use super::{Rig, redis_url};

/// A door to the tests' Redis, at an address of its own.
pub(crate) struct RedisGate {
    address: std::net::SocketAddr,
    server: Mutex<Option<AbortHandle>>,
    visitors: Arc<Mutex<Vec<AbortHandle>>>,
}

impl RedisGate {
    /// A closed door: whoever knocks is refused.
    pub(crate) async fn closed() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        Self { address, server: Mutex::default(), visitors: Arc::default() }
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    pub(crate) async fn open(&self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        let visitors = Arc::clone(&self.visitors);
        let server = tokio::spawn(async move {
            while let Ok((visitor, _)) = listener.accept().await {
                let visit = tokio::spawn(forward(visitor));
                visitors.lock().unwrap().push(visit.abort_handle());
            }
        });
        *self.server.lock().unwrap() = Some(server.abort_handle());
    }

    /// Refuses everybody from now on, and throws out who is in.
    pub(crate) fn shut(&self) {
        for task in
            self.server.lock().unwrap().take().into_iter().chain(self.visitors.lock().unwrap().drain(..))
        {
            task.abort();
        }
    }
}

async fn forward(mut visitor: TcpStream) {
    let mut redis = connect().await;
    // However it ends, both sides are closed.
    let _ended = tokio::io::copy_bidirectional(&mut visitor, &mut redis).await;
}

async fn connect() -> Box<dyn Line> {
    let client = redis::Client::open(redis_url()).unwrap();
    match client.get_connection_info().addr() {
        ConnectionAddr::Unix(path) => Box::new(UnixStream::connect(path).await.unwrap()),
        ConnectionAddr::Tcp(host, port) => {
            Box::new(TcpStream::connect((host.as_str(), *port)).await.unwrap())
        }
        other => panic!("a Redis with TLS has no door: {other}"),
    }
}

trait Line: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Line for T {}

impl Rig {
    /// Deletes everything that Redis holds for this installation, as FLUSHALL would if it were alone.
    /// Returns how many keys there were.
    pub(crate) async fn flush_redis(&self) -> usize {
        let client = redis::Client::open(redis_url()).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        let pattern = format!("{}*", self.setup.redis_prefix);
        let keys: Vec<String> = connection.keys(pattern).await.unwrap();
        if !keys.is_empty() {
            let _count: usize = connection.del(&keys).await.unwrap();
        }
        keys.len()
    }
}
