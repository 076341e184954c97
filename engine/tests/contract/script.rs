//! Whole lives of calls, as scripts of events.

use warmline_engine::{Engine, Error, Step, Stepped};
use warmline_workflows::call::{Device, Event, Ordinal};
use warmline_workflows::{AgentId, CallId, Ending, Leg, TenantId, Verdict};

use crate::world::World;

/// One turn in the life of a call.
#[derive(Debug, Clone)]
pub(crate) enum Turn {
    Event(Box<Step>),
    Tick(jiff::Timestamp),
}

impl Turn {
    pub(crate) async fn take(
        &self,
        engine: &Engine,
        tenant: TenantId,
        call: CallId,
    ) -> Result<Stepped, Error> {
        match self {
            Self::Event(step) => engine.step((**step).clone()).await,
            Self::Tick(now) => engine.tick(tenant, call, *now).await,
        }
    }
}

/// A lead answers, talks with an agent, and hangs up; the time to write it up runs out. Settles each
/// command that a worker would report.
pub(crate) fn conversation(world: &World, call: CallId) -> Vec<Turn> {
    let (leg, first) = (Leg::Lead, Leg::Agent(1));
    let sid = || "CA00000000000000000000000000000001".to_owned();
    let agent_sid = || "CA00000000000000000000000000000002".to_owned();
    let conference_sid = || "CF00000000000000000000000000000003".to_owned();
    let agent = AgentId(uuid::Uuid::from_u128(4));
    let ending = Ending::Completed;
    let events = [
        (1, Event::LegPlaced { leg, sid: sid() }, Some((1, 0))),
        (1, Event::LegInitiated { leg, sid: sid() }, None),
        (4, Event::LegRinging { leg, sid: sid() }, None),
        (9, Event::LegAnswered { leg, sid: sid(), denial: None }, None),
        (12, Event::VerdictReached { sid: sid(), verdict: Verdict::Human }, None),
        // The verdict gave two commands: to reserve an agent, and to redirect the lead.
        (12, Event::AgentReserved { agent, phone: "+12125550150".to_owned() }, Some((6, 0))),
        (13, Event::ConferenceJoined { leg, conference_sid: conference_sid() }, Some((6, 1))),
        (14, Event::LegPlaced { leg: first, sid: agent_sid() }, Some((7, 0))),
        (15, Event::LegRinging { leg: first, sid: agent_sid() }, Some((7, 1))),
        (18, Event::LegAnswered { leg: first, sid: agent_sid(), denial: None }, None),
        (24, Event::AgentAccepted { leg: first, by: Device::Phone }, None),
        (25, Event::ConferenceJoined { leg: first, conference_sid: conference_sid() }, Some((11, 0))),
        (90, Event::LegEnded { leg, sid: sid(), ending, duration_s: 86 }, Some((12, 0))),
        (91, Event::LegEnded { leg: first, sid: agent_sid(), ending, duration_s: 73 }, None),
        (92, Event::ConferenceEnded, None),
        (95, Event::RecordingCompleted { recording_sid: "RE5".to_owned(), duration_s: 66 }, None),
    ];
    let turn = |(after_s, event, settles): (i64, Event, Option<(u32, u16)>)| {
        let mut step = world.event(call, event.clone(), &format!("{after_s} {}", event.name()));
        step.now = world.later(after_s);
        step.settles = settles.map(|(version, index)| Ordinal { version, index });
        Turn::Event(Box::new(step))
    };
    events.into_iter().map(turn).chain([Turn::Tick(world.later(200))]).collect()
}

/// Events of every kind that can befall a call with a lead leg and an agent leg, sensible or not.
pub(crate) fn anything() -> Vec<Event> {
    let sid = |leg: Leg| format!("CA {leg}");
    let legs = [Leg::Lead, Leg::Agent(1), Leg::Agent(2)];
    let of_legs = legs.into_iter().flat_map(|leg| {
        [
            Event::LegPlaced { leg, sid: sid(leg) },
            Event::LegInitiated { leg, sid: sid(leg) },
            Event::LegRinging { leg, sid: sid(leg) },
            Event::LegAnswered { leg, sid: sid(leg), denial: None },
            Event::LegAnswered { leg, sid: "CA another".to_owned(), denial: None },
            Event::LegEnded { leg, sid: sid(leg), ending: Ending::Completed, duration_s: 5 },
            Event::LegCheckInconclusive { leg },
            Event::AgentAccepted { leg, by: Device::Phone },
            Event::AgentDeclined { leg },
            Event::ConferenceJoined { leg, conference_sid: "CF".to_owned() },
            Event::ConferenceLeft { leg },
            Event::PlacementInDoubt { leg, why: "a time-out".to_owned() },
        ]
    });
    let others = [
        Event::VerdictReached { sid: sid(Leg::Lead), verdict: Verdict::Human },
        Event::VerdictReached { sid: sid(Leg::Lead), verdict: Verdict::Machine },
        Event::AgentReserved { agent: AgentId(uuid::Uuid::from_u128(4)), phone: "+12125550150".to_owned() },
        Event::AgentReserved { agent: AgentId(uuid::Uuid::from_u128(5)), phone: "+12125550151".to_owned() },
        Event::AgentUnavailable,
        Event::ConferenceEnded,
        Event::RecordingCompleted { recording_sid: "RE".to_owned(), duration_s: 3 },
        Event::WrapUpFinished { disposition: None, call_back_at: None },
    ];
    of_legs.chain(others).collect()
}
