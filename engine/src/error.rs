//! What can go wrong between a caller and the stored state.

use warmline_workflows::CallId;

/// Why the engine did not do what was asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// No such call in this organisation.
    #[error("there is no {0} in this organisation")]
    UnknownCall(CallId),
    /// The token that came with an outside event is not the call's.
    #[error("the token does not belong to {0}")]
    WrongToken(CallId),
    /// Postgres did not do it; what was asked may be asked again.
    #[error("database: {0}")]
    Database(String),
    /// Something stored cannot be read by this version of the program.
    #[error("stored {what} cannot be read: {why}; was the database written by a newer version?")]
    Unreadable {
        /// What was read.
        what: &'static str,
        /// The reader's words.
        why: String,
    },
    /// There is no such thing in this organisation.
    #[error("there is no such {0} in this organisation")]
    NotFound(&'static str),
    /// A field names something that is not there in this organisation.
    #[error("{field}: there is no such {what} in this organisation")]
    Missing {
        /// The field.
        field: &'static str,
        /// What it should name.
        what: &'static str,
    },
    /// Another has this already, and there can be only one.
    #[error("another has this {0} already")]
    Taken(&'static str),
    /// It was changed by somebody else since it was read.
    #[error("it was changed in between: read it again")]
    Changed,
    /// What was asked for is not allowed as things stand.
    #[error("{0}")]
    Refused(String),
    /// A field holds what cannot be, as things stand.
    #[error("{field}: {why}")]
    Invalid {
        /// The field.
        field: &'static str,
        /// What was wrong and what to do.
        why: String,
    },
    /// The engine is shutting down.
    #[error("the engine is shutting down")]
    Stopped,
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(match &error {
            // Its own words end in a line number that is of the server's source.
            sqlx::Error::Database(refusal) => match refusal.code() {
                Some(code) => format!("{} (SQLSTATE {code})", refusal.message()),
                None => refusal.message().to_owned(),
            },
            _ => error.to_string(),
        })
    }
}

impl From<sqlx::migrate::MigrateError> for Error {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        Self::Database(format!("migration: {error}"))
    }
}

impl Error {
    /// Names the field whose value another row has, when that is what Postgres says.
    pub(crate) fn taken(field: &'static str) -> impl Fn(sqlx::Error) -> Self {
        move |error| match &error {
            sqlx::Error::Database(refusal) if refusal.is_unique_violation() => Self::Taken(field),
            _ => error.into(),
        }
    }

    /// Says that what a row points to does not exist, when that is what Postgres says.
    pub(crate) fn missing(what: &'static str) -> impl Fn(sqlx::Error) -> Self {
        move |error| match &error {
            sqlx::Error::Database(refusal) if refusal.is_foreign_key_violation() => Self::NotFound(what),
            _ => error.into(),
        }
    }

    /// Whether the database refused because somebody else was faster, so that the same may go well when it is
    /// asked again: a unique key was taken, or two waited for each other.
    pub(crate) fn is_conflict(&self) -> bool {
        matches!(self, Self::Database(why) if why.contains("(SQLSTATE 23505)") || why.contains("(SQLSTATE 40P01)"))
    }

    /// Wraps the reader's words about something stored.
    pub(crate) fn unreadable<E: std::fmt::Display>(what: &'static str) -> impl Fn(E) -> Self {
        move |error| Self::Unreadable { what, why: error.to_string() }
    }
}
