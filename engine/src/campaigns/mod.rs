//! Campaigns: what one is made from, and its way from draft to the end.

pub mod catalogue;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use uuid::Uuid;
use warmline_workflows::cadence::Cadence;
use warmline_workflows::call::{Conduct, Event, HangUpReason};
use warmline_workflows::campaign::Status;
use warmline_workflows::feed::Notice;
use warmline_workflows::window::CallingWindow;
use warmline_workflows::{CallId, CampaignId, GroupId, TenantId};

use crate::{Engine, Error, Key, Step, feed};

/// A campaign to be made.
#[derive(Debug, Clone)]
pub struct NewCampaign {
    /// As shown to people.
    pub name: String,
    /// The team that takes its calls.
    pub group: GroupId,
    /// The numbers that leads may see, E.164: at least one. The first stands for the campaign.
    pub caller_ids: Vec<String>,
    /// Whether a lead sees a number of its own area, where there is one.
    pub local_presence: bool,
    /// ISO 3166 code of the country that numbers without a prefix are of.
    pub default_country: String,
    /// How its calls are conducted.
    pub conduct: Conduct,
    /// When its leads may be called.
    pub window: CallingWindow,
    /// Whether and when a lead is called again.
    pub cadence: Cadence,
    /// Calls at once.
    pub max_concurrent_calls: u32,
    /// What agents read from while they talk.
    pub script: String,
}

impl Engine {
    /// Makes a campaign, as a draft, with an id of its own.
    ///
    /// # Errors
    /// As for [`Engine::create_campaign`].
    pub async fn add_campaign(&self, tenant: TenantId, campaign: &NewCampaign) -> Result<CampaignId, Error> {
        let id = CampaignId(Uuid::now_v7());
        self.create_campaign(tenant, id, campaign).await?;
        Ok(id)
    }

    /// Moves a campaign to another status: start (active), pause, resume (active), stop.
    ///
    /// Stopping also ends its calls that have no agent on the line yet.
    ///
    /// # Errors
    /// [`Error::NotFound`], or [`Error::Refused`] when it cannot go there from where it is.
    pub async fn set_campaign_status(
        &self,
        tenant: TenantId,
        campaign: CampaignId,
        to: Status,
        now: Timestamp,
    ) -> Result<(), Error> {
        let from: &[&str] = match to {
            Status::Active => &["draft", "paused", "finished"],
            Status::Paused => &["active"],
            Status::Stopped => &["active", "paused", "draft", "finished"],
            Status::Draft | Status::Finished => &[],
        };
        let mut transaction = self.database.tenant(tenant).await?;
        let moved = sqlx::query!(
            "update campaigns
             set status = $3, version = version + 1,
                 started_at = case when $3 = 'active' then coalesce(started_at, $4) else started_at end,
                 finished_at = case when $3 = 'active' then null else finished_at end
             where tenant_id = $1 and id = $2 and status = any ($5)",
            tenant.0,
            campaign.0,
            to.as_str(),
            now.to_sqlx(),
            from as &[&str],
        )
        .execute(&mut *transaction)
        .await?;
        if moved.rows_affected() > 0 {
            let notice = Notice::CampaignMoved { campaign_id: campaign, status: to };
            feed::record(&mut transaction, tenant, &[notice], now).await?;
        }
        transaction.commit().await?;
        if moved.rows_affected() == 0 {
            match self.campaign_status(tenant, campaign).await? {
                // Stopping it may have been interrupted before its calls were ended.
                Some(is) if is == to => {}
                Some(is) => {
                    return Err(Error::Refused(format!("a campaign that is {is} cannot become {to}")));
                }
                None => {
                    return Err(Error::NotFound("campaign"));
                }
            }
        }
        if to == Status::Stopped {
            self.end_unbridged_calls(tenant, campaign, now).await?;
        }
        Ok(())
    }

    /// Pauses a campaign that is active; any other is left as it is.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn pause_campaign(
        &self,
        tenant: TenantId,
        campaign: CampaignId,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let paused = sqlx::query!(
            "update campaigns set status = 'paused', version = version + 1
             where tenant_id = $1 and id = $2 and status = 'active'",
            tenant.0,
            campaign.0,
        )
        .execute(&mut *transaction)
        .await?;
        if paused.rows_affected() > 0 {
            let notice = Notice::CampaignMoved { campaign_id: campaign, status: Status::Paused };
            feed::record(&mut transaction, tenant, &[notice], now).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Where a campaign stands; none when there is no such campaign.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn campaign_status(
        &self,
        tenant: TenantId,
        campaign: CampaignId,
    ) -> Result<Option<Status>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let status = sqlx::query_scalar!(
            "select status from campaigns where tenant_id = $1 and id = $2",
            tenant.0,
            campaign.0
        )
        .fetch_optional(&mut *transaction)
        .await?;
        Ok(status.and_then(|status| status.parse().ok()))
    }

    /// The campaign of that name, the newest if there are several.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn campaign_by_name(&self, tenant: TenantId, name: &str) -> Result<Option<CampaignId>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let id = sqlx::query_scalar!(
            "select id from campaigns where tenant_id = $1 and name = $2 order by created_at desc, id desc limit 1",
            tenant.0,
            name
        )
        .fetch_optional(&mut *transaction)
        .await?;
        Ok(id.map(CampaignId))
    }

    /// The country that a campaign's numbers without a prefix are of.
    ///
    /// # Errors
    /// [`Error::NotFound`], or when the database does not do it.
    pub async fn default_country(&self, tenant: TenantId, campaign: CampaignId) -> Result<String, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query_scalar!(
            "select default_country from campaigns where tenant_id = $1 and id = $2",
            tenant.0,
            campaign.0
        )
        .fetch_optional(&mut *transaction)
        .await?
        .ok_or(Error::NotFound("campaign"))
    }

    /// Every campaign that is being dialed.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn active_campaigns(&self) -> Result<Vec<(TenantId, CampaignId)>, Error> {
        let rows = sqlx::query!("select tenant_id, id from campaigns where status = 'active' order by id")
            .fetch_all(self.database.system())
            .await?;
        Ok(rows.into_iter().map(|row| (TenantId(row.tenant_id), CampaignId(row.id))).collect())
    }

    async fn end_unbridged_calls(
        &self,
        tenant: TenantId,
        campaign: CampaignId,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let open: Vec<Uuid> = sqlx::query_scalar!(
            "select id from calls
             where tenant_id = $1 and campaign_id = $2 and open
               and state in ('queued', 'dialing', 'amd', 'conference', 'agent_whisper')",
            tenant.0,
            campaign.0,
        )
        .fetch_all(&mut *transaction)
        .await?;
        drop(transaction);
        self.end_calls((tenant, &open), HangUpReason::CampaignStopped, now).await
    }

    /// Ends open calls from our side, each once for the same reason.
    pub(crate) async fn end_calls(
        &self,
        (tenant, calls): (TenantId, &[Uuid]),
        reason: HangUpReason,
        now: Timestamp,
    ) -> Result<(), Error> {
        for call in calls {
            self.step(Step {
                tenant,
                call: CallId(*call),
                token: None,
                event: Event::HangUpRequested { reason },
                key: Key(format!("ended: {reason:?}")),
                settles: None,
                now,
            })
            .await?;
        }
        Ok(())
    }
}
