//! Every recorded signature, computed by the carrier's official libraries.

use secrecy::SecretString;
use serde::Deserialize;
use warmline_twilio::signature::{sign, verify, verify_body};

#[derive(Deserialize)]
struct File {
    vectors: Vec<Vector>,
    json_body_vectors: Vec<BodyVector>,
    validation_matrix: Vec<Row>,
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    url: String,
    params: Vec<(String, String)>,
    auth_token: String,
    signature: String,
}

#[derive(Deserialize)]
struct BodyVector {
    name: String,
    url: String,
    body: String,
    auth_token: String,
    signature: String,
}

#[derive(Deserialize)]
struct Row {
    name: String,
    received_url: String,
    params: Vec<(String, String)>,
    auth_token: String,
    signature: String,
    warmline_expect: bool,
}

fn file() -> File {
    serde_json::from_str(include_str!("../data/signature-vectors.json")).unwrap()
}

fn tokens(all: &[&str]) -> Vec<SecretString> {
    all.iter().map(|token| SecretString::from(*token)).collect()
}

#[test]
fn our_signatures_equal_the_recorded_ones() {
    let File { vectors, json_body_vectors, .. } = file();
    assert_eq!((vectors.len(), json_body_vectors.len()), (30, 2));
    for Vector { name, url, params, auth_token, signature } in vectors {
        assert_eq!(sign(&auth_token, &url, &params), signature, "{name}");
        let rotation = tokens(&["the token before", &auth_token]);
        assert!(verify(&rotation, &url, &params, &signature), "{name}");
        assert!(!verify(&rotation[..1], &url, &params, &signature), "{name}: another account's token");
        assert!(!verify(&[], &url, &params, &signature), "{name}: no token at all");
    }
    for BodyVector { name, url, body, auth_token, signature } in json_body_vectors {
        let tokens = tokens(&[&auth_token]);
        assert!(verify_body(&tokens, &url, body.as_bytes(), &signature), "{name}");
        assert!(!verify_body(&tokens, &url, b"{}", &signature), "{name}: another body");
        let undigested = url.replace("bodySHA256", "other");
        let signature = sign(&auth_token, &undigested, &[]);
        assert!(!verify_body(&tokens, &undigested, body.as_bytes(), &signature), "{name}: no digest");
    }
}

#[test]
fn each_row_is_accepted_or_rejected_as_recorded() {
    let rows = file().validation_matrix;
    assert_eq!(rows.len(), 22);
    for Row { name, received_url, params, auth_token, signature, warmline_expect } in rows {
        let got = verify(&tokens(&[&auth_token]), &received_url, &params, &signature);
        assert_eq!(got, warmline_expect, "{name}");
    }
}

#[test]
fn a_mangled_signature_is_false_and_no_panic() {
    let Row { received_url, params, auth_token, signature, .. } = file().validation_matrix.swap_remove(0);
    let tokens = tokens(&[&auth_token]);
    for mangled in [
        signature.to_lowercase(),
        format!("{signature}="),
        format!(" {signature}"),
        format!("{signature}{signature}"),
        signature.replace('=', ""),
        "not base64 !".to_owned(),
        "é".to_owned(),
        "A".repeat(1 << 20),
    ] {
        assert!(!verify(&tokens, &received_url, &params, &mangled), "{mangled:.40}");
    }
}
