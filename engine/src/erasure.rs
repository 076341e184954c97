//! Erasure: what is known of a lead goes, and the number is never called again.

use uuid::Uuid;
use warmline_workflows::{LeadId, TenantId};

use crate::dnc::close_leads;
use crate::vault::{Person, PhoneKey, Place};
use crate::{Engine, Error};

impl Engine {
    /// Erases a lead: its person, those of its calls, and the words it was found by. What stays is what happened,
    /// without a name or a number, and a digest on the do-not-call list: the number is not called again, nor when
    /// somebody imports it anew. A call that is no conversation yet is ended first; recordings are marked to be
    /// erased. A second time changes nothing.
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
            "select phone_key, person from leads where tenant_id = $1 and id = $2 for update",
            tenant.0,
            lead.0,
        )
        .fetch_optional(&mut *transaction)
        .await?
        .ok_or(Error::NotFound("lead"))?;
        let short = |_| Error::Unreadable { what: "lead", why: "its number has no digest".to_owned() };
        let phone = PhoneKey(row.phone_key.try_into().map_err(short)?);
        sqlx::query!(
            "insert into dnc_list (tenant_id, phone_key, reason, source) values ($1, $2, 'erased', 'erasure')
             on conflict (tenant_id, phone_key) do update set phone = null",
            tenant.0,
            phone.0.as_slice(),
        )
        .execute(&mut *transaction)
        .await?;
        close_leads(&mut transaction, tenant, phone).await?;
        transaction.commit().await?;
        self.end_calls_to(tenant, phone, now).await?;

        let person = row.person.map(|person| keys.open::<Person>(Place::lead(lead), &person)).transpose()?;
        let words: Vec<i64> = person.iter().flat_map(Person::words).map(|word| keys.word(&word)).collect();
        self.forget_person(tenant, lead, &words).await
    }

    async fn forget_person(&self, tenant: TenantId, lead: LeadId, words: &[i64]) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query!(
            "delete from lead_words where tenant_id = $1 and lead_id = $2 and word = any ($3)",
            tenant.0,
            lead.0,
            words,
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
        sqlx::query!(
            "update recordings set status = 'to_erase' where tenant_id = $1 and call_id = any ($2)",
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
        Ok(transaction.commit().await?)
    }
}
