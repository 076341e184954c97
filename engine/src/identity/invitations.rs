//! Invitations: how somebody becomes a user of an organisation.

use jiff::Timestamp;
use sqlx::PgConnection;
use uuid::Uuid;
use warmline_workflows::{InvitationId, Role, TenantId, UserId};

use super::sessions::Digest;
use super::users::{self, NewUser};
use crate::{Engine, Error};

/// An invitation to be made.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// Its identity.
    pub id: InvitationId,
    /// Whose address it is for, in small letters.
    pub email: String,
    /// As shown to people.
    pub name: String,
    /// What the person may do then.
    pub role: Role,
    /// The digest of its secret.
    pub secret: Digest,
    /// Who invites; none when the installation does.
    pub invited_by: Option<UserId>,
}

/// An invitation as it is stored, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its identity.
    pub id: InvitationId,
    /// Whose address it is for.
    pub email: String,
    /// As shown to people.
    pub name: String,
    /// What the person may do then.
    pub role: Role,
    /// Who invited; none when the installation did.
    pub invited_by: Option<UserId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
    /// When it was revoked, by a person or by a later invitation of the same address.
    pub revoked_at: Option<Timestamp>,
}

/// Who accepts an invitation, and as whom.
#[derive(Debug, Clone)]
pub struct Acceptance {
    /// The person's identity from now on.
    pub user: UserId,
    /// The name, when it is another than was written down.
    pub name: Option<String>,
    /// The hash of the password that was chosen, as a PHC string.
    pub password_hash: String,
}

struct Row {
    id: Uuid,
    email: String,
    name: String,
    role: String,
    invited_by: Option<Uuid>,
    created_at: jiff_sqlx::Timestamp,
    expires_at: jiff_sqlx::Timestamp,
    accepted_at: Option<jiff_sqlx::Timestamp>,
    revoked_at: Option<jiff_sqlx::Timestamp>,
}

impl From<Row> for Invitation {
    fn from(row: Row) -> Self {
        Self {
            id: InvitationId(row.id),
            email: row.email,
            name: row.name,
            role: row.role.parse().unwrap_or(Role::Agent),
            invited_by: row.invited_by.map(UserId),
            created_at: row.created_at.to_jiff(),
            expires_at: row.expires_at.to_jiff(),
            accepted_at: row.accepted_at.map(jiff_sqlx::Timestamp::to_jiff),
            revoked_at: row.revoked_at.map(jiff_sqlx::Timestamp::to_jiff),
        }
    }
}

impl Engine {
    /// Invites somebody for seven days. An earlier invitation of the same address that is still open ends.
    ///
    /// # Errors
    /// [`Error::Taken`] when the address is a user's there; [`Error::Refused`] when there are as many users
    /// and open invitations as the organisation may have; [`Error::NotFound`] without the organisation.
    pub async fn invite(&self, tenant: TenantId, new: &NewInvitation) -> Result<Invitation, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let max = users::lock_places(&mut transaction, tenant).await?;
        let is_user = sqlx::query_scalar!(
            r#"select exists (select 1 from users where tenant_id = $1 and email = $2) as "is_user!""#,
            tenant.0,
            new.email,
        )
        .fetch_one(&mut *transaction)
        .await?;
        if is_user {
            return Err(Error::Taken("email"));
        }
        sqlx::query!(
            "update invitations set revoked_at = now()
             where tenant_id = $1 and email = $2 and accepted_at is null and revoked_at is null",
            tenant.0,
            new.email,
        )
        .execute(&mut *transaction)
        .await?;
        let open = sqlx::query_scalar!(
            r#"select count(*) as "open!" from invitations
               where tenant_id = $1 and accepted_at is null and revoked_at is null and expires_at > now()"#,
            tenant.0,
        )
        .fetch_one(&mut *transaction)
        .await?;
        users::check_places(&mut transaction, tenant, open, max).await?;
        sqlx::query!(
            "insert into invitations (tenant_id, id, email, name, role, secret, invited_by, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, now() + interval '7 days')",
            tenant.0,
            new.id.0,
            new.email,
            new.name,
            new.role.as_str(),
            &new.secret,
            new.invited_by.map(|user| user.0),
        )
        .execute(&mut *transaction)
        .await?;
        let made = find(&mut transaction, tenant, new.id).await?;
        transaction.commit().await?;
        made.ok_or(Error::NotFound("invitation"))
    }

    /// The invitations of an organisation, the newest first, those that are over included.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn invitations(
        &self,
        tenant: TenantId,
        before: Option<InvitationId>,
        limit: i64,
    ) -> Result<Vec<Invitation>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let rows = sqlx::query_as!(
            Row,
            "select id, email, name, role, invited_by, created_at, expires_at, accepted_at, revoked_at
             from invitations where tenant_id = $1 and ($2::uuid is null or id < $2)
             order by id desc limit $3",
            tenant.0,
            before.map(|id| id.0),
            limit,
        )
        .fetch_all(&mut *transaction)
        .await?;
        Ok(rows.into_iter().map(Invitation::from).collect())
    }

    /// Ends an invitation. A second time changes nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] when it was accepted.
    pub async fn revoke_invitation(&self, tenant: TenantId, id: InvitationId) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let done = sqlx::query!(
            "update invitations set revoked_at = coalesce(revoked_at, now())
             where tenant_id = $1 and id = $2 and accepted_at is null",
            tenant.0,
            id.0,
        )
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() == 0 {
            find(&mut transaction, tenant, id).await?.ok_or(Error::NotFound("invitation"))?;
            return Err(Error::Refused("it was accepted: disable the user instead".to_owned()));
        }
        Ok(transaction.commit().await?)
    }

    /// Makes a user of whoever shows an invitation's secret, once.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not an open invitation's secret; [`Error::Taken`] when the address has
    /// become a user's in between.
    pub async fn accept_invitation(
        &self,
        tenant: TenantId,
        (id, secret): (InvitationId, &Digest),
        as_whom: &Acceptance,
    ) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let accepted = sqlx::query!(
            "update invitations i set accepted_at = now()
             from tenants t
             where i.tenant_id = $1 and i.id = $2 and i.secret = $3 and t.id = i.tenant_id and t.enabled
               and i.accepted_at is null and i.revoked_at is null and i.expires_at > now()
             returning i.email, i.name, i.role",
            tenant.0,
            id.0,
            secret,
        )
        .fetch_optional(&mut *transaction)
        .await?
        .ok_or(Error::NotFound("invitation"))?;
        let user = NewUser {
            id: as_whom.user,
            email: accepted.email,
            name: as_whom.name.clone().unwrap_or(accepted.name),
            role: accepted.role.parse().unwrap_or(Role::Agent),
            password_hash: Some(as_whom.password_hash.clone()),
        };
        users::insert(&mut transaction, tenant, &user).await?;
        Ok(transaction.commit().await?)
    }
}

async fn find(
    connection: &mut PgConnection,
    tenant: TenantId,
    id: InvitationId,
) -> Result<Option<Invitation>, Error> {
    let row = sqlx::query_as!(
        Row,
        "select id, email, name, role, invited_by, created_at, expires_at, accepted_at, revoked_at
         from invitations where tenant_id = $1 and id = $2",
        tenant.0,
        id.0,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(Invitation::from))
}
