//! The client against a real HTTP server that misbehaves in every way that matters.

use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;
use tokio::net::TcpListener;
use warmline_twilio::client::{
    Amd, Config, ConfigError, Control, Format, NewCall, Placement, ReadError, RefusalClass,
};
use warmline_twilio::webhook::recording::Status;
use warmline_twilio::{CallStatus, Callback, Client, check_base};
use warmline_workflows::Leg;

use crate::server::{Reply, Server, answer};

const TO: &str = "+12125550123";
const FROM: &str = "+14155550100";
const QUERY: &str = "tenant=tnt_00000000000070008000000000000001\
                     &call=call_00000000000070008000000000000002&leg=lead&token=q7";

/// Soon enough for a server that will never answer.
const SOON: Duration = Duration::from_millis(200);

/// Whether a text has one of the numbers in it, with its area or without; three digits of it stand in many a port.
fn shows_a_number(text: &str) -> bool {
    [TO, FROM].iter().any(|number| text.contains(&number["+1212".len()..]))
}

fn config(base: &str) -> Config {
    Config {
        api_base: base.to_owned(),
        username: "SK1".to_owned(),
        ..Config::twilio("AC1", SecretString::from("hush"))
    }
}

fn client(base: &str) -> Client {
    Client::new(config(base)).unwrap()
}

/// Waits long for a server that will answer, and not for one that will not.
fn client_for(base: &str, reply: &Reply) -> Client {
    match reply {
        Reply::Silence => Client::new(Config { total_timeout: SOON, ..config(base) }).unwrap(),
        _ => client(base),
    }
}

fn new_call(leg: Leg) -> NewCall {
    NewCall {
        to: TO.to_owned(),
        from: FROM.to_owned(),
        callback: Callback { leg, ..Callback::parse(QUERY).unwrap() },
        public_base: check_base("https://calls.example.com").unwrap(),
        ring_timeout_s: 30,
        time_limit_s: 3600,
        amd: Some(Amd { timeout_s: 20 }),
    }
}

fn json(status: &str, body: &str) -> Reply {
    answer(status, "Content-Type: application/json\r\nTwilio-Request-Id: RQ7\r\n", body)
}

/// The word of a placement, and its reason.
fn word(placement: &Placement) -> (&'static str, String) {
    match placement {
        Placement::Placed { sid } => ("placed", sid.clone()),
        Placement::NotSent { reason } => ("not sent", reason.clone()),
        Placement::Throttled { retry_after } => ("throttled", format!("{retry_after:?}")),
        Placement::Refused { refusal } => ("refused", refusal.to_string()),
        Placement::Unknown { reason } => ("unknown", reason.clone()),
    }
}

#[tokio::test]
async fn every_answer_to_a_placement_becomes_its_word() {
    let no_such_number =
        format!(r#"{{"code":21211,"message":"The number {TO} is not valid","more_info":"x","status":400}}"#);
    let page = "<html><body>Bad gateway</body></html>";
    for (reply, expected, reason) in [
        (json("201 CREATED", r#"{"sid":"CA7","status":"queued","price":null}"#), "placed", "CA7"),
        (json("200 OK", r#"{"sid":"8c1f-11"}"#), "placed", "8c1f-11"),
        (json("201 CREATED", r#"{"sid":null}"#), "unknown", "201 without a readable call sid"),
        (json("201 CREATED", r#"{"sid":"CA7","#), "unknown", "201 without a readable call sid"),
        (answer("201 CREATED", "", page), "unknown", "201 without a readable call sid"),
        (
            Reply::Reset("HTTP/1.1 201 CREATED\r\nContent-Length: 99\r\n\r\n{\"sid\":\"CA7\"".to_owned()),
            "unknown",
            "",
        ),
        (json("429 Too Many Requests", r#"{"code":20429}"#), "throttled", "None"),
        (answer("429 Too Many Requests", "Retry-After: 7\r\n", page), "throttled", "7s"),
        (
            json("400 BAD REQUEST", &no_such_number),
            "refused",
            "invalid_number (HTTP 400, code 21211, request RQ7): The number … is",
        ),
        (answer("400 BAD REQUEST", "", page), "refused", "request (HTTP 400)"),
        (answer("401 UNAUTHORIZED", "", ""), "refused", "credentials (HTTP 401)"),
        (answer("500 Internal Server Error", "", page), "unknown", "answered 500"),
        (json("503 Service Unavailable", r#"{"code":20503}"#), "unknown", "answered 503"),
        (answer("307 Temporary Redirect", "Location: /elsewhere\r\n", ""), "unknown", "answered 307"),
        (Reply::Bytes("not HTTP at all\r\n\r\n".to_owned()), "unknown", ""),
        (Reply::Bytes(String::new()), "unknown", ""),
        (Reply::Reset(String::new()), "unknown", ""),
        (Reply::Silence, "unknown", "timed out"),
    ] {
        let server = Server::start([reply.clone()]).await;
        let placement = client_for(&server.base, &reply).create_call(&new_call(Leg::Lead)).await;
        let (got, got_reason) = word(&placement);
        assert_eq!(got, expected, "{got_reason}");
        assert!(got_reason.contains(reason), "{got_reason:?} lacks {reason:?}");
        let printed = format!("{placement:?}");
        assert!(!shows_a_number(&printed) && !printed.contains("hush"), "{printed}");
        assert_eq!(server.requests().len(), 1, "{expected}: sent exactly once");
    }
}

#[tokio::test]
async fn a_carrier_that_cannot_be_connected_to_has_not_got_the_request() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    // Accepts, but never shakes hands: the request is behind the TLS it does not speak.
    let deaf = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let babbler = Server::start([Reply::Bytes("HTTP/1.1 400 Bad Request\r\n\r\n".to_owned())]).await;
    for base in [
        format!("http://{nobody}"),
        format!("https://{nobody}"),
        "http://no-such-host.invalid".to_owned(),
        format!("https://{}", deaf.local_addr().unwrap()),
        babbler.base.replace("http:", "https:"),
    ] {
        let client = Client::new(Config { connect_timeout: SOON, ..config(&base) }).unwrap();
        let placement = client.create_call(&new_call(Leg::Lead)).await;
        assert!(matches!(placement, Placement::NotSent { .. }), "{base}: {placement:?}");
    }
}

#[tokio::test]
async fn a_placement_says_whom_to_ring_and_where_to_report() {
    let created = json("201 CREATED", r#"{"sid":"CA7"}"#);
    let server = Server::start([created.clone(), created]).await;
    let client = client(&format!("{}/", server.base));
    let url = |hook: &str, leg: &str| {
        let query = QUERY.replace("leg=lead", &format!("leg={leg}"));
        format!("https://calls.example.com/webhooks/twilio/{hook}?{query}#rc=3&rp=5xx,ct,rt")
    };
    let common = |voice: &str, leg: &str| {
        let mut form = vec![
            ("To", TO.to_owned()),
            ("From", FROM.to_owned()),
            ("Url", url(voice, leg)),
            ("FallbackUrl", url("fallback", leg)),
            ("StatusCallback", url("status", leg)),
        ];
        let events = ["initiated", "ringing", "answered", "completed"];
        form.extend(events.map(|event| ("StatusCallbackEvent", event.to_owned())));
        form.extend([("Timeout", "30".to_owned()), ("TimeLimit", "3600".to_owned())]);
        form
    };
    let amd = [
        ("MachineDetection", "DetectMessageEnd".to_owned()),
        ("MachineDetectionTimeout", "20".to_owned()),
        ("AsyncAmd", "true".to_owned()),
        ("AsyncAmdStatusCallback", url("amd", "lead")),
    ];
    client.create_call(&new_call(Leg::Lead)).await;
    client.create_call(&new_call(Leg::Agent(2))).await;
    let lead: Vec<_> = common("answer", "lead").into_iter().chain(amd).collect();
    for (request, form) in server.requests().iter().zip([lead, common("agent-answer", "agent-2")]) {
        assert_eq!(request.line, "POST /2010-04-01/Accounts/AC1/Calls.json HTTP/1.1");
        assert!(request.head.contains("authorization: basic u0sxomh1c2g="), "SK1:hush");
        let got: Vec<_> = request.form.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        assert_eq!(got, form);
    }
    let printed = format!("{:?} {client:?}", new_call(Leg::Lead));
    assert!(!shows_a_number(&printed) && !printed.contains("hush") && !printed.contains("q7"), "{printed}");
}

#[tokio::test]
async fn steering_a_leg_is_done_or_late_or_worth_repeating_or_refused() {
    #[derive(Debug, PartialEq)]
    enum Word {
        Done,
        AlreadyOver,
        Retry(Option<u64>),
        Refused(RefusalClass),
    }
    for (reply, expected) in [
        (json("200 OK", r#"{"sid":"CA7"}"#), Word::Done),
        (answer("200 OK", "", ""), Word::Done),
        (json("400 BAD REQUEST", r#"{"code":21220}"#), Word::AlreadyOver),
        (json("404 NOT FOUND", r#"{"code":20404}"#), Word::AlreadyOver),
        (answer("404 NOT FOUND", "", "<html>"), Word::AlreadyOver),
        (answer("429 Too Many Requests", "Retry-After: 2\r\n", ""), Word::Retry(Some(2))),
        (answer("502 Bad Gateway", "", "<html>"), Word::Retry(None)),
        (Reply::Reset(String::new()), Word::Retry(None)),
        (Reply::Silence, Word::Retry(None)),
        (json("401 UNAUTHORIZED", r#"{"code":20003}"#), Word::Refused(RefusalClass::Credentials)),
        (json("400 BAD REQUEST", r#"{"code":21205}"#), Word::Refused(RefusalClass::Request)),
    ] {
        let server = Server::start([reply.clone(), reply.clone()]).await;
        let client = client_for(&server.base, &reply);
        let redirected = client.redirect("CA/../7", "https://calls.example.com/x?a=1#rc=3").await;
        let hung_up = client.hang_up("CA7").await;
        for control in [redirected, hung_up] {
            let got = match control {
                Control::Done => Word::Done,
                Control::AlreadyOver => Word::AlreadyOver,
                Control::Retry { retry_after, .. } => Word::Retry(retry_after.map(|wait| wait.as_secs())),
                Control::Refused { refusal } => Word::Refused(refusal.class),
            };
            assert_eq!(got, expected);
        }
        let requests = server.requests();
        assert_eq!(requests[0].line, "POST /2010-04-01/Accounts/AC1/Calls/CA%2F..%2F7.json HTTP/1.1");
        assert_eq!(requests[0].form, [("Url".to_owned(), "https://calls.example.com/x?a=1#rc=3".to_owned())]);
        assert_eq!(requests[1].line, "POST /2010-04-01/Accounts/AC1/Calls/CA7.json HTTP/1.1");
        assert_eq!(requests[1].form, [("Status".to_owned(), "completed".to_owned())]);
        assert_eq!(requests.len(), 2, "nothing is repeated by itself");
    }
}

#[tokio::test]
async fn a_list_is_followed_to_its_end_on_its_own_host_and_filtered() {
    let call =
        |sid: &str, to: &str| format!(r#"{{"sid":"{sid}","to":"{to}","from":"{FROM}","status":"queued"}}"#);
    let page = |calls: &[String], next: &str| {
        json("200 OK", &format!(r#"{{"calls":[{}],"page":0,"next_page_uri":{next}}}"#, calls.join(",")))
    };
    let more = r#""/2010-04-01/Accounts/AC1/Calls.json?Page=1&PageToken=PACA1""#;
    let two_pages =
        [page(&[call("CA1", TO), call("CA2", "+12125550199")], more), page(&[call("CA3", TO)], "null")];
    let server = Server::start(two_pages).await;
    let calls = client(&server.base).list_calls(TO, FROM).await.unwrap();
    let sids: Vec<_> = calls.iter().map(|call| (call.sid.as_str(), call.status)).collect();
    assert_eq!(sids, [("CA1", Some(CallStatus::Queued)), ("CA3", Some(CallStatus::Queued))]);
    let lines: Vec<_> = server.requests().into_iter().map(|request| request.line).collect();
    let first =
        "GET /2010-04-01/Accounts/AC1/Calls.json?To=%2B12125550123&From=%2B14155550100&PageSize=200 HTTP/1.1";
    assert_eq!(lines, [first, "GET /2010-04-01/Accounts/AC1/Calls.json?Page=1&PageToken=PACA1 HTTP/1.1"]);

    // Half a list is no list, and another host never sees our credentials.
    let thief = Server::start([]).await;
    for replies in [
        vec![page(&[], more), Reply::Reset(String::new())],
        vec![page(&[], more), answer("500 Internal Server Error", "", "")],
        vec![page(&[], &format!("\"{}/x\"", thief.base))],
        vec![page(&[r#"{"sid":null}"#.to_owned()], "null")],
        vec![json("200 OK", r#"{"calls":null}"#)],
        vec![answer("200 OK", "", "<html>")],
        vec![page(&[], more); 11],
        vec![Reply::Silence],
    ] {
        let server = Server::start(replies.clone()).await;
        let error = client_for(&server.base, &replies[0]).list_calls(TO, FROM).await.unwrap_err();
        assert!(matches!(error, ReadError::Unavailable(_)), "{error:?}");
        assert!(!shows_a_number(&error.to_string()), "{error}");
    }
    assert!(thief.requests().is_empty());
}

#[tokio::test]
async fn what_began_in_a_stretch_of_time_is_listed_newest_first_as_far_as_it_goes() {
    let recording = |sid: &str, more: &str| format!(r#"{{"sid":"{sid}",{more}}}"#);
    let page = |items: &[String], next: &str| {
        json("200 OK", &format!(r#"{{"recordings":[{}],"next_page_uri":{next}}}"#, items.join(",")))
    };
    let during: (Timestamp, Timestamp) =
        ("2026-11-23T15:00:00.7Z".parse().unwrap(), "2026-11-23T16:30:00Z".parse().unwrap());
    let done = r#""conference_sid":"CF1","call_sid":null,"status":"completed","duration":"49",
                  "date_created":"Mon, 23 Nov 2026 15:10:00 +0000""#;
    let early =
        r#""conference_sid":null,"call_sid":"CA1","status":"paused","duration":-1,"date_created":null"#;
    let server = Server::start([page(&[recording("RE2", done), recording("RE1", early)], "null")]).await;
    let listed = client(&server.base).list_recordings(during).await.unwrap();
    assert!(listed.is_whole);
    let told: Vec<_> = listed
        .items
        .iter()
        .map(|it| {
            (it.sid.as_str(), it.status, it.conference_sid.as_deref(), it.call_sid.as_deref(), it.duration_s)
        })
        .collect();
    assert_eq!(
        told,
        [
            ("RE2", Status::Completed, Some("CF1"), None, Some(49)),
            ("RE1", Status::Other, None, Some("CA1"), None)
        ]
    );
    assert_eq!(
        server.requests()[0].line,
        "GET /2010-04-01/Accounts/AC1/Recordings.json?DateCreated%3E=2026-11-23T15%3A00%3A00Z\
         &DateCreated%3C=2026-11-23T16%3A30%3A00Z&PageSize=500 HTTP/1.1"
    );

    // More than is read in one go: what there is, and that it is not all.
    let more = r#""/2010-04-01/Accounts/AC1/Recordings.json?Page=1""#;
    let server = Server::start(vec![page(&[recording("RE3", done)], more); 21]).await;
    let listed = client(&server.base).list_recordings(during).await.unwrap();
    assert_eq!((listed.items.len(), listed.is_whole, server.requests().len()), (20, false, 20));
    // A page that cannot be had leaves nothing.
    let server = Server::start([page(&[recording("RE3", done)], more), answer("500 Oops", "", "")]).await;
    assert!(client(&server.base).list_recordings(during).await.is_err());
}

#[tokio::test]
async fn single_resources_are_read_or_missed_or_refused() {
    let numbers = r#"{"incoming_phone_numbers":[
        {"sid":"PN1","phone_number":"+14155550100","capabilities":{"voice":true,"sms":false}},
        {"sid":"PN2","phone_number":"+14155550101","capabilities":{"voice":false}}],"next_page_uri":null}"#;
    let verified =
        r#"{"outgoing_caller_ids":[{"sid":"PN3","phone_number":"+12125550100"}],"next_page_uri":null}"#;
    let server = Server::start([
        json("200 OK", r#"{"sid":"CA7","status":"in-progress","duration":"0","date_created":null}"#),
        json("200 OK", r#"{"sid":"AC1","status":"active","type":"Trial"}"#),
        json("200 OK", numbers),
        json("200 OK", verified),
        json("200 OK", numbers),
        json("404 NOT FOUND", r#"{"code":20404}"#),
        json("404 NOT FOUND", r#"{"code":20404}"#),
        json("401 UNAUTHORIZED", r#"{"code":20003,"message":"Authenticate"}"#),
        answer("429 Too Many Requests", "Retry-After: 3\r\n", ""),
    ])
    .await;
    let client = client(&server.base);
    let call = client.fetch_call("CA7").await.unwrap();
    assert_eq!((call.status, call.duration_s), (Some(CallStatus::InProgress), Some(0)));
    let account = client.fetch_account().await.unwrap();
    assert_eq!((account.status.as_deref(), account.kind.as_deref()), (Some("active"), Some("Trial")));
    let numbers = client.list_numbers().await.unwrap();
    let voice: Vec<_> = numbers.iter().map(|number| (number.phone_number.as_str(), number.voice)).collect();
    assert_eq!(voice, [("+14155550100", true), ("+14155550101", false), ("+12125550100", true)]);
    assert_eq!(client.list_numbers().await.unwrap().len(), 2, "a carrier that verifies no numbers");
    assert_eq!(client.fetch_call("CA8").await, Err(ReadError::Missing));
    let refused = client.fetch_account().await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "refused as credentials (HTTP 401, code 20003, request RQ7): Authenticate"
    );
    let throttled = ReadError::Throttled { retry_after: Some(Duration::from_secs(3)) };
    assert_eq!(client.fetch_call("CA7").await, Err(throttled));
    let paths: Vec<_> =
        server.requests().into_iter().map(|seen| seen.line.replace("/2010-04-01/Accounts/AC1", "")).collect();
    assert_eq!(
        paths[..4],
        [
            "GET /Calls/CA7.json HTTP/1.1",
            "GET .json HTTP/1.1",
            "GET /IncomingPhoneNumbers.json?PageSize=1000 HTTP/1.1",
            "GET /OutgoingCallerIds.json?PageSize=1000 HTTP/1.1",
        ]
    );
}

#[tokio::test]
async fn a_dialect_decides_how_requests_are_proved_and_what_their_addresses_end_in() {
    for (dialect, proof, suffix) in [
        ("twilio", "authorization: basic u0sxomh1c2g=", ".json"),
        ("signalwire", "authorization: basic u0sxomh1c2g=", ".json"),
        ("twilio,auth=bearer,suffix=none", "authorization: bearer hush", ""),
    ] {
        let found = json("200 OK", r#"{"sid":"8c1f-11","status":"active","duration":49,"price":-0.014}"#);
        let server = Server::start(vec![found; 4]).await;
        let config = Config { dialect: dialect.parse().unwrap(), ..config(&server.base) };
        let client = Client::new(config).unwrap();
        client.create_call(&new_call(Leg::Lead)).await;
        assert_eq!(client.fetch_call("8c1f-11").await.unwrap().duration_s, Some(49));
        client.hang_up("8c1f-11").await;
        client.fetch_account().await.unwrap();
        let requests = server.requests();
        let lines: Vec<_> =
            requests.iter().map(|request| request.line.trim_end_matches(" HTTP/1.1")).collect();
        let account = "/2010-04-01/Accounts/AC1";
        assert_eq!(
            lines,
            [
                format!("POST {account}/Calls{suffix}"),
                format!("GET {account}/Calls/8c1f-11{suffix}"),
                format!("POST {account}/Calls/8c1f-11{suffix}"),
                format!("GET {account}{suffix}"),
            ]
        );
        assert!(requests.iter().all(|request| request.head.to_lowercase().contains(proof)), "{dialect}");
    }
}

#[test]
fn only_hosts_of_known_carriers_are_known() {
    use warmline_twilio::client::is_known_carrier;
    for base in [
        "https://api.twilio.com/2010-04-01",
        "https://API.Twilio.com",
        "https://a.signalwire.com/api/laml/2010-04-01",
    ] {
        assert!(is_known_carrier(base), "{base}");
    }
    for base in [
        "",
        "api.twilio.com",
        "https://api-twilio.com",
        "https://nottwilio.com",
        "https://twilio.com.example.com",
        "https://example.com/#.twilio.com",
        "https://twilio.com@example.com",
        "http://127.0.0.1:4010/2010-04-01",
    ] {
        assert!(!is_known_carrier(base), "{base}");
    }
}

#[test]
fn a_client_that_could_never_work_is_not_made() {
    let make = |api_base: &str, sid: &str| {
        let config = Config::twilio(sid, SecretString::from("hush"));
        Client::new(Config { api_base: api_base.to_owned(), ..config }).map(|_| ())
    };
    assert!(make("https://api.twilio.com/2010-04-01", "AC1").is_ok());
    assert!(make("https://space.example.com/api/laml/2010-04-01/", "3f-1").is_ok());
    for base in
        ["", "api.twilio.com", "ftp://api.twilio.com", "https://a.example/?x", "https://u:p@a.example"]
    {
        let error = make(base, "AC1").unwrap_err();
        assert!(matches!(error, ConfigError::Base), "{base}: {error}");
    }
    for sid in ["", "..", "A/C", "AC 1"] {
        assert!(matches!(make("https://api.twilio.com", sid), Err(ConfigError::AccountSid)), "{sid}");
    }
}

#[test]
fn a_carrier_without_tls_needs_no_certificate_authorities() {
    // Where the authorities are looked up is decided by the environment, hence another process.
    let run = |test: &str| {
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args([test, "--exact"])
            .env("SSL_CERT_FILE", "/nonexistent")
            .env("SSL_CERT_DIR", "/nonexistent")
            .output()
            .unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (works, _) = run("client::a_placement_says_whom_to_ring_and_where_to_report");
    assert!(works, "plain HTTP");
    let (works, output) = run("client::a_client_that_could_never_work_is_not_made");
    assert!(
        !works && output.contains("1 failed"),
        "this proves something only while TLS needs them: {output}"
    );
}

#[tokio::test]
async fn a_recording_is_read_where_the_carrier_keeps_it_without_showing_our_credentials_there() {
    let storage = Server::start([answer("200 OK", "Content-Type: audio/x-wav\r\n", "RIFF sound")]).await;
    let elsewhere = format!("Location: {}/sound?signed=1\r\n", storage.base);
    let carrier = Server::start([answer("307 Temporary Redirect", &elsewhere, "")]).await;
    let mut media = client(&carrier.base).open_recording("RE7", Format::Wav).await.unwrap();
    assert_eq!(media.length, Some(10));
    let mut sound = Vec::new();
    while let Some(piece) = media.piece().await.unwrap() {
        sound.extend_from_slice(&piece);
    }
    assert_eq!(sound, b"RIFF sound");
    let (asked, stored) = (carrier.requests(), storage.requests());
    assert_eq!(asked[0].line, "GET /2010-04-01/Accounts/AC1/Recordings/RE7.wav HTTP/1.1");
    assert!(asked[0].head.to_lowercase().contains("authorization:"));
    assert!(!stored[0].head.to_lowercase().contains("authorization:"), "{}", stored[0].head);
}

#[tokio::test]
async fn a_recording_that_is_not_there_or_not_whole_is_said_to_be_so() {
    for (reply, missing) in [
        (json("404 NOT FOUND", r#"{"code":20404}"#), true),
        (answer("410 Gone", "", ""), true),
        (answer("503 Service Unavailable", "", ""), false),
        (answer("302 Found", "Location: ftp://example.com/x\r\n", ""), false),
        (answer("302 Found", "", ""), false),
    ] {
        let server = Server::start([reply]).await;
        let failed = client(&server.base).open_recording("RE7", Format::Mp3).await.unwrap_err();
        assert_eq!(matches!(failed, ReadError::Missing), missing, "{failed}");
    }
    let half = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nRIFF";
    let server = Server::start([Reply::Bytes(half.to_owned())]).await;
    let mut media = client(&server.base).open_recording("RE7", Format::Wav).await.unwrap();
    let read = async {
        while media.piece().await?.is_some() {}
        Ok::<_, ReadError>(())
    };
    assert!(read.await.is_err(), "half a recording is none");
}
