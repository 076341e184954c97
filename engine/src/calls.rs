//! Calls as people look at them: listed, read with their journal, and ended.

pub mod list;
pub mod rollup;
pub mod sound;
pub mod stats;

use jiff::Timestamp;
use warmline_workflows::call::{Event, HangUpReason};
use warmline_workflows::cost::Basis;
use warmline_workflows::{AgentId, CallId, CampaignId, Disposition, LeadId, TenantId};

use crate::journal::Recorded;
use crate::{Engine, Error, Key, Outcome, Step, Stepped};

/// What is known of a call at a glance.
#[derive(Debug, Clone)]
pub struct Summary {
    /// Its identity.
    pub id: CallId,
    /// For which campaign.
    pub campaign: CampaignId,
    /// Its name.
    pub campaign_name: String,
    /// To whom.
    pub lead: LeadId,
    /// The lead's name; empty once erased.
    pub lead_name: String,
    /// The lead's number, E.164; empty once erased.
    pub lead_phone: String,
    /// Which of the lead's calls it is, from 1.
    pub attempt_no: i16,
    /// Where it is in its life.
    pub state: String,
    /// Its result, once it is over.
    pub disposition: Option<Disposition>,
    /// The agent who talked with the lead.
    pub agent: Option<AgentId>,
    /// The agent's name.
    pub agent_name: Option<String>,
    /// When it was opened: business time, as all that follow.
    pub opened_at: Timestamp,
    /// When the lead, or a machine, picked up.
    pub answered_at: Option<Timestamp>,
    /// When lead and agent were connected.
    pub bridged_at: Option<Timestamp>,
    /// When it was over.
    pub closed_at: Option<Timestamp>,
    /// Seconds that lead and agent were connected.
    pub talk_s: i32,
    /// Cost in millionths of a US dollar.
    pub cost_micros: i64,
    /// What that rests on.
    pub cost_basis: Basis,
}

/// A call with everything that is recorded of it.
#[derive(Debug, Clone)]
pub struct Detail {
    /// At a glance.
    pub summary: Summary,
    /// Its stored form and its journal.
    pub recorded: Recorded,
}

impl Engine {
    /// A call with everything that is recorded of it.
    ///
    /// # Errors
    /// [`Error::NotFound`], or when the database does not do it.
    pub async fn call(&self, tenant: TenantId, id: CallId) -> Result<Detail, Error> {
        let mut summaries = self.summaries(tenant, &[id]).await?;
        let summary = summaries.pop().ok_or(Error::NotFound("call"))?;
        Ok(Detail { summary, recorded: self.recorded(tenant, id).await? })
    }

    /// Ends a call because a supervisor says so; with the same key, once.
    ///
    /// # Errors
    /// [`Error::NotFound`], or [`Error::Refused`] when the call is over.
    pub async fn hang_up(
        &self,
        tenant: TenantId,
        call: CallId,
        (key, now): (Key, Timestamp),
    ) -> Result<(), Error> {
        let event = Event::HangUpRequested { reason: HangUpReason::Operator };
        self.tell_call((tenant, call), event, (key, now), "the call is over").await?;
        Ok(())
    }

    /// Tells a call what somebody wants of it; with the same key, once.
    ///
    /// # Errors
    /// [`Error::NotFound`], or [`Error::Refused`], with these words, when it makes nothing of that.
    pub(crate) async fn tell_call(
        &self,
        (tenant, call): (TenantId, CallId),
        event: Event,
        (key, now): (Key, Timestamp),
        refusal: &str,
    ) -> Result<Stepped, Error> {
        let done = self.step(Step { tenant, call, token: None, event, key, settles: None, now }).await;
        let done = done.map_err(not_found)?;
        match done.outcome {
            Outcome::Applied | Outcome::Duplicate => Ok(done),
            Outcome::Ignored(_) => Err(Error::Refused(refusal.to_owned())),
        }
    }

    /// The agent who talks, or talked, with the lead of a call, if any.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such call.
    pub async fn agent_on(&self, tenant: TenantId, call: CallId) -> Result<Option<AgentId>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let agent = sqlx::query_scalar!(
            "select agent_id from calls where tenant_id = $1 and id = $2",
            tenant.0,
            call.0
        )
        .fetch_optional(&mut *transaction)
        .await?;
        Ok(agent.ok_or(Error::NotFound("call"))?.map(AgentId))
    }

    /// Ends an agent's after-call work with the result of the call; with the same key, once. A lead who asked
    /// not to be called again is put on the do-not-call list; one who asked to be called again waits for that.
    ///
    /// # Errors
    /// [`Error::NotFound`], or [`Error::Refused`] when nobody writes the call up.
    pub async fn write_up(
        &self,
        tenant: TenantId,
        call: CallId,
        (disposition, call_back_at): (Disposition, Option<Timestamp>),
        (key, now): (Key, Timestamp),
    ) -> Result<(), Error> {
        let event = Event::WrapUpFinished { disposition: Some(disposition), call_back_at };
        let refusal = "nobody is writing this call up";
        let done = self.tell_call((tenant, call), event, (key, now), refusal).await?;
        if disposition == Disposition::DoNotCall {
            self.add_do_not_call(tenant, &done.plan.lead_phone, "asked during a call", now).await?;
        }
        Ok(())
    }
}

pub(crate) fn not_found(error: Error) -> Error {
    match error {
        Error::UnknownCall(_) => Error::NotFound("call"),
        other => other,
    }
}
