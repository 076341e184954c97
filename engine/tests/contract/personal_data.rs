//! Personal data: sealed at rest, matched by digests, erased for good, and sealed anew while calls go on.

use std::time::Duration;

use secrecy::ExposeSecret as _;
use sqlx::{Connection as _, PgConnection};
use warmline_engine::endpoints::NewEndpoint;
use warmline_engine::feed::From;
use warmline_engine::idempotency::{Answer, Asked, Known};
use warmline_engine::leads::{NewLead, Stored};
use warmline_engine::placement::Claim;
use warmline_engine::recordings::Recording;
use warmline_engine::vault::{MasterKey, Secret};
use warmline_engine::{Database, Engine, Error, Options, Vault, testing};
use warmline_workflows::feed::Kind;
use warmline_workflows::{EndpointId, LeadId};

use crate::carriers::account;
use crate::script::conversation;
use crate::world::{World, lead, placement};

/// Words that stand nowhere else, in every field that is of a person.
fn canary(number: u32) -> NewLead {
    let phone = format!("+120255501{:02}", 10 + number);
    NewLead {
        first_name: "Canaryfirst".to_owned(),
        last_name: format!("Canarylast{number}"),
        email: Some(format!("canary{number}@example.com")),
        phone_original: format!("(202) 555-01{:02}", 10 + number),
        phone,
        notes: Some("canarynote".to_owned()),
        custom: serde_json::from_str(r#"{"pet":"canarypet"}"#).unwrap(),
        ..lead(0)
    }
}

const TRACES: [&str; 6] = ["canary", "Canary", "2025550", "555-01", "CANARY", "202) 555"];

/// Everything in the database as text, bytes included, table by table; and which of it shows a trace.
async fn traces(url: &str) -> Vec<String> {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql("set bytea_output = 'escape'").execute(&mut connection).await.unwrap();
    let tables: Vec<String> = sqlx::query_scalar(
        "select relname::text from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    let mut found = Vec::new();
    for table in tables {
        let dump = format!("select t::text from {table} t");
        let rows: Vec<String> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(dump)).fetch_all(&mut connection).await.unwrap();
        for trace in TRACES {
            found.extend(rows.iter().filter(|row| row.contains(trace)).map(|_| format!("{table}: {trace}")));
        }
    }
    found
}

/// Another process on the same database, with other keys.
async fn engine(url: &str, vault: Vault) -> Engine {
    let database = Database::connect(url, 4).await.unwrap().with_vault(vault);
    Engine::start(database, Options::default()).0
}

fn secret(byte: u8) -> Secret {
    Secret::new([byte; 32])
}

fn master(id: &str, byte: u8) -> MasterKey {
    MasterKey::new(id, secret(byte)).unwrap()
}

async fn name(engine: &Engine, world: &World, lead: LeadId) -> Result<String, String> {
    match engine.lead(world.tenant, lead).await {
        Ok(lead) => Ok(lead.person.map(|person| person.name()).unwrap_or_default()),
        Err(error) => Err(error.to_string()),
    }
}

/// What a request with a key comes to.
async fn asked(engine: &Engine, world: &World, key: &str) -> Result<Known, Error> {
    let (actor, request) = (uuid::Uuid::from_u128(1), [7; 32]);
    engine.begin_request(Asked { tenant: world.tenant, actor, key, request: &request }).await
}

/// Has a request answered, with words of a person.
async fn answered(world: &World, key: &str) -> Answer {
    assert!(matches!(asked(&world.engine, world, key).await, Ok(Known::New { .. })));
    let answer = Answer { status: 201, headers: serde_json::json!({}), body: b"canarypet".to_vec() };
    let (actor, request) = (uuid::Uuid::from_u128(1), [7; 32]);
    let of = Asked { tenant: world.tenant, actor, key, request: &request };
    world.engine.answer_request(of, &answer).await.unwrap();
    answer
}

async fn store(engine: &Engine, world: &World, lead: NewLead) -> Stored {
    engine.store_leads(world.tenant, world.campaign, &[lead], world.now).await.unwrap()[0]
}

#[tokio::test]
async fn nothing_personal_stands_in_the_database() {
    // Goal: after a whole conversation, a withheld placement, an entry on the do-not-call list and an answer
    // that may be asked for again, no table shows a name, a number, an address, a note or a custom field; with encryption off the same search finds
    // them, so it does search.
    let world = World::new().await;
    world.agent_with(1, |agent| agent.max_concurrent_calls = 9).await;
    let leads = vec![canary(0), canary(1), NewLead { do_not_call: true, ..canary(2) }];
    world.leads_in(world.campaign, leads).await;
    assert_eq!(world.pace().await, 2);
    let calls = world.open_calls().await;
    let lease = Duration::from_secs(60);
    let claim = world.engine.claim_placement(world.tenant, placement(calls[0]), lease, world.now).await;
    let Claim::Send(claimed) = claim.unwrap() else { panic!("not ours") };
    assert_eq!(claimed.destination().unwrap().1, canary(0).phone, "whoever dials knows the number");
    assert_eq!(claimed.plan.lead_name, "Canaryfirst Canarylast0");
    for turn in conversation(&world, calls[0]) {
        turn.take(&world.engine, world.tenant, calls[0]).await.unwrap();
    }
    world.engine.add_do_not_call(world.tenant, &canary(1).phone, "asked", world.now).await.unwrap();
    // Whoever asks may call the request by the number.
    answered(&world, &canary(1).phone).await;
    assert_eq!(traces(&world.url).await, [""; 0]);

    let open = engine(&world.url, Vault::plain(Vec::new(), Some(Secret::new(testing::INDEX_KEY)))).await;
    store(&open, &world, canary(3)).await;
    let found = traces(&world.url).await;
    assert!(found.contains(&"leads: canary".to_owned()), "{found:?}");
    world.audit().await;
}

#[tokio::test]
async fn a_sealed_value_is_worth_nothing_elsewhere() {
    // Goal: put into another row, or changed by a byte, it cannot be opened, and no other lead is held up; nor
    // is the answer to one request that to another; nor can it without the right keys. A wrong index key is refused before it fails to find a number.
    let world = World::new().await;
    let leads = world.leads(0..3).await;
    world.agent_with(1, |agent| agent.max_concurrent_calls = 9).await;
    for change in [
        "update leads set person = (select person from leads order by id desc limit 1)
         where id = (select min(id::text)::uuid from leads)",
        "update leads set person = set_byte(person, length(person) - 1, get_byte(person, length(person) - 1) # 1)
         where id = (select min(id::text)::uuid from leads where id > (select min(id::text)::uuid from leads))",
    ] {
        world.run(change).await;
    }
    for lead in &leads[..2] {
        let refusal = name(&world.engine, &world, *lead).await.unwrap_err();
        assert!(refusal.contains("does not open it, or it is not in its place"), "{refusal}");
    }
    assert_eq!(name(&world.engine, &world, leads[2]).await.unwrap(), "Lee Number 2");
    assert_eq!(world.pace().await, 1);
    let answer = answered(&world, "one").await;
    assert_eq!(asked(&world.engine, &world, "one").await.unwrap(), Known::Answered(answer));
    answered(&world, "two").await;
    world
        .run("update idempotent_requests r set body = o.body from idempotent_requests o where o.key <> r.key")
        .await;
    let refusal = asked(&world.engine, &world, "two").await.unwrap_err().to_string();
    assert!(refusal.contains("it is not in its place"), "{refusal}");

    let index = || Secret::new(testing::INDEX_KEY);
    let said = async |vault| name(&engine(&world.url, vault).await, &world, leads[2]).await.unwrap_err();
    let wrong = said(Vault::sealing(vec![master("test", 9)], index()).unwrap()).await;
    assert!(wrong.contains("is not the one that sealed it"), "{wrong}");
    let missing = said(Vault::sealing(vec![master("new", 9)], index()).unwrap()).await;
    assert!(missing.contains("\"test\", which this process was not given"), "{missing}");
    let other_index = said(Vault::plain(Vec::new(), None)).await;
    assert!(other_index.contains("is WARMLINE_INDEX_KEY the one it was?"), "{other_index}");
    assert!(said(Vault::locked()).await.contains("was given no keys"));
}

#[tokio::test]
async fn what_is_known_of_people_is_found_by_number_and_by_whole_words() {
    // Goal: names in any order and case, an address, a number; nothing of another organisation.
    let world = World::new().await;
    let [zoe, max] =
        [("Zoë", "O'Neil-Ash"), ("Max", "Ash")].map(|(first, last)| (first.to_owned(), last.to_owned()));
    let named = |number, (first_name, last_name): (String, String)| NewLead {
        first_name,
        last_name,
        email: Some(format!("Somebody{number}@Example.com")),
        ..lead(number)
    };
    let leads = world.leads_in(world.campaign, vec![named(0, zoe), named(1, max)]).await;
    for (text, found) in [
        ("ZOË", &leads[..1]),
        ("ash", &leads[..]),
        ("ash max", &leads[1..]),
        ("o'neil", &leads[..1]),
        ("somebody1@example.COM", &leads[1..]),
        ("as", &[]),
        ("zoë max", &[]),
        ("", &[]),
    ] {
        assert_eq!(world.engine.leads_with_words(world.tenant, text, 10).await.unwrap(), found, "{text}");
    }
    let other = world.engine.add_tenant("Other", 1).await.unwrap();
    assert!(world.engine.leads_with_words(other, "ash", 10).await.unwrap().is_empty());
    assert!(world.engine.leads_with_phone(other, &lead(0).phone).await.unwrap().is_empty());
    assert_eq!(world.engine.leads_with_phone(world.tenant, &lead(0).phone).await.unwrap(), leads[..1]);
}

#[tokio::test]
async fn an_erased_lead_leaves_what_happened_and_is_never_called_again() {
    // Goal: person and words are gone, from the lead and from its calls, in progress and over; the journal
    // still folds; recordings are marked; the number is refused for good, and in a new import. Of an entry that
    // was on the list the reason goes, too; the feed tells of each lead once, and of the numbers that are new there.
    let world = World::new().await;
    world.agent_with(1, |agent| agent.max_concurrent_calls = 9).await;
    let marked = NewLead { do_not_call: true, ..canary(2) };
    let leads = world.leads_in(world.campaign, vec![canary(0), canary(1), marked]).await;
    assert_eq!(world.pace().await, 2);
    let calls = world.open_calls().await;
    for turn in conversation(&world, calls[0]) {
        turn.take(&world.engine, world.tenant, calls[0]).await.unwrap();
    }
    let recording =
        Recording { tenant: world.tenant, call: calls[0], recording_sid: "RE1".to_owned(), duration_s: 3 };
    world.engine.note_recording(&recording, world.now).await.unwrap();
    for lead in &leads {
        for _ in 0..2 {
            world.engine.erase_lead(world.tenant, *lead, world.now).await.unwrap();
        }
        let kept = world.engine.lead(world.tenant, *lead).await.unwrap();
        assert!(kept.person.is_none() && kept.due_at.is_none());
    }
    assert_eq!(world.number("select count(*) from lead_words").await, 0);
    assert_eq!(world.number("select count(*) from calls where person is not null").await, 0);
    assert_eq!(world.number("select count(*) from recordings where status = 'to_erase'").await, 1);
    assert_eq!(world.number("select count(*) from dnc_list").await, 3);
    let kept =
        "select count(*) from dnc_list where phone is null and (reason, source) = ('erased', 'erasure')";
    assert_eq!(world.number(kept).await, 3);
    for (kind, times) in [(Kind::LeadsUpdated, 3), (Kind::DncListed, 2)] {
        world.settled().await;
        let told = world.engine.events_after(world.tenant, From::Start, &[kind], 10).await.unwrap();
        assert_eq!(told.entries.len(), times, "{kind:?}: {told:?}");
    }
    assert_eq!(world.stored(calls[0]).await.state().disposition().unwrap().as_str(), "answered");
    assert_eq!(world.state(calls[1]).await, "closing", "it had not been dialed");
    let lease = Duration::from_secs(60);
    let claim =
        world.engine.claim_placement(world.tenant, placement(calls[1]), lease, world.now).await.unwrap();
    assert!(
        matches!(&claim, Claim::Withhold { claimed, .. } if claimed.destination().is_none()),
        "{claim:?}"
    );
    let other = world.campaign_with(|_| {}).await;
    let again = world.engine.store_leads(world.tenant, other, &[canary(0)], world.now).await.unwrap();
    assert!(matches!(again[..], [Stored::DoNotCall(_)]), "{again:?}");
    assert!(matches!(store(&world.engine, &world, canary(1)).await, Stored::Duplicate));
    assert!(world.engine.erase_lead(world.tenant, LeadId(uuid::Uuid::now_v7()), world.now).await.is_err());
    world.audit().await;
}

#[tokio::test]
async fn keys_are_changed_while_calls_go_on() {
    // Goal: while one process rotates, another stores leads and opens calls without an error; afterwards
    // everything is sealed with the new key, under the new master key alone, and still read.
    let mut world = World::new().await;
    let index = || Secret::new(testing::INDEX_KEY);
    let vault =
        |masters| Vault::sealing(masters, index()).unwrap().looking_up_after(Duration::from_millis(150));
    let [old, new] = [("old", 1), ("new", 2)];
    let first = engine(&world.url, vault(vec![master(old.0, old.1)])).await;
    world.engine = first;
    world.agent_with(1, |agent| agent.max_concurrent_calls = 20).await;
    let leads = world.leads(0..10).await;
    world.engine.add_do_not_call(world.tenant, &lead(99).phone, "asked", world.now).await.unwrap();
    assert_eq!(world.pace().await, 10);
    let answer = answered(&world, "one").await;
    let endpoint = EndpointId(uuid::Uuid::now_v7());
    let draft = NewEndpoint { url: "https://crm.example.com/".to_owned(), ..NewEndpoint::default() };
    world.engine.add_endpoint(world.tenant, endpoint, &draft).await.unwrap();
    world.engine.rotate_secret(world.tenant, endpoint, Duration::from_secs(60)).await.unwrap();
    let secret = world.engine.endpoint_secret(world.tenant, endpoint).await.unwrap();
    world.engine.set_carrier_account(world.tenant, None, &account("AC1", "token")).await.unwrap();

    let both = vec![master(new.0, new.1), master(old.0, old.1)];
    world.engine = engine(&world.url, vault(both.clone())).await;
    let rotating = engine(&world.url, vault(both)).await;
    let rotation = tokio::spawn(async move { rotating.rotate_keys().await.unwrap() });
    let mut stored = 10;
    while !rotation.is_finished() || stored < 20 {
        if stored < 90 {
            world.leads(stored..stored + 1).await;
            stored += 1;
        }
        world.engine.lead_lines(world.tenant, world.campaign).await.unwrap();
    }
    let rotated = rotation.await.unwrap();
    assert!(rotated.values >= 21, "{rotated:?}");
    for (what, query) in [
        ("leads", "select count(*) from leads where get_byte(person, 0) <> 1 or get_byte(person, 2) <> 2"),
        ("calls", "select count(*) from calls where get_byte(person, 0) <> 1 or get_byte(person, 2) <> 2"),
        ("numbers", "select count(*) from dnc_list where get_byte(phone, 0) <> 1 or get_byte(phone, 2) <> 2"),
        (
            "secrets",
            "select count(*) from webhook_endpoints
             where get_byte(secret, 2) <> 2 or get_byte(previous_secret, 2) <> 2 or get_byte(secret, 0) <> 1",
        ),
        ("accounts", "select count(*) from carrier_accounts where get_byte(credentials, 2) <> 2"),
        ("keys", "select count(*) from tenant_keys where (key_id = 1) <> (retired_at is not null)"),
    ] {
        assert_eq!(world.number(query).await, 0, "{what} are not sealed anew");
    }
    let after = engine(&world.url, vault(vec![master(new.0, new.1)])).await;
    assert_eq!(asked(&after, &world, "one").await.unwrap(), Known::Answered(answer), "sealed as it was");
    assert_eq!(after.endpoint_secret(world.tenant, endpoint).await.unwrap(), secret);
    let line = after.carrier_line_of(world.tenant, "AC1").await.unwrap().unwrap();
    assert_eq!(line.credentials.auth_token.expose_secret(), "token");
    assert_eq!(name(&after, &world, leads[0]).await.unwrap(), "Lee Number 0");
    assert_eq!(after.leads_with_phone(world.tenant, &lead(0).phone).await.unwrap(), leads[..1]);
    world.audit().await;
}

#[tokio::test]
async fn encryption_is_switched_off_and_on_and_nothing_is_lost() {
    // Goal: what was sealed is read by whoever has the keys, whatever is done from now on; a rotation makes
    // all of it the same.
    let world = World::new().await;
    let sealed = world.leads(0..1).await[0];
    let masters = || vec![MasterKey::new("test", Secret::new(testing::MASTER_KEY)).unwrap()];
    let off = Vault::plain(masters(), Some(Secret::new(testing::INDEX_KEY)));
    let off = engine(&world.url, off).await;
    let Stored::Queued(plain) = store(&off, &world, lead(1)).await else { panic!("not stored") };
    for (engine, who) in [(&off, "off"), (&world.engine, "on")] {
        assert_eq!(name(engine, &world, sealed).await.unwrap(), "Lee Number 0", "{who}");
        assert_eq!(name(engine, &world, plain).await.unwrap(), "Lee Number 1", "{who}");
    }
    assert_eq!(off.rotate_keys().await.unwrap().values, 1);
    assert_eq!(world.number("select count(*) from leads where get_byte(person, 0) <> 0").await, 0);
    assert_eq!(name(&off, &world, sealed).await.unwrap(), "Lee Number 0");
    world.audit().await;
}
