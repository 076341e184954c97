//! Statistics of calls.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::Arc;

use axum::extract::State;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use warmline_engine::calls::stats::{By, Cell, Counts, Scope};
use warmline_workflows::{AgentId, CampaignId, Disposition, TenantId};

use super::Api;
use super::extract::Query;
use super::money;
use super::principal::Principal;
use super::schema::{AgentIdText, CampaignIdText, DispositionWord};
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(get_call_overview))
        .routes(routes!(get_calls_by_campaign))
        .routes(routes!(get_calls_by_disposition))
        .routes(routes!(get_calls_by_agent))
        .routes(routes!(get_calls_by_hour))
}

/// What some calls come to.
#[derive(Debug, Default, PartialEq, Serialize, ToSchema)]
#[schema(as = CallFigures)]
struct Figures {
    /// Calls that were opened.
    calls: i64,
    /// Of them, those that are not over yet.
    open: i64,
    /// Calls that are over and count against the attempts that a campaign allows: all but those withheld.
    attempts: i64,
    /// Calls that a person or a machine picked up.
    answered: i64,
    /// Calls that are over and were with a person.
    human: i64,
    /// Calls that are over and were taken by an answering machine or a fax.
    machine: i64,
    /// Calls in which lead and agent were connected.
    bridged: i64,
    /// Calls that a person answered, and no agent came in time.
    abandoned: i64,
    /// Abandoned calls to calls with a person, 0 to 1; null where there is none of the latter.
    #[schema(example = 0.0213)]
    abandon_rate: Option<f64>,
    /// Seconds talked, all together.
    talk_s: i64,
    /// Seconds talked in a call in which lead and agent were connected, on average.
    #[schema(example = 94.2)]
    talk_avg_s: Option<f64>,
    /// Seconds from the answer until lead and agent were connected, on average.
    #[schema(example = 4.1)]
    wait_avg_s: Option<f64>,
    /// Cost in US dollars, an exact decimal: as the carrier billed it where that is known, else estimated.
    #[schema(example = "1204.5715")]
    cost_usd: String,
}

/// What is added up before it is shown.
#[derive(Default)]
struct Sum {
    all: Counts,
    open: i64,
    withheld: i64,
    human: i64,
    machine: i64,
    abandoned: i64,
}

impl Sum {
    fn add(&mut self, cell: &Cell) {
        let counts = &cell.counts;
        self.all.calls += counts.calls;
        self.all.answered += counts.answered;
        self.all.bridged += counts.bridged;
        self.all.talk_s += counts.talk_s;
        self.all.wait_ms += counts.wait_ms;
        self.all.cost_micros += counts.cost_micros;
        let Some(disposition) = cell.disposition else {
            self.open += counts.calls;
            return;
        };
        if !disposition.consumes_attempt() {
            self.withheld += counts.calls;
        }
        if disposition.is_human() {
            self.human += counts.calls;
        }
        if matches!(disposition, Disposition::Voicemail | Disposition::Fax) {
            self.machine += counts.calls;
        }
        if disposition == Disposition::Abandoned {
            self.abandoned += counts.calls;
        }
    }

    fn figures(&self) -> Figures {
        let Counts { calls, answered, bridged, talk_s, wait_ms, cost_micros } = self.all;
        Figures {
            calls,
            open: self.open,
            attempts: calls - self.open - self.withheld,
            answered,
            human: self.human,
            machine: self.machine,
            bridged,
            abandoned: self.abandoned,
            abandon_rate: ratio(self.abandoned, self.human, 10_000.0),
            talk_s,
            talk_avg_s: ratio(talk_s, bridged, 10.0),
            wait_avg_s: ratio(wait_ms, bridged * 1000, 10.0),
            cost_usd: money::show(cost_micros),
        }
    }
}

/// One number in another, rounded to so many parts of one; none of none.
fn ratio(part: i64, whole: i64, parts: f64) -> Option<f64> {
    // Counts are far below the 2^53 up to which this is exact.
    (whole > 0).then(|| (part as f64 / whole as f64 * parts).round() / parts)
}

/// Who may read statistics at this moment. They take longer than all else that is asked for, and are in no hurry:
/// those who wait for a webhook's answer are on the telephone.
#[derive(Clone)]
pub(super) struct Turns(Arc<Semaphore>);

impl Default for Turns {
    /// For half of the cores.
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        Self(Arc::new(Semaphore::new((cores / 2).max(1))))
    }
}

impl Api {
    /// What the calls of an organisation come to, when it is its turn.
    async fn statistics(&self, tenant: TenantId, scope: &Scope, by: &By) -> Result<Vec<Cell>, Problem> {
        // It is never closed.
        let _turn = self.turns.0.acquire().await.map_err(|_| Problem::internal())?;
        Ok(self.engine.call_statistics(tenant, scope, by).await?)
    }
}

fn total(cells: &[Cell]) -> Figures {
    let mut sum = Sum::default();
    cells.iter().for_each(|cell| sum.add(cell));
    sum.figures()
}

/// The sums of the cells with one key each.
fn by_key<K: Ord>(cells: &[Cell], key: impl Fn(&str) -> Option<K>) -> Result<BTreeMap<K, Sum>, Problem> {
    let mut sums: BTreeMap<K, Sum> = BTreeMap::new();
    for cell in cells {
        sums.entry(key(&cell.key).ok_or_else(Problem::internal)?).or_default().add(cell);
    }
    Ok(sums)
}

/// Of which calls.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct StatsQuery {
    /// Only those for this campaign.
    #[param(value_type = Option<CampaignIdText>)]
    campaign_id: Option<CampaignId>,
    /// Only those opened then or later.
    from: Option<Timestamp>,
    /// Only those opened before then.
    to: Option<Timestamp>,
}

impl StatsQuery {
    fn scope(&self) -> Scope {
        Scope { campaign: self.campaign_id, from: self.from, to: self.to }
    }
}

/// Of which calls, and in which time zone.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct HoursQuery {
    /// Only those for this campaign.
    #[param(value_type = Option<CampaignIdText>)]
    campaign_id: Option<CampaignId>,
    /// Only those opened then or later.
    from: Option<Timestamp>,
    /// Only those opened before then.
    to: Option<Timestamp>,
    /// The time zone of the hours, such as `America/New_York`; UTC when left out.
    time_zone: Option<String>,
}

/// Get the figures of all calls
#[utoipa::path(get, path = "/api/calls/stats/overview", tag = "statistics", params(StatsQuery), responses(
    (status = 200, description = "The figures.", body = Figures),
))]
async fn get_call_overview(
    State(api): State<Api>,
    principal: Principal,
    Query(asked): Query<StatsQuery>,
) -> Result<axum::Json<Figures>, Problem> {
    let cells = api.statistics(principal.tenant, &asked.scope(), &By::All).await?;
    Ok(axum::Json(total(&cells)))
}

/// The figures of a campaign.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CampaignFigures)]
struct CampaignRow {
    #[schema(value_type = CampaignIdText)]
    campaign_id: CampaignId,
    #[serde(flatten)]
    figures: Figures,
}

/// All rows; there are no pages.
#[derive(Debug, Serialize, ToSchema)]
struct Rows<T> {
    data: Vec<T>,
}

/// Get the figures of each campaign
///
/// Campaigns without a call are left out.
#[utoipa::path(get, path = "/api/calls/stats/by-campaign", tag = "statistics", params(StatsQuery), responses(
    (status = 200, description = "The figures, by campaign.", body = Rows<CampaignRow>),
))]
async fn get_calls_by_campaign(
    State(api): State<Api>,
    principal: Principal,
    Query(asked): Query<StatsQuery>,
) -> Result<axum::Json<Rows<CampaignRow>>, Problem> {
    let cells = api.statistics(principal.tenant, &asked.scope(), &By::Campaign).await?;
    let sums = by_key(&cells, |key| Uuid::parse_str(key).ok())?;
    let row = |(id, sum): (Uuid, Sum)| CampaignRow { campaign_id: CampaignId(id), figures: sum.figures() };
    Ok(axum::Json(Rows { data: sums.into_iter().map(row).collect() }))
}

/// The figures of the calls with one result.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DispositionFigures)]
struct DispositionRow {
    #[schema(value_type = DispositionWord)]
    disposition: Disposition,
    #[serde(flatten)]
    figures: Figures,
}

/// Get the figures of each disposition
///
/// Calls that are not over have none yet, and are left out.
#[utoipa::path(get, path = "/api/calls/stats/by-disposition", tag = "statistics", params(StatsQuery), responses(
    (status = 200, description = "The figures, by disposition.", body = Rows<DispositionRow>),
))]
async fn get_calls_by_disposition(
    State(api): State<Api>,
    principal: Principal,
    Query(asked): Query<StatsQuery>,
) -> Result<axum::Json<Rows<DispositionRow>>, Problem> {
    let cells = api.statistics(principal.tenant, &asked.scope(), &By::All).await?;
    let row = |cell: &Cell| {
        let figures = total(std::slice::from_ref(cell));
        cell.disposition.map(|disposition| DispositionRow { disposition, figures })
    };
    let mut data: Vec<DispositionRow> = cells.iter().filter_map(row).collect();
    data.sort_by_key(|row| row.disposition);
    Ok(axum::Json(Rows { data }))
}

/// The figures of an agent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgentFigures)]
struct AgentRow {
    #[schema(value_type = AgentIdText)]
    agent_id: AgentId,
    #[serde(flatten)]
    figures: Figures,
}

/// Get the figures of each agent
///
/// Of the calls in which lead and agent were connected.
#[utoipa::path(get, path = "/api/calls/stats/by-agent", tag = "statistics", params(StatsQuery), responses(
    (status = 200, description = "The figures, by agent.", body = Rows<AgentRow>),
))]
async fn get_calls_by_agent(
    State(api): State<Api>,
    principal: Principal,
    Query(asked): Query<StatsQuery>,
) -> Result<axum::Json<Rows<AgentRow>>, Problem> {
    let cells = api.statistics(principal.tenant, &asked.scope(), &By::Agent).await?;
    let sums = by_key(&cells, |key| Uuid::parse_str(key).ok())?;
    let row = |(id, sum): (Uuid, Sum)| AgentRow { agent_id: AgentId(id), figures: sum.figures() };
    Ok(axum::Json(Rows { data: sums.into_iter().map(row).collect() }))
}

/// The figures of an hour of the day.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HourFigures)]
struct HourRow {
    /// From then until the next full hour, 0 to 23.
    #[schema(minimum = 0, maximum = 23)]
    hour: u8,
    #[serde(flatten)]
    figures: Figures,
}

/// The figures of all hours of the day.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Hours)]
struct HoursView {
    /// The time zone of the hours.
    time_zone: String,
    data: Vec<HourRow>,
}

/// Get the figures of each hour of the day
///
/// A call is of the hour at which it was opened. All hours are there, with or without calls.
#[utoipa::path(get, path = "/api/calls/stats/by-hour", tag = "statistics", params(HoursQuery), responses(
    (status = 200, description = "The figures, by hour of the day.", body = HoursView),
))]
async fn get_calls_by_hour(
    State(api): State<Api>,
    principal: Principal,
    Query(asked): Query<HoursQuery>,
) -> Result<axum::Json<HoursView>, Problem> {
    let time_zone = zone(asked.time_zone)?;
    let scope = Scope { campaign: asked.campaign_id, from: asked.from, to: asked.to };
    let by = By::Hour(time_zone.clone());
    let cells = api.statistics(principal.tenant, &scope, &by).await?;
    let sums = by_key(&cells, |key| key.parse::<u8>().ok())?;
    let figures = |hour| sums.get(&hour).map_or_else(|| Sum::default().figures(), Sum::figures);
    let data = (0..24).map(|hour| HourRow { hour, figures: figures(hour) }).collect();
    Ok(axum::Json(HoursView { time_zone, data }))
}

/// The name of a time zone that exists.
pub(super) fn zone(asked: Option<String>) -> Result<String, Problem> {
    let name = asked.unwrap_or_else(|| "UTC".to_owned());
    match TimeZone::get(&name) {
        Ok(zone) => Ok(zone.iana_name().unwrap_or("UTC").to_owned()),
        Err(_) => {
            let why = "expected a name of the IANA database, such as America/New_York";
            Err(Problem { code: "invalid_query", ..Problem::invalid("time_zone", why) })
        }
    }
}
