//! The documents our legs are given, rendered.
//!
//! URLs are those of [`crate::Callback::url`], which carry the retry overrides; only audio files and
//! texts come from a campaign. Say and play nothing before a person is known to be on the line but the
//! opening, and nothing personal in names: the carrier keeps names and URLs, but not what was spoken.

use warmline_workflows::{CallId, Leg};

use crate::twiml::{Conference, Dial, Gather, Prompt, Response, Verb};

/// How long a leg stays silent before it asks again what to do.
const PAUSE_S: u32 = 20;

/// What a leg is told. An audio file that cannot be had is passed over by the carrier, which goes on with what
/// follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Announcement<'a> {
    /// A text that the carrier speaks.
    Text(&'a str),
    /// The address of an audio file that it plays, once.
    Audio(&'a str),
}

impl Announcement<'_> {
    fn verb(self) -> Verb {
        Verb::Prompt(match self {
            Self::Text(text) => Prompt::Say(text.to_owned()),
            Self::Audio(url) => Prompt::Play { url: url.to_owned(), times: 1 },
        })
    }
}

/// The lead leg, before we know who answered: an opening if there is one, then silence, and after twenty
/// seconds the question again at `redirect_url`. Also for any leg that is to wait.
#[must_use]
pub fn opening(opening: Option<Announcement<'_>>, redirect_url: &str) -> String {
    let mut verbs: Vec<_> = opening.map(Announcement::verb).into_iter().collect();
    verbs.push(Verb::Prompt(Prompt::Pause { length_s: PAUSE_S }));
    verbs.push(Verb::Redirect(redirect_url.to_owned()));
    Response(verbs).render()
}

/// The name of a call's conference: found again by whoever looks for it at the carrier.
#[must_use]
pub fn conference_name(call: CallId) -> String {
    format!("wl-{}", call.0.simple())
}

/// How the lead enters the conference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeadConference<'a> {
    /// The conference's name: unique and random, up to 128 characters, without anything personal.
    pub name: &'a str,
    /// Before the lead enters: that the conversation is recorded.
    pub notice: Option<Announcement<'a>>,
    /// What the lead hears while waiting for the agent.
    pub wait_url: &'a str,
    /// Where start, end, join and leave are reported.
    pub status_url: &'a str,
    /// Record once the agent is there, and report to this URL.
    pub recording_url: Option<&'a str>,
    /// What the lead does after the conference; without it the agent's leaving would hang up on them.
    pub action_url: &'a str,
}

/// The lead leg: into the conference, which ends when the lead leaves; first told that it is recorded, if so.
#[must_use]
pub fn conference_for_lead(conference: &LeadConference<'_>) -> String {
    let notice = conference.notice.map(Announcement::verb);
    let enter = [
        Verb::Dial(Dial {
            action: Some(conference.action_url.to_owned()),
            conference: Conference {
                name: conference.name.to_owned(),
                label: Leg::Lead.to_string(),
                wait_url: Some(conference.wait_url.to_owned()),
                status_callback: Some(conference.status_url.to_owned()),
                recording_callback: conference.recording_url.map(str::to_owned),
            },
        }),
        Verb::Hangup,
    ];
    Response(notice.into_iter().chain(enter).collect()).render()
}

/// An agent leg: into the conference where the lead waits, which ends when the agent leaves. The leg is
/// the label by which callbacks name the participant.
#[must_use]
pub fn conference_for_agent(name: &str, leg: Leg) -> String {
    Response(vec![
        Verb::Dial(Dial {
            action: None,
            conference: Conference {
                name: name.to_owned(),
                label: leg.to_string(),
                wait_url: None,
                status_callback: None,
                recording_callback: None,
            },
        }),
        Verb::Hangup,
    ])
    .render()
}

/// What the agent alone hears before the bridge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whisper<'a> {
    /// What is said, including which key accepts.
    pub say: &'a str,
    /// Where the key is reported, or that none was pressed in time.
    pub accept_url: &'a str,
    /// How long to wait for the key after the last word.
    pub gather_timeout_s: u32,
}

/// An agent leg: say who waits, and ask for a key.
#[must_use]
pub fn whisper(whisper: &Whisper<'_>) -> String {
    Response(vec![
        Verb::Gather(Gather {
            action: whisper.accept_url.to_owned(),
            num_digits: 1,
            timeout_s: whisper.gather_timeout_s,
            prompts: vec![Prompt::Say(whisper.say.to_owned())],
        }),
        Verb::Hangup,
    ])
    .render()
}

/// Any leg: tell it something, then hang up. The apology, the voicemail message.
#[must_use]
pub fn tell_and_hang_up(announcement: Announcement<'_>) -> String {
    Response(vec![announcement.verb(), Verb::Hangup]).render()
}

/// Any leg: say a text, then hang up. What is said to agents, the fallback.
#[must_use]
pub fn say_and_hang_up(text: &str) -> String {
    tell_and_hang_up(Announcement::Text(text))
}

/// Any leg: hang up.
#[must_use]
pub fn hang_up() -> String {
    Response(vec![Verb::Hangup]).render()
}

/// Whoever waits in a conference: music, over and over. A conference does not repeat it by itself.
#[must_use]
pub fn hold_music(audio_url: &str) -> String {
    Response(vec![Verb::Prompt(Prompt::Play { url: audio_url.to_owned(), times: 0 })]).render()
}

/// Nothing to do: the answer to a webhook that asks for no document, where 204 will not do.
#[must_use]
pub fn empty() -> String {
    Response::default().render()
}
