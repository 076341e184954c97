//! The connection to Postgres: pool, single connections, transactions of one organisation, migrations.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Postgres, Transaction};
use warmline_workflows::TenantId;

use crate::Error;
use crate::vault::{Keys, Vault};

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../migrations");

/// The oldest Postgres that keeps views behind row-level security, which those need that `migrations/` makes.
const MAJOR_MIN: u32 = 15;
/// How long the server may take to answer a first connection, or to give one out of the pool.
const PATIENCE: Duration = Duration::from_secs(10);

/// A database that holds Warmline's tables. Cheap to clone.
///
/// Every connection but those of the migrations works as one of two roles, which row-level security holds to
/// what they are for: all organisations (`Database::system`), or one (`Database::tenant`).
#[derive(Debug, Clone)]
pub struct Database {
    pool: PgPool,
    /// As the user of the URL, who owns the tables.
    login: PgConnectOptions,
    /// As the role that looks over all organisations.
    system: PgConnectOptions,
    vault: Vault,
}

impl Database {
    /// Connects, with at most `connections` at a time besides those of the committers.
    ///
    /// # Errors
    /// When the URL is malformed or the server does not answer within ten seconds.
    pub async fn connect(url: &str, connections: u32) -> Result<Self, Error> {
        let login = PgConnectOptions::from_str(url)?.application_name("warmline").options([
            ("statement_timeout", "30s"),
            ("lock_timeout", "10s"),
            ("idle_in_transaction_session_timeout", "30s"),
            // What takes long enough for these to pay off is not asked on behalf of somebody who waits.
            ("max_parallel_workers_per_gather", "0"),
            ("jit", "off"),
            // The rollback below warns when there is nothing to roll back, which is always but once.
            ("client_min_messages", "error"),
        ]);
        // A pool waits for a server that is coming up. This one proves that it answers; the roles below are
        // there once the migrations have run.
        let proof = PgPoolOptions::new().max_connections(1).acquire_timeout(PATIENCE);
        proof.connect_with(login.clone()).await?.close().await;
        // Given at the start of a session, the role is what `reset role` and the end of `set local` lead back to.
        let system = login.clone().options([("role", "warmline_system")]);
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(PATIENCE)
            .before_acquire(|connection, _| {
                Box::pin(async move {
                    // A cancelled `begin` gives its connection back inside an open transaction
                    // (sqlx 0.9.0), and what the next user writes would be lost.
                    connection.execute("rollback").await?;
                    Ok(true)
                })
            })
            .connect_lazy_with(system.clone());
        Ok(Self { pool, login, system, vault: Vault::locked() })
    }

    /// The same database with the keys to the personal data in it. Without them nothing personal is stored or
    /// read, and whoever tries gets an error.
    #[must_use]
    pub fn with_vault(self, vault: Vault) -> Self {
        Self { vault, ..self }
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.vault
    }

    /// The keys of one organisation. Asked for before a transaction begins: it takes a connection when they have
    /// to be looked up.
    pub(crate) async fn keys(&self, tenant: TenantId) -> Result<Arc<Keys>, Error> {
        match self.vault.known(tenant) {
            Some(keys) => Ok(keys),
            None => self.vault.keys(tenant, &mut *self.pool.acquire().await?).await,
        }
    }

    /// Brings the tables up to this version of the program.
    ///
    /// # Errors
    /// When a migration fails, the database was migrated by a newer version, or the server is too old.
    pub async fn migrate(&self) -> Result<(), Error> {
        // An index of a large table takes its time, and nobody waits for it but whoever asked for the migration.
        let login = self.login.clone().options([("statement_timeout", "0")]);
        let mut connection = PgConnection::connect_with(&login).await?;
        is_recent_enough(connection.server_version_num())?;
        MIGRATIONS.run(&mut connection).await?;
        Ok(connection.close().await?)
    }

    /// Whether the tables are those of this version.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn is_migrated(&self) -> Result<bool, Error> {
        let mut connection = PgConnection::connect_with(&self.login).await?;
        let exists: bool = sqlx::query_scalar("select to_regclass('_sqlx_migrations') is not null")
            .fetch_one(&mut connection)
            .await?;
        if !exists {
            return Ok(false);
        }
        let applied: Vec<i64> = sqlx::query_scalar("select version from _sqlx_migrations where success")
            .fetch_all(&mut connection)
            .await?;
        Ok(MIGRATIONS.iter().all(|migration| applied.contains(&migration.version)))
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), Error> {
        self.pool.execute("select 1").await?;
        Ok(())
    }

    /// For what looks over all organisations, and for that only.
    pub(crate) fn system(&self) -> &PgPool {
        &self.pool
    }

    /// Begins a transaction that sees, and can write, the rows of one organisation and of no other. Whatever
    /// is about one organisation goes through here. Dropped without a commit, it is rolled back.
    pub(crate) async fn tenant(&self, tenant: TenantId) -> Result<Transaction<'static, Postgres>, Error> {
        // One message, and nothing in it but a UUID: there is no parameter to bind in a `set`.
        let scope = format!(
            "begin; set local role warmline_app; set local app.tenant_id = '{}'",
            tenant.0.hyphenated()
        );
        Ok(self.pool.begin_with(AssertSqlSafe(scope)).await?)
    }

    /// As [`Database::tenant`], for looking around: its statements have filters that may be there or not, and
    /// are planned anew for those that are.
    pub(crate) async fn browse(&self, tenant: TenantId) -> Result<Transaction<'static, Postgres>, Error> {
        let scope = format!(
            "begin; set local role warmline_app; set local app.tenant_id = '{}'; \
             set local plan_cache_mode = force_custom_plan",
            tenant.0.hyphenated()
        );
        Ok(self.pool.begin_with(AssertSqlSafe(scope)).await?)
    }

    /// A connection of one's own, outside the pool, that looks over all organisations.
    pub(crate) async fn connection(&self) -> Result<PgConnection, Error> {
        Ok(PgConnection::connect_with(&self.system).await?)
    }

    /// A connection for a committer, whose one big statement is planned once and for any batch.
    ///
    /// Planning it takes longer than running it, so it must not be planned anew for each batch. The
    /// plan must suit tables of any size: it goes by primary keys, a batch being small, and never reads
    /// a table from end to end because it was small, or unknown, when the plan was made.
    pub(crate) async fn committing(&self) -> Result<PgConnection, Error> {
        let options = self.system.clone().options([
            ("plan_cache_mode", "force_generic_plan"),
            ("enable_seqscan", "off"),
            ("enable_hashjoin", "off"),
            ("enable_mergejoin", "off"),
            ("jit", "off"),
        ]);
        Ok(PgConnection::connect_with(&options).await?)
    }

    /// Closes every pooled connection.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// Says what is missing, before a migration fails on a word that the server does not know.
fn is_recent_enough(version_num: Option<u32>) -> Result<(), Error> {
    match version_num.map(|number| number / 10_000) {
        Some(major) if major < MAJOR_MIN => {
            Err(Error::Refused(format!("the server is Postgres {major}: {MAJOR_MIN} or newer is needed")))
        }
        Some(_) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_is_too_old_is_named() {
        let refusal = is_recent_enough(Some(140_019)).unwrap_err().to_string();
        assert_eq!(refusal, "the server is Postgres 14: 15 or newer is needed");
        assert!(is_recent_enough(Some(150_000)).is_ok() && is_recent_enough(None).is_ok());
    }
}
