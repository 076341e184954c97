//! Imports: lists of leads that are read in, from the upload to the rejected rows.

use axum::body::Body;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use warmline_engine::imports::{Counts, Import};
use warmline_workflows::import::{Duplicates, Outcome, Status};
use warmline_workflows::{CampaignId, ImportId, TemplateId};

use super::Api;
use super::extract::{Id, Query};
use super::idempotency::REPLAYED;
use super::page::{self, Page};
use super::principal::Principal;
use super::schema::{
    CampaignIdText, DuplicatesWord, ImportIdText, ImportOutcomeWord, ImportStatusWord, TemplateIdText,
};
use super::upload::{Taken, UploadForm, form, take};
use crate::import::upload::Found;
use crate::import::{self, ToldRow, rejects};
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    // The file is never in memory as a whole; its own limit is counted as it arrives.
    let upload = OpenApiRouter::new().routes(routes!(upload_leads)).layer(DefaultBodyLimit::disable());
    OpenApiRouter::new()
        .merge(upload)
        .routes(routes!(get_lead_template))
        .routes(routes!(list_imports))
        .routes(routes!(get_import))
        .routes(routes!(cancel_import))
        .routes(routes!(undo_import))
        .routes(routes!(list_import_rows))
        .routes(routes!(get_import_rejects))
}

/// An import.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Import)]
struct ImportView {
    #[schema(value_type = ImportIdText)]
    id: ImportId,
    /// The campaign that its leads are for; null while its file is uploaded.
    #[schema(value_type = Option<CampaignIdText>)]
    campaign_id: Option<CampaignId>,
    #[schema(value_type = ImportStatusWord)]
    status: Status,
    /// The name of its file.
    file_name: String,
    /// The length of its file in bytes.
    bytes: u64,
    /// Whether everything is done but storing leads.
    dry_run: bool,
    /// What becomes of rows whose numbers are known.
    #[schema(value_type = DuplicatesWord)]
    duplicates: Duplicates,
    /// Whether numbers of all campaigns count as known.
    across_campaigns: bool,
    /// ISO 3166 code of the country that numbers without a prefix are of.
    default_country: String,
    /// `{"CSV column": "field"}` as it was asked for.
    mapping: Option<BTreeMap<String, String>>,
    /// The template that the mapping is from.
    #[schema(value_type = Option<TemplateIdText>)]
    template_id: Option<TemplateId>,
    /// What was found in the file.
    found: Option<FoundView>,
    /// What became of its rows so far.
    counts: CountsView,
    /// How much of the file was read, 0 to 100.
    percent: f64,
    /// Rows read per second.
    rows_per_s: f64,
    /// Leads that undoing it has deleted so far.
    leads_deleted: u64,
    /// What to know about the file beyond the outcomes of rows.
    notes: Vec<String>,
    /// Why it failed.
    error: Option<String>,
    created_at: Timestamp,
    /// When a worker took it.
    started_at: Option<Timestamp>,
    /// When it was over.
    finished_at: Option<Timestamp>,
}

/// What was found in a file.
#[derive(Debug, Serialize, ToSchema)]
struct FoundView {
    /// `utf-8` or `utf-16`. Single cells of a file in UTF-8 may be in windows-1252.
    encoding: String,
    /// What separates its cells.
    delimiter: String,
    /// Its columns, from the first.
    columns: Vec<ColumnView>,
}

/// A column of a file, and what it is used for.
#[derive(Debug, Serialize, ToSchema)]
struct ColumnView {
    name: String,
    /// A field, `custom.<name>` or `ignore`.
    target: String,
}

/// What became of rows: `rows` is the sum of the others.
#[derive(Debug, Serialize, ToSchema)]
struct CountsView {
    rows: u64,
    /// Stored, and to be called.
    valid: u64,
    /// Not stored: something is wrong with the row.
    invalid: u64,
    /// Not stored as leads of their own: the number is known already.
    duplicate: u64,
    /// Stored, and not to be called.
    do_not_call: u64,
}

impl From<Counts> for CountsView {
    fn from(counts: Counts) -> Self {
        let Counts { rows, valid, invalid, duplicates, do_not_call } = counts;
        Self { rows, valid, invalid, duplicate: duplicates, do_not_call }
    }
}

impl From<Found> for FoundView {
    fn from(found: Found) -> Self {
        let column = |column: import::upload::Column| ColumnView { name: column.name, target: column.target };
        Self {
            encoding: found.encoding,
            delimiter: found.delimiter.to_string(),
            columns: found.columns.into_iter().map(column).collect(),
        }
    }
}

impl From<Import> for ImportView {
    fn from(import: Import) -> Self {
        let notes = import::notes(&import);
        let took = import.started_at.map(|started_at| {
            import.finished_at.unwrap_or_else(Timestamp::now).duration_since(started_at).as_secs_f64()
        });
        let percent = match import.status {
            Status::Finished => 100.0,
            // Of a text in UTF-16 the bytes are counted as UTF-8.
            _ if import.bytes > 0 => (import.bytes_read as f64 / import.bytes as f64 * 100.0).min(100.0),
            _ => 0.0,
        };
        let found = import.found.and_then(|found| serde_json::from_value::<Found>(found).ok());
        Self {
            id: import.id,
            campaign_id: import.campaign,
            status: import.status,
            file_name: import.file_name,
            bytes: import.bytes,
            dry_run: import.options.dry_run,
            duplicates: import.options.duplicates,
            across_campaigns: import.options.across_campaigns,
            default_country: import.options.default_country,
            mapping: import.options.mapping,
            template_id: import.options.template,
            found: found.map(FoundView::from),
            counts: import.counts.into(),
            percent,
            rows_per_s: took.filter(|took| *took > 0.0).map_or(0.0, |took| import.counts.rows as f64 / took),
            leads_deleted: import.leads_deleted,
            notes,
            error: import.error,
            created_at: import.created_at,
            started_at: import.started_at,
            finished_at: import.finished_at,
        }
    }
}

/// Upload leads
///
/// Takes a CSV file and answers at once; a worker reads it in the background. The file is stored as it
/// arrives, whatever its size. Ask `GET /api/imports/{import_id}` how far it is.
#[utoipa::path(post, path = "/api/leads/upload", tag = "imports",
    params(("Idempotency-Key" = Option<String>, Header,
            description = "Sent again with the same key, the file is imported once.")),
    request_body(content = UploadForm, content_type = "multipart/form-data"), responses(
    (status = 202, description = "The import, waiting for a worker.", body = ImportView,
     headers(("Location" = String, description = "Its address."))),
    (status = 404, description = "There is no such campaign or template.", body = crate::problem::Body,
     content_type = "application/problem+json"),
    (status = 409, description = "An upload under this key is under way.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn upload_leads(
    State(api): State<Api>,
    principal: Principal,
    headers: HeaderMap,
    sent: Result<Multipart, MultipartRejection>,
) -> Result<Response, Problem> {
    let taken = take(&api, &principal, &headers, form(sent)?).await?;
    let (Taken::Now(id) | Taken::Before(id)) = taken;
    let import = api.engine.import(principal.tenant, id).await?;
    let mut response = (StatusCode::ACCEPTED, axum::Json(ImportView::from(import))).into_response();
    if let Ok(address) = format!("/api/imports/{id}").parse() {
        response.headers_mut().insert(header::LOCATION, address);
    }
    if matches!(taken, Taken::Before(_)) {
        response.headers_mut().insert(REPLAYED, header::HeaderValue::from_static("true"));
    }
    Ok(response)
}

/// What a list of leads may look like.
const TEMPLATE: &str = "first_name,last_name,phone,country,type,priority,do_not_call,notes,email,time_zone\r\n\
                        Ali,Khan,+14155550101,US,broker,normal,false,Prefers the afternoon,ali@example.com,\r\n";

/// Get a CSV template
///
/// A list of one lead with every column that has a meaning. Only `phone` is required; columns with other names
/// become custom fields.
#[utoipa::path(get, path = "/api/leads/template/csv", tag = "imports", responses(
    (status = 200, description = "The list.", body = String, content_type = "text/csv"),
))]
async fn get_lead_template(_principal: Principal) -> Response {
    csv("leads.csv", Body::from(TEMPLATE))
}

fn csv(name: &str, body: Body) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    (
        [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, disposition),
        ],
        body,
    )
        .into_response()
}

/// Which imports to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ImportQuery {
    /// Only those into this campaign.
    #[param(value_type = Option<CampaignIdText>)]
    campaign_id: Option<CampaignId>,
    /// Rows of the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// What `next` of the page before said.
    cursor: Option<String>,
}

/// List imports
#[utoipa::path(get, path = "/api/imports", tag = "imports", params(ImportQuery), responses(
    (status = 200, description = "A page of imports, the newest first.", body = Page<ImportView>),
))]
async fn list_imports(
    State(api): State<Api>,
    principal: Principal,
    Query(asked): Query<ImportQuery>,
) -> Result<axum::Json<Page<ImportView>>, Problem> {
    let limit = page::limit(asked.limit)?;
    let before = page::after(asked.cursor.as_deref())?;
    let imports =
        api.engine.imports(principal.tenant, asked.campaign_id, before, i64::from(limit) + 1).await?;
    Ok(axum::Json(Page::of(imports, limit, |import| import.id, ImportView::from)))
}

/// Get an import
#[utoipa::path(get, path = "/api/imports/{import_id}", tag = "imports",
    params(("import_id" = inline(ImportIdText), Path, description = "The import.")), responses(
    (status = 200, description = "The import, as far as it is.", body = ImportView),
))]
async fn get_import(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<ImportId>,
) -> Result<axum::Json<ImportView>, Problem> {
    Ok(axum::Json(api.engine.import(principal.tenant, id).await?.into()))
}

/// Cancel an import
///
/// Leads that it has stored so far stay; undo it to delete them.
#[utoipa::path(post, path = "/api/imports/{import_id}/cancel", tag = "imports",
    params(("import_id" = inline(ImportIdText), Path, description = "The import.")), responses(
    (status = 200, description = "The import, cancelled.", body = ImportView),
))]
async fn cancel_import(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<ImportId>,
) -> Result<axum::Json<ImportView>, Problem> {
    api.engine.cancel_import(principal.tenant, id).await?;
    Ok(axum::Json(api.engine.import(principal.tenant, id).await?.into()))
}

/// Undo an import
///
/// Deletes its leads, as long as none of them was called. What it changed in other leads stays, and so do numbers
/// that it put on the do-not-call list. A worker does it; the import is `undone` when it is through.
#[utoipa::path(post, path = "/api/imports/{import_id}/undo", tag = "imports",
    params(("import_id" = inline(ImportIdText), Path, description = "The import.")), responses(
    (status = 202, description = "The import, being undone.", body = ImportView),
))]
async fn undo_import(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<ImportId>,
) -> Result<(StatusCode, axum::Json<ImportView>), Problem> {
    api.engine.undo_import(principal.tenant, id).await?;
    let import = api.engine.import(principal.tenant, id).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(import.into())))
}

/// A row of a file, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
struct ImportRow {
    /// The line of the file that it begins in, from 1.
    line: u64,
    #[schema(value_type = ImportOutcomeWord)]
    outcome: Outcome,
    /// The name in it, as far as it could be read.
    name: String,
    /// The number, E.164; null when it is no number.
    phone: Option<String>,
    /// The column that is wrong or odd.
    column: Option<String>,
    /// Why it has its outcome, or what is odd about it.
    reason: Option<String>,
    /// What to do about it.
    hint: Option<String>,
    /// Its cells, as they stand in the file.
    cells: Vec<String>,
}

impl From<ToldRow> for ImportRow {
    fn from(row: ToldRow) -> Self {
        let ToldRow { line, outcome, told } = row;
        let (column, reason, hint) = match told.remark {
            Some(remark) => {
                (remark.column, Some(remark.reason), remark.hint.map(std::borrow::Cow::into_owned))
            }
            None => (None, None, None),
        };
        Self { line, outcome, name: told.name, phone: told.phone, column, reason, hint, cells: told.cells }
    }
}

/// Which rows to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RowQuery {
    /// Only those with this outcome.
    #[param(value_type = Option<ImportOutcomeWord>)]
    outcome: Option<Outcome>,
    /// Rows of the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// What `next` of the page before said.
    cursor: Option<String>,
}

/// List rows of an import
///
/// The first thousand rows whatever became of them, and of the others those that were not stored, will not be
/// called, or are odd. After a dry run this is what would become of each.
#[utoipa::path(get, path = "/api/imports/{import_id}/rows", tag = "imports",
    params(("import_id" = inline(ImportIdText), Path, description = "The import."), RowQuery), responses(
    (status = 200, description = "A page of rows, in the order of the file.", body = Page<ImportRow>),
))]
async fn list_import_rows(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<ImportId>,
    Query(asked): Query<RowQuery>,
) -> Result<axum::Json<Page<ImportRow>>, Problem> {
    let limit = page::limit(asked.limit)?;
    let after: Option<u64> = page::after(asked.cursor.as_deref())?;
    api.engine.import(principal.tenant, id).await?;
    let outcomes = asked.outcome.as_ref().map_or(Outcome::ALL, std::slice::from_ref);
    let kept = api
        .engine
        .import_rows((principal.tenant, id), outcomes, after.unwrap_or(0), i64::from(limit) + 1)
        .await?;
    let rows: Vec<ToldRow> =
        kept.iter().map(ToldRow::read).collect::<Result<_, _>>().map_err(|_| Problem::internal())?;
    Ok(axum::Json(Page::of(rows, limit, |row| row.line, ImportRow::from)))
}

/// Get the rejected rows
///
/// A CSV file of the rows that are no lead of their own, each with its line, the column and the reason before its
/// cells. Mended, it can be uploaded as it is. Cells that a spreadsheet would take for formulas have an apostrophe
/// before them.
#[utoipa::path(get, path = "/api/imports/{import_id}/rejects", tag = "imports",
    params(("import_id" = inline(ImportIdText), Path, description = "The import.")), responses(
    (status = 200, description = "The rejected rows.", body = String, content_type = "text/csv"),
))]
async fn get_import_rejects(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<ImportId>,
) -> Result<Response, Problem> {
    let import = api.engine.import(principal.tenant, id).await?;
    let rows = rejects::stream(api.engine.clone(), principal.tenant, &import);
    Ok(csv("rejected-rows.csv", Body::from_stream(rows)))
}
