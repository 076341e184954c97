//! The console: agents who answer in it what their phones ask.

use std::time::Duration;

use jiff::SignedDuration;
use uuid::Uuid;
use warmline_engine::Key;
use warmline_engine::agents::desk::{Answer, OnDesk};
use warmline_engine::calls::sound::Sound;
use warmline_workflows::Disposition;
use warmline_workflows::agent::Reservation;
use warmline_workflows::call::Conduct;

use crate::support::{ACCOUNT, Rig, Spec, TOKEN, agent_phone, phone, scripts, until};

const TALKS: &str = r#"{"is":"human","answer_after_s":3,"talk_s":600,"patience_s":600}"#;
/// Picks up and presses nothing: the console is where it answers.
const LISTENS: &str = r#"{"is":"agent","reaction":{"does":"never_presses"}}"#;

fn key() -> Key {
    Key(Uuid::now_v7().to_string())
}

impl Rig {
    /// The one call on the desk of the first agent, once it is that far.
    async fn on_desk(&self, stage: Reservation) -> OnDesk {
        let mut calls = Vec::new();
        until(&format!("the call on the desk is {stage}"), Duration::from_secs(20), async || {
            calls = self.engine.desk(self.tenant, self.agents[0]).await.unwrap().calls;
            calls.first().is_some_and(|call| call.stage == stage)
        })
        .await;
        calls.remove(0)
    }

    /// The participants of a lead's conference as the carrier has them: label, held, muted.
    async fn participants(&self, lead: &str) -> Vec<(String, bool, bool)> {
        let Some(stay) = self.record(lead).stays.pop() else { return Vec::new() };
        let url = format!(
            "{}/Accounts/{ACCOUNT}/Conferences/{}/Participants.json",
            self.simulator.base_url(),
            stay.conference
        );
        let request = reqwest::Client::new().get(url).basic_auth(ACCOUNT, Some(TOKEN));
        let body: serde_json::Value = request.send().await.unwrap().json().await.unwrap();
        let participants = body["participants"].as_array().unwrap().iter();
        participants
            .map(|is| {
                let label = is["label"].as_str().unwrap().to_owned();
                (label, is["hold"] == true, is["muted"] == true)
            })
            .collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_is_accepted_in_the_console_and_the_lead_called_back_as_it_asked() {
    let [dana, maya] = [phone(0), agent_phone(0)];
    let lines = [(&*dana, TALKS), (&*maya, LISTENS)];
    let conduct = Conduct { patience_s: 300, wrap_up_s: 600, ..Conduct::default() };
    let rig = Rig::start(Spec { scripts: scripts(lines), agents: 1, conduct, ..Spec::default() }).await;
    rig.call(&[&dana]).await;

    let offer = rig.on_desk(Reservation::Whisper).await;
    until("the agent hears the whisper", Duration::from_secs(10), async || {
        rig.document(&rig.record(&maya)).await.contains("<Gather")
    })
    .await;
    assert!(offer.ends_at.is_some_and(|at| at > rig.now()), "an offer ends by itself");
    assert_eq!(offer.lead.person.as_ref().map(|person| person.phone.clone()), Some(dana.clone()));
    let id = offer.detail.summary.id;
    rig.engine
        .answer_offer(rig.tenant, (id, rig.agents[0]), Answer::Accept, (key(), rig.now()))
        .await
        .unwrap();
    // Twice is once.
    rig.engine
        .answer_offer(rig.tenant, (id, rig.agents[0]), Answer::Accept, (key(), rig.now()))
        .await
        .unwrap();
    rig.until_record(&maya, "is with the lead", |leg| leg.stays.len() == 1).await;
    assert_eq!(rig.record(&maya).redirects, 1, "the leg was told to leave the whisper");

    rig.engine.keep_notes(rig.tenant, id, "Wants an offer").await.unwrap();
    rig.engine.keep_notes(rig.tenant, id, "Wants an offer by Friday").await.unwrap();
    rig.engine.hang_up(rig.tenant, id, (key(), rig.now())).await.unwrap();
    let over = rig.on_desk(Reservation::WrapUp).await;
    assert_eq!(over.notes, "Wants an offer by Friday");
    let asked = rig.now() + SignedDuration::from_mins(90);
    let result = (Disposition::Answered, Some(asked));
    rig.engine.write_up(rig.tenant, id, result, (key(), rig.now())).await.unwrap();
    until("the call is over", Duration::from_secs(10), async || rig.outcomes().await[&dana] == ["answered"])
        .await;
    let lead = rig.engine.lead(rig.tenant, offer.lead.id).await.unwrap();
    assert_eq!((lead.status.as_str(), lead.due_at), ("waiting", Some(asked)));
    rig.rest().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_is_accepted_while_the_phone_still_rings() {
    let [dana, maya] = [phone(0), agent_phone(0)];
    let slow = r#"{"is":"agent","answer_after_s":12,"reaction":{"does":"never_presses"}}"#;
    let lines = [(&*dana, TALKS), (&*maya, slow)];
    let conduct = Conduct { patience_s: 300, wrap_up_s: 0, ..Conduct::default() };
    let rig = Rig::start(Spec { scripts: scripts(lines), agents: 1, conduct, ..Spec::default() }).await;
    rig.call(&[&dana]).await;
    let offer = rig.on_desk(Reservation::Ringing).await;
    let id = offer.detail.summary.id;
    rig.engine
        .answer_offer(rig.tenant, (id, rig.agents[0]), Answer::Accept, (key(), rig.now()))
        .await
        .unwrap();
    assert!(rig.on_desk(Reservation::Ringing).await.is_accepted);
    rig.until_record(&maya, "is with the lead", |leg| leg.stays.len() == 1).await;
    assert_eq!(rig.record(&maya).redirects, 0, "whoever picks up hears no whisper");
    rig.engine.hang_up(rig.tenant, id, (key(), rig.now())).await.unwrap();
    rig.finished().await;
    rig.rest().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_is_put_on_hold_and_its_agent_muted() {
    let [dana, maya] = [phone(0), agent_phone(0)];
    let lines = [(&*dana, TALKS), (&*maya, LISTENS)];
    let conduct = Conduct { patience_s: 300, wrap_up_s: 0, ..Conduct::default() };
    let rig = Rig::start(Spec { scripts: scripts(lines), agents: 1, conduct, ..Spec::default() }).await;
    rig.call(&[&dana]).await;
    let id = rig.on_desk(Reservation::Whisper).await.detail.summary.id;
    let on = async |sound| rig.engine.set_sound(rig.tenant, id, sound, (key(), rig.now())).await;
    assert!(on(Sound::Hold(true)).await.is_err(), "nobody is connected yet");
    let of = (id, rig.agents[0]);
    rig.engine.answer_offer(rig.tenant, of, Answer::Accept, (key(), rig.now())).await.unwrap();
    rig.until_record(&maya, "is with the lead", |leg| leg.stays.len() == 1).await;
    for (sound, expected) in [
        (Sound::Hold(true), [("lead", true, false), ("agent-1", false, false)]),
        (Sound::Mute(true), [("lead", true, false), ("agent-1", false, true)]),
        (Sound::Mute(true), [("lead", true, false), ("agent-1", false, true)]),
        (Sound::Hold(false), [("lead", false, false), ("agent-1", false, true)]),
        (Sound::Mute(false), [("lead", false, false), ("agent-1", false, false)]),
    ] {
        on(sound).await.unwrap();
        until(&format!("{sound:?}"), Duration::from_secs(20), async || {
            let heard = rig.participants(&dana).await;
            expected.iter().all(|(label, held, muted)| heard.contains(&((*label).to_owned(), *held, *muted)))
        })
        .await;
    }
    let desk = rig.on_desk(Reservation::OnCall).await;
    assert!(!desk.is_held && !desk.is_muted);
    // Many words in a moment: the last one counts, however they overtake each other.
    for n in 0..9 {
        on(Sound::Hold(n % 2 == 0)).await.unwrap();
    }
    until("the lead is on hold", Duration::from_secs(20), async || {
        rig.participants(&dana).await.contains(&("lead".to_owned(), true, false))
    })
    .await;
    rig.engine.hang_up(rig.tenant, id, (key(), rig.now())).await.unwrap();
    rig.finished().await;
    rig.rest().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_is_declined_in_the_console_and_goes_to_the_next_agent() {
    let [dana, maya, bo] = [phone(0), agent_phone(0), agent_phone(1)];
    let talks = r#"{"is":"human","answer_after_s":3,"talk_s":10,"patience_s":600}"#;
    let lines = [(&*dana, talks), (&*maya, LISTENS), (&*bo, r#"{"is":"agent"}"#)];
    let conduct = Conduct { patience_s: 300, wrap_up_s: 0, ..Conduct::default() };
    let rig = Rig::start(Spec { scripts: scripts(lines), agents: 2, conduct, ..Spec::default() }).await;
    rig.call(&[&dana]).await;
    let offer = rig.on_desk(Reservation::Whisper).await;
    let of = (offer.detail.summary.id, rig.agents[0]);
    rig.engine.answer_offer(rig.tenant, of, Answer::Decline, (key(), rig.now())).await.unwrap();
    let refused = rig.engine.answer_offer(rig.tenant, of, Answer::Accept, (key(), rig.now())).await;
    assert!(refused.unwrap_err().to_string().contains("not offered"), "it is another's now");
    rig.finished().await;
    rig.rest().await;
    let line = &rig.engine.lead_lines(rig.tenant, rig.campaign).await.unwrap()[0];
    assert_eq!((line.agent.as_deref(), line.dispositions[0].as_str()), (Some("Agent 1"), "answered"));
}
