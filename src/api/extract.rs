//! What a request says, read strictly: bodies, queries and ids.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::problem::Problem;

/// A JSON body. Unknown fields are refused by the types themselves.
#[derive(Debug)]
pub(crate) struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let kind = kind.map(|kind| kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
        if !kind.is_some_and(|kind| kind == "application/json" || kind.ends_with("+json")) {
            let detail = "send JSON, with `Content-Type: application/json`";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", detail));
        }
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|error| Problem::new(error.status(), "body", error.body_text()))?;
        read_json(&bytes).map(Self)
    }
}

/// Reads a JSON body, naming the field that is wrong.
pub(crate) fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    // Its fields without their names would do for the reader, and would mean something else with the next field.
    if bytes.trim_ascii_start().first() == Some(&b'[') {
        return Err(wrong(".", "expected an object, found a list"));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let (path, inner) = (error.path().to_string(), error.into_inner());
        if inner.is_data() { wrong(&path, &inner.to_string()) } else { malformed(&inner.to_string()) }
    })?;
    reader.end().map_err(|error| malformed(&error.to_string()))?;
    Ok(value)
}

/// A part of what a request says, laid over what is: the fields that it names are as it says, the others stay.
pub(crate) fn overlay<T: DeserializeOwned>(
    field: &str,
    is: &impl Serialize,
    change: Map<String, Value>,
) -> Result<T, Problem> {
    let Ok(Value::Object(mut whole)) = serde_json::to_value(is) else { return Err(Problem::internal()) };
    whole.extend(change);
    serde_path_to_error::deserialize(Value::Object(whole)).map_err(|error| {
        let path = error.path().to_string();
        let path = if path == "." { field.to_owned() } else { format!("{field}.{path}") };
        wrong(&path, &error.into_inner().to_string())
    })
}

fn malformed(why: &str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "malformed_json", format!("the body is not JSON: {why}"))
}

/// A field's problem, without the reader's line and column: the field says where.
fn wrong(path: &str, why: &str) -> Problem {
    let why = why.split(" at line ").next().unwrap_or(why);
    match path {
        "." | "" => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_field", why),
        path => Problem::invalid(path, why),
    }
}

/// The query of a URL.
#[derive(Debug)]
pub(crate) struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let reader = serde_urlencoded::Deserializer::new(url::form_urlencoded::parse(query.as_bytes()));
        serde_path_to_error::deserialize(reader).map(Self).map_err(|error| {
            let (path, inner) = (error.path().to_string(), error.into_inner());
            Problem { code: "invalid_query", ..wrong(&path, &inner.to_string()) }
        })
    }
}

/// The one id in a path. What is no id of that kind names nothing.
#[derive(Debug)]
pub(crate) struct Id<T>(pub T);

impl<T: std::str::FromStr + Send, S: Send + Sync> FromRequestParts<S> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let axum::extract::Path(text): axum::extract::Path<String> =
            axum::extract::Path::from_request_parts(parts, state)
                .await
                .map_err(|_| Problem::not_found("thing"))?;
        text.parse().map(Self).map_err(|_| Problem::not_found("thing"))
    }
}

/// The two ids in a path.
#[derive(Debug)]
pub(crate) struct Ids<A, B>(pub A, pub B);

impl<A, B, S> FromRequestParts<S> for Ids<A, B>
where
    A: std::str::FromStr + Send,
    B: std::str::FromStr + Send,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let nothing = || Problem::not_found("thing");
        let axum::extract::Path((one, other)): axum::extract::Path<(String, String)> =
            axum::extract::Path::from_request_parts(parts, state).await.map_err(|_| nothing())?;
        Ok(Self(one.parse().map_err(|_| nothing())?, other.parse().map_err(|_| nothing())?))
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[expect(dead_code, reason = "only read")]
        inner: Inner,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[expect(dead_code, reason = "only read")]
        count: u8,
    }

    #[test]
    fn the_field_that_is_wrong_is_named() {
        for (body, code, field) in [
            (r#"{"inner":{"count":300}}"#, "invalid_field", Some("inner.count")),
            (r#"{"inner":{"count":3,"x":1}}"#, "invalid_field", Some("inner.x")),
            (r#"{"inner":{}}"#, "invalid_field", Some("inner")),
            (r#"[]"#, "invalid_field", None),
            (r#"{"inner":"#, "malformed_json", None),
            (r#"{"inner":{"count":3}} {}"#, "malformed_json", None),
        ] {
            let problem = read_json::<Outer>(body.as_bytes()).unwrap_err();
            assert_eq!((problem.code, problem.field.as_deref()), (code, field), "{body}: {}", problem.detail);
            assert!(!problem.detail.contains(" at line ") || code == "malformed_json", "{}", problem.detail);
        }
    }
}
