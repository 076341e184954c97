//! Sessions that were seen lately, so that not every request asks the database whether a login stands.

use std::time::Instant;

use warmline_engine::identity::sessions::Standing;
use warmline_engine::{Engine, Error};
use warmline_workflows::{SessionId, TenantId, UserId};

use super::recent::Recent;

/// The sessions that were asked about lately.
#[derive(Clone, Default)]
pub(crate) struct Sessions(Recent<(TenantId, SessionId), Option<Standing>>);

impl Sessions {
    /// Whose a session is; none when it is over.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(crate) async fn standing(
        &self,
        engine: &Engine,
        tenant: TenantId,
        session: SessionId,
    ) -> Result<Option<Standing>, Error> {
        if let Some(standing) = self.0.get(&(tenant, session)) {
            return Ok(standing);
        }
        let asked_at = Instant::now();
        let standing = engine.session(tenant, session).await?;
        self.0.put((tenant, session), asked_at, standing.clone());
        Ok(standing)
    }

    /// Forgets a session, so that the next request asks.
    pub(crate) fn forget(&self, tenant: TenantId, session: SessionId) {
        self.0.forget(&(tenant, session));
    }

    /// Forgets the sessions of a person.
    pub(crate) fn forget_user(&self, tenant: TenantId, user: UserId) {
        self.0.forget_where(|(of, _), standing| {
            *of == tenant && standing.as_ref().is_some_and(|standing| standing.user == user)
        });
    }

    /// Forgets the sessions of an organisation.
    pub(crate) fn forget_tenant(&self, tenant: TenantId) {
        self.0.forget_where(|(of, _), _| *of == tenant);
    }
}
