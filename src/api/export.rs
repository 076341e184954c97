//! The export of calls: the list as a file, for a spreadsheet.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use warmline_engine::audit::Entry;
use warmline_engine::calls::Summary;
use warmline_engine::calls::list::{Filter, Order, Wanted};
use warmline_engine::{Engine, Error};
use warmline_workflows::{AgentId, CampaignId, Disposition, LeadId, TenantId};

use super::Api;
use super::calls::state;
use super::extract::Query;
use super::money;
use super::principal::Principal;
use super::schema::{AgentIdText, CallStateWord, CampaignIdText, DispositionWord, LeadIdText};
use super::stats::zone;
use crate::csv_out::push_record;
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(export_calls))
}

/// Calls that are read at once and held in memory.
const CALLS_AT_ONCE: i64 = 1000;

/// Which calls to export.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ExportQuery {
    /// Only those for this campaign.
    #[param(value_type = Option<CampaignIdText>)]
    campaign_id: Option<CampaignId>,
    /// Only those to this lead.
    #[param(value_type = Option<LeadIdText>)]
    lead_id: Option<LeadId>,
    /// Only those by this agent.
    #[param(value_type = Option<AgentIdText>)]
    agent_id: Option<AgentId>,
    /// Only those with this result.
    #[param(value_type = Option<DispositionWord>)]
    disposition: Option<Disposition>,
    /// Only those in this state.
    #[param(value_type = Option<CallStateWord>)]
    state: Option<String>,
    /// Only those that are not over yet, or only those that are.
    open: Option<bool>,
    /// Only those opened then or later.
    from: Option<Timestamp>,
    /// Only those opened before then; those opened after the request never are among them.
    to: Option<Timestamp>,
    /// The time zone of all times, such as `America/New_York`; UTC when left out.
    time_zone: Option<String>,
}

/// Export calls as CSV
///
/// The list, the oldest call first, in UTF-8 with a header that names the time zone. It is written as it is
/// read, however long it is: when the file ends early, so does the connection, without its proper end. A
/// cell that a spreadsheet would take for a formula begins with an apostrophe. Exports are audited.
#[utoipa::path(get, path = "/api/calls/export.csv", tag = "calls", params(ExportQuery), responses(
    (status = 200, description = "The file.", body = String, content_type = "text/csv"),
))]
async fn export_calls(
    State(api): State<Api>,
    principal: Principal,
    Query(asked): Query<ExportQuery>,
) -> Result<Response, Problem> {
    let name = zone(asked.time_zone)?;
    let time_zone = TimeZone::get(&name).map_err(|_| Problem::internal())?;
    let now = api.clock.now();
    let filter = Filter {
        campaign: asked.campaign_id,
        lead: asked.lead_id,
        agent: asked.agent_id,
        disposition: asked.disposition,
        state: state(asked.state.as_deref())?,
        open: asked.open,
        from: asked.from,
        to: Some(asked.to.map_or(now, |to| to.min(now))),
    };
    let entry = Entry {
        actor: principal.actor.to_string(),
        action: "export_calls".to_owned(),
        subject: "/api/calls/export.csv".to_owned(),
        detail: json!({
            "campaign_id": asked.campaign_id, "lead_id": asked.lead_id, "agent_id": asked.agent_id,
            "disposition": asked.disposition, "from": asked.from, "to": asked.to,
        }),
    };
    api.engine.audit(principal.tenant, &entry).await?;
    let mut head = String::new();
    header_row(&mut head, &name);
    let reader = Reader {
        engine: api.engine.clone(),
        tenant: principal.tenant,
        wanted: Wanted { filter, order: Order::Oldest, after: None, limit: CALLS_AT_ONCE },
        time_zone,
        pending: Some(head),
        is_over: false,
    };
    // Page after page rather than one cursor: a slow reader must not hold a transaction open.
    let stream = futures::stream::try_unfold(reader, |mut reader| async move {
        Ok::<_, Error>(reader.next().await?.map(|rows| (Bytes::from(rows), reader)))
    });
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8; header=present")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"calls.csv\"")),
    ];
    Ok((headers, Body::from_stream(stream)).into_response())
}

/// Where an export stands.
struct Reader {
    engine: Engine,
    tenant: TenantId,
    wanted: Wanted,
    time_zone: TimeZone,
    pending: Option<String>,
    is_over: bool,
}

impl Reader {
    /// The next rows; none at the end.
    async fn next(&mut self) -> Result<Option<String>, Error> {
        if let Some(head) = self.pending.take() {
            return Ok(Some(head));
        }
        if self.is_over {
            return Ok(None);
        }
        let calls = self.engine.calls(self.tenant, &self.wanted).await?;
        self.is_over = (calls.len() as i64) < self.wanted.limit;
        let Some(last) = calls.last() else { return Ok(None) };
        self.wanted.after = Some((last.opened_at, last.id));
        let mut rows = String::with_capacity(calls.len() * 256);
        calls.iter().for_each(|call| self.call_row(&mut rows, call));
        Ok(Some(rows))
    }

    fn call_row(&self, rows: &mut String, call: &Summary) {
        let time = |at: Option<Timestamp>| at.map_or(String::new(), |at| self.time(at));
        let cells = [
            call.id.to_string(),
            call.campaign.to_string(),
            call.campaign_name.clone(),
            call.lead.to_string(),
            call.lead_name.clone(),
            call.lead_phone.clone(),
            call.attempt_no.to_string(),
            call.state.clone(),
            call.disposition.map_or("", Disposition::as_str).to_owned(),
            call.agent.map_or(String::new(), |agent| agent.to_string()),
            call.agent_name.clone().unwrap_or_default(),
            self.time(call.opened_at),
            time(call.answered_at),
            time(call.bridged_at),
            time(call.closed_at),
            call.talk_s.to_string(),
            money::show(call.cost_micros),
            call.cost_basis.as_str().to_owned(),
        ];
        push_record(rows, cells.iter().map(String::as_str));
    }

    fn time(&self, at: Timestamp) -> String {
        at.to_zoned(self.time_zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }
}

fn header_row(out: &mut String, zone: &str) {
    let time = |name: &str| format!("{name} ({zone})");
    let (opened, answered) = (time("opened_at"), time("answered_at"));
    let (bridged, closed) = (time("bridged_at"), time("closed_at"));
    let names = [
        "call_id",
        "campaign_id",
        "campaign",
        "lead_id",
        "lead_name",
        "lead_phone",
        "attempt_no",
        "state",
        "disposition",
        "agent_id",
        "agent",
        &opened,
        &answered,
        &bridged,
        &closed,
        "talk_s",
        "cost_usd",
        "cost_basis",
    ];
    push_record(out, names);
}
