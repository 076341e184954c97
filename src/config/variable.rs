//! The table of variables: names, defaults, formats and help. `.env.example` is made from it.

/// A variable of the environment that Warmline reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What it is about; variables of one topic stand together.
    pub topic: &'static str,
    /// The text that is read when it is not set; none when there is no default.
    pub default: Option<&'static str>,
    /// What a value looks like, with its unit and range.
    pub format: &'static str,
    /// What it is for.
    pub help: &'static str,
    /// Whether its value is never shown.
    pub secret: bool,
}

impl Variable {
    const fn new(topic: &'static str, name: &'static str) -> Self {
        Self { name, topic, default: None, format: "", help: "", secret: false }
    }

    const fn default(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }

    const fn format(self, format: &'static str) -> Self {
        Self { format, ..self }
    }

    const fn help(self, help: &'static str) -> Self {
        Self { help, ..self }
    }

    const fn secret(self) -> Self {
        Self { secret: true, ..self }
    }
}

macro_rules! variables {
    ($($topic:literal { $($name:ident $(. $method:ident($($argument:literal)?))*;)* })*) => {
        $($(
            pub(super) const $name: &Variable =
                &Variable::new($topic, stringify!($name)) $(.$method($($argument)?))*;
        )*)*

        /// Every variable that the configuration reads, each once, by topic.
        pub const VARIABLES: &[&Variable] = &[$($($name),*),*];
    };
}

variables! {
    "Process" {
        WARMLINE_ENV.default("development")
            .format("development, test or production")
            .help("What the installation is for. Production refuses rehearsals (WARMLINE_TIMELINE).");
        PORT.default("3000")
            .format("a number from 1 to 65535")
            .help("The TCP port of the HTTP server.");
        BASE_URL.format("an absolute address such as https://calls.example.com")
            .help("Where people reach this server. Unset: http://localhost and the port.");
        WEBHOOK_BASE_URL.format("an absolute public address such as https://calls.example.com")
            .help("Where the carrier reaches this server, as it signs it. Unset: BASE_URL.");
        WARMLINE_OPERATIONS_ADDRESS.format("an address and a port, such as 127.0.0.1:9464")
            .help("Where this process answers /livez, /readyz and /metrics. Keep it from the public. Unset: nowhere; \
                   `serve` answers /livez and /readyz on PORT as well.");
        WARMLINE_LOG.default("info")
            .format("directives such as info or warn,warmline_workers=debug")
            .help("Which log lines are written.");
        WARMLINE_LOG_FORMAT.default("text")
            .format("text or json")
            .help("How log lines are written.");
        OTEL_EXPORTER_OTLP_ENDPOINT.format("an address such as http://localhost:4318")
            .help("The OpenTelemetry collector that traces are sent to, by HTTP. Needs a program built with the feature \
                   otel.");
    }
    "Twilio" {
        TWILIO_ACCOUNT_SID.format("AC and 32 hexadecimal digits")
            .help("The account that places the calls.");
        TWILIO_AUTH_TOKEN.secret()
            .format("32 hexadecimal digits")
            .help("The account's auth token. Webhooks are signed with it.");
        TWILIO_AUTH_TOKEN_PREVIOUS.secret()
            .format("32 hexadecimal digits")
            .help("While the auth token is being changed: the other one that webhooks may be signed with.");
        TWILIO_API_KEY.format("SK and 32 hexadecimal digits")
            .help("Makes requests in place of the auth token, and lets the softphones of agents in, with TWILIO_API_SECRET. \
                   Unset: agents are called on their telephones.");
        TWILIO_API_SECRET.secret()
            .format("the secret of TWILIO_API_KEY")
            .help("Belongs to TWILIO_API_KEY.");
        TWILIO_APPLICATION_SID.format("AP and 32 hexadecimal digits")
            .help("The TwiML application that decides what becomes of calls that softphones make. Unset: they make none.");
        TWILIO_NUMBER.format("a plus and 7 to 15 digits, such as +14155550100")
            .help("The caller id of campaigns that name none: a number of the account.");
        TWILIO_API_BASE.default("https://api.twilio.com/2010-04-01")
            .format("an http or https URL without user name and query: everything before /Accounts")
            .help("Another carrier with Twilio's API, or the simulator.");
        TWILIO_DIALECT.default("twilio")
            .format("twilio or signalwire, and what differs, separated by commas: auth=bearer, suffix=none")
            .help("How that carrier is spoken to. With signalwire, TWILIO_AUTH_TOKEN is the signing key, and TWILIO_API_KEY and \
                   TWILIO_API_SECRET are the project and its API token.");
        TWILIO_CALLS_PER_SECOND.default("1")
            .format("a number from 0.01 to 1000, with decimals if need be")
            .help("Calls placed per second by all processes together: the limit of the account.");
        WARMLINE_PLACEMENT_TIMEOUT_S.default("10")
            .format("seconds, 1 to 45")
            .help("How long the carrier may take to answer a request.");
        WARMLINE_PLACEMENT_QUIET_WINDOW_S.default("600")
            .format("seconds, up to 86400, more than WARMLINE_PLACEMENT_TIMEOUT_S")
            .help("A call that may or may not have been placed is given up after this long without a trace of it.");
    }
    "Postgres" {
        DATABASE_URL.secret()
            .format("postgres://user:password@host:5432/name, or DB_HOST in its place")
            .help("The database. Wins over the DB_ variables.");
        DB_HOST.format("a host name, an address, or the folder of a Unix socket")
            .help("In place of DATABASE_URL: the server.");
        DB_PORT.default("5432")
            .format("a number from 1 to 65535")
            .help("With DB_HOST: its port.");
        DB_NAME.default("warmline")
            .format("a name")
            .help("With DB_HOST: the database.");
        DB_USER.default("warmline")
            .format("a name")
            .help("With DB_HOST: who logs in.");
        DB_PASSWORD.secret()
            .format("any text")
            .help("With DB_HOST: the password, if there is one.");
        WARMLINE_DATABASE_CONNECTIONS.default("16")
            .format("a number from 2 to 1000")
            .help("Connections of each process, besides those that write the steps of calls.");
    }
    "Personal data" {
        WARMLINE_MASTER_KEY.secret()
            .format("32 bytes in base64 as `openssl rand -base64 32` prints, or WARMLINE_ENCRYPTION=off in its place")
            .help("Seals the keys that personal data is sealed with. To change it: new:KEY,1:KEY, the newest first.");
        WARMLINE_INDEX_KEY.secret()
            .format("32 bytes in base64, such as `openssl rand -base64 32` prints")
            .help("Matches telephone numbers without their text. It can never be changed.");
        WARMLINE_ENCRYPTION.format("on or off")
            .help("Whether personal data is sealed. Unset: on with WARMLINE_MASTER_KEY, else off outside production.");
    }
    "Redis" {
        REDIS_URL.secret()
            .format("redis://:password@host:6379 or redis+unix:///folder/socket, or REDIS_HOST in its place")
            .help("The queues. Wins over REDIS_HOST, REDIS_PORT and REDIS_PASSWORD.");
        REDIS_HOST.format("a host name, an address, or the path of a Unix socket")
            .help("In place of REDIS_URL: the server.");
        REDIS_PORT.default("6379")
            .format("a number from 1 to 65535")
            .help("With REDIS_HOST: its port.");
        REDIS_PASSWORD.secret()
            .format("any text")
            .help("With REDIS_HOST: the password, if there is one.");
        WARMLINE_QUEUES.default("dial=8,live=32,records=4,imports=1,notify=4")
            .format("queue=jobs, separated by commas, of dial, live, records, imports, notify; 0 to 1024 jobs")
            .help("Jobs that a worker process does at once. A queue that is left out is not worked on.");
    }
    "Endpoints" {
        WARMLINE_ENDPOINT_PORTS.default("443")
            .format("ports from 1 to 65535, separated by commas")
            .help("The TCP ports that addresses of outgoing webhooks may have.");
    }
    "Imports" {
        WARMLINE_IMPORT_FILE_MIB.default("1024")
            .format("mebibytes, 1 to 65536")
            .help("The largest file of leads that is taken.");
        WARMLINE_IMPORT_ROWS.default("5000000")
            .format("rows, 1 to 100000000")
            .help("The most rows that a file of leads may have.");
        WARMLINE_IMPORT_COLUMNS.default("200")
            .format("columns, 1 to 2000")
            .help("The most columns that a file of leads may have.");
        WARMLINE_IMPORT_ROW_KIB.default("64")
            .format("kibibytes, 1 to 1024")
            .help("The longest row of a file of leads; a longer one is rejected, and a longer header refused.");
        WARMLINE_IMPORT_BATCH_ROWS.default("10000")
            .format("rows, 1 to 50000")
            .help("Rows that an import stores at once: fewer take less memory, more are faster.");
    }
    "Recordings" {
        S3_BUCKET.format("the name of a bucket")
            .help("Where recordings are kept. Unset: in WARMLINE_RECORDINGS_FOLDER.");
        S3_ENDPOINT.format("an address such as https://s3.example.com")
            .help("Where the bucket is reached, when it is not Amazon's.");
        S3_ACCESS_KEY.format("the id of an access key")
            .help("Who writes to the bucket, with S3_SECRET. Both unset: the role of the machine.");
        S3_SECRET.secret()
            .format("the secret of S3_ACCESS_KEY")
            .help("Belongs to S3_ACCESS_KEY.");
        S3_REGION.default("us-east-1")
            .format("the name of a region")
            .help("Where the bucket is.");
        WARMLINE_RECORDINGS_FOLDER.default("recordings")
            .format("a folder")
            .help("Where recordings are kept without a bucket: on a disk that all processes share.");
        WARMLINE_RECORDINGS_FORMAT.default("wav")
            .format("wav or mp3")
            .help("In which form they are fetched: mp3 takes a fifth of the room.");
        WARMLINE_RECORDINGS_LEAVE_CARRIER.default("no")
            .format("yes or no")
            .help("Whether a recording is deleted at the carrier once it is kept here. Deleted here, it is deleted there in any case.");
    }
    "Logins" {
        JWT_SECRET.secret()
            .format("at least 32 random characters, such as `openssl rand -hex 32` prints")
            .help("Signs the tokens of people who are logged in.");
        JWT_SECRET_PREVIOUS.secret()
            .format("the value that JWT_SECRET had")
            .help("While JWT_SECRET is being changed: tokens signed with it are still taken.");
        JWT_EXPIRES_IN.default("24h")
            .format("a number and s, m, h or d, from 1m to 30d")
            .help("How long somebody stays logged in without coming back.");
        WARMLINE_REGISTRATION.default("open")
            .format("open or closed")
            .help("Whether anybody who reaches the server may register an organisation.");
    }
    "API" {
        WARMLINE_API_RATE.default("50")
            .format("requests per second, 1 to 100000")
            .help("Requests of one person or API key that each server process answers; four times as many at once.");
        WARMLINE_CORS_ORIGINS.format("addresses separated by commas, such as https://crm.example.com")
            .help("Whose pages may use the API from a browser, besides our own.");
        WARMLINE_TRUSTED_PROXIES.format("addresses or networks separated by commas, such as 10.0.0.0/8")
            .help("Proxies in front of the server: believed when X-Forwarded-For says who asks. Failed logins are counted by that.");
    }
    "Calls" {
        MAX_CONCURRENT_CALLS.default("10")
            .format("a number from 1 to 100000")
            .help("Calls at once, of new organisations and campaigns.");
        CALL_RETRY_MAX_ATTEMPTS.default("3")
            .format("a number from 1 to 100")
            .help("Calls made to one lead, of new campaigns.");
        CALL_RETRY_DELAY_MINUTES.default("60")
            .format("minutes, 1 to 527040 (a year)")
            .help("From the end of a call to the next one to the same lead, of new campaigns.");
        AMD_TIMEOUT.default("30")
            .format("seconds, 3 to 59, or off")
            .help("How long the carrier may take to tell people from machines, of new campaigns.");
        WARMLINE_DAILY_SPEND_CAP.default("50")
            .format("US dollars, 1 to 1000000, or off")
            .help("What an organisation that registers may spend a day, until an operator raises it.");
        WARMLINE_RATES.default("leg=0.014,client_leg=0.004,amd=0.0075,conference=0.0018,recording=0.0025,number=1.15")
            .format("rate=US dollars, separated by commas, of leg, client_leg, amd, conference, recording, number; up to 10 \
                     dollars, a number up to 1000, with at most six decimals")
            .help("What the carrier asks: for a begun minute of a leg to a telephone, of one to a browser or SIP device, \
                   a detection, a minute of one participant in a conference, a minute of recording, a number a month. \
                   Costs are estimated by it. A rate that is left out has its default.");
        WARMLINE_JOURNAL_DAYS.default("off")
            .format("days, 30 to 36500, or off")
            .help("How long the timeline of a call is kept; its result, times and cost stay. Off: for ever.");
        WARMLINE_TIMELINE.format(
            r#"{"real_start":"2026-01-05T08:00:00Z","business_start":"2026-01-05T15:00:00Z","factor":60}"#
        )
            .help("For rehearsals: business time that starts elsewhere and runs 1 to 10000 times as fast.");
    }
}
