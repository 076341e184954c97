//! The simulator over real HTTP, seen from the customer's side.

mod conversation;
mod documents;
mod faults;
mod ledger;
mod outcomes;
mod queue;
mod rest;
mod rig;
mod webhooks;
