//! Rotation: a new data key for every organisation, and everything sealed anew with it while calls go on.

use serde_json::Value;
use uuid::Uuid;
use warmline_workflows::{CallId, CarrierId, EndpointId, LeadId, TenantId};

use crate::vault::{Encryption, Keys, PhoneKey, Place, stored_keys};
use crate::{Engine, Error, imports};

/// What a rotation did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rotated {
    /// Organisations that got a new key.
    pub tenants: u64,
    /// Values that were sealed anew.
    pub values: u64,
}

/// Values that are sealed anew in one transaction.
const BATCH: i64 = 1000;

impl Engine {
    /// Gives every organisation a new data key, stores all of them under the newest master key, and seals
    /// everything anew; where encryption is off, everything is stored as it is instead. Other processes go on
    /// meanwhile: they come to know a key before anybody seals with it, which is why this waits for some two
    /// minutes. Interrupted, it may be run again.
    ///
    /// # Errors
    /// When a value or a key cannot be opened, or the database does not do it.
    pub async fn rotate_keys(&self) -> Result<Rotated, Error> {
        let tenants = sqlx::query_scalar!("select id from tenants order by id")
            .fetch_all(self.database.system())
            .await?;
        let tenants: Vec<TenantId> = tenants.into_iter().map(TenantId).collect();
        let vault = self.database.vault();
        let seals = vault.encryption() == Encryption::On;
        if seals {
            for tenant in &tenants {
                self.add_key(*tenant).await?;
            }
            // Known to everybody after `known_for`, sealed with from twice that on, and by everybody after
            // another `known_for`.
            tokio::time::sleep(vault.known_for() * 3).await;
        }
        let mut rotated = Rotated::default();
        for tenant in tenants {
            vault.forget(tenant);
            rotated.values += self.seal_anew(tenant).await?;
            rotated.tenants += 1;
            if seals {
                self.retire_keys(tenant).await?;
            }
        }
        Ok(rotated)
    }

    /// Makes the next key, to be sealed with once every process knows it, and moves the others to the newest
    /// master key.
    async fn add_key(&self, tenant: TenantId) -> Result<(), Error> {
        let vault = self.database.vault();
        // Makes the first one, where nothing was ever sealed, and proves that the index key is right.
        self.database.keys(tenant).await?;
        let mut connection = self.database.system().acquire().await?;
        let keys = stored_keys::all(tenant, &mut connection).await?;
        for key in &keys {
            if let Some(wrapped) = key.rewrapped(vault, tenant)? {
                stored_keys::rewrap(tenant, key.key_id, &wrapped, &mut connection).await?;
            }
        }
        let next = keys.iter().map(|key| key.key_id).max().unwrap_or(0).saturating_add(1);
        stored_keys::add(vault, tenant, next, vault.known_for() * 2, &mut connection).await
    }

    /// Seals every value that is not sealed with the present key. What changes meanwhile is left to whoever
    /// changes it, with the present key.
    async fn seal_anew(&self, tenant: TenantId) -> Result<u64, Error> {
        let keys = self.database.keys(tenant).await?;
        let mut values = imports::rows::seal_anew(&self.database, tenant, &keys).await?;
        for table in Table::ALL {
            let mut after = vec![0; 16];
            loop {
                let batch = self.batch(tenant, table, &after).await?;
                let Some(last) = batch.last() else { break };
                after.clone_from(&last.row);
                values += self.store_anew(tenant, &keys, table, batch).await?;
            }
        }
        Ok(values)
    }

    async fn batch(&self, tenant: TenantId, table: Table, after: &[u8]) -> Result<Vec<Sealed>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let after_id = Uuid::from_slice(after).unwrap_or_default();
        let rows = match table {
            Table::Leads => {
                sqlx::query_as!(
                    Sealed,
                    r#"select uuid_send(id) as "row!", person as "value!" from leads
                       where tenant_id = $1 and id > $2 and person is not null order by id limit $3"#,
                    tenant.0,
                    after_id,
                    BATCH,
                )
                .fetch_all(&mut *transaction)
                .await?
            }
            Table::Calls => {
                sqlx::query_as!(
                    Sealed,
                    r#"select uuid_send(id) as "row!", person as "value!" from calls
                       where tenant_id = $1 and id > $2 and person is not null order by id limit $3"#,
                    tenant.0,
                    after_id,
                    BATCH,
                )
                .fetch_all(&mut *transaction)
                .await?
            }
            Table::Secrets => {
                sqlx::query_as!(
                    Sealed,
                    r#"select uuid_send(id) as "row!", secret as "value!" from webhook_endpoints
                       where tenant_id = $1 and id > $2 and secret is not null order by id limit $3"#,
                    tenant.0,
                    after_id,
                    BATCH,
                )
                .fetch_all(&mut *transaction)
                .await?
            }
            Table::PreviousSecrets => {
                sqlx::query_as!(
                    Sealed,
                    r#"select uuid_send(id) as "row!", previous_secret as "value!" from webhook_endpoints
                       where tenant_id = $1 and id > $2 and previous_secret is not null order by id limit $3"#,
                    tenant.0,
                    after_id,
                    BATCH,
                )
                .fetch_all(&mut *transaction)
                .await?
            }
            Table::Carriers => {
                sqlx::query_as!(
                    Sealed,
                    r#"select uuid_send(id) as "row!", credentials as "value!" from carrier_accounts
                       where tenant_id = $1 and id > $2 order by id limit $3"#,
                    tenant.0,
                    after_id,
                    BATCH,
                )
                .fetch_all(&mut *transaction)
                .await?
            }
            Table::Notes => {
                sqlx::query_as!(
                    Sealed,
                    r#"select uuid_send(call_id) as "row!", notes as "value!" from call_notes
                       where tenant_id = $1 and call_id > $2 order by call_id limit $3"#,
                    tenant.0,
                    after_id,
                    BATCH,
                )
                .fetch_all(&mut *transaction)
                .await?
            }
            Table::DncList => {
                sqlx::query_as!(
                    Sealed,
                    r#"select phone_key as "row!", phone as "value!" from dnc_list
                       where tenant_id = $1 and phone_key > $2 and phone is not null
                       order by phone_key limit $3"#,
                    tenant.0,
                    after,
                    BATCH,
                )
                .fetch_all(&mut *transaction)
                .await?
            }
        };
        Ok(rows)
    }

    /// Writes a batch anew, each value only if it is still the one that was read.
    async fn store_anew(
        &self,
        tenant: TenantId,
        keys: &Keys,
        table: Table,
        batch: Vec<Sealed>,
    ) -> Result<u64, Error> {
        let (mut rows, mut before, mut after) = (Vec::new(), Vec::new(), Vec::new());
        for Sealed { row, value } in batch {
            if keys.is_present(&value) {
                continue;
            }
            let place = table.place(&row)?;
            after.push(keys.seal(place, &keys.open::<Value>(place, &value)?)?);
            rows.push(row);
            before.push(value);
        }
        if rows.is_empty() {
            return Ok(0);
        }
        let ids: Vec<Uuid> = rows.iter().map(|row| Uuid::from_slice(row).unwrap_or_default()).collect();
        let mut transaction = self.database.tenant(tenant).await?;
        let done = match table {
            Table::Leads => {
                sqlx::query!(
                    "update leads t set person = i.after
                     from unnest($2::uuid[], $3::bytea[], $4::bytea[]) as i(id, before, after)
                     where t.tenant_id = $1 and t.id = i.id and t.person = i.before",
                    tenant.0,
                    &ids,
                    &before,
                    &after,
                )
                .execute(&mut *transaction)
                .await?
            }
            Table::Calls => {
                sqlx::query!(
                    "update calls t set person = i.after
                     from unnest($2::uuid[], $3::bytea[], $4::bytea[]) as i(id, before, after)
                     where t.tenant_id = $1 and t.id = i.id and t.person = i.before",
                    tenant.0,
                    &ids,
                    &before,
                    &after,
                )
                .execute(&mut *transaction)
                .await?
            }
            Table::Secrets => {
                sqlx::query!(
                    "update webhook_endpoints t set secret = i.after
                     from unnest($2::uuid[], $3::bytea[], $4::bytea[]) as i(id, before, after)
                     where t.tenant_id = $1 and t.id = i.id and t.secret = i.before",
                    tenant.0,
                    &ids,
                    &before,
                    &after,
                )
                .execute(&mut *transaction)
                .await?
            }
            Table::PreviousSecrets => {
                sqlx::query!(
                    "update webhook_endpoints t set previous_secret = i.after
                     from unnest($2::uuid[], $3::bytea[], $4::bytea[]) as i(id, before, after)
                     where t.tenant_id = $1 and t.id = i.id and t.previous_secret = i.before",
                    tenant.0,
                    &ids,
                    &before,
                    &after,
                )
                .execute(&mut *transaction)
                .await?
            }
            Table::Carriers => {
                sqlx::query!(
                    "update carrier_accounts t set credentials = i.after
                     from unnest($2::uuid[], $3::bytea[], $4::bytea[]) as i(id, before, after)
                     where t.tenant_id = $1 and t.id = i.id and t.credentials = i.before",
                    tenant.0,
                    &ids,
                    &before,
                    &after,
                )
                .execute(&mut *transaction)
                .await?
            }
            Table::Notes => {
                sqlx::query!(
                    "update call_notes t set notes = i.after
                     from unnest($2::uuid[], $3::bytea[], $4::bytea[]) as i(id, before, after)
                     where t.tenant_id = $1 and t.call_id = i.id and t.notes = i.before",
                    tenant.0,
                    &ids,
                    &before,
                    &after,
                )
                .execute(&mut *transaction)
                .await?
            }
            Table::DncList => {
                sqlx::query!(
                    "update dnc_list t set phone = i.after
                     from unnest($2::bytea[], $3::bytea[], $4::bytea[]) as i(phone_key, before, after)
                     where t.tenant_id = $1 and t.phone_key = i.phone_key and t.phone = i.before",
                    tenant.0,
                    &rows,
                    &before,
                    &after,
                )
                .execute(&mut *transaction)
                .await?
            }
        };
        transaction.commit().await?;
        Ok(done.rows_affected())
    }

    /// Retires the keys that nothing is sealed with any more. They are kept: a backup may need them.
    async fn retire_keys(&self, tenant: TenantId) -> Result<(), Error> {
        let keys = self.database.keys(tenant).await?;
        // What was under way during the first pass is found by a second one.
        self.seal_anew(tenant).await?;
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query!(
            "update tenant_keys set retired_at = now()
             where tenant_id = $1 and key_id < $2 and retired_at is null",
            tenant.0,
            i16::try_from(keys.sealing().unwrap_or(0)).unwrap_or(i16::MAX),
        )
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }
}

/// Where sealed values stand.
#[derive(Debug, Clone, Copy)]
enum Table {
    Leads,
    Calls,
    DncList,
    Secrets,
    PreviousSecrets,
    Carriers,
    Notes,
}

impl Table {
    const ALL: [Self; 7] = [
        Self::Leads,
        Self::Calls,
        Self::DncList,
        Self::Secrets,
        Self::PreviousSecrets,
        Self::Carriers,
        Self::Notes,
    ];

    fn place(self, row: &[u8]) -> Result<Place, Error> {
        let short = |_| Error::Unreadable { what: "row", why: "its key is not 16 bytes long".to_owned() };
        let row: [u8; 16] = row.try_into().map_err(short)?;
        Ok(match self {
            Self::Leads => Place::lead(LeadId(Uuid::from_bytes(row))),
            Self::Calls => Place::call(CallId(Uuid::from_bytes(row))),
            Self::Notes => Place::note(CallId(Uuid::from_bytes(row))),
            Self::DncList => Place::listed(PhoneKey(row)),
            Self::Secrets | Self::PreviousSecrets => Place::endpoint(EndpointId(Uuid::from_bytes(row))),
            Self::Carriers => Place::carrier(CarrierId(Uuid::from_bytes(row))),
        })
    }
}

/// A value in its row.
struct Sealed {
    row: Vec<u8>,
    value: Vec<u8>,
}
