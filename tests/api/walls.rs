//! The walls between organisations and between roles: every operation of the document, asked by whoever may not.
//!
//! Operations and the ids that they take are read from the OpenAPI document, so that new ones are among them; what
//! a request says stands in `home.rs`, and an operation that is missing there fails.

use reqwest::Method;
use serde_json::{Value, json};
use warmline::api::openapi;
use warmline::api::operation::{Access, Operation, SCOPES};
use warmline_workflows::Role;

use crate::desk::{Desk, Person, Reply};
use crate::home::{Ask, Home, ask, prepare};

/// An operation as the document has it.
struct Described {
    operation: &'static Operation,
    method: Method,
    path: String,
    /// Every id that it takes.
    ids: Vec<(Place, String)>,
    /// Whether it takes a form with a file.
    is_form: bool,
}

/// Where an id stands, and the name of the parameter or the pointer into the body.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Path(String),
    Query(String),
    Body(String),
}

fn described() -> Vec<Described> {
    let document = serde_json::to_value(openapi::document()).unwrap();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, text) in item.as_object().unwrap() {
            let operation = Operation::named(text["operationId"].as_str().unwrap()).unwrap();
            let mut ids = Vec::new();
            for parameter in text["parameters"].as_array().into_iter().flatten() {
                let name = parameter["name"].as_str().unwrap().to_owned();
                for (_, prefix) in ids_of(&document, &parameter["schema"]) {
                    match parameter["in"].as_str().unwrap() {
                        "path" => ids.push((Place::Path(name.clone()), prefix)),
                        "query" => ids.push((Place::Query(name.clone()), prefix)),
                        _ => {}
                    }
                }
            }
            for content in text["requestBody"]["content"].as_object().into_iter().flat_map(|it| it.values()) {
                let within = ids_of(&document, &content["schema"]);
                ids.extend(within.into_iter().map(|(pointer, prefix)| (Place::Body(pointer), prefix)));
            }
            let method = method.to_uppercase().parse().unwrap();
            let is_form = text["requestBody"]["content"]["multipart/form-data"].is_object();
            found.push(Described { operation, method, path: path.clone(), ids, is_form });
        }
    }
    found
}

/// Where in a schema ids stand, and what they begin with.
fn ids_of(document: &Value, schema: &Value) -> Vec<(String, String)> {
    if let Some(reference) = schema["$ref"].as_str() {
        return ids_of(document, document.pointer(reference.trim_start_matches('#')).unwrap());
    }
    let pattern = schema["pattern"].as_str().and_then(|text| text.strip_prefix('^'));
    if let Some(prefix) = pattern.and_then(|text| text.strip_suffix("_[0-9a-f]{32}$")) {
        return vec![(String::new(), prefix.to_owned())];
    }
    let mut found = Vec::new();
    for (name, part) in schema["properties"].as_object().into_iter().flatten() {
        found.extend(
            ids_of(document, part).into_iter().map(|(rest, prefix)| (format!("/{name}{rest}"), prefix)),
        );
    }
    if schema["items"].is_object() {
        let within = ids_of(document, &schema["items"]);
        found.extend(within.into_iter().map(|(rest, prefix)| (format!("/0{rest}"), prefix)));
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        found.extend(schema[choice].as_array().into_iter().flatten().flat_map(|it| ids_of(document, it)));
    }
    found
}

impl Described {
    /// Sends what the fixture says, with the ids of a home but for one that is replaced.
    async fn send(
        &self,
        by: &Person<'_>,
        (home, ask): (&Home<'_>, &Ask),
        replaced: Option<(&Place, &str)>,
    ) -> Reply {
        let mut path = self.path.clone();
        let Ask { mut query, mut body, .. } = ask.clone();
        for (place, prefix) in &self.ids {
            if let Place::Path(name) = place {
                let own = home.things.get(prefix.as_str()).map_or("", String::as_str);
                let id = replaced.filter(|(it, _)| *it == place).map_or(own, |(_, id)| id);
                path = path.replace(&format!("{{{name}}}"), id);
            }
        }
        match replaced {
            Some((Place::Query(name), id)) => {
                let place = query.iter_mut().find(|(it, _)| it == name).unwrap();
                place.1 = id.to_owned();
            }
            Some((Place::Body(pointer), id)) => {
                *body.as_mut().and_then(|body| body.pointer_mut(pointer)).unwrap() = json!(id);
            }
            Some((Place::Path(_), _)) | None => {}
        }
        if !query.is_empty() {
            let text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&query).finish();
            path = format!("{path}?{text}");
        }
        if self.is_form {
            let fields = body.as_ref().and_then(Value::as_object).unwrap();
            let parts: Vec<(&str, &str)> =
                fields.iter().map(|(name, text)| (name.as_str(), text.as_str().unwrap())).collect();
            return by.post_form(&path, &[], &parts).await;
        }
        by.send(self.method.clone(), &path, &[], body).await
    }

    /// What is missing from the fixture; none when it says everything.
    fn gap(&self, home: &Home<'_>, ask: &Ask) -> Option<String> {
        self.ids.iter().find_map(|(place, prefix)| {
            let is_said = match place {
                Place::Path(_) => true,
                Place::Query(name) => ask.query.iter().any(|(it, _)| it == name),
                Place::Body(pointer) => {
                    ask.body.as_ref().is_some_and(|body| body.pointer(pointer).is_some_and(Value::is_string))
                }
            };
            let is_there = home.things.contains_key(prefix.as_str());
            match (is_said, is_there) {
                (_, false) => Some(format!("no home has a thing whose id begins with {prefix}_")),
                (false, _) => Some(format!("the fixture does not say {place:?}")),
                (true, true) => None,
            }
        })
    }
}

/// What is told to whoever asked, without the name of the request.
fn told(reply: &Reply) -> (u16, Value) {
    let mut body = reply.body.clone();
    if let Some(fields) = body.as_object_mut() {
        fields.remove("request_id");
    }
    (reply.status.as_u16(), body)
}

fn below(role: Role) -> Option<Role> {
    match role {
        Role::Agent => None,
        Role::Manager => Some(Role::Agent),
        Role::TenantAdmin => Some(Role::Manager),
        Role::Admin => Some(Role::TenantAdmin),
    }
}

/// Two organisations, and what was found wrong.
struct Twins<'a> {
    mine: Home<'a>,
    theirs: Home<'a>,
    wrong: Vec<String>,
}

impl Twins<'_> {
    fn expect(&mut self, as_it_should: bool, what: impl FnOnce() -> String) {
        if !as_it_should {
            self.wrong.push(what());
        }
    }

    /// Whoever is not logged in, or may not do it, is refused, and nothing changes.
    async fn refused(&mut self, it: &Described, (role, ask): (Role, &Ask)) {
        let id = it.operation.id;
        let others: Vec<&str> =
            SCOPES.iter().copied().filter(|scope| Some(*scope) != it.operation.scope).collect();
        let mut cases = vec![
            ("nobody", self.mine.desk.nobody(), 401),
            ("whoever logged out", self.mine.logged_out(role).await, 401),
            ("whoever was away too long", self.mine.expired(role).await, 401),
            ("a key without the scope", self.mine.program(&others).await, 403),
        ];
        if let Some(lower) = below(role) {
            cases.push(("a lower role", self.mine.person(lower).await, 403));
        }
        // When a key was last used is noted even when it may not do what it asks for.
        let before = self.mine.digest(&["api_keys"]).await;
        for (who, by, status) in cases {
            let reply = it.send(&by, (&self.mine, ask), None).await;
            self.expect(reply.status == status, || format!("{id}: {who} got {:?}", told(&reply)));
        }
        let after = self.mine.digest(&["api_keys"]).await;
        self.expect(before == after, || format!("{id}: what was refused left something behind"));
    }

    /// Another organisation's things are not there: as if they had never been.
    async fn elsewhere(&mut self, it: &Described, (role, ask): (Role, &Ask)) {
        let id = it.operation.id;
        let by = self.mine.person(role).await;
        let before = self.theirs.digest(&[]).await;
        for (place, prefix) in &it.ids {
            let foreign = self.theirs.things[prefix.as_str()].clone();
            let nowhere = format!("{prefix}_{:032x}", crate::support::random());
            let there = told(&it.send(&by, (&self.mine, ask), Some((place, &foreign))).await);
            let nothing = told(&it.send(&by, (&self.mine, ask), Some((place, &nowhere))).await);
            self.expect(there == nothing, || format!("{id} {place:?}: {there:?} is not as {nothing:?}"));
            // A filter by what is not there may find nothing.
            let is_filter = matches!(place, Place::Query(_)) && it.method == Method::GET;
            // An agent may do it for itself alone, and learns no more of others than of nobody.
            let is_for_oneself = role == Role::Agent && there.0 == 403;
            self.expect(there.0 == 404 || is_for_oneself || is_filter && there.0 == 200, || {
                format!("{id} {place:?}: {there:?}")
            });
        }
        let after = self.theirs.digest(&[]).await;
        self.expect(before == after, || format!("{id} changed another organisation"));
    }

    /// With everything as it should be it is carried out, and nothing of another organisation is shown: so it was
    /// for the right reason that the others were refused.
    async fn carried_out(&mut self, it: &Described, (home, role): (&Home<'_>, Role)) {
        let id = it.operation.id;
        prepare(id, home).await;
        let by = match it.operation.scope {
            Some(scope) => home.program(&[scope]).await,
            None => home.person(role).await,
        };
        let Some(ask) = ask(id, home) else { return };
        let reply = it.send(&by, (home, &ask), None).await;
        let is_through = match ask.refused {
            true => reply.status == 409,
            false => reply.status.is_success(),
        };
        self.expect(is_through, || format!("{id} was not carried out: {:?}", told(&reply)));
        let text = reply.body.to_string();
        let shown = self.theirs.things.values().find(|thing| text.contains(thing.as_str())).cloned();
        let may_show = role == Role::Admin;
        self.expect(may_show || shown.is_none(), || format!("{id} shows {shown:?} of another organisation"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_keeps_to_its_organisation_and_its_role() {
    let desk = Desk::open().await;
    desk.register("First").await;
    let hash: String =
        sqlx::query_scalar("select password_hash from users").fetch_one(&desk.rig.database).await.unwrap();
    let (mine, theirs) = (Home::build(&desk, &hash).await, Home::build(&desk, &hash).await);
    let mut twins = Twins { mine, theirs, wrong: Vec::new() };
    for it in described() {
        let Access::From(role) = it.operation.access else { continue };
        let Some(said) = ask(it.operation.id, &twins.mine) else {
            twins.wrong.push(format!("{} has no fixture: add a line to `ask` in home.rs", it.operation.id));
            continue;
        };
        if let Some(gap) = it.gap(&twins.mine, &said) {
            twins.wrong.push(format!("{}: {gap}", it.operation.id));
            continue;
        }
        twins.refused(&it, (role, &said)).await;
        // All organisations are the operators' concern.
        if role != Role::Admin {
            twins.elsewhere(&it, (role, &said)).await;
        }
        let fresh = Home::build(&desk, &hash).await;
        twins.carried_out(&it, (&fresh, role)).await;
    }
    assert!(twins.wrong.is_empty(), "\n{}", twins.wrong.join("\n"));
}
