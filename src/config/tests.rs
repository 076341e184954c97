//! Tests of the configuration: the table, the example file, the lines that people read.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr as _;

use sqlx::postgres::PgConnectOptions;
use warmline_workers::delivery::{Reach, Rules};
use warmline_workflows::call::Queue;
use warmline_workflows::cost::Item;

use super::*;

fn read(vars: &[(&str, &str)]) -> Result<Config, Error> {
    Config::from_vars(&vars.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect())
}

/// What the example file has to be.
fn example() -> String {
    let mut text = String::from(
        "# Every setting of Warmline: what it is for, what a value looks like, and its default. The ones without\n\
         # a default are commented out. The program reads its environment and no file: export these lines, or\n\
         # hand them over with `docker run --env-file` or `EnvironmentFile=` of systemd.\n",
    );
    let mut topic = "";
    for variable in VARIABLES {
        if variable.topic != topic {
            topic = variable.topic;
            text += &format!("\n\n# ---- {topic} ----\n");
        }
        let (set, default) = match variable.default {
            Some(default) => ("", default),
            None => ("#", ""),
        };
        let secret = if variable.secret { " Keep it secret." } else { "" };
        let (name, help, format) = (variable.name, variable.help, variable.format);
        text += &format!("\n# {help}{secret}\n# Format: {format}\n{set}{name}={default}\n");
    }
    text
}

/// To write the file anew, run this test with `BLESS=1`.
#[test]
fn the_example_file_is_made_from_the_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/.env.example");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, example()).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap();
    assert!(found == example(), ".env.example differs from the table: BLESS=1 writes it anew");
    let set: HashMap<String, String> = found
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let (copied, empty) = (Config::from_vars(&set).unwrap(), read(&[]).unwrap());
    assert_eq!(format!("{copied:?}"), format!("{empty:?}"), "a copy of the example changes nothing");
}

#[test]
fn the_table_names_what_is_read_each_once() {
    let asked = RefCell::new(Vec::new());
    Config::read(&|name| {
        asked.borrow_mut().push(name);
        Ok(None)
    })
    .unwrap();
    let asked = asked.into_inner();
    let table: Vec<_> = VARIABLES.iter().map(|variable| variable.name).collect();
    let sorted = |names: &[&'static str]| names.iter().copied().collect::<BTreeSet<_>>();
    assert_eq!(sorted(&asked), sorted(&table));
    assert_eq!(sorted(&table).len(), table.len(), "a name stands twice in the table");
    assert_eq!(asked.len(), table.len(), "a variable is read twice");
}

#[test]
fn every_setting_has_its_default() {
    let config = read(&[]).unwrap();
    assert_eq!((config.environment, config.port), (Environment::Development, 3000));
    assert_eq!(config.base_url.as_str(), "http://localhost:3000/");
    assert_eq!((config.log_filter.as_str(), config.log_format), ("info", LogFormat::Text));
    assert_eq!((config.database_connections, config.max_concurrent_calls), (16, 10));
    let loads: Vec<_> = config.queues.iter().map(|load| (load.queue, load.jobs)).collect();
    let expected =
        [(Queue::Dial, 8), (Queue::Live, 32), (Queue::Records, 4), (Queue::Imports, 1), (Queue::Notify, 4)];
    assert_eq!(loads, expected);
    assert_eq!((config.quiet_window.as_secs(), config.timeline), (600, Timeline::REAL));
    assert_eq!((config.amd_timeout_s, config.conduct_defaults()), (Some(30), Conduct::default()));
    let with_secret = read(&[("JWT_SECRET", "0123456789abcdef0123456789abcdef")]).unwrap();
    assert_eq!(with_secret.jwt().unwrap().expires_in.as_secs(), 24 * 3600);
    let terms = config.cadence_defaults();
    assert_eq!((terms.terms().max_attempts, terms.terms().retry_delay_min), (3, 60));
    assert_eq!(config.cadence_defaults(), Cadence::default());
    let folder = matches!(&config.recordings.place, Place::Folder(folder) if folder.ends_with("recordings"));
    assert!(folder && config.recordings.format == Format::Wav && !config.recordings.leave_carrier);
    assert_eq!((config.rates, config.journal_days), (Rates::default(), None));
    assert_eq!(config.endpoint_rules(), Rules { ports: vec![443], reach: Reach::Loopback });
}

/// Twilio itself, complete.
const TWILIO: &[(&str, &str)] = &[
    ("TWILIO_ACCOUNT_SID", "AC00000000000000000000000000000001"),
    ("TWILIO_AUTH_TOKEN", "0123456789abcdef0123456789abcdef"),
    ("WEBHOOK_BASE_URL", "https://calls.example.com/warm/"),
];

#[test]
fn settings_reach_their_places() {
    let more = [
        ("PORT", " 8080\n"),
        ("WARMLINE_ENV", "Production"),
        ("AMD_TIMEOUT", "off"),
        ("CALL_RETRY_MAX_ATTEMPTS", "5"),
        ("CALL_RETRY_DELAY_MINUTES", "15"),
        ("TWILIO_CALLS_PER_SECOND", "2.5"),
        ("TWILIO_NUMBER", "+14155550100"),
        ("TWILIO_API_KEY", "SK00000000000000000000000000000002"),
        ("TWILIO_API_SECRET", "hush"),
        ("TWILIO_AUTH_TOKEN_PREVIOUS", "ffffffffffffffffffffffffffffffff"),
        ("WARMLINE_PLACEMENT_TIMEOUT_S", "4"),
        ("JWT_SECRET", "0123456789abcdef0123456789abcdef"),
        ("JWT_EXPIRES_IN", "90m"),
        ("S3_BUCKET", "recordings"),
        ("S3_ENDPOINT", "https://s3.example.com/"),
        ("WARMLINE_RECORDINGS_FORMAT", "mp3"),
        ("WARMLINE_RECORDINGS_LEAVE_CARRIER", "yes"),
        ("WARMLINE_JOURNAL_DAYS", "400"),
        ("WARMLINE_ENDPOINT_PORTS", "443, 8443"),
        ("WARMLINE_RATES", "leg=0.0126"),
        ("UNRELATED", "\u{0}"),
    ];
    let config = read(&[TWILIO, &more].concat()).unwrap();
    assert_eq!(config.journal_days, Some(400));
    assert_eq!((config.port, config.base_url.as_str()), (8080, "http://localhost:8080/"));
    assert_eq!(config.public_base().unwrap().as_str(), "https://calls.example.com/warm");
    assert_eq!(config.endpoint_rules(), Rules { ports: vec![443, 8443], reach: Reach::Internet });
    assert_eq!(config.conduct_defaults().amd_timeout_s, None);
    assert_eq!((config.rates.of(Item::Leg), config.rates.of(Item::Detection)), (12_600, 7_500));
    let cadence = config.cadence_defaults();
    assert_eq!((cadence.terms().max_attempts, cadence.terms().retry_delay_min), (5, 15));
    let twilio = config.twilio().unwrap();
    let client = twilio.client();
    assert_eq!(client.api_base, warmline_twilio::client::TWILIO_BASE);
    assert_eq!((client.username.as_str(), client.password.expose_secret()), (more[7].1, "hush"));
    assert_eq!((client.connect_timeout.as_secs(), client.total_timeout.as_secs()), (2, 4));
    let tokens: Vec<_> =
        twilio.auth_tokens().iter().map(|token| token.expose_secret().chars().next()).collect();
    assert_eq!(tokens, [Some('0'), Some('f')]);
    assert!((twilio.calls_per_second - 2.5).abs() < 1e-9);
    assert_eq!(config.twilio_number().unwrap(), "+14155550100");
    assert_eq!(config.jwt().unwrap().expires_in.as_secs(), 5400);
    let Place::Bucket(bucket) = &config.recordings.place else { panic!("{:?}", config.recordings) };
    assert_eq!(
        (bucket.name.as_str(), bucket.region.as_str(), bucket.keys.is_none()),
        ("recordings", "us-east-1", true)
    );
    assert_eq!(bucket.endpoint.as_deref(), Some("https://s3.example.com"));
    assert!(config.recordings.format == Format::Mp3 && config.recordings.leave_carrier);
}

#[test]
fn a_wrong_setting_is_one_line_that_names_it() {
    for (name, value, expected) in [
        ("PORT", "eighty", r#"PORT: "eighty" is not a port: expected a number from 1 to 65535"#),
        ("PORT", "0", r#"PORT: "0" is not a port: expected a number from 1 to 65535"#),
        ("PORT", "3000\nx", r#"PORT: "3000\nx" is not a port: expected a number from 1 to 65535"#),
        (
            "WARMLINE_ENV",
            "prod",
            r#"WARMLINE_ENV: "prod" is none of the words: expected development, test or production"#,
        ),
        ("AMD_TIMEOUT", "2", r#"AMD_TIMEOUT: "2" is out of range: expected seconds, 3 to 59, or off"#),
        (
            "AMD_TIMEOUT",
            "30s",
            r#"AMD_TIMEOUT: "30s" is not such a number: expected seconds, 3 to 59, or off"#,
        ),
        (
            "TWILIO_NUMBER",
            "(415) 555-0100",
            r#"TWILIO_NUMBER: "(415) 555-0100" is not a number in international form: expected a plus and 7 to 15 digits, such as +14155550100"#,
        ),
        (
            "BASE_URL",
            "calls.example.com",
            r#"BASE_URL: "calls.example.com" cannot be used, not an absolute URL (relative URL without a base): write it like https://calls.example.com: expected an absolute address such as https://calls.example.com"#,
        ),
        (
            "BASE_URL",
            "https://me:hush@calls.example.com",
            "BASE_URL: its value, which is not shown, cannot be used, has a user name: give scheme, host, port and path only: expected an absolute address such as https://calls.example.com",
        ),
        (
            "WARMLINE_QUEUES",
            "dial=8,dail=4",
            r#"WARMLINE_QUEUES: "dial=8,dail=4" has an unknown queue, `dail`: expected queue=jobs, separated by commas, of dial, live, records, imports, notify; 0 to 1024 jobs"#,
        ),
        (
            "WARMLINE_RATES",
            "leg=1.4 cents",
            r#"WARMLINE_RATES: "leg=1.4 cents" has a wrong amount for leg: expected rate=US dollars, separated by commas, of leg, client_leg, amd, conference, recording, number; up to 10 dollars, a number up to 1000, with at most six decimals"#,
        ),
        (
            "WARMLINE_PLACEMENT_QUIET_WINDOW_S",
            "10",
            r#"WARMLINE_PLACEMENT_QUIET_WINDOW_S: "10" is not longer than WARMLINE_PLACEMENT_TIMEOUT_S, 10 s: expected seconds, up to 86400, more than WARMLINE_PLACEMENT_TIMEOUT_S"#,
        ),
        (
            "JWT_SECRET",
            "hush",
            "JWT_SECRET: its value, which is not shown, is too short: expected at least 32 random characters, such as `openssl rand -hex 32` prints",
        ),
        (
            "TWILIO_API_SECRET",
            "hush",
            "TWILIO_API_KEY: not set, although TWILIO_API_SECRET is: expected SK and 32 hexadecimal digits",
        ),
    ] {
        let error = read(&[(name, value)]).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn values_are_refused_at_both_ends_of_their_ranges() {
    for (name, right, wrong) in [
        ("PORT", "1 65535", "-1 65536 3e3"),
        ("AMD_TIMEOUT", "3 59 off", "60 99999999999999999999 on"),
        ("CALL_RETRY_MAX_ATTEMPTS", "1 100", "0 101 65536"),
        ("CALL_RETRY_DELAY_MINUTES", "1 527040", "0 527041 1.5"),
        ("MAX_CONCURRENT_CALLS", "1 100000", "0 100001"),
        ("TWILIO_CALLS_PER_SECOND", "0.01 1 30.5 1000", "0 0.009 1000.1 NaN inf one"),
        ("WARMLINE_DATABASE_CONNECTIONS", "2 1000", "1 1001"),
        ("WARMLINE_PLACEMENT_TIMEOUT_S", "1 45", "0 46"),
        ("WARMLINE_PLACEMENT_QUIET_WINDOW_S", "11 86400", "0 86401"),
        ("JWT_EXPIRES_IN", "60s 1m 24h 30d", "59s 31d 3600 h -1h 24hours 99999999999999999999d"),
        ("JWT_SECRET", "0123456789abcdef0123456789abcdef", "short changeme_use_strong_random_string"),
        ("DB_PORT", "1 65535", "0 x"),
        ("REDIS_PORT", "1 65535", "0 x"),
        ("TWILIO_NUMBER", "+1234567 +123456789012345", "14155550100 +0155550100 +123456 +1234567890123456"),
        (
            "TWILIO_API_BASE",
            "http://127.0.0.1:4010/2010-04-01/",
            "localhost ftp://x https://x/?a=1 https://a:b@x",
        ),
        ("WARMLINE_RATES", "leg=0 leg=10,number=1000", "leg leg=10.01 leg=1,leg=1 legs=1 number=1001"),
        ("WARMLINE_LOG", "warn,warmline=debug", "warmline=loud"),
        ("WARMLINE_LOG_FORMAT", "text JSON", "xml"),
        (
            "DATABASE_URL",
            "postgres://u@h/d postgresql://localhost",
            "mysql://h/d u@h postgres://u:p/w@h:5432/d",
        ),
        (
            "REDIS_URL",
            "redis://h redis+unix:///a/b unix:///a",
            "rediss://h:6379 http://h h:6379 redis://:p/w@h",
        ),
        ("REDIS_HOST", "cache.internal ::1 /run/redis.sock", "evil/x a@b h:6379"),
    ] {
        for value in right.split(' ') {
            assert!(read(&[(name, value)]).is_ok(), "{name}={value}");
        }
        for value in wrong.split(' ') {
            let error = read(&[(name, value)]).unwrap_err();
            assert_eq!(error.variable, name, "{value}: {error}");
        }
    }
}

#[test]
fn a_role_says_what_it_misses() {
    let config = read(&[]).unwrap();
    let missing = [
        config.database_url().unwrap_err().to_string(),
        config.redis_url().unwrap_err().to_string(),
        config.twilio().unwrap_err().to_string(),
        config.twilio_number().unwrap_err().to_string(),
        config.public_base().unwrap_err().to_string(),
        config.jwt().unwrap_err().to_string(),
    ];
    let names = [
        "DATABASE_URL",
        "REDIS_URL",
        "TWILIO_ACCOUNT_SID",
        "TWILIO_NUMBER",
        "WEBHOOK_BASE_URL",
        "JWT_SECRET",
    ];
    for (line, name) in missing.iter().zip(names) {
        assert!(line.starts_with(&format!("{name}: not set: expected ")), "{line}");
    }
    let twilio = |more: &[(&str, &str)]| read(&[TWILIO, more].concat());
    for (name, value, expected) in [
        ("TWILIO_ACCOUNT_SID", "ACxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", r#"TWILIO_ACCOUNT_SID: "ACxxxxx"#),
        ("TWILIO_AUTH_TOKEN", "your_auth_token", "TWILIO_AUTH_TOKEN: its value, which is not shown, has"),
        (
            "WARMLINE_TIMELINE",
            r#"{"real_start":"2026-01-05T08:00:00Z","business_start":"2026-01-05T15:00:00Z","factor":60}"#,
            "WARMLINE_TIMELINE: its value, which is not shown, cannot be used with Twilio itself",
        ),
    ] {
        let error = twilio(&[(name, value)]).unwrap().twilio().unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
        // Another carrier has other forms, and nobody is phoned by the simulator.
        let simulated = [(name, value), ("TWILIO_API_BASE", "http://127.0.0.1:4010/2010-04-01")];
        assert!(twilio(&simulated).unwrap().twilio().is_ok());
    }
    for local in ["http://localhost:3000", "http://127.0.0.1", "http://[::1]:80", "https://x.localhost"] {
        let error = twilio(&[("WEBHOOK_BASE_URL", local)]).unwrap().public_base().unwrap_err();
        assert_eq!(error.variable, "WEBHOOK_BASE_URL");
    }
    let simulated = read(&[("TWILIO_API_BASE", "http://127.0.0.1:4010"), ("PORT", "3001")]).unwrap();
    assert_eq!(simulated.public_base().unwrap().as_str(), "http://localhost:3001/");
}

#[test]
fn a_rehearsal_has_a_sane_factor_and_no_place_in_production() {
    let timeline = |factor: &str| {
        format!(
            r#"{{"real_start":"2026-01-05T08:00:00Z","business_start":"2026-01-05T15:00:00Z","factor":{factor}}}"#
        )
    };
    for (text, environment, right) in [
        (timeline("60"), "test", true),
        (timeline("60"), "production", false),
        (timeline("0.5"), "test", false),
        (timeline("1e9"), "test", false),
        ("{}".to_owned(), "test", false),
        ("60".to_owned(), "test", false),
    ] {
        let result = read(&[("WARMLINE_TIMELINE", &text), ("WARMLINE_ENV", environment)]);
        assert_eq!(result.is_ok(), right, "{text}: {result:?}");
    }
}

#[test]
fn servers_are_put_together_from_their_parts() {
    let parts =
        [("DB_HOST", "db.internal"), ("DB_NAME", "war m"), ("DB_USER", "a:b"), ("DB_PASSWORD", "50%41+/@é")];
    let url = |vars: &[(&str, &str)]| {
        read(vars).unwrap().database_url().map(|url| url.expose_secret().to_owned()).unwrap()
    };
    let text = url(&parts);
    assert_eq!(text, "postgres://a%3Ab:50%2541%2B%2F%40%C3%A9@db.internal:5432/war%20m");
    let options = PgConnectOptions::from_str(&text).unwrap();
    let seen = (options.get_host(), options.get_port(), options.get_username(), options.get_database());
    assert_eq!(seen, ("db.internal", 5432, "a:b", Some("war m")));
    let socket = PgConnectOptions::from_str(&url(&[("DB_HOST", "/run/my pg"), ("DB_PORT", "5433")])).unwrap();
    assert_eq!(socket.get_socket().unwrap().to_str(), Some("/run/my pg"));
    assert_eq!((socket.get_port(), socket.get_database()), (5433, Some("warmline")));
    let ipv6 = PgConnectOptions::from_str(&url(&[("DB_HOST", "::1")])).unwrap();
    assert_eq!(ipv6.get_host(), "[::1]");
    assert_eq!(url(&[("DATABASE_URL", "postgres://u@h/d"), parts[0]]), "postgres://u@h/d", "the URL wins");
    assert!(read(&[("DB_NAME", "x")]).unwrap().database_url().is_err(), "a name alone is no database");

    for (vars, expected) in [
        (&[("REDIS_HOST", "cache")][..], "redis://cache:6379/"),
        (
            &[("REDIS_HOST", "::1"), ("REDIS_PORT", "6380"), ("REDIS_PASSWORD", "a@b")],
            "redis://:a%40b@[::1]:6380/",
        ),
        (&[("REDIS_HOST", "/run/my redis.sock")], "redis+unix:///run/my%20redis%2Esock"),
        (&[("REDIS_HOST", "/r.sock"), ("REDIS_PASSWORD", "a&b")], "redis+unix:///r%2Esock?pass=a%26b"),
        (&[("REDIS_HOST", "cache"), ("REDIS_URL", "redis://other")], "redis://other"),
    ] {
        assert_eq!(read(vars).unwrap().redis_url().unwrap().expose_secret(), expected);
    }
}

#[test]
fn personal_data_is_sealed_as_soon_as_there_is_a_key_and_in_production_never_open_by_mistake() {
    const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let vault = |vars: &[(&str, &str)]| {
        read(vars)
            .and_then(|config| config.vault())
            .map(|vault| format!("{:?}", vault.encryption()).to_lowercase())
            .unwrap_or_else(|error| error.to_string())
    };
    let (master, index) = (("WARMLINE_MASTER_KEY", KEY), ("WARMLINE_INDEX_KEY", KEY));
    let (on, off) = (("WARMLINE_ENCRYPTION", "on"), ("WARMLINE_ENCRYPTION", "off"));
    let production = ("WARMLINE_ENV", "production");
    let two = format!("new:{KEY},1:{KEY}");
    for (vars, expected) in [
        (vec![], "off"),
        (vec![off, production], "off"),
        (vec![off, production, master, index], "off"),
        (vec![master, index], "on"),
        (vec![on, production, master, index], "on"),
        (vec![("WARMLINE_MASTER_KEY", &two), index], "on"),
        (vec![production], "WARMLINE_MASTER_KEY: not set: "),
        (vec![production, index], "WARMLINE_MASTER_KEY: not set: "),
        (vec![on], "WARMLINE_MASTER_KEY: not set: "),
        (vec![master], "WARMLINE_INDEX_KEY: not set, although WARMLINE_MASTER_KEY is: "),
        (
            vec![("WARMLINE_MASTER_KEY", "AAEC")],
            "WARMLINE_MASTER_KEY: its value, which is not shown, is not 32 bytes",
        ),
        (
            vec![("WARMLINE_MASTER_KEY", "a key")],
            "WARMLINE_MASTER_KEY: its value, which is not shown, is not base64",
        ),
        (
            vec![("WARMLINE_MASTER_KEY", &two.replace("new", "1"))],
            "WARMLINE_MASTER_KEY: its value, which is not shown, has two",
        ),
    ] {
        let found = vault(&vars);
        assert!(found.starts_with(expected), "{vars:?}: {found}");
    }
    assert!(vault(&[production]).contains("or WARMLINE_ENCRYPTION=off in its place"));
}

#[test]
fn secrets_are_in_no_output() {
    let value = "hush0123456789abcdefhush0123456789";
    let mut vars: BTreeMap<&str, &str> =
        VARIABLES.iter().filter(|variable| variable.secret).map(|variable| (variable.name, value)).collect();
    assert_eq!(vars.len(), 12, "{vars:?}");
    vars.extend(TWILIO.iter().copied().filter(|(name, _)| *name != "TWILIO_AUTH_TOKEN"));
    vars.extend([("TWILIO_API_KEY", "SK"), ("S3_ACCESS_KEY", "x"), ("S3_BUCKET", "x"), ("DB_HOST", "h")]);
    let key = "aHVzaGh1c2hodXNoaHVzaGh1c2hodXNoaHVzaGh1c2g=";
    vars.extend([("WARMLINE_MASTER_KEY", key), ("WARMLINE_INDEX_KEY", key)]);
    vars.extend([("DATABASE_URL", "postgres://u:hush@h/d"), ("REDIS_URL", "redis://:hush@h")]);
    let vars: Vec<_> = vars.into_iter().collect();
    let config = read(&vars).unwrap();
    let shown = format!("{config:?} {:?} {:?}", config.jwt().unwrap(), config.vault().unwrap());
    assert!(!shown.contains("hush") && !shown.contains("aHVza"), "{shown}");
    assert!(!config.twilio().unwrap_err().to_string().contains("hush"));
    for variable in VARIABLES.iter().filter(|variable| variable.secret) {
        for wrong in ["hush", "hush://hush:hush@hush"] {
            let mut vars = vars.clone();
            vars.retain(|(name, _)| *name != variable.name);
            vars.push((variable.name, wrong));
            if let Err(error) = read(&vars) {
                assert!(!format!("{error} {error:?}").contains("hush"), "{error:?}");
            }
        }
    }
}
