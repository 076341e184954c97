//! The canary: whatever happens to leads with telling names, no sink of ours shows them, only the carrier.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::time::Duration;

use redis::AsyncTypedCommands as _;
use reqwest::Method;
use secrecy::ExposeSecret as _;
use serde_json::json;
use sqlx::{Connection as _, PgConnection};
use support::processes::Role;
use support::program::{Program, text};
use support::site::Site;
use support::{Spec, cadence, lead, phone, scripts, until};
use warmline_engine::leads::NewLead;

/// What stands in a lead and nowhere else. The number is looked for in all the ways it is written.
const WORDS: [&str; 4] = ["Canaryfirst", "Canarylast", "canary@example.com", "canarynote"];

fn canary(number: &str) -> NewLead {
    NewLead {
        phone: number.to_owned(),
        phone_original: number.to_owned(),
        first_name: "Canaryfirst".to_owned(),
        last_name: "Canarylast".to_owned(),
        email: Some("canary@example.com".to_owned()),
        notes: Some("canarynote".to_owned()),
        custom: serde_json::from_str(r#"{"pet":"canarynote"}"#).unwrap(),
        ..lead(&phone(0))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_sink_shows_who_was_called() {
    // Goal: people who answer, a machine, a busy line, a refused number, one who is on the list, one who is
    // erased, and those whom a program knows over HTTP: neither the database, nor any process's log, however
    // talkative, nor Redis has a name, an address, a note or a number of theirs.
    let mut phones: Vec<String> = (0..8).map(phone).collect();
    // One that the carrier refuses, with words that repeat it.
    phones[3] = "+15005550001".to_owned();
    let said = [
        r#"{"is":"human","answer_after_s":5,"talk_limit_s":5}"#,
        r#"{"is":"busy"}"#,
        r#"{"is":"no_answer"}"#,
        r#"{"is":"busy"}"#,
        r#"{"is":"human","answer_after_s":5,"talk_limit_s":5}"#,
        r#"{"is":"busy"}"#,
    ];
    let lines = phones.iter().map(String::as_str).zip(said);
    let spec = Spec { scripts: scripts(lines), cadence: cadence(1, 60), log: "debug", ..Spec::default() };
    let site = Site::make("personal_data", spec).await;
    let fleet = site.staff(&[Role::Serve, Role::Work, Role::Schedule], None).await;
    site.rig.do_not_call(&phones[5]).await;
    let leads: Vec<NewLead> = phones[..6].iter().map(|phone| canary(phone)).collect();
    site.rig.store(site.rig.campaign, &leads).await;
    site.rig.call(&[]).await;
    until("calls have been made", Duration::from_secs(60), async || {
        phones[..3].iter().all(|phone| !site.rig.records(phone).is_empty())
            && site.rig.journaled(Some("agent_accepted")).await > 0
    })
    .await;
    let erased = site.rig.lead(&phones[4]).await;
    site.rig
        .engine
        .erase_lead(site.rig.tenant, warmline_workflows::LeadId(erased.id), site.rig.now())
        .await
        .unwrap();
    over_http(&site, fleet.url(), &phones[6..]).await;
    site.rest(Duration::from_secs(60)).await.unwrap();

    let traces: Vec<String> = WORDS
        .iter()
        .map(|word| (*word).to_owned())
        .chain(phones.iter().map(|phone| phone[1..].to_owned()))
        .collect();
    let mut found = Vec::new();
    for (sink, content) in [
        ("database", database(site.rig.setup.database_url.expose_secret()).await),
        ("redis", queues(site.rig.setup.redis_url.expose_secret()).await),
        ("logs", logs(&site)),
    ] {
        assert!(!content.is_empty(), "there is nothing in {sink}");
        for trace in &traces {
            let lines = content.iter().filter(|line| line.contains(trace)).take(3);
            found.extend(lines.map(|line| format!("{sink}: {trace} in {line}")));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    drop(fleet);
    site.close().await;
}

/// A program of another organisation adds leads, has them searched, listed, explained, exported and erased, and is
/// refused for what it says of them.
async fn over_http(site: &Site, base: String, phones: &[String]) {
    let http = Program::register(&site.rig, base).await;
    let campaign = &http.campaign;
    let draft = |phone: &str| {
        json!({ "campaign_id": campaign, "phone": phone, "first_name": "Canaryfirst", "last_name": "Canarylast",
                "email": "canary@example.com", "notes": "canarynote", "custom": { "pet": "canarynote" } })
    };
    let mut leads = Vec::new();
    for phone in phones {
        // A key that says who it is, as programs like to make them.
        let key = [("idempotency-key", &phone[1..])];
        let [first, again] =
            [(); 2].map(|()| http.send(Method::POST, "/api/leads", &key, Some(draft(phone))));
        let (first, again) = (first.await, again.await);
        assert_eq!((first["first_name"].as_str(), &first), (Some("Canaryfirst"), &again));
        leads.push(first["id"].as_str().unwrap().to_owned());
    }
    for query in ["search=Canaryfirst+canarylast", "search=canary@example.com", "status=new"] {
        let page = http.get(&format!("/api/leads?{query}")).await;
        assert_eq!(page["data"].as_array().map(Vec::len), Some(2), "{query}: {page}");
    }
    for (field, value) in [
        ("email", json!("canarynote")),
        ("phone", json!("Canaryfirst 1")),
        ("priority", json!("Canarylast")),
        ("custom", json!({ "canarynote": ["canarynote"] })),
        ("canarynote", json!("canarynote")),
        ("phone", json!(phones[0])),
    ] {
        let mut wrong = draft(&phones[0]);
        wrong[field] = value;
        let refusal = http.send(Method::POST, "/api/leads", &[], Some(wrong)).await;
        assert!([409, 422].contains(&refusal["status"].as_u64().unwrap()), "{field}: {refusal}");
    }
    let refusal = http.get("/api/leads?status=Canaryfirst").await;
    assert_eq!(refusal["code"], "invalid_query", "{refusal}");

    let path = format!("/api/leads/{}", leads[0]);
    http.send(Method::PUT, &path, &[], Some(json!({ "notes": "canarynote canarynote" }))).await;
    for phone in phones {
        http.send(Method::POST, "/api/dnc", &[], Some(json!({ "phone": phone }))).await;
        http.get(&format!("/api/dnc/check?phone=%2B{}", &phone[1..])).await;
    }
    // A list with one of them again, and a row that is no lead: what is kept of both tells who they are.
    let list = format!(
        "first_name,last_name,phone,email,notes,pet\r\n\
         Canaryfirst,Canarylast,{},canary@example.com,canarynote,canarynote\r\n\
         Canaryfirst,Canarylast,canarynote,canary@example.com,,\r\n",
        phones[0]
    );
    let import = text(&http.upload(&list).await, "id");
    until("the list is read", Duration::from_secs(60), async || {
        http.get(&format!("/api/imports/{import}")).await["status"] == "finished"
    })
    .await;
    // Whatever there is to read, exports among it.
    let document = http.get("/api/openapi.json").await;
    let mut read = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        let path = path
            .replace("{lead_id}", &leads[0])
            .replace("{campaign_id}", campaign)
            .replace("{import_id}", &import);
        if operations.get("get").is_some() && !path.contains('{') {
            http.get(&path).await;
            read += 1;
        }
    }
    assert!(read >= 10, "{read} things were read");
    http.send(Method::DELETE, &format!("/api/leads/{}?erase=true", leads[1]), &[], None).await;
}

/// Every row of every table as text, with bytes as the characters they are.
async fn database(url: &str) -> Vec<String> {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql("set bytea_output = 'escape'").execute(&mut connection).await.unwrap();
    let tables =
        "select relname::text from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut connection).await.unwrap();
    let mut rows = Vec::new();
    for table in tables {
        let dump = sqlx::AssertSqlSafe(format!("select '{table} ' || t::text from {table} t"));
        rows.extend(sqlx::query_scalar::<_, String>(dump).fetch_all(&mut connection).await.unwrap());
    }
    rows
}

/// Every key of Redis with its content, read by its type: a dump would be compressed.
async fn queues(url: &str) -> Vec<String> {
    let client = redis::Client::open(url).unwrap();
    let mut redis = client.get_multiplexed_async_connection().await.unwrap();
    let mut content = Vec::new();
    for key in redis.keys("*").await.unwrap() {
        let kind: String = redis::cmd("TYPE").arg(&key).query_async(&mut redis).await.unwrap();
        let mut read = match kind.as_str() {
            "string" => redis::cmd("GET"),
            "hash" => redis::cmd("HGETALL"),
            "set" => redis::cmd("SMEMBERS"),
            "list" => redis::cmd("LRANGE"),
            "zset" => redis::cmd("ZRANGE"),
            "none" => continue,
            other => panic!("a key of type {other}, {key}: say here how it is read"),
        };
        read.arg(&key);
        if matches!(kind.as_str(), "list" | "zset") {
            read.arg(0).arg(-1);
        }
        let value: redis::Value = read.query_async(&mut redis).await.unwrap();
        content.push(format!("{key} {}", content_of(&value)));
    }
    content
}

fn content_of(value: &redis::Value) -> String {
    match value {
        redis::Value::BulkString(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        redis::Value::Array(values) | redis::Value::Set(values) => {
            values.iter().map(content_of).collect::<Vec<_>>().join(" ")
        }
        redis::Value::Map(pairs) => pairs
            .iter()
            .map(|(key, value)| format!("{} {}", content_of(key), content_of(value)))
            .collect::<Vec<_>>()
            .join(" "),
        other => format!("{other:?}"),
    }
}

fn logs(site: &Site) -> Vec<String> {
    let files = std::fs::read_dir(&site.folder).unwrap().map(|entry| entry.unwrap().path());
    let texts =
        files.filter(|path| path.is_file()).map(|path| std::fs::read_to_string(path).unwrap_or_default());
    texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect()
}
