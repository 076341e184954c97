//! The gate: nobody reaches an operation who may not do it.

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use warmline_engine::audit::Entry;
use warmline_workflows::{ApiKeyId, Role};

use super::change::Change;
use super::operation::{Access, Operation};
use super::principal::{Actor, Principal};
use super::token::Secret;
use super::{Api, idempotency, key_ring};
use crate::problem::Problem;

/// Lets a request through to its operation, or says why not.
pub(super) async fn gate(State(api): State<Api>, request: Request, next: Next) -> Response {
    match pass(&api, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn pass(api: &Api, mut request: Request, next: Next) -> Result<Response, Problem> {
    let operation = operation(api, &request)?;
    let Access::From(role) = operation.access else { return Ok(next.run(request).await) };
    let shown = shown(request.headers())?;
    let principal = match Secret::read(key_ring::PREFIX, shown) {
        Some(secret) => program(api, &secret, operation).await?,
        None => person(api, shown).await?,
    };
    authorise(operation, role, &principal)?;
    api.rates.take(principal.actor.uuid()).map_err(|wait_s| {
        let detail = "too many requests: wait as long as Retry-After says";
        Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail).retry_after(wait_s)
    })?;
    request.extensions_mut().insert(principal.clone());
    let is_audited = operation.is_audited && !matches!(*request.method(), Method::GET | Method::HEAD);
    let subject = request.uri().path().to_owned();
    let mut response = if operation.idempotent {
        idempotency::once(&api.engine, &principal, request, next).await?
    } else {
        next.run(request).await
    };
    if is_audited && response.status().is_success() {
        let entry = Entry {
            actor: principal.actor.to_string(),
            action: operation.id.to_owned(),
            subject,
            detail: response.extensions_mut().remove().map_or_else(|| json!({}), |Change(detail)| detail),
        };
        api.engine.audit(principal.tenant, &entry).await?;
    }
    Ok(response)
}

/// The operation that a request is for. What the table does not name is not served.
fn operation(api: &Api, request: &Request) -> Result<&'static Operation, Problem> {
    let path = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let method = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
    let operation = api.operations.get(&(method.clone(), path.to_owned())).copied();
    operation.ok_or_else(|| {
        let detail = "this method is not for this address";
        Problem::new(StatusCode::METHOD_NOT_ALLOWED, "wrong_method", detail)
    })
}

/// The token or key that a request shows.
fn shown(headers: &HeaderMap) -> Result<&str, Problem> {
    headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .ok_or_else(|| {
            let detail = "log in and send `Authorization: Bearer <access token>`";
            Problem::new(StatusCode::UNAUTHORIZED, "unauthenticated", detail)
        })
}

/// Who shows an access token.
async fn person(api: &Api, token: &str) -> Result<Principal, Problem> {
    let stale = || {
        let detail = "the token is not valid, or no longer: refresh it, or log in again";
        Problem::new(StatusCode::UNAUTHORIZED, "invalid_token", detail)
    };
    let bearer = api.keys.verify(token).ok_or_else(stale)?;
    let standing = api.sessions.standing(&api.engine, bearer.tenant, bearer.session).await?;
    let standing = standing.filter(|standing| standing.user == bearer.user).ok_or_else(stale)?;
    let actor = Actor::User { user: bearer.user, session: bearer.session };
    Ok(Principal { tenant: bearer.tenant, actor, role: standing.role })
}

/// What shows an API key that was given the operation's scope. A program is no more than a manager.
async fn program(api: &Api, secret: &Secret, operation: &Operation) -> Result<Principal, Problem> {
    let Some(scopes) = api.key_ring.scopes(&api.engine, secret).await? else {
        let detail = "the API key is not known, or not any more: make another";
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "invalid_token", detail));
    };
    let Some(needed) = operation.scope else {
        let detail = format!("{} is for people: log in", operation.id);
        return Err(Problem::new(StatusCode::FORBIDDEN, "key_not_allowed", detail));
    };
    if !scopes.iter().any(|scope| scope == needed) {
        let detail = format!("{} needs the scope {needed}, which this API key was not given", operation.id);
        return Err(Problem::new(StatusCode::FORBIDDEN, "scope_missing", detail));
    }
    let actor = Actor::Key(ApiKeyId(secret.row));
    Ok(Principal { tenant: secret.tenant, actor, role: Role::Manager })
}

fn authorise(operation: &Operation, needed: Role, principal: &Principal) -> Result<(), Problem> {
    if principal.role.covers(needed) {
        return Ok(());
    }
    let detail = format!("{} needs the role {needed}; yours is {}", operation.id, principal.role);
    Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", detail))
}
