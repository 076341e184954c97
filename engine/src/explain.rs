//! Why a lead is not being dialed, and when it may be: the rules' own answer, on the facts of this moment.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;
use warmline_workflows::cadence::Cadence;
use warmline_workflows::caller_ids::Pool;
use warmline_workflows::pacing::{Cap, Supply, dials_now};
use warmline_workflows::rules::{self, Facts, Hours, Permission, Reason};
use warmline_workflows::window::CallingWindow;
use warmline_workflows::{CampaignId, GroupId, LeadId, TenantId, campaign, lead};

use crate::{Engine, Error, caller_ids, supply};

/// What the rules say of a lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Whether it may be called now, and if not, why and until when.
    pub permission: Permission,
    /// Calls that could be opened for its campaign at this moment: none when no agent is free, or no caller id left.
    pub dials_now: u32,
}

/// Leads of a campaign that the rules treat alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// What the rules say of them.
    pub permission: Permission,
    /// How many there are.
    pub leads: i64,
}

/// What of the campaign and the organisation the rules ask about.
struct Setting {
    tenant_enabled: bool,
    spend_capped: bool,
    allowed_countries: Option<Vec<String>>,
    status: campaign::Status,
    window: CallingWindow,
    cadence: Cadence,
    pool: Pool,
    supply: Supply,
}

/// What of a lead the rules ask about.
struct Subject {
    status: lead::Status,
    zones: Vec<String>,
    attempts: u16,
    due_at: Option<Timestamp>,
    do_not_call: bool,
    country: Option<String>,
    open_call: bool,
}

impl Setting {
    async fn read(
        connection: &mut PgConnection,
        (tenant, campaign): (TenantId, CampaignId),
        now: Timestamp,
    ) -> Result<Self, Error> {
        let row = sqlx::query!(
            r#"select t.enabled, t.allowed_countries, t.max_concurrent_calls as tenant_max,
                    exists (select 1 from budgets b where b.tenant_id = t.id and b.capped) as "spend_capped!", c.status, c.group_id, c.calling_window,
                    c.cadence, c.max_concurrent_calls
             from campaigns c join tenants t on t.id = c.tenant_id
             where c.tenant_id = $1 and c.id = $2"#,
            tenant.0,
            campaign.0,
        )
        .fetch_optional(&mut *connection)
        .await?
        .ok_or(Error::NotFound("campaign"))?;
        let counts = supply::count(&mut *connection, (tenant, campaign), GroupId(row.group_id), now).await?;
        let pool = caller_ids::pool(connection, (tenant, campaign), now).await?;
        let max = |number: i32| u32::try_from(number).unwrap_or(0);
        Ok(Self {
            tenant_enabled: row.enabled,
            spend_capped: row.spend_capped,
            allowed_countries: row.allowed_countries,
            status: row.status.parse().unwrap_or(campaign::Status::Stopped),
            window: serde_json::from_value(row.calling_window)
                .map_err(Error::unreadable("calling window"))?,
            cadence: serde_json::from_value(row.cadence).map_err(Error::unreadable("cadence"))?,
            pool,
            supply: Supply {
                agents_available: counts.agents_available,
                dials_in_flight: counts.dials_in_flight,
                tenant_calls: Cap { in_flight: counts.tenant_calls, max: max(row.tenant_max) },
                campaign_calls: Cap { in_flight: counts.campaign_calls, max: max(row.max_concurrent_calls) },
            },
        })
    }

    fn permission(&self, subject: &Subject, now: Timestamp) -> Permission {
        let facts = Facts {
            tenant_disabled: !self.tenant_enabled,
            country_denied: match (&self.allowed_countries, &subject.country) {
                (Some(allowed), Some(country)) => !allowed.contains(country),
                // Not known to be allowed.
                (Some(_), None) => true,
                (None, _) => false,
            },
            spend_capped: self.spend_capped,
            caller_ids: self.pool.availability(),
            campaign: self.status,
            hours: Hours { window: &self.window, zones: &subject.zones },
            lead: subject.status,
            do_not_call: subject.do_not_call,
            open_call: subject.open_call,
            attempts: subject.attempts,
            max_attempts: self.cadence.terms().max_attempts,
            due_at: subject.due_at,
            tenant_calls: self.supply.tenant_calls,
            campaign_calls: self.supply.campaign_calls,
        };
        match rules::may_call(&facts, now) {
            // The rules allow it, and yet nobody will look at it: it was closed by hand or with its campaign.
            Permission::Allow if subject.due_at.is_none() => {
                Permission::DenyForever { reason: Reason::LeadClosed }
            }
            permission => permission,
        }
    }
}

impl Engine {
    /// Why a lead is not being dialed, or that it may be.
    ///
    /// # Errors
    /// [`Error::NotFound`], or when the database does not do it.
    pub async fn explain_lead(
        &self,
        tenant: TenantId,
        lead: LeadId,
        now: Timestamp,
    ) -> Result<Explanation, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let row = sqlx::query!(
            r#"select l.campaign_id, l.country, l.status, l.time_zones, l.attempts, l.due_at,
                      exists (select 1 from dnc_list d where d.tenant_id = l.tenant_id and d.phone_key = l.phone_key)
                          as "do_not_call!",
                      exists (select 1 from calls o where o.tenant_id = l.tenant_id and o.phone_key = l.phone_key
                              and o.open) as "open_call!"
               from leads l where l.tenant_id = $1 and l.id = $2"#,
            tenant.0,
            lead.0,
        )
        .fetch_optional(&mut *transaction)
        .await?
        .ok_or(Error::NotFound("lead"))?;
        let setting = Setting::read(&mut transaction, (tenant, CampaignId(row.campaign_id)), now).await?;
        let subject = Subject {
            status: row.status.parse().unwrap_or(lead::Status::Closed),
            zones: row.time_zones,
            attempts: u16::try_from(row.attempts).unwrap_or(u16::MAX),
            due_at: row.due_at.map(jiff_sqlx::Timestamp::to_jiff),
            do_not_call: row.do_not_call,
            country: row.country,
            open_call: row.open_call,
        };
        Ok(Explanation {
            permission: setting.permission(&subject, now),
            dials_now: dials_now(&setting.supply).min(setting.pool.room()),
        })
    }

    /// How many leads of a campaign may be called now, how many later and when, and how many not, and why;
    /// as if the campaign were active and nothing were in the way but the rules about each lead.
    ///
    /// # Errors
    /// [`Error::NotFound`], or when the database does not do it.
    pub async fn preview_campaign(
        &self,
        tenant: TenantId,
        campaign: CampaignId,
        now: Timestamp,
    ) -> Result<Vec<Share>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let mut setting = Setting::read(&mut transaction, (tenant, campaign), now).await?;
        setting.status = campaign::Status::Active;
        setting.spend_capped = false;
        setting.supply.tenant_calls.in_flight = 0;
        setting.supply.campaign_calls.in_flight = 0;
        // The rules tell leads apart by these alone, and a campaign has few combinations of them. The due times
        // of those that wait are told by the quarter of an hour.
        let groups = sqlx::query!(
            r#"select status, country, time_zones, attempts,
                      case when due_at <= $3 then $3
                           else to_timestamp(ceil(extract(epoch from due_at) / 900) * 900) end as due_at,
                      count(*) as "leads!"
               from leads where tenant_id = $1 and campaign_id = $2
               group by 1, 2, 3, 4, 5"#,
            tenant.0,
            campaign.0,
            now.to_sqlx(),
        )
        .fetch_all(&mut *transaction)
        .await?;
        let mut shares: HashMap<String, Share> = HashMap::new();
        for group in groups {
            let status = group.status.parse().unwrap_or(lead::Status::Closed);
            let subject = Subject {
                status,
                zones: group.time_zones,
                attempts: u16::try_from(group.attempts).unwrap_or(u16::MAX),
                due_at: group.due_at.map(jiff_sqlx::Timestamp::to_jiff),
                do_not_call: false,
                country: group.country,
                open_call: status == lead::Status::InCall,
            };
            let permission = setting.permission(&subject, now);
            let share = shares.entry(format!("{permission:?}")).or_insert(Share { permission, leads: 0 });
            share.leads += group.leads;
        }
        let mut shares: Vec<Share> = shares.into_values().collect();
        shares.sort_by_key(|share| std::cmp::Reverse(share.leads));
        Ok(shares)
    }
}
