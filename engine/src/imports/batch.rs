//! Batches: rows of a file become leads, and the import moves on, in one commit.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;
use uuid::Uuid;
use warmline_workflows::feed::Notice;
use warmline_workflows::import::{Outcome, Status};
use warmline_workflows::{CampaignId, ImportId, LeadId, TenantId};

use super::lookup::{self, Found};
use super::rows::{NewKeptRow, keep};
use super::run::{Held, LEASE};
use super::{Counts, StoredCounts, stored, twins};
use crate::leads::{NewLead, Row, list_marked, store_words};
use crate::vault::{Keys, PhoneKey};
use crate::{Engine, Error, crash, feed};

/// A row that may become a lead; its number was checked already.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The line of the file that it begins in, from 1.
    pub line: u64,
    /// What it says.
    pub lead: NewLead,
    /// Whether it says how urgent the lead is, or leaves that to us.
    pub states_priority: bool,
    /// Whether it says in which zone the lead is.
    pub states_time_zone: bool,
}

/// What became of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It will be called.
    Queued(LeadId),
    /// It is stored and will not be called: the number is on the do-not-call list, or was marked so.
    DoNotCall(LeadId),
    /// Its number is known already.
    Duplicate(Twin),
}

/// Where the number of a duplicate is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Twin {
    /// An earlier row of the file, in this line.
    Line(u64),
    /// A lead of the campaign.
    Campaign,
    /// A lead of another campaign.
    OtherCampaign,
}

/// What is stored of candidates as persons, made before they are stored.
#[derive(Debug, Default)]
pub struct Sealed(Vec<Row>);

/// Rows that are stored together, with the place in the file behind them.
#[derive(Debug)]
pub struct Batch {
    /// The rows that can become leads, in the order of the file.
    pub candidates: Vec<Candidate>,
    /// The same, as [`Engine::seal_candidates`] made them ready to be stored.
    pub sealed: Sealed,
    /// How many others there were.
    pub invalid: u64,
    /// Where to go on after them, in the words of the importer.
    pub position: serde_json::Value,
    /// Bytes of text read up to there.
    pub bytes_read: u64,
}

/// How often a batch is stored that got in the way of somebody else's.
const TRIES: u32 = 4;

impl Engine {
    /// Makes candidates ready to be stored, which keeps a processor busy: before their batch's turn has come.
    ///
    /// # Errors
    /// When a number is not in E.164, or the keys of the organisation cannot be had.
    pub async fn seal_candidates(&self, tenant: TenantId, candidates: &[Candidate]) -> Result<Sealed, Error> {
        // Looked up for every batch: a long import must not go on with a key that was replaced meanwhile.
        let keys = self.database.keys(tenant).await?;
        let rows = candidates.iter().map(|candidate| Row::of(&keys, &candidate.lead));
        Ok(Sealed(rows.collect::<Result<_, _>>()?))
    }

    /// Stores a batch and moves the import on behind it, in one commit. `keep` says which rows people should
    /// see, given the fates of the candidates in their order; it may be asked more than once.
    ///
    /// A number that is marked as not to be called is put on the organisation's list, whatever becomes of its
    /// row. False when the import is not the caller's any more: nothing was stored then.
    ///
    /// # Errors
    /// When the database does not do it; then nothing was stored, or all of it was and the import has moved on.
    pub async fn store_batch(
        &self,
        held: &Held,
        batch: &Batch,
        now: Timestamp,
        keep: impl Fn(&[Fate]) -> Vec<NewKeptRow> + Send + Sync,
    ) -> Result<bool, Error> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.try_batch(held, batch, now, &keep).await {
                // Somebody else stored one of the numbers since we looked: it is found at the next look.
                Err(error) if error.is_conflict() && tries < TRIES => {}
                result => return result,
            }
        }
    }

    async fn try_batch(
        &self,
        held: &Held,
        batch: &Batch,
        now: Timestamp,
        keep_of: &(impl Fn(&[Fate]) -> Vec<NewKeptRow> + Send + Sync),
    ) -> Result<bool, Error> {
        let keys = self.database.keys(held.tenant).await?;
        let mut transaction = self.database.tenant(held.tenant).await?;
        let fates = place(&mut transaction, held, &keys, batch, now).await?;
        keep(&mut transaction, (held.tenant, &keys), held.import.id, &keep_of(&fates)).await?;
        crash::point("import: batch stored and not committed");
        if !advance(&mut transaction, held, batch, &fates, now).await? {
            return Ok(false);
        }
        transaction.commit().await?;
        crash::point("import: batch committed");
        Ok(true)
    }
}

/// Stores those candidates whose numbers are new, and settles what becomes of each.
async fn place(
    connection: &mut PgConnection,
    held: &Held,
    keys: &Keys,
    batch: &Batch,
    now: Timestamp,
) -> Result<Vec<Fate>, Error> {
    let (candidates, rows) = (&batch.candidates, &batch.sealed.0);
    if candidates.len() != rows.len() {
        return Err(Error::Refused("the candidates of a batch were not sealed".to_owned()));
    }
    if candidates.is_empty() {
        return Ok(Vec::new());
    }
    let options = &held.import.options;
    let campaign =
        held.import.campaign.ok_or_else(|| Error::Refused("the import has no campaign".to_owned()))?;
    if !options.dry_run {
        let leads = candidates.iter().map(|candidate| &candidate.lead).zip(rows);
        let mut marked: Vec<(PhoneKey, &str)> = leads
            .filter(|(lead, _)| lead.do_not_call)
            .map(|(lead, row)| (row.phone, lead.phone.as_str()))
            .collect();
        // In one order, so that two who list the same numbers do not block each other.
        marked.sort_unstable_by_key(|(phone, _)| phone.0);
        list_marked(connection, (held.tenant, keys), &marked).await?;
    }
    let mut found = lookup::find(connection, held, campaign, rows).await?;
    let mut fates = Vec::with_capacity(candidates.len());
    let mut new: Vec<New<'_>> = Vec::new();
    let mut twins: Vec<(LeadId, &Candidate)> = Vec::new();
    // Of two with the same number the first is stored.
    for (candidate, row) in candidates.iter().zip(rows) {
        let known = found.entry(row.phone).or_default();
        fates.push(match known.twin {
            Some((lead, twin)) => {
                twins.extend(lead.map(|lead| (lead, candidate)));
                Fate::Duplicate(twin)
            }
            None => {
                known.twin = Some((Some(row.id), Twin::Line(candidate.line)));
                let is_called = !known.listed && !candidate.lead.do_not_call;
                new.push(New { row, candidate, is_called });
                if is_called { Fate::Queued(row.id) } else { Fate::DoNotCall(row.id) }
            }
        });
    }
    // Two imports that store the same numbers in the same order wait for each other, and do not block each
    // other; and the index is walked from one end to the other.
    new.sort_unstable_by_key(|new| new.row.phone.0);
    if options.dry_run {
        lookup::remember(connection, held, &new).await?;
    } else {
        insert(connection, (held.tenant, campaign, held.import.id), &new, now).await?;
        twins::update(connection, (held.tenant, keys), options.duplicates, &twins).await?;
    }
    Ok(fates)
}

/// A candidate whose number is new.
pub(super) struct New<'a> {
    pub(super) row: &'a Row,
    pub(super) candidate: &'a Candidate,
    pub(super) is_called: bool,
}

async fn insert(
    connection: &mut PgConnection,
    (tenant, campaign, import): (TenantId, CampaignId, ImportId),
    new: &[New<'_>],
    now: Timestamp,
) -> Result<(), Error> {
    if new.is_empty() {
        return Ok(());
    }
    let leads = || new.iter().map(|new| &new.candidate.lead);
    let optional =
        |field: fn(&NewLead) -> Option<&str>| -> Vec<Option<&str>> { leads().map(field).collect() };
    let ids: Vec<Uuid> = new.iter().map(|new| new.row.id.0).collect();
    let persons: Vec<&[u8]> = new.iter().map(|new| new.row.person.as_slice()).collect();
    let phones: Vec<&[u8]> = new.iter().map(|new| new.row.phone.0.as_slice()).collect();
    let lines: Vec<i32> =
        new.iter().map(|new| i32::try_from(new.candidate.line).unwrap_or(i32::MAX)).collect();
    let called: Vec<bool> = new.iter().map(|new| new.is_called).collect();
    let zones: Vec<String> = leads().map(|lead| lead.time_zones.join(" ")).collect();
    let priorities: Vec<i16> = leads().map(|lead| lead.priority.rank()).collect();
    sqlx::query!(
        r#"insert into leads (tenant_id, campaign_id, id, person, phone_key, country, time_zones, kind,
                              priority, status, due_at, import_id, import_line)
           select $1, $2, i.id, i.person, i.phone_key, i.country,
                  coalesce(string_to_array(nullif(i.zones, ''), ' '), '{}'), i.kind, i.priority,
                  case when i.called then 'new' else 'do_not_call' end,
                  case when i.called then $3::timestamptz end, $4, i.line
           from unnest($5::uuid[], $6::bytea[], $7::bytea[], $8::text[], $9::text[], $10::text[],
                       $11::smallint[], $12::boolean[], $13::integer[])
                as i(id, person, phone_key, country, zones, kind, priority, called, line)"#,
        tenant.0,
        campaign.0,
        now.to_sqlx(),
        import.0,
        &ids,
        &persons as &[&[u8]],
        &phones as &[&[u8]],
        &optional(|lead| lead.country.as_deref()) as &[Option<&str>],
        &zones,
        &optional(|lead| lead.kind.as_deref()) as &[Option<&str>],
        &priorities,
        &called,
        &lines,
    )
    .execute(&mut *connection)
    .await?;
    let words = new.iter().flat_map(|new| new.row.words.iter().map(|word| (*word, new.row.id.0)));
    store_words(connection, tenant, words.collect()).await
}

/// Moves the import on, if it is still the caller's, which the feed tells.
async fn advance(
    connection: &mut PgConnection,
    held: &Held,
    batch: &Batch,
    fates: &[Fate],
    now: Timestamp,
) -> Result<bool, Error> {
    let counts = counts(batch.invalid, fates);
    let done = sqlx::query_as!(
        StoredCounts,
        "update imports
         set rows = rows + $4, valid = valid + $5, invalid = invalid + $6, duplicates = duplicates + $7,
             do_not_call = do_not_call + $8, position = $9, bytes_read = $10, crash_count = 0, error = null,
             lease_until = now() + make_interval(secs => $11), due_at = now() + make_interval(secs => $11)
         where tenant_id = $1 and id = $2 and fence = $3 and status = 'running'
         returning rows, valid, invalid, duplicates, do_not_call",
        held.tenant.0,
        held.import.id.0,
        held.fence,
        stored(counts.rows),
        stored(counts.valid),
        stored(counts.invalid),
        stored(counts.duplicates),
        stored(counts.do_not_call),
        batch.position,
        stored(batch.bytes_read),
        LEASE.as_secs_f64(),
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(so_far) = done else { return Ok(false) };
    if let Some(progress) = held.told(Status::Running, so_far.into()) {
        feed::record(connection, held.tenant, &[Notice::ImportProgressed(progress)], now).await?;
    }
    Ok(true)
}

fn counts(invalid: u64, fates: &[Fate]) -> Counts {
    let mut counts = Counts { rows: invalid + fates.len() as u64, invalid, ..Counts::default() };
    for fate in fates {
        match fate.outcome() {
            Outcome::Valid => counts.valid += 1,
            Outcome::Invalid => counts.invalid += 1,
            Outcome::Duplicate => counts.duplicates += 1,
            Outcome::DoNotCall => counts.do_not_call += 1,
        }
    }
    counts
}

impl Fate {
    /// The fate in one word.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        match self {
            Self::Queued(_) => Outcome::Valid,
            Self::DoNotCall(_) => Outcome::DoNotCall,
            Self::Duplicate(_) => Outcome::Duplicate,
        }
    }
}

/// What is known of the numbers of a batch.
pub(super) type Numbers = HashMap<PhoneKey, Found>;
