//! Leads: stored in bulk.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use uuid::Uuid;
use warmline_workflows::feed::{Leads, Notice};
use warmline_workflows::lead::Priority;
use warmline_workflows::{CampaignId, LeadId, TenantId};

use crate::{Engine, Error, feed};

/// A lead to be stored; its number was checked already.
#[derive(Debug, Clone)]
pub struct NewLead {
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Address for mail.
    pub email: Option<String>,
    /// The number as it was given.
    pub phone_original: String,
    /// The number, E.164.
    pub phone: String,
    /// ISO 3166 code of the number's country.
    pub country: Option<String>,
    /// The candidate time zones of the number.
    pub time_zones: Vec<String>,
    /// What sort of lead it is, in the words of the organisation.
    pub kind: Option<String>,
    /// Notes for the agent.
    pub notes: Option<String>,
    /// How urgent.
    pub priority: Priority,
    /// Marked as not to be called in its row.
    pub do_not_call: bool,
    /// Everything else that is known of it.
    pub custom: serde_json::Map<String, serde_json::Value>,
}

/// What became of a lead that was to be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// It will be called.
    Queued(LeadId),
    /// It is stored and will not be called: the number is on the do-not-call list, or was marked so.
    DoNotCall(LeadId),
    /// The campaign has a lead with this number.
    Duplicate,
}

impl Engine {
    /// Stores leads for a campaign, in one transaction; answers for each in its order. A number that
    /// is marked as not to be called is put on the organisation's list.
    ///
    /// # Errors
    /// When the campaign does not exist, or the database does not do it; then none is stored.
    pub async fn store_leads(
        &self,
        tenant: TenantId,
        campaign: CampaignId,
        leads: &[NewLead],
        now: Timestamp,
    ) -> Result<Vec<Stored>, Error> {
        let ids: Vec<Uuid> = leads.iter().map(|_| Uuid::now_v7()).collect();
        let mut transaction = self.database.tenant(tenant).await?;
        let marked: Vec<&str> =
            leads.iter().filter(|lead| lead.do_not_call).map(|lead| lead.phone.as_str()).collect();
        sqlx::query!(
            "insert into dnc_list (tenant_id, phone, reason, source)
             select $1, phone, 'marked in an imported list', 'import' from unnest($2::text[]) as m(phone)
             on conflict do nothing",
            tenant.0,
            &marked as &[&str],
        )
        .execute(&mut *transaction)
        .await?;
        let custom: Vec<String> = leads
            .iter()
            .map(|lead| serde_json::to_string(&lead.custom).map_err(Error::unreadable("custom fields")))
            .collect::<Result<_, _>>()?;
        let column = |field: fn(&NewLead) -> &str| -> Vec<&str> { leads.iter().map(field).collect() };
        let optional =
            |field: fn(&NewLead) -> Option<&str>| -> Vec<Option<&str>> { leads.iter().map(field).collect() };
        let zones: Vec<String> = leads.iter().map(|lead| lead.time_zones.join(" ")).collect();
        let priorities: Vec<i16> = leads.iter().map(|lead| lead.priority.rank()).collect();
        let inserted = sqlx::query!(
            r#"insert into leads (tenant_id, campaign_id, id, first_name, last_name, email, phone_original, phone,
                                  country, time_zones, kind, notes, priority, custom, status, due_at)
               select $1, $2, i.id, i.first_name, i.last_name, i.email, i.phone_original, i.phone, i.country,
                      coalesce(string_to_array(nullif(i.zones, ''), ' '), '{}'), i.kind, i.notes, i.priority, i.custom::jsonb,
                      case when d.phone is null then 'new' else 'do_not_call' end,
                      case when d.phone is null then $3::timestamptz end
               from unnest($4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
                           $11::text[], $12::text[], $13::text[], $14::smallint[], $15::text[])
                    with ordinality
                    as i(id, first_name, last_name, email, phone_original, phone, country, zones, kind, notes,
                         priority, custom, place)
               left join dnc_list d on d.tenant_id = $1 and d.phone = i.phone
               -- Of two with the same number the first is stored.
               order by i.place
               on conflict (tenant_id, campaign_id, phone) do nothing
               returning id, status"#,
            tenant.0,
            campaign.0,
            now.to_sqlx(),
            &ids,
            &column(|lead| &lead.first_name) as &[&str],
            &column(|lead| &lead.last_name) as &[&str],
            &optional(|lead| lead.email.as_deref()) as &[Option<&str>],
            &column(|lead| &lead.phone_original) as &[&str],
            &column(|lead| &lead.phone) as &[&str],
            &optional(|lead| lead.country.as_deref()) as &[Option<&str>],
            &zones,
            &optional(|lead| lead.kind.as_deref()) as &[Option<&str>],
            &optional(|lead| lead.notes.as_deref()) as &[Option<&str>],
            &priorities,
            &custom,
        )
        .fetch_all(&mut *transaction)
        .await?;
        if !inserted.is_empty() {
            let leads = u32::try_from(inserted.len()).unwrap_or(u32::MAX);
            let notice = Notice::LeadsCreated(Leads { campaign_id: campaign, leads, lead_id: None });
            feed::record(&mut transaction, tenant, &[notice], now).await?;
        }
        transaction.commit().await?;
        let stored: HashMap<Uuid, String> = inserted.into_iter().map(|row| (row.id, row.status)).collect();
        Ok(ids
            .into_iter()
            .map(|id| match stored.get(&id).map(String::as_str) {
                Some("do_not_call") => Stored::DoNotCall(LeadId(id)),
                Some(_) => Stored::Queued(LeadId(id)),
                None => Stored::Duplicate,
            })
            .collect())
    }
}
