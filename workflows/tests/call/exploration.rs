//! Every sequence of events, as far as there is time: each state that a call can get into is visited
//! once, by its shortest way, and every event of an alphabet is tried in it.
//!
//! Time stands still and versions do not grow, so that calls which behave alike are equal; any armed
//! timer may fire at any moment, which is worse than what a clock would do.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use warmline_workflows::Disposition;
use warmline_workflows::call::{Call, Event, Moment, Timer};

use crate::promises::ends_with_its_legs;
use crate::script::play;
use crate::stage::Stage;

/// All timers there are.
pub(crate) const TIMERS: [Timer; 10] = [
    Timer::Placement,
    Timer::Ring,
    Timer::Verdict,
    Timer::Patience,
    Timer::AgentSearch,
    Timer::Offer,
    Timer::Message,
    Timer::Talk,
    Timer::Closing,
    Timer::WrapUp,
];

/// The one version that every event has.
const VERSION: u32 = 1;

/// What a walk saw.
#[derive(Debug, Default)]
struct Map {
    /// Calls that differ.
    visited: usize,
    /// Events that were tried.
    steps: usize,
    /// Events on the way to the furthest call that was visited.
    depth: usize,
    /// Calls that were reached, and left out for want of time.
    left_out: usize,
    states: BTreeSet<&'static str>,
    dispositions: BTreeSet<Disposition>,
}

/// Walks on from a story by the events of an alphabet, with at most so many agent legs.
#[track_caller]
fn explore(story: &str, agent_legs_max: usize, alphabet: &str, visits_max: usize) -> Map {
    let (start, _) = play(story);
    let start = at_one_version(&start);
    let events: Vec<Event> = alphabet
        .split(';')
        .map(str::trim)
        .map(|words| start.event(words).unwrap_or_else(|| panic!("nobody knows what `{words}` means")))
        .chain(TIMERS.map(|timer| Event::TimerExpired { timer, armed_at: VERSION }))
        .collect();
    let mut map = Map::default();
    let mut places = vec![(start.call.clone(), start.promises.clone(), 0)];
    let mut known = BTreeMap::from([(fingerprint(&start.call), vec![0])]);
    while map.visited < places.len().min(visits_max) {
        let (call, promises, depth) = places[map.visited].clone();
        map.visited += 1;
        map.depth = depth;
        map.states.insert(call.state().name());
        map.dispositions.extend(call.state().disposition());
        ends_with_its_legs(Stage { call: call.clone(), promises: promises.clone(), ..start.clone() });
        for event in &events {
            let (mut after, mut kept) = (call.clone(), promises.clone());
            let handled = after.handle(event, moment(&start));
            kept.watch(&call, event, &handled, (&after, VERSION));
            kept.forget_confirmed();
            map.steps += 1;
            if (after == call && kept == promises) || is_beyond(&after, agent_legs_max) {
                continue;
            }
            let alike = known.entry(fingerprint(&after)).or_default();
            if !alike.iter().any(|place| (&places[*place].0, &places[*place].1) == (&after, &kept)) {
                alike.push(places.len());
                places.push((after, kept, depth + 1));
            }
        }
    }
    map.left_out = places.len() - map.visited;
    map
}

/// Whether a call is where nothing new is to be seen: one more leg, or one more check of the same kind.
fn is_beyond(call: &Call, agent_legs_max: usize) -> bool {
    call.memory().legs.iter().count() > 1 + agent_legs_max || call.memory().closing_checks > 1
}

/// Equal for equal calls, and mostly not for others; much faster than to compare with all of them.
fn fingerprint(call: &Call) -> u64 {
    let mut hasher = DefaultHasher::new();
    let memory = call.memory();
    (call.state().name(), memory.verdict, memory.agent, &memory.tried, memory.closing_checks)
        .hash(&mut hasher);
    memory.timers.armed().for_each(|timer| timer.hash(&mut hasher));
    for record in memory.legs.iter() {
        (record.phase as u8, record.sid.is_some(), record.answered_at.is_some()).hash(&mut hasher);
        (record.agent, record.hang_up_sent, record.release).hash(&mut hasher);
        record.settlement.map(|settlement| std::mem::discriminant(&settlement)).hash(&mut hasher);
    }
    hasher.finish()
}

fn moment(stage: &Stage) -> Moment<'_> {
    Moment { plan: &stage.plan, now: stage.now, version: VERSION }
}

fn at_one_version(played: &Stage) -> Stage {
    let mut stage = Stage::empty(played.plan.conduct.clone());
    for (event, _) in &played.journal {
        let before = stage.call.clone();
        let handled = stage.call.handle(event, moment(played));
        stage.promises.watch(&before, event, &handled, (&stage.call, VERSION));
        stage.promises.forget_confirmed();
    }
    stage.version = VERSION;
    stage
}

/// Everything that can be told of the lead leg, and of the call as a whole.
const LEAD: &str = "opened; withheld; placed; ringing; answered; answered but dnc; in doubt; unconfirmed; \
    refused number; refused account; busy; failed; hangs up; canceled; checked; other ringing; other hangs up; amd human; \
    amd machine; amd fax; nobody free; joined; left; recording; hang up dnc; hang up operator; wrap up";

/// The turns of the lead leg's life that matter to an agent, and everything that can be told of the agent.
const BOTH: &str = "placed; answered; in doubt; unconfirmed; hangs up; amd human; nobody free; hang up operator; \
    checked; agent reserved A; agent reserved B; agent-1 placed; agent-1 ringing; agent-1 answered; \
    agent-1 hangs up; agent-1 no answer; agent-1 in doubt; agent-1 unconfirmed; agent-1 refused number; \
    agent-1 accepts; agent-1 takes; agent-1 declines; agent-1 silent; other agent-1 ringing; hold; take back; wrap up";

/// One agent after another.
const AGENTS: &str = "hangs up; agent reserved A; agent reserved B; hang up operator; wrap up; agent-1 placed; \
    agent-1 answered; agent-1 hangs up; agent-1 unconfirmed; agent-1 accepts; agent-1 takes; agent-1 declines; agent-2 placed; \
    agent-2 answered; agent-2 hangs up; agent-2 unconfirmed; agent-2 accepts; agent-2 declines";

#[test]
fn every_way_of_a_lead_leg() {
    let map = explore("", 0, LEAD, usize::MAX);
    assert_eq!(map.left_out, 0, "{map:?}");
    let without_agents = ["amd", "closing", "conference", "dialing", "dispositioned", "queued", "voicemail"];
    assert_eq!(map.states, BTreeSet::from(without_agents));
    let all: BTreeSet<Disposition> = Disposition::ALL.iter().copied().collect();
    let missing: Vec<_> = all.difference(&map.dispositions).collect();
    // No agent, no conversation; and one ending stands for all that are passed on as they are.
    assert_eq!(missing, [&Disposition::Answered, &Disposition::NoAnswer]);
}

#[test]
fn every_way_of_a_lead_and_an_agent() {
    for given in ["", "given wrap-up 0s; given no amd", "given hang up on machines"] {
        let map = explore(given, 1, BOTH, usize::MAX);
        assert_eq!(map.left_out, 0, "{map:?}");
        assert!(map.states.contains("bridged") && map.visited > 3000 && map.depth >= 9, "{map:?}");
    }
}

#[test]
fn the_first_thousands_of_ways_of_two_agents() {
    let map = explore("placed; answered; amd human", 2, AGENTS, 6000);
    assert!(map.states.contains("bridged") && map.depth >= 6, "{map:?}");
}
