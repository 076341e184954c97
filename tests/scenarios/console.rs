//! The console: agents who answer in it what their phones ask.

use std::time::Duration;

use jiff::SignedDuration;
use uuid::Uuid;
use warmline_engine::Key;
use warmline_engine::agents::desk::{Answer, OnDesk};
use warmline_workflows::Disposition;
use warmline_workflows::agent::Reservation;
use warmline_workflows::call::Conduct;

use crate::support::{Rig, Spec, agent_phone, phone, scripts, until};

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
