//! The language of the stories: what happens to a call, in words, separated by semicolons.
//!
//! ```text
//! from ringing | waiting | whisper | bridged      plays the way there and keeps it out of the trace
//! given no amd | wrap-up 0s | patience 10s | hang up on machines     before anything else
//! placed; ringing; answered; busy; no answer; failed; canceled; hangs up; in doubt; unconfirmed;
//! withheld; refused number|not reachable|account|request; answered but dnc|hours; checked
//!                                  of the lead, unless `agent`, `agent-2`, `other` (a second
//!                                  connection for the same leg) or `other agent-2` stands before it
//! agent reserved [B]; nobody free; agent accepts; agent takes (accepts in the console); agent declines;
//! joined; left; conference over
//! amd human|machine|fax|unknown; recording; no recording; hang up operator|stopped|dnc
//! wrap up [disposition]; call back (wraps up, and asks for a call in two hours); +20s; +5m; +5h (fires what falls due, in order)
//! timer ring; stale timer ring (out of turn); lead asks; agent asks (shows the instruction)
//! ```

use jiff::SignedDuration;
use warmline_workflows::call::{Conduct, Device, Event, HangUpReason, OnMachine, Refusal, Timer};
use warmline_workflows::rules::Reason;
use warmline_workflows::{Ending, Leg, Verdict};

use crate::stage::{Stage, agent, agent_phone, other_sid, sid};
use crate::trace::Trace;

/// The ways to where most stories begin.
const CHAPTERS: [(&str, &str); 4] = [
    ("ringing", "placed; ringing"),
    ("waiting", "placed; ringing; answered; amd human"),
    ("whisper", "placed; ringing; answered; amd human; agent reserved; agent answered"),
    ("bridged", "placed; ringing; answered; amd human; agent reserved; agent answered; agent accepts"),
];

/// Plays a story from the opening of a call, and gives what the call made of it.
#[track_caller]
pub(crate) fn play(script: &str) -> (Stage, Trace) {
    let mut stage = open(script);
    let mut trace = Trace::default();
    stage.play(script, &mut trace);
    (stage, trace)
}

/// A call that was just opened, conducted as the story gives.
#[track_caller]
pub(crate) fn open(script: &str) -> Stage {
    let mut conduct = Conduct::default();
    for given in segments(script).filter_map(|segment| segment.strip_prefix("given ")) {
        match given.split_once(' ').unwrap_or((given, "")) {
            ("no", "amd") => conduct.amd_timeout_s = None,
            ("hang", "up on machines") => conduct.on_machine = OnMachine::HangUp,
            ("wrap-up", time) => conduct.wrap_up_s = u32::try_from(seconds(time)).unwrap(),
            ("patience", time) => conduct.patience_s = u32::try_from(seconds(time)).unwrap(),
            _ => panic!("nothing can be given by `{given}`"),
        }
    }
    let mut stage = Stage::empty(conduct);
    stage.handle(&Event::CallOpened);
    stage
}

fn segments(script: &str) -> impl Iterator<Item = &str> {
    script.split(';').map(str::trim).filter(|segment| !segment.is_empty())
}

impl Stage {
    /// Goes on with a story.
    #[track_caller]
    pub(crate) fn play(&mut self, script: &str, trace: &mut Trace) {
        for segment in segments(script).filter(|segment| !segment.starts_with("given ")) {
            if let Some(time) = segment.strip_prefix('+') {
                self.wait(seconds(time), trace);
            } else if let Some(chapter) = segment.strip_prefix("from ") {
                let (_, story) = CHAPTERS.iter().find(|(name, _)| *name == chapter).unwrap();
                self.play(story, &mut Trace::default());
            } else if let Some(leg) = segment.strip_suffix(" asks") {
                let leg = self.leg(leg).unwrap_or_else(|| panic!("`{leg}` is no leg"));
                trace.instruct(leg, self.call.instruction(leg));
            } else {
                let event =
                    self.event(segment).unwrap_or_else(|| panic!("nobody knows what `{segment}` means"));
                self.step(&event, trace);
            }
        }
    }

    /// Applies an event and writes down what came of it.
    #[track_caller]
    pub(crate) fn step(&mut self, event: &Event, trace: &mut Trace) {
        let before = self.call.clone();
        let handled = self.handle(event);
        trace.add(&before, &handled, &self.call);
    }

    #[track_caller]
    fn wait(&mut self, seconds: i64, trace: &mut Trace) {
        let until = self.now + SignedDuration::from_secs(seconds);
        while let Some((_, deadline)) = self.call.next_deadline().filter(|(_, deadline)| deadline.at <= until)
        {
            self.now = self.now.max(deadline.at);
            let expiry = self.call.due(self.now).unwrap();
            self.step(&expiry, trace);
        }
        self.now = until;
    }

    /// The event that some words stand for.
    pub(crate) fn event(&self, words: &str) -> Option<Event> {
        self.event_of_call(words).or_else(|| {
            let (other, words) = match words.strip_prefix("other ") {
                Some(words) => (true, words),
                None => (false, words),
            };
            let (leg, what) = match words.split_once(' ').and_then(|(leg, what)| Some((self.leg(leg)?, what)))
            {
                Some(named) => named,
                None => (Leg::Lead, words),
            };
            event_of_leg(leg, what, if other { other_sid(leg) } else { sid(leg) })
        })
    }

    fn leg(&self, words: &str) -> Option<Leg> {
        match words {
            "agent" => Some(self.latest_agent_leg()),
            _ => words.parse().ok(),
        }
    }

    fn event_of_call(&self, words: &str) -> Option<Event> {
        let timer = |words: &str| serde_json::from_value::<Timer>(words.replace('-', "_").into()).ok();
        Some(match words {
            "opened" => Event::CallOpened,
            "withheld" => Event::PlacementWithheld { reason: Reason::DoNotCall },
            "nobody free" => Event::AgentUnavailable,
            "conference over" => Event::ConferenceEnded,
            "recording" => Event::RecordingCompleted { recording_sid: "RE-1".to_owned(), duration_s: 25 },
            "no recording" => Event::RecordingAbsent,
            "hold" => Event::HoldRequested { on: true },
            "take back" => Event::HoldRequested { on: false },
            "mute" => Event::MuteRequested { on: true },
            "unmute" => Event::MuteRequested { on: false },
            "wrap up" => Event::WrapUpFinished { disposition: None, call_back_at: None },
            "call back" => Event::WrapUpFinished {
                disposition: None,
                call_back_at: Some(self.now + SignedDuration::from_hours(2)),
            },
            "hang up operator" => Event::HangUpRequested { reason: HangUpReason::Operator },
            "hang up stopped" => Event::HangUpRequested { reason: HangUpReason::CampaignStopped },
            "hang up dnc" => Event::HangUpRequested { reason: HangUpReason::DoNotCall },
            "agent reserved" => {
                let reserved =
                    self.journal.iter().filter(|(event, _)| matches!(event, Event::AgentReserved { .. }));
                let letter = char::from(b'A' + u8::try_from(reserved.count()).unwrap());
                Event::AgentReserved { agent: agent(letter), phone: agent_phone(letter) }
            }
            _ => {
                if let Some(letter) = words.strip_prefix("agent reserved ") {
                    let letter = letter.chars().next().filter(char::is_ascii_uppercase)?;
                    Event::AgentReserved { agent: agent(letter), phone: agent_phone(letter) }
                } else if let Some(chosen) = words.strip_prefix("wrap up ") {
                    let disposition = Some(chosen.replace(' ', "_").parse().ok()?);
                    Event::WrapUpFinished { disposition, call_back_at: None }
                } else if let Some(timer) = words.strip_prefix("timer ").and_then(timer) {
                    self.expiry(timer)
                } else {
                    // Armed by no event at all, so never the present deadline.
                    Event::TimerExpired {
                        timer: words.strip_prefix("stale timer ").and_then(timer)?,
                        armed_at: 0,
                    }
                }
            }
        })
    }
}

fn event_of_leg(leg: Leg, what: &str, sid: String) -> Option<Event> {
    let ended = |sid, ending, duration_s| Event::LegEnded { leg, sid, ending, duration_s };
    let refused = |refusal| Event::LegRefused { leg, refusal, detail: "refused".to_owned() };
    Some(match what {
        "placed" => Event::LegPlaced { leg, sid },
        "initiated" => Event::LegInitiated { leg, sid },
        "ringing" => Event::LegRinging { leg, sid },
        "answered" => Event::LegAnswered { leg, sid, denial: None },
        "answered but dnc" => Event::LegAnswered { leg, sid, denial: Some(Reason::DoNotCall) },
        "answered but hours" => Event::LegAnswered { leg, sid, denial: Some(Reason::OutsideCallingHours) },
        "hangs up" => ended(sid, Ending::Completed, 30),
        "busy" => ended(sid, Ending::Busy, 0),
        "no answer" => ended(sid, Ending::NoAnswer, 0),
        "failed" => ended(sid, Ending::Failed, 0),
        "canceled" => ended(sid, Ending::Canceled, 0),
        "amd human" => Event::VerdictReached { sid, verdict: Verdict::Human },
        "amd machine" => Event::VerdictReached { sid, verdict: Verdict::Machine },
        "amd fax" => Event::VerdictReached { sid, verdict: Verdict::Fax },
        "amd unknown" => Event::VerdictReached { sid, verdict: Verdict::Unknown },
        "in doubt" => Event::PlacementInDoubt { leg, why: "timed out".to_owned() },
        "unconfirmed" => Event::PlacementUnconfirmed { leg },
        "checked" => Event::LegCheckInconclusive { leg },
        "refused number" => refused(Refusal::InvalidNumber),
        "refused not reachable" => refused(Refusal::NotReachable),
        "refused account" => refused(Refusal::Account),
        "refused request" => refused(Refusal::Request),
        "accepts" => Event::AgentAccepted { leg, by: Device::Phone },
        "takes" => Event::AgentAccepted { leg, by: Device::Console },
        "declines" => Event::AgentDeclined { leg },
        "silent" => Event::AgentSilent { leg },
        "joined" => Event::ConferenceJoined { leg, conference_sid: "CF-1".to_owned() },
        "left" => Event::ConferenceLeft { leg },
        _ => return None,
    })
}

/// Seconds of `20s`, `5m` or `5h`.
#[track_caller]
fn seconds(time: &str) -> i64 {
    let (number, unit) = time.split_at(time.len().saturating_sub(1));
    let unit = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => panic!("`{time}` is no time: expected such as 20s, 5m or 5h"),
    };
    number.parse::<i64>().unwrap_or_else(|_| panic!("`{time}` is no time")) * unit
}
