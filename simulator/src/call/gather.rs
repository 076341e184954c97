//! Gather: asks the callee for keys.

use url::Url;

use super::document::{Keys, Page, resolve};
use super::{Hearing, Leg};
use crate::fact::Fact;
use crate::fields::push;
use crate::order::Method;
use crate::twiml::{Gather, Link};
use crate::webhook::Fields;

/// Plays the prompts and takes keys; returns the page to send them to, or `None` when the
/// document goes on because there were none.
pub(super) async fn run(leg: &Leg, keys: &mut Keys, gather: &Gather, base: Option<&Url>) -> Option<Page> {
    // Keys pressed before the prompt belong to nothing.
    while keys.try_recv().is_ok() {}
    leg.hear(Hearing::Prompt);
    let entry = take(leg, keys, gather, base).await;
    leg.hear(Hearing::Document);
    if !entry.digits.is_empty() || entry.finished_on.is_some() {
        let mut pressed = entry.digits.clone();
        pressed.extend(entry.finished_on);
        leg.carrier.record(Fact::Pressed { sid: leg.sid.clone(), keys: pressed });
    }
    if entry.digits.is_empty() && !gather.action_on_empty_result {
        return None;
    }
    let itself = Link { url: String::new(), method: Method::Post };
    let callback = resolve(gather.action.as_ref().unwrap_or(&itself), base);
    let mut extra = Fields::new();
    push(&mut extra, "Digits", entry.digits);
    push(&mut extra, "FinishedOnKey", entry.finished_on.map(String::from).unwrap_or_default());
    push(&mut extra, "msg", "Gather End");
    Some(Page { callback, extra })
}

#[derive(Default)]
struct Entry {
    digits: String,
    finished_on: Option<char>,
}

async fn take(leg: &Leg, keys: &mut Keys, gather: &Gather, base: Option<&Url>) -> Entry {
    let mut entry = Entry::default();
    // The first key stops the prompts.
    let mut key = tokio::select! {
        biased;
        Some(key) = keys.recv() => Some(key),
        () = prompts(leg, gather, base) => None,
    };
    loop {
        match key {
            Some(key) if gather.finish_on_key == Some(key) => {
                entry.finished_on = Some(key);
                return entry;
            }
            Some(key) => entry.digits.push(key),
            None => {}
        }
        if gather.digits_max.is_some_and(|most| entry.digits.len() >= most) {
            return entry;
        }
        key = tokio::select! {
            biased;
            Some(key) = keys.recv() => Some(key),
            () = leg.carrier.clock.sleep(gather.timeout_s) => return entry,
        };
    }
}

async fn prompts(leg: &Leg, gather: &Gather, base: Option<&Url>) {
    for prompt in &gather.prompts {
        leg.listen(prompt, base).await;
    }
}
