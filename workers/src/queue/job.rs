//! A job: what Redis carries of a piece of work, its id and nothing else.

use serde::{Deserialize, Serialize};
use warmline_engine::Ready;
use warmline_workflows::call::CommandId;
use warmline_workflows::{DeliveryId, ImportId, TenantId};

/// A piece of work that is recorded in Postgres, and whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    v: u8,
    /// The organisation.
    pub tenant: TenantId,
    /// Which piece of work.
    #[serde(flatten)]
    pub work: Work,
}

/// What sort of work a job names, and which piece of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Work {
    /// A command of a call.
    Command {
        /// Which.
        id: CommandId,
        /// A placement: performed at most once.
        once: bool,
    },
    /// A file of leads that is read in.
    Import {
        /// Which.
        id: ImportId,
    },
    /// An event on its way to an endpoint.
    Delivery {
        /// Which.
        id: DeliveryId,
    },
}

/// The version of the job's form. A job of another version is dropped, and pushed again by a sweep.
const VERSION: u8 = 2;

impl Job {
    /// A job that names this piece of work.
    #[must_use]
    pub fn new(tenant: TenantId, work: Work) -> Self {
        Self { v: VERSION, tenant, work }
    }

    pub(super) fn read(text: &str) -> Result<Self, String> {
        let job: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if job.v == VERSION { Ok(job) } else { Err(format!("job of version {}, expected {VERSION}", job.v)) }
    }

    /// What tells this push from an earlier one of the same work that Redis may still remember.
    pub(super) fn task_id(&self, round: u64) -> String {
        let id = match self.work {
            Work::Command { id, .. } => id.to_string(),
            Work::Import { id } => id.to_string(),
            Work::Delivery { id } => id.to_string(),
        };
        match round {
            0 => id,
            round => format!("{id}:r{round}"),
        }
    }
}

impl From<&Ready> for Job {
    fn from(ready: &Ready) -> Self {
        Self::new(ready.tenant, Work::Command { id: ready.command, once: ready.once_only })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;
    use warmline_workflows::CallId;
    use warmline_workflows::call::Ordinal;

    use super::*;

    #[test]
    fn a_job_is_read_as_it_was_written() {
        let command =
            CommandId { call: CallId(Uuid::from_u128(7)), ordinal: Ordinal { version: 3, index: 1 } };
        for work in [
            Work::Command { id: command, once: true },
            Work::Import { id: ImportId(Uuid::from_u128(8)) },
            Work::Delivery { id: DeliveryId(Uuid::from_u128(9)) },
        ] {
            let job = Job::new(TenantId(Uuid::from_u128(1)), work);
            assert_eq!(Job::read(&serde_json::to_string(&job).unwrap()), Ok(job));
        }
    }

    #[test]
    fn a_job_that_is_no_job_is_an_error_and_not_a_panic() {
        for text in ["", "{}", "null", r#"{"v":2,"tenant":"tnt_","kind":"command","id":{}}"#, "\u{0}"] {
            assert!(Job::read(text).is_err(), "{text}");
        }
        let job = Job::new(TenantId(Uuid::from_u128(1)), Work::Import { id: ImportId(Uuid::from_u128(8)) });
        let old = serde_json::to_string(&job).unwrap().replace(r#""v":2"#, r#""v":1"#);
        assert!(Job::read(&old).unwrap_err().contains("version 1"));
    }
}
