//! One call on a stage: a plan, the call, virtual time, and the promises that are watched over.

use jiff::{SignedDuration, Timestamp};
use warmline_workflows::cadence::Cadence;
use warmline_workflows::call::{Call, Conduct, Event, Handled, Moment, Plan, Timer};
use warmline_workflows::window::{CallingWindow, Terms};
use warmline_workflows::{AgentId, CallId, CampaignId, GroupId, LeadId, Leg, TenantId};

use crate::promises::Promises;

/// The number of the lead.
pub(crate) const LEAD_PHONE: &str = "+12125550100";

/// A call that events are applied to as the engine would: one version per event, stored in between.
#[derive(Debug, Clone)]
pub(crate) struct Stage {
    pub(crate) plan: Plan,
    pub(crate) call: Call,
    pub(crate) now: Timestamp,
    pub(crate) version: u32,
    pub(crate) journal: Vec<(Event, Timestamp)>,
    pub(crate) promises: Promises,
}

impl Stage {
    /// A call to which nothing has happened.
    pub(crate) fn empty(conduct: Conduct) -> Self {
        Self {
            plan: plan(conduct),
            call: Call::new(),
            now: opened_at(),
            version: 0,
            journal: Vec::new(),
            promises: Promises::default(),
        }
    }

    /// Applies an event to the call, and to what a database would give back of it.
    #[track_caller]
    pub(crate) fn handle(&mut self, event: &Event) -> Handled {
        let mut stored = restored(&self.call);
        let handled = self.advance(event);
        self.journal.push((event.clone(), self.now));
        let again = stored.handle(event, self.moment());
        assert_eq!((&again, &stored), (&handled, &self.call), "storing the call changed what {event:?} does");
        handled
    }

    /// Applies an event to the call.
    #[track_caller]
    pub(crate) fn advance(&mut self, event: &Event) -> Handled {
        self.version += 1;
        let before = self.call.clone();
        let moment = Moment { plan: &self.plan, now: self.now, version: self.version };
        let handled = self.call.handle(event, moment);
        self.promises.watch(&before, event, &handled, (&self.call, self.version));
        handled
    }

    fn moment(&self) -> Moment<'_> {
        Moment { plan: &self.plan, now: self.now, version: self.version }
    }

    /// The event of a timer that is armed, or of a deadline that never was.
    pub(crate) fn expiry(&self, timer: Timer) -> Event {
        let timers = &self.call.memory().timers;
        let armed_at = (0..=self.version).rev().find(|version| timers.is_current(timer, *version));
        Event::TimerExpired { timer, armed_at: armed_at.unwrap_or(0) }
    }

    /// Lets time pass to the next deadline, if there is one, and gives its event.
    pub(crate) fn next_expiry(&mut self) -> Option<Event> {
        let (_, deadline) = self.call.next_deadline()?;
        self.now = self.now.max(deadline.at);
        self.call.due(self.now)
    }

    /// The leg of the agent who was tried last.
    pub(crate) fn latest_agent_leg(&self) -> Leg {
        self.call
            .memory()
            .legs
            .iter()
            .map(|record| record.leg)
            .max()
            .filter(|leg| *leg != Leg::Lead)
            .unwrap_or(Leg::Agent(1))
    }
}

/// What a database gives back of a call.
pub(crate) fn restored(call: &Call) -> Call {
    serde_json::from_str(&serde_json::to_string(call).unwrap()).unwrap()
}

/// When every call is opened: a Monday morning in New York.
pub(crate) fn opened_at() -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_795_446_000)
}

/// The n-th agent, shown as a letter from `A`.
pub(crate) fn agent(letter: char) -> AgentId {
    AgentId(uuid::Uuid::from_u128(0xa9e0_0000_0000_0000_0000_0000_0000_0000 + u128::from(u32::from(letter))))
}

/// The letter of an agent.
pub(crate) fn letter(agent: AgentId) -> char {
    let last = u32::try_from(agent.0.as_u128() & 0xff).unwrap();
    char::from_u32(last).unwrap()
}

/// The number of an agent.
pub(crate) fn agent_phone(letter: char) -> String {
    format!("+121255501{:02}", u32::from(letter) - u32::from('A') + 11)
}

/// The carrier's name for a leg.
pub(crate) fn sid(leg: Leg) -> String {
    format!("CA-{leg}")
}

/// The carrier's name for a second connection that was placed for a leg.
pub(crate) fn other_sid(leg: Leg) -> String {
    format!("CA-other-{leg}")
}

fn plan(conduct: Conduct) -> Plan {
    let id = uuid::Uuid::from_u128;
    Plan {
        tenant: TenantId(id(1)),
        call: CallId(id(2)),
        campaign: CampaignId(id(3)),
        lead: LeadId(id(4)),
        group: GroupId(id(5)),
        opened_at: opened_at(),
        attempt_no: 1,
        attempts_before: 0,
        token: "token".to_owned(),
        lead_name: "Dana Reed".to_owned(),
        lead_phone: LEAD_PHONE.to_owned(),
        carrier: None,
        caller_id: "+12125550199".to_owned(),
        conduct,
        window: CallingWindow::new(Terms::office_hours("America/New_York")).unwrap(),
        zones: vec!["America/New_York".to_owned()],
        cadence: Cadence::default(),
    }
}
