//! The upload of a list of leads: a form whose file goes from the network to the database, piece by piece.

use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartRejection};
use axum::http::{HeaderMap, StatusCode};
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;
use warmline_engine::imports::Options;
use warmline_engine::imports::upload::Begun;
use warmline_workflows::import::{Duplicates, Status};
use warmline_workflows::{CampaignId, ImportId, TemplateId};

use super::Api;
use super::idempotency::key;
use super::principal::Principal;
use super::schema::{CampaignIdText, DuplicatesWord, TemplateIdText};
use crate::import::upload::Refusal;
use crate::import::{Error, Mapping, Upload};
use crate::problem::Problem;

/// The form. Its parts may come in any order.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only described: the parts are read as they come")]
pub(super) struct UploadForm {
    /// A CSV file with a header line: UTF-8, UTF-16 or windows-1252; commas, semicolons, tabs or bars.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// The campaign that the leads are for.
    #[schema(value_type = CampaignIdText)]
    campaign_id: CampaignId,
    /// A JSON object `{"CSV column": "field"}` for columns whose names do not tell. Fields are phone, first_name,
    /// last_name, email, country, type, priority, do_not_call, notes, time_zone, `custom.<name>` and ignore.
    mapping: Option<String>,
    /// A template whose mapping is to be used.
    #[schema(value_type = Option<TemplateIdText>)]
    template_id: Option<TemplateId>,
    /// ISO 3166 code of the country that numbers without a prefix are of; the campaign's when left out.
    default_country: Option<String>,
    /// What becomes of rows whose numbers are known: skip when left out.
    #[schema(value_type = Option<DuplicatesWord>)]
    duplicates: Option<Duplicates>,
    /// Whether numbers of all campaigns count as known; false when left out.
    across_campaigns: Option<bool>,
    /// Whether to do everything but store leads; false when left out.
    dry_run: Option<bool>,
}

/// An upload that is through.
#[derive(Debug, Clone, Copy)]
pub(super) enum Taken {
    /// With this request.
    Now(ImportId),
    /// With an earlier one, under the same key.
    Before(ImportId),
}

/// The parts of the form beside the file.
#[derive(Default)]
struct Parts {
    campaign: Option<CampaignId>,
    file_name: Option<String>,
    options: Options,
    default_country: Option<String>,
}

/// No part but the file is longer.
const PART_BYTES_MAX: usize = 64 * 1024;

/// Takes an upload to its end. What is refused leaves nothing behind.
pub(super) async fn take(
    api: &Api,
    principal: &Principal,
    headers: &HeaderMap,
    form: Multipart,
) -> Result<Taken, Problem> {
    let id =
        match api.engine.begin_upload(principal.tenant, request_key(principal, headers)?.as_ref()).await? {
            Begun::New(id) => id,
            Begun::Before(id)
                if api.engine.import(principal.tenant, id).await?.status != Status::Uploading =>
            {
                return Ok(Taken::Before(id));
            }
            Begun::Before(_) => {
                let detail = "an upload with this Idempotency-Key is under way: ask again later";
                return Err(Problem::new(StatusCode::CONFLICT, "in_progress", detail).retry_after(5));
            }
        };
    let mut abandoned = Abandoned { api: api.clone(), principal: principal.clone(), id: Some(id) };
    let upload = Upload::of(&api.engine, api.limits(), principal.tenant, id);
    receive(api, principal, upload, form).await?;
    abandoned.id = None;
    Ok(Taken::Now(id))
}

/// Forgets an upload whose request broke off or was refused, wherever that was.
struct Abandoned {
    api: Api,
    principal: Principal,
    id: Option<ImportId>,
}

impl Drop for Abandoned {
    fn drop(&mut self) {
        let Some(id) = self.id else { return };
        let (engine, tenant) = (self.api.engine.clone(), self.principal.tenant);
        tokio::spawn(async move {
            if let Err(error) = engine.drop_upload(tenant, id).await {
                tracing::warn!(import.id = %id, error = %error, "an upload was not forgotten; the night will");
            }
        });
    }
}

async fn receive(
    api: &Api,
    principal: &Principal,
    mut upload: Upload<'_>,
    mut form: Multipart,
) -> Result<(), Problem> {
    let mut parts = Parts::default();
    while let Some(mut field) = form.next_field().await.map_err(|error| broken(&error))? {
        let name = field.name().unwrap_or_default().to_owned();
        if name != "file" {
            let text = text_of(&name, field).await?;
            parts.set(api, principal, &name, text.trim()).await?;
            continue;
        }
        if parts.file_name.is_some() {
            return Err(Problem::invalid("file", "there is more than one: upload them one by one"));
        }
        parts.file_name = Some(field.file_name().unwrap_or_default().to_owned());
        while let Some(piece) = field.chunk().await.map_err(|error| broken(&error))? {
            upload.write(&piece).await.map_err(refused)?;
        }
    }
    let Parts { campaign, file_name, mut options, default_country } = parts;
    let file_name = file_name.ok_or_else(|| Problem::invalid("file", "it is missing"))?;
    let campaign = campaign.ok_or_else(|| Problem::invalid("campaign_id", "it is missing"))?;
    let of_campaign = api.engine.campaign(principal.tenant, campaign).await?.settings.default_country;
    options.default_country = default_country.unwrap_or(of_campaign);
    upload.end(campaign, &file_name, options).await.map_err(refused)?;
    Ok(())
}

impl Parts {
    async fn set(&mut self, api: &Api, principal: &Principal, name: &str, text: &str) -> Result<(), Problem> {
        let options = &mut self.options;
        match name {
            "campaign_id" => {
                let id = read(name, text)?;
                // So that nobody uploads a gigabyte into a campaign that is not there.
                api.engine.campaign(principal.tenant, id).await?;
                self.campaign = Some(id);
            }
            "mapping" => {
                let pairs = Mapping::pairs(text).map_err(|error| refused(error.into()))?;
                Mapping::new(&pairs).map_err(|error| refused(error.into()))?;
                options.mapping = Some(pairs);
            }
            "template_id" => {
                let id = read(name, text)?;
                let template = api.engine.import_template(principal.tenant, id).await?;
                options.template = Some(id);
                // What the request says itself goes before.
                options.mapping.get_or_insert(template.mapping);
            }
            "default_country" => self.default_country = Some(text.to_ascii_uppercase()),
            "duplicates" => options.duplicates = read(name, text)?,
            "across_campaigns" => options.across_campaigns = read(name, text)?,
            "dry_run" => options.dry_run = read(name, text)?,
            _ => {
                let known = "file, campaign_id, mapping, template_id, default_country, duplicates, \
                             across_campaigns, dry_run";
                let name: String = name.chars().take(64).collect();
                return Err(Problem::invalid(name, format!("there is no such part: expected {known}")));
            }
        }
        Ok(())
    }
}

fn read<T: std::str::FromStr<Err: std::fmt::Display>>(name: &str, text: &str) -> Result<T, Problem> {
    text.parse().map_err(|error| Problem::invalid(name, error))
}

pub(super) async fn text_of(name: &str, mut field: Field<'_>) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(|error| broken(&error))? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > PART_BYTES_MAX {
            return Err(Problem::invalid(name, format!("it is longer than {} KiB", PART_BYTES_MAX / 1024)));
        }
    }
    String::from_utf8(bytes).map_err(|_| Problem::invalid(name, "it is not UTF-8"))
}

/// What was sent, as the form that it has to be.
pub(super) fn form(sent: Result<Multipart, MultipartRejection>) -> Result<Multipart, Problem> {
    sent.map_err(|_| {
        let detail = "send a form, with `Content-Type: multipart/form-data`";
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_a_form", detail)
    })
}

pub(super) fn broken(error: &axum::extract::multipart::MultipartError) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "malformed_form", format!("the form cannot be read: {error}"))
}

fn refused(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::Engine(error) => error.into(),
        Refusal::File(error) => {
            let status = match error {
                Error::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            let field = error.part().to_owned();
            Problem { field: Some(field), ..Problem::new(status, error.code(), error.to_string()) }
        }
    }
}

/// Whose request with which key this is, if it has one.
fn request_key(principal: &Principal, headers: &HeaderMap) -> Result<Option<[u8; 32]>, Problem> {
    let Some(key) = key(headers)? else { return Ok(None) };
    Ok(Some(Sha256::new().chain_update(principal.actor.uuid()).chain_update(key).finalize().into()))
}
