//! The relay: hands committed commands to Redis as soon as their commit is through.

use tokio::sync::mpsc::UnboundedReceiver;
use warmline_engine::{Ready, crash};

use crate::queue::Queues;

/// Commands taken together when many commits come at once.
const BATCHES_MAX: usize = 64;

/// Relays until the engine is gone. What Redis does not take is left to the sweep.
pub async fn run(queues: Queues, mut commands: UnboundedReceiver<Vec<Ready>>) {
    let mut batches = Vec::new();
    while commands.recv_many(&mut batches, BATCHES_MAX).await > 0 {
        let ready: Vec<Ready> = batches.drain(..).flatten().collect();
        crash::point("relay: before the push");
        if let Err(error) = queues.push(&ready, 0).await {
            tracing::warn!(error = %error, commands = ready.len(), "commands wait in Postgres until Redis is back");
        }
    }
}
