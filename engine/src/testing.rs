//! Fresh databases for tests, on the server that the test command started.

use sqlx::{Connection, Executor, PgConnection, Postgres, Transaction};
use warmline_workflows::TenantId;

use crate::vault::{MasterKey, Secret, Vault};
use crate::{Database, Error};

/// Makes an empty, migrated database on the server named by `WARMLINE_TEST_DATABASE_URL` and returns
/// its URL. It goes away with the server, when the test command ends.
///
/// # Errors
/// When the variable is not set, or the server does not do it.
pub async fn fresh_database() -> Result<String, Error> {
    let server = server()?;
    let name = format!("test_{:016x}", rand::random::<u64>());
    let mut connection = PgConnection::connect(&server).await?;
    connection.execute(sqlx::AssertSqlSafe(format!("create database {name}"))).await?;
    connection.close().await?;
    let url = on_server(&server, &name);
    let database = Database::connect(&url, 2).await?;
    database.migrate().await?;
    database.close().await;
    Ok(url)
}

/// Removes a database that [`fresh_database`] made, whoever is still connected, for servers that outlive a run.
///
/// # Errors
/// When the variable is not set, or the server does not do it.
pub async fn drop_database(url: &str) -> Result<(), Error> {
    let server = server()?;
    let name = url.split('?').next().and_then(|url| url.rsplit('/').next()).unwrap_or_default();
    let mut connection = PgConnection::connect(&server).await?;
    connection.execute(sqlx::AssertSqlSafe(format!("drop database if exists {name} with (force)"))).await?;
    connection.close().await?;
    Ok(())
}

fn server() -> Result<String, Error> {
    std::env::var("WARMLINE_TEST_DATABASE_URL").map_err(|_| {
        Error::Refused(
            "WARMLINE_TEST_DATABASE_URL is not set: run the tests with `cargo xtask test`".to_owned(),
        )
    })
}

/// A vault that seals, with the same keys for every process of a test.
///
/// # Errors
/// Never, as it is.
pub fn vault() -> Result<Vault, Error> {
    Vault::sealing(vec![MasterKey::new("test", Secret::new(MASTER_KEY))?], Secret::new(INDEX_KEY))
}

/// The master key of [`vault`], whose id is `test`.
pub const MASTER_KEY: [u8; 32] = *b"tests: the master key of a vault";
/// The index key of [`vault`].
pub const INDEX_KEY: [u8; 32] = *b"tests: an index key of the vault";

/// The digest by which a number is matched, as it stands in `phone_key`.
///
/// # Errors
/// When the keys cannot be looked up.
pub async fn phone_key(database: &Database, tenant: TenantId, e164: &str) -> Result<Vec<u8>, Error> {
    Ok(database.keys(tenant).await?.phone(e164).0.to_vec())
}

/// What the engine itself works in when something is about one organisation, for queries that forget to say so.
///
/// # Errors
/// When the database does not answer.
pub async fn tenant_scope(
    database: &Database,
    tenant: TenantId,
) -> Result<Transaction<'static, Postgres>, Error> {
    database.tenant(tenant).await
}

/// A connection that looks over all organisations, as duties have it.
///
/// # Errors
/// When the database does not answer.
pub async fn system_scope(database: &Database) -> Result<PgConnection, Error> {
    database.connection().await
}

/// The URL of another database on the same server.
fn on_server(server: &str, name: &str) -> String {
    let (base, query) = server.split_once('?').map_or((server, None), |(base, query)| (base, Some(query)));
    let base = base.rsplit_once('/').map_or(base, |(base, _)| base);
    match query {
        Some(query) => format!("{base}/{name}?{query}"),
        None => format!("{base}/{name}"),
    }
}
