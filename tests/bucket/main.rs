//! Recordings in a bucket: through a real S3 server, whole, apart for each organisation, and gone when they are to be.
//!
//! `tests/bucket/run.py` starts the server and runs this. Without one, this says so and does nothing, which is why it
//! is a program of its own.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests may panic, and report")]

#[path = "../support/mod.rs"]
mod support;

use std::time::Duration;

use secrecy::SecretString;
use sha2::{Digest as _, Sha256};
use support::desk::Desk;
use support::{Rig, Spec, lead, loads, phone, scripts, until};
use warmline::app::{App, Roles};
use warmline_engine::recordings::Known;
use warmline_workers::store::{Bucket, Place, Store};
use warmline_workflows::call::Conduct;
use warmline_workflows::recording::Status;
use warmline_workflows::{CallId, campaign};

/// Who has the bucket, as `run.py` says.
fn bucket() -> Option<Bucket> {
    let said = |name: &str| std::env::var(format!("WARMLINE_TEST_BUCKET_{name}")).ok();
    Some(Bucket {
        name: said("NAME")?,
        region: "us-east-1".to_owned(),
        endpoint: said("URL"),
        keys: Some((said("KEY_ID")?, SecretString::from(said("SECRET")?))),
    })
}

fn main() {
    let Some(bucket) = bucket() else {
        println!("\nbucket: SKIPPED, there is no S3 server; `tests/bucket/run.py` brings one\n");
        return;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        Box::pin(a_recording_goes_through_the_bucket(bucket.clone())).await;
        println!("a_recording_goes_through_the_bucket ... ok");
        Box::pin(wrong_credentials_are_seen_and_tried_again(bucket)).await;
        println!("wrong_credentials_are_seen_and_tried_again ... ok");
    });
}

/// A conversation of seven minutes: more than one part of an upload.
const TALKS: &str = r#"{"is":"human","answer_after_s":3,"talk_s":420,"patience_s":600}"#;
/// What an upload is sent in.
const PART_BYTES: i64 = 5 << 20;

fn spec(bucket: Bucket) -> Spec {
    Spec {
        scripts: scripts([(&*phone(0), TALKS)]),
        agents: 1,
        conduct: Conduct { wrap_up_s: 0, record: true, ..Conduct::default() },
        bucket: Some(bucket),
        ..Spec::default()
    }
}

/// The one recording of an organisation, once it is so.
async fn recording(
    rig: &Rig,
    tenant: warmline_workflows::TenantId,
    what: &str,
    holds: impl Fn(&Known) -> bool,
) -> (CallId, Known) {
    let mut found = None;
    until(what, Duration::from_secs(60), async || {
        let Some(call) = rig.engine.all_calls(tenant).await.unwrap().pop() else { return false };
        let known = rig.engine.recordings(tenant, call).await.unwrap().pop();
        found = known.filter(&holds).map(|known| (call, known));
        found.is_some()
    })
    .await;
    found.unwrap()
}

/// Goal: sound of several parts is in the bucket under its organisation's name, the same to the byte, is heard by a
/// link of ours and by nobody without one, and is gone when it has been kept for long enough.
async fn a_recording_goes_through_the_bucket(bucket: Bucket) {
    let place = Place::Bucket(bucket);
    let Place::Bucket(bucket) = place.clone() else { unreachable!() };
    let desk = Desk::staffed(spec(bucket.clone())).await;
    let rig = &desk.rig;
    let boss = desk.register("Acme").await;
    let tenant = boss.tenant.parse().unwrap();
    let campaign = rig.staff(tenant).await;
    rig.engine.store_leads(tenant, campaign, &[lead(&phone(0))], rig.now()).await.unwrap();
    rig.engine.set_campaign_status(tenant, campaign, campaign::Status::Active, rig.now()).await.unwrap();

    let (call, known) = recording(rig, tenant, "it is stored", |known| known.status == Status::Stored).await;
    assert!(known.bytes.unwrap() > PART_BYTES, "it went in parts: {known:?}");
    let object = known.object.unwrap();
    assert!(object.starts_with(&format!("{tenant}/2026-11/{call}/")), "{object}");

    let links = boss.post(&format!("/api/calls/{call}/recording-links"), serde_json::json!({})).await;
    let path = links.body["data"][0]["path"].as_str().unwrap().to_owned();
    let base = rig.setup.public_base.as_str().trim_end_matches('/').to_owned();
    let heard = reqwest::get(format!("{base}{path}")).await.unwrap();
    assert_eq!(heard.status(), 200);
    let sound = heard.bytes().await.unwrap();
    assert_eq!(
        (sound.len() as i64, &Sha256::digest(&sound)[..]),
        (known.bytes.unwrap(), &*known.sha256.unwrap())
    );
    let bare = format!("{}/{}/{object}", bucket.endpoint.unwrap(), bucket.name);
    let anybody = reqwest::get(bare).await.unwrap().status();
    assert!(!anybody.is_success(), "the bucket itself stays shut: {anybody}");

    let age = "update recordings set stored_at = now() - interval '8 days'";
    sqlx::query(age).execute(&rig.database).await.unwrap();
    let is = rig.engine.tenant(tenant).await.unwrap();
    let mut settings = is.settings.clone();
    settings.recording_days = Some(7);
    rig.engine.update_tenant((is.id, is.version), &settings, &is.terms).await.unwrap();
    assert_eq!(rig.engine.outdate_recordings().await.unwrap(), 1);
    recording(rig, tenant, "it is gone", |known| known.status == Status::Erased).await;
    let gone = Store::open(&place).unwrap().read(&object, None).await;
    assert!(
        gone.is_err_and(|error| error.to_string().contains("not found")),
        "nothing is left in the bucket"
    );
    assert_eq!(reqwest::get(format!("{base}{path}")).await.unwrap().status(), 404);
}

/// Goal: a bucket that refuses us is shown, with the recording where it is; with the right key, it comes over.
async fn wrong_credentials_are_seen_and_tried_again(bucket: Bucket) {
    let (id, _) = bucket.keys.clone().unwrap();
    let wrong = Bucket { keys: Some((id, SecretString::from("not the secret"))), ..bucket.clone() };
    let rig = Rig::start(spec(wrong)).await;
    rig.call(&[&phone(0)]).await;
    let (_, known) = recording(&rig, rig.tenant, "it is said why", |known| known.last_error.is_some()).await;
    let why = known.last_error.unwrap();
    assert!(why.contains("store of recordings"), "{why}");
    assert_eq!((known.status, known.at_carrier), (Status::AtCarrier, true));

    // Settings are read at a start.
    let mut setup = rig.setup.clone();
    setup.recordings.place = Place::Bucket(bucket);
    rig.app.stop().await;
    let roles = Roles { work: loads(), schedule: true, ..Roles::default() };
    let app = Box::pin(App::start(setup, roles)).await.unwrap();
    let found =
        async || app.engine.recordings(rig.tenant, app.engine.all_calls(rig.tenant).await.unwrap()[0]).await;
    until("it is stored after all", Duration::from_secs(60), async || {
        found().await.unwrap()[0].status == Status::Stored
    })
    .await;
    assert_eq!(found().await.unwrap()[0].last_error, None);
    app.stop().await;
}
