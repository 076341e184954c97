//! Audio files: brought by people, played to those who are called.

use axum::extract::multipart::{Field, MultipartRejection};
use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use warmline_engine::Engine;
use warmline_engine::audio::AudioFile;
use warmline_engine::recordings::Stored;
use warmline_workers::store::{Arriving, StoreError, audio_object};
use warmline_workflows::audio::{Format, Reader, Sound, Unplayable};
use warmline_workflows::{AudioId, TenantId};

use super::Api;
use super::auth::text;
use super::extract::{Id, Query};
use super::idempotency::NewId;
use super::page::{self, Page};
use super::principal::Principal;
use super::schema::{AudioFormatWord, AudioIdText};
use super::token::link_ends;
use super::upload::{broken, form, text_of};
use crate::hex::hex;
use crate::media;
use crate::problem::Problem;

/// The largest file: two minutes of stereo as on a disc, or twenty of what telephones carry.
const FILE_BYTES_MAX: u64 = 20 << 20;
/// The longest file: nobody listens longer to a machine.
const DURATION_MAX_MS: u64 = 10 * 60 * 1000;

pub(super) fn routes() -> OpenApiRouter<Api> {
    // The file is never in memory as a whole; its limit is counted as it arrives.
    let upload = OpenApiRouter::new().routes(routes!(upload_audio)).layer(DefaultBodyLimit::disable());
    OpenApiRouter::new()
        .merge(upload)
        .routes(routes!(list_audio))
        .routes(routes!(get_audio, delete_audio))
        .routes(routes!(link_audio))
}

/// An audio file that campaigns may play.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AudioFile)]
struct AudioView {
    #[schema(value_type = AudioIdText)]
    id: AudioId,
    /// What people call it.
    name: String,
    /// By its bytes, whatever it was called.
    #[schema(value_type = AudioFormatWord)]
    format: Format,
    /// Its size.
    bytes: u64,
    /// How long it lasts.
    duration_ms: u64,
    /// The SHA-256 of its bytes in hexadecimal digits.
    sha256: String,
    /// The person or the API key that brought it.
    created_by: String,
    created_at: Timestamp,
}

impl From<AudioFile> for AudioView {
    fn from(file: AudioFile) -> Self {
        Self {
            id: file.id,
            name: file.name,
            format: file.format,
            bytes: file.bytes,
            duration_ms: file.duration_ms,
            sha256: hex(&file.sha256),
            created_by: file.created_by,
            created_at: file.created_at,
        }
    }
}

/// The form. Its parts may come in any order.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only described: the parts are read as they come")]
struct AudioForm {
    /// A wav or mp3 file of at most 20 MiB and ten minutes.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// What people call it, 1 to 200 characters; the name of the file when left out.
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
}

/// Which audio files to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AudioQuery {
    /// Rows of the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// What `next` of the page before said.
    cursor: Option<String>,
}

/// List audio files
#[utoipa::path(get, path = "/api/audio", tag = "audio", params(AudioQuery), responses(
    (status = 200, description = "A page of audio files, the newest first.", body = Page<AudioView>),
))]
async fn list_audio(
    State(api): State<Api>,
    principal: Principal,
    Query(asked): Query<AudioQuery>,
) -> Result<axum::Json<Page<AudioView>>, Problem> {
    let limit = page::limit(asked.limit)?;
    let after = page::after(asked.cursor.as_deref())?;
    let files = api.engine.audio_files(principal.tenant, after, i64::from(limit) + 1).await?;
    Ok(axum::Json(Page::of(files, limit, |file| file.id, AudioView::from)))
}

/// Upload an audio file
///
/// To be played to those who are called: name its id in the `conduct` of a campaign. What a file is, is seen by its
/// bytes.
#[utoipa::path(post, path = "/api/audio", tag = "audio",
    request_body(content = AudioForm, content_type = "multipart/form-data"), responses(
    (status = 201, description = "The audio file.", body = AudioView,
     headers(("Location" = String, description = "Its address."))),
    (status = 409, description = "The organisation has as many as it may.", body = crate::problem::Body,
     content_type = "application/problem+json"),
    (status = 413, description = "The file is larger than 20 MiB.", body = crate::problem::Body,
     content_type = "application/problem+json"),
    (status = 422, description = "It is neither wav nor mp3, damaged, silent or too long.",
     body = crate::problem::Body, content_type = "application/problem+json"),
))]
async fn upload_audio(
    State(api): State<Api>,
    principal: Principal,
    NewId(id): NewId,
    sent: Result<Multipart, MultipartRejection>,
) -> Result<Response, Problem> {
    let mut form = form(sent)?;
    let (tenant, id) = (principal.tenant, AudioId(id));
    let by = principal.actor.to_string();
    let mut unfinished = Unfinished { engine: api.engine.clone(), tenant, id: None };
    let mut name = None;
    let mut arrived = None;
    while let Some(field) = form.next_field().await.map_err(|error| broken(&error))? {
        match field.name().unwrap_or_default().to_owned().as_str() {
            "file" if arrived.is_some() => {
                return Err(Problem::invalid("file", "there is more than one: upload them one by one"));
            }
            "file" => {
                let of_file: String = field.file_name().unwrap_or_default().chars().take(200).collect();
                api.engine.begin_audio(tenant, id, (PROVISIONAL_NAME, &by)).await?;
                unfinished.id = Some(id);
                arrived = Some((of_file, receive(&api, (tenant, id), field).await?));
            }
            "name" => name = Some(text("name", &text_of("name", field).await?, 1..=200)?),
            other => {
                let other: String = other.chars().take(64).collect();
                return Err(Problem::invalid(other, "there is no such part: expected file, name"));
            }
        }
    }
    let (of_file, (stored, sound)) = arrived.ok_or_else(|| Problem::invalid("file", "it is missing"))?;
    let name = name.map_or_else(|| text("name", &of_file, 1..=200), Ok)?;
    let file = api.engine.audio_stored(tenant, (id, &name), (&stored, sound)).await?;
    unfinished.id = None;
    let address = [(header::LOCATION, format!("/api/audio/{id}"))];
    Ok((StatusCode::CREATED, address, axum::Json(AudioView::from(file))).into_response())
}

/// What a file is called while it arrives: its own name may come after it.
const PROVISIONAL_NAME: &str = "arriving";

/// Gives up an upload whose request broke off or was refused, wherever that was.
struct Unfinished {
    engine: Engine,
    tenant: TenantId,
    id: Option<AudioId>,
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let Some(id) = self.id else { return };
        let (engine, tenant) = (self.engine.clone(), self.tenant);
        tokio::spawn(async move {
            if let Err(error) = engine.drop_audio(tenant, id).await {
                tracing::warn!(audio.id = %id, error = %error, "an upload was not given up; its age will tell");
            }
        });
    }
}

/// Takes a file into the store as it comes.
async fn receive(
    api: &Api,
    (tenant, id): (TenantId, AudioId),
    file: Field<'_>,
) -> Result<(Stored, Sound), Problem> {
    let mut arriving = api.store.begin(audio_object(tenant, id)).map_err(|error| not_kept(&error))?;
    match take(&mut arriving, file).await {
        Ok(sound) => Ok((arriving.finish().await.map_err(|error| not_kept(&error))?, sound)),
        Err(problem) => {
            arriving.abort().await;
            Err(problem)
        }
    }
}

async fn take(arriving: &mut Arriving, mut file: Field<'_>) -> Result<Sound, Problem> {
    let mut reader = Reader::default();
    let mut bytes = 0;
    while let Some(piece) = file.chunk().await.map_err(|error| broken(&error))? {
        bytes += piece.len() as u64;
        if bytes > FILE_BYTES_MAX {
            let why = format!("it is larger than {} MiB: export it as mp3", FILE_BYTES_MAX >> 20);
            return Err(refused(StatusCode::PAYLOAD_TOO_LARGE, "file_too_large", &why));
        }
        reader.take(&piece).map_err(unplayable)?;
        arriving.take(piece).await.map_err(|error| not_kept(&error))?;
    }
    let sound = reader.finish().map_err(unplayable)?;
    if sound.duration_ms > DURATION_MAX_MS {
        let minutes = DURATION_MAX_MS / 60_000;
        let why = format!("it lasts longer than {minutes} minutes: cut it");
        return Err(refused(StatusCode::UNPROCESSABLE_ENTITY, "audio_too_long", &why));
    }
    Ok(sound)
}

fn unplayable(why: Unplayable) -> Problem {
    refused(StatusCode::UNPROCESSABLE_ENTITY, "unplayable_audio", &why.to_string())
}

fn refused(status: StatusCode, code: &'static str, why: &str) -> Problem {
    Problem { field: Some("file".to_owned()), ..Problem::new(status, code, format!("file: {why}")) }
}

fn not_kept(error: &StoreError) -> Problem {
    tracing::error!(error = %error, "an audio file cannot be stored");
    let detail = "the store does not take files at present: send it again later";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_stored", detail).retry_after(30)
}

/// Get an audio file
#[utoipa::path(get, path = "/api/audio/{audio_id}", tag = "audio",
    params(("audio_id" = inline(AudioIdText), Path, description = "The audio file.")), responses(
    (status = 200, description = "What is known of it.", body = AudioView),
))]
async fn get_audio(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<AudioId>,
) -> Result<axum::Json<AudioView>, Problem> {
    Ok(axum::Json(api.engine.audio_file(principal.tenant, id).await?.into()))
}

/// Delete an audio file
#[utoipa::path(delete, path = "/api/audio/{audio_id}", tag = "audio",
    params(("audio_id" = inline(AudioIdText), Path, description = "The audio file.")), responses(
    (status = 204, description = "Deleted."),
    (status = 409, description = "A campaign that is not stopped plays it, or a call that is under way may.",
     body = crate::problem::Body, content_type = "application/problem+json"),
))]
async fn delete_audio(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<AudioId>,
) -> Result<StatusCode, Problem> {
    api.engine.remove_audio(principal.tenant, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A link to an audio file.
#[derive(Debug, Serialize, ToSchema)]
struct AudioLink {
    /// Where it is heard, on this server. Whoever has it needs no login.
    #[schema(example = "/media/audio/eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9")]
    path: String,
    /// When the link is good for nothing any more.
    expires_at: Timestamp,
}

/// Get a link to listen
///
/// It is good for five minutes.
#[utoipa::path(post, path = "/api/audio/{audio_id}/links", tag = "audio",
    params(("audio_id" = inline(AudioIdText), Path, description = "The audio file.")), responses(
    (status = 200, description = "The link.", body = AudioLink),
))]
async fn link_audio(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<AudioId>,
) -> Result<axum::Json<AudioLink>, Problem> {
    // Of another organisation there is nothing to hear.
    api.engine.audio_file(principal.tenant, id).await?;
    let token = api.keys.sign_audio_link(principal.tenant, id).ok_or_else(Problem::internal)?;
    Ok(axum::Json(AudioLink { path: media::audio_path(&token), expires_at: link_ends() }))
}
