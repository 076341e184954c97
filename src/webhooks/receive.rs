//! One webhook: authenticated, read, stepped, answered.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{OriginalUri, Path, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use warmline_engine::{Key, Step, Stepped};
use warmline_twilio::dialect::Signature;
use warmline_twilio::form::Form;
use warmline_twilio::hook::Hook;
use warmline_twilio::webhook::{Payload, Request, TOKEN_HEADER, Webhook};
use warmline_twilio::{requested_url, signature, twiml};
use warmline_workflows::call::Event;

use super::{Signer, Webhooks, hold_music_url, render, translate};
use crate::problem::Problem;

pub(super) async fn receive(
    State(webhooks): State<Webhooks>,
    Path(hook): Path<String>,
    OriginalUri(uri): OriginalUri,
    (method, headers): (Method, HeaderMap),
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let Some(hook) = Hook::read(&hook) else {
        return Problem::new(StatusCode::NOT_FOUND, "unknown_webhook", "there is no such webhook")
            .into_response();
    };
    let body = match body {
        Ok(body) => body,
        Err(error) => return Problem::new(error.status(), "body", error.body_text()).into_response(),
    };
    let inbound =
        Inbound { hook, target: uri.path_and_query().map_or("", |it| it.as_str()), query: uri.query() };
    match answer(&webhooks, &inbound, (&method, &headers), &body).await {
        Ok(response) => response,
        Err(problem) => {
            tracing::warn!(
                webhook = %hook, http.status = problem.status.as_u16(), problem.code, problem.detail,
                "webhook refused"
            );
            // The last document that a person on the line can get must be one.
            if hook == Hook::Fallback && problem.is_of_the_carrier() {
                return document(warmline_twilio::documents::say_and_hang_up(FALLBACK_TEXT));
            }
            problem.into_response()
        }
    }
}

/// Said when everything else failed.
const FALLBACK_TEXT: &str = "We are sorry, we cannot connect this call right now. Goodbye.";

/// A webhook before its payload is read.
struct Inbound<'a> {
    hook: Hook,
    target: &'a str,
    query: Option<&'a str>,
}

async fn answer(
    webhooks: &Webhooks,
    inbound: &Inbound<'_>,
    (method, headers): (&Method, &HeaderMap),
    body: &[u8],
) -> Result<Response, Problem> {
    let webhook = authenticate(webhooks, inbound, (method, headers), body).await?;
    if webhook.hook == Hook::Wait {
        // Music is the same for everybody; nothing happened to the call.
        return Ok(document(warmline_twilio::documents::hold_music(&hold_music_url(webhooks))));
    }
    let Some(event) = translate::event(&webhook) else { return Ok(StatusCode::NO_CONTENT.into_response()) };
    let fetches_document =
        matches!(webhook.payload, Payload::Voice(_) | Payload::Gather(_) | Payload::Dial(_));
    let stepped = step(webhooks, &webhook, event).await?;
    if fetches_document {
        return Ok(document(render::document(webhooks, &webhook, &stepped)));
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Reads the webhook, once it is certain that the carrier sent it.
async fn authenticate(
    webhooks: &Webhooks,
    inbound: &Inbound<'_>,
    (method, headers): (&Method, &HeaderMap),
    body: &[u8],
) -> Result<Webhook, Problem> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if Signature::ALL.iter().all(|signature| header(signature.header()).is_none()) {
        return Err(Problem::new(StatusCode::FORBIDDEN, "unsigned", "the request carries no signature"));
    }
    // A GET carries its fields in the query, which is signed with the URL.
    let (signed_form, form) = if method == Method::GET {
        let form = Form::parse(inbound.query.unwrap_or("").as_bytes());
        (Form::from(Vec::new()), form)
    } else {
        let form = Form::parse(body);
        (form.clone().unwrap_or_else(|_| Form::from(Vec::new())), form)
    };
    let form =
        form.map_err(|error| Problem::new(StatusCode::BAD_REQUEST, "malformed_form", error.to_string()))?;
    let url = requested_url(&webhooks.public_base, inbound.target);
    let request = Request {
        hook: inbound.hook,
        query: inbound.query.unwrap_or(""),
        token: header(TOKEN_HEADER),
        form: &form,
    };
    // Read first, for it says whose signature to expect; what is wrong with it is for the signer to know.
    let read = Webhook::read(request);
    // What another carrier would have sent proves nothing about this one.
    let fits = |signer: &Signer| {
        header(signer.signature.header())
            .is_some_and(|signed| signature::verify(&signer.tokens, &url, signed_form.pairs(), signed))
    };
    let signers = &webhooks.signers;
    let is_signed = match &read {
        Ok(webhook) => {
            let whose = (webhook.callback.tenant, webhook.payload.account_sid());
            match signers.signer(whose, false).await? {
                Some(signer) if fits(&signer) => true,
                Some(_) => signers.signer(whose, true).await?.is_some_and(|signer| fits(&signer)),
                None if fits(signers.ours()) => {
                    let detail =
                        "the webhook is of an account that neither the installation nor the organisation has";
                    return Err(Problem::new(StatusCode::FORBIDDEN, "other_account", detail));
                }
                None => false,
            }
        }
        Err(_) => fits(signers.ours()),
    };
    if !is_signed {
        let detail = format!(
            "the signature is not of this request: is {} the address that the carrier calls, the auth token the account's, \
             and the carrier the one that is configured?",
            webhooks.public_base
        );
        return Err(Problem::new(StatusCode::FORBIDDEN, "wrong_signature", detail));
    }
    read.map_err(|error| Problem::new(StatusCode::BAD_REQUEST, "malformed_webhook", error.to_string()))
}

#[tracing::instrument(name = "webhook", skip_all, fields(call.id = %webhook.callback.call, webhook = %webhook.hook))]
async fn step(webhooks: &Webhooks, webhook: &Webhook, event: Event) -> Result<Stepped, Problem> {
    let step = Step {
        tenant: webhook.callback.tenant,
        call: webhook.callback.call,
        token: Some(webhook.callback.token.clone()),
        event,
        key: Key(webhook.key.clone()),
        settles: None,
        now: webhooks.clock.now(),
    };
    Ok(webhooks.engine.step(step).await?)
}

fn document(twiml: String) -> Response {
    ([(header::CONTENT_TYPE, twiml::CONTENT_TYPE)], twiml).into_response()
}
