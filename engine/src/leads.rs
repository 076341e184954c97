//! Leads: stored in bulk, read, found by number and by words.

use std::collections::HashMap;
use std::fmt;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;
use uuid::Uuid;
use warmline_workflows::feed::{Leads, Notice};
use warmline_workflows::lead::Priority;
use warmline_workflows::{CampaignId, LeadId, TenantId, phone};

use crate::vault::{Keys, Person, PhoneKey, Place};
use crate::{Engine, Error, feed};

/// A lead to be stored; its number was checked already.
#[derive(Clone)]
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

impl fmt::Debug for NewLead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewLead(..)")
    }
}

/// A lead as it is stored.
#[derive(Debug, Clone)]
pub struct Lead {
    /// Its id.
    pub id: LeadId,
    /// The campaign that calls it.
    pub campaign: CampaignId,
    /// Who it is; none once erased.
    pub person: Option<Person>,
    /// ISO 3166 code of the number's country.
    pub country: Option<String>,
    /// The candidate time zones of the number.
    pub time_zones: Vec<String>,
    /// What sort of lead it is, in the words of the organisation.
    pub kind: Option<String>,
    /// How urgent, 0 to 3.
    pub priority: i16,
    /// Where it stands.
    pub status: String,
    /// Calls that count against the campaign's maximum.
    pub attempts: i16,
    /// When it may be called next; none when it will not be called any more.
    pub due_at: Option<Timestamp>,
    /// Why it is not due earlier.
    pub waiting_for: Option<String>,
    /// The result of its last call.
    pub disposition: Option<String>,
    /// Raised when somebody changes what is known of it.
    pub version: i32,
    /// When it was added: machine time.
    pub created_at: Timestamp,
}

/// A lead that is about to be stored.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) id: LeadId,
    pub(crate) person: Vec<u8>,
    pub(crate) phone: PhoneKey,
    pub(crate) words: Vec<i64>,
}

impl Row {
    pub(crate) fn of(keys: &Keys, lead: &NewLead) -> Result<Self, Error> {
        let id = LeadId(Uuid::now_v7());
        let person = lead.person();
        if !phone::is_e164(&person.phone) {
            return Err(Error::Refused("a lead's number is not in E.164".to_owned()));
        }
        Ok(Self {
            id,
            person: keys.seal(Place::lead(id), &person)?,
            phone: keys.phone(&person.phone),
            words: person.words().iter().map(|word| keys.word(word)).collect(),
        })
    }
}

impl NewLead {
    /// The part of it that is sealed.
    pub(crate) fn person(&self) -> Person {
        Person {
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
            email: self.email.clone(),
            phone: self.phone.clone(),
            phone_original: self.phone_original.clone(),
            notes: self.notes.clone(),
            custom: self.custom.clone(),
        }
    }
}

impl Engine {
    /// Stores leads for a campaign, in one transaction; answers for each in its order. A number that
    /// is marked as not to be called is put on the organisation's list.
    ///
    /// # Errors
    /// When the campaign does not exist, a number is not in E.164, or the database does not do it; then none is
    /// stored.
    pub async fn store_leads(
        &self,
        tenant: TenantId,
        campaign: CampaignId,
        leads: &[NewLead],
        now: Timestamp,
    ) -> Result<Vec<Stored>, Error> {
        let keys = self.database.keys(tenant).await?;
        let rows = leads.iter().map(|lead| Row::of(&keys, lead)).collect::<Result<Vec<_>, _>>()?;
        let mut transaction = self.database.tenant(tenant).await?;
        let marked: Vec<(PhoneKey, &str)> = leads
            .iter()
            .zip(&rows)
            .filter(|(lead, _)| lead.do_not_call)
            .map(|(lead, row)| (row.phone, lead.phone.as_str()))
            .collect();
        list_marked(&mut transaction, (tenant, &keys), &marked).await?;
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id.0).collect();
        let persons: Vec<&[u8]> = rows.iter().map(|row| row.person.as_slice()).collect();
        let phones: Vec<&[u8]> = rows.iter().map(|row| row.phone.0.as_slice()).collect();
        let optional =
            |field: fn(&NewLead) -> Option<&str>| -> Vec<Option<&str>> { leads.iter().map(field).collect() };
        let zones: Vec<String> = leads.iter().map(|lead| lead.time_zones.join(" ")).collect();
        let priorities: Vec<i16> = leads.iter().map(|lead| lead.priority.rank()).collect();
        let inserted = sqlx::query!(
            r#"insert into leads (tenant_id, campaign_id, id, person, phone_key, country, time_zones, kind,
                                  priority, status, due_at)
               select $1, $2, i.id, i.person, i.phone_key, i.country,
                      coalesce(string_to_array(nullif(i.zones, ''), ' '), '{}'), i.kind, i.priority,
                      case when d.phone_key is null then 'new' else 'do_not_call' end,
                      case when d.phone_key is null then $3::timestamptz end
               from unnest($4::uuid[], $5::bytea[], $6::bytea[], $7::text[], $8::text[], $9::text[],
                           $10::smallint[])
                    with ordinality
                    as i(id, person, phone_key, country, zones, kind, priority, place)
               left join dnc_list d on d.tenant_id = $1 and d.phone_key = i.phone_key
               -- Of two with the same number the first is stored.
               order by i.place
               on conflict (tenant_id, campaign_id, phone_key) do nothing
               returning id, status"#,
            tenant.0,
            campaign.0,
            now.to_sqlx(),
            &ids,
            &persons as &[&[u8]],
            &phones as &[&[u8]],
            &optional(|lead| lead.country.as_deref()) as &[Option<&str>],
            &zones,
            &optional(|lead| lead.kind.as_deref()) as &[Option<&str>],
            &priorities,
        )
        .fetch_all(&mut *transaction)
        .await?;
        if !inserted.is_empty() {
            let leads = u32::try_from(inserted.len()).unwrap_or(u32::MAX);
            let notice = Notice::LeadsCreated(Leads { campaign_id: campaign, leads, lead_id: None });
            feed::record(&mut transaction, tenant, &[notice], now).await?;
        }
        let stored: HashMap<Uuid, String> = inserted.into_iter().map(|row| (row.id, row.status)).collect();
        let words = rows
            .iter()
            .filter(|row| stored.contains_key(&row.id.0))
            .flat_map(|row| row.words.iter().map(|word| (*word, row.id.0)));
        store_words(&mut transaction, tenant, words.collect()).await?;
        transaction.commit().await?;
        Ok(ids
            .into_iter()
            .map(|id| match stored.get(&id).map(String::as_str) {
                Some("do_not_call") => Stored::DoNotCall(LeadId(id)),
                Some(_) => Stored::Queued(LeadId(id)),
                None => Stored::Duplicate,
            })
            .collect())
    }

    /// The leads with a number, in all campaigns of the organisation, the oldest first.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn leads_with_phone(&self, tenant: TenantId, e164: &str) -> Result<Vec<LeadId>, Error> {
        let phone = self.database.keys(tenant).await?.phone(e164);
        let mut transaction = self.database.tenant(tenant).await?;
        let ids = sqlx::query_scalar!(
            "select id from leads where tenant_id = $1 and phone_key = $2 order by id",
            tenant.0,
            phone.0.as_slice(),
        )
        .fetch_all(&mut *transaction)
        .await?;
        Ok(ids.into_iter().map(LeadId).collect())
    }

    /// The leads whose names or address have every word of a text, the oldest first. Whole words only: what is
    /// stored of them are digests.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn leads_with_words(
        &self,
        tenant: TenantId,
        text: &str,
        limit: i64,
    ) -> Result<Vec<LeadId>, Error> {
        let keys = self.database.keys(tenant).await?;
        let words: Vec<i64> = Person::words_of_search(text).iter().map(|word| keys.word(word)).collect();
        let mut transaction = self.database.tenant(tenant).await?;
        let ids = sqlx::query_scalar!(
            "select lead_id from lead_words where tenant_id = $1 and word = any ($2)
             group by lead_id having count(*) = $3 order by lead_id limit $4",
            tenant.0,
            &words,
            i64::try_from(words.len()).unwrap_or(i64::MAX),
            limit,
        )
        .fetch_all(&mut *transaction)
        .await?;
        Ok(ids.into_iter().map(LeadId).collect())
    }
}

/// Puts the numbers of marked leads on the do-not-call list.
pub(crate) async fn list_marked(
    connection: &mut PgConnection,
    (tenant, keys): (TenantId, &Keys),
    marked: &[(PhoneKey, &str)],
) -> Result<(), Error> {
    let phones: Vec<&[u8]> = marked.iter().map(|(key, _)| key.0.as_slice()).collect();
    let seal = |(key, phone): &(PhoneKey, &str)| keys.seal(Place::listed(*key), phone);
    let sealed = marked.iter().map(seal).collect::<Result<Vec<_>, _>>()?;
    if phones.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "insert into dnc_list (tenant_id, phone_key, phone, reason, source)
         select $1, phone_key, phone, 'marked in an imported list', 'import'
         from unnest($2::bytea[], $3::bytea[]) as m(phone_key, phone)
         on conflict do nothing",
        tenant.0,
        &phones as &[&[u8]],
        &sealed,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Stores the words that leads are found by. In the order of the index, which saves it half of its work.
pub(crate) async fn store_words(
    connection: &mut PgConnection,
    tenant: TenantId,
    mut words: Vec<(i64, Uuid)>,
) -> Result<(), Error> {
    words.sort_unstable();
    let (words, leads): (Vec<i64>, Vec<Uuid>) = words.into_iter().unzip();
    sqlx::query!(
        "insert into lead_words (tenant_id, word, lead_id)
         select $1, word, lead_id from unnest($2::bigint[], $3::uuid[]) as w(word, lead_id)",
        tenant.0,
        &words,
        &leads,
    )
    .execute(connection)
    .await?;
    Ok(())
}
