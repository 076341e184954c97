//! Audio files over HTTP, from the upload to the ear of whoever is called.

use std::time::Duration;

use reqwest::header::{IF_NONE_MATCH, RANGE};
use serde_json::{Value, json};
use warmline_simulator::CallRecord;
use warmline_workflows::agent::Presence;
use warmline_workflows::{AgentId, TenantId};

use crate::desk::{Desk, Person, Reply};
use crate::support::invariants::quiesced;
use crate::support::sound::{HEADER_BYTES, SECOND_BYTES, mp3, wav};
use crate::support::{Spec, agent_phone, phone, scripts, seconds, until};

impl Person<'_> {
    async fn brings(&self, bytes: &[u8]) -> Reply {
        self.post_bytes("/api/audio", &[], &[("file", bytes)]).await
    }

    /// Brings a file that has to be taken, and says its id.
    async fn audio(&self, name: &str, bytes: &[u8]) -> String {
        let parts = [("name", name.as_bytes()), ("file", bytes)];
        let brought = self.post_bytes("/api/audio", &[], &parts).await;
        assert_eq!(brought.status, 201, "{}", brought.body);
        brought.text("id")
    }

    async fn group(&self) -> String {
        self.post("/api/agent-groups", json!({ "name": "Team" })).await.text("id")
    }

    async fn campaign(&self, group: &str, conduct: Value) -> Reply {
        let draft = json!({
            "name": "Autumn", "group_id": group, "calling_window": { "time_zone": "America/New_York" },
            "conduct": conduct, "cadence": { "max_attempts": 1 },
        });
        self.post("/api/campaigns", draft).await
    }
}

fn address(desk: &Desk, path: &str) -> String {
    format!("{}{path}", desk.rig.setup.public_base.as_str().trim_end_matches('/'))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_audio_file_is_brought_listed_heard_and_deleted() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    // By its bytes it is sound, whatever it is called.
    let brought = ana.brings(&wav(3)).await;
    assert_eq!(brought.status, 201, "{}", brought.body);
    let told = |name: &str| brought.body[name].clone();
    assert_eq!(
        (told("name"), told("format"), told("duration_ms")),
        ("list.csv".into(), "wav".into(), 3000.into())
    );
    assert_eq!(told("bytes"), HEADER_BYTES + 3 * SECOND_BYTES);
    assert_eq!(told("created_by"), ana.id);
    let greeting = ana.audio("Greeting", &mp3(100)).await;
    let one = ana.get(&format!("/api/audio/{greeting}")).await.body;
    assert_eq!(
        (&one["name"], &one["format"], &one["duration_ms"]),
        (&json!("Greeting"), &json!("mp3"), &json!(2612))
    );
    let listed = ana.get("/api/audio").await.body;
    assert_eq!(listed["data"], json!([one, brought.body]), "the newest first");
    let page = ana.get("/api/audio?limit=1").await.body;
    let next = ana.get(&format!("/api/audio?limit=1&cursor={}", page["next"].as_str().unwrap())).await.body;
    assert_eq!((&next["data"][0], &next["next"]), (&brought.body, &Value::Null));

    let link = ana.post(&format!("/api/audio/{}/links", brought.text("id")), json!({})).await;
    let http = reqwest::Client::new();
    let heard = address(&desk, &link.text("path"));
    let whole = http.get(&heard).send().await.unwrap();
    let header = |name: &str| whole.headers().get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!((whole.status().as_u16(), header("content-type").as_str()), (200, "audio/wav"));
    assert_eq!(header("content-length"), (HEADER_BYTES + 3 * SECOND_BYTES).to_string());
    assert!(header("cache-control").starts_with("public, max-age=86400"), "the carrier may keep it");
    let tag = header("etag");
    assert_eq!(whole.bytes().await.unwrap(), wav(3));
    let part = http.get(&heard).header(RANGE, "bytes=8-11").send().await.unwrap();
    assert_eq!((part.status().as_u16(), &*part.bytes().await.unwrap()), (206, &b"WAVE"[..]));
    let known = http.get(&heard).header(IF_NONE_MATCH, &tag).send().await.unwrap();
    assert_eq!((known.status().as_u16(), known.bytes().await.unwrap().len()), (304, 0));
    assert_eq!(http.get(address(&desk, "/media/audio/x.y.z")).send().await.unwrap().status(), 404);

    let file = desk.rig.recordings_folder().join(&ana.tenant).join("audio").join(brought.text("id"));
    assert!(file.exists(), "{}", file.display());
    assert_eq!(ana.delete(&format!("/api/audio/{}", brought.text("id"))).await.status, 204);
    assert_eq!(
        http.get(&heard).send().await.unwrap().status(),
        404,
        "deleted is deleted, whatever links there are"
    );
    assert_eq!(ana.get("/api/audio").await.body["data"], json!([one]));
    let audited = ana.get("/api/audit-log").await.body;
    assert_eq!(audited["data"][0]["action"], "delete_audio", "{audited}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_sound_is_refused_and_leaves_nothing() {
    let desk = Desk::staffed(Spec { agents: 0, ..Spec::default() }).await;
    let ana = desk.register("Acme").await;
    let mut large = wav(1);
    large.resize((20 << 20) + 1024, 0);
    let renamed = b"%PDF-1.7 that is called greeting.mp3".as_slice();
    for (bytes, status, code) in [
        (renamed, 422, "unplayable_audio"),
        (&wav(0), 422, "unplayable_audio"),
        (&mp3(1), 422, "unplayable_audio"),
        (b"", 422, "unplayable_audio"),
        (&wav(601), 422, "audio_too_long"),
        (&large, 413, "file_too_large"),
    ] {
        let refused = ana.brings(bytes).await;
        assert_eq!(refused.wrong(), (status, code.to_owned(), "file".to_owned()), "{}", refused.body);
    }
    let (sound, name) = (wav(1), "x".repeat(201));
    for (parts, field) in [
        (vec![("name", &b"Greeting"[..])], "file"),
        (vec![("file", &sound[..]), ("file", &sound[..])], "file"),
        (vec![("file", &sound[..]), ("name", name.as_bytes())], "name"),
        (vec![("sound", &sound[..])], "sound"),
    ] {
        let refused = ana.post_bytes("/api/audio", &[], &parts).await;
        assert_eq!(refused.wrong(), (422, "invalid_field".to_owned(), field.to_owned()), "{}", refused.body);
    }
    assert_eq!(ana.get("/api/audio").await.body["data"], json!([]));
    let rows = "select count(*) from audio_files";
    until("what was begun is gone", Duration::from_secs(20), async || {
        sqlx::query_scalar::<_, i64>(rows).fetch_one(&desk.rig.database).await.unwrap() == 0
    })
    .await;
    let folder = desk.rig.recordings_folder().join(&ana.tenant).join("audio");
    let left = std::fs::read_dir(&folder).map_or(0, Iterator::count);
    assert_eq!(left, 0, "in {}", folder.display());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_plays_files_of_its_organisation_alone_and_keeps_them() {
    let desk = Desk::open().await;
    let (ana, bob) = (desk.register("Acme").await, desk.register("Other").await);
    let (own, foreign) = (ana.audio("Opening", &wav(1)).await, bob.audio("Opening", &wav(1)).await);
    let of_bob = format!("/api/audio/{foreign}");
    assert_eq!(ana.get(&of_bob).await.refusal(), (404, "not_found".to_owned()));
    assert_eq!(ana.delete(&of_bob).await.refusal(), (404, "not_found".to_owned()));
    let link = ana.post(&format!("{of_bob}/links"), json!({})).await;
    assert_eq!(link.refusal(), (404, "not_found".to_owned()));

    let group = ana.group().await;
    let leaves =
        |audio: &str| json!({ "action": "leave_message", "text": "We missed you.", "audio_id": audio });
    for (conduct, field) in [
        (json!({ "opening_audio_id": foreign }), "conduct.opening_audio_id"),
        (json!({ "apology_audio_id": foreign }), "conduct.apology_audio_id"),
        (json!({ "recording_notice_audio_id": foreign }), "conduct.recording_notice_audio_id"),
        (json!({ "on_machine": leaves(&foreign) }), "conduct.on_machine.audio_id"),
    ] {
        let refused = ana.campaign(&group, conduct).await;
        assert_eq!(refused.wrong(), (404, "not_found".to_owned(), field.to_owned()), "{}", refused.body);
    }
    let made = ana.campaign(&group, json!({ "opening_audio_id": own, "on_machine": leaves(&own) })).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(made.body["conduct"]["on_machine"]["audio_id"], own);
    let campaign = format!("/api/campaigns/{}", made.text("id"));
    let refused = ana.put(&campaign, json!({ "conduct": { "apology_audio_id": foreign } })).await;
    let field = "conduct.apology_audio_id".to_owned();
    assert_eq!(refused.wrong(), (404, "not_found".to_owned(), field), "{}", refused.body);

    let file = format!("/api/audio/{own}");
    for change in [
        json!({ "conduct": { "opening_audio_id": null } }),
        json!({ "conduct": { "on_machine": { "action": "hang_up" } } }),
    ] {
        assert_eq!(ana.delete(&file).await.refusal(), (409, "refused".to_owned()));
        let changed = ana.put(&campaign, change).await;
        assert_eq!(changed.status, 200, "{}", changed.body);
    }
    assert_eq!(ana.delete(&file).await.status, 204);
    let late = ana.put(&campaign, json!({ "conduct": { "opening_audio_id": own } })).await;
    assert_eq!(late.status, 404, "{}", late.body);
}

/// What a call was played of the organisation's files: how much, and how long it lasted.
fn played(leg: &CallRecord) -> Vec<(u64, u64)> {
    let ours = leg.played.iter().filter(|it| it.url.contains("/media/audio/"));
    ours.map(|it| (it.bytes, it.duration_ms)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn machines_and_people_hear_the_files_and_a_call_goes_on_without_them() {
    let [machine, person, abandoned, unlucky] = [phone(0), phone(1), phone(2), phone(3)];
    let [bo, cleo] = [agent_phone(0), agent_phone(1)];
    let (answers, waits) = (
        r#"{"is":"machine","answer_after_s":3,"greeting_s":5}"#,
        r#"{"is":"human","answer_after_s":3,"talk_s":8,"patience_s":600}"#,
    );
    let lines = [
        (&*machine, answers),
        (&*person, waits),
        (&*abandoned, waits),
        (&*unlucky, answers),
        (&*bo, r#"{"is":"agent"}"#),
        (&*cleo, r#"{"is":"no_answer"}"#),
    ];
    let desk =
        Desk::staffed(Spec { factor: 10.0, scripts: scripts(lines), agents: 0, ..Spec::default() }).await;
    let (rig, ana) = (&desk.rig, desk.register("Acme").await);
    let tenant: TenantId = ana.tenant.parse().unwrap();
    let group = ana.group().await;
    let agent = async |name: &str, phone: &str| -> AgentId {
        let agent = json!({ "name": name, "phone": phone, "group_ids": [group] });
        ana.post("/api/agents", agent).await.text("id").parse().unwrap()
    };
    let (bo, cleo) = (agent("Bo", &bo).await, agent("Cleo", &cleo).await);
    let (message, opening) = (ana.audio("Message", &wav(20)).await, ana.audio("Opening", &wav(1)).await);
    let (notice, apology) = (ana.audio("Notice", &mp3(100)).await, ana.audio("Apology", &wav(4)).await);
    let call = async |number: &str, message: &str, agent: AgentId| {
        let conduct = json!({
            "opening_audio_id": opening, "recording_notice_audio_id": notice, "apology_audio_id": apology,
            "on_machine": { "action": "leave_message", "text": "Unused.", "audio_id": message },
            "record": true, "wrap_up_s": 0, "patience_s": 20,
        });
        let campaign = ana.campaign(&group, conduct).await.text("id");
        let lead = json!({ "campaign_id": campaign, "phone": number });
        assert_eq!(ana.post("/api/leads", lead).await.status, 201);
        rig.engine.set_presence(tenant, agent, Presence::Available, rig.now()).await.unwrap();
        let started = ana.post(&format!("/api/campaigns/{campaign}/start"), json!({})).await;
        assert_eq!(started.status, 200, "{}", started.body);
        rig.finished().await;
        rig.engine.set_presence(tenant, agent, Presence::Offline, rig.now()).await.unwrap();
        let leads = ana.get(&format!("/api/leads?campaign_id={campaign}")).await.body;
        let disposition = leads["data"][0]["disposition"].as_str().unwrap_or_default().to_owned();
        (rig.record(number), disposition)
    };
    let sound = |seconds: u32| (u64::from(HEADER_BYTES + seconds * SECOND_BYTES), u64::from(seconds) * 1000);

    let (leg, disposition) = call(&machine, &message, bo).await;
    assert_eq!((played(&leg), disposition.as_str()), (vec![sound(1), sound(20)], "voicemail"), "{leg:?}");
    let took_s = seconds(leg.played[1].began.at, leg.ended.unwrap().at);
    assert!((20.0..30.0).contains(&took_s), "the message took {took_s} s");
    assert_eq!(leg.warnings, Vec::<u32>::new());

    let (leg, disposition) = call(&person, &message, bo).await;
    assert_eq!((played(&leg), disposition.as_str()), (vec![sound(1), (41_700, 2612)], "answered"), "{leg:?}");

    let (leg, disposition) = call(&abandoned, &message, cleo).await;
    let heard = vec![sound(1), (41_700, 2612), sound(4)];
    assert_eq!((played(&leg), disposition.as_str()), (heard, "abandoned"), "{leg:?}");

    // The store has lost it: nobody hears it, and the call ends as it would have.
    let lost = ana.audio("Lost", &wav(20)).await;
    std::fs::remove_file(rig.recordings_folder().join(&ana.tenant).join("audio").join(&lost)).unwrap();
    let (leg, disposition) = call(&unlucky, &lost, bo).await;
    assert_eq!((played(&leg), disposition.as_str()), (vec![sound(1)], "voicemail"), "{leg:?}");
    assert_eq!(leg.warnings, [11200]);
    quiesced(rig).await;
}
