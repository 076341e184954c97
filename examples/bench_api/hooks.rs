//! Webhooks at a steady rate: what a carrier sends while people look at lists.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::task::{JoinHandle, JoinSet};
use warmline_twilio::callback::Callback;
use warmline_twilio::hook::Hook;
use warmline_twilio::signature;
use warmline_twilio::webhook::TOKEN_HEADER;
use warmline_workflows::Leg;

use crate::Failure;
use crate::latency::Latency;
use crate::world::{ACCOUNT, TOKEN, World};

/// Webhooks that are being sent.
pub(crate) struct Hooks {
    stop: Arc<AtomicBool>,
    sender: JoinHandle<Result<Latency, Failure>>,
}

impl Hooks {
    /// Each is sent at its time, whether or not those before were answered, and timed from then on.
    pub(crate) fn start(world: &World, per_s: u32) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let every = Duration::from_secs(1) / per_s.max(1);
        let (http, stopped) = (world.http.clone(), Arc::clone(&stop));
        let requests: Vec<(String, String, String)> = world
            .open
            .iter()
            .map(|(call, token)| {
                let callback =
                    Callback { tenant: world.tenant, call: *call, leg: Leg::Lead, token: token.clone() };
                let url = callback.url(&world.public_base, Hook::Status);
                let url = url.split('#').next().unwrap_or_default().to_owned();
                // Of the leg that the call has: the news is late after the first time, and journaled.
                let fields: Vec<(String, String)> = [
                    ("CallSid", format!("CA{}", call.0.simple())),
                    ("AccountSid", ACCOUNT.to_owned()),
                    ("CallStatus", "ringing".to_owned()),
                ]
                .map(|(name, value)| (name.to_owned(), value))
                .to_vec();
                let body =
                    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
                let signed = signature::sign(TOKEN, &url, &fields);
                (url, body, signed)
            })
            .collect();
        let sender = tokio::spawn(async move {
            let mut under_way = JoinSet::new();
            let mut latency = Latency::default();
            let begin = Instant::now();
            let mut sent = 0_u32;
            while !stopped.load(Ordering::Relaxed) {
                let due = begin + every * sent;
                tokio::time::sleep_until(due.into()).await;
                let (url, body, signed) = requests[sent as usize % requests.len()].clone();
                let http = http.clone();
                let key = uuid::Uuid::now_v7().to_string();
                under_way.spawn(async move {
                    let request = http
                        .post(url)
                        .header(signature::HEADER, signed)
                        .header(TOKEN_HEADER, key)
                        .header("content-type", "application/x-www-form-urlencoded")
                        .body(body);
                    let status = request.send().await?.status();
                    match status.is_success() {
                        true => Ok(due.elapsed()),
                        false => Err(Failure::from(format!("a webhook was answered with {status}"))),
                    }
                });
                sent += 1;
                while let Some(done) = under_way.try_join_next() {
                    latency.add(done??);
                }
            }
            while let Some(done) = under_way.join_next().await {
                latency.add(done??);
            }
            Ok(latency)
        });
        Self { stop, sender }
    }

    pub(crate) async fn stop(self) -> Result<Latency, Failure> {
        self.stop.store(true, Ordering::Relaxed);
        self.sender.await?
    }
}
