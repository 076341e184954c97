//! The API keys that were shown lately, so that not every request asks the database what a key may do.

use std::sync::Arc;
use std::time::Instant;

use warmline_engine::identity::sessions::Digest;
use warmline_engine::{Engine, Error};
use warmline_workflows::{ApiKeyId, TenantId};

use super::recent::Recent;
use super::token::Secret;

/// What API keys begin with.
pub(crate) const PREFIX: &str = "wlk_";

/// What a key may do.
pub(crate) type Scopes = Arc<[String]>;

/// The keys that were asked about lately. Only what proved to be a key is remembered: whoever tries random ones
/// must not push the others out.
#[derive(Clone, Default)]
pub(crate) struct KeyRing(Recent<(TenantId, ApiKeyId, Digest), Scopes>);

impl KeyRing {
    /// What a key may do; none when it is no key, or not any more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(crate) async fn scopes(&self, engine: &Engine, shown: &Secret) -> Result<Option<Scopes>, Error> {
        let (tenant, id, digest) = (shown.tenant, ApiKeyId(shown.row), shown.digest());
        if let Some(scopes) = self.0.get(&(tenant, id, digest)) {
            return Ok(Some(scopes));
        }
        let asked_at = Instant::now();
        let Some(scopes) = engine.api_key_scopes(tenant, id, &digest).await? else { return Ok(None) };
        let scopes = Scopes::from(scopes);
        self.0.put((tenant, id, digest), asked_at, Arc::clone(&scopes));
        Ok(Some(scopes))
    }

    /// Forgets a key, so that the next request asks.
    pub(crate) fn forget(&self, tenant: TenantId, key: ApiKeyId) {
        self.0.forget_where(|(of, id, _), _| (*of, *id) == (tenant, key));
    }

    /// Forgets the keys of an organisation.
    pub(crate) fn forget_tenant(&self, tenant: TenantId) {
        self.0.forget_where(|(of, _, _), _| *of == tenant);
    }
}
