//! Recordings that are to be deleted: because somebody says so, their lead was erased, or they are old enough. And those
//! that the carrier made and never told us of.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use warmline_engine::Error;
use warmline_engine::inquiries::Inquiry;
use warmline_engine::recordings::Removal;
use warmline_twilio::client::{Client, Control, ReadError, RecordingResource};
use warmline_twilio::documents::conference_name;
use warmline_twilio::webhook::recording::Status;
use warmline_workflows::call::Event;
use warmline_workflows::inquiry::{self, About};

use super::inquiries::{MARGIN, PORTIONS, Portion, answered, next, put_off, whole_from};
use crate::context::Context;

pub(super) const EVERY: Duration = Duration::from_secs(5);
/// How often it is looked which are old enough: they are kept for days.
pub(super) const OUTDATED_EVERY: Duration = Duration::from_secs(3600);
/// Deleted in one round.
const PORTION: i64 = 100;

/// Marks what is old enough. Deleting it is for the next round.
pub(super) async fn outdate(context: &Context) -> Result<(), Error> {
    let outdated = context.engine.outdate_recordings().await?;
    if outdated > 0 {
        tracing::info!(recordings = outdated, "recordings are older than their organisations keep them");
    }
    Ok(())
}

pub(super) async fn look_after(context: &Context) -> Result<(), Error> {
    for removal in context.engine.recordings_to_remove(PORTION).await? {
        match erase(context, &removal).await? {
            None => context.engine.recording_erased(&removal.recording).await?,
            Some(why) => context.engine.recording_delayed(&removal.recording, &why).await?,
        }
    }
    search(context).await
}

/// Deletes a recording wherever it is; says why not, if so: it is tried again in the next round.
async fn erase(context: &Context, removal: &Removal) -> Result<Option<String>, Error> {
    let Removal { recording, completed_at, carrier, object, at_carrier } = removal;
    // A worker may have died between storing it and saying so: then it has the name that it would have now.
    let object = object.clone().unwrap_or_else(|| context.recording_object(recording, *completed_at));
    if let Err(error) = context.store.delete(&object).await {
        return Ok(Some(error.to_string()));
    }
    if !at_carrier {
        return Ok(None);
    }
    let line = context.lines.of(recording.tenant, *carrier).await?;
    Ok(match line.carrier.delete_recording(&recording.recording_sid).await {
        Control::Done | Control::AlreadyOver => None,
        Control::Retry { reason, .. } => Some(reason),
        Control::Refused { refusal } => Some(refusal.to_string()),
    })
}

/// Asks the carrier for recordings of which it has told us nothing.
async fn search(context: &Context) -> Result<(), Error> {
    for _ in 0..PORTIONS {
        let Some(Portion { carrier, due, now }) = next(context, About::Recording).await? else { break };
        let found = match Found::at(&carrier, &due).await {
            Ok(found) => found,
            Err(error) => {
                put_off(context, About::Recording, (&due, now), &error.to_string()).await?;
                continue;
            }
        };
        let (told, untold) = answered(due, found.whole_from);
        let (mut closed, mut open) = (Vec::new(), untold);
        for inquiry in told {
            let is_closed = report(context, &inquiry, (&found.of(&inquiry), now)).await;
            if is_closed { closed.push(inquiry) } else { open.push(inquiry) }
        }
        context.engine.close_inquiries(About::Recording, &closed).await?;
        context.engine.put_off_inquiries(About::Recording, &open, now).await?;
    }
    Ok(())
}

/// What the carrier has of a stretch of time.
struct Found {
    recordings: Vec<RecordingResource>,
    /// The carrier's names for conferences by ours; asked for when one of a call never came.
    conferences: HashMap<String, String>,
    whole_from: Timestamp,
}

impl Found {
    /// Everything there is of some calls, in one list or two.
    async fn at(carrier: &Client, due: &[Inquiry]) -> Result<Self, ReadError> {
        let began = due.iter().map(|inquiry| inquiry.opened_at).min().unwrap_or_default();
        let bridged = due.iter().filter_map(|inquiry| inquiry.call.memory().bridged_at).max();
        let during = (
            began.saturating_sub(MARGIN).unwrap_or(began),
            bridged.unwrap_or(began).saturating_add(MARGIN).unwrap_or(began),
        );
        let recordings = carrier.list_recordings(during).await?;
        let mut all_from = whole_from(&recordings, |recording| recording.date_created);
        let mut conferences = HashMap::new();
        if due.iter().any(|inquiry| inquiry.call.memory().conference_sid.is_none()) {
            let listed = carrier.list_conferences(during).await?;
            all_from = all_from.max(whole_from(&listed, |conference| conference.date_created));
            let named = listed.items.into_iter().filter_map(|room| Some((room.name?, room.sid)));
            conferences.extend(named);
        }
        Ok(Self { recordings: recordings.items, conferences, whole_from: all_from })
    }

    /// The recordings of one call.
    fn of(&self, inquiry: &Inquiry) -> Vec<&RecordingResource> {
        let memory = inquiry.call.memory();
        let conference = memory.conference_sid.as_ref();
        let conference = conference.or_else(|| self.conferences.get(&conference_name(inquiry.id())));
        let is_of = |recording: &&RecordingResource| {
            (recording.conference_sid.is_some() && recording.conference_sid.as_ref() == conference)
                || recording.call_sid.is_some() && memory.legs.iter().any(|leg| leg.sid == recording.call_sid)
        };
        self.recordings.iter().filter(is_of).collect()
    }
}

/// Tells the call of its recordings, as the carrier should have; told again, they are no news. Says whether that was all.
async fn report(
    context: &Context,
    inquiry: &Inquiry,
    (recordings, now): (&[&RecordingResource], Timestamp),
) -> bool {
    let mut is_all = !recordings.is_empty();
    for recording in recordings {
        match recording.status {
            Status::Completed => {
                let recording_sid = recording.sid.clone();
                let key = format!("recording/{recording_sid}");
                let duration_s = recording.duration_s.unwrap_or(0);
                let event = Event::RecordingCompleted { recording_sid, duration_s };
                if let Err(error) = context.report(&inquiry.plan, event, key).await {
                    tracing::warn!(call.id = %inquiry.id(), error = %error, "a recording was found and not noted");
                    is_all = false;
                }
            }
            Status::Absent => {}
            Status::InProgress | Status::Processing | Status::Other => is_all = false,
        }
    }
    if is_all || (recordings.is_empty() && !inquiry::may_turn_up(inquiry.closed_at, now)) {
        tracing::info!(call.id = %inquiry.id(), recordings = recordings.len(), "asked for recordings");
        return true;
    }
    let is_given_up = now.duration_since(inquiry.closed_at) > About::Recording.given_up_after();
    if is_given_up {
        tracing::error!(call.id = %inquiry.id(), "the recording of a call never became complete: it is given up");
    }
    is_given_up
}
