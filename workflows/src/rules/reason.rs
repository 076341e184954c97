//! Why a lead is not called: a closed set of reasons, each with a sentence for people.

use serde::{Deserialize, Serialize};

use crate::lead;

/// Why a lead may not be called. In JSON an object with the reason's word under `rule`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Reason {
    /// The number is on the do-not-call list, or the lead asked for it.
    DoNotCall,
    /// The number cannot be called.
    NumberInvalid,
    /// The lead was reached, or given up.
    LeadClosed,
    /// All attempts were made.
    AttemptsExhausted,
    /// A call to the number is open.
    AlreadyInCall,
    /// The call was ended from our side before it was dialed.
    CallEnded,
    /// Calling is switched off for the tenant.
    TenantDisabled,
    /// The number is of a country that the tenant does not call.
    CountryNotAllowed,
    /// The tenant may spend no more, today or this month.
    SpendCapReached,
    /// Every number that the campaign may show has made as many calls as it may today.
    CallerIdsCapped,
    /// No number of the campaign may be shown: the tenant has not named it, or its carrier does not list it.
    CallerIdsUnusable,
    /// The campaign was never started.
    CampaignDraft,
    /// The campaign is paused.
    CampaignPaused,
    /// The campaign was stopped.
    CampaignStopped,
    /// The campaign has no lead left to call.
    CampaignFinished,
    /// The campaign's first date is still to come.
    CampaignNotStarted,
    /// The campaign's last date passes before the lead could be called.
    CampaignEnded,
    /// The time set for the next call is still to come.
    NotDueYet,
    /// The campaign's calling window is closed.
    OutsideCallingHours,
    /// It is too early or too late where the lead may be.
    OutsideLegalHours {
        /// The zone that is closed; of several the one that is closed for longest.
        zone: String,
    },
    /// Where the lead may be is not known, nor then which hours are lawful.
    ZoneUnknown,
    /// The calling window never meets the legal hours of all zones where the lead may be.
    NoCommonHours,
    /// The tenant has as many calls in flight as it may.
    TenantConcurrency,
    /// The campaign has as many calls in flight as it may.
    CampaignConcurrency,
}

impl Reason {
    /// The word of the reason, as under `rule` in JSON.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::DoNotCall => "do_not_call",
            Self::NumberInvalid => "number_invalid",
            Self::LeadClosed => "lead_closed",
            Self::AttemptsExhausted => "attempts_exhausted",
            Self::AlreadyInCall => "already_in_call",
            Self::CallEnded => "call_ended",
            Self::TenantDisabled => "tenant_disabled",
            Self::CountryNotAllowed => "country_not_allowed",
            Self::SpendCapReached => "spend_cap_reached",
            Self::CallerIdsCapped => "caller_ids_capped",
            Self::CallerIdsUnusable => "caller_ids_unusable",
            Self::CampaignDraft => "campaign_draft",
            Self::CampaignPaused => "campaign_paused",
            Self::CampaignStopped => "campaign_stopped",
            Self::CampaignFinished => "campaign_finished",
            Self::CampaignNotStarted => "campaign_not_started",
            Self::CampaignEnded => "campaign_ended",
            Self::NotDueYet => "not_due_yet",
            Self::OutsideCallingHours => "outside_calling_hours",
            Self::OutsideLegalHours { .. } => "outside_legal_hours",
            Self::ZoneUnknown => "zone_unknown",
            Self::NoCommonHours => "no_common_hours",
            Self::TenantConcurrency => "tenant_concurrency",
            Self::CampaignConcurrency => "campaign_concurrency",
        }
    }

    /// The reason as a sentence for the people of the tenant.
    #[must_use]
    pub fn explain(&self) -> String {
        let sentence = match self {
            Self::DoNotCall => "The number is on the do-not-call list.",
            Self::NumberInvalid => "The number cannot be called.",
            Self::LeadClosed => "The lead was reached already, or given up.",
            Self::AttemptsExhausted => "All attempts that the campaign allows were made.",
            Self::AlreadyInCall => "A call to this number is open already.",
            Self::CallEnded => "The call was ended before it was dialed.",
            Self::TenantDisabled => "Calling is switched off for this organisation.",
            Self::CountryNotAllowed => "The number is of a country that the organisation does not call.",
            Self::SpendCapReached => "The organisation has spent what it may, today or this month.",
            Self::CallerIdsCapped => {
                "The caller ids of the campaign have made as many calls as they may in one day."
            }
            Self::CallerIdsUnusable => {
                "No caller id of the campaign may be shown: it has to be in the organisation's list, and in the carrier's."
            }
            Self::CampaignDraft => "The campaign has not been started.",
            Self::CampaignPaused => "The campaign is paused.",
            Self::CampaignStopped => "The campaign was stopped.",
            Self::CampaignFinished => "The campaign is finished.",
            Self::CampaignNotStarted => "The first date of the campaign is still to come.",
            Self::CampaignEnded => "The campaign's last date passes before the lead could be called.",
            Self::NotDueYet => "The time set for the next call is still to come.",
            Self::OutsideCallingHours => "The calling hours of the campaign are over for now.",
            Self::OutsideLegalHours { zone } => {
                return format!(
                    "It is not between 08:00 and 21:00, the lawful hours, in {zone}, where the lead may be."
                );
            }
            Self::ZoneUnknown => {
                "Nobody knows what time it is where this number rings, so it is never called."
            }
            Self::NoCommonHours => {
                "The calling hours of the campaign never meet the lawful hours where the lead may be."
            }
            Self::TenantConcurrency => "The organisation has as many calls in flight as it may.",
            Self::CampaignConcurrency => "The campaign has as many calls in flight as it may.",
        };
        sentence.to_owned()
    }

    /// The final status of a lead that is denied for this reason; none if the reason may still pass.
    ///
    /// A lead that could never be called is closed, lest its campaign never finish.
    #[must_use]
    pub const fn closes_lead(&self) -> Option<lead::Status> {
        match self {
            Self::DoNotCall => Some(lead::Status::DoNotCall),
            Self::NumberInvalid => Some(lead::Status::Invalid),
            Self::AttemptsExhausted => Some(lead::Status::Exhausted),
            Self::ZoneUnknown | Self::NoCommonHours => Some(lead::Status::Closed),
            Self::LeadClosed
            | Self::AlreadyInCall
            | Self::CallEnded
            | Self::TenantDisabled
            | Self::CountryNotAllowed
            | Self::SpendCapReached
            | Self::CallerIdsCapped
            | Self::CallerIdsUnusable
            | Self::CampaignDraft
            | Self::CampaignPaused
            | Self::CampaignStopped
            | Self::CampaignFinished
            | Self::CampaignNotStarted
            | Self::CampaignEnded
            | Self::NotDueYet
            | Self::OutsideCallingHours
            | Self::OutsideLegalHours { .. }
            | Self::TenantConcurrency
            | Self::CampaignConcurrency => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_one_word_in_code_and_json() {
        let zone = Reason::OutsideLegalHours { zone: "America/New_York".to_owned() };
        let json = r#"{"rule":"outside_legal_hours","zone":"America/New_York"}"#;
        assert_eq!(serde_json::to_string(&zone).unwrap(), json);
        assert!(zone.explain().contains("in America/New_York, where"));
        for reason in [zone, Reason::DoNotCall, Reason::NotDueYet, Reason::ZoneUnknown, Reason::NoCommonHours]
        {
            assert_eq!(serde_json::to_value(&reason).unwrap()["rule"], reason.as_str());
        }
    }
}
