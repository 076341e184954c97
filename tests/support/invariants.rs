//! What must hold of every installation that has come to rest, whatever befell it: the carrier's
//! ledger, which is the truth, against the database.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use warmline_engine::journal::Recorded;
use warmline_simulator::{AnsweredBy, CallRecord, Status};
use warmline_workflows::call::{Command, Event, LegRecord, Phase, Settlement};
use warmline_workflows::{CallId, Disposition, Leg};

use super::rows::{LeadRow, instant};
use super::{OWN_ACCOUNT, Rig, seconds, until, wire};

/// The longest that a request to the carrier may be under way when a rule changes, in real seconds.
const IN_FLIGHT_S: f64 = 2.0;
/// Machines read the same instant a little apart: the carrier rounds, and so does the database.
const CLOCKS_S: f64 = 0.001;

/// Waits until nobody is in a call and nothing is left to be done.
pub(crate) async fn quiesced(rig: &Rig) {
    let open = "select count(*) from calls where open";
    let waiting = "select count(*) from outbox where state <> 'dead'";
    let held = "select count(*) from agent_reservations";
    until("everything is at rest", Duration::from_secs(60), async || {
        rig.legs().iter().all(|call| call.status.is_final())
            && unheard_recordings(rig).await.is_empty()
            && rig.count(open).await == 0
            && rig.count(waiting).await == 0
            && rig.count(held).await == 0
    })
    .await;
}

/// The conversations' recordings that the carrier has, or is about to have, and that are not known here.
pub(crate) async fn unheard_recordings(rig: &Rig) -> Vec<String> {
    let known: Vec<String> =
        sqlx::query_scalar("select recording_sid from recordings").fetch_all(&rig.database).await.unwrap();
    let ledgers = [Some(rig.simulator.ledger()), rig.simulator.ledger_of(OWN_ACCOUNT)];
    let recordings = ledgers.into_iter().flatten().flat_map(|ledger| ledger.recordings());
    recordings
        .filter(|recording| !recording.announced || recording.duration_s() > Some(0))
        .map(|recording| recording.sid)
        .filter(|sid| !known.contains(sid))
        .collect()
}

/// Everything that does not hold, each with the number of its invariant.
pub(crate) async fn violations(rig: &Rig) -> Vec<String> {
    let world = World::read(rig).await;
    let checks: [fn(&World) -> Vec<String>; 9] = [
        one_leg_per_placement,
        attempts_are_kept_to,
        no_two_at_once,
        every_leg_is_known,
        nothing_is_stuck,
        nobody_falls_between,
        journals_hold,
        agents_are_free,
        nobody_is_cut_off,
    ];
    let mut found: Vec<String> = checks.iter().flat_map(|check| check(&world)).collect();
    found.extend(outcomes_are_true(&world));
    found.extend(nobody_is_called_against_the_list(rig, &world).await);
    found.extend(recordings_are_kept(rig).await);
    found
}

/// I16: every recording that the carrier made, whether or not it told us, is in the store, whole and once.
async fn recordings_are_kept(rig: &Rig) -> Vec<String> {
    type Kept = (String, String, Option<String>, Option<i64>);
    let rows: Vec<Kept> = sqlx::query_as("select recording_sid, status, object, bytes from recordings")
        .fetch_all(&rig.database)
        .await
        .unwrap();
    let folder = rig.recordings_folder();
    let mut found = Vec::new();
    let mut kept = 0;
    for (sid, status, object, bytes) in &rows {
        if status != "stored" {
            found.push(format!("I16: recording {sid} is {status}"));
            continue;
        }
        kept += 1;
        let path = folder.join(object.as_deref().unwrap_or_default());
        let size = std::fs::metadata(&path).ok().and_then(|file| i64::try_from(file.len()).ok());
        if size.is_none() || size != *bytes {
            found.push(format!("I16: recording {sid} has {size:?} bytes in the store, not {bytes:?}"));
        }
    }
    for sid in unheard_recordings(rig).await {
        found.push(format!("I16: recording {sid} is lost"));
    }
    let files = files_in(&folder);
    if files != kept {
        found.push(format!("I16: {files} files in the store for {kept} recordings"));
    }
    found
}

/// The files in a folder and below.
fn files_in(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| if entry.path().is_dir() { files_in(&entry.path()) } else { 1 }).sum()
}

/// A leg as the carrier knows it, with whom it is about.
struct Placed {
    record: CallRecord,
    call: CallId,
    leg: Leg,
    token: String,
}

/// A call as we know it.
struct Known {
    id: CallId,
    lead: String,
    recorded: Recorded,
    seen: Vec<u8>,
}

struct World {
    placed: Vec<Placed>,
    calls: Vec<Known>,
    leads: Vec<LeadRow>,
    /// What should be empty by now, by name, with how much there is.
    leftovers: Vec<(&'static str, i64)>,
    agents: Vec<super::rows::AgentRow>,
}

impl World {
    async fn read(rig: &Rig) -> Self {
        let placed = rig
            .legs()
            .into_iter()
            .map(|record| {
                let callback = wire::callback(&record);
                Placed { record, call: callback.call, leg: callback.leg, token: callback.token }
            })
            .collect();
        let mut calls = Vec::new();
        for id in rig.engine.all_calls(rig.tenant).await.unwrap() {
            let (lead, seen) = sqlx::query_as("select lead_id::text, seen from calls where id = $1")
                .bind(id.0)
                .fetch_one(&rig.database)
                .await
                .unwrap();
            let recorded = rig.engine.recorded(rig.tenant, id).await.unwrap();
            calls.push(Known { id, lead, recorded, seen });
        }
        let leftovers = vec![
            ("open calls", rig.count("select count(*) from calls where open").await),
            ("commands", rig.count("select count(*) from outbox").await),
            ("alarms", rig.count("select count(*) from alarms").await),
            ("reservations", rig.count("select count(*) from agent_reservations").await),
        ];
        Self { placed, calls, leads: rig.leads().await, leftovers, agents: rig.agent_rows().await }
    }

    fn lead_legs(&self) -> impl Iterator<Item = &Placed> {
        self.placed.iter().filter(|placed| placed.leg == Leg::Lead)
    }
}

impl Known {
    fn leg_records(&self) -> impl Iterator<Item = &LegRecord> {
        self.recorded.call.memory().legs.iter()
    }

    fn disposition(&self) -> Option<Disposition> {
        self.recorded.call.state().disposition()
    }

    /// Whether it counts: the lead's phone may have rung.
    fn consumed_an_attempt(&self) -> bool {
        let is_withheld = |leg: &LegRecord| leg.settlement == Some(Settlement::Withheld);
        self.disposition().is_some_and(Disposition::consumes_attempt)
            && !self.leg_records().any(|leg| leg.leg == Leg::Lead && is_withheld(leg))
    }

    fn commands(&self) -> impl Iterator<Item = &Command> {
        self.recorded.lines.iter().flat_map(|line| &line.commands)
    }
}

/// I1 and I12: the token of a placement is on at most one leg; a leg is commanded once.
fn one_leg_per_placement(world: &World) -> Vec<String> {
    let mut by_token: BTreeMap<(&str, Leg), Vec<&str>> = BTreeMap::new();
    for placed in &world.placed {
        by_token.entry((&placed.token, placed.leg)).or_default().push(&placed.record.sid);
    }
    let twice = by_token
        .into_iter()
        .filter(|(_, sids)| sids.len() > 1)
        .map(|((token, leg), sids)| format!("I1: the {leg} of {token} was placed as {sids:?}"));
    let commanded = world.calls.iter().flat_map(|call| {
        let mut legs = HashSet::new();
        let again = call.commands().filter_map(move |command| match command {
            Command::PlaceLeg { leg, .. } => (!legs.insert(*leg)).then_some(*leg),
            _ => None,
        });
        again.map(|leg| format!("I12: the {leg} of {} was commanded twice", call.id))
    });
    let reserved = world.calls.iter().filter_map(|call| {
        let wanted =
            call.commands().filter(|command| matches!(command, Command::ReserveAgent { .. })).count();
        let is_reserved = |event: &Event| matches!(event, Event::AgentReserved { .. });
        let got = call.recorded.lines.iter().filter(|line| is_reserved(&line.event)).count();
        (got > wanted).then(|| format!("I12: {} wanted {wanted} agents and got {got}", call.id))
    });
    twice.chain(commanded).chain(reserved).collect()
}

/// I2: a lead gets no more calls than the campaign allows, and each is counted.
fn attempts_are_kept_to(world: &World) -> Vec<String> {
    let lead_of: HashMap<CallId, &str> =
        world.calls.iter().map(|call| (call.id, call.lead.as_str())).collect();
    let mut found = Vec::new();
    for lead in &world.leads {
        let id = lead.id.to_string();
        let placed =
            world.lead_legs().filter(|placed| lead_of.get(&placed.call) == Some(&id.as_str())).count();
        let consumed =
            world.calls.iter().filter(|call| call.lead == id && call.consumed_an_attempt()).count();
        let (counted, allowed) =
            (lead.attempts.unsigned_abs() as usize, lead.max_attempts.unsigned_abs() as usize);
        if placed > allowed || counted != consumed || placed > counted {
            found.push(format!(
                "I2: {} was called {placed} times; {counted} counted, {consumed} consumed, {allowed} allowed",
                lead.phone
            ));
        }
    }
    found
}

/// I3: no number has two calls at once, and a lead is left alone between two.
fn no_two_at_once(world: &World) -> Vec<String> {
    let mut by_phone: BTreeMap<&str, Vec<&Placed>> = BTreeMap::new();
    for placed in world.lead_legs() {
        by_phone.entry(&placed.record.order.to).or_default().push(placed);
    }
    let call = |id: CallId| world.calls.iter().find(|call| call.id == id);
    let mut found = Vec::new();
    for (phone, legs) in by_phone {
        for pair in legs.windows(2) {
            let Some(ended) = pair[0].record.ended else { continue };
            let gap_s = seconds(ended.at, pair[1].record.created.at);
            if gap_s < 0.0 {
                found.push(format!("I3: {phone} was called again {gap_s} s after a call ended"));
            }
            let (Some(before), Some(after)) = (call(pair[0].call), call(pair[1].call)) else { continue };
            let delay_s = f64::from(before.recorded.plan.cadence.terms().retry_delay_min) * 60.0;
            if before.lead == after.lead && gap_s < delay_s - CLOCKS_S {
                found.push(format!("I3: {phone} was called again after {gap_s} s instead of {delay_s} s"));
            }
        }
    }
    found
}

/// I7: every leg at the carrier is known to exactly one call, and every leg we know is there.
fn every_leg_is_known(world: &World) -> Vec<String> {
    let mut found = Vec::new();
    let mut known: HashMap<&str, Vec<(CallId, Leg)>> = HashMap::new();
    for call in &world.calls {
        for record in call.leg_records() {
            if let Some(sid) = &record.sid {
                known.entry(sid).or_default().push((call.id, record.leg));
            }
            if record.phase != Phase::Settled {
                found.push(format!("I7: the {} of {} is {:?}", record.leg, call.id, record.phase));
            }
        }
    }
    for Placed { record, call, leg, .. } in &world.placed {
        let knowers = known.remove(record.sid.as_str()).unwrap_or_default();
        if knowers != [(*call, *leg)] {
            found.push(format!("I7: {}, the {leg} of {call}, is known as {knowers:?}", record.sid));
        }
    }
    found.extend(known.into_iter().map(|(sid, legs)| format!("I7: no {sid} at the carrier: {legs:?}")));
    found
}

/// I8: nothing waits, runs or is in doubt.
fn nothing_is_stuck(world: &World) -> Vec<String> {
    let ours = world.leftovers.iter().filter(|(_, count)| *count > 0);
    let ours = ours.map(|(what, count)| format!("I8: {count} {what} left"));
    let theirs = world.placed.iter().filter(|placed| !placed.record.status.is_final());
    let theirs = theirs.map(|placed| format!("I8: {} is {:?}", placed.record.sid, placed.record.status));
    let undisposed = world.calls.iter().filter(|call| call.disposition().is_none());
    let undisposed =
        undisposed.map(|call| format!("I8: {} is {}", call.id, call.recorded.call.state().name()));
    ours.chain(theirs).chain(undisposed).collect()
}

/// I9: every lead is done with, or due, or in one call.
fn nobody_falls_between(world: &World) -> Vec<String> {
    let stands = |lead: &LeadRow| match lead.status.as_str() {
        "new" | "waiting" => lead.due_at.is_some() && lead.open_calls == 0,
        "in_call" => lead.due_at.is_none() && lead.open_calls == 1,
        _ => lead.due_at.is_none() && lead.open_calls == 0,
    };
    let lost = world.leads.iter().filter(|lead| !stands(lead));
    lost.map(|lead| format!("I9: {lead:?} is between two stools")).collect()
}

/// I10 and I11: a journal has no gap and folds to the stored call; an event is taken once.
fn journals_hold(world: &World) -> Vec<String> {
    let mut found = Vec::new();
    for call in &world.calls {
        found.extend(call.recorded.fault().map(|fault| format!("I10: {fault}")));
        let keyless = |event: &Event| matches!(event, Event::CallOpened | Event::TimerExpired { .. });
        let keyed = call.recorded.lines.iter().filter(|line| !keyless(&line.event)).count();
        let keys: Vec<&[u8]> = call.seen.chunks(8).collect();
        let distinct: HashSet<_> = keys.iter().collect();
        if distinct.len() != keys.len() || keys.len() != keyed {
            let (keys, distinct) = (keys.len(), distinct.len());
            found.push(format!(
                "I11: {} took {keyed} events by {keys} keys, {distinct} of them distinct",
                call.id
            ));
        }
    }
    found
}

/// I14: nobody is held for a call that is over, and nobody's phone rang twice at once.
fn agents_are_free(world: &World) -> Vec<String> {
    let held = world.agents.iter().filter(|agent| agent.active_calls != 0 || agent.state != agent.presence);
    let held = held.map(|agent| format!("I14: {agent:?} is held"));
    let mut by_phone: BTreeMap<&str, Vec<&CallRecord>> = BTreeMap::new();
    for placed in world.placed.iter().filter(|placed| placed.leg != Leg::Lead) {
        by_phone.entry(&placed.record.order.to).or_default().push(&placed.record);
    }
    let twice = by_phone.into_iter().flat_map(|(phone, legs)| {
        let overlaps = |pair: &&[&CallRecord]| {
            pair[0].ended.is_some_and(|ended| seconds(ended.at, pair[1].created.at) < 0.0)
        };
        let count = legs.windows(2).filter(overlaps).count();
        (count > 0).then(|| format!("I14: {phone} had two legs at once, {count} times"))
    });
    held.chain(twice).collect()
}

/// A conversation ends when one of the two hangs up, and never because we sent a leg elsewhere.
fn nobody_is_cut_off(world: &World) -> Vec<String> {
    let is_cut_off = |record: &CallRecord| {
        let bridged = record.bridged.map(|bridged| bridged.at);
        record.stays.iter().any(|stay| {
            let talked =
                bridged.is_some_and(|at| stay.joined.at <= at && stay.left.is_some_and(|left| at <= left.at));
            talked && stay.reason.as_deref() == Some("participant_updated_via_api")
        })
    };
    let cut_off = world.placed.iter().filter(|placed| is_cut_off(&placed.record));
    cut_off
        .map(|placed| format!("talk: the {} of {} was sent away from it", placed.leg, placed.call))
        .collect()
}

/// A disposition claims nothing that the carrier knows to be otherwise.
fn outcomes_are_true(world: &World) -> Vec<String> {
    let by_call: HashMap<CallId, &CallRecord> =
        world.lead_legs().map(|placed| (placed.call, &placed.record)).collect();
    let is_true = |disposition: Disposition, record: Option<&CallRecord>| match (disposition, record) {
        (Disposition::Busy, Some(record)) => record.status == Status::Busy,
        (Disposition::NoAnswer, Some(record)) => record.status == Status::NoAnswer,
        (Disposition::Failed, record) => record.is_none_or(|record| record.status == Status::Failed),
        (Disposition::Fax, Some(record)) => record.answered_by == Some(AnsweredBy::Fax),
        (Disposition::Voicemail, Some(record)) => {
            record.answered_by.is_some_and(|by| by.as_str().starts_with("machine"))
        }
        (Disposition::Answered | Disposition::Abandoned | Disposition::HungUp, Some(record)) => {
            record.answered.is_some()
        }
        (Disposition::Withheld | Disposition::Unconfirmed | Disposition::InvalidNumber, record) => {
            record.is_none()
        }
        (Disposition::DoNotCall | Disposition::Canceled, _) => true,
        (_, None) => false,
    };
    let mut found = Vec::new();
    for call in &world.calls {
        let record = by_call.get(&call.id).copied();
        if let Some(disposition) = call.disposition().filter(|disposition| !is_true(*disposition, record)) {
            let theirs = record.map(|record| (record.status, record.answered_by));
            found.push(format!("truth: {} is {disposition}, and to the carrier {theirs:?}", call.id));
        }
    }
    found
}

/// I4: no call is made to a number that is on the do-not-call list.
async fn nobody_is_called_against_the_list(rig: &Rig, world: &World) -> Vec<String> {
    let listed: Vec<(Vec<u8>, f64)> =
        sqlx::query_as("select phone_key, extract(epoch from added_at)::float8 from dnc_list")
            .fetch_all(&rig.database)
            .await
            .unwrap();
    let listed: HashMap<Vec<u8>, Timestamp> =
        listed.into_iter().map(|(phone, added_at)| (phone, instant(added_at))).collect();
    let mut found = Vec::new();
    for Placed { record, .. } in world.lead_legs() {
        let Some(added_at) = listed.get(&rig.phone_key(&record.order.to).await) else { continue };
        let late_s = seconds(*added_at, record.created.real);
        if late_s > IN_FLIGHT_S {
            found.push(format!("I4: {} was called {late_s} s after it was listed", record.order.to));
        }
        if record.answered.is_some_and(|answered| seconds(*added_at, answered.real) > IN_FLIGHT_S)
            && record.bridged.is_some()
        {
            found.push(format!("I4: {} was connected after it was listed", record.order.to));
        }
    }
    found
}
