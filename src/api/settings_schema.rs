//! Schemas of a campaign's settings. The core owns the types and knows nothing of OpenAPI; a test keeps
//! the two equal field by field.

use serde::Serialize;
use utoipa::ToSchema;

use super::schema::{AudioIdText, DispositionWord};

/// When calls are made: civil time in one time zone.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({ "time_zone": "America/New_York", "days": ["mon", "tue", "wed", "thu", "fri"],
                           "opens": "09:00", "closes": "17:00" }))]
pub(super) struct CallingWindowTerms {
    /// Name in the IANA database, such as `America/New_York`.
    time_zone: String,
    /// Days of the week on which the window opens: `mon` to `sun`. Monday to Friday when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    days: Option<Vec<String>>,
    /// When it opens, `HH:MM`; 09:00 when left out.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    #[serde(skip_serializing_if = "Option::is_none")]
    opens: Option<String>,
    /// When it closes, `HH:MM`; 17:00 when left out. Not after the opening time: on the next day.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    #[serde(skip_serializing_if = "Option::is_none")]
    closes: Option<String>,
    /// The first date on which calls are made.
    #[schema(format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    starts_on: Option<String>,
    /// The last date on which calls are made.
    #[schema(format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    ends_on: Option<String>,
}

/// How often, how soon and after which results a lead is called again.
#[derive(Serialize, ToSchema)]
pub(super) struct CadenceTerms {
    /// The most calls that are made to one lead.
    #[schema(minimum = 1, maximum = 100)]
    max_attempts: Option<u16>,
    /// Minutes from the end of one call to the next, which also waits for calling hours.
    #[schema(minimum = 1, maximum = 527_040)]
    retry_delay_min: Option<u32>,
    /// The dispositions after which the lead is called again.
    #[schema(value_type = Option<Vec<DispositionWord>>)]
    retry_on: Option<Vec<String>>,
}

/// How calls are conducted.
#[derive(Serialize, ToSchema)]
pub(super) struct ConductTerms {
    /// Seconds a lead's phone rings.
    #[schema(minimum = 15, maximum = 600)]
    ring_timeout_s: Option<u32>,
    /// Seconds that answering-machine detection may take; null switches it off.
    #[schema(minimum = 3, maximum = 59)]
    amd_timeout_s: Option<u32>,
    /// What to do when a machine answers.
    on_machine: Option<MachineTerms>,
    /// Said as soon as the lead picks up; keep it under two seconds.
    #[schema(max_length = 3000)]
    opening: Option<String>,
    /// One of the organisation's audio files, played instead of the opening.
    #[schema(value_type = Option<AudioIdText>)]
    opening_audio_id: Option<String>,
    /// Said when nobody came in time.
    #[schema(min_length = 1, max_length = 3000)]
    apology: Option<String>,
    /// One of the organisation's audio files, played instead of the apology.
    #[schema(value_type = Option<AudioIdText>)]
    apology_audio_id: Option<String>,
    /// Seconds a person may wait for an agent.
    #[schema(minimum = 5, maximum = 600)]
    patience_s: Option<u32>,
    /// Seconds an agent's phone rings.
    #[schema(minimum = 5, maximum = 120)]
    agent_ring_timeout_s: Option<u32>,
    /// Seconds an agent has to press the key after the whisper.
    #[schema(minimum = 3, maximum = 60)]
    accept_timeout_s: Option<u32>,
    /// Seconds of after-call work before the default disposition applies.
    #[schema(minimum = 0, maximum = 3600)]
    wrap_up_s: Option<u32>,
    /// Whether the conversation is recorded.
    record: Option<bool>,
    /// Said to a person who picked up, before the agent is there, when the conversation is recorded.
    #[schema(max_length = 3000)]
    recording_notice: Option<String>,
    /// One of the organisation's audio files, played instead of the notice. A file that the carrier cannot fetch is
    /// passed over: where the notice is required by law, a text is safer.
    #[schema(value_type = Option<AudioIdText>)]
    recording_notice_audio_id: Option<String>,
}

/// What to do when a machine answers.
#[derive(Serialize, ToSchema)]
#[serde(tag = "action", rename_all = "snake_case")]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) enum MachineTerms {
    /// Leave a message after the tone.
    LeaveMessage {
        /// One of the organisation's audio files; with one, neither of the others matters.
        #[schema(value_type = Option<AudioIdText>)]
        audio_id: Option<String>,
        /// The address of a recorded message elsewhere; the text is spoken when there is none.
        audio_url: Option<String>,
        /// The spoken message.
        text: String,
    },
    /// Hang up without a word.
    HangUp,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;
    use utoipa::PartialSchema;
    use warmline_workflows::{AudioId, cadence, call, window};

    use super::*;

    fn fields<T: PartialSchema>() -> BTreeSet<String> {
        let schema = serde_json::to_value(T::schema()).unwrap();
        schema["properties"].as_object().unwrap().keys().cloned().collect()
    }

    fn keys(value: &Value) -> BTreeSet<String> {
        value.as_object().unwrap().keys().cloned().collect()
    }

    #[test]
    fn the_schemas_name_the_fields_of_the_core() {
        let audio = Some(AudioId(uuid::Uuid::from_u128(1)));
        let conduct = call::Conduct {
            recording_notice: Some("It is recorded.".to_owned()),
            opening_audio_id: audio,
            apology_audio_id: audio,
            recording_notice_audio_id: audio,
            ..call::Conduct::default()
        };
        let conduct = serde_json::to_value(conduct).unwrap();
        assert_eq!(fields::<ConductTerms>(), keys(&conduct));
        let cadence = serde_json::to_value(cadence::Terms::default()).unwrap();
        assert_eq!(fields::<CadenceTerms>(), keys(&cadence));
        let mut terms = window::Terms::office_hours("UTC");
        terms.starts_on = Some("2026-01-01".parse().unwrap());
        terms.ends_on = Some("2026-12-31".parse().unwrap());
        assert_eq!(fields::<CallingWindowTerms>(), keys(&serde_json::to_value(terms).unwrap()));
    }
}
