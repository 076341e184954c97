//! A home: an organisation with people of every role and one of each thing, and what a request of each operation
//! says in it. Whoever adds a kind of id adds a thing; whoever adds an operation adds a line to [`ask`].

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;
use warmline::api::token::{Bearer, Secret};
use warmline_engine::agents::NewAgent;
use warmline_engine::caller_ids::{Terms, Unchecked};
use warmline_engine::campaigns::NewCampaign;
use warmline_engine::carriers::{ApiKey, NewCarrierAccount};
use warmline_engine::endpoints::NewEndpoint;
use warmline_engine::identity::api_keys::NewKey;
use warmline_engine::identity::invitations::NewInvitation;
use warmline_engine::identity::users::NewUser;
use warmline_workflows::agent::{Presence, Reach};
use warmline_workflows::campaign::Status;
use warmline_workflows::{
    ApiKeyId, CampaignId, DeliveryId, EndpointId, GroupId, InvitationId, NumberId, Role, SessionId, TenantId,
    UserId,
};

use crate::desk::{Desk, Person};
use crate::support::sound::wav;
use crate::support::{OWN_ACCOUNT, OWN_KEY, OWN_TOKEN, lead};

/// An organisation with something of everything.
pub(crate) struct Home<'a> {
    pub(crate) desk: &'a Desk,
    pub(crate) tenant: TenantId,
    /// One of each kind, by what its id begins with.
    pub(crate) things: BTreeMap<&'static str, String>,
    users: BTreeMap<Role, UserId>,
}

/// What a request says besides its path.
#[derive(Clone, Default)]
pub(crate) struct Ask {
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) body: Option<Value>,
    /// Whether the operation is refused in a home as it is: it was reached, and things stand against it.
    pub(crate) refused: bool,
}

/// What a request of an operation says; none when nobody has written that down yet. Every id that the operation
/// takes in its query or its body has to be there.
pub(crate) fn ask(operation: &str, home: &Home<'_>) -> Option<Ask> {
    let id = |prefix: &str| home.things[prefix].clone();
    let body = |body: Value| Ask { body: Some(body), ..Ask::default() };
    let query = |query| Ask { query, ..Ask::default() };
    let refused = |ask| Ask { refused: true, ..ask };
    let period = vec![("from", "2026-11-23T00:00:00Z".to_owned()), ("to", "2026-11-24T00:00:00Z".to_owned())];
    Some(match operation {
        "logout" | "me" | "logout_everywhere" | "list_sessions" | "end_session" => Ask::default(),
        "change_password" => {
            body(json!({ "old_password": PASSWORD, "new_password": "another horse battery" }))
        }
        "create_invitation" => body(json!({ "email": "new@example.com", "role": "agent" })),
        "list_invitations" | "revoke_invitation" => Ask::default(),
        "list_users" | "get_user" | "delete_user" | "begin_password_reset" => Ask::default(),
        "update_user" => body(json!({ "name": "Another Name" })),
        "create_api_key" => body(json!({ "name": "CRM", "scopes": ["leads:read"] })),
        "list_api_keys" | "revoke_api_key" | "list_audit_log" => Ask::default(),
        "get_tenant" | "list_caller_ids" | "remove_caller_id" => Ask::default(),
        "update_tenant" => body(json!({ "time_zone": "America/Chicago" })),
        "add_caller_id" => body(json!({ "phone": "+12125550142" })),
        "update_caller_id" => body(json!({ "daily_cap": 75 })),
        "get_carrier" | "remove_carrier" => Ask::default(),
        "set_carrier" => body(json!({ "account_sid": OWN_ACCOUNT, "auth_token": OWN_TOKEN })),
        "list_tenants" | "get_any_tenant" => Ask::default(),
        "create_tenant" => body(json!({ "name": "New" })),
        "update_any_tenant" => body(json!({ "max_users": 7 })),
        "invite_tenant_admin" => body(json!({ "email": "new@example.com" })),
        "create_campaign" => body(json!({
            "name": "Autumn", "group_id": id("grp"), "calling_window": { "time_zone": "America/New_York" },
            "caller_id": CALLER_ID, "conduct": playing(&id("aud")),
        })),
        "update_campaign" => body(json!({
            "group_id": id("grp"), "max_concurrent_calls": 7, "conduct": playing(&id("aud")),
        })),
        "list_campaigns" | "get_campaign" | "delete_campaign" | "start_campaign" | "pause_campaign"
        | "resume_campaign" | "stop_campaign" | "clone_campaign" => Ask::default(),
        "create_webhook_endpoint" => body(json!({ "url": "https://crm.example.com/warmline" })),
        "update_webhook_endpoint" => body(json!({ "description": "CRM" })),
        "list_webhook_endpoints"
        | "get_webhook_endpoint"
        | "delete_webhook_endpoint"
        | "get_webhook_secret"
        | "rotate_webhook_secret"
        | "test_webhook_endpoint"
        | "list_webhook_deliveries"
        | "redeliver_webhook" => Ask::default(),
        "list_events" => Ask::default(),
        "list_leads" => query(vec![("campaign_id", id("cmp"))]),
        "create_lead" => body(json!({ "campaign_id": id("cmp"), "phone": "+12125550172" })),
        "update_lead" => body(json!({ "notes": "Prefers the afternoon" })),
        "get_lead" | "delete_lead" | "explain_lead" | "preview_campaign" => Ask::default(),
        "list_dnc" => Ask::default(),
        "add_dnc" => body(json!({ "phone": "+12125550173" })),
        "add_dnc_bulk" => body(json!({ "phones": ["+12125550173", "+12125550174"] })),
        "check_dnc" | "remove_dnc" => query(vec![("phone", LISTED.to_owned())]),
        "list_groups" | "get_group" | "remove_group_member" => Ask::default(),
        "create_group" | "update_group" => body(json!({ "name": "Night shift" })),
        // A campaign draws from it.
        "delete_group" => refused(Ask::default()),
        "add_group_members" => body(json!({ "agent_ids": [id("agt")] })),
        "list_agents" => query(vec![("group_id", id("grp"))]),
        "create_agent" => body(json!({
            "name": "Cleo", "phone": "+12125550188", "group_ids": [id("grp")], "user_id": id("usr"),
        })),
        "update_agent" => body(json!({ "group_ids": [id("grp")], "user_id": id("usr") })),
        "get_agent" | "get_own_agent" | "delete_agent" | "issue_softphone_token" => Ask::default(),
        "get_own_desk" | "issue_live_ticket" | "get_board" => Ask::default(),
        // The call is over, and nobody is called for it.
        "accept_call" | "decline_call" => refused(Ask::default()),
        // Nobody talks with the lead.
        "set_call_sound" => refused(body(json!({ "held": true }))),
        "keep_call_notes" => body(json!({ "notes": "Asks for an offer" })),
        "set_agent_status" => body(json!({ "status": "available" })),
        "list_calls" | "export_calls" => {
            query(vec![("campaign_id", id("cmp")), ("lead_id", id("lead")), ("agent_id", id("agt"))])
        }
        "get_call" | "hang_up_call" | "link_recordings" | "delete_recordings" => Ask::default(),
        "list_audio" | "get_audio" | "delete_audio" | "link_audio" => Ask::default(),
        "upload_audio" => body(json!({ "file": String::from_utf8(wav(2)).unwrap() })),
        // Its conversation is not over.
        "write_up_call" => refused(body(json!({ "disposition": "answered" }))),
        "get_call_overview"
        | "get_calls_by_campaign"
        | "get_calls_by_disposition"
        | "get_calls_by_agent"
        | "get_calls_by_hour" => query([vec![("campaign_id", id("cmp"))], period].concat()),
        "upload_leads" => body(
            json!({ "file": "Telephone\n+12125550175\n", "campaign_id": id("cmp"), "template_id": id("tpl") }),
        ),
        "list_imports" => query(vec![("campaign_id", id("cmp"))]),
        "get_lead_template" | "get_import" | "cancel_import" | "list_import_rows" | "get_import_rejects" => {
            Ask::default()
        }
        // It has not been read yet.
        "undo_import" => refused(Ask::default()),
        "create_import_template" | "update_import_template" => {
            body(json!({ "name": "Another", "mapping": { "Tel": "phone" } }))
        }
        "list_import_templates" | "get_import_template" | "delete_import_template" => Ask::default(),
        "get_limits" | "get_any_limits" => Ask::default(),
        "update_limits" | "update_any_limits" => body(json!({ "allowed_countries": ["US"] })),
        _ => return None,
    })
}

/// A conduct that has an audio file played wherever one can be.
fn playing(audio: &str) -> Value {
    json!({
        "opening_audio_id": audio, "apology_audio_id": audio, "recording_notice_audio_id": audio,
        "on_machine": { "action": "leave_message", "text": "Sorry to miss you.", "audio_id": audio },
    })
}

/// What has to be so before an operation can be carried out.
pub(crate) async fn prepare(operation: &str, home: &Home<'_>) {
    if matches!(operation, "get_own_agent" | "get_own_desk" | "issue_softphone_token") {
        let link = sqlx::query("update agents set user_id = $2, reach = 'browser' where tenant_id = $1");
        let user = home.users[&Role::Agent].0;
        link.bind(home.tenant.0).bind(user).execute(&home.desk.rig.database).await.unwrap();
    }
    let status = match operation {
        "pause_campaign" => Status::Active,
        "resume_campaign" => Status::Paused,
        _ => return,
    };
    let engine = &home.desk.rig.engine;
    let campaign: CampaignId = home.things["cmp"].parse().unwrap();
    let (active, now) = (Status::Active, home.desk.rig.now());
    engine.set_campaign_status(home.tenant, campaign, active, now).await.unwrap();
    engine.set_campaign_status(home.tenant, campaign, status, now).await.unwrap();
}

const PASSWORD: &str = "correct horse battery";
const CALLER_ID: &str = "+12125550100";
/// A number on the do-not-call list.
const LISTED: &str = "+12125550179";
const HOUR: Duration = Duration::from_secs(3600);

impl<'a> Home<'a> {
    /// Makes one, with `password_hash` for everybody in it.
    pub(crate) async fn build(desk: &'a Desk, password_hash: &str) -> Home<'a> {
        let engine = &desk.rig.engine;
        let tenant = engine.add_tenant("Home", 10).await.unwrap();
        let mut users = BTreeMap::new();
        for role in [Role::Agent, Role::Manager, Role::TenantAdmin, Role::Admin] {
            let user = NewUser {
                id: UserId(Uuid::now_v7()),
                email: format!("{role}@example.com"),
                name: "Somebody".to_owned(),
                role,
                password_hash: Some(password_hash.to_owned()),
            };
            engine.add_user(tenant, &user).await.unwrap();
            users.insert(role, user.id);
        }
        let mut home = Home { desk, tenant, things: BTreeMap::new(), users };
        home.fill().await;
        home
    }

    /// One of each kind.
    async fn fill(&mut self) {
        let (engine, tenant) = (&self.desk.rig.engine, self.tenant);
        let mut add = |prefix, id: String| self.things.insert(prefix, id);
        add("tnt", tenant.to_string());
        let user = self.users[&Role::Agent];
        add("usr", user.to_string());
        let session = SessionId(Uuid::now_v7());
        engine.open_session(tenant, (user, session), (&[0; 32], HOUR), "test").await.unwrap();
        add("ses", session.to_string());
        let account = NewCarrierAccount {
            account_sid: OWN_ACCOUNT.to_owned(),
            auth_token: OWN_TOKEN.into(),
            calls_per_second: 1.0,
            api_key: Some(ApiKey { sid: OWN_KEY.0.to_owned(), secret: OWN_KEY.1.into() }),
            application_sid: None,
            elsewhere: None,
        };
        let account = engine.set_carrier_account(tenant, None, &account).await.unwrap();
        let group = engine.add_group(tenant, "Team").await.unwrap();
        add("grp", group.to_string());
        let campaign =
            NewCampaign { group, caller_ids: vec![CALLER_ID.to_owned()], ..self.desk.rig.template.clone() };
        add("cmp", engine.add_campaign(tenant, &campaign).await.unwrap().to_string());
        let number = NumberId(Uuid::now_v7());
        let now = self.desk.rig.now();
        let terms = Terms::default();
        engine.add_caller_id(tenant, number, ("+12125550141", &terms), now).await.unwrap();
        add("num", number.to_string());
        engine.add_caller_id(tenant, NumberId(Uuid::now_v7()), (CALLER_ID, &terms), now).await.unwrap();
        let asked = Unchecked { tenant, carrier: Some(account.id) };
        engine.note_listed(asked, &[CALLER_ID.to_owned()]).await.unwrap();
        let invitation = NewInvitation {
            id: InvitationId(Uuid::now_v7()),
            email: "bo@example.com".to_owned(),
            name: String::new(),
            role: Role::Agent,
            secret: [0; 32],
            invited_by: None,
        };
        add("inv", engine.invite(tenant, &invitation).await.unwrap().id.to_string());
        let endpoint = EndpointId(Uuid::now_v7());
        let url = "https://crm.example.com/warmline".to_owned();
        let new = NewEndpoint { url, description: String::new(), kinds: Vec::new() };
        add("ept", engine.add_endpoint(tenant, endpoint, &new).await.unwrap().id.to_string());
        let delivery = DeliveryId(Uuid::now_v7());
        let query = "with event as (
                insert into events (tenant_id, kind, at, body) values ($1, 'campaign.paused', now(), '{}')
                returning xid, id
            )
            insert into webhook_deliveries (tenant_id, id, endpoint_id, event_xid, event_id)
            select $1, $2, $3, xid, id from event";
        let query = sqlx::query(query).bind(tenant.0).bind(delivery.0).bind(endpoint.0);
        query.execute(&self.desk.rig.database).await.unwrap();
        add("dlv", delivery.to_string());
        let manager = self.person(Role::Manager).await;
        let lead = json!({ "campaign_id": self.things["cmp"], "phone": "+12125550171" });
        self.things.insert("lead", manager.post("/api/leads", lead).await.text("id"));
        assert!(manager.post("/api/dnc", json!({ "phone": LISTED })).await.status.is_success());
        let upload = [("file", "phone\n+12125550176\n"), ("campaign_id", self.things["cmp"].as_str())];
        let import = manager.post_form("/api/leads/upload", &[], &upload).await;
        self.things.insert("imp", import.text("id"));
        let audio = manager.post_bytes("/api/audio", &[], &[("file", &wav(2))]).await;
        self.things.insert("aud", audio.text("id"));
        let template = json!({ "name": "Broker lists", "mapping": { "Telephone": "phone" } });
        self.things.insert("tpl", manager.post("/api/import-templates", template).await.text("id"));
        self.call(group).await;
        let (id, _) = self.key(&["leads:read"]).await;
        self.things.insert("key", id);
    }

    /// An agent, and a call that is open, for a campaign and a lead of its own.
    async fn call(&mut self, group: GroupId) {
        let (engine, tenant, now) = (&self.desk.rig.engine, self.tenant, self.desk.rig.now());
        let agent = NewAgent {
            name: "Bo".to_owned(),
            phone: "+12125550189".to_owned(),
            reach: Reach::Phone,
            groups: vec![group],
            max_concurrent_calls: 1,
            working_hours: None,
        };
        let agent = engine.add_agent(tenant, &agent).await.unwrap();
        engine.set_presence(tenant, agent, Presence::Available, now).await.unwrap();
        self.things.insert("agt", agent.to_string());
        let template = self.desk.rig.template.clone();
        let campaign = NewCampaign { group, caller_ids: vec![CALLER_ID.to_owned()], ..template };
        let campaign = engine.add_campaign(tenant, &campaign).await.unwrap();
        engine.store_leads(tenant, campaign, &[lead("+12125550177")], now).await.unwrap();
        engine.set_campaign_status(tenant, campaign, Status::Active, now).await.unwrap();
        assert_eq!(engine.pace(tenant, campaign, now).await.unwrap().opened, 1);
        self.things.insert("call", engine.all_calls(tenant).await.unwrap()[0].to_string());
    }

    /// Somebody with this role, logged in.
    pub(crate) async fn person(&self, role: Role) -> Person<'a> {
        let session = self.session(role).await;
        self.shows(role, session)
    }

    /// Somebody with this role whose login was ended.
    pub(crate) async fn logged_out(&self, role: Role) -> Person<'a> {
        let session = self.session(role).await;
        self.desk.rig.engine.end_session(self.tenant, session).await.unwrap();
        self.shows(role, session)
    }

    /// Somebody with this role whose login ran out.
    pub(crate) async fn expired(&self, role: Role) -> Person<'a> {
        let session = self.session(role).await;
        sqlx::query("update sessions set expires_at = now() where id = $1")
            .bind(session.0)
            .execute(&self.desk.rig.database)
            .await
            .unwrap();
        self.shows(role, session)
    }

    /// A program that was given these scopes.
    pub(crate) async fn program(&self, scopes: &[&str]) -> Person<'a> {
        let (_, secret) = self.key(scopes).await;
        self.desk.bearer(secret)
    }

    async fn session(&self, role: Role) -> SessionId {
        let id = SessionId(Uuid::now_v7());
        let (engine, user) = (&self.desk.rig.engine, self.users[&role]);
        engine.open_session(self.tenant, (user, id), (&[0; 32], HOUR), "test").await.unwrap();
        id
    }

    fn shows(&self, role: Role, session: SessionId) -> Person<'a> {
        let keys = &self.desk.rig.setup.api.as_ref().unwrap().keys;
        let token = keys.sign(Bearer { tenant: self.tenant, user: self.users[&role], session });
        self.desk.bearer(token.unwrap())
    }

    async fn key(&self, scopes: &[&str]) -> (String, String) {
        let secret = Secret::new(self.tenant, Uuid::now_v7());
        let key = NewKey {
            id: ApiKeyId(secret.row),
            name: "program".to_owned(),
            secret: secret.digest(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            created_by: self.users[&Role::TenantAdmin],
            expires_at: None,
        };
        self.desk.rig.engine.add_api_key(self.tenant, &key).await.unwrap();
        (key.id.to_string(), secret.text("wlk_"))
    }

    /// A digest of every row of the organisation, but for those of tables that are named.
    pub(crate) async fn digest(&self, but: &[&str]) -> String {
        let pool = &self.desk.rig.database;
        let tables: Vec<(String, String)> = sqlx::query_as(
            "select t.relname::text, k.attname::text
             from pg_class t
             join pg_attribute k on k.attrelid = t.oid and not k.attisdropped
                  and k.attname = case when t.relname = 'tenants' then 'id' else 'tenant_id' end
             where t.relkind in ('r', 'p') and t.relnamespace = 'public'::regnamespace
             order by 1",
        )
        .fetch_all(pool)
        .await
        .unwrap();
        let rows: Vec<String> = tables
            .iter()
            .filter(|(table, _)| !but.contains(&table.as_str()))
            .map(|(table, key)| {
                format!("select '{table}' || t::text as line from {table} t where {key} = $1")
            })
            .collect();
        let query = format!(
            "select md5(coalesce(string_agg(line, '|' order by line), '')) from ({}) as rows",
            rows.join(" union all ")
        );
        sqlx::query_scalar(sqlx::AssertSqlSafe(query)).bind(self.tenant.0).fetch_one(pool).await.unwrap()
    }
}
