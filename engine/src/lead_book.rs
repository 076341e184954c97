//! The book of leads: looked up page by page, added and changed one by one, removed.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;
use uuid::Uuid;
use warmline_workflows::feed::{Leads, Notice};
use warmline_workflows::lead::{Priority, Status};
use warmline_workflows::{CampaignId, LeadId, TenantId};

use crate::leads::{Lead, NewLead, list_marked, store_words};
use crate::vault::{Keys, Person, Place};
use crate::{Engine, Error, feed};

/// Which leads to look up.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Only those of this campaign.
    pub campaign: Option<CampaignId>,
    /// Only those that stand here.
    pub status: Option<Status>,
    /// Only those with this number, E.164.
    pub phone: Option<String>,
    /// Only those whose names or address have every one of these words.
    pub words: Option<String>,
    /// The oldest first; otherwise the newest.
    pub oldest_first: bool,
    /// Only those after this one, in the order.
    pub after: Option<LeadId>,
    /// So many at most.
    pub limit: i64,
}

/// The fields of a lead's row.
struct Row {
    id: Uuid,
    campaign_id: Uuid,
    person: Option<Vec<u8>>,
    country: Option<String>,
    time_zones: Vec<String>,
    kind: Option<String>,
    priority: i16,
    status: String,
    attempts: i16,
    due_at: Option<jiff_sqlx::Timestamp>,
    waiting_for: Option<String>,
    disposition: Option<String>,
    version: i32,
    created_at: jiff_sqlx::Timestamp,
}

impl Row {
    fn into_lead(self, keys: &Keys) -> Result<Lead, Error> {
        let id = LeadId(self.id);
        Ok(Lead {
            id,
            campaign: CampaignId(self.campaign_id),
            person: self.person.map(|person| keys.open(Place::lead(id), &person)).transpose()?,
            country: self.country,
            time_zones: self.time_zones,
            kind: self.kind,
            priority: self.priority,
            status: self.status,
            attempts: self.attempts,
            due_at: self.due_at.map(jiff_sqlx::Timestamp::to_jiff),
            waiting_for: self.waiting_for,
            disposition: self.disposition,
            version: self.version,
            created_at: self.created_at.to_jiff(),
        })
    }
}

impl Engine {
    /// The leads of an organisation.
    ///
    /// # Errors
    /// When the database does not do it, or a person cannot be opened.
    pub async fn leads(&self, tenant: TenantId, wanted: &Wanted) -> Result<Vec<Lead>, Error> {
        let keys = self.database.keys(tenant).await?;
        let words: Option<Vec<i64>> = wanted
            .words
            .as_deref()
            .map(|text| Person::words_of_search(text).iter().map(|word| keys.word(word)).collect());
        let phone = wanted.phone.as_deref().map(|phone| keys.phone(phone).0.to_vec());
        let mut transaction = self.database.browse(tenant).await?;
        let rows = sqlx::query_as!(
            Row,
            "select l.id, l.campaign_id, l.person, l.country, l.time_zones, l.kind, l.priority, l.status, l.attempts,
                    l.due_at, l.waiting_for, l.disposition, l.version, l.created_at
             from leads l
             where l.tenant_id = $1
               and ($2::uuid is null or l.campaign_id = $2)
               and ($3::text is null or l.status = $3)
               and ($4::bytea is null or l.phone_key = $4)
               and ($5::bigint[] is null or l.id in (
                    select w.lead_id from lead_words w
                    where w.tenant_id = $1 and w.word = any ($5)
                    group by w.lead_id having count(*) = cardinality($5)))
               and ($6::uuid is null or case when $7 then l.id > $6 else l.id < $6 end)
             order by case when $7 then l.id end, case when not $7 then l.id end desc
             limit $8",
            tenant.0,
            wanted.campaign.map(|campaign| campaign.0),
            wanted.status.map(Status::as_str),
            phone,
            words.as_deref(),
            wanted.after.map(|lead| lead.0),
            wanted.oldest_first,
            wanted.limit,
        )
        .fetch_all(&mut *transaction)
        .await?;
        rows.into_iter().map(|row| row.into_lead(&keys)).collect()
    }

    /// One lead.
    ///
    /// # Errors
    /// [`Error::NotFound`], or when the database does not do it.
    pub async fn lead(&self, tenant: TenantId, lead: LeadId) -> Result<Lead, Error> {
        let keys = self.database.keys(tenant).await?;
        let mut transaction = self.database.tenant(tenant).await?;
        find(&mut transaction, (tenant, &keys), lead).await?.ok_or(Error::NotFound("lead"))
    }

    /// Adds one lead to a campaign. Added a second time under the same id, it is as it was.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such campaign, [`Error::Taken`] when it has a lead with this
    /// number.
    pub async fn add_lead(
        &self,
        tenant: TenantId,
        (campaign, id): (CampaignId, LeadId),
        lead: &NewLead,
        now: Timestamp,
    ) -> Result<Lead, Error> {
        let keys = self.database.keys(tenant).await?;
        let mut transaction = self.database.tenant(tenant).await?;
        if let Some(added) = find(&mut transaction, (tenant, &keys), id).await? {
            return Ok(added);
        }
        let person = lead.person();
        let phone = keys.phone(&person.phone);
        if lead.do_not_call {
            list_marked(&mut transaction, (tenant, &keys), &[(phone, person.phone.as_str())]).await?;
        }
        sqlx::query!(
            "insert into leads (tenant_id, campaign_id, id, person, phone_key, country, time_zones, kind, priority,
                                status, due_at)
             select $1, $2, $3, $4, $5, $6, $7, $8, $9,
                    case when listed then 'do_not_call' else 'new' end,
                    case when listed then null else $10::timestamptz end
             from (select exists (select 1 from dnc_list where tenant_id = $1 and phone_key = $5)) as d(listed)",
            tenant.0,
            campaign.0,
            id.0,
            keys.seal(Place::lead(id), &person)?,
            phone.0.as_slice(),
            lead.country,
            &lead.time_zones,
            lead.kind,
            lead.priority.rank(),
            now.to_sqlx(),
        )
        .execute(&mut *transaction)
        .await
        .map_err(|error| match &error {
            sqlx::Error::Database(refusal) if refusal.is_foreign_key_violation() => Error::NotFound("campaign"),
            sqlx::Error::Database(refusal) if refusal.is_unique_violation() => Error::Taken("phone"),
            _ => error.into(),
        })?;
        let words = person.words().iter().map(|word| (keys.word(word), id.0)).collect();
        store_words(&mut transaction, tenant, words).await?;
        let leads = Leads { campaign_id: campaign, leads: 1, lead_id: Some(id) };
        feed::record(&mut transaction, tenant, &[Notice::LeadsCreated(leads)], now).await?;
        let added = find(&mut transaction, (tenant, &keys), id).await?;
        transaction.commit().await?;
        added.ok_or(Error::NotFound("lead"))
    }

    /// Changes what is known of a lead. A call that is open keeps what it was opened with.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Changed`], [`Error::Taken`] when the campaign has another lead with the
    /// number, or [`Error::Refused`] when it was erased.
    pub async fn update_lead(
        &self,
        tenant: TenantId,
        (id, expected): (LeadId, Option<i32>),
        lead: &NewLead,
        now: Timestamp,
    ) -> Result<Lead, Error> {
        let keys = self.database.keys(tenant).await?;
        let mut transaction = self.database.tenant(tenant).await?;
        let before = lock(&mut transaction, (tenant, &keys), id).await?;
        if expected.is_some_and(|expected| expected != before.version) {
            return Err(Error::Changed);
        }
        let Some(was) = &before.person else {
            return Err(Error::Refused("the lead was erased: nothing is known of it any more".to_owned()));
        };
        forget_words(&mut transaction, tenant, (id, &keys), was).await?;
        let person = lead.person();
        let phone = keys.phone(&person.phone);
        sqlx::query!(
            "update leads
             set person = $3, phone_key = $4, country = $5, time_zones = $6, kind = $7, priority = $8,
                 version = version + 1,
                 status = case when status in ('new', 'waiting') and listed then 'do_not_call' else status end,
                 due_at = case when status in ('new', 'waiting') and listed then null else due_at end
             from (select exists (select 1 from dnc_list where tenant_id = $1 and phone_key = $4)) as d(listed)
             where tenant_id = $1 and id = $2",
            tenant.0,
            id.0,
            keys.seal(Place::lead(id), &person)?,
            phone.0.as_slice(),
            lead.country,
            &lead.time_zones,
            lead.kind,
            lead.priority.rank(),
        )
        .execute(&mut *transaction)
        .await
        .map_err(Error::taken("phone"))?;
        let words = person.words().iter().map(|word| (keys.word(word), id.0)).collect();
        store_words(&mut transaction, tenant, words).await?;
        let leads = Leads { campaign_id: before.campaign, leads: 1, lead_id: Some(id) };
        feed::record(&mut transaction, tenant, &[Notice::LeadsUpdated(leads)], now).await?;
        let changed = find(&mut transaction, (tenant, &keys), id).await?;
        transaction.commit().await?;
        changed.ok_or(Error::NotFound("lead"))
    }

    /// Removes a lead that was never called.
    ///
    /// # Errors
    /// [`Error::NotFound`], or [`Error::Refused`] when it has calls: the record of those is kept.
    pub async fn delete_lead(&self, tenant: TenantId, id: LeadId, now: Timestamp) -> Result<(), Error> {
        let keys = self.database.keys(tenant).await?;
        let mut transaction = self.database.tenant(tenant).await?;
        let lead = lock(&mut transaction, (tenant, &keys), id).await?;
        let was_called = sqlx::query_scalar!(
            r#"select calls_opened > 0 as "called!" from leads where tenant_id = $1 and id = $2"#,
            tenant.0,
            id.0,
        )
        .fetch_one(&mut *transaction)
        .await?;
        if was_called {
            let why = "the lead was called, and the record of that is kept: erase it instead (erase=true)";
            return Err(Error::Refused(why.to_owned()));
        }
        if let Some(person) = &lead.person {
            forget_words(&mut transaction, tenant, (id, &keys), person).await?;
        }
        sqlx::query!("delete from leads where tenant_id = $1 and id = $2", tenant.0, id.0)
            .execute(&mut *transaction)
            .await?;
        let leads = Leads { campaign_id: lead.campaign, leads: 1, lead_id: Some(id) };
        feed::record(&mut transaction, tenant, &[Notice::LeadsDeleted(leads)], now).await?;
        Ok(transaction.commit().await?)
    }
}

impl Lead {
    /// How urgent it is.
    #[must_use]
    pub fn urgency(&self) -> Priority {
        let known = Priority::ALL.iter().find(|priority| priority.rank() == self.priority);
        known.copied().unwrap_or_default()
    }
}

async fn find(
    connection: &mut PgConnection,
    (tenant, keys): (TenantId, &Keys),
    id: LeadId,
) -> Result<Option<Lead>, Error> {
    let row = sqlx::query_as!(
        Row,
        "select id, campaign_id, person, country, time_zones, kind, priority, status, attempts, due_at, waiting_for,
                disposition, version, created_at
         from leads where tenant_id = $1 and id = $2",
        tenant.0,
        id.0,
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| row.into_lead(keys)).transpose()
}

/// The lead, held against pacing and other changes until the transaction ends.
async fn lock(
    connection: &mut PgConnection,
    (tenant, keys): (TenantId, &Keys),
    id: LeadId,
) -> Result<Lead, Error> {
    sqlx::query!("select from leads where tenant_id = $1 and id = $2 for update", tenant.0, id.0)
        .execute(&mut *connection)
        .await?;
    find(connection, (tenant, keys), id).await?.ok_or(Error::NotFound("lead"))
}

async fn forget_words(
    connection: &mut PgConnection,
    tenant: TenantId,
    (id, keys): (LeadId, &Keys),
    person: &Person,
) -> Result<(), Error> {
    let words: Vec<i64> = person.words().iter().map(|word| keys.word(word)).collect();
    sqlx::query!(
        "delete from lead_words where tenant_id = $1 and lead_id = $2 and word = any ($3)",
        tenant.0,
        id.0,
        &words,
    )
    .execute(connection)
    .await?;
    Ok(())
}
