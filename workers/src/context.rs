//! What every effect and duty needs at hand.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use url::Url;
use warmline_engine::recordings::Recording;
use warmline_engine::{Engine, Error, Key, Step, Stepped};
use warmline_twilio::callback::Callback;
use warmline_twilio::client::Format;
use warmline_workflows::Leg;
use warmline_workflows::call::{Event, Plan};

use crate::clock::Clock;
use crate::delivery::Courier;
use crate::lines::Lines;
use crate::store::{self, Store};

/// What an operator can set about the work.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the carrier reaches us, as [`warmline_twilio::check_base`] returned it.
    pub public_base: Url,
    /// Machine time after which a placement without any evidence is taken as never made. At least the
    /// carrier client's timeout plus the carrier's longest queue plus the lag of its list.
    pub quiet_window: Duration,
    /// Machine time within which a request to place a leg is answered or given up.
    pub placement_timeout: Duration,
    /// In which form recordings are fetched.
    pub recording_format: Format,
    /// Whether a recording is deleted at the carrier once it is in the store.
    pub recordings_leave_carrier: bool,
    /// Days that journals are kept; none: for ever.
    pub journal_days: Option<u32>,
}

/// The parts of the system that a worker works with. Cheap to clone.
#[derive(Clone)]
pub struct Context {
    /// The stored state.
    pub engine: Engine,
    /// The carrier accounts.
    pub lines: Lines,
    /// Who carries notices to endpoints.
    pub courier: Courier,
    /// Where recordings are kept.
    pub store: Store,
    /// Business time.
    pub clock: Clock,
    /// What an operator can set.
    pub settings: Settings,
}

/// The carrier ends a call at four hours by itself; saying so keeps compatible carriers to it.
pub(crate) const TIME_LIMIT_S: u32 = 4 * 3600;

impl Context {
    /// The address under which the carrier speaks to us of one leg of a call.
    #[must_use]
    pub fn callback(&self, plan: &Plan, leg: Leg) -> Callback {
        Callback { tenant: plan.tenant, call: plan.call, leg, token: plan.token.clone() }
    }

    /// The name of a recording in the store.
    pub(crate) fn recording_object(&self, recording: &Recording, completed_at: Timestamp) -> String {
        let month = completed_at.to_zoned(TimeZone::UTC).strftime("%Y-%m").to_string();
        store::object(recording, &month, self.settings.recording_format.as_str())
    }

    /// Reports what we found out by ourselves, not as the result of a command.
    ///
    /// # Errors
    /// As for a step.
    pub async fn report(&self, plan: &Plan, event: Event, key: String) -> Result<Stepped, Error> {
        let step = Step {
            tenant: plan.tenant,
            call: plan.call,
            token: None,
            event,
            key: Key(key),
            settles: None,
            now: self.clock.now(),
        };
        self.engine.step(step).await
    }
}
