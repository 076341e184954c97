//! Figures: what one timed part gave, and what many rounds of it come to.

use std::time::{Duration, Instant};

use warmline_engine::Engine;

use crate::Failure;
use crate::life::{Alarm, Input, Turn};

/// The calls of a timed part: the lives that each client leads, one after the other.
pub(crate) struct Lanes(pub(crate) Vec<Vec<Vec<Turn>>>);

impl Lanes {
    /// Deals lives out to so many clients.
    pub(crate) fn deal(lives: Vec<Vec<Turn>>, clients: usize) -> Self {
        let mut lanes: Vec<_> = (0..clients).map(|_| Vec::new()).collect();
        for (number, life) in lives.into_iter().enumerate() {
            lanes[number % clients].push(life);
        }
        Self(lanes)
    }

    pub(crate) fn turns(&self) -> usize {
        self.0.iter().flatten().map(Vec::len).sum()
    }

    /// What an average step writes.
    pub(crate) fn describe(&self) -> String {
        let (mut steps, mut snapshots, mut events, mut commands) = (0, 0, 0, 0);
        let (mut alarms, mut notices) = (0, 0);
        for rows in self.0.iter().flatten().flatten().map(|turn| &turn.rows) {
            steps += 1;
            snapshots += rows.snapshot.len();
            events += rows.journal.iter().map(|line| line.event.len()).sum::<usize>();
            commands += rows.commands.len();
            notices += rows.notices.len();
            alarms += usize::from(!matches!(rows.alarm, Alarm::Keep));
        }
        let calls: usize = self.0.iter().map(Vec::len).sum();
        let per = |sum: usize| sum as f64 / steps as f64;
        format!(
            "{:.1} steps to a call, each {:.0} B of snapshot, {:.0} B of event, {:.2} commands, {:.2} notices, {:.2} alarms",
            steps as f64 / calls as f64,
            per(snapshots),
            per(events),
            per(commands),
            per(notices),
            per(alarms),
        )
    }
}

/// One timed part.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measured {
    pub(crate) steps_per_s: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
}

impl Measured {
    /// From the latency of each step in microseconds, and the time that all of them took together.
    pub(crate) fn new(mut latencies: Vec<u32>, took: Duration) -> Self {
        latencies.sort_unstable();
        let at = |share: f64| {
            let index = (latencies.len() as f64 * share) as usize;
            latencies.get(index.min(latencies.len().saturating_sub(1))).copied().unwrap_or(0)
        };
        Self {
            steps_per_s: latencies.len() as f64 / took.as_secs_f64(),
            p50_ms: f64::from(at(0.5)) / 1000.0,
            p99_ms: f64::from(at(0.99)) / 1000.0,
        }
    }
}

/// What the engine is given in a step, and the state that must come of it.
type Script = Vec<(Input, &'static str)>;

/// Leads every lane's calls through their lives in the engine.
pub(crate) async fn engine(engine: &Engine, lanes: Lanes) -> Result<Measured, Failure> {
    let script = |life: Vec<Turn>| life.into_iter().map(|turn| (turn.input, turn.rows.state)).collect();
    let scripts: Vec<Vec<Script>> =
        lanes.0.into_iter().map(|lane| lane.into_iter().map(script).collect()).collect();
    let start = Instant::now();
    let tasks: Vec<_> = scripts.into_iter().map(|lane| tokio::spawn(lead(engine.clone(), lane))).collect();
    let mut latencies = Vec::new();
    for task in tasks {
        latencies.extend(task.await??);
    }
    Ok(Measured::new(latencies, start.elapsed()))
}

async fn lead(engine: Engine, lives: Vec<Script>) -> Result<Vec<u32>, Failure> {
    let mut latencies = Vec::new();
    for life in lives {
        let mut ids = None;
        for (input, state) in life {
            let start = Instant::now();
            let stepped = match (input, ids) {
                (Input::Event(step), _) => {
                    ids = Some((step.tenant, step.call));
                    engine.step(*step).await?
                }
                (Input::Tick(now), Some((tenant, call))) => engine.tick(tenant, call, now).await?,
                (Input::Tick(_), None) => return Err("a life that begins with a tick".into()),
            };
            latencies.push(u32::try_from(start.elapsed().as_micros())?);
            if stepped.call.state().name() != state {
                return Err(format!("{} instead of {state}", stepped.call.state().name()).into());
            }
        }
    }
    Ok(latencies)
}

/// The middle one of several figures.
pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_unstable_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
