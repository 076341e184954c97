//! Why a batch was not stored, by what helps against it.

use crate::Error;

/// The store's word on a batch that failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// The database could not be asked, or broke off. It may be another time; whether the batch was
    /// committed is not known.
    Database(Error),
    /// Some step of the batch cannot be stored, now or later. The others can, without it.
    Step(Error),
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        let steps_fault = match &error {
            sqlx::Error::Database(refusal) => !refusal.code().is_some_and(|code| passes(&code)),
            sqlx::Error::Encode(_) | sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => true,
            _ => false,
        };
        if steps_fault { Self::Step(error.into()) } else { Self::Database(error.into()) }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Unreadable { .. } => Self::Step(error),
            _ => Self::Database(error),
        }
    }
}

/// Whether an error of this SQLSTATE speaks of the moment and not of what was asked: connection,
/// serialization, resources, locks, an operator, the system; a server that only reads for now; a plan that
/// was made before a migration.
fn passes(code: &str) -> bool {
    ["08", "40", "53", "55", "57", "58"].iter().any(|class| code.starts_with(class))
        || matches!(code, "25006" | "0A000")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_time_does_not_mend_is_a_steps_fault() {
        for (code, passing) in [
            // The server was shut down; a statement took too long; two waited for each other; the disk is
            // full; a standby; a table was altered.
            ("57P01", true),
            ("57014", true),
            ("40P01", true),
            ("53100", true),
            ("25006", true),
            ("0A000", true),
            // A value that is too long, a check, no such column, an exception of a trigger.
            ("22001", false),
            ("23514", false),
            ("42703", false),
            ("P0001", false),
        ] {
            assert_eq!(passes(code), passing, "{code}");
        }
        let io = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        assert!(matches!(Failure::from(sqlx::Error::Io(io)), Failure::Database(_)));
        let newer = Error::Unreadable { what: "call", why: "schema version 99".to_owned() };
        assert!(matches!(Failure::from(newer), Failure::Step(_)));
    }
}
