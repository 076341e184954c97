//! The other side: a Twilio that never phones anybody.
//!
//! It speaks the carrier's wire over real HTTP, well enough for the official SDKs: it takes calls,
//! queues and rings them, fetches and runs TwiML, holds conferences, detects machines, sends
//! signed webhooks, and keeps recordings. Callees and agents follow scripts or a seeded
//! distribution; faults are seeded, too. A durable [`Ledger`] tells what it really did, which is
//! the truth that checkers compare with.
//!
//! It knows nothing of campaigns, leads or the engine. It differs from the real service in what
//! it leaves out: inbound calls, `<Dial>` to numbers, `<Record>`, streams, speech input and the
//! creation of participants over REST are not simulated; of audio that is neither wav nor mp3 a
//! `<Play>` lasts eight seconds; recordings are a tone of the right length, as WAV only; webhooks carry no
//! cookies, and documents are not cached. Where only the first joiner of a conference is
//! known to be heard (its callbacks), the same is assumed of what it wants recorded.
//!
//! Start with [`Simulator::start`]; a call's life is in `call/life.rs`.

mod amd;
mod audio;
mod books;
mod call;
mod carrier;
mod clock;
mod config;
mod dice;
mod element;
mod error;
mod fact;
mod faults;
mod fields;
mod ledger;
mod line;
mod order;
mod persona;
mod record;
mod recordings;
mod rest;
mod room;
mod rooms;
mod scenario;
mod server;
mod sid;
mod target;
mod twiml;
mod wav;
mod webhook;

pub use amd::{AnsweredBy, Detection, Mode};
pub use config::{ApiKey, Config, Dialect, FurtherAccount, TestCredentials};
pub use error::Error;
pub use fact::Moment;
pub use faults::{Faults, ListFaults, Quirks, RestFaults, WebhookFaults};
pub use ledger::Ledger;
pub use order::{Callback, Method, Order, Recording, Source, Stage};
pub use persona::{Script, Share, demo_distribution};
pub use record::{CallRecord, ConferenceRecord, Played, RecordingRecord, Status, Stay, WebhookRecord};
pub use scenario::{Agent, Human, Machine, Reaction, Scenario};
pub use server::{Handle, Simulator};
