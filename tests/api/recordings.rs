//! Recordings over HTTP.

use axum::body::Bytes;
use reqwest::header::RANGE;
use serde_json::json;
use warmline_engine::recordings::Recording;
use warmline_workers::store::Store;

use crate::calls::{End, Floor};
use crate::desk::Desk;

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_is_heard_by_a_link_and_deleted() {
    let desk = Desk::open().await;
    let floor = Floor::open(&desk, "Acme").await;
    let call = floor.call(floor.campaign, 0, End::Talk).await;
    let (engine, boss) = (&desk.rig.engine, &floor.boss);
    let of_call = |what: &str| format!("/api/calls/{call}{what}");

    let recording = Recording { tenant: floor.tenant, call, recording_sid: "RE7".to_owned(), duration_s: 8 };
    engine.note_recording(&recording, desk.rig.now()).await.unwrap();
    let waiting = boss.get(&of_call("")).await.body;
    assert_eq!(waiting["recordings"][0]["status"], "at_carrier", "{waiting}");
    assert_eq!(boss.post(&of_call("/recording-links"), json!({})).await.body, json!({ "data": [] }));

    let store = Store::open(&desk.rig.setup.recordings.place).unwrap();
    let mut arriving = store.begin(format!("{}/2026-11/{call}/RE7.wav", floor.tenant)).unwrap();
    arriving.take(Bytes::from_static(b"RIFF sound and more sound")).await.unwrap();
    let stored = arriving.finish().await.unwrap();
    assert!(engine.recording_stored(&recording, &stored).await.unwrap());

    let links = boss.post(&of_call("/recording-links"), json!({})).await;
    let path = links.body["data"][0]["path"].as_str().unwrap().to_owned();
    let base = desk.rig.setup.public_base.as_str().trim_end_matches('/').to_owned();
    let hear = async |range: Option<&str>| {
        let request = reqwest::Client::new().get(format!("{base}{path}"));
        let request = range.into_iter().fold(request, |request, range| request.header(RANGE, range));
        let response = request.send().await.unwrap();
        let header =
            |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let told = (response.status().as_u16(), header("content-type"), header("content-range"));
        (told, response.bytes().await.unwrap())
    };
    let (told, sound) = hear(None).await;
    assert_eq!((told, &*sound), ((200, Some("audio/x-wav".into()), None), &b"RIFF sound and more sound"[..]));
    let (told, sound) = hear(Some("bytes=5-9")).await;
    assert_eq!((told.0, told.2, &*sound), (206, Some("bytes 5-9/25".into()), &b"sound"[..]));
    assert_eq!(hear(Some("bytes=99-")).await.0.0, 416);
    let audited = boss.get("/api/audit-log").await.body;
    assert_eq!(audited["data"][0]["action"], "link_recordings", "who listens is written down: {audited}");

    let bob = desk.register("Other").await;
    let links = bob.post(&of_call("/recording-links"), json!({})).await;
    assert_eq!(links.refusal(), (404, "not_found".to_owned()));
    assert_eq!(bob.delete(&of_call("/recordings")).await.refusal(), (404, "not_found".to_owned()));

    assert_eq!(boss.delete(&of_call("/recordings")).await.status, 204);
    assert_eq!(hear(None).await.0.0, 404, "deleted is deleted, whatever links there are");
    assert_eq!(boss.get(&of_call("")).await.body["recordings"][0]["status"], "to_erase");
    let nonsense = desk.nobody().get("/api/recordings/x.y.z").await;
    assert_eq!(nonsense.refusal(), (404, "not_found".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_says_how_long_recordings_are_kept() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    assert_eq!(ana.get("/api/tenant").await.body["recording_days"], json!(null));
    assert_eq!(ana.put("/api/tenant", json!({ "recording_days": 90 })).await.body["recording_days"], 90);
    let kept = ana.put("/api/tenant", json!({ "name": "Acme Freight" })).await;
    assert_eq!(kept.body["recording_days"], 90, "what is left out stays");
    assert_eq!(
        ana.put("/api/tenant", json!({ "recording_days": null })).await.body["recording_days"],
        json!(null)
    );
    let wrong = ana.put("/api/tenant", json!({ "recording_days": 0 })).await;
    assert_eq!(wrong.wrong(), (422, "invalid_field".to_owned(), "recording_days".to_owned()));
}
