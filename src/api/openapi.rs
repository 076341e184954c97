//! The OpenAPI document: made from the handlers, and completed with what holds for all of them.

use std::collections::HashMap;

use axum::http::Method;
use serde_json::json;
use utoipa::openapi::path::{Operation as Described, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, InfoBuilder, ObjectBuilder, OpenApi, OpenApiBuilder, Ref, RefOr,
    Required, SecurityRequirement, Type,
};
use utoipa::{PartialSchema as _, ToSchema as _};

use super::operation::{Access, Operation};
use crate::problem;

const DESCRIPTION: &str = "\
Run outbound campaigns: leads, calls, agents and what became of them.

**Conventions.** JSON with `snake_case` names; times are RFC 3339 in UTC; ids are opaque and begin with what they \
name. Unknown fields are refused. Lists come in pages: send `next` back as `cursor`. A `POST` that creates or starts \
something may carry an `Idempotency-Key`: sent again within a day, it is answered as before and marked \
`Idempotent-Replayed: true`. Resources that change carry an `ETag`; send it as `If-Match` so as not to overwrite \
somebody else's change. Errors are problem details (RFC 9457) with a stable `code`.

**Logging in.** `POST /api/auth/login` gives an access token for ten minutes and a refresh token that is good for one \
exchange. Programs use an API key in place of the access token.";

/// What the document begins with.
pub(super) fn head() -> OpenApi {
    let tag = |name: &str, text: &str| TagBuilder::new().name(name).description(Some(text)).build();
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Warmline")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(DESCRIPTION))
                .build(),
        )
        .tags(Some([
            tag("auth", "Logging in and out."),
            tag("events", "What happened, for systems of your own."),
            tag("webhooks", "Addresses that events are sent to."),
            tag("users", "The people of an organisation, and how somebody becomes one of them."),
            tag("api-keys", "What programs show in place of a login."),
            tag("audit-log", "What people and programs changed."),
            tag("tenant", "What an organisation settles for itself."),
            tag("tenants", "The organisations of the installation, for its operators."),
            tag("campaigns", "A set of leads with calling hours and a way of calling."),
            tag("audio", "What is played to those who are called, in place of a spoken text."),
            tag("leads", "The people to reach."),
            tag("limits", "What the organisation may spend, and whom it may call."),
            tag("do-not-call", "The numbers that are never called."),
            tag("calls", "Each attempt to reach a lead, what happened to it and what came of it."),
            tag("statistics", "What calls come to."),
            tag("agents", "The people who take calls, and the teams they work in."),
            tag("desk", "What an agent does about the calls it is held for."),
            tag("live", "What happens, told as it happens, and the floor as it stands."),
            tag("imports", "Lists of leads that are read in."),
        ]))
        .components(Some(
            ComponentsBuilder::new()
                .schema(problem::Body::name(), problem::Body::schema())
                .security_scheme(
                    "bearer",
                    SecurityScheme::Http(
                        HttpBuilder::new()
                            .scheme(HttpAuthScheme::Bearer)
                            .description(Some("An access token, or an API key."))
                            .build(),
                    ),
                )
                .build(),
        ))
        .build()
}

/// The whole document.
#[must_use]
pub fn document() -> OpenApi {
    let mut document = super::routes().into_openapi();
    for (path, item) in &mut document.paths.paths {
        for (method, described) in methods_mut(item) {
            if let Some(operation) = described.operation_id.as_deref().and_then(Operation::named) {
                complete(path, &method, described, operation);
            }
        }
    }
    document
}

/// The document as text, as it is committed and served.
#[must_use]
pub fn text() -> String {
    let mut text = document().to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

/// Which operation each method of each path is. One that the table does not name is left out, and so
/// is not served.
pub(super) fn operations(document: &OpenApi) -> HashMap<(Method, String), &'static Operation> {
    let mut document = document.clone();
    let mut operations = HashMap::new();
    for (path, item) in &mut document.paths.paths {
        for (method, described) in methods_mut(item) {
            let operation = described.operation_id.as_deref().and_then(Operation::named);
            operations.extend(operation.map(|operation| ((method, path.clone()), operation)));
        }
    }
    operations
}

fn methods_mut(item: &mut PathItem) -> impl Iterator<Item = (Method, &mut Described)> {
    [
        (Method::GET, item.get.as_mut()),
        (Method::POST, item.post.as_mut()),
        (Method::PUT, item.put.as_mut()),
        (Method::PATCH, item.patch.as_mut()),
        (Method::DELETE, item.delete.as_mut()),
    ]
    .into_iter()
    .filter_map(|(method, described)| Some((method, described?)))
}

/// Adds what holds for every operation of its kind: who may do it, its headers, its errors.
fn complete(path: &str, method: &Method, described: &mut Described, operation: &Operation) {
    let mut errors = vec![(405, "The method is not for this address.")];
    if let Access::From(role) = operation.access {
        let scope = operation.scope.map_or(String::new(), |scope| format!(" API keys need `{scope}`."));
        let may = format!("\n\nFor the role `{role}` and those above.{scope}");
        described.description.get_or_insert_default().push_str(&may);
        described.security = Some(vec![SecurityRequirement::new("bearer", Vec::<String>::new())]);
        errors.push((401, "Not logged in, or not any more."));
        errors.push((403, "The role, or the key's scope, does not cover this."));
        errors.push((429, "Too many requests: wait as long as `Retry-After` says."));
    }
    if path.contains('{') {
        errors.push((404, "There is no such thing in this organisation."));
    }
    if described.request_body.is_some() {
        errors.push((400, "The request cannot be read."));
        errors.push((413, "The body is too large."));
        errors.push((415, "The body is not of the kind that is expected."));
        errors.push((422, "A field is wrong: `field` says which, `detail` why."));
    }
    if described.parameters.iter().flatten().any(is_of_query) {
        errors.push((422, "A parameter is wrong: `field` says which, `detail` why."));
    }
    if operation.idempotent {
        described.parameters.get_or_insert_default().push(RefOr::T(
            ParameterBuilder::new()
                .name("Idempotency-Key")
                .parameter_in(ParameterIn::Header)
                .required(Required::False)
                .description(Some("Sent again with the same key, the request is carried out once."))
                .build(),
        ));
        errors.push((400, "The request cannot be read."));
        errors.push((409, "As things stand it cannot be done; or it is being done under this key."));
        errors.push((413, "The body is too large."));
        errors.push((422, "The key was used for another request; or a field is wrong."));
    }
    described.parameters.iter_mut().flatten().for_each(spell_out);
    if *method == Method::PUT || *method == Method::DELETE {
        errors.push((412, "It was changed in between: `If-Match` is of an older version."));
    }
    errors.push((500, "Something went wrong on our side."));
    errors.push((503, "The server is ending, or its database is out of reach."));
    for (status, text) in errors {
        let response = ResponseBuilder::new()
            .description(text)
            .content(
                "application/problem+json",
                ContentBuilder::new()
                    .schema(Some(RefOr::Ref(Ref::from_schema_name(problem::Body::name()))))
                    .example(Some(example(status)))
                    .build(),
            )
            .build();
        described.responses.responses.entry(status.to_string()).or_insert(RefOr::T(response));
    }
}

/// Says what a header may look like, which its type in the code does not.
fn spell_out(parameter: &mut RefOr<Parameter>) {
    let RefOr::T(parameter) = parameter else { return };
    let pattern = match parameter.name.as_str() {
        "Idempotency-Key" => "^[!-~]{1,255}$",
        "If-Match" => r#"^("[0-9]{1,9}"|\*)$"#,
        _ => return,
    };
    let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern));
    parameter.schema = Some(text.into());
}

fn is_of_query(parameter: &RefOr<Parameter>) -> bool {
    matches!(parameter, RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Query)
}

fn example(status: u16) -> serde_json::Value {
    let (title, code, detail) = match status {
        400 => ("Bad Request", "malformed_json", "the body is not JSON: EOF while parsing an object"),
        401 => (
            "Unauthorized",
            "invalid_token",
            "the token is not valid, or no longer: refresh it, or log in again",
        ),
        403 => ("Forbidden", "forbidden", "create_campaign needs the role manager; yours is agent"),
        404 => ("Not Found", "not_found", "there is no such campaign"),
        405 => ("Method Not Allowed", "wrong_method", "this method is not for this address"),
        409 => ("Conflict", "refused", "a campaign that is stopped cannot become active"),
        412 => ("Precondition Failed", "changed", "it was changed in between: read it again"),
        413 => ("Payload Too Large", "body", "the body is larger than 2 MiB"),
        415 => ("Unsupported Media Type", "not_json", "send JSON, with `Content-Type: application/json`"),
        422 => ("Unprocessable Entity", "invalid_field", "name: expected 1 to 200 characters"),
        429 => {
            ("Too Many Requests", "too_many_requests", "too many requests: wait as long as Retry-After says")
        }
        503 => ("Service Unavailable", "stopping", "try another process"),
        _ => ("Internal Server Error", "not_stored", "not stored; send it again"),
    };
    json!({ "type": "about:blank", "title": title, "status": status, "code": code, "detail": detail,
            "request_id": "0193642f2b0a7c10a3f4c0ffee000001" })
}
