//! Stored forms that must keep loading: `fixtures/call_v*` holds what earlier versions have written.
//!
//! A fixture is never changed. When the stored form changes, [`SCHEMA_VERSION`] is raised, and
//! `UPDATE_GOLDEN=1` writes the fixtures of the new version beside the old ones.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use warmline_workflows::call::{Call, Command, Event, Plan, SCHEMA_VERSION, State};

use crate::files;
use crate::promises::{ends_in_silence, ends_with_its_legs};
use crate::script::play;
use crate::stage::Stage;

/// A story into each state.
const STORIES: [(&str, &str); 9] = [
    ("queued", ""),
    ("dialing", "in doubt; ringing"),
    ("amd", "placed; answered"),
    (
        "conference",
        "placed; answered; amd human; agent reserved; agent answered; agent declines; nobody free",
    ),
    ("agent_whisper", "placed; answered; amd unknown; joined; agent reserved; agent ringing; agent answered"),
    ("bridged", "placed; answered; amd human; joined; agent reserved; agent answered; agent accepts"),
    ("voicemail", "placed; answered; amd machine"),
    (
        "closing",
        "placed; answered; amd human; agent reserved; agent answered; agent accepts; +90s; hangs up; +20s",
    ),
    ("dispositioned", "placed; ringing; answered but hours; hangs up"),
];

/// Events of every kind, and with every optional part.
const EVENTS: &str = "opened; placed; in doubt; withheld; refused number; unconfirmed; initiated; ringing; answered; \
    answered but dnc; busy; checked; amd fax; agent reserved; nobody free; agent accepts; agent takes; agent declines; joined; \
    left; conference over; recording; no recording; hang up operator; wrap up; wrap up voicemail; call back; timer closing";

/// Stories that bring forth every command.
const COMMANDS: [&str; 2] = [
    "in doubt; +5m; answered; amd human; agent reserved; agent answered; agent accepts; +1m; hangs up; recording",
    "placed; answered; amd human; agent reserved; agent answered; agent declines; agent hangs up",
];

/// A fixture of a version; written when it is missing and wanted.
#[track_caller]
fn fixture(version: i16, name: &str, now: &impl Serialize) -> Value {
    let file = format!("fixtures/call_v{version}/{name}.json");
    if files::read(&file).is_none() && files::updating() && version == SCHEMA_VERSION {
        files::write(&file, &(serde_json::to_string_pretty(now).unwrap() + "\n"));
    }
    let text =
        files::read(&file).unwrap_or_else(|| panic!("tests/{file} is missing; UPDATE_GOLDEN=1 writes it"));
    serde_json::from_str(&text).unwrap()
}

/// Loads a stored form and checks that nothing of it is lost.
#[track_caller]
fn load<T: Serialize + DeserializeOwned>(stored: &Value) -> T {
    let loaded: T = serde_json::from_value(stored.clone()).unwrap();
    assert_eq!(&serde_json::to_value(&loaded).unwrap(), stored, "something was lost in loading");
    loaded
}

#[test]
fn stored_calls_keep_loading_and_come_to_their_end() {
    assert_eq!(STORIES.map(|(state, _)| state), State::NAMES);
    for version in 1..=SCHEMA_VERSION {
        for (state, story) in STORIES {
            let (played, _) = play(story);
            let call: Call = load(&fixture(version, state, &played.call));
            assert_eq!(call.state().name(), state);
            // It goes on as if it had never been stored by an older version.
            let stage = Stage { call, ..played };
            ends_with_its_legs(stage.clone());
            ends_in_silence(stage);
        }
    }
}

#[test]
fn stored_plans_events_and_commands_keep_loading() {
    let (stage, _) = play("placed");
    let events: Vec<Event> = EVENTS.split(';').map(|words| stage.event(words.trim()).unwrap()).collect();
    let mut commands: Vec<Command> = Vec::new();
    for story in COMMANDS {
        let (played, _) = play(story);
        let mut again = Stage::empty(played.plan.conduct.clone());
        for (event, now) in &played.journal {
            again.now = *now;
            commands.extend(again.handle(event).commands);
        }
    }
    for version in 1..=SCHEMA_VERSION {
        load::<Plan>(&fixture(version, "plan", &stage.plan));
        let loaded: Vec<Event> = load(&fixture(version, "events", &events));
        assert_eq!(loaded.len(), 26);
        let loaded: Vec<Command> = load(&fixture(version, "commands", &commands));
        for name in [
            "place_leg",
            "reserve_agent",
            "move_agent",
            "release_agent",
            "redirect",
            "hang_up",
            "check_leg",
            "fetch_recording",
        ] {
            assert!(
                loaded.iter().any(|command| command.name() == name),
                "no {name} among the stored commands"
            );
        }
    }
}
