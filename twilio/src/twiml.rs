//! TwiML: what a leg is to hear and do, as a type that cannot be written wrongly.
//!
//! The carrier runs one document per leg, verb after verb. A verb after [`Verb::Redirect`] or
//! [`Verb::Hangup`] never runs, and running off the end hangs up. Texts are escaped here and nowhere
//! else: whatever a lead is called, it cannot become a verb.

mod render;

/// The content type of a rendered document. As plain text the carrier would read it aloud.
pub const CONTENT_TYPE: &str = "text/xml; charset=utf-8";

/// The most bytes a rendered document has; the carrier refuses more than 64 KB.
pub const DOCUMENT_MAX_BYTES: usize = 64_000;

/// A document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Response(pub Vec<Verb>);

/// One step of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verb {
    /// Let the callee hear something, or nothing.
    Prompt(Prompt),
    /// Ask for a key.
    Gather(Gather),
    /// Enter a conference, and stay until it is over or left.
    Dial(Dial),
    /// Go on with the document at a URL.
    Redirect(String),
    /// Hang up.
    Hangup,
}

/// What can be heard. Only these may stand in a [`Gather`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prompt {
    /// Speak a text. An empty one is left out; one that does not fit the document is cut.
    Say(String),
    /// Play an audio file.
    Play {
        /// Where the file is.
        url: String,
        /// How often; 0 is for ever.
        times: u32,
    },
    /// Silence.
    Pause {
        /// How long.
        length_s: u32,
    },
}

/// Play prompts until keys are pressed, then report them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gather {
    /// Where the keys are reported, and the next document comes from.
    pub action: String,
    /// After how many keys to report.
    pub num_digits: u8,
    /// How long to wait after the prompts; then an empty report is sent.
    pub timeout_s: u32,
    /// What is played; a key stops it.
    pub prompts: Vec<Prompt>,
}

/// Connect the leg to a conference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dial {
    /// Where the document after the conference comes from; without it the next verb runs.
    pub action: Option<String>,
    /// Which conference.
    pub conference: Conference,
}

/// A conference, as one participant enters it. The name of a live conference is the conference.
///
/// Nobody is announced by a beep. Callbacks are set by whoever comes first; those of later
/// participants are ignored by the carrier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conference {
    /// Its name: unique and random, up to 128 characters, without anything personal.
    pub name: String,
    /// The participant's name in callbacks, unique in the conference.
    pub label: String,
    /// What the participant hears while alone; without it the carrier's own music.
    pub wait_url: Option<String>,
    /// Where start, end, join and leave are reported.
    pub status_callback: Option<String>,
    /// Record from the moment two are connected, and report to this URL.
    pub recording_callback: Option<String>,
}
