//! Leadership: one process at a time does a duty, held by a lock of the database session.

use sqlx::{Connection, PgConnection};

use crate::{Engine, Error};

/// One process's claim to a duty, on a connection of its own. The lock is lost with the connection: a
/// leader that lives, but lost its connection, leads no more.
pub struct Candidate {
    connection: PgConnection,
    duty: &'static str,
}

impl Engine {
    /// Stands for the lead in a duty.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn stand_for(&self, duty: &'static str) -> Result<Candidate, Error> {
        Ok(Candidate { connection: self.database.connection().await?, duty })
    }
}

impl Candidate {
    /// Tries to take the lead; false when another process leads.
    ///
    /// # Errors
    /// When the connection is lost: stand anew.
    pub async fn try_lead(&mut self) -> Result<bool, Error> {
        Ok(sqlx::query_scalar!(
            r#"select pg_try_advisory_lock(hashtextextended('warmline ' || $1, 0)) as "won!""#,
            self.duty
        )
        .fetch_one(&mut self.connection)
        .await?)
    }

    /// Whether the lead, once taken, is still held.
    pub async fn is_held(&mut self) -> bool {
        self.connection.ping().await.is_ok()
    }
}
