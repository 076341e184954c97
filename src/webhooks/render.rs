//! From the state of a call to the document that one of its legs asked for.

use warmline_engine::{Outcome, Stepped};
use warmline_twilio::documents::{self, LeadConference, Whisper};
use warmline_twilio::hook::Hook;
use warmline_twilio::webhook::{Payload, Webhook};
use warmline_workflows::Leg;
use warmline_workflows::call::{Ignored, Instruction, OnMachine};

use super::Webhooks;

/// The document for the leg that asked. A projection of the state: asked again, it answers the same.
pub(super) fn document(webhooks: &Webhooks, webhook: &Webhook, stepped: &Stepped) -> String {
    let callback = &webhook.callback;
    let conduct = &stepped.plan.conduct;
    let url = |hook| callback.url(&webhooks.public_base, hook);
    if stepped.outcome == Outcome::Ignored(Ignored::Stray) {
        // Another connection than the one we hold: it has no part in the call.
        return documents::hang_up();
    }
    let conference = documents::conference_name(stepped.plan.call);
    let left_conference = matches!(webhook.payload, Payload::Dial(_));
    match (stepped.call.instruction(callback.leg), callback.leg) {
        // Whoever has left the conference must not enter it again and wait there for nobody.
        (Instruction::JoinConference, _) if left_conference => documents::hang_up(),
        (Instruction::Wait, leg) => documents::opening(conduct.opening.as_deref(), &url(Hook::voice(leg))),
        (Instruction::JoinConference, Leg::Lead) => documents::conference_for_lead(&LeadConference {
            name: &conference,
            notice: conduct.recording_notice.as_deref().filter(|_| conduct.record),
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
            OnMachine::LeaveMessage { audio_url: Some(audio_url), .. } => {
                documents::play_and_hang_up(audio_url)
            }
            OnMachine::LeaveMessage { audio_url: None, text } => documents::say_and_hang_up(text),
            OnMachine::HangUp => documents::hang_up(),
        },
        (Instruction::Apologise, _) => documents::say_and_hang_up(&conduct.apology),
        (Instruction::LeadGone, _) => documents::say_and_hang_up(LEAD_GONE_TEXT),
        (Instruction::HangUp, _) => documents::hang_up(),
    }
}

/// What an agent hears who accepted too late.
const LEAD_GONE_TEXT: &str = "The other party has already hung up. Goodbye.";
