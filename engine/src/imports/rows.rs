//! The rows that are kept of an import: all that were not stored, all with a remark, and the first ones.

use uuid::Uuid;
use warmline_workflows::import::Outcome;
use warmline_workflows::{ImportId, TenantId};

use super::{count, stored};
use crate::vault::{Keys, Place};
use crate::{Database, Engine, Error};

/// A row that is to be kept for people to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKeptRow {
    /// The row.
    pub row: KeptRow,
    /// Its number, E.164, if it has one that can be called: who is erased goes from here as well.
    pub phone: Option<String>,
}

/// A row that is kept for people to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRow {
    /// The line of the file that it begins in, from 1.
    pub line: u64,
    /// What became of it.
    pub outcome: Outcome,
    /// What it says and why it has this outcome, in the words of the importer. Personal data.
    pub body: Vec<u8>,
}

impl Engine {
    /// Rows that were kept of an import, by their lines, from the one after `after` on; of the outcomes that
    /// are asked for.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn import_rows(
        &self,
        (tenant, import): (TenantId, ImportId),
        outcomes: &[Outcome],
        after: u64,
        limit: i64,
    ) -> Result<Vec<KeptRow>, Error> {
        let outcomes: Vec<&str> = outcomes.iter().map(|outcome| outcome.as_str()).collect();
        let keys = self.database.keys(tenant).await?;
        let mut transaction = self.database.tenant(tenant).await?;
        let rows = sqlx::query!(
            "select line, outcome, body from import_rows
             where tenant_id = $1 and import_id = $2 and line > $3 and outcome = any ($4)
             order by line
             limit $5",
            tenant.0,
            import.0,
            stored(after),
            &outcomes as &[&str],
            limit,
        )
        .fetch_all(&mut *transaction)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(KeptRow {
                    line: count(row.line),
                    outcome: row.outcome.parse().map_err(Error::unreadable("row of an import"))?,
                    body: keys.open_bytes(Place::import_row(import), &row.body)?.into_owned(),
                })
            })
            .collect()
    }
}

/// Stores rows that are to be kept.
pub(super) async fn keep(
    connection: &mut sqlx::PgConnection,
    (tenant, keys): (TenantId, &Keys),
    import: ImportId,
    rows: &[NewKeptRow],
) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    let lines: Vec<i64> = rows.iter().map(|new| stored(new.row.line)).collect();
    let outcomes: Vec<&str> = rows.iter().map(|new| new.row.outcome.as_str()).collect();
    let place = Place::import_row(import);
    let bodies: Vec<Vec<u8>> =
        rows.iter().map(|new| keys.seal_bytes(place, &new.row.body)).collect::<Result<_, _>>()?;
    let phones: Vec<Option<Vec<u8>>> =
        rows.iter().map(|new| new.phone.as_ref().map(|phone| keys.phone(phone).0.to_vec())).collect();
    sqlx::query!(
        "insert into import_rows (tenant_id, import_id, line, outcome, body, phone_key)
         select $1, $2, r.line, r.outcome, r.body, r.phone_key
         from unnest($3::bigint[], $4::text[], $5::bytea[], $6::bytea[]) as r(line, outcome, body, phone_key)",
        tenant.0,
        import.0,
        &lines,
        &outcomes as &[&str],
        &bodies,
        &phones as &[Option<Vec<u8>>],
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Seals the kept rows of an organisation anew that are not sealed with its present key. Returns how many.
pub(crate) async fn seal_anew(database: &Database, tenant: TenantId, keys: &Keys) -> Result<u64, Error> {
    let (mut after, mut count) = ((Uuid::nil(), 0), 0);
    loop {
        let mut transaction = database.tenant(tenant).await?;
        let rows = sqlx::query!(
            "select import_id, line, body from import_rows
             where tenant_id = $1 and (import_id, line) > ($2, $3)
             order by import_id, line
             limit 1000",
            tenant.0,
            after.0,
            after.1,
        )
        .fetch_all(&mut *transaction)
        .await?;
        let Some(last) = rows.last() else { return Ok(count) };
        after = (last.import_id, last.line);
        let (mut imports, mut lines, mut bodies) = (Vec::new(), Vec::new(), Vec::new());
        for row in rows.iter().filter(|row| !keys.is_present(&row.body)) {
            let place = Place::import_row(ImportId(row.import_id));
            bodies.push(keys.seal_bytes(place, &keys.open_bytes(place, &row.body)?)?);
            imports.push(row.import_id);
            lines.push(row.line);
        }
        // Nobody else writes them once they are there.
        let done = sqlx::query!(
            "update import_rows r set body = i.body
             from unnest($2::uuid[], $3::bigint[], $4::bytea[]) as i(import_id, line, body)
             where r.tenant_id = $1 and r.import_id = i.import_id and r.line = i.line",
            tenant.0,
            &imports,
            &lines,
            &bodies,
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        count += done.rows_affected();
    }
}
