//! Organisations: what one has, another does not find.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::cast::{agent, lead};
use crate::report::Measured;
use crate::stage::{Campaign, Stage, good};

pub(crate) async fn isolated(stage: &Stage) -> Measured {
    let campaign = Campaign::open(stage, "Walls", &[agent(10, 0)], json!({})).await;
    campaign.call(&[lead(10, 0)]).await;
    campaign.finished(Duration::from_secs(60)).await;
    let ana = stage.ana();
    let first =
        async |path: &str| good(ana.get(path).await).body["data"][0]["id"].as_str().unwrap().to_owned();
    let calls = first(&format!("/api/calls?campaign_id={}", campaign.id)).await;
    let things = [
        format!("campaigns/{}", campaign.id),
        format!("agents/{}", campaign.agents[0]),
        format!("leads/{}", first(&format!("/api/leads?campaign_id={}", campaign.id)).await),
        format!("calls/{calls}"),
        format!("imports/{}", first("/api/imports").await),
        format!("agent-groups/{}", first("/api/agent-groups").await),
        format!("users/{}", first("/api/users").await),
    ];
    let other = stage.desk().register("Other").await;
    let mut refused = 0;
    let mut try_it = async |method: Method, path: String, body: Option<Value>| {
        let reply = other.send(method.clone(), &path, &[], body).await;
        assert_eq!(reply.status, 404, "{method} {path} by another organisation: {}", reply.body);
        refused += 1;
    };
    for thing in &things {
        let path = format!("/api/{thing}");
        assert_eq!(ana.get(&path).await.status, 200, "{path} is there");
        try_it(Method::GET, path, None).await;
    }
    for (method, path, body) in [
        (Method::PUT, things[0].clone(), Some(json!({ "name": "Mine" }))),
        (Method::DELETE, things[0].clone(), None),
        (Method::POST, format!("{}/start", things[0]), Some(json!({}))),
        (Method::PUT, format!("{}/status", things[1]), Some(json!({ "status": "offline" }))),
        (Method::DELETE, things[1].clone(), None),
        (Method::PUT, things[2].clone(), Some(json!({ "notes": "Mine" }))),
        (Method::DELETE, things[2].clone(), None),
        (Method::POST, format!("{}/hang-up", things[3]), None),
    ] {
        try_it(method, format!("/api/{path}"), body).await;
    }
    for list in ["campaigns", "agents", "leads", "calls", "imports", "agent-groups", "dnc"] {
        assert_eq!(good(other.get(&format!("/api/{list}")).await).body["data"], json!([]), "{list}");
    }
    // What the program asks itself at every start: every table is behind row-level security.
    stage.rig().engine.database().walls().await.unwrap();
    Ok(format!(
        "another organisation's login: {refused} of {refused} requests 404, 7 lists empty; every table walled off"
    ))
}
