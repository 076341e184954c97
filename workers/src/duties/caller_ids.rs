//! Caller ids: whether the carrier still lets organisations show theirs. One that it does not list is not dialed from.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::time::Duration;

use warmline_engine::Error;
use warmline_engine::caller_ids::Unchecked;

use crate::context::Context;

/// How soon a number that was just added can be shown.
pub(super) const EVERY: Duration = Duration::from_secs(1);
/// Organisations that are looked at in one round.
const ORGANISATIONS_MAX: i64 = 100;
/// The pause after the carrier could not be asked.
const PAUSE: Duration = Duration::from_secs(30);

pub(super) async fn check(context: &Context) -> Result<(), Error> {
    // The installation's account serves many organisations, and has one list.
    let mut lists = HashMap::new();
    for unchecked in context.engine.unchecked_caller_ids(ORGANISATIONS_MAX).await? {
        let Unchecked { tenant, carrier } = unchecked;
        let listed = match lists.entry(carrier) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(list(context, unchecked).await),
        };
        match listed {
            Ok(listed) => {
                for number in context.engine.note_listed(unchecked, listed).await? {
                    tracing::warn!(
                        tenant.id = %tenant, number.id = %number,
                        "a caller id is not shown any more: the carrier does not list it"
                    );
                }
            }
            // The numbers stay as they are: those that were listed are shown, those never asked about are not.
            Err(error) => {
                tracing::warn!(tenant.id = %tenant, error, "the carrier cannot be asked about caller ids now");
                context.engine.put_off_check(tenant, PAUSE).await?;
            }
        }
    }
    Ok(())
}

/// The numbers that an organisation's account may call from.
async fn list(context: &Context, Unchecked { tenant, carrier }: Unchecked) -> Result<Vec<String>, String> {
    let line = context.lines.of(tenant, carrier).await.map_err(|error| error.to_string())?;
    let numbers = line.carrier.list_numbers().await.map_err(|error| error.to_string())?;
    Ok(numbers.into_iter().filter(|number| number.voice).map(|number| number.phone_number).collect())
}
