//! Users: the people of an organisation who can log in.

use jiff::Timestamp;
use sqlx::PgConnection;
use uuid::Uuid;
use warmline_workflows::{Role, SessionId, TenantId, UserId};

use super::sessions::{self, Digest};
use crate::{Engine, Error};

/// A person to be added.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// Its identity.
    pub id: UserId,
    /// Address, in small letters; logs the person in.
    pub email: String,
    /// As shown to people.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// The hash of the password, as a PHC string; none until one is chosen.
    pub password_hash: Option<String>,
}

/// A person who can log in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its identity.
    pub id: UserId,
    /// Address, in small letters.
    pub email: String,
    /// As shown to people.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// Whether the person may log in.
    pub enabled: bool,
    /// Raised by every change.
    pub version: i32,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it last logged in.
    pub last_login_at: Option<Timestamp>,
}

/// Which people to list.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Only those with this role.
    pub role: Option<Role>,
    /// Only those whose address or name, or a word of it, begins like this.
    pub search: Option<String>,
    /// Only those after this one.
    pub after: Option<UserId>,
    /// So many at most.
    pub limit: i64,
}

/// What can be changed about a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// As shown to people.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// Whether the person may log in.
    pub enabled: bool,
}

/// What a login is checked against.
#[derive(Debug, Clone)]
pub struct Login {
    /// The organisation.
    pub tenant: TenantId,
    /// Its name, for people who belong to several.
    pub tenant_name: String,
    /// The person.
    pub user: UserId,
    /// The hash of the password.
    pub password_hash: String,
}

/// The fields of a user's row.
struct Row {
    id: Uuid,
    email: String,
    name: String,
    role: String,
    enabled: bool,
    version: i32,
    created_at: jiff_sqlx::Timestamp,
    last_login_at: Option<jiff_sqlx::Timestamp>,
}

impl From<Row> for User {
    fn from(row: Row) -> Self {
        Self {
            id: UserId(row.id),
            email: row.email,
            name: row.name,
            // A word that this version does not know allows least.
            role: row.role.parse().unwrap_or(Role::Agent),
            enabled: row.enabled,
            version: row.version,
            created_at: row.created_at.to_jiff(),
            last_login_at: row.last_login_at.map(jiff_sqlx::Timestamp::to_jiff),
        }
    }
}

impl Engine {
    /// Adds an organisation with its first user, both or neither.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn register(
        &self,
        name: &str,
        max_concurrent_calls: u32,
        user: &NewUser,
    ) -> Result<TenantId, Error> {
        let tenant = TenantId(Uuid::now_v7());
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query!(
            "insert into tenants (id, name, max_concurrent_calls) values ($1, $2, $3)",
            tenant.0,
            name,
            i32::try_from(max_concurrent_calls).unwrap_or(i32::MAX),
        )
        .execute(&mut *transaction)
        .await?;
        insert(&mut transaction, tenant, user).await?;
        transaction.commit().await?;
        Ok(tenant)
    }

    /// Adds a person to an organisation.
    ///
    /// # Errors
    /// [`Error::Taken`] when the address is another person's there.
    pub async fn add_user(&self, tenant: TenantId, user: &NewUser) -> Result<User, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        insert(&mut transaction, tenant, user).await?;
        let added = find(&mut transaction, tenant, user.id).await?;
        transaction.commit().await?;
        added.ok_or(Error::NotFound("user"))
    }

    /// Whether there is anybody in any organisation who could log in.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn has_users(&self) -> Result<bool, Error> {
        let found = sqlx::query_scalar!(
            r#"select exists (select 1 from users where enabled and password_hash is not null) as "found!""#
        )
        .fetch_one(self.database.system())
        .await?;
        Ok(found)
    }

    /// The people with an address who may log in with a password, in whichever organisations.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn logins(&self, email: &str) -> Result<Vec<Login>, Error> {
        let rows = sqlx::query!(
            r#"select u.tenant_id, t.name as tenant_name, u.id, u.password_hash as "password_hash!"
               from users u
               join tenants t on t.id = u.tenant_id
               where u.email = $1 and u.enabled and t.enabled and u.password_hash is not null
               order by t.created_at limit 20"#,
            email,
        )
        .fetch_all(self.database.system())
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| Login {
                tenant: TenantId(row.tenant_id),
                tenant_name: row.tenant_name,
                user: UserId(row.id),
                password_hash: row.password_hash,
            })
            .collect())
    }

    /// A person.
    ///
    /// # Errors
    /// [`Error::NotFound`], or when the database does not do it.
    pub async fn user(&self, tenant: TenantId, user: UserId) -> Result<User, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        find(&mut transaction, tenant, user).await?.ok_or(Error::NotFound("user"))
    }

    /// The people of an organisation, in the order in which they came.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn users(&self, tenant: TenantId, wanted: &Wanted) -> Result<Vec<User>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let rows = sqlx::query_as!(
            Row,
            "select id, email, name, role, enabled, version, created_at, last_login_at
             from users
             where tenant_id = $1 and ($2::text is null or role = $2) and ($4::uuid is null or id > $4)
               and ($3::text is null or starts_with(email, $3) or starts_with(lower(name), $3)
                    or strpos(lower(name), ' ' || $3) > 0)
             order by id limit $5",
            tenant.0,
            wanted.role.map(Role::as_str),
            wanted.search.as_ref().map(|text| text.to_lowercase()),
            wanted.after.map(|user| user.0),
            wanted.limit,
        )
        .fetch_all(&mut *transaction)
        .await?;
        Ok(rows.into_iter().map(User::from).collect())
    }

    /// Changes a person. Whoever is disabled is logged out; a new role is felt by the next look at a login.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Changed`] when it is not of the expected version any more;
    /// [`Error::Refused`] when nobody would be left to run the organisation, or there are as many users as
    /// it may have.
    pub async fn update_user(
        &self,
        tenant: TenantId,
        (user, expected): (UserId, i32),
        profile: &Profile,
    ) -> Result<User, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let max = lock_places(&mut transaction, tenant).await?;
        let before = find(&mut transaction, tenant, user).await?.ok_or(Error::NotFound("user"))?;
        let runs = |role: Role, enabled: bool| enabled && role.covers(Role::TenantAdmin);
        if runs(before.role, before.enabled) && !runs(profile.role, profile.enabled) {
            check_successor(&mut transaction, tenant, user).await?;
        }
        if profile.enabled && !before.enabled {
            check_places(&mut transaction, tenant, 0, max).await?;
        }
        let done = sqlx::query!(
            "update users set name = $4, role = $5, enabled = $6, version = version + 1
             where tenant_id = $1 and id = $2 and version = $3",
            tenant.0,
            user.0,
            expected,
            profile.name,
            profile.role.as_str(),
            profile.enabled,
        )
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() == 0 {
            return Err(Error::Changed);
        }
        if !profile.enabled {
            sessions::end_all(&mut transaction, tenant, user, None).await?;
        }
        let changed = find(&mut transaction, tenant, user).await?;
        transaction.commit().await?;
        changed.ok_or(Error::NotFound("user"))
    }

    /// The hash of a person's password; none until one is chosen.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn password_hash(&self, tenant: TenantId, user: UserId) -> Result<Option<String>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let hash = sqlx::query_scalar!(
            "select password_hash from users where tenant_id = $1 and id = $2",
            tenant.0,
            user.0,
        )
        .fetch_optional(&mut *transaction)
        .await?;
        Ok(hash.flatten())
    }

    /// Sets a person's password, and ends every login but this one.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn set_password(
        &self,
        tenant: TenantId,
        (user, keep): (UserId, SessionId),
        hash: &str,
    ) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        sqlx::query!(
            "update users set password_hash = $3, password_changed_at = now() where tenant_id = $1 and id = $2",
            tenant.0,
            user.0,
            hash,
        )
        .execute(&mut *transaction)
        .await?;
        sessions::end_all(&mut transaction, tenant, user, Some(keep)).await?;
        Ok(transaction.commit().await?)
    }

    /// Lets whoever shows this secret choose the user's password anew, within a day. An earlier secret is good for
    /// nothing any more; the password stays good until it is replaced. Returns when it ends.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] when the user is disabled; or when the database does not do it.
    pub async fn begin_password_reset(
        &self,
        tenant: TenantId,
        user: UserId,
        secret: &Digest,
    ) -> Result<Timestamp, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let row = sqlx::query!(
            r#"update users set reset_secret = $3, reset_expires_at = now() + interval '1 day'
               where tenant_id = $1 and id = $2
               returning enabled, reset_expires_at as "ends_at!: jiff_sqlx::Timestamp""#,
            tenant.0,
            user.0,
            secret,
        )
        .fetch_optional(&mut *transaction)
        .await?
        .ok_or(Error::NotFound("user"))?;
        if !row.enabled {
            return Err(Error::Refused("the user is disabled: enable it first".to_owned()));
        }
        transaction.commit().await?;
        Ok(row.ends_at.to_jiff())
    }

    /// Sets the password of whoever shows the secret, once, and ends all logins of the user.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not the secret, or it is too late; or when the database does not do it.
    pub async fn reset_password(
        &self,
        tenant: TenantId,
        (user, secret): (UserId, &Digest),
        hash: &str,
    ) -> Result<(), Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let done = sqlx::query!(
            "update users u
             set password_hash = $4, password_changed_at = now(), reset_secret = null, reset_expires_at = null
             from tenants t
             where u.tenant_id = $1 and u.id = $2 and u.reset_secret = $3 and u.reset_expires_at > now()
               and u.enabled and t.id = u.tenant_id and t.enabled",
            tenant.0,
            user.0,
            secret,
            hash,
        )
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() == 0 {
            return Err(Error::NotFound("password reset"));
        }
        sessions::end_all(&mut transaction, tenant, user, None).await?;
        Ok(transaction.commit().await?)
    }
}

/// Holds the number of an organisation's users and open invitations, and says how many there may be.
pub(super) async fn lock_places(connection: &mut PgConnection, tenant: TenantId) -> Result<i64, Error> {
    let max = sqlx::query_scalar!("select max_users from tenants where id = $1 for no key update", tenant.0)
        .fetch_optional(connection)
        .await?;
    max.map(i64::from).ok_or(Error::NotFound("organisation"))
}

/// Makes sure that one more finds a place, besides so many invitations.
pub(super) async fn check_places(
    connection: &mut PgConnection,
    tenant: TenantId,
    invitations: i64,
    max: i64,
) -> Result<(), Error> {
    let users = sqlx::query_scalar!(
        r#"select count(*) as "users!" from users where tenant_id = $1 and enabled"#,
        tenant.0,
    )
    .fetch_one(connection)
    .await?;
    if users + invitations < max {
        return Ok(());
    }
    Err(Error::Refused(format!(
        "this organisation may have {max} users, and has {users} with {invitations} open invitations"
    )))
}

/// Makes sure that somebody is left to run the organisation without this person.
async fn check_successor(
    connection: &mut PgConnection,
    tenant: TenantId,
    leaving: UserId,
) -> Result<(), Error> {
    // Two who leave at once wait for each other here, and the second sees that the first is gone.
    let admins = sqlx::query_scalar!(
        "select id from users
         where tenant_id = $1 and enabled and role in ('tenant_admin', 'admin')
         order by id for no key update",
        tenant.0,
    )
    .fetch_all(connection)
    .await?;
    if admins.iter().any(|id| *id != leaving.0) {
        return Ok(());
    }
    Err(Error::Refused(
        "this is the last who runs the organisation: make somebody else a tenant_admin".to_owned(),
    ))
}

pub(super) async fn insert(
    connection: &mut PgConnection,
    tenant: TenantId,
    user: &NewUser,
) -> Result<(), Error> {
    sqlx::query!(
        "insert into users (tenant_id, id, email, name, role, password_hash, password_changed_at)
         values ($1, $2, $3, $4, $5, $6, case when $6::text is null then null else now() end)",
        tenant.0,
        user.id.0,
        user.email,
        user.name,
        user.role.as_str(),
        user.password_hash,
    )
    .execute(connection)
    .await
    .map_err(Error::taken("email"))?;
    Ok(())
}

async fn find(connection: &mut PgConnection, tenant: TenantId, user: UserId) -> Result<Option<User>, Error> {
    let row = sqlx::query_as!(
        Row,
        "select id, email, name, role, enabled, version, created_at, last_login_at
         from users where tenant_id = $1 and id = $2",
        tenant.0,
        user.0,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(User::from))
}
