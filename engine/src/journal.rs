//! The journal: what happened to a call, read back.

use jiff::Timestamp;
use warmline_workflows::call::{Call, Command, CommandId, Event, Plan};
use warmline_workflows::{CallId, Leg, TenantId};

use crate::first_id::first_id;
use crate::outbox::version;
use crate::{Engine, Error, plan, step};

/// One line of a journal.
#[derive(Debug, Clone)]
pub struct Line {
    /// The version the call had after it.
    pub version: u32,
    /// Business time.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
    /// The state before.
    pub from: String,
    /// The state after.
    pub to: String,
    /// What the call wanted done.
    pub commands: Vec<Command>,
    /// Why it changed nothing, if so.
    pub ignored: Option<String>,
}

/// A call as it is stored, with its journal.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// What was settled when it was opened.
    pub plan: Plan,
    /// Its stored form.
    pub call: Call,
    /// Its version.
    pub version: u32,
    /// What happened to it, in order.
    pub lines: Vec<Line>,
}

impl Recorded {
    /// What is wrong with the record, if anything: the journal must be without a gap, and folding it
    /// must give the stored call.
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        let versions: Vec<u32> = self.lines.iter().map(|line| line.version).collect();
        if versions != (1..=self.version).collect::<Vec<_>>() {
            return Some(format!("{}: version {} but journal {versions:?}", self.plan.call, self.version));
        }
        let folded = step::fold(&self.plan, self.lines.iter().map(|line| (&line.event, line.at)));
        (folded != self.call).then(|| format!("{}: the journal folds to another state", self.plan.call))
    }
}

impl Engine {
    /// A call with its journal.
    ///
    /// # Errors
    /// [`Error::UnknownCall`], or when the database does not do it.
    pub async fn recorded(&self, tenant: TenantId, call: CallId) -> Result<Recorded, Error> {
        let keys = self.database.keys(tenant).await?;
        let mut transaction = self.database.tenant(tenant).await?;
        let row = sqlx::query!(
            r#"select plan::text as "plan!", person, snapshot, version
               from calls where tenant_id = $1 and id = $2"#,
            tenant.0,
            call.0,
        )
        .fetch_optional(&mut *transaction)
        .await?
        .ok_or(Error::UnknownCall(call))?;
        let lines = sqlx::query!(
            r#"select version, at, event::text as "event!", from_state, to_state, commands::text as commands, ignored
               from journal where tenant_id = $1 and call_id = $2 and version <= $3 order by version"#,
            tenant.0,
            call.0,
            row.version,
        )
        .fetch_all(&mut *transaction)
        .await?;
        let lines = lines
            .into_iter()
            .map(|line| {
                Ok(Line {
                    version: u32::try_from(line.version).unwrap_or(0),
                    at: line.at.to_jiff(),
                    event: serde_json::from_str(&line.event).map_err(Error::unreadable("event"))?,
                    from: line.from_state,
                    to: line.to_state,
                    commands: match line.commands {
                        Some(commands) => {
                            serde_json::from_str(&commands).map_err(Error::unreadable("commands"))?
                        }
                        None => Vec::new(),
                    },
                    ignored: line.ignored,
                })
            })
            .collect::<Result<_, Error>>()?;
        Ok(Recorded {
            plan: plan::load(&keys, call, &row.plan, row.person.as_deref())?,
            call: serde_json::from_str(&row.snapshot).map_err(Error::unreadable("snapshot"))?,
            version: u32::try_from(row.version).unwrap_or(0),
            lines,
        })
    }

    /// Whether a leg has got by other ways to where a redirect was to send it: it entered the conference
    /// after the command was given, or it is the lead's and the conversation is on. To redirect it now would cut that
    /// off. An agent's leg that was redirected since the agent accepted in the console has its conversation ahead of it.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn has_moved_on(&self, tenant: TenantId, redirect: CommandId, leg: Leg) -> Result<bool, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        Ok(sqlx::query_scalar!(
            r#"select (c.state = 'bridged' and $4 = 'lead') or exists (
                   select 1 from journal j
                   where j.tenant_id = c.tenant_id and j.call_id = c.id and j.version > $3
                     and j.event ->> 'event' = 'conference_joined' and j.event ->> 'leg' = $4
               ) as "moved_on!"
               from calls c where c.tenant_id = $1 and c.id = $2"#,
            tenant.0,
            redirect.call.0,
            version(redirect),
            leg.to_string(),
        )
        .fetch_one(&mut *transaction)
        .await?)
    }

    /// Forgets up to `limit` entries of journals of calls that were opened before an instant of real time and are
    /// over. Their calls keep state, result and cost. Returns how many.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn purge_journals(&self, before: Timestamp, limit: i64) -> Result<u64, Error> {
        // By id and not by date: old calls are where the key begins.
        let done = sqlx::query!(
            "delete from journal j
             using (select o.tenant_id, o.call_id, o.version
                    from tenants t
                    cross join lateral (
                        select j.tenant_id, j.call_id, j.version from journal j
                        where j.tenant_id = t.id and j.call_id < $1
                          and not exists (select 1 from calls c
                                          where c.tenant_id = j.tenant_id and c.id = j.call_id and c.open)
                        order by j.call_id, j.version
                        limit $2
                    ) o
                    limit $2) o
             where j.tenant_id = o.tenant_id and j.call_id = o.call_id and j.version = o.version",
            first_id(before),
            limit,
        )
        .execute(self.database.system())
        .await?;
        Ok(done.rows_affected())
    }

    /// Every call of an organisation.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn all_calls(&self, tenant: TenantId) -> Result<Vec<CallId>, Error> {
        let mut transaction = self.database.tenant(tenant).await?;
        let ids = sqlx::query_scalar!("select id from calls where tenant_id = $1 order by id", tenant.0)
            .fetch_all(&mut *transaction)
            .await?;
        Ok(ids.into_iter().map(CallId).collect())
    }
}
