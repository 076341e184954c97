//! The walls between organisations, looked at before anything is done behind them.

use uuid::Uuid;
use warmline_workflows::TenantId;

use crate::{Database, Error};

/// Breaches named in one refusal; the rest are counted.
const BREACHES_NAMED_MAX: usize = 5;

impl Database {
    /// Checks that row-level security holds: this program works as the two roles and no others, the roles
    /// have no way around it, and every table with rows of organisations is walled off.
    ///
    /// # Errors
    /// [`Error::Refused`] with what is wrong, in a sentence, or when the database does not answer.
    pub async fn walls(&self) -> Result<(), Error> {
        let role: String = sqlx::query_scalar("select current_user::text")
            .fetch_one(self.system())
            .await
            .map_err(|error| unswitchable(error, "warmline_system"))?;
        let nobody = self.tenant(TenantId(Uuid::nil()));
        drop(nobody.await.map_err(|error| match error {
            Error::Database(why) => cannot_switch("warmline_app", &why),
            other => other,
        })?);
        if role != "warmline_system" {
            return Err(Error::Refused(format!(
                "the walls between organisations do not hold: connections work as {role}, not as warmline_system; \
                 does something between here and Postgres drop the startup options?"
            )));
        }
        let breaches = self.breaches().await?;
        if breaches.is_empty() {
            return Ok(());
        }
        let named =
            breaches.iter().take(BREACHES_NAMED_MAX).map(String::as_str).collect::<Vec<_>>().join("; ");
        let more = match breaches.len().saturating_sub(BREACHES_NAMED_MAX) {
            0 => String::new(),
            count => format!("; and {count} more"),
        };
        Err(Error::Refused(format!("the walls between organisations do not hold: {named}{more}")))
    }

    /// Every way around the walls that the catalogue shows.
    async fn breaches(&self) -> Result<Vec<String>, Error> {
        Ok(sqlx::query_scalar!(
            r#"with roles as (
                   select oid, rolname::text as name, rolsuper, rolbypassrls
                   from pg_roles where rolname in ('warmline_system', 'warmline_app')
               ), walled as (
                   select t.oid, t.relname::text as name, t.relkind, t.relowner, t.relrowsecurity,
                          t.relforcerowsecurity, t.reloptions, k.attname::text as key
                   from pg_class t
                   join pg_namespace n on n.oid = t.relnamespace
                   join pg_attribute k on k.attrelid = t.oid and not k.attisdropped
                        and k.attname = case when t.relname = 'tenants' then 'id' else 'tenant_id' end
                   where t.relkind in ('r', 'p', 'v', 'm', 'f')
                     and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_'
               ), policies as (
                   select p.polrelid, r.name as role, p.polpermissive and p.polcmd = '*' as is_plain,
                          pg_get_expr(p.polqual, p.polrelid) as reads,
                          pg_get_expr(p.polwithcheck, p.polrelid) as writes
                   from pg_policy p
                   join roles r on r.oid = any (p.polroles) or 0 = any (p.polroles)
               ), wanted as (
                   select w.*, r.oid as role_oid, r.name as role,
                          case r.name when 'warmline_system' then 'true'
                               else format('(%I = (current_setting(''app.tenant_id''::text))::uuid)', w.key)
                          end as rule
                   from walled w cross join roles r
                   where w.relkind in ('r', 'p')
               )
               select name || ' is a superuser' as "breach!" from roles where rolsuper
               union all
               select name || ' may bypass row-level security' from roles where rolbypassrls
               union all
               select 'warmline_app has the rights of warmline_system'
               from roles where name = 'warmline_app' and pg_has_role(oid, 'warmline_system', 'USAGE')
               union all
               select role || ' has the rights of the owner of ' || name
               from wanted where pg_has_role(role_oid, relowner, 'USAGE')
               union all
               select name || ' is without row-level security'
               from walled where relkind in ('r', 'p') and not relrowsecurity
               union all
               select name || ' does not force row-level security on its owner'
               from walled where relkind in ('r', 'p') and not relforcerowsecurity
               union all
               select w.name || ' has not the one policy for ' || w.role
               from wanted w
               where (select count(*) filter (where p.is_plain and p.reads = w.rule and p.writes = w.rule) <> 1
                             or count(*) <> 1
                      from policies p where p.polrelid = w.oid and p.role = w.role)
               union all
               select w.role || ' may truncate ' || w.name
               from wanted w where has_table_privilege(w.role_oid, w.oid, 'TRUNCATE')
               union all
               select name || ' shows rows of organisations with the rights of its owner'
               from walled
               where relkind in ('m', 'f') or relkind = 'v'
                     and not 'security_invoker=true' = any (coalesce(reloptions, '{}'))
               order by 1"#
        )
        .fetch_all(self.system())
        .await?)
    }
}

/// Tells a server that does not answer from a login that may not become what it has to.
fn unswitchable(error: sqlx::Error, role: &str) -> Error {
    let code = error.as_database_error().and_then(|refusal| refusal.code().map(std::borrow::Cow::into_owned));
    let error = Error::from(error);
    match (code.as_deref(), error) {
        // There is no such role, or no permission to take it.
        (Some("22023" | "42501"), Error::Database(why)) => cannot_switch(role, &why),
        (_, error) => error,
    }
}

fn cannot_switch(role: &str, why: &str) -> Error {
    Error::Refused(format!(
        "the user of DATABASE_URL cannot work as {role} ({why}); as an administrator, run \
         `grant warmline_system, warmline_app to` that user"
    ))
}
