//! Calls: listed, read with what happened to them, and ended.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use warmline_engine::Key;
use warmline_engine::calls::list::{Filter, Order, Wanted};
use warmline_engine::calls::{Detail, Summary};
use warmline_engine::journal::Line;
use warmline_engine::recordings::Known;
use warmline_workflows::call::{self, LegRecord, Settlement};
use warmline_workflows::cost::Basis;
use warmline_workflows::{AgentId, CallId, CampaignId, Disposition, LeadId, TenantId};

use super::Api;
use super::agents::may_act_as;
use super::desk::may_handle;
use super::extract::{Id, Json, Query};
use super::idempotency::NewId;
use super::money;
use super::page::{self, Page};
use super::principal::Principal;
use super::recordings::RecordingView;
use super::schema::{
    AgentIdText, CallIdText, CallStateWord, CampaignIdText, CostBasisWord, DispositionWord, LeadIdText,
};
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_calls))
        .routes(routes!(get_call))
        .routes(routes!(hang_up_call))
        .routes(routes!(write_up_call))
}

/// A call at a glance.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallSummary)]
pub(super) struct SummaryView {
    #[schema(value_type = CallIdText)]
    id: CallId,
    #[schema(value_type = CampaignIdText)]
    campaign_id: CampaignId,
    /// The campaign's name.
    campaign_name: String,
    #[schema(value_type = LeadIdText)]
    lead_id: LeadId,
    /// The lead's name; empty once erased.
    lead_name: String,
    /// The lead's number, E.164; empty once erased.
    lead_phone: String,
    /// Which of the lead's calls it is, from 1.
    attempt_no: i16,
    /// Where it is in its life.
    #[schema(value_type = CallStateWord)]
    state: String,
    /// Its result, once it is over.
    #[schema(value_type = Option<DispositionWord>)]
    disposition: Option<Disposition>,
    /// The agent who talked with the lead.
    #[schema(value_type = Option<AgentIdText>)]
    agent_id: Option<AgentId>,
    /// The agent's name.
    agent_name: Option<String>,
    opened_at: Timestamp,
    /// When the lead, or a machine, picked up.
    answered_at: Option<Timestamp>,
    /// When lead and agent were connected.
    bridged_at: Option<Timestamp>,
    /// When it was over.
    closed_at: Option<Timestamp>,
    /// Seconds that lead and agent were connected.
    talk_s: i32,
    /// Cost in US dollars, an exact decimal.
    #[schema(example = "0.0291")]
    cost_usd: String,
    /// What that rests on: `estimated` by our rates until the carrier tells its prices; `billed` by its prices of the
    /// legs, and our rates for the rest; or estimated for good, since it charges in another currency or told none.
    #[schema(value_type = CostBasisWord)]
    cost_basis: Basis,
}

impl From<Summary> for SummaryView {
    fn from(call: Summary) -> Self {
        Self {
            id: call.id,
            campaign_id: call.campaign,
            campaign_name: call.campaign_name,
            lead_id: call.lead,
            lead_name: call.lead_name,
            lead_phone: call.lead_phone,
            attempt_no: call.attempt_no,
            state: call.state,
            disposition: call.disposition,
            agent_id: call.agent,
            agent_name: call.agent_name,
            opened_at: call.opened_at,
            answered_at: call.answered_at,
            bridged_at: call.bridged_at,
            closed_at: call.closed_at,
            talk_s: call.talk_s,
            cost_usd: money::show(call.cost_micros),
            cost_basis: call.cost_basis,
        }
    }
}

/// A call with its legs and everything that happened to it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Call)]
pub(super) struct CallView {
    #[serde(flatten)]
    summary: SummaryView,
    /// What detection concluded: human, machine, fax or unknown.
    #[schema(example = "human")]
    verdict: Option<String>,
    /// Why it was not dialed, or was ended at the answer, in a sentence.
    denial: Option<String>,
    /// What the agent noted.
    notes: String,
    /// What was recorded of it.
    recordings: Vec<RecordingView>,
    /// Its telephone connections, the lead's first.
    legs: Vec<LegView>,
    /// What happened to it, in order.
    timeline: Vec<LineView>,
}

/// One telephone connection of a call.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Leg)]
struct LegView {
    /// `lead`, or `agent-1`, `agent-2` for each agent who was tried.
    #[schema(example = "agent-1")]
    leg: String,
    /// The agent it went to.
    #[schema(value_type = Option<AgentIdText>)]
    agent_id: Option<AgentId>,
    /// The carrier's name for it.
    sid: Option<String>,
    /// How far it came: requested, in_doubt, placed, ringing, answered, settled.
    #[schema(example = "settled")]
    phase: String,
    /// How it ended: completed, busy, no_answer, failed, canceled, refused, unconfirmed, withheld.
    #[schema(example = "completed")]
    ending: Option<String>,
    requested_at: Timestamp,
    answered_at: Option<Timestamp>,
    /// Seconds that it was connected.
    duration_s: u32,
}

/// One thing that happened to a call.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TimelineEntry)]
struct LineView {
    /// The version of the call after it, from 1.
    version: u32,
    at: Timestamp,
    /// Milliseconds since the entry before.
    gap_ms: i64,
    /// What happened.
    #[schema(example = "leg_answered")]
    event: &'static str,
    #[schema(value_type = CallStateWord)]
    from_state: String,
    #[schema(value_type = CallStateWord)]
    to_state: String,
    /// What the call then wanted done.
    #[schema(example = json!(["reserve_agent"]))]
    commands: Vec<&'static str>,
    /// Why it changed nothing, if so.
    #[schema(example = "late")]
    ignored: Option<String>,
    /// The event and the commands as they are stored.
    #[schema(value_type = Object)]
    detail: Value,
}

impl CallView {
    fn of(detail: Detail, notes: String, recordings: Vec<Known>) -> Result<Self, Problem> {
        let memory = detail.recorded.call.memory();
        let mut before: Option<Timestamp> = None;
        let mut timeline = Vec::new();
        for line in &detail.recorded.lines {
            let gap = before.map_or(0, |before| line.at.as_millisecond() - before.as_millisecond());
            timeline.push(LineView::of(line, gap)?);
            before = Some(line.at);
        }
        Ok(Self {
            verdict: memory.verdict.map(word).transpose()?,
            notes,
            recordings: recordings.into_iter().map(RecordingView::from).collect(),
            denial: memory.denial.as_ref().map(warmline_workflows::rules::Reason::explain),
            legs: memory.legs.iter().map(LegView::of).collect::<Result<_, _>>()?,
            timeline,
            summary: detail.summary.into(),
        })
    }
}

impl LegView {
    fn of(leg: &LegRecord) -> Result<Self, Problem> {
        Ok(Self {
            leg: leg.leg.to_string(),
            agent_id: leg.agent,
            sid: leg.sid.clone(),
            phase: word(leg.phase)?,
            ending: match leg.settlement {
                None => None,
                Some(Settlement::Ended(ending)) => Some(word(ending)?),
                Some(Settlement::Refused(_)) => Some("refused".to_owned()),
                Some(Settlement::Unconfirmed) => Some("unconfirmed".to_owned()),
                Some(Settlement::Withheld) => Some("withheld".to_owned()),
            },
            requested_at: leg.requested_at,
            answered_at: leg.answered_at,
            duration_s: leg.duration_s,
        })
    }
}

impl LineView {
    fn of(line: &Line, gap_ms: i64) -> Result<Self, Problem> {
        let detail = serde_json::json!({ "event": json(&line.event)?, "commands": json(&line.commands)? });
        Ok(Self {
            version: line.version,
            at: line.at,
            gap_ms,
            event: line.event.name(),
            from_state: line.from.clone(),
            to_state: line.to.clone(),
            commands: line.commands.iter().map(call::Command::name).collect(),
            ignored: line.ignored.clone(),
            detail,
        })
    }
}

fn json(value: &impl Serialize) -> Result<Value, Problem> {
    serde_json::to_value(value).map_err(|_| Problem::internal())
}

/// The one word that a value is spelt as.
fn word(value: impl Serialize) -> Result<String, Problem> {
    match json(&value)? {
        Value::String(word) => Ok(word),
        _ => Err(Problem::internal()),
    }
}

/// Which calls to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CallQuery {
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
    /// Only those opened before then.
    to: Option<Timestamp>,
    /// The order: a leading minus turns it round.
    #[param(inline)]
    sort: Option<CallSort>,
    /// Rows of the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// What `next` of the page before said.
    cursor: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
enum CallSort {
    #[serde(rename = "opened_at")]
    Oldest,
    #[serde(rename = "-opened_at")]
    Newest,
}

/// The state of that name.
pub(super) fn state(asked: Option<&str>) -> Result<Option<&'static str>, Problem> {
    let Some(asked) = asked else { return Ok(None) };
    let known = call::State::NAMES.into_iter().find(|name| *name == asked);
    known.map(Some).ok_or_else(|| {
        let why = format!("expected one of {}", call::State::NAMES.join(", "));
        Problem { code: "invalid_query", ..Problem::invalid("state", why) }
    })
}

/// List calls
///
/// The newest first, unless `sort` says otherwise.
#[utoipa::path(get, path = "/api/calls", tag = "calls", params(CallQuery), responses(
    (status = 200, description = "A page of calls.", body = Page<SummaryView>),
))]
async fn list_calls(
    State(api): State<Api>,
    principal: Principal,
    Query(asked): Query<CallQuery>,
) -> Result<axum::Json<Page<SummaryView>>, Problem> {
    let limit = page::limit(asked.limit)?;
    let wanted = Wanted {
        filter: Filter {
            campaign: asked.campaign_id,
            lead: asked.lead_id,
            agent: asked.agent_id,
            disposition: asked.disposition,
            state: state(asked.state.as_deref())?,
            open: asked.open,
            from: asked.from,
            to: asked.to,
        },
        order: match asked.sort {
            None | Some(CallSort::Newest) => Order::Newest,
            Some(CallSort::Oldest) => Order::Oldest,
        },
        after: page::after(asked.cursor.as_deref())?,
        limit: i64::from(limit) + 1,
    };
    let calls = api.engine.calls(principal.tenant, &wanted).await?;
    let place = |call: &Summary| (call.opened_at, call.id);
    Ok(axum::Json(Page::of(calls, limit, place, SummaryView::from)))
}

/// Get a call
///
/// With its legs and its journal.
#[utoipa::path(get, path = "/api/calls/{call_id}", tag = "calls",
    params(("call_id" = inline(CallIdText), Path, description = "The call.")), responses(
    (status = 200, description = "The call.", body = CallView),
))]
async fn get_call(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<CallId>,
) -> Result<axum::Json<CallView>, Problem> {
    Ok(axum::Json(whole(&api, principal.tenant, id).await?))
}

/// Hang up a call
///
/// Ends it at whatever stage it is: a manager any call, an agent its own. The legs are ended a moment later; the call is
/// over when they are.
#[utoipa::path(post, path = "/api/calls/{call_id}/hang-up", tag = "calls",
    params(("call_id" = inline(CallIdText), Path, description = "The call.")), responses(
    (status = 202, description = "It is being ended.", body = CallView),
    (status = 409, description = "It is over.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn hang_up_call(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<CallId>,
    NewId(request): NewId,
) -> Result<(StatusCode, axum::Json<CallView>), Problem> {
    may_handle(&api, &principal, id).await?;
    api.engine.hang_up(principal.tenant, id, (key(request), api.clock.now())).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(whole(&api, principal.tenant, id).await?)))
}

/// A call with everything that is known of it.
pub(super) async fn whole(api: &Api, tenant: TenantId, id: CallId) -> Result<CallView, Problem> {
    let detail = api.engine.call(tenant, id).await?;
    let recordings = api.engine.recordings(tenant, id).await?;
    CallView::of(detail, api.engine.notes(tenant, id).await?, recordings)
}

pub(super) fn key(request: Uuid) -> Key {
    Key(format!("request: {request}"))
}

/// What came of a conversation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "disposition": "answered" }))]
struct WriteUp {
    /// The result: answered, do_not_call, hung_up, voicemail, fax or invalid_number.
    #[schema(value_type = DispositionWord)]
    disposition: Disposition,
    /// When the lead asked to be called again, within a year: it is, then or as soon after as hours allow, whatever the
    /// campaign's cadence says.
    call_back_at: Option<Timestamp>,
}

/// As far ahead as a lead can ask to be called again.
const CALL_BACK_MAX: SignedDuration = SignedDuration::from_hours(366 * 24);

/// What an agent can say came of a conversation; the others are for calls without one.
const CHOICES: [Disposition; 6] = [
    Disposition::Answered,
    Disposition::DoNotCall,
    Disposition::HungUp,
    Disposition::Voicemail,
    Disposition::Fax,
    Disposition::InvalidNumber,
];

/// Write up a call
///
/// Gives a call its result and ends the after-call work. For the agent who does that work, and for
/// managers. After `do_not_call` the number is on the do-not-call list.
#[utoipa::path(post, path = "/api/calls/{call_id}/disposition", tag = "calls", request_body = WriteUp,
    params(("call_id" = inline(CallIdText), Path, description = "The call.")), responses(
    (status = 200, description = "The call as it is now.", body = CallView),
    (status = 409, description = "Nobody is writing it up, or any more.", body = crate::problem::Body,
     content_type = "application/problem+json"),
))]
async fn write_up_call(
    State(api): State<Api>,
    principal: Principal,
    Id(id): Id<CallId>,
    NewId(request): NewId,
    Json(write_up): Json<WriteUp>,
) -> Result<axum::Json<CallView>, Problem> {
    if !CHOICES.contains(&write_up.disposition) {
        let why = format!("expected one of {}", CHOICES.map(Disposition::as_str).join(", "));
        return Err(Problem::invalid("disposition", why));
    }
    let Some(agent) = api.engine.agent_on(principal.tenant, id).await? else {
        let detail = "no agent talked with the lead";
        return Err(Problem::new(StatusCode::CONFLICT, "refused", detail));
    };
    may_act_as(&api, &principal, agent).await?;
    let now = api.clock.now();
    if write_up.call_back_at.is_some_and(|at| at < now || at.duration_since(now) > CALL_BACK_MAX) {
        return Err(Problem::invalid("call_back_at", "expected a time within a year from now"));
    }
    if write_up.call_back_at.is_some() && write_up.disposition == Disposition::DoNotCall {
        return Err(Problem::invalid("call_back_at", "whoever is not to be called is not called back"));
    }
    let result = (write_up.disposition, write_up.call_back_at);
    api.engine.write_up(principal.tenant, id, result, (key(request), now)).await?;
    Ok(axum::Json(whole(&api, principal.tenant, id).await?))
}
