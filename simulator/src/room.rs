//! Rooms: the rules of a live conference.

use jiff::Timestamp;
use tokio::sync::watch;

/// A live conference. Every change says what came of it; nobody is told from in here, except the
/// participants about their own presence.
#[derive(Debug)]
pub(crate) struct Room {
    pub(crate) sid: String,
    participants: Vec<Participant>,
    started: bool,
}

/// One leg in a room.
#[derive(Debug)]
struct Participant {
    attendee: Attendee,
    presence: watch::Sender<Presence>,
}

/// What is publicly known of a leg in a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attendee {
    pub(crate) call_sid: String,
    /// Empty when it has none.
    pub(crate) label: String,
    pub(crate) muted: bool,
    pub(crate) hold: bool,
    pub(crate) start_on_enter: bool,
    pub(crate) end_on_exit: bool,
    pub(crate) joined: Timestamp,
    pub(crate) updated: Timestamp,
}

/// What a leg in a room experiences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    /// The conference has not started: it hears what its wait URL plays.
    Waiting,
    /// It talks to somebody.
    Bridged,
    /// The others have gone.
    Alone,
    /// It was put on hold.
    Held,
    /// It is no longer in the room.
    Dropped,
}

/// Why a leg leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leaving {
    HungUp,
    /// A REST request sent it elsewhere.
    Updated,
    /// A REST request removed it from the room.
    Kicked,
    /// Somebody left whose leaving ends the conference.
    ModeratorEnded,
    /// A REST request ended the conference.
    ConferenceEnded,
}

/// What a REST request may change of a participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Change {
    pub(crate) muted: Option<bool>,
    pub(crate) hold: Option<bool>,
    pub(crate) end_on_exit: Option<bool>,
}

/// Something that came of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Happening {
    Joined(Attendee),
    Started,
    Left(Attendee, Leaving),
    /// Changed in the way the event name says.
    Changed(Attendee, &'static str),
    Ended {
        reason: &'static str,
        ending: Option<Attendee>,
    },
}

impl Room {
    pub(crate) fn new(sid: String) -> Self {
        Self { sid, participants: Vec::new(), started: false }
    }

    pub(crate) fn attendees(&self) -> impl Iterator<Item = &Attendee> {
        self.participants.iter().map(|participant| &participant.attendee)
    }

    pub(crate) fn attendee(&self, call_sid: &str) -> Option<&Attendee> {
        self.attendees().find(|attendee| attendee.call_sid == call_sid)
    }

    /// Takes a leg in; it watches its presence through the receiver.
    pub(crate) fn join(&mut self, attendee: Attendee) -> (watch::Receiver<Presence>, Vec<Happening>) {
        let (presence, watching) = watch::channel(Presence::Waiting);
        let mut happenings = vec![Happening::Joined(attendee.clone())];
        self.participants.push(Participant { attendee, presence });
        let can_start =
            self.participants.len() >= 2 && self.attendees().any(|attendee| attendee.start_on_enter);
        if can_start && !self.started {
            self.started = true;
            happenings.push(Happening::Started);
        }
        self.refresh();
        (watching, happenings)
    }

    /// Lets a leg go. When its leaving ends the conference, or nobody is left, the room is over.
    pub(crate) fn leave(&mut self, call_sid: &str, leaving: Leaving) -> Vec<Happening> {
        let Some(left) = self.remove(call_sid) else { return Vec::new() };
        let mut happenings = vec![Happening::Left(left.clone(), leaving)];
        let kicked = leaving == Leaving::Kicked;
        if left.end_on_exit {
            happenings.extend(self.drop_all(Leaving::ModeratorEnded));
            let reason = if kicked {
                "participant-with-end-conference-on-exit-kicked"
            } else {
                "participant-with-end-conference-on-exit-left"
            };
            happenings.push(Happening::Ended { reason, ending: Some(left) });
        } else if self.participants.is_empty() {
            let reason = if kicked { "last-participant-kicked" } else { "last-participant-left" };
            happenings.push(Happening::Ended { reason, ending: Some(left) });
        }
        self.refresh();
        happenings
    }

    /// Ends the conference for everybody.
    pub(crate) fn end(&mut self) -> Vec<Happening> {
        let mut happenings = self.drop_all(Leaving::ConferenceEnded);
        happenings.push(Happening::Ended { reason: "conference-ended-via-api", ending: None });
        happenings
    }

    /// Changes a participant; `None` when it is not here.
    pub(crate) fn change(
        &mut self,
        call_sid: &str,
        change: Change,
        now: Timestamp,
    ) -> Option<Vec<Happening>> {
        let participant = self.participants.iter_mut().find(|found| found.attendee.call_sid == call_sid)?;
        let attendee = &mut participant.attendee;
        attendee.updated = now;
        let mut names = Vec::new();
        if let Some(muted) = change.muted.filter(|muted| *muted != attendee.muted) {
            attendee.muted = muted;
            names.push(if muted { "participant-mute" } else { "participant-unmute" });
        }
        if let Some(hold) = change.hold.filter(|hold| *hold != attendee.hold) {
            attendee.hold = hold;
            names.push(if hold { "participant-hold" } else { "participant-unhold" });
        }
        if let Some(end_on_exit) = change.end_on_exit.filter(|end| *end != attendee.end_on_exit) {
            attendee.end_on_exit = end_on_exit;
            names.push("participant-modify");
        }
        let attendee = attendee.clone();
        self.refresh();
        Some(names.into_iter().map(|name| Happening::Changed(attendee.clone(), name)).collect())
    }

    fn drop_all(&mut self, leaving: Leaving) -> Vec<Happening> {
        let sids: Vec<_> = self.attendees().map(|attendee| attendee.call_sid.clone()).collect();
        sids.iter().filter_map(|sid| self.remove(sid)).map(|left| Happening::Left(left, leaving)).collect()
    }

    fn remove(&mut self, call_sid: &str) -> Option<Attendee> {
        let index = self.participants.iter().position(|found| found.attendee.call_sid == call_sid)?;
        let participant = self.participants.remove(index);
        participant.presence.send_replace(Presence::Dropped);
        Some(participant.attendee)
    }

    fn refresh(&self) {
        let talking = self.attendees().filter(|attendee| !attendee.hold).count();
        for participant in &self.participants {
            let presence = match participant.attendee {
                Attendee { hold: true, .. } => Presence::Held,
                _ if !self.started => Presence::Waiting,
                _ if talking >= 2 => Presence::Bridged,
                _ => Presence::Alone,
            };
            participant.presence.send_if_modified(|known| std::mem::replace(known, presence) != presence);
        }
    }
}

impl Leaving {
    /// The carrier's word for it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::HungUp => "participant_hung_up",
            Self::Updated | Self::Kicked => "participant_updated_via_api",
            Self::ModeratorEnded => "moderator_ended_conference",
            Self::ConferenceEnded => "conference_ended_via_api",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attendee(call_sid: &str, start_on_enter: bool, end_on_exit: bool) -> Attendee {
        Attendee {
            call_sid: call_sid.to_owned(),
            label: String::new(),
            muted: false,
            hold: false,
            start_on_enter,
            end_on_exit,
            joined: Timestamp::UNIX_EPOCH,
            updated: Timestamp::UNIX_EPOCH,
        }
    }

    /// The happenings in short: `+a` joined, `!` started, `-a` left, `.` ended.
    fn short(happenings: &[Happening]) -> String {
        let word = |happening: &Happening| match happening {
            Happening::Joined(attendee) => format!("+{}", attendee.call_sid),
            Happening::Started => "!".to_owned(),
            Happening::Left(attendee, leaving) => format!("-{}:{}", attendee.call_sid, leaving.as_str()),
            Happening::Changed(_, name) => (*name).to_owned(),
            Happening::Ended { reason, .. } => format!(".{reason}"),
        };
        happenings.iter().map(word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn it_starts_with_two_of_whom_one_may_start_it() {
        let mut room = Room::new("CF1".into());
        let (lead, happenings) = room.join(attendee("lead", false, false));
        assert_eq!((short(&happenings).as_str(), *lead.borrow()), ("+lead", Presence::Waiting));
        let (_listener, happenings) = room.join(attendee("listener", false, false));
        assert_eq!((short(&happenings).as_str(), *lead.borrow()), ("+listener", Presence::Waiting));
        let (agent, happenings) = room.join(attendee("agent", true, true));
        assert_eq!((short(&happenings).as_str(), *lead.borrow()), ("+agent !", Presence::Bridged));
        let ended = "-agent:participant_hung_up -lead:moderator_ended_conference \
                     -listener:moderator_ended_conference .participant-with-end-conference-on-exit-left";
        assert_eq!(short(&room.leave("agent", Leaving::HungUp)), ended);
        assert_eq!((*lead.borrow(), *agent.borrow()), (Presence::Dropped, Presence::Dropped));
    }

    #[test]
    fn who_is_left_behind_is_alone_and_the_last_one_ends_it() {
        let mut room = Room::new("CF1".into());
        let (lead, _) = room.join(attendee("lead", true, false));
        assert_eq!(*lead.borrow(), Presence::Waiting);
        let (_agent, _) = room.join(attendee("agent", true, false));
        let hold = Change { hold: Some(true), ..Change::default() };
        let held = room.change("agent", hold, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!((short(&held).as_str(), *lead.borrow()), ("participant-hold", Presence::Alone));
        assert_eq!(short(&room.leave("agent", Leaving::Updated)), "-agent:participant_updated_via_api");
        assert_eq!(*lead.borrow(), Presence::Alone);
        assert_eq!(
            short(&room.leave("lead", Leaving::HungUp)),
            "-lead:participant_hung_up .last-participant-left"
        );
        assert_eq!(room.leave("lead", Leaving::HungUp), []);
    }
}
