//! The hours in which one lead may be called: the campaign's window within the legal floor.

use jiff::Timestamp;

use super::{Permission, Reason};
use crate::window::{CallingWindow, Floor, Status};

/// How many openings to try for an hour that suits the window and every zone. A day has two or three, so
/// that this covers a year and the clocks of all its seasons.
const MAX_OPENINGS: usize = 1_200;

/// When the campaign and the law let one lead be called.
#[derive(Debug, Clone, Copy)]
pub struct Hours<'a> {
    /// The campaign's calling window.
    pub window: &'a CallingWindow,
    /// Zones of the IANA database in which the lead may be; see [`crate::zones`]. None at all, or a
    /// name that is not in the database, means that the lead is never called.
    pub zones: &'a [String],
}

impl Hours<'_> {
    /// Whether the hours let the lead be called now, and if not, from when on.
    ///
    /// The reason is the one that denies it now; the instant suits the window and every zone.
    #[must_use]
    pub fn permission(&self, now: Timestamp) -> Permission {
        let Some(floor) = Floor::over(self.zones) else {
            return Permission::DenyForever { reason: Reason::ZoneUnknown };
        };
        let mut at = now;
        let mut first_reason = None;
        for _ in 0..MAX_OPENINGS {
            let (reason, opens_at) = match self.window.status(at) {
                Status::NeverAgain => return Permission::DenyForever { reason: Reason::CampaignEnded },
                Status::OpensAt(opens_at) if self.window.starts_later(at) => {
                    (Reason::CampaignNotStarted, opens_at)
                }
                Status::OpensAt(opens_at) => (Reason::OutsideCallingHours, opens_at),
                Status::Open { .. } => match floor.closed_in(at) {
                    Some((zone, opens_at)) => (Reason::OutsideLegalHours { zone: zone.to_owned() }, opens_at),
                    None => {
                        return first_reason
                            .map_or(Permission::Allow, |reason| Permission::DenyUntil { at, reason });
                    }
                },
            };
            first_reason.get_or_insert(reason);
            at = opens_at;
        }
        Permission::DenyForever { reason: Reason::NoCommonHours }
    }
}
