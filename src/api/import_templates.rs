//! Import templates: column mappings that are kept under a name.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use warmline_engine::imports::templates::Template;
use warmline_workflows::TemplateId;

use super::Api;
use super::auth::text;
use super::etag::{IfMatch, Versioned};
use super::extract::{Id, Json, Query};
use super::idempotency::NewId;
use super::page::{self, Page};
use super::principal::Principal;
use super::schema::TemplateIdText;
use crate::import::Mapping;
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list_import_templates, create_import_template)).routes(routes!(
        get_import_template,
        update_import_template,
        delete_import_template
    ))
}

/// A column mapping under a name.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportTemplate)]
struct TemplateView {
    #[schema(value_type = TemplateIdText)]
    id: TemplateId,
    /// As shown to people.
    name: String,
    /// `{"CSV column": "field"}`.
    mapping: BTreeMap<String, String>,
    created_at: Timestamp,
}

impl From<Template> for TemplateView {
    fn from(template: Template) -> Self {
        let Template { id, name, mapping, version: _, created_at } = template;
        Self { id, name, mapping, created_at }
    }
}

/// A template to be made or written anew.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Load board", "mapping": { "Mobile": "phone", "Fleet": "custom.fleet" } }))]
struct TemplateDraft {
    /// As shown to people, 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// `{"CSV column": "field"}`. Fields are phone, first_name, last_name, email, country, type, priority,
    /// do_not_call, notes, time_zone, `custom.<name>` and ignore.
    mapping: BTreeMap<String, String>,
}

impl TemplateDraft {
    fn check(self) -> Result<(String, BTreeMap<String, String>), Problem> {
        let name = text("name", &self.name, 1..=200)?;
        let is_storable = |text: &String| !text.contains('\0') && text.chars().count() <= 200;
        if !self.mapping.iter().all(|(column, field)| is_storable(column) && is_storable(field)) {
            return Err(Problem::invalid("mapping", "names are at most 200 characters, none of them NUL"));
        }
        Mapping::new(&self.mapping).map_err(|error| Problem::invalid("mapping", error))?;
        Ok((name, self.mapping))
    }
}

fn versioned(template: Template) -> Versioned<TemplateView> {
    Versioned { version: template.version, body: template.into() }
}

/// Which templates to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TemplateQuery {
    /// Rows of the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// What `next` of the page before said.
    cursor: Option<String>,
}

/// List import templates
#[utoipa::path(get, path = "/api/import-templates", tag = "imports", params(TemplateQuery), responses(
    (status = 200, description = "A page of templates, by their names.", body = Page<TemplateView>),
))]
async fn list_import_templates(
    State(api): State<Api>,
    principal: Principal,
    Query(asked): Query<TemplateQuery>,
) -> Result<axum::Json<Page<TemplateView>>, Problem> {
    let limit = page::limit(asked.limit)?;
    let after: Option<String> = page::after(asked.cursor.as_deref())?;
    if after.as_ref().is_some_and(|after| after.contains('\0')) {
        return Err(Problem {
            code: "invalid_query",
            ..Problem::invalid("cursor", "it is not a cursor of this list")
        });
    }
    let templates =
        api.engine.import_templates(principal.tenant, after.as_deref(), i64::from(limit) + 1).await?;
    Ok(axum::Json(Page::of(templates, limit, |template| template.name.clone(), TemplateView::from)))
}

/// Create an import template
#[utoipa::path(post, path = "/api/import-templates", tag = "imports", request_body = TemplateDraft, responses(
    (status = 201, description = "The template.", body = TemplateView,
     headers(("ETag" = String, description = "Its version."), ("Location" = String, description = "Its address."))),
    (status = 409, description = "Another template has this name.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn create_import_template(
    State(api): State<Api>,
    principal: Principal,
    NewId(id): NewId,
    Json(draft): Json<TemplateDraft>,
) -> Result<Response, Problem> {
    let (name, mapping) = draft.check()?;
    let template = api.engine.add_import_template(principal.tenant, TemplateId(id), &name, &mapping).await?;
    let address = format!("/api/import-templates/{}", template.id);
    let mut response = (StatusCode::CREATED, versioned(template)).into_response();
    if let Ok(address) = HeaderValue::from_str(&address) {
        response.headers_mut().insert(header::LOCATION, address);
    }
    Ok(response)
}

/// Get an import template
#[utoipa::path(get, path = "/api/import-templates/{template_id}", tag = "imports",
    params(("template_id" = inline(TemplateIdText), Path, description = "The template.")), responses(
    (status = 200, description = "The template.", body = TemplateView,
     headers(("ETag" = String, description = "Its version."))),
))]
async fn get_import_template(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<TemplateId>,
) -> Result<Versioned<TemplateView>, Problem> {
    Ok(versioned(api.engine.import_template(principal.tenant, id).await?))
}

/// Write an import template anew
#[utoipa::path(put, path = "/api/import-templates/{template_id}", tag = "imports", request_body = TemplateDraft,
    params(("template_id" = inline(TemplateIdText), Path, description = "The template."),
           ("If-Match" = Option<String>, Header, description = "The ETag that the change is of.")), responses(
    (status = 200, description = "The template as it is now.", body = TemplateView,
     headers(("ETag" = String, description = "Its version."))),
    (status = 409, description = "Another template has this name.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn update_import_template(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<TemplateId>,
    IfMatch(expected): IfMatch,
    Json(draft): Json<TemplateDraft>,
) -> Result<Versioned<TemplateView>, Problem> {
    let (name, mapping) = draft.check()?;
    let is = api.engine.import_template(principal.tenant, id).await?;
    let version = expected.unwrap_or(is.version);
    let template = Template { name, mapping, version, ..is };
    Ok(versioned(api.engine.change_import_template(principal.tenant, &template).await?))
}

/// Delete an import template
///
/// Imports that were made with it keep its mapping.
#[utoipa::path(delete, path = "/api/import-templates/{template_id}", tag = "imports",
    params(("template_id" = inline(TemplateIdText), Path, description = "The template."),
           ("If-Match" = Option<String>, Header, description = "The ETag that is to be deleted.")), responses(
    (status = 204, description = "Deleted."),
))]
async fn delete_import_template(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<TemplateId>,
    IfMatch(expected): IfMatch,
) -> Result<StatusCode, Problem> {
    api.engine.delete_import_template(principal.tenant, (id, expected)).await?;
    Ok(StatusCode::NO_CONTENT)
}
