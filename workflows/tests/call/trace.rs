//! What a call made of events, in few words: its path, its commands, its reasons to ignore.
//!
//! ```text
//! dialing > amd > conference [redirect lead, seek agent] (late) > closing as hung_up > hung_up
//! ```

use std::fmt;

use warmline_workflows::Leg;
use warmline_workflows::call::{Call, Command, Handled, Instruction, State};

use crate::stage::{agent_phone, letter, sid};

/// What was seen of a call so far.
#[derive(Debug, Default)]
pub(crate) struct Trace(Vec<String>);

impl Trace {
    /// Writes down what came of an event.
    pub(crate) fn add(&mut self, before: &Call, handled: &Handled, after: &Call) {
        if before.state() != after.state() {
            self.0.push(format!("> {}", state(after.state())));
        }
        if !handled.commands.is_empty() {
            let commands: Vec<String> = handled.commands.iter().map(command).collect();
            self.0.push(format!("[{}]", commands.join(", ")));
        }
        if let Some(ignored) = handled.ignored {
            self.0.push(format!("({ignored})"));
        }
    }

    /// Writes down what a leg was told to do.
    pub(crate) fn instruct(&mut self, leg: Leg, instruction: Instruction) {
        self.0.push(format!("{{{leg}: {instruction:?}}}"));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

/// A state; the last one by its disposition alone.
pub(crate) fn state(state: &State) -> String {
    match state {
        State::AgentWhisper { leg, agent } | State::Bridged { leg, agent } => {
            format!("{} {leg} {}", state.name(), letter(*agent))
        }
        State::Closing { disposition, wrap_up: None } => format!("closing as {disposition}"),
        State::Closing { disposition, wrap_up: Some(agent) } => {
            format!("closing as {disposition}, {} writes up", letter(*agent))
        }
        State::Dispositioned { disposition } => disposition.as_str().to_uppercase(),
        _ => state.name().to_owned(),
    }
}

fn command(command: &Command) -> String {
    match command {
        Command::PlaceLeg { leg, to: None } => format!("dial {leg}"),
        Command::PlaceLeg { leg, to: Some(to) } => {
            let who = ('A'..='Z').find(|letter| agent_phone(*letter) == *to);
            format!("dial {} as {leg}", who.map_or_else(|| to.clone(), String::from))
        }
        Command::ReserveAgent { exclude } if exclude.is_empty() => "seek agent".to_owned(),
        Command::ReserveAgent { exclude } => {
            let letters: String = exclude.iter().copied().map(letter).collect();
            format!("seek agent other than {letters}")
        }
        Command::MoveAgent { agent, to } => format!("{} {to}", letter(*agent)),
        Command::ReleaseAgent { agent, release } => format!("free {}: {release}", letter(*agent)),
        Command::Redirect { leg, sid: named } => format!("redirect {}", connection(*leg, named)),
        Command::AdjustSound { leg, sid: named } => format!("adjust sound of {}", connection(*leg, named)),
        Command::HangUp { leg, sid: named } => format!("hang up {}", connection(*leg, named)),
        Command::CheckLeg { leg, sid: Some(named), .. } => format!("check {}", connection(*leg, named)),
        Command::CheckLeg { leg, sid: None, .. } => format!("look for {leg}"),
        Command::FetchRecording { .. } => "fetch recording".to_owned(),
    }
}

fn connection(leg: Leg, named: &str) -> String {
    if named == sid(leg) { leg.to_string() } else { format!("other {leg}") }
}
