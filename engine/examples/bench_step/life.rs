//! The lives of calls: what happens to each, and the rows that every step of it writes.
//!
//! The same lives are led through the engine and through the yardsticks. The rows are worked out
//! beforehand, so that the yardsticks do nothing but write them.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;
use warmline_engine::{Key, Step};
use warmline_workflows::cadence::{self, Ended, Next};
use warmline_workflows::call::{Call, Command, Device, Event, Moment, Ordinal, Plan};
use warmline_workflows::feed::{CallOf, Notice};
use warmline_workflows::rules::Hours;
use warmline_workflows::{AgentId, Ending, Leg, Verdict, cost, lead};

/// What becomes of a call.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// A person answers and talks with an agent.
    Talk,
    /// A machine answers and gets the message.
    Machine,
    /// Nobody picks up.
    NoAnswer,
    /// The line is busy.
    Busy,
}

/// Of eight calls, so many come to this end.
pub(crate) const MIX: [Kind; 8] = [
    Kind::Talk,
    Kind::Machine,
    Kind::Talk,
    Kind::NoAnswer,
    Kind::Talk,
    Kind::Machine,
    Kind::Talk,
    Kind::Busy,
];

/// One step: what the engine is given, and what a step writes.
#[derive(Debug, Clone)]
pub(crate) struct Turn {
    pub(crate) input: Input,
    pub(crate) rows: Rows,
}

/// What the engine is given.
#[derive(Debug, Clone)]
pub(crate) enum Input {
    Event(Box<Step>),
    Tick(Timestamp),
}

/// What a step writes.
#[derive(Debug, Clone)]
pub(crate) struct Rows {
    pub(crate) version: i32,
    pub(crate) state: &'static str,
    pub(crate) snapshot: String,
    pub(crate) disposition: Option<&'static str>,
    pub(crate) agent: Option<Uuid>,
    pub(crate) answered_at: Option<Timestamp>,
    pub(crate) bridged_at: Option<Timestamp>,
    pub(crate) closed_at: Option<Timestamp>,
    pub(crate) talk_s: i32,
    pub(crate) cost_micros: i64,
    pub(crate) journal: Vec<Line>,
    pub(crate) commands: Vec<Commanded>,
    pub(crate) settled: Vec<(i32, i16)>,
    pub(crate) alarm: Alarm,
    pub(crate) lead: Option<Lead>,
    /// What the feed says of it: kind and body.
    pub(crate) notices: Vec<(&'static str, Timestamp, String)>,
}

#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) version: i32,
    pub(crate) at: Timestamp,
    pub(crate) event: String,
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    pub(crate) commands: Option<String>,
    pub(crate) ignored: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Commanded {
    pub(crate) version: i32,
    pub(crate) index: i16,
    pub(crate) queue: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) body: String,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Alarm {
    Keep,
    Set(Timestamp),
    Clear,
}

#[derive(Debug, Clone)]
pub(crate) struct Lead {
    pub(crate) id: Uuid,
    pub(crate) status: &'static str,
    pub(crate) attempts: i16,
    pub(crate) due_at: Option<Timestamp>,
    pub(crate) disposition: &'static str,
}

/// The whole life of the `number`-th call, which was opened on `plan`.
pub(crate) fn of(plan: &Plan, number: usize) -> Vec<Turn> {
    let mut life = Life::opened(plan);
    let sid = |prefix: &str| format!("{prefix}{:032x}", u128::from_be_bytes(*Uuid::now_v7().as_bytes()));
    let (lead, agent, conference, recording) = (sid("CA"), sid("CA"), sid("CF"), sid("RE"));
    let (leg, first) = (Leg::Lead, Leg::Agent(1));
    let sid = || lead.clone();
    let placed = life.outstanding.pop_front();
    life.step(1, Event::LegPlaced { leg, sid: sid() }, placed);
    life.event(0, Event::LegInitiated { leg, sid: sid() });
    let ended = |ending, duration_s| Event::LegEnded { leg, sid: lead.clone(), ending, duration_s };
    match MIX[number % MIX.len()] {
        Kind::Busy => life.event(2, ended(Ending::Busy, 0)),
        Kind::NoAnswer => {
            life.event(3, Event::LegRinging { leg, sid: sid() });
            life.event(30, ended(Ending::NoAnswer, 0));
        }
        Kind::Machine => {
            life.event(3, Event::LegRinging { leg, sid: sid() });
            life.event(8, Event::LegAnswered { leg, sid: sid(), denial: None });
            life.event(9, Event::VerdictReached { sid: sid(), verdict: Verdict::Machine });
            life.event(25, ended(Ending::Completed, 34));
        }
        Kind::Talk => {
            life.event(3, Event::LegRinging { leg, sid: sid() });
            life.event(6, Event::LegAnswered { leg, sid: sid(), denial: None });
            life.event(4, Event::VerdictReached { sid: sid(), verdict: Verdict::Human });
            let reserve = life.outstanding.pop_front();
            let who = AgentId(Uuid::now_v7());
            life.step(0, Event::AgentReserved { agent: who, phone: "+12125550199".to_owned() }, reserve);
            life.event(1, Event::ConferenceJoined { leg, conference_sid: conference.clone() });
            life.event(0, Event::LegPlaced { leg: first, sid: agent.clone() });
            life.event(0, Event::LegInitiated { leg: first, sid: agent.clone() });
            life.event(1, Event::LegRinging { leg: first, sid: agent.clone() });
            life.event(4, Event::LegAnswered { leg: first, sid: agent.clone(), denial: None });
            life.event(5, Event::AgentAccepted { leg: first, by: Device::Phone });
            life.event(1, Event::ConferenceJoined { leg: first, conference_sid: conference });
            life.event(90, ended(Ending::Completed, 106));
            let ending = Ending::Completed;
            life.event(1, Event::LegEnded { leg: first, sid: agent, ending, duration_s: 98 });
            life.event(0, Event::ConferenceEnded);
            life.event(3, Event::RecordingCompleted { recording_sid: recording, duration_s: 90 });
            if number.is_multiple_of(2) {
                life.event(10, Event::WrapUpFinished { disposition: None, call_back_at: None });
            } else {
                life.tick(30);
            }
        }
    }
    life.turns
}

struct Life<'a> {
    plan: &'a Plan,
    call: Call,
    version: u32,
    now: Timestamp,
    outstanding: VecDeque<Ordinal>,
    deadline: Option<Timestamp>,
    turns: Vec<Turn>,
}

impl<'a> Life<'a> {
    fn opened(plan: &'a Plan) -> Self {
        let mut life = Self {
            plan,
            call: Call::new(),
            version: 0,
            now: plan.opened_at,
            outstanding: VecDeque::new(),
            deadline: None,
            turns: Vec::new(),
        };
        life.advance(&Event::CallOpened, &mut Vec::new());
        life.deadline = life.earliest();
        life
    }

    /// A webhook: the carrier's word, which also finds an earlier command done.
    fn event(&mut self, after_s: i64, event: Event) {
        let settles = self.outstanding.pop_front();
        self.step(after_s, event, settles);
    }

    fn step(&mut self, after_s: i64, event: Event, settles: Option<Ordinal>) {
        self.now += SignedDuration::from_secs(after_s);
        let step = Step {
            tenant: self.plan.tenant,
            call: self.plan.call,
            token: Some(self.plan.token.clone()),
            event: event.clone(),
            // As long as the token that the carrier sends.
            key: Key(format!("{:036}", self.version)),
            settles,
            now: self.now,
        };
        let mut lines = Vec::new();
        let commands = self.advance(&event, &mut lines);
        self.turn(Input::Event(Box::new(step)), (lines, commands), settles);
    }

    fn tick(&mut self, after_s: i64) {
        self.now += SignedDuration::from_secs(after_s);
        let (mut lines, mut commands) = (Vec::new(), Vec::new());
        while let Some(event) = self.call.due(self.now) {
            commands.extend(self.advance(&event, &mut lines));
        }
        self.turn(Input::Tick(self.now), (lines, commands), None);
    }

    fn advance(&mut self, event: &Event, lines: &mut Vec<Line>) -> Vec<Commanded> {
        self.version += 1;
        let moment = Moment { plan: self.plan, now: self.now, version: self.version };
        let from = self.call.state().name();
        let handled = self.call.handle(event, moment);
        self.outstanding.retain(|ordinal| !handled.confirmed.contains(ordinal));
        let version = number(self.version);
        lines.push(Line {
            version,
            at: self.now,
            event: json(event),
            from,
            to: self.call.state().name(),
            commands: (!handled.commands.is_empty()).then(|| json(&handled.commands)),
            ignored: handled.ignored.map(|ignored| ignored.to_string()),
        });
        let mut commanded = Vec::new();
        for (index, command) in (0_u16..).zip(&handled.commands) {
            self.outstanding.push_back(Ordinal { version: self.version, index });
            let index = i16::try_from(index).unwrap_or(i16::MAX);
            commanded.push(Commanded {
                version,
                index,
                queue: command.queue().as_str(),
                kind: command.name(),
                body: json::<Command>(command),
            });
        }
        commanded
    }

    /// What the feed says of the lines that moved the call on.
    fn notices(&self, journal: &[Line]) -> Vec<(&'static str, Timestamp, String)> {
        let Plan { call: call_id, campaign: campaign_id, lead: lead_id, .. } = *self.plan;
        let call = CallOf { call_id, campaign_id, lead_id };
        let moved = journal.iter().filter(|line| line.from != line.to);
        let notices = moved.filter_map(|line| {
            let notice = match self.call.state().disposition() {
                Some(disposition) if line.to == "dispositioned" => Notice::CallDispositioned {
                    call,
                    from_state: line.from,
                    disposition,
                    agent_id: self.call.memory().agent,
                    talk_s: self.call.memory().talk_s(),
                },
                _ => Notice::CallStateChanged { call, from_state: line.from, to_state: line.to },
            };
            Some((notice.kind()?.as_str(), line.at, json(&notice)))
        });
        notices.collect()
    }

    fn earliest(&self) -> Option<Timestamp> {
        self.call.next_deadline().map(|(_, deadline)| deadline.at)
    }

    fn turn(
        &mut self,
        input: Input,
        (journal, commands): (Vec<Line>, Vec<Commanded>),
        settles: Option<Ordinal>,
    ) {
        let alarm = match (self.earliest(), self.deadline) {
            (None, Some(_)) => Alarm::Clear,
            (Some(at), before) if before.is_none_or(|before| at < before) => Alarm::Set(at),
            (Some(_), _) | (None, None) => Alarm::Keep,
        };
        self.deadline = self.earliest();
        let memory = self.call.memory();
        let closes = journal.iter().any(|line| line.to == "dispositioned" && line.from != line.to);
        let lead = self.call.state().disposition().filter(|_| closes).map(|disposition| {
            let attempts = self.plan.attempts_before + u16::from(disposition.consumes_attempt());
            let hours = Hours { window: &self.plan.window, zones: &self.plan.zones };
            let (status, due_at) = match cadence::next(
                &self.plan.cadence,
                &Ended { disposition, attempts, call_back_at: None, hours },
                self.now,
            ) {
                Next::Retry { at } => (lead::Status::Waiting, Some(at)),
                Next::Close { status } => (status, None),
            };
            Lead {
                id: self.plan.lead.0,
                status: status.as_str(),
                attempts: i16::try_from(attempts).unwrap_or(i16::MAX),
                due_at,
                disposition: disposition.as_str(),
            }
        });
        let notices = self.notices(&journal);
        let rows = Rows {
            version: number(self.version),
            state: self.call.state().name(),
            snapshot: json(&self.call),
            disposition: self.call.state().disposition().map(|disposition| disposition.as_str()),
            agent: memory.agent.map(|agent| agent.0),
            answered_at: memory.lead_answered_at(),
            bridged_at: memory.bridged_at,
            closed_at: memory.closed_at,
            talk_s: i32::try_from(memory.talk_s()).unwrap_or(i32::MAX),
            cost_micros: cost::of(memory, self.plan, &cost::Rates::default()),
            journal,
            commands,
            settled: settles
                .map(|Ordinal { version, index }| (number(version), i16::try_from(index).unwrap_or(0)))
                .into_iter()
                .collect(),
            alarm,
            lead,
            notices,
        };
        self.turns.push(Turn { input, rows });
    }
}

fn number(value: u32) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}

fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
