//! Documents, read back by an XML parser that had no part in writing them.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use warmline_twilio::documents::{self, Announcement, LeadConference, Whisper};
use warmline_twilio::twiml::{DOCUMENT_MAX_BYTES, Prompt, Response, Verb};
use warmline_twilio::{Callback, Hook, check_base};
use warmline_workflows::Leg;

/// The elements of a document with their attributes, in order, and its text, or the parser's error.
fn outline(xml: &str) -> Result<(Vec<String>, String), String> {
    let mut reader = Reader::from_str(xml);
    let (mut elements, mut text) = (Vec::new(), String::new());
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(element) | Event::Empty(element) => elements.push(describe(&element)?),
            Event::Text(chunk) => text += &chunk.decode().map_err(|error| error.to_string())?,
            Event::GeneralRef(reference) => {
                let name = reference.decode().map_err(|error| error.to_string())?;
                text +=
                    &quick_xml::escape::unescape(&format!("&{name};")).map_err(|error| error.to_string())?;
            }
            Event::Eof => return Ok((elements, text)),
            _ => {}
        }
    }
}

fn describe(element: &BytesStart<'_>) -> Result<String, String> {
    let mut line = String::from_utf8_lossy(element.name().as_ref()).into_owned();
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value = attribute.unescape_value().map_err(|error| error.to_string())?;
        line += &format!(" {}={value}", String::from_utf8_lossy(attribute.key.as_ref()));
    }
    Ok(line)
}

#[test]
fn no_text_can_become_a_verb() {
    let declared = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>";
    let hostile = [
        "</Say><Dial><Number>+12125550123</Number></Dial><Say>",
        "]]></Say><Hangup/><![CDATA[",
        "&lt;/Say&gt;<Hangup/>",
        "<!-- --><?pi ?><!DOCTYPE x [<!ENTITY e \"x\">]>&e;",
        "&#60;Hangup/&#62; &amp;amp; &nosuch;",
        "\u{0}<\u{1}/Say><\u{b}Hangup/>\u{fffe}\u{ffff}",
        "Dana \"D\" O'Reed & Söhne <CEO>\r\n\t☎ 👋🏽",
        "\" beep=\"true\" x='",
    ];
    for text in hostile {
        let speakable: String = text
            .chars()
            .filter(|c| !matches!(c, '\0' | '\u{1}' | '\u{b}' | '\u{fffe}' | '\u{ffff}'))
            .collect();
        for (document, elements) in [
            (documents::say_and_hang_up(text), vec!["Response", "Say", "Hangup"]),
            (documents::tell_and_hang_up(Announcement::Audio(text)), vec!["Response", "Play", "Hangup"]),
            (documents::hold_music(text), vec!["Response", "Play loop=0"]),
        ] {
            assert!(document.starts_with(declared), "{document}");
            let (got, spoken) = outline(&document).unwrap();
            assert_eq!(got, elements, "{text:?}");
            assert_eq!(spoken, speakable, "{text:?}");
        }
        let whisper = Whisper { say: text, accept_url: text, gather_timeout_s: 8 };
        let (elements, spoken) = outline(&documents::whisper(&whisper)).unwrap();
        let gather = format!("Gather action={speakable} numDigits=1 timeout=8 actionOnEmptyResult=true");
        assert_eq!(elements, ["Response", &gather, "Say", "Hangup"]);
        assert_eq!(spoken, speakable);
    }
}

#[test]
fn every_character_there_is_reaches_the_ear_or_is_dropped() {
    let all: Vec<char> = ('\0'..=char::MAX).collect();
    let forbidden =
        |c: &char| (*c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}');
    let mut dropped = 0;
    for chunk in all.chunks(8192) {
        let text: String = chunk.iter().chain(&['x']).collect();
        let (elements, spoken) = outline(&documents::say_and_hang_up(&text)).unwrap();
        assert_eq!(elements, ["Response", "Say", "Hangup"]);
        let expected: String = text.chars().filter(|c| !forbidden(c)).collect();
        assert_eq!(spoken, expected, "in U+{:04X}...", u32::from(chunk[0]));
        dropped += text.chars().count() - expected.chars().count();
    }
    assert_eq!(dropped, 31);
}

#[test]
fn a_document_never_outgrows_what_the_carrier_reads() {
    for unit in ["x", "&", "é", "👋", "x\n"] {
        let text = unit.repeat(100_000);
        let document = documents::say_and_hang_up(&text);
        assert!(document.len() <= DOCUMENT_MAX_BYTES, "{unit:?}: {}", document.len());
        assert!(document.len() > DOCUMENT_MAX_BYTES - 8, "{unit:?}: {} is cut too short", document.len());
        let (elements, spoken) = outline(&document).unwrap();
        assert_eq!(elements, ["Response", "Say", "Hangup"]);
        assert!(text.starts_with(&spoken), "{unit:?} is cut inside a character");
    }
    let many = Response(vec![Verb::Prompt(Prompt::Say("x".repeat(40_000))); 3]).render();
    assert!(many.len() <= DOCUMENT_MAX_BYTES && outline(&many).is_ok());
    // Longer than it may be even without a word: better silence than a document that is refused.
    assert_eq!(documents::tell_and_hang_up(Announcement::Audio(&"x".repeat(70_000))), documents::hang_up());
}

#[test]
fn documents_say_what_their_legs_must_do() {
    let query = "tenant=tnt_00000000000070008000000000000001\
                 &call=call_00000000000070008000000000000002&leg=lead&token=q7";
    let callback = Callback::parse(query).unwrap();
    let base = check_base("https://calls.example.com").unwrap();
    let url = |hook| callback.url(&base, hook);
    let lead = LeadConference {
        name: "wl-7f",
        notice: None,
        wait_url: &url(Hook::Wait),
        status_url: &url(Hook::ConferenceStatus),
        recording_url: Some(&url(Hook::Recording)),
        action_url: &url(Hook::Answer),
    };
    let at =
        |hook: &str| format!("https://calls.example.com/webhooks/twilio/{hook}?{query}#rc=3&rp=5xx,ct,rt");
    let entering = "Conference beep=false startConferenceOnEnter=true endConferenceOnExit=true";
    let dial = format!("Dial action={}", at("answer"));
    let watched = format!(
        "{entering} participantLabel=lead waitUrl={} statusCallback={} statusCallbackEvent=start end join leave",
        at("wait"),
        at("conference-status"),
    );
    let recorded = format!(
        "{watched} record=record-from-start recordingStatusCallback={} \
         recordingStatusCallbackEvent=in-progress completed absent",
        at("recording"),
    );
    let agent = format!("{entering} participantLabel=agent-2");
    let gather =
        format!("Gather action={} numDigits=1 timeout=8 actionOnEmptyResult=true", at("agent-accept"));
    let whisper = Whisper {
        say: "Connecting you with Dana Reed. Press 1.",
        accept_url: &url(Hook::AgentAccept),
        gather_timeout_s: 8,
    };
    for (document, elements, text) in [
        (
            documents::opening(Some(Announcement::Text("Hello.")), &url(Hook::Answer)),
            vec!["Say", "Pause length=20", "Redirect"],
            format!("Hello.{}", at("answer")),
        ),
        (
            documents::opening(Some(Announcement::Audio("/a.wav")), &url(Hook::Answer)),
            vec!["Play", "Pause length=20", "Redirect"],
            format!("/a.wav{}", at("answer")),
        ),
        (documents::opening(None, &url(Hook::Answer)), vec!["Pause length=20", "Redirect"], at("answer")),
        (
            documents::opening(Some(Announcement::Text(" \n")), "/x"),
            vec!["Pause length=20", "Redirect"],
            "/x".to_owned(),
        ),
        (
            documents::conference_for_lead(&LeadConference {
                notice: Some(Announcement::Text("It is recorded.")),
                ..lead
            }),
            vec!["Say", &dial, &recorded, "Hangup"],
            "It is recorded.wl-7f".to_owned(),
        ),
        (
            documents::conference_for_lead(&LeadConference {
                notice: Some(Announcement::Audio("/a.wav")),
                ..lead
            }),
            vec!["Play", &dial, &recorded, "Hangup"],
            "/a.wavwl-7f".to_owned(),
        ),
        (documents::conference_for_lead(&lead), vec![&dial, &recorded, "Hangup"], "wl-7f".to_owned()),
        (
            documents::conference_for_lead(&LeadConference { recording_url: None, ..lead }),
            vec![&dial, &watched, "Hangup"],
            "wl-7f".to_owned(),
        ),
        (
            documents::conference_for_agent("wl-7f", Leg::Agent(2)),
            vec!["Dial", &agent, "Hangup"],
            "wl-7f".to_owned(),
        ),
        (documents::whisper(&whisper), vec![&gather, "Say", "Hangup"], whisper.say.to_owned()),
        (documents::say_and_hang_up("Sorry."), vec!["Say", "Hangup"], "Sorry.".to_owned()),
        (
            documents::tell_and_hang_up(Announcement::Audio("/a.mp3")),
            vec!["Play", "Hangup"],
            "/a.mp3".to_owned(),
        ),
        (documents::hold_music("/a.mp3"), vec!["Play loop=0"], "/a.mp3".to_owned()),
        (documents::hang_up(), vec!["Hangup"], String::new()),
        (documents::empty(), vec![], String::new()),
    ] {
        let (got, got_text) = outline(&document).unwrap();
        assert_eq!(got[0], "Response");
        assert_eq!(got[1..], elements, "{document}");
        assert_eq!(got_text, text);
    }
}
