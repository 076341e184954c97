//! Data keys as they are stored: sealed under a master key, numbered from 1 within their organisation.

use std::time::Duration;

use sqlx::PgConnection;
use warmline_workflows::TenantId;

use super::Vault;
use super::master::{self, Secret};
use crate::Error;

/// A data key as it is stored.
pub(crate) struct StoredKey {
    pub(crate) key_id: u16,
    pub(crate) wrapped: Vec<u8>,
    /// It has come to be the one to seal with.
    pub(super) ripe: bool,
    pub(super) retired: bool,
}

impl StoredKey {
    /// The same key under the newest master key; none when it is there already.
    pub(crate) fn rewrapped(&self, vault: &Vault, tenant: TenantId) -> Result<Option<Vec<u8>>, Error> {
        let Some(newest) = vault.masters().first().filter(|newest| !newest.has_wrapped(&self.wrapped)) else {
            return Ok(None);
        };
        let data = master::unwrap(vault.masters(), tenant, self.key_id, &self.wrapped)?;
        newest.wrap(tenant, self.key_id, &data).map(Some)
    }
}

/// The stored data keys of an organisation, the newest last.
pub(crate) async fn all(tenant: TenantId, connection: &mut PgConnection) -> Result<Vec<StoredKey>, Error> {
    let rows = sqlx::query!(
        r#"select key_id, wrapped, sealing_from <= now() as "ripe!", retired_at is not null as "retired!"
           from tenant_keys where tenant_id = $1 order by key_id"#,
        tenant.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| StoredKey {
            key_id: u16::try_from(row.key_id).unwrap_or(0),
            wrapped: row.wrapped,
            ripe: row.ripe,
            retired: row.retired,
        })
        .collect())
}

/// Makes a data key that is sealed with from `after` on; nothing happens when there is one of that id.
pub(crate) async fn add(
    vault: &Vault,
    tenant: TenantId,
    key_id: u16,
    after: Duration,
    connection: &mut PgConnection,
) -> Result<(), Error> {
    let Some(master) = vault.masters().first() else {
        return Err(Error::Refused("a data key needs a master key".to_owned()));
    };
    let wrapped = master.wrap(tenant, key_id, &Secret::random())?;
    sqlx::query!(
        "insert into tenant_keys (tenant_id, key_id, wrapped, sealing_from)
         values ($1, $2, $3, now() + make_interval(secs => $4)) on conflict do nothing",
        tenant.0,
        i16::try_from(key_id).map_err(|_| Error::Refused("no more data keys can be made".to_owned()))?,
        wrapped,
        after.as_secs_f64(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Stores a data key under another master key.
pub(crate) async fn rewrap(
    tenant: TenantId,
    key_id: u16,
    wrapped: &[u8],
    connection: &mut PgConnection,
) -> Result<(), Error> {
    sqlx::query!(
        "update tenant_keys set wrapped = $3 where tenant_id = $1 and key_id = $2",
        tenant.0,
        i16::try_from(key_id).unwrap_or(i16::MAX),
        wrapped,
    )
    .execute(connection)
    .await?;
    Ok(())
}
