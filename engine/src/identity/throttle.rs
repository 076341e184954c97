//! The throttle of logins: whoever guesses waits longer each time.

use std::time::Duration;

use crate::{Engine, Error};

use super::sessions::Digest;

/// So many failures cost nothing: people mistype.
const FREE_FAILURES: i32 = 5;
/// The longest wait. Nobody is locked out for good: that would be a way to lock others out.
const WAIT_MAX_S: f64 = 900.0;
/// Failures are forgotten after this long without one.
const FORGOTTEN_AFTER_S: f64 = 86_400.0;

impl Engine {
    /// How long a login must wait that is about these subjects (an address, an origin); zero when it
    /// need not.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn login_wait(&self, subjects: &[Digest]) -> Result<Duration, Error> {
        let subjects: Vec<Vec<u8>> = subjects.iter().map(|subject| subject.to_vec()).collect();
        let wait_s = sqlx::query_scalar!(
            r#"select coalesce(max(extract(epoch from blocked_until - now())), 0)::float8 as "wait_s!"
               from login_failures where subject = any ($1) and blocked_until > now()"#,
            &subjects,
        )
        .fetch_one(self.database.system())
        .await?;
        Ok(Duration::from_secs_f64(wait_s.clamp(0.0, WAIT_MAX_S)))
    }

    /// Notes that a login failed: the next must wait, twice as long each time.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn login_failed(&self, subjects: &[Digest]) -> Result<(), Error> {
        let subjects: Vec<Vec<u8>> = subjects.iter().map(|subject| subject.to_vec()).collect();
        sqlx::query!(
            "insert into login_failures as f (subject, failures, blocked_until, failed_at)
             select subject, 1, now(), now() from unnest($1::bytea[]) as s(subject)
             on conflict (subject) do update
             set failures = case when f.failed_at < now() - make_interval(secs => $4) then 1 else f.failures + 1 end,
                 failed_at = now(),
                 blocked_until = now() + make_interval(secs => case
                     when f.failed_at < now() - make_interval(secs => $4) or f.failures < $2 then 0
                     else least($3, power(2, least(f.failures - $2, 20))) end)",
            &subjects,
            FREE_FAILURES,
            WAIT_MAX_S,
            FORGOTTEN_AFTER_S,
        )
        .execute(self.database.system())
        .await?;
        Ok(())
    }

    /// Forgets the failures of a subject that has logged in.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn login_succeeded(&self, subject: &Digest) -> Result<(), Error> {
        sqlx::query!("delete from login_failures where subject = $1", subject)
            .execute(self.database.system())
            .await?;
        Ok(())
    }
}
