//! The principal: who asks, once the gate has made sure of it.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use uuid::Uuid;
use warmline_workflows::{ApiKeyId, Role, SessionId, TenantId, UserId};

use crate::problem::Problem;

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Principal {
    /// The organisation; everything that is asked for is looked for in it.
    pub tenant: TenantId,
    /// The person or program.
    pub actor: Actor,
    /// What it may do.
    pub role: Role,
}

/// A person or a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Actor {
    /// Somebody who is logged in.
    User {
        /// Who.
        user: UserId,
        /// By which login.
        session: SessionId,
    },
    /// A program with a key.
    Key(ApiKeyId),
}

impl Principal {
    /// The person who asks, and by which login.
    ///
    /// # Errors
    /// When it is a program: the gate has let it through to an operation that is for people.
    pub(crate) fn person(&self) -> Result<(UserId, SessionId), Problem> {
        match self.actor {
            Actor::User { user, session } => Ok((user, session)),
            Actor::Key(_) => Err(Problem::internal()),
        }
    }
}

impl Actor {
    /// The id in the database.
    #[must_use]
    pub(crate) fn uuid(self) -> Uuid {
        match self {
            Self::User { user, .. } => user.0,
            Self::Key(key) => key.0,
        }
    }
}

impl std::fmt::Display for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::User { user, .. } => user.fmt(f),
            Self::Key(key) => key.fmt(f),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Principal {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        // The gate has put it there; an operation that is public must not ask for one.
        parts.extensions.get::<Self>().cloned().ok_or_else(Problem::internal)
    }
}
