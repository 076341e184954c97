//! The front: one address for the carrier, behind which server processes come and go.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Passes each connection on to the next server that takes it, as a balancer would.
pub(crate) struct Front {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Front {
    /// Listens, and knows servers by their ports. A connection that none of them takes is dropped.
    pub(crate) async fn start(servers: Vec<u16>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let servers: Arc<[u16]> = servers.into();
        let turn = Arc::new(AtomicUsize::new(0));
        let task = tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let (servers, turn) = (Arc::clone(&servers), Arc::clone(&turn));
                tokio::spawn(async move {
                    let first = turn.fetch_add(1, Ordering::Relaxed);
                    for n in 0..servers.len() {
                        let port = servers[(first + n) % servers.len()];
                        if let Ok(mut server) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await {
                            let _cut = copy_bidirectional(&mut client, &mut server).await;
                            return;
                        }
                    }
                });
            }
        });
        Self { address, task }
    }

    /// The address that the carrier is given.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A port that nobody listens on. Not one of those that the system gives to outgoing connections: it
/// has to be free again whenever a killed server comes back to it.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    loop {
        let offset = NEXT.fetch_add(1, Ordering::Relaxed) + (std::process::id() as usize % 97) * 100;
        let port = 20_000 + u16::try_from(offset % 12_000).unwrap();
        if std::net::TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).is_ok() {
            return port;
        }
    }
}
