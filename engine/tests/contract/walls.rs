//! The walls between organisations: what row-level security refuses when the code forgets to ask.

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Postgres, Transaction};
use uuid::Uuid;
use warmline_engine::campaigns::NewCampaign;
use warmline_engine::recordings::Recording;
use warmline_engine::{Database, Engine, Error, Options, testing};
use warmline_workflows::TenantId;
use warmline_workflows::window::{CallingWindow, Terms};

use crate::world::{World, lead};

/// A table that holds rows of organisations, and the column that says whose.
struct Walled {
    name: String,
    key: String,
}

/// From the catalogue, so that a table that comes later is among them.
async fn walled(world: &World) -> Vec<Walled> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "select t.relname::text, k.attname::text
         from pg_class t
         join pg_attribute k on k.attrelid = t.oid and not k.attisdropped
              and k.attname = case when t.relname = 'tenants' then 'id' else 'tenant_id' end
         where t.relkind in ('r', 'p') and t.relnamespace = 'public'::regnamespace
         order by 1",
    )
    .fetch_all(&world.sql)
    .await
    .unwrap();
    rows.into_iter().map(|(name, key)| Walled { name, key }).collect()
}

/// Gives an organisation at least one row in every table; whoever adds a table adds a row here.
async fn seed(world: &World, tenant: TenantId, name: &str) {
    let engine = &world.engine;
    let group = engine.add_group(tenant, "Sales").await.unwrap();
    let agent = warmline_engine::agents::NewAgent {
        name: format!("Agent of {name}"),
        phone: "+12125550150".to_owned(),
        reach: warmline_workflows::agent::Reach::Phone,
        groups: vec![group],
        max_concurrent_calls: 1,
        working_hours: None,
    };
    let agent = engine.add_agent(tenant, &agent).await.unwrap();
    engine
        .set_presence(tenant, agent, warmline_workflows::agent::Presence::Available, world.now)
        .await
        .unwrap();
    let campaign = NewCampaign {
        name: name.to_owned(),
        group,
        caller_ids: vec!["+12125550100".to_owned()],
        local_presence: false,
        default_country: "US".to_owned(),
        conduct: warmline_workflows::call::Conduct::default(),
        window: CallingWindow::new(Terms::office_hours("America/New_York")).unwrap(),
        cadence: warmline_workflows::cadence::Cadence::default(),
        max_concurrent_calls: 10,
        script: String::new(),
    };
    let campaign = engine.add_campaign(tenant, &campaign).await.unwrap();
    let active = warmline_workflows::campaign::Status::Active;
    engine.set_campaign_status(tenant, campaign, active, world.now).await.unwrap();
    engine.store_leads(tenant, campaign, &[lead(0), lead(1)], world.now).await.unwrap();
    engine.add_do_not_call(tenant, "+12125550199", "asked", world.now).await.unwrap();
    assert_eq!(engine.pace(tenant, campaign, world.now).await.unwrap().opened, 1);
    let call = engine.all_calls(tenant).await.unwrap()[0];
    let recording = Recording { tenant, call, recording_sid: "RE1".to_owned(), duration_s: 1 };
    engine.note_recording(&recording, world.now).await.unwrap();
    engine.roll_up(tenant).await.unwrap();
    for statement in [
        "insert into call_rollups
             (tenant_id, by_agent, span_min, starts_at, campaign_id, agent_id, disposition, calls, answered, bridged,
              talk_s, wait_ms, cost_micros)
         values ($1, true, 15, now(), $2, $2, 'busy', 1, 0, 0, 0, 0, 0)",
        "insert into users (tenant_id, id, email, role) values ($1, $2, 'somebody@example.com', 'manager')",
        "insert into caller_ids (tenant_id, id, phone) values ($1, $2, '+12125550100')",
        "insert into audio_files (tenant_id, id, name, created_by) values ($1, $2, 'Greeting', 'usr_1')",
        "insert into agent_reservations
             (tenant_id, agent_id, call_id, stage, reserved_by, fence, reserved_at, stage_since)
         select $1, id, $2, 'reserved', 1, 1, now(), now() from agents where tenant_id = $1",
        "insert into sessions (tenant_id, id, user_id, token, expires_at)
         select $1, $2, id, '', now() from users where tenant_id = $1",
        "insert into api_keys (tenant_id, id, name, secret, scopes) values ($1, $2, 'CRM', '', '{}')",
        "insert into invitations (tenant_id, id, email, role, secret, expires_at)
         values ($1, $2, 'somebody@example.com', 'manager', '', now())",
        "insert into idempotent_requests (tenant_id, actor, key, request) values ($1, $2, 'key', '')",
        "insert into audit_log (tenant_id, id, actor, action, subject) values ($1, $2, 'a', 'b', 'c')",
        "insert into carrier_accounts (tenant_id, id, account_sid, credentials, calls_per_second, is_current, version)
         values ($1, $2, 'AC1', '', 1, true, 1)",
        "insert into budgets (tenant_id, day) select $1, current_date where $2::uuid is not null",
        "insert into inquiries (tenant_id, call_id, about, carrier_id, opened_at, closed_at, due_at)
         values ($1, $2, 'recording', $2, now(), now(), now())",
        "insert into cost_corrections (tenant_id, call_id, micros) values ($1, $2, 1)",
        "insert into imports (tenant_id, id) values ($1, $2)",
        "insert into live_tickets (tenant_id, id, secret, session_id, expires_at) values ($1, $2, '', $2, now())",
        "insert into call_notes (tenant_id, call_id, notes)
         select tenant_id, id, '' from calls where tenant_id = $1 and $2::uuid is not null",
        "insert into import_chunks (tenant_id, import_id, place, bytes)
         select tenant_id, id, 0, '' from imports where tenant_id = $1 and $2::uuid is not null",
        "insert into import_rows (tenant_id, import_id, line, outcome, body)
         select tenant_id, id, 2, 'valid', '' from imports where tenant_id = $1 and $2::uuid is not null",
        "insert into import_numbers (tenant_id, import_id, phone_key, line)
         select tenant_id, id, decode(repeat('00', 16), 'hex'), 2 from imports
         where tenant_id = $1 and $2::uuid is not null",
        "insert into import_templates (tenant_id, id, name, mapping) values ($1, $2, 'Lists', '{}')",
        "insert into webhook_endpoints (tenant_id, id, url, secret, cursor_xid, cursor_id)
         values ($1, $2, 'https://example.com', '', '0', 0)",
        "insert into webhook_deliveries (tenant_id, id, endpoint_id, event_xid, event_id)
         select e.tenant_id, $2, w.id, e.xid, e.id from events e
         join webhook_endpoints w on w.tenant_id = e.tenant_id where e.tenant_id = $1 limit 1",
    ] {
        sqlx::query(statement).bind(tenant.0).bind(Uuid::now_v7()).execute(&world.sql).await.unwrap();
    }
}

/// Two organisations with rows in every table.
async fn twins() -> (World, TenantId, TenantId) {
    let world = World::new().await;
    let one = world.engine.add_tenant("One", 10).await.unwrap();
    let other = world.engine.add_tenant("Other", 10).await.unwrap();
    seed(&world, one, "One").await;
    seed(&world, other, "Other").await;
    (world, one, other)
}

async fn scope(world: &World, tenant: TenantId) -> Transaction<'static, Postgres> {
    testing::tenant_scope(world.engine.database(), tenant).await.unwrap()
}

async fn count(on: impl sqlx::PgExecutor<'_>, query: String) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(query)).fetch_one(on).await.unwrap()
}

/// How many rows a statement touched, or why it was refused.
async fn attempt(world: &World, tenant: TenantId, statement: String) -> Result<u64, String> {
    let mut transaction = scope(world, tenant).await;
    let done = transaction.execute(AssertSqlSafe(statement)).await;
    done.map(|done| done.rows_affected()).map_err(|error| error.to_string())
}

#[tokio::test]
async fn nothing_of_another_organisation_is_read_or_written() {
    // Goal: in the scope of one organisation a query without a `where` shows its rows alone, and no row of
    // another can be changed, deleted, added or taken over, in any table.
    let (world, one, other) = twins().await;
    for Walled { name, key } in walled(&world).await {
        let of = |tenant: TenantId| format!("{key} = '{}'", tenant.0);
        let all = |tenant| format!("select count(*) from {name} where {}", of(tenant));
        let (mine, theirs) = (count(&world.sql, all(one)).await, count(&world.sql, all(other)).await);
        assert!(mine > 0 && theirs > 0, "there is no row in {name}: add one to `seed`");

        let visible = count(&mut *scope(&world, one).await, format!("select count(*) from {name}")).await;
        assert_eq!(visible, mine, "{name}: visible without a where");
        assert_eq!(count(&mut *scope(&world, one).await, all(other)).await, 0, "{name}: read");

        let touch = format!("update {name} set {key} = {key} where {}", of(other));
        let delete = format!("delete from {name} where {}", of(other));
        for statement in [touch, delete] {
            // From some tables nobody takes anything away.
            match attempt(&world, one, statement).await {
                Ok(rows) => assert_eq!(rows, 0, "{name}: written"),
                Err(refusal) => assert!(refusal.contains("permission denied"), "{name}: {refusal}"),
            }
        }
        let insert = format!("insert into {name} ({key}) values ('{}')", other.0);
        let give_away = format!("update {name} set {key} = '{}' where {}", other.0, of(one));
        for statement in [insert, give_away] {
            let refusal = attempt(&world, one, statement).await.unwrap_err();
            let walls = ["violates row-level security policy", "permission denied"];
            assert!(walls.iter().any(|wall| refusal.contains(wall)), "{name}: {refusal}");
        }
        let truncate = attempt(&world, one, format!("truncate {name}")).await.unwrap_err();
        assert!(truncate.contains("permission denied"), "{name}: {truncate}");

        let mut system = testing::system_scope(world.engine.database()).await.unwrap();
        assert_eq!(count(&mut system, all(other)).await, theirs, "{name}: seen by duties");
    }
    for view in ["agent_board", "call_queue"] {
        let foreign = format!("select count(*) from {view} where tenant_id = '{}'", other.0);
        assert!(count(&world.sql, foreign.clone()).await > 0, "{view} is empty");
        assert_eq!(count(&mut *scope(&world, one).await, foreign).await, 0, "{view}");
    }
    // The same through the engine: another's campaign is not there.
    let theirs = world.engine.campaign_by_name(other, "Other").await.unwrap().unwrap();
    assert_eq!(world.engine.campaign_status(one, theirs).await.unwrap(), None);
}

#[tokio::test]
async fn without_an_organisation_there_is_an_error_and_no_way_back_to_the_login() {
    // Goal: whoever forgets the scope hears of it, on a fresh connection and on one that had a scope before;
    // and a session that resets its role is no more than it was.
    let world = World::new().await;
    let mut connection = testing::system_scope(world.engine.database()).await.unwrap();
    for before in
        ["select 1", "begin; set local app.tenant_id = 'a4f0a1de-0000-7000-8000-000000000000'; rollback"]
    {
        sqlx::raw_sql(before).execute(&mut connection).await.unwrap();
        let mut transaction = connection.begin().await.unwrap();
        sqlx::raw_sql("set local role warmline_app").execute(&mut *transaction).await.unwrap();
        let read = sqlx::query("select count(*) from leads").execute(&mut *transaction).await;
        let why = read.unwrap_err().to_string();
        assert!(why.contains("app.tenant_id") || why.contains("invalid input syntax for type uuid"), "{why}");
    }
    sqlx::raw_sql("reset role").execute(&mut connection).await.unwrap();
    let role: String =
        sqlx::query_scalar("select current_user::text").fetch_one(&mut connection).await.unwrap();
    assert_eq!(role, "warmline_system");
    world.audit().await;
}

#[tokio::test]
async fn a_scope_ends_with_its_transaction() {
    // Goal: a connection that served one organisation serves the next, whether the first was committed,
    // dropped or failed; and duties are not caught in a scope.
    let (world, one, other) = twins().await;
    let database = Database::connect(&world.url, 1).await.unwrap();
    let names = async |tenant| -> Vec<String> {
        let mut transaction = testing::tenant_scope(&database, tenant).await.unwrap();
        sqlx::query_scalar("select name from campaigns").fetch_all(&mut *transaction).await.unwrap()
    };
    for _ in 0..3 {
        assert_eq!(names(one).await, ["One"]);
        let mut failing = testing::tenant_scope(&database, one).await.unwrap();
        sqlx::query("select 1 / 0").execute(&mut *failing).await.unwrap_err();
        drop(failing);
        assert_eq!(names(other).await, ["Other"]);
        testing::tenant_scope(&database, other).await.unwrap().commit().await.unwrap();
        database.walls().await.unwrap();
    }
}

#[tokio::test]
async fn a_gap_in_a_wall_keeps_the_program_from_starting() {
    // Goal: whatever lets one organisation through to another's rows is seen at the start, by name.
    let world = World::new().await;
    let database = world.engine.database();
    database.walls().await.unwrap();
    for (breach, said, repair) in [
        (
            "create table notes (tenant_id uuid not null, text text)",
            "notes is without row-level security",
            "call wall_off('notes')",
        ),
        (
            "alter table notes disable row level security",
            "notes is without row-level security",
            "alter table notes enable row level security",
        ),
        (
            "alter table leads no force row level security",
            "leads does not force row-level security",
            "alter table leads force row level security",
        ),
        (
            "create policy convenient on leads using (true)",
            "leads has not the one policy for warmline_app",
            "drop policy convenient on leads",
        ),
        (
            "alter policy one_tenant on leads using (tenant_id is not null)",
            "leads has not the one policy for warmline_app",
            "alter policy one_tenant on leads using (tenant_id = current_setting('app.tenant_id')::uuid)",
        ),
        (
            "alter policy one_tenant on leads with check (true)",
            "leads has not the one policy for warmline_app",
            "alter policy one_tenant on leads with check (tenant_id = current_setting('app.tenant_id')::uuid)",
        ),
        (
            "drop policy all_tenants on calls",
            "calls has not the one policy for warmline_system",
            "create policy all_tenants on calls to warmline_system using (true) with check (true)",
        ),
        (
            "grant truncate on calls to warmline_app",
            "warmline_app may truncate calls",
            "revoke truncate on calls from warmline_app",
        ),
        (
            "alter table notes owner to warmline_app",
            "warmline_app has the rights of the owner of notes",
            "alter table notes owner to warmline",
        ),
        (
            "create view everybody as select tenant_id, kind from leads",
            "everybody shows rows of organisations with the rights of its owner",
            "alter view everybody set (security_invoker = true)",
        ),
    ] {
        world.run(breach).await;
        let refusal = database.walls().await.unwrap_err().to_string();
        assert!(refusal.contains(said), "after `{breach}`: {refusal}");
        world.run(repair).await;
        database.walls().await.unwrap();
    }
}

#[tokio::test]
async fn an_owner_who_is_no_superuser_migrates_and_works() {
    // Goal: all of it works for a login with no more rights than to own its database; a login that may not
    // switch to the roles is told what to grant.
    let world = World::new().await;
    let name = format!("owner_{:08x}", rand_word());
    let server = world.url.clone();
    let mut admin = PgConnection::connect(&server).await.unwrap();
    for statement in [
        format!("create role {name} login createrole"),
        format!("create role stranger_{name} login"),
        // From Postgres 16 on, whoever did not make a role cannot grant it.
        format!("grant warmline_system, warmline_app to {name}"),
        format!("create database {name} owner {name}"),
    ] {
        admin.execute(AssertSqlSafe(statement)).await.unwrap();
    }
    let (user, rest) = server.split_once('@').unwrap();
    assert!(user.ends_with("://warmline"), "{user}");
    let (place, query) = rest.split_once('?').unwrap();
    let host = place.rsplit_once('/').unwrap().0;
    let url = |login: &str| format!("postgres://{login}@{host}/{name}?{query}");

    let owned = Database::connect(&url(&name), 2).await.unwrap();
    owned.migrate().await.unwrap();
    assert!(owned.is_migrated().await.unwrap());
    owned.walls().await.unwrap();
    let (engine, _commands): (Engine, _) = Engine::start(owned, Options::default());
    let tenant = engine.add_tenant("Example", 1).await.unwrap();
    engine.add_group(tenant, "Sales").await.unwrap();
    assert_eq!(engine.tenant_by_name("Example").await.unwrap(), Some(tenant));
    assert!(engine.alarms_due(world.now, 10).await.unwrap().is_empty());
    // Nor does the owner see more than it is told to, and foreign keys hold all the same.
    assert!(matches!(engine.add_campaign(tenant, &unknown_group()).await, Err(Error::NotFound(_))));

    let stranger = Database::connect(&url(&format!("stranger_{name}")), 1).await.unwrap();
    let refusal = stranger.walls().await.unwrap_err().to_string();
    assert!(refusal.contains("cannot work as warmline_system"), "{refusal}");
    assert!(refusal.contains("grant warmline_system, warmline_app to"), "{refusal}");
}

fn unknown_group() -> NewCampaign {
    NewCampaign {
        name: "Autumn".to_owned(),
        group: warmline_workflows::GroupId(Uuid::now_v7()),
        caller_ids: vec!["+12125550100".to_owned()],
        local_presence: false,
        default_country: "US".to_owned(),
        conduct: warmline_workflows::call::Conduct::default(),
        window: CallingWindow::new(Terms::office_hours("America/New_York")).unwrap(),
        cadence: warmline_workflows::cadence::Cadence::default(),
        max_concurrent_calls: 10,
        script: String::new(),
    }
}

/// Roles are of the whole server, so their names must not collide.
fn rand_word() -> u32 {
    u32::try_from(Uuid::now_v7().as_u128() & u128::from(u32::MAX)).unwrap()
}
