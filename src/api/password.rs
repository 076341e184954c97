//! Passwords: hashed so that guessing them is slow, and checked so that nobody learns who exists.

use std::sync::{Arc, LazyLock};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::problem::Problem;

/// Characters of a password.
const LENGTH: std::ops::RangeInclusive<usize> = 10..=200;
/// OWASP's floor for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
/// Hashes at once: each takes a core and 19 MiB, and the calls in progress come first.
const AT_ONCE: usize = 2;

/// Hashes and checks passwords, a few at a time.
#[derive(Debug, Clone)]
pub(crate) struct Passwords(Arc<Semaphore>);

impl Default for Passwords {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Passwords {
    /// The hash of a new password, as a PHC string.
    ///
    /// # Errors
    /// When the password is too short or too long.
    pub(crate) async fn hash(&self, field: &str, password: &str) -> Result<String, Problem> {
        let length = password.chars().count();
        if !LENGTH.contains(&length) {
            let why = format!("expected {} to {} characters, got {length}", LENGTH.start(), LENGTH.end());
            return Err(Problem::invalid(field, why));
        }
        let password = password.to_owned();
        self.slowly(move || hash(&password)).await?.ok_or_else(Problem::internal)
    }

    /// Whether the password is the one of the hash. Without a hash it takes as long, and is not.
    ///
    /// # Errors
    /// When the process is ending.
    pub(crate) async fn matches(&self, password: &str, hash: Option<&str>) -> Result<bool, Problem> {
        let (password, known) = (password.to_owned(), hash.map(str::to_owned));
        self.slowly(move || {
            let hash = known.as_deref().unwrap_or(&NOBODYS);
            PasswordHash::new(hash).is_ok_and(|hash| {
                argon2().is_some_and(|argon2| argon2.verify_password(password.as_bytes(), &hash).is_ok())
            }) && known.is_some()
        })
        .await
    }

    async fn slowly<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let _turn = self.0.acquire().await.map_err(|_| Problem::internal())?;
        tokio::task::spawn_blocking(work).await.map_err(|_| Problem::internal())
    }
}

/// What the password of somebody who does not exist is compared with.
static NOBODYS: LazyLock<String> = LazyLock::new(|| hash("nobody has this password").unwrap_or_default());

fn argon2() -> Option<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &str) -> Option<String> {
    Some(argon2()?.hash_password(password.as_bytes()).ok()?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_matches_its_hash_alone() {
        let passwords = Passwords::default();
        let hash = passwords.hash("password", "correct horse").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(passwords.matches("correct horse", Some(&hash)).await, Ok(true));
        assert_eq!(passwords.matches("correct house", Some(&hash)).await, Ok(false));
        assert_eq!(passwords.matches("nobody has this password", None).await, Ok(false));
        assert_eq!(passwords.matches("x", Some("no hash at all")).await, Ok(false));
    }

    #[tokio::test]
    async fn short_and_endless_passwords_are_refused() {
        for password in ["ninechars", &"x".repeat(201)] {
            let problem = Passwords::default().hash("password", password).await.unwrap_err();
            assert_eq!(problem.field.as_deref(), Some("password"));
        }
    }
}
