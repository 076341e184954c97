//! Erasure: what is known of a lead goes, and the number is never called again.

use sqlx::PgConnection;
use uuid::Uuid;
use warmline_workflows::feed::{Leads, Notice};
use warmline_workflows::{CampaignId, LeadId, TenantId};

use crate::dnc::close_leads;
use crate::vault::{Person, PhoneKey, Place};
use crate::{Engine, Error, feed};

impl Engine {
    /// Erases a lead: its person, those of its calls, and the words it was found by. What stays is what happened,
    /// without a name or a number, and a digest on the do-not-call list: the number is not called again, nor when
    /// somebody imports it anew. A call that is no conversation yet is ended first; recordings are marked to be
    /// erased; what agents noted, and rows of imports with the number that are kept for people to see, go as
    /// well. A second time changes nothing, and nobody is told of it. The sealed answer to a repeatable request that
    /// added the lead is left to be forgotten with the others ([`Engine::purge_requests`]).
    ///
    /// # Errors
    /// [`Error::NotFound`], or when the database does not do it; then ask again.
    pub async fn erase_lead(
        &self,
        tenant: TenantId,
        lead: LeadId,
        now: jiff::Timestamp,
    ) -> Result<(), Error> {
        let keys = self.database.keys(tenant).await?;
        let mut transaction = self.database.tenant(tenant).await?;
        let row = sqlx::query!(
            r#"select campaign_id, phone_key, person, erased_at is not null as "erased!" from leads
               where tenant_id = $1 and id = $2 for update"#,
            tenant.0,
            lead.0,
        )
        .fetch_optional(&mut *transaction)
        .await?
        .ok_or(Error::NotFound("lead"))?;
        let short = |_| Error::Unreadable { what: "lead", why: "its number has no digest".to_owned() };
        let phone = PhoneKey(row.phone_key.try_into().map_err(short)?);
        list_for_good(&mut transaction, tenant, phone, now).await?;
        close_leads(&mut transaction, tenant, &[&phone.0]).await?;
        transaction.commit().await?;
        self.end_calls_to(tenant, &[&phone.0], now).await?;

        let person = row.person.map(|person| keys.open::<Person>(Place::lead(lead), &person)).transpose()?;
        let words: Vec<i64> = person.iter().flat_map(Person::words).map(|word| keys.word(&word)).collect();
        let leads = Leads { campaign_id: CampaignId(row.campaign_id), leads: 1, lead_id: Some(lead) };
        let notices = if row.erased { Vec::new() } else { vec![Notice::LeadsUpdated(leads)] };
        self.forget_person((tenant, lead), (phone, &words), (&notices, now)).await
    }

    async fn forget_person(
        &self,
        (tenant, lead): (TenantId, LeadId),
        (phone, words): (PhoneKey, &[i64]),
        (notices, now): (&[Notice], jiff::Timestamp),
    ) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query!(
            "delete from lead_words where tenant_id = $1 and lead_id = $2 and word = any ($3)",
            tenant.0,
            lead.0,
            words,
        )
        .execute(&mut *transaction)
        .await?;
        sqlx::query!(
            "delete from import_rows where tenant_id = $1 and phone_key = $2",
            tenant.0,
            phone.0.as_slice(),
        )
        .execute(&mut *transaction)
        .await?;
        let calls: Vec<Uuid> = sqlx::query_scalar!(
            "update calls set person = null where tenant_id = $1 and lead_id = $2 returning id",
            tenant.0,
            lead.0,
        )
        .fetch_all(&mut *transaction)
        .await?;
        sqlx::query!("delete from call_notes where tenant_id = $1 and call_id = any ($2)", tenant.0, &calls,)
            .execute(&mut *transaction)
            .await?;
        sqlx::query!(
            "update recordings set status = 'to_erase'
             where tenant_id = $1 and call_id = any ($2) and status <> 'erased'",
            tenant.0,
            &calls,
        )
        .execute(&mut *transaction)
        .await?;
        sqlx::query!(
            "update leads set person = null, erased_at = coalesce(erased_at, now()) where tenant_id = $1 and id = $2",
            tenant.0,
            lead.0,
        )
        .execute(&mut *transaction)
        .await?;
        feed::record(&mut transaction, tenant, notices, now).await?;
        Ok(transaction.commit().await?)
    }
}

/// Puts the digest of a number on the do-not-call list; an entry that was there keeps nothing else.
async fn list_for_good(
    connection: &mut PgConnection,
    tenant: TenantId,
    phone: PhoneKey,
    now: jiff::Timestamp,
) -> Result<(), Error> {
    let listed = sqlx::query!(
        "insert into dnc_list (tenant_id, phone_key, reason, source) values ($1, $2, 'erased', 'erasure')
         on conflict (tenant_id, phone_key) do nothing",
        tenant.0,
        phone.0.as_slice(),
    )
    .execute(&mut *connection)
    .await?;
    if listed.rows_affected() > 0 {
        return feed::record(connection, tenant, &[Notice::DncListed { numbers: 1 }], now).await;
    }
    sqlx::query!(
        "update dnc_list set phone = null, reason = 'erased', source = 'erasure'
         where tenant_id = $1 and phone_key = $2",
        tenant.0,
        phone.0.as_slice(),
    )
    .execute(connection)
    .await?;
    Ok(())
}
