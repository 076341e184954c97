//! Recordings: from the carrier into the store, heard of when it takes long, and gone when they are to be.

use std::time::Duration;

use sha2::{Digest as _, Sha256};
use warmline_engine::recordings::Known;
use warmline_simulator::{Faults, WebhookFaults};
use warmline_workflows::CallId;
use warmline_workflows::call::Conduct;
use warmline_workflows::recording::Status;

use crate::support::wire::{Inbound, without_fragment};
use crate::support::{ACCOUNT, Rig, Spec, phone, scripts, until};

const TALKS: &str = r#"{"is":"human","answer_after_s":3,"talk_s":40,"patience_s":600}"#;

impl Rig {
    /// A rig with one call, which was recorded and is over.
    async fn recorded(spec: Spec) -> Self {
        let dana = phone(0);
        let scripts = scripts([(&*dana, TALKS)]);
        let rig = Box::pin(Self::start(Spec { scripts, agents: 1, conduct: conduct(), ..spec })).await;
        rig.call(&[&dana]).await;
        rig.finished().await;
        rig
    }

    /// The one recording of the one call, once it is so.
    async fn recording(&self, what: &str, holds: impl Fn(&Known) -> bool) -> (CallId, Known) {
        let mut found = None;
        until(what, Duration::from_secs(30), async || {
            let Some(call) = self.engine.all_calls(self.tenant).await.unwrap().pop() else { return false };
            let known = self.engine.recordings(self.tenant, call).await.unwrap().pop();
            found = known.filter(&holds).map(|known| (call, known));
            found.is_some()
        })
        .await;
        found.unwrap()
    }
}

fn conduct() -> Conduct {
    Conduct { wrap_up_s: 0, record: true, ..Conduct::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_comes_into_the_store_and_leaves_the_carrier() {
    let rig = Rig::recorded(Spec { recordings_leave_carrier: true, ..Spec::default() }).await;
    let (_, known) =
        rig.recording("it is stored, and gone from the carrier", |known| !known.at_carrier).await;
    assert_eq!(known.status, Status::Stored);
    let object = known.object.unwrap();
    assert!(object.starts_with(&format!("{}/2026-11/", rig.tenant)), "{object}");
    let sound = std::fs::read(rig.recordings_folder().join(&object)).unwrap();
    assert_eq!(&sound[..4], b"RIFF");
    assert_eq!(
        (sound.len() as i64, Sha256::digest(&sound).to_vec()),
        (known.bytes.unwrap(), known.sha256.unwrap())
    );
    let at_carrier = rig.simulator.ledger().recordings();
    assert!(at_carrier.iter().all(|recording| recording.removed), "{at_carrier:?}");
    rig.rest().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_is_deleted_everywhere() {
    let rig = Rig::recorded(Spec::default()).await;
    let (call, known) = rig.recording("it is stored", |known| known.status == Status::Stored).await;
    assert!(known.at_carrier, "nobody asked for it to leave");
    let file = rig.recordings_folder().join(known.object.unwrap());
    assert!(file.exists());
    rig.engine.erase_recordings(rig.tenant, call).await.unwrap();
    rig.recording("it is gone", |known| known.status == Status::Erased).await;
    assert!(!file.exists());
    assert!(rig.simulator.ledger().recordings().iter().all(|recording| recording.removed));
}

#[tokio::test(flavor = "multi_thread")]
async fn recordings_are_kept_as_long_as_their_organisation_says() {
    let rig = Rig::recorded(Spec::default()).await;
    rig.recording("it is stored", |known| known.status == Status::Stored).await;
    let age = "update recordings set stored_at = now() - interval '8 days'";
    sqlx::query(age).execute(&rig.database).await.unwrap();
    let is = rig.engine.tenant(rig.tenant).await.unwrap();
    let mut settings = is.settings.clone();
    settings.recording_days = Some(9);
    let is = rig.engine.update_tenant((is.id, is.version), &settings, &is.terms).await.unwrap();
    assert_eq!(rig.engine.outdate_recordings().await.unwrap(), 0);
    rig.recording("it is not old enough", |known| known.status == Status::Stored).await;
    settings.recording_days = Some(7);
    rig.engine.update_tenant((is.id, is.version), &settings, &is.terms).await.unwrap();
    assert_eq!(rig.engine.outdate_recordings().await.unwrap(), 1);
    rig.recording("it is gone", |known| known.status == Status::Erased).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_does_not_take_it_is_tried_again_and_says_so() {
    let dana = phone(0);
    let spec = Spec { scripts: scripts([(&*dana, TALKS)]), agents: 1, conduct: conduct(), ..Spec::default() };
    let rig = Rig::start(spec).await;
    // A file where the folder should be: nobody can write there, not even root.
    let folder = rig.recordings_folder();
    std::fs::create_dir_all(folder.parent().unwrap()).unwrap();
    std::fs::write(&folder, b"in the way").unwrap();
    rig.call(&[&dana]).await;
    let (_, known) = rig.recording("it is said why", |known| known.last_error.is_some()).await;
    assert_eq!(known.status, Status::AtCarrier);
    std::fs::remove_file(&folder).unwrap();
    rig.recording("it is stored after all", |known| known.status == Status::Stored).await;
    rig.finished().await;
    rig.rest().await;
}

/// A carrier that never manages to tell of a recording.
fn mute() -> Faults {
    Faults {
        webhooks: WebhookFaults { lose_recordings: 1.0, ..WebhookFaults::default() },
        ..Faults::default()
    }
}

impl Rig {
    /// Waits until nothing is asked of the carrier any more about recordings.
    async fn asked(&self) {
        let open = "select count(*) from inquiries where about = 'recording'";
        until("nothing is left to be asked", Duration::from_secs(30), async || self.count(open).await == 0)
            .await;
    }

    /// The carrier's word of its only recording, in the end.
    async fn tell_late(&self) {
        let recording = self.simulator.ledger().recordings().remove(0);
        let fields = [
            ("AccountSid", ACCOUNT),
            ("ConferenceSid", recording.conference.as_deref().unwrap()),
            ("RecordingSid", &recording.sid),
            ("RecordingStatus", "completed"),
            ("RecordingDuration", &recording.duration_s().unwrap().to_string()),
        ];
        let url = without_fragment(&recording.request.callback.unwrap().url);
        assert_eq!(Inbound::signed(&url, &fields).send().await.status, 204);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_that_the_carrier_never_told_of_is_asked_for() {
    // Goal: every try of the webhook is lost, and the recording is in the store all the same; once, also when the
    // webhook comes after all.
    let (dana, eve) = (phone(0), phone(1));
    let spec = Spec {
        scripts: scripts([(&*dana, TALKS), (&*eve, r#"{"is":"machine","answer_after_s":5,"greeting_s":5}"#)]),
        agents: 1,
        conduct: conduct(),
        faults: mute(),
        ..Spec::default()
    };
    let rig = Rig::start(spec).await;
    rig.call(&[&dana, &eve]).await;
    rig.finished().await;
    let open: Vec<String> =
        sqlx::query_scalar("select about from inquiries").fetch_all(&rig.database).await.unwrap();
    assert_eq!(
        open.iter().filter(|about| *about == "recording").count(),
        1,
        "nothing is recorded of a machine"
    );
    rig.rest().await;
    rig.asked().await;
    rig.tell_late().await;
    rig.rest().await;
    let told = "select count(*) from journal where event ->> 'event' = 'recording_completed'";
    assert_eq!(rig.count(told).await, 2, "found, and told of");
    assert_eq!(rig.count("select count(*) from recordings where status = 'stored'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_of_a_conference_that_was_never_heard_of_is_found_by_its_name() {
    let rig = Rig::recorded(Spec { faults: mute(), ..Spec::default() }).await;
    let forget = "update calls set snapshot = (snapshot::jsonb #- '{memory,conference_sid}')::text
                  where snapshot like '%conference_sid%'";
    assert_eq!(sqlx::query(forget).execute(&rig.database).await.unwrap().rows_affected(), 1);
    rig.recording("it is stored", |known| known.status == Status::Stored).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_that_is_nowhere_is_asked_for_no_longer_than_needed() {
    let rig = Rig::recorded(Spec { faults: mute(), ..Spec::default() }).await;
    let recording = rig.simulator.ledger().recordings().remove(0);
    let carrier = warmline_twilio::Client::new(rig.setup.carrier.clone()).unwrap();
    carrier.delete_recording(&recording.sid).await;
    let asked = "select count(*) from inquiries where due_at > closed_at + interval '6 minutes'";
    until("it is asked for once", Duration::from_secs(30), async || rig.count(asked).await == 1).await;
    // Where it has not turned up an hour later, there is none.
    let later = "update inquiries set closed_at = closed_at - interval '2 hours', due_at = closed_at";
    sqlx::query(later).execute(&rig.database).await.unwrap();
    rig.asked().await;
    assert_eq!(rig.count("select count(*) from recordings").await, 0);
}
