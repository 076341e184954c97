//! Recordings: from the carrier into the store, heard of when it takes long, and gone when they are to be.

use std::time::Duration;

use sha2::{Digest as _, Sha256};
use warmline_engine::recordings::Known;
use warmline_workflows::CallId;
use warmline_workflows::call::Conduct;
use warmline_workflows::recording::Status;

use crate::support::{Rig, Spec, phone, scripts, until};

const TALKS: &str = r#"{"is":"human","answer_after_s":3,"talk_s":40,"patience_s":600}"#;

impl Rig {
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
    let dana = phone(0);
    let spec = Spec {
        scripts: scripts([(&*dana, TALKS)]),
        agents: 1,
        conduct: conduct(),
        recordings_leave_carrier: true,
        ..Spec::default()
    };
    let rig = Rig::start(spec).await;
    rig.call(&[&dana]).await;
    rig.finished().await;
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
    let dana = phone(0);
    let spec = Spec { scripts: scripts([(&*dana, TALKS)]), agents: 1, conduct: conduct(), ..Spec::default() };
    let rig = Rig::start(spec).await;
    rig.call(&[&dana]).await;
    rig.finished().await;
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
    let dana = phone(0);
    let spec = Spec { scripts: scripts([(&*dana, TALKS)]), agents: 1, conduct: conduct(), ..Spec::default() };
    let rig = Rig::start(spec).await;
    rig.call(&[&dana]).await;
    rig.finished().await;
    rig.recording("it is stored", |known| known.status == Status::Stored).await;
    let age = "update recordings set stored_at = now() - interval '8 days'";
    sqlx::query(age).execute(&rig.database).await.unwrap();
    let is = rig.engine.tenant(rig.tenant).await.unwrap();
    let mut settings = is.settings.clone();
    settings.recording_days = Some(9);
    let is = rig.engine.update_tenant((is.id, is.version), &settings, &is.terms).await.unwrap();
    tokio::time::sleep(Duration::from_secs(6)).await;
    rig.recording("it is not old enough", |known| known.status == Status::Stored).await;
    settings.recording_days = Some(7);
    rig.engine.update_tenant((is.id, is.version), &settings, &is.terms).await.unwrap();
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
