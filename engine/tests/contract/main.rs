//! The contract of the engine, property by property, on a real Postgres.
//!
//! Every test ends with an audit of the whole database: whatever it did, the journal of each call folds
//! to the stored state, and what hangs together does.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod agents;
mod alarms;
mod answer_gate;
mod atomicity;
mod audit;
mod budget;
mod caller_ids;
mod campaigns;
mod cancel_storm;
mod carriers;
mod commit_unknown;
mod deliveries;
mod do_not_call;
mod duplicates;
mod feed;
mod journal;
mod leads;
mod order;
mod outbox;
mod pacing;
mod personal_data;
mod placement;
mod poison;
mod proxy;
mod races;
mod script;
mod statistics;
mod walls;
mod world;
