//! Logging in and out.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use warmline_engine::audit::Entry;
use warmline_engine::identity::sessions::{Digest, Refreshed};
use warmline_engine::identity::users::{Login, NewUser};
use warmline_workflows::{Role, SessionId, TenantId, UserId, phone};

use super::Api;
use super::extract::Json;
use super::origin::Origin;
use super::principal::Principal;
use super::schema::{RoleWord, TenantIdText, UserIdText};
use super::token::{ACCESS_LASTS, Bearer, Secret};
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(get_setup))
        .routes(routes!(register))
        .routes(routes!(login))
        .routes(routes!(refresh))
        .routes(routes!(logout))
        .routes(routes!(me))
}

/// Where somebody logs in, in the audit log.
const LOGIN: &str = "/api/auth/login";
/// What refresh tokens begin with.
const REFRESH: &str = "wlr_";

/// An organisation to be made, with its first user.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "tenant_name": "Demo Freight Brokers", "email": "ana@example.com", "name": "Ana Lima",
    "password": "correct horse battery",
}))]
struct Registration {
    /// The organisation's name, 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    tenant_name: String,
    /// The address that logs the first user in.
    email: String,
    /// The first user's name, at most 200 characters.
    #[serde(default)]
    #[schema(max_length = 200)]
    name: String,
    /// At least 10 characters.
    #[schema(min_length = 10, max_length = 200)]
    password: String,
    /// ISO 3166 code of the organisation's country, the only one it calls at first; US when left out.
    #[serde(default = "usa")]
    #[schema(pattern = "^[A-Z]{2}$", default = "US")]
    country: String,
}

fn usa() -> String {
    "US".to_owned()
}

/// Who wants in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "email": "ana@example.com", "password": "correct horse battery" }))]
struct Credentials {
    /// The address.
    email: String,
    /// The password.
    password: String,
    /// The organisation, when the address is known in several.
    #[serde(default)]
    #[schema(value_type = Option<TenantIdText>)]
    tenant_id: Option<TenantId>,
}

/// A login to be prolonged.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "refresh_token": "wlr_AZNkLysKfBCj9MD_7gAAAQ" }))]
struct Refresh {
    /// The refresh token that came last.
    refresh_token: String,
}

/// A login.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "access_token": "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.e30.c2ln", "token_type": "Bearer", "expires_in_s": 600,
    "refresh_token": "wlr_AZNkLysKfBCj9MD_7gAAAQ",
}))]
pub(super) struct Tokens {
    /// Goes into `Authorization: Bearer ...`.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// Seconds that the access token is valid.
    expires_in_s: u64,
    /// Good for one exchange at `/api/auth/refresh`. Shown a second time, it ends the login: then
    /// somebody else has it, too.
    refresh_token: String,
}

/// Who is logged in.
#[derive(Debug, Serialize, ToSchema)]
struct Me {
    /// The organisation.
    #[schema(value_type = TenantIdText)]
    tenant_id: TenantId,
    /// The person.
    #[schema(value_type = UserIdText)]
    user_id: UserId,
    /// The address.
    email: String,
    /// As shown to people.
    name: String,
    /// What may be done.
    #[schema(value_type = RoleWord)]
    role: Role,
}

/// How the installation stands, before anybody is logged in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Setup)]
struct SetupView {
    /// Whether there is nobody yet who could log in.
    needs_setup: bool,
    /// Whether anybody may register an organisation.
    registration: bool,
    /// Whether the carrier is a simulated one, so that nobody is phoned.
    simulated: bool,
}

/// Get how the installation stands
#[utoipa::path(get, path = "/api/setup", tag = "auth", responses(
    (status = 200, description = "How it stands.", body = SetupView),
))]
async fn get_setup(State(api): State<Api>) -> Result<axum::Json<SetupView>, Problem> {
    Ok(axum::Json(SetupView {
        needs_setup: !api.engine.has_users().await?,
        registration: api.settings.registration,
        simulated: api.settings.simulated,
    }))
}

/// Register an organisation
///
/// Makes an organisation with its first user, a tenant admin, and logs the user in. Can be switched
/// off for an installation.
#[utoipa::path(post, path = "/api/auth/register", tag = "auth", request_body = Registration, responses(
    (status = 201, description = "Registered and logged in.", body = Tokens),
    (status = 403, description = "Registration is switched off.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn register(
    State(api): State<Api>,
    origin: Origin,
    Json(asked): Json<Registration>,
) -> Result<(StatusCode, axum::Json<Tokens>), Problem> {
    if !api.settings.registration {
        let detail = "registration is switched off here: ask the operator for an organisation";
        return Err(Problem::new(StatusCode::FORBIDDEN, "registration_closed", detail));
    }
    let name = text("tenant_name", &asked.tenant_name, 1..=200)?;
    let user = NewUser {
        id: UserId(Uuid::now_v7()),
        email: email("email", &asked.email)?,
        name: text("name", &asked.name, 0..=200)?,
        role: Role::TenantAdmin,
        password_hash: Some(api.passwords.hash("password", &asked.password).await?),
    };
    if let Err(phone::PhoneError::UnknownCountry(_)) = phone::parse("", &asked.country) {
        return Err(Problem::invalid("country", "expected an ISO 3166 code, such as US"));
    }
    let tenant = api.engine.register(&name, api.settings.defaults.max_concurrent_calls, &user).await?;
    api.engine.set_allowed_countries(tenant, Some(&[asked.country])).await?;
    if let Some(cap) = api.settings.defaults.daily_spend_cap_micros {
        api.engine.set_budget(tenant, (Some(cap), None), (Timestamp::now(), api.clock.now())).await?;
    }
    let tokens = open(&api, tenant, user.id, &origin).await?;
    Ok((StatusCode::CREATED, axum::Json(tokens)))
}

/// Log in
///
/// Guessing is slowed down: after five failures the next attempts of an address, and of an origin,
/// have to wait longer each time, a quarter of an hour at most.
#[utoipa::path(post, path = "/api/auth/login", tag = "auth", request_body = Credentials, responses(
    (status = 200, description = "Logged in.", body = Tokens),
    (status = 401, description = "Address or password is wrong.", body = crate::problem::Body,
     content_type = "application/problem+json"),
    (status = 409, description = "The address is known in several organisations: name one.",
     body = crate::problem::Body, content_type = "application/problem+json"),
    (status = 429, description = "Too many failures: wait as long as `Retry-After` says.",
     body = crate::problem::Body, content_type = "application/problem+json"),
))]
async fn login(
    State(api): State<Api>,
    origin: Origin,
    Json(asked): Json<Credentials>,
) -> Result<axum::Json<Tokens>, Problem> {
    let address = asked.email.trim().to_lowercase();
    let subjects = [digest("email", &address), digest("origin", &origin.address)];
    throttle(&api, &subjects).await?;
    // What cannot be an address is nobody's, and is not asked for: the database takes no NUL.
    let logins = match email("email", &address) {
        Ok(address) => api.engine.logins(&address).await?,
        Err(_) => Vec::new(),
    };
    let candidates: Vec<Login> = logins
        .into_iter()
        .filter(|login| asked.tenant_id.is_none_or(|tenant| tenant == login.tenant))
        .collect();
    let known: Vec<(TenantId, UserId)> = candidates.iter().map(|login| (login.tenant, login.user)).collect();
    let found = matching(&api, &asked.password, candidates).await?;
    match found.as_slice() {
        [] => {
            api.engine.login_failed(&subjects).await?;
            for (tenant, user) in known {
                audit(&api, (tenant, user), "login_failed", LOGIN.to_owned()).await?;
            }
            let detail = "address or password is wrong";
            Err(Problem::new(StatusCode::UNAUTHORIZED, "wrong_credentials", detail))
        }
        [login] => {
            api.engine.login_succeeded(&subjects[0]).await?;
            audit(&api, (login.tenant, login.user), "login", LOGIN.to_owned()).await?;
            Ok(axum::Json(open(&api, login.tenant, login.user, &origin).await?))
        }
        several => {
            let named: Vec<String> =
                several.iter().map(|login| format!("{} ({})", login.tenant, login.tenant_name)).collect();
            let detail = format!("name the organisation as tenant_id: {}", named.join(", "));
            Err(Problem {
                field: Some("tenant_id".to_owned()),
                ..Problem::new(StatusCode::CONFLICT, "several_tenants", detail)
            })
        }
    }
}

/// Writes into the audit log what somebody did who is not logged in yet, or tried to do in somebody's name: the
/// gate knows nobody then.
pub(super) async fn audit(
    api: &Api,
    (tenant, user): (TenantId, UserId),
    action: &str,
    subject: String,
) -> Result<(), Problem> {
    let entry = Entry { actor: user.to_string(), action: action.to_owned(), subject, detail: json!({}) };
    Ok(api.engine.audit(tenant, &entry).await?)
}

/// Makes whoever guessed wrong wait before the next guess.
pub(super) async fn throttle(api: &Api, subjects: &[Digest]) -> Result<(), Problem> {
    let wait = api.engine.login_wait(subjects).await?;
    if wait.is_zero() {
        return Ok(());
    }
    let detail = "too many failures: wait as long as Retry-After says";
    let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_failures", detail);
    Err(problem.retry_after(wait.as_secs() + 1))
}

/// The logins whose password it is. Takes as long when there is none.
async fn matching(api: &Api, password: &str, candidates: Vec<Login>) -> Result<Vec<Login>, Problem> {
    if candidates.is_empty() {
        api.passwords.matches(password, None).await?;
    }
    let mut found = Vec::new();
    for login in candidates {
        if api.passwords.matches(password, Some(&login.password_hash)).await? {
            found.push(login);
        }
    }
    Ok(found)
}

/// Prolong a login
///
/// Exchanges the refresh token for a new one, with a new access token.
#[utoipa::path(post, path = "/api/auth/refresh", tag = "auth", request_body = Refresh, responses(
    (status = 200, description = "The login goes on.", body = Tokens),
    (status = 401, description = "The login is over.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn refresh(State(api): State<Api>, Json(asked): Json<Refresh>) -> Result<axum::Json<Tokens>, Problem> {
    let over = |code, detail| Err(Problem::new(StatusCode::UNAUTHORIZED, code, detail));
    let Some(shown) = Secret::read(REFRESH, &asked.refresh_token) else {
        return over("invalid_token", "this is no refresh token of ours: log in");
    };
    let next = Secret::new(shown.tenant, shown.row);
    let session = SessionId(shown.row);
    let tokens = (&shown.digest(), &next.digest());
    match api.engine.refresh_session(shown.tenant, session, tokens, api.settings.login_lasts).await? {
        Refreshed::Live(standing) => {
            let bearer = Bearer { tenant: shown.tenant, user: standing.user, session };
            Ok(axum::Json(issue(&api, bearer, &next)?))
        }
        Refreshed::Reused => {
            tracing::warn!(session.id = %session, "a refresh token was shown twice: the login was ended");
            api.sessions.forget(shown.tenant, session);
            over("token_reused", "this refresh token was exchanged before, so the login was ended: log in")
        }
        Refreshed::Gone => over("invalid_token", "the login is over: log in again"),
    }
}

/// Log out
///
/// Ends the login; its access token is refused everywhere within half a minute.
#[utoipa::path(post, path = "/api/auth/logout", tag = "auth", responses(
    (status = 204, description = "Logged out."),
))]
async fn logout(State(api): State<Api>, principal: Principal) -> Result<StatusCode, Problem> {
    let (_, session) = principal.person()?;
    api.engine.end_session(principal.tenant, session).await?;
    api.sessions.forget(principal.tenant, session);
    Ok(StatusCode::NO_CONTENT)
}

/// Who am I?
#[utoipa::path(get, path = "/api/auth/me", tag = "auth", responses(
    (status = 200, description = "Who is logged in.", body = Me),
))]
async fn me(State(api): State<Api>, principal: Principal) -> Result<axum::Json<Me>, Problem> {
    let (user, _) = principal.person()?;
    let user = api.engine.user(principal.tenant, user).await?;
    Ok(axum::Json(Me {
        tenant_id: principal.tenant,
        user_id: user.id,
        email: user.email,
        name: user.name,
        role: principal.role,
    }))
}

/// Logs somebody in.
pub(super) async fn open(
    api: &Api,
    tenant: TenantId,
    user: UserId,
    origin: &Origin,
) -> Result<Tokens, Problem> {
    // The secret names its row, which is the session's: so the session's id is chosen here.
    let session = SessionId(Uuid::now_v7());
    let secret = Secret::new(tenant, session.0);
    let lasts = (&secret.digest(), api.settings.login_lasts);
    api.engine.open_session(tenant, (user, session), lasts, &origin.client).await?;
    issue(api, Bearer { tenant, user, session }, &secret)
}

fn issue(api: &Api, bearer: Bearer, refresh: &Secret) -> Result<Tokens, Problem> {
    Ok(Tokens {
        access_token: api.keys.sign(bearer).ok_or_else(Problem::internal)?,
        token_type: "Bearer",
        expires_in_s: ACCESS_LASTS.as_secs(),
        refresh_token: refresh.text(REFRESH),
    })
}

/// What failed logins are counted by.
pub(super) fn digest(what: &str, text: &str) -> Digest {
    Sha256::digest(format!("{what}:{text}")).into()
}

/// A text of so many characters, without blanks around it.
pub(super) fn text(
    field: &str,
    text: &str,
    length: std::ops::RangeInclusive<usize>,
) -> Result<String, Problem> {
    let text = text.trim();
    if length.contains(&text.chars().count()) && !text.chars().any(char::is_control) {
        return Ok(text.to_owned());
    }
    let why = format!(
        "expected {} to {} characters, none of them control characters",
        length.start(),
        length.end()
    );
    Err(Problem::invalid(field, why))
}

/// An address, in small letters.
pub(crate) fn email(field: &str, text: &str) -> Result<String, Problem> {
    let email = text.trim().to_lowercase();
    let is_one = email.len() <= 254
        && email.split_once('@').is_some_and(|(name, domain)| {
            !name.is_empty()
                && name.len() <= 64
                && domain.contains('.')
                && !domain.starts_with('.')
                && !domain.ends_with('.')
                && !email.chars().any(|char| char.is_whitespace() || char.is_control())
                && !domain.contains('@')
        });
    if is_one {
        Ok(email)
    } else {
        Err(Problem::invalid(field, "expected an address such as ana@example.com"))
    }
}
