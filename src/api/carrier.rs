//! One's own carrier account, in place of the installation's.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use warmline_engine::carriers::{ApiKey, CarrierAccount, Elsewhere, NewCarrierAccount};
use warmline_twilio::Dialect;
use warmline_twilio::client::{self, Account, ConfigError, ReadError};
use warmline_workers::delivery::Reach;
use warmline_workers::lines;

use super::Api;
use super::change::Change;
use super::etag::{IfMatch, Versioned};
use super::extract::Json;
use super::principal::Principal;
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(get_carrier, set_carrier, remove_carrier))
}

/// The carrier account that calls are placed on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Carrier)]
struct CarrierView {
    /// Whether it is the organisation's own; otherwise it is the installation's, and nothing more is said of it.
    is_own: bool,
    /// The account's id at the carrier.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    account_sid: Option<String>,
    /// Calls placed per second, over all campaigns.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    calls_per_second: Option<f32>,
    /// The id of its API key, if it has one: then agents can take calls in their browsers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    api_key_sid: Option<String>,
    /// Its application for calls that softphones make, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    application_sid: Option<String>,
    /// Where the account is, if it is not at the installation's carrier.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    api_base: Option<String>,
    /// How that carrier is spoken to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    dialect: Option<String>,
    /// When it was last changed. Secrets are never shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    changed_at: Option<Timestamp>,
}

impl From<Option<&CarrierAccount>> for CarrierView {
    fn from(account: Option<&CarrierAccount>) -> Self {
        let elsewhere = account.and_then(|account| account.elsewhere.as_ref());
        Self {
            is_own: account.is_some(),
            account_sid: account.map(|account| account.account_sid.clone()),
            calls_per_second: account.map(|account| account.calls_per_second),
            api_key_sid: account.and_then(|account| account.api_key_sid.clone()),
            application_sid: account.and_then(|account| account.application_sid.clone()),
            api_base: elsewhere.map(|place| place.api_base.clone()),
            dialect: elsewhere.map(|place| place.dialect.clone()),
            changed_at: account.map(|account| account.changed_at),
        }
    }
}

/// A carrier account to call on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewCarrier, example = json!({
    "account_sid": "AC00000000000000000000000000000002", "auth_token": "fedcba9876543210fedcba9876543210",
    "calls_per_second": 1.0,
}))]
struct CarrierDraft {
    /// The account's id: `AC` and 32 hexadecimal digits at Twilio.
    #[schema(min_length = 1, max_length = 64)]
    account_sid: String,
    /// Its auth token, which webhooks are signed with, and requests are made without an API key. Kept sealed, and never shown again.
    #[schema(value_type = String, min_length = 1, max_length = 256, write_only)]
    auth_token: SecretString,
    /// Calls placed per second, over all campaigns; 1 when left out.
    #[schema(minimum = 0.01, maximum = 1000)]
    calls_per_second: Option<f32>,
    /// An API key of the account, `SK` and 32 hexadecimal digits at Twilio: makes requests in place of the auth token,
    /// and lets softphones of agents in. None when left out.
    #[schema(min_length = 1, max_length = 64)]
    api_key_sid: Option<String>,
    /// The secret of the API key. Kept sealed, and never shown again.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 256, write_only)]
    api_key_secret: Option<SecretString>,
    /// The application at the carrier that decides what becomes of calls that softphones make; they make none when left
    /// out. It goes with an API key.
    #[schema(min_length = 1, max_length = 64)]
    application_sid: Option<String>,
    /// Where the account is: everything before `/Accounts`, at Twilio or SignalWire. At the installation's carrier when
    /// left out. An account that is kept stays where it is.
    #[schema(min_length = 1, max_length = 256)]
    api_base: Option<String>,
    /// How that carrier is spoken to, with `api_base`: `twilio` or `signalwire`, and what differs, separated by commas:
    /// `auth=bearer`, `suffix=none`. With `signalwire`, the auth token is the signing key of the space, and the API key
    /// is the project and its API token.
    #[schema(min_length = 1, max_length = 64)]
    dialect: Option<String>,
}

impl CarrierDraft {
    fn into_account(self, reach: Reach) -> Result<NewCarrierAccount, Problem> {
        let calls_per_second = self.calls_per_second.unwrap_or(1.0);
        if !(0.01..=1000.0).contains(&calls_per_second) {
            return Err(Problem::invalid("calls_per_second", "expected 0.01 to 1000"));
        }
        let api_key = match (self.api_key_sid, self.api_key_secret) {
            (Some(sid), Some(secret)) => Some(ApiKey { sid: id("api_key_sid", sid)?, secret }),
            (None, None) => None,
            (Some(_), None) => return Err(Problem::invalid("api_key_secret", "goes with `api_key_sid`")),
            (None, Some(_)) => return Err(Problem::invalid("api_key_sid", "goes with `api_key_secret`")),
        };
        if self.application_sid.is_some() && api_key.is_none() {
            return Err(Problem::invalid("application_sid", "goes with an API key"));
        }
        Ok(NewCarrierAccount {
            account_sid: self.account_sid,
            auth_token: self.auth_token,
            calls_per_second,
            api_key,
            application_sid: self.application_sid.map(|sid| id("application_sid", sid)).transpose()?,
            elsewhere: elsewhere(self.api_base, self.dialect, reach)?,
        })
    }
}

/// A carrier other than the installation's. An organisation may send us to carriers that we know and nowhere else; while
/// nobody real is called, to this machine as well.
fn elsewhere(
    api_base: Option<String>,
    dialect: Option<String>,
    reach: Reach,
) -> Result<Option<Elsewhere>, Problem> {
    let (api_base, dialect) = match (api_base, dialect) {
        (None, None) => return Ok(None),
        (Some(api_base), Some(dialect)) => (api_base, dialect),
        (Some(_), None) => return Err(Problem::invalid("dialect", "goes with `api_base`")),
        (None, Some(_)) => return Err(Problem::invalid("api_base", "goes with `dialect`")),
    };
    let dialect: Dialect = dialect.parse().map_err(|error| Problem::invalid("dialect", error))?;
    let is_known = api_base.starts_with("https://") && client::is_known_carrier(&api_base);
    let is_here = reach == Reach::Loopback && api_base.starts_with("http://127.0.0.1:");
    if api_base.len() > 256 || !(is_known || is_here) {
        let why = "expected an https address of Twilio or SignalWire: everything before `/Accounts`";
        return Err(Problem::invalid("api_base", why));
    }
    let api_base = api_base.trim_end_matches('/').to_owned();
    Ok(Some(Elsewhere { api_base, dialect: dialect.to_string() }))
}

/// Something at the carrier.
fn id(field: &str, text: String) -> Result<String, Problem> {
    let is_id = (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if is_id { Ok(text) } else { Err(Problem::invalid(field, "expected the id of something at the carrier")) }
}

fn versioned(account: Option<&CarrierAccount>) -> Versioned<CarrierView> {
    Versioned { version: account.map_or(0, |account| account.version), body: account.into() }
}

/// Get the carrier account
#[utoipa::path(get, path = "/api/tenant/carrier", tag = "tenant", responses(
    (status = 200, description = "The account that calls are placed on.", body = CarrierView,
     headers(("ETag" = String, description = "Its version."))),
))]
async fn get_carrier(
    State(api): State<Api>,
    principal: Principal,
) -> Result<Versioned<CarrierView>, Problem> {
    Ok(versioned(api.engine.carrier_account(principal.tenant).await?.as_ref()))
}

/// Call on an account of one's own
///
/// The carrier is asked whether the credentials are right before they are kept. Calls that begin from then on are
/// placed on the account; those under way stay on the one they began on. To replace an auth token, set the account
/// again: webhooks that were signed with the one before are still taken.
#[utoipa::path(put, path = "/api/tenant/carrier", tag = "tenant", request_body = CarrierDraft,
    params(("If-Match" = Option<String>, Header, description = "The ETag that the change is of.")), responses(
    (status = 200, description = "The account that calls are placed on.", body = CarrierView,
     headers(("ETag" = String, description = "Its version."))),
    (status = 503, description = "The carrier could not be asked now.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn set_carrier(
    State(api): State<Api>,
    principal: Principal,
    IfMatch(expected): IfMatch,
    Json(draft): Json<CarrierDraft>,
) -> Result<Response, Problem> {
    let account = draft.into_account(api.settings.endpoint_rules.reach)?;
    verify(&api, &account).await?;
    let before = api.engine.carrier_account(principal.tenant).await?;
    let after = api.engine.set_carrier_account(principal.tenant, expected, &account).await?;
    let change = Change::between(&CarrierView::from(before.as_ref()), &CarrierView::from(Some(&after)));
    Ok((Extension(change), versioned(Some(&after))).into_response())
}

/// Call on the installation's account again
///
/// Calls under way stay on the account they began on; its credentials are forgotten once none is left.
#[utoipa::path(delete, path = "/api/tenant/carrier", tag = "tenant",
    params(("If-Match" = Option<String>, Header, description = "The ETag that the change is of.")), responses(
    (status = 204, description = "Calls that begin from now on are placed on the installation's account."),
))]
async fn remove_carrier(
    State(api): State<Api>,
    principal: Principal,
    IfMatch(expected): IfMatch,
) -> Result<StatusCode, Problem> {
    api.engine.remove_carrier_account(principal.tenant, expected).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks the carrier whether the account can be used.
async fn verify(api: &Api, account: &NewCarrierAccount) -> Result<(), Problem> {
    if account.account_sid == api.carrier.account_sid() {
        return Err(Problem::invalid(
            "account_sid",
            "this is the installation's account, which needs no setting",
        ));
    }
    let sid_is_wrong = || {
        Problem::invalid("account_sid", "expected the id of an account, such as AC and 32 hexadecimal digits")
    };
    if account.account_sid.len() > 64 {
        return Err(sid_is_wrong());
    }
    let elsewhere = account.elsewhere.clone().map(lines::elsewhere).transpose()?;
    let dialect = elsewhere.as_ref().map_or_else(|| api.carrier.dialect(), |place| place.dialect);
    let client = |username: &str, password: &SecretString| {
        let (elsewhere, account_sid) = (elsewhere.clone(), account.account_sid.clone());
        let (username, password) = (username.to_owned(), password.clone());
        let account = Account { elsewhere, account_sid, username, password, softphone: None };
        api.carrier.for_account(account).map_err(|error| match error {
            ConfigError::AccountSid => sid_is_wrong(),
            error => Problem::invalid("api_base", error),
        })
    };
    if dialect.has_one_secret() {
        taken("auth_token", client(&account.account_sid, &account.auth_token)?.fetch_account().await)?;
    } else if account.api_key.is_none() {
        let why =
            "this carrier's signing key makes no requests: give the project, and its API token as its secret";
        return Err(Problem::invalid("api_key_sid", why));
    }
    if let Some(key) = &account.api_key {
        // A standard key may do everything that calls need, and not see the account.
        taken("api_key_secret", client(&key.sid, &key.secret)?.list_numbers().await)?;
    }
    Ok(())
}

/// Whether the carrier took what is in this field.
fn taken<T>(field: &str, asked: Result<T, ReadError>) -> Result<(), Problem> {
    match asked {
        Ok(_) => Ok(()),
        Err(ReadError::Refused(_) | ReadError::Missing) => Err(Problem::invalid(
            field,
            "the carrier does not take it for this account: copy both from the carrier's console",
        )),
        Err(error) => {
            tracing::warn!(error = %error, "a carrier account could not be verified");
            let detail = "the carrier could not be asked whether the account is right: try again later";
            Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "carrier_unreachable", detail))
        }
    }
}
