//! The OpenAPI document: committed, complete, and true.

use std::collections::BTreeSet;

use serde_json::Value;
use warmline::api::openapi;
use warmline::api::operation::{Access, OPERATIONS};

use crate::desk::Desk;

fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| {
            item.as_object()
                .unwrap()
                .iter()
                .map(|(method, operation)| (path.clone(), method.clone(), operation))
        })
        .collect()
}

/// To write the file anew, run this test with `BLESS=1`.
#[test]
fn the_committed_document_is_the_one_of_the_code() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, openapi::text()).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert!(found == openapi::text(), "openapi.json differs from the code: BLESS=1 writes it anew");
}

/// To write the file anew, run this test with `BLESS=1`.
#[test]
fn the_committed_table_of_operations_is_the_one_of_the_code() {
    let document = serde_json::to_value(openapi::document()).unwrap();
    let mut table = "# API: who may do what\n\nMade from `src/api/operation.rs`, which the gate of the API reads, too. \
        A role covers those before it: agent, manager,\ntenant_admin, admin. An API key needs the scope; without one, \
        the operation is for people. What heeds an `Idempotency-Key` is\nmarked.\n\n\
        | Operation | Request | Role | Scope | Once |\n|---|---|---|---|---|\n"
        .to_owned();
    let described = operations(&document);
    for operation in OPERATIONS {
        let (path, method, _) =
            described.iter().find(|(_, _, described)| described["operationId"] == operation.id).unwrap();
        let role = match operation.access {
            Access::Public => "anybody".to_owned(),
            Access::From(role) => role.to_string(),
        };
        let scope = operation.scope.map_or(String::new(), |scope| format!("`{scope}`"));
        let once = if operation.idempotent { "yes" } else { "" };
        let request = format!("`{} {path}`", method.to_uppercase());
        table += &format!("| {} | {request} | {role} | {scope} | {once} |\n", operation.id);
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/API_OPERATIONS.md");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, &table).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert!(found == table, "docs/API_OPERATIONS.md differs from the code: BLESS=1 writes it anew");
}

#[test]
fn every_operation_stands_in_the_table_and_is_described() {
    let document = serde_json::to_value(openapi::document()).unwrap();
    let described = operations(&document);
    let named: BTreeSet<&str> =
        described.iter().map(|(_, _, operation)| operation["operationId"].as_str().unwrap()).collect();
    let listed: BTreeSet<&str> = OPERATIONS.iter().map(|operation| operation.id).collect();
    assert_eq!(named, listed);
    for (path, method, operation) in described {
        let name = format!("{method} {path}");
        assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{name}: no summary");
        assert!(operation["tags"].as_array().is_some_and(|tags| tags.len() == 1), "{name}: one tag");
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            assert!(parameter["description"].is_string(), "{name}: {parameter} is not described");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_reads_a_query_describes_it() {
    // Goal: what refuses a parameter that it does not know reads a query, so it describes one; nothing is
    // described twice. The macro takes no notice of a handler's argument unless `params` names its type.
    let desk = Desk::open().await;
    // Who may ask for everything.
    let operator = desk.operator().await;
    let document = serde_json::to_value(openapi::document()).unwrap();
    let mut queries = 0;
    for (path, method, operation) in operations(&document) {
        let name = format!("{method} {path}");
        let parameters = operation["parameters"].as_array().map_or(&[][..], Vec::as_slice);
        let mut places = BTreeSet::new();
        let mut address = path;
        for parameter in parameters {
            let [place, called] = ["in", "name"].map(|field| parameter[field].as_str().unwrap());
            assert!(places.insert((place, called)), "{name}: {called} twice");
            if let Some(example) = parameter["schema"]["examples"][0].as_str() {
                address = address.replace(&format!("{{{called}}}"), example);
            }
        }
        if !matches!(method.as_str(), "get" | "delete") {
            continue;
        }
        let method = method.to_uppercase().parse().unwrap();
        let reply = operator.send(method, &format!("{address}?colour=red"), &[], None).await;
        let reads = reply.body["code"] == "invalid_query" && reply.body["field"] == "colour";
        let described = places.iter().any(|(place, _)| *place == "query");
        assert_eq!(reads, described, "{name}: {}", reply.body);
        queries += usize::from(reads);
    }
    assert!(queries > 5, "{queries} operations read a query");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_is_served_and_loads_nothing_from_elsewhere() {
    let desk = Desk::open().await;
    let document = desk.nobody().get("/api/openapi.json").await;
    assert_eq!(document.body, serde_json::from_str::<Value>(&openapi::text()).unwrap());
    let page = desk.nobody().get("/api/docs/").await;
    assert_eq!(page.status, 200);
    let text = page.body.as_str().unwrap();
    assert!(!text.contains("http://") && !text.contains("https://"), "{text}");
    let unknown = desk.nobody().get("/api/nothing").await;
    assert_eq!(unknown.refusal(), (404, "unknown_path".to_owned()));
    assert_eq!(unknown.header("x-content-type-options"), "nosniff");
}
