//! The canary: whatever happens to leads with telling names, no sink of ours shows them, only the carrier.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::time::Duration;

use redis::AsyncTypedCommands as _;
use secrecy::ExposeSecret as _;
use sqlx::{Connection as _, PgConnection};
use support::processes::Role;
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
    // Goal: people who answer, a machine, a busy line, a refused number, one who is on the list and one who
    // is erased: neither the database, nor any process's log, nor Redis has a name, an address, a note or a
    // number of theirs.
    let mut phones: Vec<String> = (0..6).map(phone).collect();
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
    let spec = Spec { scripts: scripts(lines), cadence: cadence(1, 60), ..Spec::default() };
    let site = Site::make("personal_data", spec).await;
    let fleet = site.staff(&[Role::Serve, Role::Work, Role::Schedule], None).await;
    site.rig.do_not_call(&phones[5]).await;
    let leads: Vec<NewLead> = phones.iter().map(|phone| canary(phone)).collect();
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
        content.push(format!("{key} {}", text(&value)));
    }
    content
}

fn text(value: &redis::Value) -> String {
    match value {
        redis::Value::BulkString(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        redis::Value::Array(values) | redis::Value::Set(values) => {
            values.iter().map(text).collect::<Vec<_>>().join(" ")
        }
        redis::Value::Map(pairs) => pairs
            .iter()
            .map(|(key, value)| format!("{} {}", text(key), text(value)))
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
