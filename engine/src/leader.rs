//! Leadership: one process at a time does a duty, held by a lock of the database session.

use sqlx::{Connection, PgConnection};

use crate::{Engine, Error};

/// The lock is lost with the connection: a leader that lives, but lost its connection, leads no more.
pub struct Leadership {
    connection: PgConnection,
}

impl Engine {
    /// Tries to become the leader in `duty`; none when another process leads.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn try_lead(&self, duty: &str) -> Result<Option<Leadership>, Error> {
        let mut connection = self.database.connection().await?;
        let won = sqlx::query_scalar!(
            r#"select pg_try_advisory_lock(hashtextextended('warmline ' || $1, 0)) as "won!""#,
            duty
        )
        .fetch_one(&mut connection)
        .await?;
        Ok(won.then_some(Leadership { connection }))
    }
}

impl Leadership {
    /// Whether the lead is still held.
    pub async fn is_held(&mut self) -> bool {
        self.connection.ping().await.is_ok()
    }
}
