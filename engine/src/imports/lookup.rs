//! What is known of the numbers of a batch before it is stored.

use sqlx::PgConnection;
use uuid::Uuid;
use warmline_workflows::{CampaignId, LeadId};

use super::batch::{New, Numbers, Twin};
use super::run::Held;
use super::{count, stored};
use crate::Error;
use crate::leads::Row;
use crate::vault::PhoneKey;

/// What is known of a number.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Found {
    /// Where it is known from, and the lead that has it; a dry run has stored none.
    pub(super) twin: Option<(Option<LeadId>, Twin)>,
    /// Whether it is on the do-not-call list.
    pub(super) listed: bool,
}

/// Looks the numbers of candidates up: among the leads, on the do-not-call list, and in what a dry run has
/// come upon so far. Numbers that nothing is known of are not in the answer.
pub(super) async fn find(
    connection: &mut PgConnection,
    held: &Held,
    campaign: CampaignId,
    rows: &[Row],
) -> Result<Numbers, Error> {
    let mut phones: Vec<&[u8]> = rows.iter().map(|row| row.phone.0.as_slice()).collect();
    phones.sort_unstable();
    phones.dedup();
    // A new campaign counts as empty, too, so that the index of its leads looks as good as that of numbers: hence
    // `is not distinct from` below, which no index is used for.
    // A batch is small beside the tables that it is looked up in, whatever the statistics say of them. Hence also
    // each number by itself, in the order of the batch: a join is turned round while a table counts as empty.
    sqlx::query_scalar!(
        "select array_agg(set_config(name, 'off', true))
         from unnest(array['enable_hashjoin', 'enable_mergejoin', 'enable_seqscan', 'jit']) as s(name)"
    )
    .fetch_one(&mut *connection)
    .await?;
    let mut numbers = Numbers::with_capacity(phones.len());
    let tenant = held.tenant.0;
    let listed = sqlx::query_scalar!(
        r#"select d.phone_key as "phone_key!" from unnest($2::bytea[]) as k(phone_key)
           cross join lateral (
               select phone_key from dnc_list where tenant_id = $1 and phone_key = k.phone_key limit 1
           ) d"#,
        tenant,
        &phones as &[&[u8]],
    );
    for phone in listed.fetch_all(&mut *connection).await? {
        numbers.entry(key(phone)?).or_default().listed = true;
    }
    if held.import.options.dry_run {
        let met = sqlx::query!(
            r#"select n.phone_key as "phone_key!", n.line as "line!" from unnest($3::bytea[]) as k(phone_key)
               cross join lateral (
                   select phone_key, line from import_numbers
                   where tenant_id = $1 and import_id = $2 and phone_key = k.phone_key
                   limit 1
               ) n"#,
            tenant,
            held.import.id.0,
            &phones as &[&[u8]],
        );
        for row in met.fetch_all(&mut *connection).await? {
            numbers.entry(key(row.phone_key)?).or_default().twin = Some((None, Twin::Line(count(row.line))));
        }
    }
    let mut leads = of_campaign(connection, held, campaign, &phones).await?;
    if held.import.options.across_campaigns {
        leads.extend(of_others(connection, held, campaign, &phones).await?);
    }
    for (phone, lead, twin) in leads {
        // The campaign's own lead goes before one of another.
        numbers.entry(phone).or_default().twin.get_or_insert((Some(lead), twin));
    }
    Ok(numbers)
}

async fn of_campaign(
    connection: &mut PgConnection,
    held: &Held,
    campaign: CampaignId,
    phones: &[&[u8]],
) -> Result<Vec<(PhoneKey, LeadId, Twin)>, Error> {
    let rows = sqlx::query!(
        r#"select l.phone_key as "phone_key!", l.id as "id!", l.import_id, l.import_line
           from unnest($3::bytea[]) as k(phone_key)
           cross join lateral (
               select phone_key, id, import_id, import_line from leads
               where tenant_id = $1 and campaign_id is not distinct from $2 and phone_key = k.phone_key
               limit 1
           ) l"#,
        held.tenant.0,
        campaign.0,
        phones as &[&[u8]],
    )
    .fetch_all(connection)
    .await?;
    let twin = |import: Option<Uuid>, line: Option<i32>| match line {
        Some(line) if import == Some(held.import.id.0) => Twin::Line(count(i64::from(line))),
        _ => Twin::Campaign,
    };
    rows.into_iter()
        .map(|row| Ok((key(row.phone_key)?, LeadId(row.id), twin(row.import_id, row.import_line))))
        .collect()
}

async fn of_others(
    connection: &mut PgConnection,
    held: &Held,
    campaign: CampaignId,
    phones: &[&[u8]],
) -> Result<Vec<(PhoneKey, LeadId, Twin)>, Error> {
    let rows = sqlx::query!(
        r#"select l.phone_key as "phone_key!", l.id as "id!"
           from unnest($3::bytea[]) as k(phone_key)
           cross join lateral (
               select phone_key, id from leads
               where tenant_id = $1 and phone_key = k.phone_key and campaign_id <> $2
               order by id
               limit 1
           ) l"#,
        held.tenant.0,
        campaign.0,
        phones as &[&[u8]],
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(|row| Ok((key(row.phone_key)?, LeadId(row.id), Twin::OtherCampaign))).collect()
}

fn key(stored: Vec<u8>) -> Result<PhoneKey, Error> {
    let short = |_| Error::Unreadable { what: "number", why: "its digest is not 16 bytes long".to_owned() };
    stored.try_into().map(PhoneKey).map_err(short)
}

/// Remembers the numbers that a dry run has come upon.
pub(super) async fn remember(
    connection: &mut PgConnection,
    held: &Held,
    new: &[New<'_>],
) -> Result<(), Error> {
    let phones: Vec<&[u8]> = new.iter().map(|new| new.row.phone.0.as_slice()).collect();
    let lines: Vec<i64> = new.iter().map(|new| stored(new.candidate.line)).collect();
    sqlx::query!(
        "insert into import_numbers (tenant_id, import_id, phone_key, line)
         select $1, $2, n.phone_key, n.line from unnest($3::bytea[], $4::bigint[]) as n(phone_key, line)",
        held.tenant.0,
        held.import.id.0,
        &phones as &[&[u8]],
        &lines,
    )
    .execute(connection)
    .await?;
    Ok(())
}
