//! The rules of dialing: whether a lead may be called now, and if not, why and until when.
//!
//! One set of facts is asked about at three moments of a call: [`may_call`] before it is opened,
//! [`may_dial`] when a worker is about to dial it, and [`may_continue`] when it is answered. They fail
//! closed: what is not known to be allowed is denied.

mod hours;
mod reason;

pub use hours::Hours;
pub use reason::Reason;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::caller_ids::Availability;
use crate::pacing::Cap;
use crate::{campaign, lead};

/// Everything that decides whether a lead may be called.
///
/// Only [`may_call`] looks at `open_call`, `attempts`, `due_at` and the calls in flight, so whoever asks
/// about a call that is open already need not leave it out of them. [`may_continue`] does not ask for caller
/// ids, either.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    /// Whether calling is switched off for the whole tenant.
    pub tenant_disabled: bool,
    /// Whether the number is of a country that the tenant does not call.
    pub country_denied: bool,
    /// Whether the tenant has spent what it may.
    pub spend_capped: bool,
    /// Whether a number is left to show.
    pub caller_ids: Availability,
    /// Where the campaign stands.
    pub campaign: campaign::Status,
    /// When the campaign and the law let the lead be called.
    pub hours: Hours<'a>,
    /// Where the lead stands.
    pub lead: lead::Status,
    /// Whether the number is on a do-not-call list of the tenant, or marked so in its row.
    pub do_not_call: bool,
    /// Whether a call to the number is open, in any campaign of the tenant.
    pub open_call: bool,
    /// Calls made to the lead so far that consumed an attempt.
    pub attempts: u16,
    /// Attempts that the campaign allows.
    pub max_attempts: u16,
    /// The instant before which the lead is not to be called; none for at once.
    pub due_at: Option<Timestamp>,
    /// Calls of the tenant in flight.
    pub tenant_calls: Cap,
    /// Calls of the campaign in flight.
    pub campaign_calls: Cap,
}

/// The answer to whether a lead may be called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "permission", rename_all = "snake_case")]
pub enum Permission {
    /// It may.
    Allow,
    /// Not before an instant: the very first one at which these same facts allow it.
    DenyUntil {
        /// That instant.
        at: Timestamp,
        /// What denies it now.
        reason: Reason,
    },
    /// Not at any instant while the facts are what they are. The passing of time does not lift it: a
    /// change of the facts may, unless [`Reason::closes_lead`] says that the lead is done with.
    DenyForever {
        /// What denies it.
        reason: Reason,
    },
}

/// Whether a call to the lead may be opened now.
///
/// Reasons that end the lead's story are named before those that only hold it up; being too many calls
/// at once is named last, as it passes within seconds.
#[must_use]
pub fn may_call(facts: &Facts<'_>, now: Timestamp) -> Permission {
    let denied = finished_lead(facts)
        .or_else(|| busy_lead(facts))
        .or_else(|| switched_off(facts))
        .or_else(|| paused(facts))
        .or_else(|| unshown(facts));
    if let Some(reason) = denied {
        return Permission::DenyForever { reason };
    }
    let due = facts.due_at.map_or(now, |due| due.max(now));
    let permission = match facts.hours.permission(due) {
        Permission::Allow if due > now => Permission::DenyUntil { at: due, reason: Reason::NotDueYet },
        Permission::DenyUntil { at, .. } if due > now => {
            Permission::DenyUntil { at, reason: Reason::NotDueYet }
        }
        permission => permission,
    };
    match capped(facts, permission, now) {
        Permission::Allow => {
            too_many(facts).map_or(Permission::Allow, |reason| Permission::DenyForever { reason })
        }
        denied => denied,
    }
}

/// What remains of a permission when the caller ids have made their calls for the day.
fn capped(facts: &Facts<'_>, permission: Permission, now: Timestamp) -> Permission {
    let at = match (facts.caller_ids, &permission) {
        (Availability::CappedUntil(at), Permission::Allow) if at > now => at,
        (Availability::CappedUntil(at), Permission::DenyUntil { at: sooner, .. }) if at > *sooner => at,
        _ => return permission,
    };
    let reason = Reason::CallerIdsCapped;
    match facts.hours.permission(at) {
        Permission::Allow => Permission::DenyUntil { at, reason },
        Permission::DenyUntil { at, .. } => Permission::DenyUntil { at, reason },
        denied @ Permission::DenyForever { .. } => denied,
    }
}

/// Whether the call that was opened to the lead may be dialed now.
///
/// Minutes may lie between opening and dialing. Everything is asked again that may have changed and
/// does not concern the call itself: not the attempts, the due time and the number of calls at once.
#[must_use]
pub fn may_dial(facts: &Facts<'_>, now: Timestamp) -> Permission {
    let denied = finished_lead(facts)
        .or_else(|| switched_off(facts))
        .or_else(|| paused(facts))
        .or_else(|| unshown(facts));
    match denied {
        Some(reason) => Permission::DenyForever { reason },
        None => capped(facts, facts.hours.permission(now), now),
    }
}

/// Whether the call that the lead just answered may go on.
///
/// A call may ring past the end of the hours, and a lead may be put on the do-not-call list meanwhile.
/// A pause only holds back new dials: whoever has picked up is served.
#[must_use]
pub fn may_continue(facts: &Facts<'_>, now: Timestamp) -> Permission {
    let denied = finished_lead(facts).or_else(|| switched_off(facts));
    denied.map_or_else(|| facts.hours.permission(now), |reason| Permission::DenyForever { reason })
}

fn finished_lead(facts: &Facts<'_>) -> Option<Reason> {
    match facts.lead {
        _ if facts.do_not_call => Some(Reason::DoNotCall),
        lead::Status::DoNotCall => Some(Reason::DoNotCall),
        lead::Status::Invalid => Some(Reason::NumberInvalid),
        lead::Status::Exhausted => Some(Reason::AttemptsExhausted),
        lead::Status::Reached | lead::Status::Closed => Some(Reason::LeadClosed),
        lead::Status::New | lead::Status::InCall | lead::Status::Waiting => None,
    }
}

fn busy_lead(facts: &Facts<'_>) -> Option<Reason> {
    // An open call first: it may be the last attempt, and the lead is not exhausted before it ends.
    if facts.open_call || facts.lead == lead::Status::InCall {
        return Some(Reason::AlreadyInCall);
    }
    (facts.attempts >= facts.max_attempts).then_some(Reason::AttemptsExhausted)
}

fn switched_off(facts: &Facts<'_>) -> Option<Reason> {
    match facts.campaign {
        _ if facts.tenant_disabled => Some(Reason::TenantDisabled),
        _ if facts.country_denied => Some(Reason::CountryNotAllowed),
        _ if facts.spend_capped => Some(Reason::SpendCapReached),
        campaign::Status::Draft => Some(Reason::CampaignDraft),
        campaign::Status::Stopped => Some(Reason::CampaignStopped),
        campaign::Status::Finished => Some(Reason::CampaignFinished),
        campaign::Status::Active | campaign::Status::Paused => None,
    }
}

fn paused(facts: &Facts<'_>) -> Option<Reason> {
    (facts.campaign == campaign::Status::Paused).then_some(Reason::CampaignPaused)
}

fn unshown(facts: &Facts<'_>) -> Option<Reason> {
    (facts.caller_ids == Availability::Unusable).then_some(Reason::CallerIdsUnusable)
}

fn too_many(facts: &Facts<'_>) -> Option<Reason> {
    match (facts.tenant_calls.room(), facts.campaign_calls.room()) {
        (0, _) => Some(Reason::TenantConcurrency),
        (_, 0) => Some(Reason::CampaignConcurrency),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
