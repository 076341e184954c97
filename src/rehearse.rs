//! `warmline rehearse`: what the carrier answers, tried out with test credentials and magic numbers.
//!
//! The requests are those that place real legs, made by the same client. Nobody can be phoned by accident: anything
//! but test credentials is turned away before the first of them, and each is made from a magic number, which no live
//! account may call from.

use url::Url;
use uuid::Uuid;
use warmline_twilio::client::{self, Amd, Client, NewCall, Placement, ReadError, RefusalClass};
use warmline_twilio::{Callback, check_base};
use warmline_workflows::{CallId, Leg, TenantId};

use crate::check::Verdicts;
use crate::config::Config;

/// Twilio's word for what test credentials do not reach. Live ones are never refused with it.
const NOT_FOR_TESTS: u32 = 20008;
/// The caller id that passes with test credentials, and belongs to nobody.
const CALLER: &str = "+15005550006";
/// A number for fiction, which stands for everybody's.
const ANYBODY: &str = "+12125550123";
/// Webhooks are not sent, so any address will do that the carrier takes for one.
const BASE: &str = "https://calls.example.com";

/// A leg to try, and what should come of it.
struct Try {
    from: &'static str,
    to: &'static str,
    /// The class of the refusal; none when the leg is taken.
    refused: Option<RefusalClass>,
    /// What a campaign makes of it.
    then: &'static str,
}

const TRIES: [Try; 7] = [
    Try { from: CALLER, to: ANYBODY, refused: None, then: "the lead's telephone would ring" },
    Try {
        from: CALLER,
        to: "+15005550001",
        refused: Some(RefusalClass::InvalidNumber),
        then: "the lead is never called again",
    },
    Try {
        from: CALLER,
        to: "+15005550002",
        refused: Some(RefusalClass::Unreachable),
        then: "noted as failed",
    },
    Try {
        from: CALLER,
        to: "+15005550003",
        refused: Some(RefusalClass::GeoPermission),
        then: "noted as failed, until the country is allowed at the carrier",
    },
    Try { from: CALLER, to: "+15005550004", refused: Some(RefusalClass::Blocked), then: "noted as failed" },
    Try {
        from: "+15005550001",
        to: ANYBODY,
        refused: Some(RefusalClass::CallerId),
        then: "the lead waits until the caller id is a number",
    },
    Try {
        from: "+12125550142",
        to: ANYBODY,
        refused: Some(RefusalClass::CallerId),
        then: "the lead waits until the caller id is one of the account's",
    },
];

/// Tries everything and prints a line on each; true when all went as it should.
///
/// # Errors
/// When no carrier is configured, or the credentials are not test credentials; then nothing was tried.
pub async fn run(config: &Config) -> anyhow::Result<bool> {
    let twilio = config.twilio()?;
    // An API key is always the live account's.
    let account = client::Config {
        username: twilio.account_sid.clone(),
        password: twilio.auth_token.clone(),
        ..twilio.client()
    };
    let rehearsal = Rehearsal::begin(Client::new(account)?).await?;
    let mut verdicts = Verdicts::default();
    verdicts
        .line("credentials", Ok("test credentials: nobody is phoned, and nothing costs money".to_owned()));
    for attempt in &TRIES {
        let what = format!("{} calls {}", attempt.from, attempt.to);
        verdicts.line(&what, rehearsal.perform(attempt).await);
    }
    Ok(verdicts.all_well())
}

/// A carrier account that is known to phone nobody.
struct Rehearsal {
    client: Client,
    base: Url,
}

impl Rehearsal {
    async fn begin(client: Client) -> anyhow::Result<Self> {
        match client.fetch_account().await {
            Err(ReadError::Refused(refusal)) if refusal.code == Some(NOT_FOR_TESTS) => {
                Ok(Self { client, base: check_base(BASE)? })
            }
            Ok(_) => anyhow::bail!(
                "these are live credentials, which phone people: set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN to the \
                 test credentials of the account (in Twilio's console under API keys and tokens)"
            ),
            Err(error) => anyhow::bail!(
                "cannot tell whether these are test credentials, so nothing is tried: {error}; are \
                 TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_API_BASE right?"
            ),
        }
    }

    /// Asks for the leg; what came of it in words, an error when it is not what should have.
    async fn perform(&self, attempt: &Try) -> Result<String, String> {
        let id = Uuid::now_v7();
        let call = NewCall {
            to: attempt.to.to_owned(),
            from: attempt.from.to_owned(),
            callback: Callback {
                tenant: TenantId(id),
                call: CallId(id),
                leg: Leg::Lead,
                token: id.simple().to_string(),
            },
            public_base: self.base.clone(),
            ring_timeout_s: 30,
            time_limit_s: 3600,
            amd: Some(Amd { timeout_s: 30 }),
        };
        let came = self.client.create_call(&call).await;
        let expected =
            attempt.refused.map_or_else(|| "taken".to_owned(), |class| format!("refused as {class}"));
        match (came, attempt.refused) {
            (Placement::Placed { sid }, None) => {
                Ok(format!("{expected}, as expected ({sid}): {}", attempt.then))
            }
            (Placement::Refused { refusal }, Some(class)) if refusal.class == class => {
                let code = refusal.code.unwrap_or_default();
                Ok(format!("{expected}, as expected (code {code}): {}", attempt.then))
            }
            (other, _) => Err(format!("expected: {expected}; came: {}", words(&other))),
        }
    }
}

/// What came of a leg that should have come to something else.
fn words(came: &Placement) -> String {
    match came {
        Placement::Placed { sid } => format!("taken as {sid}"),
        Placement::Refused { refusal } => refusal.to_string(),
        Placement::NotSent { reason } | Placement::Unknown { reason } => reason.clone(),
        Placement::Throttled { .. } => "the carrier asks to slow down; try again later".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;
    use tokio::net::TcpListener;
    use warmline_simulator::{Config, Handle, Simulator, TestCredentials};

    use super::*;

    async fn carrier() -> Handle {
        let test = TestCredentials { account_sid: "AC7E57".to_owned(), auth_token: "tried".to_owned() };
        let config = Config { test_credentials: Some(test), ..Config::default() };
        Simulator::start(config, TcpListener::bind("127.0.0.1:0").await.unwrap()).unwrap()
    }

    async fn begin(carrier: &Handle, account_sid: &str, auth_token: &str) -> anyhow::Result<Rehearsal> {
        let account = client::Config::twilio(account_sid, SecretString::from(auth_token));
        let account = client::Config { api_base: carrier.base_url(), ..account };
        Rehearsal::begin(Client::new(account).unwrap()).await
    }

    #[tokio::test]
    async fn every_magic_number_is_answered_as_warmline_expects() {
        let carrier = carrier().await;
        let rehearsal = begin(&carrier, "AC7E57", "tried").await.unwrap();
        for attempt in &TRIES {
            let came = rehearsal.perform(attempt).await;
            assert!(came.is_ok(), "{} to {}: {came:?}", attempt.from, attempt.to);
        }
        let wrong = Try { refused: Some(RefusalClass::Blocked), ..TRIES[1] };
        let told = rehearsal.perform(&wrong).await.unwrap_err();
        let expected = "expected: refused as blocked; came: refused as invalid_number (HTTP 400, code 21217";
        assert!(told.starts_with(expected), "{told}");
        assert!(carrier.ledger().calls().is_empty(), "nobody was phoned");
    }

    #[tokio::test]
    async fn nothing_is_tried_with_anything_but_test_credentials() {
        let carrier = carrier().await;
        let Config { account_sid, auth_token, .. } = Config::default();
        for (sid, token, expected) in
            [(&*account_sid, &*auth_token, "these are live credentials"), ("AC7E57", "wrong", "cannot tell")]
        {
            let refused = begin(&carrier, sid, token).await.err().unwrap().to_string();
            assert!(refused.starts_with(expected), "{refused}");
        }
        assert!(carrier.ledger().calls().is_empty());
    }
}
