//! Duplicates that bring news: what a row says of a lead that is known already.

use std::collections::HashMap;

use sqlx::PgConnection;
use uuid::Uuid;
use warmline_workflows::import::Duplicates;
use warmline_workflows::{LeadId, TenantId};

use super::batch::Candidate;
use crate::Error;
use crate::leads::store_words;
use crate::vault::{Keys, Person, Place};

/// What a row can change in a lead: everything but its number and where it stands.
#[derive(Debug, Clone, PartialEq)]
struct Known {
    person: Person,
    time_zones: Vec<String>,
    kind: Option<String>,
    priority: i16,
}

impl Known {
    /// Takes from a row what the policy allows.
    fn take(&mut self, policy: Duplicates, row: &Candidate) {
        let overwrite = match policy {
            Duplicates::Skip => return,
            Duplicates::UpdateBlanks => false,
            Duplicates::Overwrite => true,
        };
        let (lead, person) = (&row.lead, &mut self.person);
        let text = |is: &mut String, says: &str| {
            if !says.is_empty() && (overwrite || is.is_empty()) {
                says.clone_into(is);
            }
        };
        let optional = |is: &mut Option<String>, says: &Option<String>| {
            if says.is_some() && (overwrite || is.is_none()) {
                is.clone_from(says);
            }
        };
        text(&mut person.first_name, &lead.first_name);
        text(&mut person.last_name, &lead.last_name);
        text(&mut person.phone_original, &lead.phone_original);
        optional(&mut person.email, &lead.email);
        optional(&mut person.notes, &lead.notes);
        optional(&mut self.kind, &lead.kind);
        for (key, value) in &lead.custom {
            if overwrite || !person.custom.contains_key(key) {
                person.custom.insert(key.clone(), value.clone());
            }
        }
        // Neither is ever blank in a lead.
        if overwrite && row.states_priority {
            self.priority = lead.priority.rank();
        }
        if row.states_time_zone && (overwrite || self.time_zones.is_empty()) {
            self.time_zones.clone_from(&lead.time_zones);
        }
    }
}

/// Writes what rows say into the leads that have their numbers, row by row in the order of the file. A person
/// that was erased stays so.
pub(super) async fn update(
    connection: &mut PgConnection,
    (tenant, keys): (TenantId, &Keys),
    policy: Duplicates,
    twins: &[(LeadId, &Candidate)],
) -> Result<(), Error> {
    if policy == Duplicates::Skip || twins.is_empty() {
        return Ok(());
    }
    let before = read(connection, (tenant, keys), twins).await?;
    let mut leads = before.clone();
    for (lead, row) in twins {
        if let Some(known) = leads.get_mut(lead) {
            known.take(policy, row);
        }
    }
    leads.retain(|lead, known| before.get(lead) != Some(known));
    let mut leads: Vec<(LeadId, Known)> = leads.into_iter().collect();
    leads.sort_unstable_by_key(|(lead, _)| *lead);
    write(connection, (tenant, keys), &leads).await?;
    let words =
        |known: &Known| -> Vec<i64> { known.person.words().iter().map(|word| keys.word(word)).collect() };
    let (mut gone, mut new) = (Vec::new(), Vec::new());
    for (lead, known) in &leads {
        let is = words(known);
        let was = before.get(lead).map(words).unwrap_or_default();
        gone.extend(was.iter().filter(|word| !is.contains(word)).map(|word| (*word, lead.0)));
        new.extend(is.iter().filter(|word| !was.contains(word)).map(|word| (*word, lead.0)));
    }
    forget_words(connection, tenant, gone).await?;
    store_words(connection, tenant, new).await
}

/// Forgets words that leads were found by.
pub(super) async fn forget_words(
    connection: &mut PgConnection,
    tenant: TenantId,
    words: Vec<(i64, Uuid)>,
) -> Result<(), Error> {
    if words.is_empty() {
        return Ok(());
    }
    let (words, leads): (Vec<i64>, Vec<Uuid>) = words.into_iter().unzip();
    sqlx::query!(
        "delete from lead_words l using unnest($2::bigint[], $3::uuid[]) as w(word, lead_id)
         where l.tenant_id = $1 and l.word = w.word and l.lead_id = w.lead_id",
        tenant.0,
        &words,
        &leads,
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn read(
    connection: &mut PgConnection,
    (tenant, keys): (TenantId, &Keys),
    twins: &[(LeadId, &Candidate)],
) -> Result<HashMap<LeadId, Known>, Error> {
    let mut ids: Vec<Uuid> = twins.iter().map(|(lead, _)| lead.0).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows = sqlx::query!(
        r#"select id, person as "person!", time_zones, kind, priority
           from leads where tenant_id = $1 and id = any ($2) and person is not null
           order by id
           for update"#,
        tenant.0,
        &ids,
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            let lead = LeadId(row.id);
            let person = keys.open(Place::lead(lead), &row.person)?;
            let (time_zones, kind, priority) = (row.time_zones, row.kind, row.priority);
            Ok((lead, Known { person, time_zones, kind, priority }))
        })
        .collect()
}

async fn write(
    connection: &mut PgConnection,
    (tenant, keys): (TenantId, &Keys),
    leads: &[(LeadId, Known)],
) -> Result<(), Error> {
    if leads.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = leads.iter().map(|(lead, _)| lead.0).collect();
    let persons: Vec<Vec<u8>> = leads
        .iter()
        .map(|(lead, known)| keys.seal(Place::lead(*lead), &known.person))
        .collect::<Result<_, _>>()?;
    let zones: Vec<String> = leads.iter().map(|(_, known)| known.time_zones.join(" ")).collect();
    let kinds: Vec<Option<&str>> = leads.iter().map(|(_, known)| known.kind.as_deref()).collect();
    let priorities: Vec<i16> = leads.iter().map(|(_, known)| known.priority).collect();
    sqlx::query!(
        "update leads l
         set person = t.person, kind = t.kind, priority = t.priority, version = l.version + 1,
             time_zones = coalesce(string_to_array(nullif(t.zones, ''), ' '), '{}')
         from unnest($2::uuid[], $3::bytea[], $4::text[], $5::text[], $6::smallint[])
              as t(id, person, zones, kind, priority)
         where l.tenant_id = $1 and l.id = t.id",
        tenant.0,
        &ids,
        &persons,
        &zones,
        &kinds as &[Option<&str>],
        &priorities,
    )
    .execute(connection)
    .await?;
    Ok(())
}
