//! From the state of a call to the document that one of its legs asked for.

use warmline_engine::{Outcome, Stepped};
use warmline_twilio::documents::{self, Announcement, LeadConference, Whisper};
use warmline_twilio::hook::Hook;
use warmline_twilio::webhook::{Payload, Webhook};
use warmline_workflows::call::{Ignored, Instruction, OnMachine};
use warmline_workflows::{AudioId, Leg};

use super::{Webhooks, audio};

/// The document for the leg that asked. A projection of the state: asked again, it answers the same.
pub(super) fn document(webhooks: &Webhooks, webhook: &Webhook, stepped: &Stepped) -> String {
    let callback = &webhook.callback;
    let conduct = &stepped.plan.conduct;
    let url = |hook| callback.url(&webhooks.public_base, hook);
    if stepped.outcome == Outcome::Ignored(Ignored::Stray) {
        // Another connection than the one we hold: it has no part in the call.
        return documents::hang_up();
    }
    let played = |id: Option<AudioId>| id.and_then(|id| audio::url(webhooks, stepped.plan.tenant, id));
    let conference = documents::conference_name(stepped.plan.call);
    let left_conference = matches!(webhook.payload, Payload::Dial(_));
    match (stepped.call.instruction(callback.leg), callback.leg) {
        // Whoever has left the conference must not enter it again and wait there for nobody.
        (Instruction::JoinConference, _) if left_conference => documents::hang_up(),
        (Instruction::Wait, leg) => {
            let played = played(conduct.opening_audio_id);
            let opening = announcement(played.as_deref(), conduct.opening.as_deref());
            documents::opening(opening, &url(Hook::voice(leg)))
        }
        (Instruction::JoinConference, Leg::Lead) => documents::conference_for_lead(&LeadConference {
            name: &conference,
            notice: announcement(
                played(conduct.recording_notice_audio_id).as_deref(),
                conduct.recording_notice.as_deref(),
            )
            .filter(|_| conduct.record),
            wait_url: &url(Hook::Wait),
            status_url: &url(Hook::ConferenceStatus),
            recording_url: conduct.record.then(|| url(Hook::Recording)).as_deref(),
            action_url: &url(Hook::Answer),
        }),
        (Instruction::JoinConference, leg) => documents::conference_for_agent(&conference, leg),
        (Instruction::Whisper, _) => documents::whisper(&Whisper {
            say: &format!("Connecting you with {}. Press 1 to accept.", stepped.plan.lead_name),
            accept_url: &url(Hook::AgentAccept),
            gather_timeout_s: conduct.accept_timeout_s,
        }),
        (Instruction::LeaveMessage, _) => match &conduct.on_machine {
            OnMachine::LeaveMessage { audio_id, audio_url, text } => {
                let played = played(*audio_id).or_else(|| audio_url.clone());
                documents::tell_and_hang_up(
                    played.as_deref().map_or(Announcement::Text(text), Announcement::Audio),
                )
            }
            OnMachine::HangUp => documents::hang_up(),
        },
        (Instruction::Apologise, _) => {
            let played = played(conduct.apology_audio_id);
            let text = Announcement::Text(&conduct.apology);
            documents::tell_and_hang_up(played.as_deref().map_or(text, Announcement::Audio))
        }
        (Instruction::LeadGone, _) => documents::say_and_hang_up(LEAD_GONE_TEXT),
        (Instruction::HangUp, _) => documents::hang_up(),
    }
}

/// What is told where either, both or none was chosen: the audio file goes before the text.
fn announcement<'a>(played: Option<&'a str>, text: Option<&'a str>) -> Option<Announcement<'a>> {
    played.map(Announcement::Audio).or_else(|| text.map(Announcement::Text))
}

/// What an agent hears who accepted too late.
const LEAD_GONE_TEXT: &str = "The other party has already hung up. Goodbye.";
