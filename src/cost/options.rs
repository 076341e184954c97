//! What `warmline cost` takes.

use clap::Args;
use warmline_workflows::cost::Rates;
use warmline_workflows::cost::forecast::{AfterMachine, AgentLeg, Dialing, Month, Record};
use warmline_workflows::money;

/// Conversations are as much shorter and longer than the average, unless that is less.
const SPREAD_S: u32 = 60;
/// The longest average conversation.
const MINUTES_MAX: i64 = 60;
const MICROS: i64 = 1_000_000;

/// What `cost` takes.
#[derive(Debug, Args)]
pub struct Options {
    /// Calls dialed in a month, answered or not.
    #[arg(long, default_value_t = 3_000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub calls: u32,
    /// In place of --calls: leads that are called in a month, again when nobody answered.
    #[arg(long, conflicts_with = "calls", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub leads: Option<u32>,
    /// With --leads: the most calls to one lead.
    #[arg(long, requires = "leads", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=100))]
    pub attempts: u8,
    /// With --leads: whether a lead is called again whose machine answered, `close` or `retry`.
    #[arg(long, requires = "leads", default_value_t = AfterMachine::Close)]
    pub after_machine: AfterMachine,
    /// Calls that a person answers, in percent. All of them are put through to an agent.
    #[arg(long, value_name = "PERCENT", default_value_t = 45, value_parser = percent())]
    pub human_share: u8,
    /// Calls that a machine answers, in percent. Nobody answers the others, which are free.
    #[arg(long, value_name = "PERCENT", default_value_t = 30, value_parser = percent())]
    pub machine_share: u8,
    /// How long lead and agent talk on average, in minutes up to 60, with decimals if need be.
    #[arg(long = "minutes", value_name = "MINUTES", default_value = "2", value_parser = seconds)]
    pub talk_s: u32,
    /// How much shorter and longer than that conversations are, in seconds; all lengths between are as many. Unset:
    /// 60, or the average when it is less.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(0..=3_600))]
    pub spread: Option<u32>,
    /// From the answer of a person until lead and agent are connected, in seconds.
    #[arg(long = "wait", value_name = "SECONDS", default_value_t = 20, value_parser = wait())]
    pub wait_s: u32,
    /// From the answer of an agent until then, in seconds.
    #[arg(long = "accept", value_name = "SECONDS", default_value_t = 5, value_parser = wait())]
    pub accept_s: u32,
    /// From the answer of a machine until its tone, in seconds.
    #[arg(long = "greeting", value_name = "SECONDS", default_value_t = 20, value_parser = wait())]
    pub greeting_s: u32,
    /// How long detection may take, in seconds. A machine whose greeting is longer is put through as a person would
    /// be; the agent hangs up as soon as it is heard.
    #[arg(
        long = "amd-timeout",
        value_name = "SECONDS",
        default_value_t = 30,
        value_parser = clap::value_parser!(u32).range(3..=59)
    )]
    pub amd_timeout_s: u32,
    /// The length of the message that is left on a machine, in seconds; 0 for none.
    #[arg(long = "message", value_name = "SECONDS", default_value_t = 12, value_parser = wait())]
    pub message_s: u32,
    /// How agents are reached, `phone` or `client`: a browser or a SIP device.
    #[arg(long, default_value_t = AgentLeg::Phone)]
    pub agent_leg: AgentLeg,
    /// What is recorded: `nothing`, `conversations`, or whatever is `answered`, machines as well.
    #[arg(long, default_value_t = Record::Conversations)]
    pub record: Record,
    /// Telephone numbers.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub numbers: u32,
    /// What servers cost a month, in US dollars.
    #[arg(
        long = "infrastructure",
        value_name = "DOLLARS",
        default_value = "0",
        value_parser = infrastructure
    )]
    pub infrastructure_micros: i64,
    /// What the carrier asks, in the form of WARMLINE_RATES, such as `leg=0.0126`. Unset: what that says.
    #[arg(long)]
    pub rates: Option<Rates>,
    /// Show months of 3,000, 30,000 and 300,000 calls beside the first estimate for them.
    #[arg(long, conflicts_with_all = ["calls", "leads", "numbers", "infrastructure_micros"])]
    pub tiers: bool,
    /// Print JSON, amounts as exact decimals.
    #[arg(long)]
    pub json: bool,
}

impl Options {
    /// The month that is asked about.
    pub(super) fn month(&self) -> Month {
        let dialing = match self.leads {
            None => Dialing::Calls(self.calls),
            Some(leads) => {
                Dialing::Leads { leads, attempts_max: self.attempts, after_machine: self.after_machine }
            }
        };
        Month {
            dialing,
            human_percent: self.human_share,
            machine_percent: self.machine_share,
            talk_s: self.talk_s,
            spread_s: self.spread.unwrap_or_else(|| SPREAD_S.min(self.talk_s)),
            wait_s: self.wait_s,
            accept_s: self.accept_s,
            greeting_s: self.greeting_s,
            amd_timeout_s: self.amd_timeout_s,
            message_s: self.message_s,
            agent_leg: self.agent_leg,
            record: self.record,
            numbers: self.numbers,
        }
    }

    /// The average conversation as people read it.
    pub(super) fn talk(&self) -> String {
        format!("{}:{:02} min", self.talk_s / 60, self.talk_s % 60)
    }
}

fn percent() -> clap::builder::RangedI64ValueParser<u8> {
    clap::value_parser!(u8).range(0..=100)
}

fn wait() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(0..=600)
}

/// Minutes with decimals, as seconds to the nearest.
fn seconds(minutes: &str) -> Result<u32, String> {
    // Minutes are decimals of the same form as money.
    let millionths = money::read(minutes).filter(|millionths| *millionths <= MINUTES_MAX * MICROS);
    let seconds = millionths.map(|millionths| super::table::rounded(millionths * 60, MICROS));
    seconds
        .and_then(|seconds| u32::try_from(seconds).ok())
        .ok_or_else(|| format!("expected minutes up to {MINUTES_MAX}, such as 1.5"))
}

fn infrastructure(dollars: &str) -> Result<i64, String> {
    let micros = money::read(dollars).filter(|micros| *micros <= 1_000_000 * MICROS);
    micros.ok_or_else(|| "expected US dollars up to 1000000, such as 55.00".to_owned())
}
