//! `warmline admin`: makes somebody an admin of the installation. The way in when there is none yet.

use std::io::Write as _;

use anyhow::Context as _;
use serde_json::json;
use uuid::Uuid;
use warmline_engine::audit::Entry;
use warmline_engine::identity::invitations::NewInvitation;
use warmline_engine::{Engine, Options, Vault};
use warmline_workflows::{InvitationId, Role, TenantId};

use crate::api::token::Secret;
use crate::api::{auth, invitations};
use crate::cli::Admin;
use crate::config::Config;
use crate::roles;

/// What the organisation of the admins is called that is made with the first of them.
const OPERATORS: &str = "Operators";
/// Who did it, in the audit log.
const ACTOR: &str = "operator";

/// Promotes a user to admin, or invites one, and prints what to do next.
///
/// # Errors
/// When the address is none, or the database is not ready.
pub async fn run(config: &Config, asked: &Admin) -> anyhow::Result<()> {
    let email = auth::email("--email", &asked.email).map_err(|problem| anyhow::anyhow!(problem.detail))?;
    let database = roles::database(config, Vault::locked()).await?;
    anyhow::ensure!(
        database.is_migrated().await?,
        "the database is not of this version: run `warmline migrate` first"
    );
    let (engine, _) = Engine::start(database, Options::default());
    let tenant = tenant(&engine, asked.tenant.as_deref(), config.max_concurrent_calls).await?;
    let name = engine.tenant(tenant).await?.settings.name;
    let mut out = std::io::stdout().lock();
    if let Some(user) = engine.promote(tenant, &email).await? {
        audit(&engine, tenant, "promote", format!("/api/users/{user}")).await?;
        writeln!(out, "{email} of \"{name}\" ({tenant}) is an admin now, felt within half a minute.")?;
        return Ok(());
    }
    let secret = Secret::new(tenant, Uuid::now_v7());
    let invitation = NewInvitation {
        id: InvitationId(secret.row),
        email,
        name: asked.name.clone().unwrap_or_default(),
        role: Role::Admin,
        secret: secret.digest(),
        invited_by: None,
    };
    let made = engine.invite(tenant, &invitation).await?;
    audit(&engine, tenant, "create_invitation", format!("/api/invitations/{}", made.id)).await?;
    writeln!(
        out,
        "{} is invited to \"{name}\" ({tenant}) as an admin, until {}. Accept with\n\n  \
         POST /api/auth/accept-invitation\n  {}\n\nThe token is good once and is not shown again.",
        made.email,
        made.expires_at,
        json!({ "token": secret.text(invitations::PREFIX), "password": "..." }),
    )?;
    Ok(())
}

/// The organisation that is named, else that of the admins there are, else a new one.
async fn tenant(engine: &Engine, named: Option<&str>, at_once: u32) -> anyhow::Result<TenantId> {
    if let Some(named) = named {
        return match named.parse() {
            Ok(id) => Ok(engine.tenant(id).await?.id),
            Err(_) => engine.tenant_by_name(named).await?.with_context(|| {
                format!("there is no organisation named \"{named}\", or several: give its id, tnt_...")
            }),
        };
    }
    // Anybody may register an organisation with any name and address: only what an operator made counts.
    match engine.operators().await? {
        Some(tenant) => Ok(tenant),
        None => Ok(engine.add_tenant(OPERATORS, at_once).await?),
    }
}

async fn audit(engine: &Engine, tenant: TenantId, action: &str, subject: String) -> anyhow::Result<()> {
    let entry = Entry {
        actor: ACTOR.to_owned(),
        action: action.to_owned(),
        subject,
        detail: json!({ "role": "admin" }),
    };
    Ok(engine.audit(tenant, &entry).await?)
}
