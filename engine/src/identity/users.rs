//! Users: the people of an organisation who can log in.

use jiff::Timestamp;
use sqlx::PgConnection;
use uuid::Uuid;
use warmline_workflows::{Role, TenantId, UserId};

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
}

async fn insert(connection: &mut PgConnection, tenant: TenantId, user: &NewUser) -> Result<(), Error> {
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
