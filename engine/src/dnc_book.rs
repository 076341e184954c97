//! The do-not-call list as people look at it: page by page, added to in bulk, taken from, asked.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use warmline_workflows::TenantId;
use warmline_workflows::feed::Notice;

use crate::dnc::close_leads;
use crate::vault::{PhoneKey, Place};
use crate::{Engine, Error, feed};

/// One number on the list.
#[derive(Clone, PartialEq, Eq)]
pub struct Listed {
    /// The number, E.164; none when its person was erased and only a digest is kept.
    pub phone: Option<String>,
    /// Why it is on the list.
    pub reason: Option<String>,
    /// Where it came from: `manual`, `api`, `import`, `erasure`, or an agent.
    pub source: String,
    /// Since when: machine time.
    pub added_at: Timestamp,
    /// Tells it from others, in cursors.
    pub digest: Vec<u8>,
}

impl std::fmt::Debug for Listed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Listed(..)")
    }
}

impl Engine {
    /// Puts numbers on the list, all or none, and returns how many were not on it. It takes effect at
    /// once: leads with the numbers are closed, and calls to them that are queued, ringing or waiting
    /// are ended.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn list_numbers(
        &self,
        tenant: TenantId,
        phones: &[String],
        (reason, source): (&str, &str),
        now: Timestamp,
    ) -> Result<u64, Error> {
        let keys = self.database.keys(tenant).await?;
        let digests: Vec<PhoneKey> = phones.iter().map(|phone| keys.phone(phone)).collect();
        let seal = |(digest, phone): (&PhoneKey, &String)| keys.seal(Place::listed(*digest), phone);
        let sealed = digests.iter().zip(phones).map(seal).collect::<Result<Vec<_>, _>>()?;
        let digests: Vec<&[u8]> = digests.iter().map(|digest| digest.0.as_slice()).collect();
        let mut transaction = self.database.tenant(tenant).await?;
        let added = sqlx::query!(
            "insert into dnc_list (tenant_id, phone_key, phone, reason, source)
             select $1, phone_key, phone, $4, $5 from unnest($2::bytea[], $3::bytea[]) as n(phone_key, phone)
             order by phone_key
             on conflict do nothing",
            tenant.0,
            &digests as &[&[u8]],
            &sealed,
            reason,
            source,
        )
        .execute(&mut *transaction)
        .await?
        .rows_affected();
        close_leads(&mut transaction, tenant, &digests).await?;
        if added > 0 {
            let numbers = u32::try_from(added).unwrap_or(u32::MAX);
            feed::record(&mut transaction, tenant, &[Notice::DncListed { numbers }], now).await?;
        }
        transaction.commit().await?;
        self.end_calls_to(tenant, &digests, now).await?;
        Ok(added)
    }

    /// Takes a number off the list; false when it was not on it. Leads that it closed stay closed.
    ///
    /// # Errors
    /// [`Error::Refused`] when its person was erased: that is for good.
    pub async fn unlist_number(&self, tenant: TenantId, phone: &str, now: Timestamp) -> Result<bool, Error> {
        let digest = self.database.keys(tenant).await?.phone(phone);
        let mut transaction = self.database.tenant(tenant).await?;
        let row = sqlx::query!(
            "delete from dnc_list where tenant_id = $1 and phone_key = $2 returning source",
            tenant.0,
            digest.0.as_slice(),
        )
        .fetch_optional(&mut *transaction)
        .await?;
        if row.as_ref().is_some_and(|row| row.source == "erasure") {
            let why = "the person with this number was erased, and is never called again";
            return Err(Error::Refused(why.to_owned()));
        }
        if row.is_some() {
            feed::record(&mut transaction, tenant, &[Notice::DncRemoved { numbers: 1 }], now).await?;
        }
        transaction.commit().await?;
        Ok(row.is_some())
    }

    /// What the list says of a number; none when it is not on it.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn listed_number(&self, tenant: TenantId, phone: &str) -> Result<Option<Listed>, Error> {
        let digest = self.database.keys(tenant).await?.phone(phone);
        let mut transaction = self.database.tenant(tenant).await?;
        let row = sqlx::query!(
            "select reason, source, added_at from dnc_list where tenant_id = $1 and phone_key = $2",
            tenant.0,
            digest.0.as_slice(),
        )
        .fetch_optional(&mut *transaction)
        .await?;
        Ok(row.map(|row| Listed {
            phone: Some(phone.to_owned()),
            reason: row.reason,
            source: row.source,
            added_at: row.added_at.to_jiff(),
            digest: digest.0.to_vec(),
        }))
    }

    /// The numbers on the list, the latest first, after one of them.
    ///
    /// # Errors
    /// When the database does not do it, or a number cannot be opened.
    pub async fn listed_numbers(
        &self,
        tenant: TenantId,
        after: Option<(Timestamp, Vec<u8>)>,
        limit: i64,
    ) -> Result<Vec<Listed>, Error> {
        let keys = self.database.keys(tenant).await?;
        let mut transaction = self.database.browse(tenant).await?;
        let rows = sqlx::query!(
            "select phone_key, phone, reason, source, added_at from dnc_list
             where tenant_id = $1
               and ($2::timestamptz is null or added_at < $2 or added_at = $2 and phone_key > $3)
             order by added_at desc, phone_key
             limit $4",
            tenant.0,
            after.as_ref().map(|(at, _)| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
            after.as_ref().map(|(_, digest)| digest.as_slice()),
            limit,
        )
        .fetch_all(&mut *transaction)
        .await?;
        rows.into_iter()
            .map(|row| {
                let short = |_| Error::Unreadable { what: "number", why: "it has no digest".to_owned() };
                let digest = PhoneKey(row.phone_key.clone().try_into().map_err(short)?);
                Ok(Listed {
                    phone: row.phone.map(|phone| keys.open(Place::listed(digest), &phone)).transpose()?,
                    reason: row.reason,
                    source: row.source,
                    added_at: row.added_at.to_jiff(),
                    digest: row.phone_key,
                })
            })
            .collect()
    }
}
