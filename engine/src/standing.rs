//! What may have changed about a call's surroundings since it was opened, as the rules want to know it.

use jiff::Timestamp;
use warmline_workflows::call::Plan;
use warmline_workflows::caller_ids::Availability;
use warmline_workflows::pacing::Cap;
use warmline_workflows::rules::{Facts, Hours, Permission, Reason};
use warmline_workflows::{campaign, lead};

/// Looked up afresh at each gate of an open call.
pub(crate) struct Standing {
    pub(crate) tenant_enabled: bool,
    pub(crate) country_denied: bool,
    pub(crate) spend_capped: bool,
    pub(crate) caller_ids: Availability,
    pub(crate) campaign: campaign::Status,
    pub(crate) do_not_call: bool,
}

impl Standing {
    /// What a rule says of going on with a call now; none when it may go on.
    pub(crate) fn denial(
        &self,
        plan: &Plan,
        rule: fn(&Facts<'_>, Timestamp) -> Permission,
        now: Timestamp,
    ) -> Option<Reason> {
        // The call is open already: it is past what concerns opening, and not counted against the caps.
        let no_cap = Cap { in_flight: 0, max: u32::MAX };
        let facts = Facts {
            tenant_disabled: !self.tenant_enabled,
            country_denied: self.country_denied,
            spend_capped: self.spend_capped,
            caller_ids: self.caller_ids,
            campaign: self.campaign,
            hours: Hours { window: &plan.window, zones: &plan.zones },
            lead: lead::Status::InCall,
            do_not_call: self.do_not_call,
            open_call: false,
            attempts: plan.attempts_before,
            max_attempts: plan.cadence.terms().max_attempts,
            due_at: None,
            tenant_calls: no_cap,
            campaign_calls: no_cap,
        };
        match rule(&facts, now) {
            Permission::Allow => None,
            Permission::DenyUntil { reason, .. } | Permission::DenyForever { reason } => Some(reason),
        }
    }
}
