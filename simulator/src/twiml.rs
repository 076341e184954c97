//! TwiML: the verbs of a document, read from XML.

use crate::element::Element;
use crate::order::Method;

/// A document: its verbs, and what was wrong with it without stopping it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Document {
    pub(crate) verbs: Vec<Verb>,
    pub(crate) warnings: Vec<Warning>,
}

/// Something a document says that has no meaning, or that is not simulated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Warning {
    pub(crate) code: u32,
    pub(crate) detail: String,
}

/// Why a document cannot be run at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Invalid {
    pub(crate) code: u32,
    pub(crate) detail: String,
}

/// One instruction of a document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Verb {
    /// Speech, a recording or a pause.
    Prompt(Prompt),
    Gather(Gather),
    Conference(Box<Conference>),
    /// A dial to something that is not simulated.
    OtherDial {
        action: Option<Link>,
    },
    Redirect(Link),
    Hangup,
}

/// Something the callee listens to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Prompt {
    /// Once through.
    pub(crate) sound: Sound,
    /// How often; 0 is for ever.
    pub(crate) times: u32,
}

/// What is heard, or how long.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Sound {
    /// Speech, silence, or audio that came with the document: so many seconds.
    Seconds(f64),
    /// What is at an address, perhaps a relative one.
    Audio(String),
}

/// Asks the callee for keys.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Gather {
    pub(crate) action: Option<Link>,
    pub(crate) timeout_s: f64,
    pub(crate) finish_on_key: Option<char>,
    pub(crate) digits_max: Option<usize>,
    pub(crate) action_on_empty_result: bool,
    pub(crate) prompts: Vec<Prompt>,
}

/// Puts the callee into a conference.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Conference {
    pub(crate) name: String,
    pub(crate) action: Option<Link>,
    pub(crate) time_limit_s: f64,
    pub(crate) label: String,
    pub(crate) muted: bool,
    pub(crate) start_on_enter: bool,
    pub(crate) end_on_exit: bool,
    pub(crate) participants_max: usize,
    /// `None` is the carrier's own music, or silence.
    pub(crate) wait: Option<Link>,
    pub(crate) record_from_start: bool,
    pub(crate) status_callback: Option<Link>,
    pub(crate) status_events: Vec<String>,
    pub(crate) recording_callback: Option<Link>,
    pub(crate) recording_events: Vec<String>,
}

/// A URL as the document gives it, perhaps relative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) url: String,
    pub(crate) method: Method,
}

/// How much text is spoken in a second.
const CHARS_PER_SECOND: f64 = 15.0;

impl Document {
    /// Reads a document.
    pub(crate) fn parse(text: &str) -> Result<Self, Invalid> {
        let root = Element::parse(text).map_err(|detail| Invalid { code: 12100, detail })?;
        if root.name != "Response" {
            return Err(Invalid {
                code: 12101,
                detail: format!("the root is <{}>, not <Response>", root.name),
            });
        }
        let mut document = Self { verbs: Vec::new(), warnings: Vec::new() };
        document.check(&root);
        for child in &root.children {
            document.check(child);
            if let Some(verb) = document.verb(child) {
                document.verbs.push(verb);
            }
        }
        Ok(document)
    }

    /// A document of one prompt, for answers that are plain text or audio.
    pub(crate) fn of_prompt(prompt: Prompt) -> Self {
        Self { verbs: vec![Verb::Prompt(prompt)], warnings: Vec::new() }
    }

    fn verb(&mut self, element: &Element) -> Option<Verb> {
        match element.name.as_str() {
            "Say" | "Play" | "Pause" => Some(Verb::Prompt(Prompt::of(element))),
            "Gather" => Some(Verb::Gather(self.gather(element))),
            "Dial" => Some(self.dial(element)),
            "Redirect" => Some(Verb::Redirect(Link::new(element.text.trim(), element.attribute("method")))),
            "Hangup" => Some(Verb::Hangup),
            name => {
                if known_attributes(name).is_some() {
                    self.warn(format!("<{name}> is not simulated and was skipped"));
                }
                None
            }
        }
    }

    fn gather(&mut self, element: &Element) -> Gather {
        let mut prompts = Vec::new();
        for child in &element.children {
            self.check(child);
            if matches!(child.name.as_str(), "Say" | "Play" | "Pause") {
                prompts.push(Prompt::of(child));
            } else {
                self.warn(format!("<{}> cannot stand in <Gather>", child.name));
            }
        }
        Gather {
            action: element.link("action", "method"),
            timeout_s: element.number("timeout").unwrap_or(5.0),
            finish_on_key: element.attribute("finishOnKey").map_or(Some('#'), |keys| keys.chars().next()),
            digits_max: element
                .number("numDigits")
                .filter(|digits| *digits >= 1.0)
                .map(|digits| digits as usize),
            action_on_empty_result: element.flag("actionOnEmptyResult", Flag::False),
            prompts,
        }
    }

    fn dial(&mut self, element: &Element) -> Verb {
        let action = element.link("action", "method");
        for child in &element.children {
            self.check(child);
        }
        let Some(conference) = element.children.iter().find(|child| child.name == "Conference") else {
            self.warn("<Dial> is simulated for <Conference> only".to_owned());
            return Verb::OtherDial { action };
        };
        let name = conference.text.trim();
        if name.is_empty() {
            self.warn("<Conference> has no name".to_owned());
        }
        let events = |name: &str, default: &[&str]| match conference.attribute(name) {
            Some(list) => list.split_whitespace().map(str::to_owned).collect(),
            None => default.iter().map(|event| (*event).to_owned()).collect(),
        };
        Verb::Conference(Box::new(Conference {
            name: name.to_owned(),
            action,
            time_limit_s: element.number("timeLimit").unwrap_or(14_400.0),
            label: conference.attribute("participantLabel").unwrap_or_default().to_owned(),
            muted: conference.flag("muted", Flag::False),
            start_on_enter: conference.flag("startConferenceOnEnter", Flag::True),
            end_on_exit: conference.flag("endConferenceOnExit", Flag::False),
            participants_max: conference.number("maxParticipants").map_or(250, |most| most as usize),
            wait: conference.link("waitUrl", "waitMethod").filter(|link| !link.url.is_empty()),
            record_from_start: matches!(conference.attribute("record"), Some("record-from-start" | "true")),
            status_callback: conference.link("statusCallback", "statusCallbackMethod"),
            status_events: events("statusCallbackEvent", &[]),
            recording_callback: conference.link("recordingStatusCallback", "recordingStatusCallbackMethod"),
            recording_events: events("recordingStatusCallbackEvent", &["completed"]),
        }))
    }

    /// Warns of names the real service would not know.
    fn check(&mut self, element: &Element) {
        let Some(known) = known_attributes(&element.name) else {
            self.warn(format!("<{}> is not a TwiML element", element.name));
            return;
        };
        for (name, _) in &element.attributes {
            if !known.split(' ').any(|known| known == name) && !name.starts_with("xmlns") {
                self.warn(format!("<{}> has no attribute `{name}`", element.name));
            }
        }
    }

    fn warn(&mut self, detail: String) {
        self.warnings.push(Warning { code: 12200, detail });
    }
}

impl Prompt {
    /// Text read aloud.
    pub(crate) fn speech(text: &str) -> Self {
        Self::lasting((text.trim().chars().count() as f64 / CHARS_PER_SECOND).max(0.3))
    }

    /// Something that lasts so long.
    pub(crate) fn lasting(seconds: f64) -> Self {
        Self { sound: Sound::Seconds(seconds), times: 1 }
    }

    fn of(element: &Element) -> Self {
        let times = element.number("loop").map_or(1, |times| times as u32);
        match element.name.as_str() {
            "Pause" => Self::lasting(element.number("length").unwrap_or(1.0)),
            "Say" => Self { times, ..Self::speech(&element.text) },
            _ => Self { sound: Sound::Audio(element.text.trim().to_owned()), times },
        }
    }
}

impl Link {
    pub(crate) fn new(url: &str, method: Option<&str>) -> Self {
        let get = method.is_some_and(|method| method.eq_ignore_ascii_case("get"));
        Self { url: url.to_owned(), method: if get { Method::Get } else { Method::Post } }
    }
}

enum Flag {
    True,
    False,
}

impl Element {
    fn flag(&self, name: &str, default: Flag) -> bool {
        match (self.attribute(name), default) {
            (Some("true"), _) => true,
            (Some("false"), _) => false,
            (_, default) => matches!(default, Flag::True),
        }
    }

    fn number(&self, name: &str) -> Option<f64> {
        self.attribute(name)?.trim().parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0)
    }

    fn link(&self, name: &str, method_name: &str) -> Option<Link> {
        self.attribute(name).map(|url| Link::new(url, self.attribute(method_name)))
    }
}

/// The attributes of every element the real service knows; `None` for an unknown element.
fn known_attributes(element: &str) -> Option<&'static str> {
    Some(match element {
        "Response" | "Hangup" | "Identity" => "",
        "Say" => "voice language loop",
        "Play" => "loop digits",
        "Pause" => "length",
        "Gather" => {
            "input action method timeout finishOnKey numDigits actionOnEmptyResult bargeIn language hints \
             speechTimeout maxSpeechTime speechModel enhanced profanityFilter partialResultCallback \
             partialResultCallbackMethod"
        }
        "Dial" => {
            "action method timeout timeLimit callerId answerOnBridge hangupOnStar record trim \
             recordingStatusCallback recordingStatusCallbackMethod recordingStatusCallbackEvent recordingTrack \
             ringTone sequential callReason referUrl events"
        }
        "Number" => {
            "url method sendDigits statusCallback statusCallbackMethod statusCallbackEvent machineDetection \
             machineDetectionTimeout machineDetectionSpeechThreshold machineDetectionSpeechEndThreshold \
             machineDetectionSilenceTimeout amdStatusCallback amdStatusCallbackMethod byoc"
        }
        "Client" | "Sip" => {
            "url method statusCallback statusCallbackMethod statusCallbackEvent username password"
        }
        "Conference" => {
            "muted beep startConferenceOnEnter endConferenceOnExit waitUrl waitMethod maxParticipants record trim \
             region coach participantLabel jitterBufferSize statusCallback statusCallbackMethod \
             statusCallbackEvent recordingStatusCallback recordingStatusCallbackMethod \
             recordingStatusCallbackEvent eventCallbackUrl"
        }
        "Redirect" => "method",
        "Record" => {
            "action method timeout finishOnKey maxLength playBeep trim transcribe transcribeCallback \
             recordingStatusCallback recordingStatusCallbackMethod recordingStatusCallbackEvent"
        }
        "Reject" => "reason",
        "Start" | "Stop" | "Stream" | "Recording" | "Parameter" | "Queue" | "Enqueue" | "Leave"
        | "Connect" => {
            "name value url track statusCallback statusCallbackMethod action method waitUrl waitUrlMethod"
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transfer_document_reads_with_its_defaults() {
        let text = r#"<?xml version="1.0" encoding="UTF-8"?><Response><Say>Hello &amp; welcome.</Say>
            <Dial action="/after"><Conference startConferenceOnEnter="false" endConferenceOnExit="true"
              waitUrl="https://a.test/hold?x=1&amp;y=2" statusCallback="/conf" statusCallbackEvent="start end join"
              record="record-from-start" participantLabel="lead">wl-1</Conference></Dial><Redirect/></Response>"#;
        let document = Document::parse(text).unwrap();
        assert_eq!(document.warnings, []);
        let Verb::Conference(conference) = &document.verbs[1] else { panic!("{document:?}") };
        assert_eq!(conference.wait.as_ref().unwrap().url, "https://a.test/hold?x=1&y=2");
        assert_eq!(conference.status_events, ["start", "end", "join"]);
        assert_eq!(conference.recording_events, ["completed"]);
        assert!(conference.end_on_exit && !conference.start_on_enter && conference.record_from_start);
        assert_eq!(document.verbs[2], Verb::Redirect(Link { url: String::new(), method: Method::Post }));
    }

    #[test]
    fn a_gather_keeps_its_prompts_and_rules() {
        let text = r#"<Response><Gather numDigits="1" timeout="8" action="/a"><Say>Press one.</Say><Pause length="2"/>
            </Gather><Hangup/></Response>"#;
        let document = Document::parse(text).unwrap();
        let Verb::Gather(gather) = &document.verbs[0] else { panic!("{document:?}") };
        assert_eq!((gather.digits_max, gather.timeout_s, gather.finish_on_key), (Some(1), 8.0, Some('#')));
        assert_eq!(gather.prompts.len(), 2);
        assert_eq!(gather.prompts[1], Prompt::lasting(2.0));
    }

    #[test]
    fn what_is_wrong_is_a_refusal_or_a_warning() {
        let refused = [
            ("", 12100),
            ("not xml", 12100),
            ("<Response><Say>x</Response>", 12100),
            ("<Response/><Response/>", 12100),
            ("<!DOCTYPE x [<!ENTITY a \"b\">]><Response>&a;</Response>", 12100),
            ("<response/>", 12101),
        ];
        for (text, code) in refused {
            assert_eq!(Document::parse(text).map_err(|invalid| invalid.code), Err(code), "{text}");
        }
        let warned = [
            "<Response><Shout>x</Shout></Response>",
            "<Response><Say volume=\"11\">x</Say></Response>",
            "<Response><Record/></Response>",
            "<Response><Dial>+14155550101</Dial></Response>",
            "<Response><Gather><Hangup/></Gather></Response>",
        ];
        for text in warned {
            let document = Document::parse(text).unwrap();
            assert_eq!(
                document.warnings.iter().map(|warning| warning.code).collect::<Vec<_>>(),
                [12200],
                "{text}"
            );
        }
    }
}
