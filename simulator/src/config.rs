//! What a simulated carrier is told at its start.

use std::collections::HashMap;
use std::path::PathBuf;

use serde::Deserialize;
use warmline_workflows::Timeline;

use crate::error::Error;
use crate::faults::{Faults, Quirks};
use crate::persona::{Script, Share, demo_distribution};

/// Which carrier it is that is simulated. The calls are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// Twilio.
    #[default]
    Twilio,
    /// SignalWire, as far as its differences are known: ids are UUIDs, durations and prices are numbers, addresses begin
    /// with `/api/laml`, webhooks are signed in a header of its own and carry no idempotency token.
    SignalWire,
}

impl Dialect {
    /// What the paths of the API begin with.
    pub(crate) const fn root(self) -> &'static str {
        match self {
            Self::Twilio => "",
            Self::SignalWire => "/api/laml",
        }
    }
}

/// The settings of a simulated carrier.
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Which carrier it is.
    pub dialect: Dialect,
    /// The account; part of every path, and the user name of every request.
    pub account_sid: String,
    /// The password of every request, and the key that signs every webhook; at SignalWire, the latter alone.
    pub auth_token: String,
    /// Keys that make requests in place of the password. As standard keys of the real service, they do not see the
    /// account itself.
    pub api_keys: Vec<ApiKey>,
    /// The numbers the account may call from.
    pub numbers: Vec<String>,
    /// Further accounts. Each has calls, conferences, a rate and a ledger of its own; whom they call is the same.
    pub further_accounts: Vec<FurtherAccount>,
    /// The account's test credentials: they place calls to magic numbers, of which nothing comes, and may do nothing
    /// else. `None` means that there are none.
    pub test_credentials: Option<TestCredentials>,
    /// How carrier time runs. Ring times, talks and detection are lived through in carrier time.
    pub timeline: Timeline,
    /// Calls started per second of carrier time; the others wait in a queue.
    pub cps: f64,
    /// Decides everything that is left to chance.
    pub seed: u64,
    /// What single numbers do. Agents are numbers too, or `client:` and the name of a softphone; `client:` alone stands
    /// for all softphones that are not named.
    pub scripts: HashMap<String, Script>,
    /// What all other numbers do.
    pub distribution: Vec<Share>,
    /// Faults from the first moment on; they can be changed later.
    pub faults: Faults,
    /// Choices where the real service leaves things open.
    pub quirks: Quirks,
    /// Where the ledger is kept; `None` keeps it in memory.
    pub ledger_path: Option<PathBuf>,
    /// Calls that may be queued or live at once; beyond it a create request is refused. `None`
    /// means no limit.
    pub max_calls: Option<usize>,
    /// Whether webhooks may go to loopback and private addresses, which the real service refuses.
    pub allow_private_targets: bool,
    /// The origin under which customers reach the carrier, when it is not the listener's address;
    /// used in the URLs of recordings.
    pub public_origin: Option<String>,
}

/// Another account at the same carrier.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FurtherAccount {
    /// Its sid.
    pub account_sid: String,
    /// The password of its requests, and the key of its webhooks.
    pub auth_token: String,
    /// Keys that make requests in place of the password.
    #[serde(default)]
    pub api_keys: Vec<ApiKey>,
    /// The numbers it may call from.
    pub numbers: Vec<String>,
}

/// A key of an account.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiKey {
    /// The user name of its requests.
    pub sid: String,
    /// The password of its requests; tokens of softphones are signed with it.
    pub secret: String,
}

/// A sid and a token with which requests can be tried out.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestCredentials {
    /// Its own sid, which is not that of the account.
    pub account_sid: String,
    /// The password of its requests.
    pub auth_token: String,
}

impl Config {
    /// The path of the account, under which all its resources lie.
    pub(crate) fn account_path(&self) -> String {
        format!("{}/2010-04-01/Accounts/{}", self.dialect.root(), self.account_sid)
    }

    /// The same carrier as seen by another account.
    pub(crate) fn of(&self, account: &FurtherAccount) -> Self {
        let FurtherAccount { account_sid, auth_token, api_keys, numbers } = account.clone();
        let ledger_path = self.ledger_path.as_ref().map(|path| {
            let mut path = path.clone().into_os_string();
            path.push(format!(".{account_sid}"));
            path.into()
        });
        Self {
            account_sid,
            auth_token,
            api_keys,
            numbers,
            further_accounts: Vec::new(),
            test_credentials: None,
            ledger_path,
            ..self.clone()
        }
    }

    /// The same carrier as seen with test credentials, which leave nothing behind.
    pub(crate) fn with(&self, test: &TestCredentials) -> Self {
        let TestCredentials { account_sid, auth_token } = test.clone();
        let account = FurtherAccount { account_sid, auth_token, api_keys: Vec::new(), numbers: Vec::new() };
        Self { ledger_path: None, ..self.of(&account) }
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        let wrong = |name, problem| Err(Error::Setting { name, problem });
        for account in &self.further_accounts {
            self.of(account).check()?;
        }
        if let Some(test) = &self.test_credentials {
            self.with(test).check()?;
        }
        if self.account_sid.is_empty() || self.account_sid.contains(['/', ':', '.']) {
            return wrong("account_sid", "must be a word such as AC and 32 hexadecimal digits");
        }
        if self.auth_token.is_empty() {
            return wrong("auth_token", "must not be empty");
        }
        if !(self.cps.is_finite() && self.cps > 0.0) {
            return wrong("cps", "must be more than 0");
        }
        if !(self.timeline.factor.is_finite() && self.timeline.factor > 0.0) {
            return wrong("timeline", "needs a factor of more than 0");
        }
        Ok(())
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            dialect: Dialect::Twilio,
            account_sid: "AC00000000000000000000000000000001".to_owned(),
            auth_token: "0123456789abcdef0123456789abcdef".to_owned(),
            api_keys: Vec::new(),
            numbers: vec!["+14155550100".to_owned()],
            further_accounts: Vec::new(),
            test_credentials: None,
            timeline: Timeline::REAL,
            cps: 1.0,
            seed: 1,
            scripts: HashMap::new(),
            distribution: demo_distribution(),
            faults: Faults::default(),
            quirks: Quirks::default(),
            ledger_path: None,
            max_calls: None,
            allow_private_targets: true,
            public_origin: None,
        }
    }
}
