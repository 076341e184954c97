//! Agents and their groups over HTTP.

use reqwest::Method;
use serde_json::{Value, json};

use crate::calls::{End, Floor};
use crate::desk::{Desk, Person};

async fn group(person: &Person<'_>, name: &str) -> String {
    let made = person.post("/api/agent-groups", json!({ "name": name })).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.text("id")
}

async fn agent(person: &Person<'_>, name: &str, more: Value) -> String {
    let mut draft = json!({ "name": name, "phone": "+12125550150" });
    draft.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let made = person.post("/api/agents", draft).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.text("id")
}

/// Somebody with the role of an agent, logged in.
pub(crate) async fn login<'a>(desk: &'a Desk, boss: &Person<'a>, name: &str) -> (Person<'a>, String) {
    // A user is made in the database: how people are invited is another story.
    let sql = "insert into users (tenant_id, id, email, name, role, password_hash)
               select tenant_id, gen_random_uuid(), $2, $2, 'agent', password_hash
               from users where tenant_id = $1 limit 1
               returning id";
    let tenant: warmline_workflows::TenantId = boss.tenant.parse().unwrap();
    let email = format!("{name}@example.com");
    let id: uuid::Uuid =
        sqlx::query_scalar(sql).bind(tenant.0).bind(&email).fetch_one(&desk.rig.database).await.unwrap();
    let asked = json!({ "email": email, "password": "correct horse battery" });
    let reply = desk.nobody().post("/api/auth/login", asked).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    (desk.person(&reply).await, warmline_workflows::UserId(id).to_string())
}

fn names(list: &Value) -> Vec<&str> {
    list["data"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_made_renamed_filled_and_removed() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let made = ana.post("/api/agent-groups", json!({ "name": "Sales" })).await;
    assert_eq!((made.status.as_u16(), made.header("etag")), (201, "\"1\""), "{}", made.body);
    let path = made.header("location").to_owned();
    assert_eq!(ana.get(&path).await.body, made.body);
    let again = ana.post("/api/agent-groups", json!({ "name": "Sales" })).await;
    assert_eq!(again.wrong(), (409, "taken".to_owned(), "name".to_owned()));
    group(&ana, "Care").await;
    let renamed =
        ana.send(Method::PUT, &path, &[("if-match", "\"1\"")], Some(json!({ "name": "Pros" }))).await;
    assert_eq!((renamed.header("etag"), &renamed.body["name"]), ("\"2\"", &json!("Pros")));
    let late = ana.send(Method::PUT, &path, &[("if-match", "\"1\"")], Some(json!({ "name": "x" }))).await;
    assert_eq!(late.refusal(), (412, "changed".to_owned()));
    assert_eq!(ana.put(&path, json!({ "name": "Care" })).await.refusal(), (409, "taken".to_owned()));

    let first = ana.get("/api/agent-groups?limit=1").await;
    assert_eq!(names(&first.body), ["Care"]);
    let second = ana.get(&format!("/api/agent-groups?limit=1&cursor={}", first.text("next"))).await;
    assert_eq!((names(&second.body), &second.body["next"]), (vec!["Pros"], &Value::Null));

    let (maya, noor) = (agent(&ana, "Maya", json!({})).await, agent(&ana, "Noor", json!({})).await);
    let members = format!("{path}/members");
    let added = ana.post(&members, json!({ "agent_ids": [maya, noor] })).await;
    assert_eq!((added.status.as_u16(), &added.body["agents"]), (200, &json!(2)), "{}", added.body);
    assert_eq!(ana.post(&members, json!({ "agent_ids": [maya] })).await.body["agents"], 2, "once is enough");
    let nobody = "agt_0193642f2b0a7c10a3f4c0ffee000001";
    let unknown = ana.post(&members, json!({ "agent_ids": [maya, nobody] })).await;
    assert_eq!(unknown.refusal(), (404, "not_found".to_owned()));
    let none = ana.post(&members, json!({ "agent_ids": [] })).await;
    assert_eq!(none.wrong(), (422, "invalid_field".to_owned(), "agent_ids".to_owned()));
    assert_eq!(ana.delete(&format!("{members}/{maya}")).await.status, 204);
    assert_eq!(ana.delete(&format!("{members}/{maya}")).await.refusal(), (404, "not_found".to_owned()));
    assert_eq!(ana.get(&path).await.body["agents"], 1);

    let id = made.text("id");
    let draft =
        json!({ "name": "Autumn", "group_id": id, "calling_window": { "time_zone": "America/New_York" } });
    let campaign = ana.post("/api/campaigns", draft).await.header("location").to_owned();
    assert_eq!(ana.delete(&path).await.refusal(), (409, "refused".to_owned()), "a campaign draws from it");
    assert_eq!(ana.delete(&campaign).await.status, 204);
    assert_eq!(ana.delete(&path).await.status, 204);
    assert_eq!(ana.get(&path).await.refusal(), (404, "not_found".to_owned()));
    assert_eq!(ana.get(&format!("/api/agents/{noor}")).await.body["group_ids"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_is_made_changed_and_removed() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let sales = group(&ana, "Sales").await;
    let hours = json!({ "time_zone": "America/Chicago", "opens": "08:00", "closes": "16:00" });
    let draft =
        json!({ "name": "Maya", "phone": "+12125550150", "group_ids": [sales], "working_hours": hours });
    let made = ana.post("/api/agents", draft).await;
    assert_eq!((made.status.as_u16(), made.header("etag")), (201, "\"1\""), "{}", made.body);
    assert_eq!((&made.body["presence"], &made.body["state"]), (&json!("offline"), &json!("offline")));
    assert_eq!((&made.body["max_concurrent_calls"], &made.body["group_ids"]), (&json!(1), &json!([sales])));
    let path = made.header("location").to_owned();
    assert_eq!(ana.get(&path).await.body, made.body);

    let change =
        json!({ "phone": "+12125550151", "reach": "browser", "working_hours": null, "group_ids": [] });
    let changed = ana.send(Method::PUT, &path, &[("if-match", "\"1\"")], Some(change.clone())).await;
    assert_eq!((changed.status.as_u16(), changed.header("etag")), (200, "\"2\""), "{}", changed.body);
    assert_eq!((&made.body["reach"], &changed.body["reach"]), (&json!("phone"), &json!("browser")));
    assert_eq!((&changed.body["name"], &changed.body["phone"]), (&json!("Maya"), &json!("+12125550151")));
    assert_eq!((&changed.body["working_hours"], &changed.body["group_ids"]), (&Value::Null, &json!([])));
    let late = ana.send(Method::PUT, &path, &[("if-match", "\"1\"")], Some(change)).await;
    assert_eq!(late.refusal(), (412, "changed".to_owned()));
    for (field, value, named) in [
        ("name", json!(""), "name"),
        ("phone", json!("555"), "phone"),
        // It might be another agent's: the names of softphones are made here.
        ("phone", json!("client:maya"), "phone"),
        ("reach", json!("fax"), "reach"),
        ("phone", json!("sip:maya@example.com"), "phone"),
        ("max_concurrent_calls", json!(0), "max_concurrent_calls"),
        ("max_concurrent_calls", json!(21), "max_concurrent_calls"),
        ("working_hours", json!({ "time_zone": "Mars/Olympus" }), "working_hours.time_zone"),
        ("presence", json!("available"), "presence"),
    ] {
        let reply = ana.put(&path, json!({ field: value })).await;
        assert_eq!(reply.wrong(), (422, "invalid_field".to_owned(), named.to_owned()), "{}", reply.body);
    }
    for (field, id) in [
        ("group_ids", json!(["grp_0193642f2b0a7c10a3f4c0ffee000001"])),
        ("user_id", json!("usr_0193642f2b0a7c10a3f4c0ffee000001")),
    ] {
        let reply = ana.put(&path, json!({ field: id })).await;
        assert_eq!(reply.refusal(), (404, "not_found".to_owned()), "{field}: {}", reply.body);
    }
    assert_eq!(ana.get(&path).await.header("etag"), "\"2\"", "what was refused changed nothing");
    assert_eq!(ana.delete(&path).await.status, 204);
    assert_eq!(ana.get(&path).await.refusal(), (404, "not_found".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_held_for_a_call_stays() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let id = agent(&ana, "Maya", json!({})).await;
    let path = format!("/api/agents/{id}");
    let agent_id: warmline_workflows::AgentId = id.parse().unwrap();
    let hold = "insert into agent_reservations
                    (tenant_id, agent_id, call_id, stage, reserved_by, fence, reserved_at, stage_since)
                select tenant_id, id, '01936400-0000-7000-8000-000000000001', 'on_call', 1, 1, now(), now()
                from agents where id = $1";
    sqlx::query(hold).bind(agent_id.0).execute(&desk.rig.database).await.unwrap();
    let held = ana.get(&path).await.body;
    assert_eq!(
        (&held["state"], &held["call_id"]),
        (&json!("on_call"), &json!("call_01936400000070008000000000000001"))
    );
    let to_break = ana.put(&format!("{path}/status"), json!({ "status": "break" })).await.body;
    assert_eq!((&to_break["presence"], &to_break["state"]), (&json!("break"), &json!("on_call")));
    assert_eq!(ana.delete(&path).await.refusal(), (409, "refused".to_owned()));
    let free = "delete from agent_reservations where agent_id = $1";
    sqlx::query(free).bind(agent_id.0).execute(&desk.rig.database).await.unwrap();

    assert_eq!(ana.delete(&path).await.status, 204);
    assert_eq!(ana.get(&path).await.refusal(), (404, "not_found".to_owned()), "it never took a call");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_who_took_calls_is_kept_for_them() {
    let desk = Desk::open().await;
    let floor = Floor::open(&desk, "Acme").await;
    floor.call(floor.campaign, 0, End::Talk).await;
    let (ana, path) = (&floor.boss, format!("/api/agents/{}", floor.agent));
    assert_eq!(ana.delete(&path).await.status, 204);
    let kept = ana.get(&path).await.body;
    assert!(kept["archived_at"].is_string(), "{kept}");
    assert_eq!((&kept["presence"], &kept["group_ids"]), (&json!("offline"), &json!([])));
    assert_eq!(ana.get("/api/agents").await.body["data"], json!([]));
    assert_eq!(ana.put(&path, json!({ "name": "x" })).await.refusal(), (409, "refused".to_owned()));
    assert_eq!(ana.delete(&path).await.refusal(), (409, "refused".to_owned()));
    let back = ana.put(&format!("{path}/status"), json!({ "status": "available" })).await;
    assert_eq!(back.refusal(), (404, "not_found".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_are_found_by_name_group_and_state() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let sales = group(&ana, "Sales").await;
    for (name, groups, status) in [
        ("maya", json!([sales]), "available"),
        ("Max", json!([]), "break"),
        ("Noor", json!([sales]), "offline"),
        ("100% Bob", json!([]), "offline"),
    ] {
        let id = agent(&ana, name, json!({ "group_ids": groups })).await;
        let set = ana.put(&format!("/api/agents/{id}/status"), json!({ "status": status })).await;
        assert_eq!(set.status, 200, "{}", set.body);
    }
    for (query, expected) in [
        ("", "100% Bob|Max|maya|Noor"),
        ("?name=ma", "Max|maya"),
        ("?name=MAY", "maya"),
        ("?name=%25", ""),
        ("?presence=offline", "100% Bob|Noor"),
        ("?state=break", "Max"),
        (&format!("?group_id={sales}"), "maya|Noor"),
        (&format!("?group_id={sales}&state=available"), "maya"),
    ] {
        let found = ana.get(&format!("/api/agents{query}")).await;
        assert_eq!(names(&found.body).join("|"), expected, "{query}");
    }
    let first = ana.get("/api/agents?limit=2").await;
    let second = ana.get(&format!("/api/agents?limit=2&cursor={}", first.text("next"))).await;
    assert_eq!((names(&first.body), names(&second.body)), (vec!["100% Bob", "Max"], vec!["maya", "Noor"]));
    let wrong = ana.get("/api/agents?state=asleep").await;
    assert_eq!(wrong.wrong(), (422, "invalid_query".to_owned(), "state".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_says_of_itself_whether_it_is_there() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let (maya, user) = login(&desk, &ana, "maya").await;
    assert_eq!(maya.get("/api/agents/me").await.refusal(), (404, "not_found".to_owned()));
    let own = agent(&ana, "Maya", json!({ "user_id": user })).await;
    let other = agent(&ana, "Noor", json!({})).await;
    let twice = json!({ "name": "Twin", "phone": "+12125550152", "user_id": user });
    assert_eq!(ana.post("/api/agents", twice).await.wrong(), (409, "taken".to_owned(), "user_id".to_owned()));
    assert_eq!(maya.get("/api/agents/me").await.text("id"), own);

    let status = format!("/api/agents/{own}/status");
    let lunch = maya.put(&status, json!({ "status": "break", "reason": "lunch" })).await;
    assert_eq!(lunch.status, 200, "{}", lunch.body);
    assert_eq!((&lunch.body["presence"], &lunch.body["presence_reason"]), (&json!("break"), &json!("lunch")));
    let back = maya.put(&status, json!({ "status": "available" })).await;
    assert_eq!((&back.body["state"], &back.body["presence_reason"]), (&json!("available"), &Value::Null));
    assert_eq!(back.header("etag"), "\"1\"", "the profile is as it was");
    let wrong = maya.put(&status, json!({ "status": "available", "reason": "bored" })).await;
    assert_eq!(wrong.wrong(), (422, "invalid_field".to_owned(), "reason".to_owned()));
    let another = format!("/api/agents/{other}/status");
    let refused = maya.put(&another, json!({ "status": "offline" })).await;
    assert_eq!(refused.refusal(), (403, "forbidden".to_owned()));
    assert_eq!(ana.put(&another, json!({ "status": "available" })).await.status, 200);
    assert_eq!(maya.get("/api/agents").await.refusal(), (403, "forbidden".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_of_another_organisation_are_not_there() {
    let desk = Desk::open().await;
    let ana = desk.register("Acme").await;
    let bob = desk.register("Other").await;
    let (id, sales) = (agent(&ana, "Maya", json!({})).await, group(&ana, "Sales").await);
    let missing = (404, "not_found".to_owned());
    for path in [format!("/api/agents/{id}"), format!("/api/agent-groups/{sales}")] {
        assert_eq!(bob.get(&path).await.refusal(), missing, "{path}");
        assert_eq!(bob.put(&path, json!({ "name": "mine" })).await.refusal(), missing, "{path}");
        assert_eq!(bob.delete(&path).await.refusal(), missing, "{path}");
    }
    let status = json!({ "status": "available" });
    assert_eq!(bob.put(&format!("/api/agents/{id}/status"), status).await.refusal(), missing);
    let care = group(&bob, "Care").await;
    let members = format!("/api/agent-groups/{care}/members");
    assert_eq!(bob.post(&members, json!({ "agent_ids": [id] })).await.refusal(), missing);
    assert_eq!(bob.delete(&format!("{members}/{id}")).await.refusal(), missing);
    let draft = json!({ "name": "Spy", "phone": "+12125550150", "group_ids": [sales] });
    assert_eq!(bob.post("/api/agents", draft).await.refusal(), missing);
    assert_eq!(bob.get("/api/agents").await.body["data"], json!([]));
}
