//! Writing a document as XML.

use super::{Conference, DOCUMENT_MAX_BYTES, Dial, Gather, Prompt, Response, Verb};

const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;

impl Response {
    /// The document as XML, at most [`DOCUMENT_MAX_BYTES`] long.
    ///
    /// Characters that XML forbids are dropped. What does not fit is cut from the spoken texts, last
    /// ones first. Should the rest alone be too long, which no sane URL causes, the leg is hung up.
    #[must_use]
    pub fn render(&self) -> String {
        let without_speech = self.render_with(0).len();
        match DOCUMENT_MAX_BYTES.checked_sub(without_speech) {
            Some(speech_bytes) => self.render_with(speech_bytes),
            None => {
                tracing::error!(document.bytes = without_speech, "document too long even without speech");
                Self(vec![Verb::Hangup]).render_with(0)
            }
        }
    }

    fn render_with(&self, speech_bytes: usize) -> String {
        let mut xml = Writer { out: DECLARATION.to_owned(), speech_bytes };
        xml.element("Response", &[], |xml| {
            for verb in &self.0 {
                xml.verb(verb);
            }
        });
        xml.out
    }
}

struct Writer {
    out: String,
    /// How many bytes of escaped speech may still be written.
    speech_bytes: usize,
}

impl Writer {
    fn verb(&mut self, verb: &Verb) {
        match verb {
            Verb::Prompt(prompt) => self.prompt(prompt),
            Verb::Gather(gather) => self.gather(gather),
            Verb::Dial(dial) => self.dial(dial),
            Verb::Redirect(url) => self.element("Redirect", &[], |xml| xml.text(url)),
            Verb::Hangup => self.out.push_str("<Hangup/>"),
        }
    }

    fn prompt(&mut self, prompt: &Prompt) {
        match prompt {
            // The carrier stumbles over an element that says nothing.
            Prompt::Say(text) if !text.chars().any(is_speech) => {}
            Prompt::Say(text) => self.element("Say", &[], |xml| xml.speech(text)),
            Prompt::Play { url, times: 1 } => self.element("Play", &[], |xml| xml.text(url)),
            Prompt::Play { url, times } => {
                self.element("Play", &[("loop", &times.to_string())], |xml| xml.text(url));
            }
            Prompt::Pause { length_s } => self.out.push_str(&format!(r#"<Pause length="{length_s}"/>"#)),
        }
    }

    fn gather(&mut self, gather: &Gather) {
        let attributes = [
            ("action", gather.action.as_str()),
            ("numDigits", &gather.num_digits.to_string()),
            ("timeout", &gather.timeout_s.to_string()),
            ("actionOnEmptyResult", "true"),
        ];
        self.element("Gather", &attributes, |xml| {
            for prompt in &gather.prompts {
                xml.prompt(prompt);
            }
        });
    }

    fn dial(&mut self, dial: &Dial) {
        let action: Vec<_> = dial.action.iter().map(|url| ("action", url.as_str())).collect();
        self.element("Dial", &action, |xml| xml.conference(&dial.conference));
    }

    fn conference(&mut self, conference: &Conference) {
        let mut attributes = vec![
            ("beep", "false"),
            ("startConferenceOnEnter", "true"),
            ("endConferenceOnExit", "true"),
            ("participantLabel", conference.label.as_str()),
        ];
        if let Some(url) = &conference.wait_url {
            attributes.push(("waitUrl", url));
        }
        if let Some(url) = &conference.status_callback {
            attributes.push(("statusCallback", url));
            attributes.push(("statusCallbackEvent", "start end join leave"));
        }
        if let Some(url) = &conference.recording_callback {
            attributes.push(("record", "record-from-start"));
            attributes.push(("recordingStatusCallback", url));
            attributes.push(("recordingStatusCallbackEvent", "in-progress completed absent"));
        }
        self.element("Conference", &attributes, |xml| xml.text(&conference.name));
    }

    fn element(&mut self, name: &str, attributes: &[(&str, &str)], content: impl FnOnce(&mut Self)) {
        self.out.push('<');
        self.out.push_str(name);
        for (attribute, value) in attributes {
            self.out.push(' ');
            self.out.push_str(attribute);
            self.out.push_str("=\"");
            self.text(value);
            self.out.push('"');
        }
        self.out.push('>');
        content(self);
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    fn speech(&mut self, text: &str) {
        for character in text.chars().filter(|character| is_xml(*character)) {
            let before = self.out.len();
            self.character(character);
            match self.speech_bytes.checked_sub(self.out.len() - before) {
                Some(left) => self.speech_bytes = left,
                None => {
                    self.out.truncate(before);
                    self.speech_bytes = 0;
                    return;
                }
            }
        }
    }

    fn text(&mut self, text: &str) {
        for character in text.chars().filter(|character| is_xml(*character)) {
            self.character(character);
        }
    }

    fn character(&mut self, character: char) {
        match character {
            '&' => self.out.push_str("&amp;"),
            '<' => self.out.push_str("&lt;"),
            '>' => self.out.push_str("&gt;"),
            '"' => self.out.push_str("&quot;"),
            '\'' => self.out.push_str("&apos;"),
            // A reader would fold these into a space, or one line break into another.
            '\t' | '\n' | '\r' => self.out.push_str(&format!("&#{};", u32::from(character))),
            other => self.out.push(other),
        }
    }
}

/// What XML 1.0 allows in a document.
fn is_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

fn is_speech(character: char) -> bool {
    is_xml(character) && !character.is_whitespace()
}
