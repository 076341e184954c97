//! Documents: fetched from the customer, and run verb by verb.

use std::future::pending;

use tokio::sync::mpsc;
use url::Url;

use super::{Hearing, Leg, amd, attend, gather};
use crate::audio::seconds_of;
use crate::carrier::Question;
use crate::fact::Fact;
use crate::fields::push;
use crate::order::{Callback, Method, Source};
use crate::twiml::{Document, Link, Prompt, Sound, Verb};
use crate::webhook::{Failure, Fields, Reply};

/// How a document comes to run.
pub(super) enum Start {
    /// The call was answered.
    Answer(Source),
    /// A REST request sent the call here.
    Redirect(Source),
}

/// A document to be fetched next.
pub(super) struct Page {
    pub(super) callback: Callback,
    /// Fields beyond those of every document request.
    pub(super) extra: Fields,
}

/// How a document goes on.
pub(super) enum Next {
    Over,
    Page(Page),
}

/// Keys as the callee presses them.
pub(super) type Keys = mpsc::UnboundedReceiver<char>;

/// Documents in a row that take no time before the carrier calls it a loop.
const HOPS_MAX: u32 = 50;
/// How long the carrier's own apology lasts when a document cannot be had.
const APOLOGY_S: f64 = 4.0;
/// How long the callee hears nothing when audio cannot be had.
const SILENCE_S: f64 = 1.0;

enum Step {
    Fetch(Page),
    Inline(String),
}

/// Runs documents until one of them ends the call.
pub(super) async fn run(leg: &Leg, keys: &mut Keys, start: Start) {
    let mut step = first_step(leg, start).await;
    let mut hops = 0;
    let mut fallen_back = false;
    loop {
        let loaded = load(leg, &step).await;
        let (document, base) = match loaded {
            Ok(loaded) => loaded,
            Err(failure) => {
                leg.warn(failure.code, failure.detail.clone());
                match fallback(leg, &step, &failure).filter(|_| !fallen_back) {
                    Some(page) => {
                        fallen_back = true;
                        step = Step::Fetch(page);
                        continue;
                    }
                    None => return leg.carrier.clock.sleep(APOLOGY_S).await,
                }
            }
        };
        fallen_back = false;
        hops = if document.takes_time() { 0 } else { hops + 1 };
        if hops > HOPS_MAX {
            return leg.warn(11215, "the documents send each other in circles".to_owned());
        }
        match perform(leg, keys, &document, base.as_ref()).await {
            Next::Over => return,
            Next::Page(page) => step = Step::Fetch(page),
        }
    }
}

/// Runs the document of a wait URL, which may only entertain, until it is dropped. Returns when
/// there is no first document to run.
pub(super) async fn entertain(leg: &Leg, callback: Callback) -> Failure {
    let mut page = Page { callback, extra: Fields::new() };
    let mut first = true;
    let mut hops = 0;
    loop {
        let step = Step::Fetch(page);
        let (document, base) = match load(leg, &step).await {
            Ok(loaded) => loaded,
            Err(failure) if first => return failure,
            Err(failure) => {
                leg.warn(failure.code, failure.detail);
                return pending().await;
            }
        };
        first = false;
        hops = if document.takes_time() { 0 } else { hops + 1 };
        let mut next = None;
        for verb in &document.verbs {
            match verb {
                Verb::Prompt(prompt) => leg.listen(prompt, base.as_ref()).await,
                Verb::Redirect(link) => {
                    next = Some(resolve(link, base.as_ref()));
                    break;
                }
                _ => leg.warn(13238, "a wait document may only Play, Say, Pause and Redirect".to_owned()),
            }
        }
        match next {
            Some(callback) if hops <= HOPS_MAX => page = Page { callback, extra: Fields::new() },
            // It does not begin again by itself.
            _ => return pending().await,
        }
    }
}

/// What a link of a document means: absolute as it stands, or relative to where it came from.
/// An empty link is the document itself.
pub(super) fn resolve(link: &Link, base: Option<&Url>) -> Callback {
    let url = match base {
        Some(base) if Url::parse(&link.url).is_err() => {
            base.join(&link.url).map_or_else(|_| link.url.clone(), |url| url.to_string())
        }
        _ => link.url.clone(),
    };
    Callback { url, method: link.method }
}

async fn first_step(leg: &Leg, start: Start) -> Step {
    let mut extra = Fields::new();
    let source = match start {
        Start::Redirect(source) => source,
        Start::Answer(source) => {
            if let Some(detected) = amd::verdict_before_document(leg).await {
                push(&mut extra, "AnsweredBy", detected.answered_by.as_str());
                push(&mut extra, "MachineDetectionDuration", detected.after_ms);
            }
            source
        }
    };
    match source {
        Source::Url(callback) => Step::Fetch(Page { callback, extra }),
        Source::Twiml(text) => Step::Inline(text),
    }
}

async fn load(leg: &Leg, step: &Step) -> Result<(Document, Option<Url>), Failure> {
    let (document, base) = match step {
        Step::Inline(text) => (parse(text)?, None),
        Step::Fetch(page) => {
            let mut fields = leg.document_fields();
            fields.extend(page.extra.iter().cloned());
            let question =
                Question { about: &leg.sid, kind: "document", callback: &page.callback, fields: &fields };
            let reply = leg.carrier.ask(question).await?;
            (read(&reply)?, Url::parse(&page.callback.url).ok())
        }
    };
    for warning in &document.warnings {
        leg.warn(warning.code, warning.detail.clone());
    }
    Ok((document, base))
}

/// Makes a document of an answer, by the rules for content types.
fn read(reply: &Reply) -> Result<Document, Failure> {
    let content_type = reply.content_type.as_deref().unwrap_or_default();
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if kind.starts_with("audio/") {
        return Ok(Document::of_prompt(Prompt::lasting(seconds_of(&reply.body))));
    }
    let text = String::from_utf8_lossy(&reply.body);
    if text.trim().is_empty() {
        return Err(Failure { code: 11770, detail: "the answer is empty".to_owned() });
    }
    match kind.as_str() {
        "text/xml" | "application/xml" | "text/html" => parse(&text),
        "text/plain" => Ok(Document::of_prompt(Prompt::speech(&text))),
        _ => Err(Failure {
            code: 12300,
            detail: format!("the content type `{content_type}` is not for a call"),
        }),
    }
}

fn parse(text: &str) -> Result<Document, Failure> {
    Document::parse(text).map_err(|invalid| Failure { code: invalid.code, detail: invalid.detail })
}

fn fallback(leg: &Leg, failed: &Step, failure: &Failure) -> Option<Page> {
    let callback = leg.order().fallback.clone()?;
    let mut extra = Fields::new();
    push(&mut extra, "ErrorCode", failure.code);
    if let Step::Fetch(page) = failed {
        let url = page.callback.url.split('#').next().unwrap_or_default();
        push(&mut extra, "ErrorUrl", url);
    }
    Some(Page { callback, extra })
}

async fn perform(leg: &Leg, keys: &mut Keys, document: &Document, base: Option<&Url>) -> Next {
    for verb in &document.verbs {
        let page = match verb {
            Verb::Prompt(prompt) => {
                leg.listen(prompt, base).await;
                None
            }
            Verb::Gather(gather) => gather::run(leg, keys, gather, base).await,
            Verb::Conference(conference) => attend::run(leg, conference, base).await,
            Verb::OtherDial { action } => action.as_ref().map(|action| {
                let mut extra = Fields::new();
                push(&mut extra, "DialCallStatus", "failed");
                Page { callback: resolve(action, base), extra }
            }),
            Verb::Redirect(link) => Some(Page { callback: resolve(link, base), extra: Fields::new() }),
            Verb::Hangup => return Next::Over,
        };
        if let Some(page) = page {
            return Next::Page(page);
        }
        leg.hear(Hearing::Document);
    }
    Next::Over
}

impl Leg {
    /// Plays a prompt to its end, which may never come. Audio that cannot be had is passed over.
    pub(super) async fn listen(&self, prompt: &Prompt, base: Option<&Url>) {
        let seconds = match &prompt.sound {
            Sound::Seconds(seconds) => *seconds,
            Sound::Audio(url) => {
                let link = Link { url: url.clone(), method: Method::Get };
                let url = resolve(&link, base).url;
                match self.carrier.audio(&url).await {
                    Ok(audio) => {
                        let (sid, bytes, duration_ms) = (self.sid.clone(), audio.bytes, audio.duration_ms);
                        self.carrier.record(Fact::Played { sid, url, bytes, duration_ms });
                        duration_ms as f64 / 1000.0
                    }
                    Err(failure) => {
                        self.warn(failure.code, failure.detail);
                        return self.carrier.clock.sleep(SILENCE_S).await;
                    }
                }
            }
        };
        if prompt.times == 0 {
            return pending().await;
        }
        self.carrier.clock.sleep(seconds * f64::from(prompt.times)).await;
    }
}

impl Document {
    fn takes_time(&self) -> bool {
        self.verbs.iter().any(|verb| match verb {
            Verb::Prompt(Prompt { sound: Sound::Seconds(seconds), times }) => *times == 0 || *seconds > 0.0,
            Verb::Prompt(Prompt { sound: Sound::Audio(_), .. }) => true,
            Verb::Gather(_) | Verb::Conference(_) => true,
            Verb::OtherDial { .. } | Verb::Redirect(_) | Verb::Hangup => false,
        })
    }
}
