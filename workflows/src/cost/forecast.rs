//! Forecast: what a month of calling would come to, by the same sums as a call's estimate.

use super::{Item, Usage};
use crate::words::words;

/// What is expected of a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// How many calls there are.
    pub dialing: Dialing,
    /// Calls that a person answers, in percent. All of them are put through to an agent.
    pub human_percent: u8,
    /// Calls that a machine answers, in percent. Nobody answers the others, which are free.
    pub machine_percent: u8,
    /// How long lead and agent talk on average, in seconds.
    pub talk_s: u32,
    /// How much shorter and longer than the average conversations are, in seconds; all lengths between are as many.
    /// At most the average.
    pub spread_s: u32,
    /// From the answer of a person until lead and agent are connected, in seconds.
    pub wait_s: u32,
    /// From the answer of an agent until then, in seconds.
    pub accept_s: u32,
    /// From the answer of a machine until its tone, in seconds.
    pub greeting_s: u32,
    /// How long detection may take, in seconds. A machine whose greeting is longer is taken for a person: an agent
    /// hears it for as long as accepting takes, and hangs up.
    pub amd_timeout_s: u32,
    /// How long the message for a machine is, in seconds; 0 for none.
    pub message_s: u32,
    /// How agents are reached.
    pub agent_leg: AgentLeg,
    /// What is recorded.
    pub record: Record,
    /// Telephone numbers.
    pub numbers: u32,
}

/// How many calls there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialing {
    /// So many.
    Calls(u32),
    /// As many as leads take that are called again when nobody answered.
    Leads {
        /// How many leads.
        leads: u32,
        /// The most calls to one lead.
        attempts_max: u8,
        /// What is done after a machine answered.
        after_machine: AfterMachine,
    },
}

words! {
    /// What is done after a machine answered.
    pub enum AfterMachine, "rule for machines" {
        /// The lead is not called again.
        Close = "close",
        /// The lead is called again, as if nobody had answered.
        Retry = "retry",
    }
}

words! {
    /// How agents are reached.
    pub enum AgentLeg, "leg" {
        /// By telephone.
        Phone = "phone",
        /// In a browser or by a SIP device.
        Client = "client",
    }
}

words! {
    /// What is recorded.
    pub enum Record, "choice of recordings" {
        /// Nothing.
        Nothing = "nothing",
        /// Conversations, from the moment that lead and agent are connected.
        Conversations = "conversations",
        /// Whatever is answered, from the answer on, machines as well.
        Answered = "answered",
    }
}

/// What a month comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forecast {
    /// Calls that are dialed.
    pub calls: i64,
    /// Those of them that become a conversation.
    pub conversations: i64,
    /// Those that a machine answers.
    pub machines: i64,
    /// What is charged for.
    pub usage: Usage,
}

/// Why there can be no such month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMonth {
    /// More than all calls are answered.
    #[error("persons and machines answer more than 100 percent of the calls")]
    Shares,
    /// Some conversations would be shorter than nothing.
    #[error("conversations vary by more than their average length")]
    Spread,
}

/// Forecasts a month.
///
/// # Errors
/// When there can be no such month.
pub fn of(month: &Month) -> Result<Forecast, InvalidMonth> {
    let answered_percent = i64::from(month.human_percent) + i64::from(month.machine_percent);
    if answered_percent > 100 {
        return Err(InvalidMonth::Shares);
    }
    if month.spread_s > month.talk_s {
        return Err(InvalidMonth::Spread);
    }
    let rounds = rounds(month, 100 - answered_percent);
    let sum_of = |percent: u8| rounds.iter().map(|calls| share(*calls, percent.into())).sum();
    let (conversations, machines) = (sum_of(month.human_percent), sum_of(month.machine_percent));
    let mut usage = Usage::default();
    for (times, talk_s) in month.lengths(conversations) {
        usage.add_times(times, &month.conversation(talk_s));
    }
    usage.add_times(machines, &month.machine());
    usage.add(Item::Number, month.numbers.into());
    Ok(Forecast { calls: rounds.iter().sum(), conversations, machines, usage })
}

/// The calls of each round through the list: every further one is to those whom the last one leaves to call again.
fn rounds(month: &Month, unanswered_percent: i64) -> Vec<i64> {
    let (leads, attempts_max, again_percent) = match month.dialing {
        Dialing::Calls(calls) => (calls, 1, 0),
        Dialing::Leads { leads, attempts_max, after_machine: AfterMachine::Close } => {
            (leads, attempts_max, unanswered_percent)
        }
        Dialing::Leads { leads, attempts_max, after_machine: AfterMachine::Retry } => {
            (leads, attempts_max, unanswered_percent + i64::from(month.machine_percent))
        }
    };
    let next = |calls: &i64| Some(share(*calls, again_percent));
    std::iter::successors(Some(i64::from(leads)), next).take(attempts_max.into()).collect()
}

/// A share of a number of calls, to the nearest whole one.
fn share(calls: i64, percent: i64) -> i64 {
    (calls * percent + 50) / 100
}

impl Month {
    /// So many conversations by length in seconds, with how many are of it. What does not divide evenly is near the
    /// average.
    fn lengths(&self, conversations: i64) -> impl Iterator<Item = (i64, i64)> {
        let (talk_s, lengths) = (i64::from(self.talk_s), 2 * i64::from(self.spread_s) + 1);
        (0..lengths).map(move |index| {
            let beside_s = if index % 2 == 0 { index / 2 } else { -(index / 2) - 1 };
            let times = conversations / lengths + i64::from(index < conversations % lengths);
            (times, talk_s + beside_s)
        })
    }

    /// What a call with a conversation is charged for.
    fn conversation(&self, talk_s: i64) -> Usage {
        self.put_through(i64::from(self.wait_s), talk_s)
    }

    /// What a call that a machine answers is charged for.
    fn machine(&self) -> Usage {
        if self.greeting_s > self.amd_timeout_s {
            let wait_s = i64::from(self.amd_timeout_s) + i64::from(self.wait_s);
            return self.put_through(wait_s, self.accept_s.into());
        }
        let lead_s = i64::from(self.greeting_s) + i64::from(self.message_s);
        let mut usage = Usage::default();
        usage.add_leg(Item::Leg, lead_s);
        usage.add(Item::Detection, 1);
        if self.record == Record::Answered {
            usage.add_recording(lead_s);
        }
        usage
    }

    /// What a call is charged for whose lead is connected to an agent after waiting.
    fn put_through(&self, wait_s: i64, talk_s: i64) -> Usage {
        let agent_line = match self.agent_leg {
            AgentLeg::Phone => Item::Leg,
            AgentLeg::Client => Item::ClientLeg,
        };
        let mut usage = Usage::default();
        usage.add_leg(Item::Leg, wait_s + talk_s);
        usage.add_leg(agent_line, i64::from(self.accept_s) + talk_s);
        usage.add_conference();
        usage.add(Item::Detection, 1);
        match self.record {
            Record::Nothing => {}
            Record::Conversations => usage.add_recording(talk_s),
            Record::Answered => usage.add_recording(wait_s + talk_s),
        }
        usage
    }
}

#[cfg(test)]
mod tests;
