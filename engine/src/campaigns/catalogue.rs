//! The catalogue of campaigns: made, listed, read, changed, removed.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;
use uuid::Uuid;
use warmline_workflows::campaign::Status;
use warmline_workflows::feed::{Leads, Notice};
use warmline_workflows::{CampaignId, GroupId, TenantId};

use super::NewCampaign;
use crate::{Engine, Error, audio, caller_ids, feed};

/// A campaign as it is stored.
#[derive(Debug, Clone)]
pub struct Campaign {
    /// Its identity.
    pub id: CampaignId,
    /// Where it stands.
    pub status: Status,
    /// What it was made from, or last changed to.
    pub settings: NewCampaign,
    /// Raised by every change.
    pub version: i32,
    /// When it was made: machine time.
    pub created_at: Timestamp,
    /// When it was started first: business time.
    pub started_at: Option<Timestamp>,
    /// When it was finished: business time.
    pub finished_at: Option<Timestamp>,
}

/// Which campaigns to list.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Only those that stand here.
    pub status: Option<Status>,
    /// The order.
    pub order: Order,
    /// Only those after this one, in the order.
    pub after: Option<(CampaignId, String)>,
    /// So many at most.
    pub limit: i64,
}

/// In which order campaigns are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
    /// By name, A first.
    Name,
    /// By name, Z first.
    NameReversed,
}

impl Order {
    const fn word(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::Name => "name",
            Self::NameReversed => "name_reversed",
        }
    }
}

struct Row {
    id: Uuid,
    group_id: Uuid,
    name: String,
    status: String,
    caller_ids: Vec<String>,
    local_presence: bool,
    default_country: String,
    conduct: serde_json::Value,
    calling_window: serde_json::Value,
    cadence: serde_json::Value,
    max_concurrent_calls: i32,
    script: String,
    version: i32,
    created_at: jiff_sqlx::Timestamp,
    started_at: Option<jiff_sqlx::Timestamp>,
    finished_at: Option<jiff_sqlx::Timestamp>,
}

impl Row {
    fn into_campaign(self) -> Result<Campaign, Error> {
        let json = |what| Error::unreadable(what);
        Ok(Campaign {
            id: CampaignId(self.id),
            status: self.status.parse().unwrap_or(Status::Stopped),
            settings: NewCampaign {
                name: self.name,
                group: GroupId(self.group_id),
                caller_ids: self.caller_ids,
                local_presence: self.local_presence,
                default_country: self.default_country,
                conduct: serde_json::from_value(self.conduct).map_err(json("conduct"))?,
                window: serde_json::from_value(self.calling_window).map_err(json("calling window"))?,
                cadence: serde_json::from_value(self.cadence).map_err(json("cadence"))?,
                max_concurrent_calls: u32::try_from(self.max_concurrent_calls).unwrap_or(0),
                script: self.script,
            },
            version: self.version,
            created_at: self.created_at.to_jiff(),
            started_at: self.started_at.map(jiff_sqlx::Timestamp::to_jiff),
            finished_at: self.finished_at.map(jiff_sqlx::Timestamp::to_jiff),
        })
    }
}

impl Engine {
    /// Makes a campaign, as a draft. Made a second time with the same id, it is as it was.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the team does not exist; [`Error::Missing`] when an audio file does not;
    /// [`Error::Invalid`] when the organisation may not show the number; [`Error::Refused`] when it has as many
    /// campaigns as it may.
    pub async fn create_campaign(
        &self,
        tenant: TenantId,
        id: CampaignId,
        campaign: &NewCampaign,
    ) -> Result<Campaign, Error> {
        let json = |what| Error::unreadable(what);
        let mut transaction = self.database.tenant(tenant).await?;
        if let Some(made) = find(&mut transaction, tenant, id).await? {
            return Ok(made);
        }
        check_place(&mut transaction, tenant).await?;
        caller_ids::check(&mut transaction, tenant, &campaign.caller_ids).await?;
        audio::check(&mut transaction, tenant, &campaign.conduct).await?;
        sqlx::query!(
            "insert into campaigns (tenant_id, id, group_id, name, caller_id, more_caller_ids, local_presence,
                                    default_country, conduct, calling_window, cadence, max_concurrent_calls, script)
             values ($1, $2, $3, $4, ($5::text[])[1], ($5::text[])[2:], $12, $6, $7, $8, $9, $10, $11)
             on conflict (tenant_id, id) do nothing",
            tenant.0,
            id.0,
            campaign.group.0,
            campaign.name,
            &campaign.caller_ids,
            campaign.default_country,
            serde_json::to_value(&campaign.conduct).map_err(json("conduct"))?,
            serde_json::to_value(&campaign.window).map_err(json("calling window"))?,
            serde_json::to_value(&campaign.cadence).map_err(json("cadence"))?,
            i32::try_from(campaign.max_concurrent_calls).unwrap_or(i32::MAX),
            campaign.script,
            campaign.local_presence,
        )
        .execute(&mut *transaction)
        .await
        .map_err(Error::missing("agent group"))?;
        let made = find(&mut transaction, tenant, id).await?;
        transaction.commit().await?;
        made.ok_or(Error::NotFound("campaign"))
    }

    /// A campaign.
    ///
    /// # Errors
    /// [`Error::NotFound`], or when the database does not do it.
    pub async fn campaign(&self, tenant: TenantId, id: CampaignId) -> Result<Campaign, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        find(&mut transaction, tenant, id).await?.ok_or(Error::NotFound("campaign"))
    }

    /// The campaigns of an organisation.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn campaigns(&self, tenant: TenantId, wanted: &Wanted) -> Result<Vec<Campaign>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let after = wanted.after.as_ref();
        let rows = sqlx::query_as!(
            Row,
            r#"select id, group_id, name, status, array_prepend(caller_id, more_caller_ids) as "caller_ids!", local_presence,
                      default_country, conduct, calling_window, cadence, max_concurrent_calls, script, version, created_at,
                      started_at, finished_at
               from campaigns
             where tenant_id = $1 and ($2::text is null or status = $2)
               and ($4::uuid is null or case $3
                    when 'newest' then id < $4
                    when 'oldest' then id > $4
                    when 'name' then (lower(name), id) > (lower($5), $4)
                    else (lower(name), id) < (lower($5), $4) end)
             order by case when $3 = 'name' then lower(name) end,
                      case when $3 = 'name_reversed' then lower(name) end desc,
                      case when $3 in ('name', 'oldest') then id end,
                      id desc
             limit $6"#,
            tenant.0,
            wanted.status.map(Status::as_str),
            wanted.order.word(),
            after.map(|(id, _)| id.0),
            after.map(|(_, name)| name.as_str()),
            wanted.limit,
        )
        .fetch_all(&mut *transaction)
        .await?;
        rows.into_iter().map(Row::into_campaign).collect()
    }

    /// Changes a campaign. Calls that are open keep the settings they were opened with; the next ones
    /// have the new.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such campaign or team; [`Error::Changed`] when it is not of
    /// the expected version any more; [`Error::Refused`] when it was stopped; [`Error::Invalid`] when it is to
    /// show a number that the organisation may not; [`Error::Missing`] when it is to play an audio file that is not
    /// there.
    pub async fn update_campaign(
        &self,
        tenant: TenantId,
        (id, expected): (CampaignId, Option<i32>),
        settings: &NewCampaign,
        now: Timestamp,
    ) -> Result<Campaign, Error> {
        let json = |what| Error::unreadable(what);
        let mut transaction = self.database.tenant(tenant).await?;
        let before = lock(&mut transaction, tenant, id).await?;
        if expected.is_some_and(|expected| expected != before.version) {
            return Err(Error::Changed);
        }
        if before.status == Status::Stopped {
            return Err(Error::Refused(
                "a campaign that was stopped is not changed any more: clone it".to_owned(),
            ));
        }
        let shown = &before.settings.caller_ids;
        let new: Vec<String> = settings.caller_ids.iter().filter(|id| !shown.contains(id)).cloned().collect();
        caller_ids::check(&mut transaction, tenant, &new).await?;
        audio::check(&mut transaction, tenant, &settings.conduct).await?;
        sqlx::query!(
            "update campaigns
             set group_id = $3, name = $4, caller_id = ($5::text[])[1], more_caller_ids = ($5::text[])[2:],
                 local_presence = $12, default_country = $6, conduct = $7, calling_window = $8, cadence = $9,
                 max_concurrent_calls = $10, script = $11, version = version + 1
             where tenant_id = $1 and id = $2",
            tenant.0,
            id.0,
            settings.group.0,
            settings.name,
            &settings.caller_ids,
            settings.default_country,
            serde_json::to_value(&settings.conduct).map_err(json("conduct"))?,
            serde_json::to_value(&settings.window).map_err(json("calling window"))?,
            serde_json::to_value(&settings.cadence).map_err(json("cadence"))?,
            i32::try_from(settings.max_concurrent_calls).unwrap_or(i32::MAX),
            settings.script,
            settings.local_presence,
        )
        .execute(&mut *transaction)
        .await
        .map_err(Error::missing("agent group"))?;
        // Leads wait for the hours as they were: the pacer looks at them again, under the new ones.
        sqlx::query!(
            "update leads set due_at = least(due_at, $3), waiting_for = null
             where tenant_id = $1 and campaign_id = $2 and status = 'new' and due_at is not null
               and waiting_for is not null",
            tenant.0,
            id.0,
            now.to_sqlx(),
        )
        .execute(&mut *transaction)
        .await?;
        feed::record(&mut transaction, tenant, &[Notice::CampaignUpdated { campaign_id: id }], now).await?;
        let changed = find(&mut transaction, tenant, id).await?;
        transaction.commit().await?;
        changed.ok_or(Error::NotFound("campaign"))
    }

    /// Removes a campaign with its leads, as long as nobody was called for it. `now` is business time.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Changed`], or [`Error::Refused`] when it is active or has calls.
    pub async fn delete_campaign(
        &self,
        tenant: TenantId,
        (id, expected): (CampaignId, Option<i32>),
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let campaign = lock(&mut transaction, tenant, id).await?;
        if expected.is_some_and(|expected| expected != campaign.version) {
            return Err(Error::Changed);
        }
        if campaign.status == Status::Active {
            return Err(Error::Refused(
                "a campaign that is active cannot be deleted: stop it first".to_owned(),
            ));
        }
        let was_called = sqlx::query_scalar!(
            r#"select exists (select 1 from calls where tenant_id = $1 and campaign_id = $2) as "called!""#,
            tenant.0,
            id.0,
        )
        .fetch_one(&mut *transaction)
        .await?;
        if was_called {
            let why = "people were called for this campaign, and the record of that is kept: stop it instead";
            return Err(Error::Refused(why.to_owned()));
        }
        let leads =
            sqlx::query!("delete from leads where tenant_id = $1 and campaign_id = $2", tenant.0, id.0)
                .execute(&mut *transaction)
                .await?
                .rows_affected();
        if leads > 0 {
            let leads = u32::try_from(leads).unwrap_or(u32::MAX);
            let notice = Notice::LeadsDeleted(Leads { campaign_id: id, leads, lead_id: None });
            feed::record(&mut transaction, tenant, &[notice], now).await?;
        }
        sqlx::query!("delete from campaigns where tenant_id = $1 and id = $2", tenant.0, id.0)
            .execute(&mut *transaction)
            .await?;
        Ok(transaction.commit().await?)
    }
}

/// Makes sure that the organisation may have one more campaign.
async fn check_place(connection: &mut PgConnection, tenant: TenantId) -> Result<(), Error> {
    let max =
        sqlx::query_scalar!("select max_campaigns from tenants where id = $1 for no key update", tenant.0)
            .fetch_one(&mut *connection)
            .await?;
    let campaigns = sqlx::query_scalar!(
        r#"select count(*) as "campaigns!" from campaigns where tenant_id = $1 and status <> 'stopped'"#,
        tenant.0,
    )
    .fetch_one(connection)
    .await?;
    if campaigns < i64::from(max) {
        return Ok(());
    }
    Err(Error::Refused(format!(
        "this organisation may have {max} campaigns that are not stopped, and has them"
    )))
}

async fn find(
    connection: &mut PgConnection,
    tenant: TenantId,
    id: CampaignId,
) -> Result<Option<Campaign>, Error> {
    let row = sqlx::query_as!(
        Row,
        r#"select id, group_id, name, status, array_prepend(caller_id, more_caller_ids) as "caller_ids!", local_presence,
                  default_country, conduct, calling_window, cadence, max_concurrent_calls, script, version, created_at,
                  started_at, finished_at
           from campaigns where tenant_id = $1 and id = $2"#,
        tenant.0,
        id.0,
    )
    .fetch_optional(connection)
    .await?;
    row.map(Row::into_campaign).transpose()
}

/// The campaign, held against other changes until the transaction ends.
async fn lock(connection: &mut PgConnection, tenant: TenantId, id: CampaignId) -> Result<Campaign, Error> {
    let row = sqlx::query_as!(
        Row,
        r#"select id, group_id, name, status, array_prepend(caller_id, more_caller_ids) as "caller_ids!", local_presence,
                  default_country, conduct, calling_window, cadence, max_concurrent_calls, script, version, created_at,
                  started_at, finished_at
           from campaigns where tenant_id = $1 and id = $2 for no key update"#,
        tenant.0,
        id.0,
    )
    .fetch_optional(connection)
    .await?;
    row.map(Row::into_campaign).transpose()?.ok_or(Error::NotFound("campaign"))
}
