//! Who is who in the demo: the agents, and what the people in `sample_leads.csv` do when called.

use std::collections::HashMap;

use warmline_simulator::{Agent, Human, Machine, Reaction, Scenario, Script};

/// Name and number of each agent.
pub(super) const AGENTS: [(&str, &str); 4] = [
    ("Amina Rahman", "+12125550191"),
    ("Ben Okafor", "+12125550192"),
    ("Chloe Martin", "+12125550193"),
    ("Diego Silva", "+12125550194"),
];

/// The visitor's phone: it is picked up and presses nothing, since the visitor answers in the console.
pub(super) const VISITOR_PHONE: &str = "+12125550190";

/// Somebody whom the visitor talks to.
pub(super) struct Stranger {
    pub(super) first_name: &'static str,
    pub(super) last_name: &'static str,
    pub(super) phone: &'static str,
    pub(super) notes: &'static str,
    does: Does,
}

enum Does {
    Talks,
    LetsItRing,
    HasAMachine,
}

const fn stranger(
    (first_name, last_name): (&'static str, &'static str),
    phone: &'static str,
    notes: &'static str,
    does: Does,
) -> Stranger {
    Stranger { first_name, last_name, phone, notes, does }
}

/// The leads of the visitor's campaign.
pub(super) const STRANGERS: [Stranger; 12] = [
    stranger(("Iris", "Hall"), "+12125550151", "Ships from Newark every Tuesday", Does::Talks),
    stranger(("Omar", "Haddad"), "+16175550152", "Met at the fair in May", Does::Talks),
    stranger(("Nora", "Weiss"), "+13055550153", "", Does::HasAMachine),
    stranger(("Paul", "Adeyemi"), "+14045550154", "Asked for a call after the holidays", Does::Talks),
    stranger(("Lena", "Kowalski"), "+13125550155", "", Does::Talks),
    stranger(("Marco", "Ricci"), "+12025550156", "", Does::LetsItRing),
    stranger(("Sofia", "Nilsen"), "+12155550157", "Reefer loads only", Does::Talks),
    stranger(("Jonas", "Brandt"), "+17185550158", "", Does::Talks),
    stranger(("Tara", "Singh"), "+16785550159", "Wants mail rather than calls", Does::Talks),
    stranger(("Hugo", "Lopez"), "+12145550160", "", Does::HasAMachine),
    stranger(("Ruth", "Meyer"), "+19175550161", "", Does::Talks),
    stranger(("Theo", "Park"), "+16465550162", "Decides for three warehouses", Does::Talks),
];

/// What numbers do, call after call; the last part repeats.
pub(super) fn scripts() -> HashMap<String, Script> {
    let mut scripts: HashMap<String, Script> = HashMap::new();
    for (_, phone) in AGENTS {
        scripts.insert(phone.to_owned(), Script::Always(Scenario::Agent(Agent::default())));
    }
    // Diego misses his first offer and Chloe declines hers, so that one can see each go to the next agent.
    let misses = Agent { reaction: Reaction::NoAnswer, ..Agent::default() };
    let declines = Agent { reaction: Reaction::Declines { after_s: 3.0 }, ..Agent::default() };
    for (agent, first) in [(AGENTS[3], misses), (AGENTS[2], declines)] {
        let parts = vec![Scenario::Agent(first), Scenario::Agent(Agent::default())];
        scripts.insert(agent.1.to_owned(), Script::InTurn(parts));
    }
    let listens = Agent { answer_after_s: 4.0, reaction: Reaction::NeverPresses, ..Agent::default() };
    scripts.insert(VISITOR_PHONE.to_owned(), Script::Always(Scenario::Agent(listens)));
    for stranger in STRANGERS {
        scripts.insert(stranger.phone.to_owned(), Script::Always(stranger.does.scenario()));
    }
    for (phone, parts) in leads() {
        scripts.insert(phone.to_owned(), Script::InTurn(parts));
    }
    scripts
}

impl Does {
    fn scenario(&self) -> Scenario {
        match self {
            // For as long as the visitor likes, and with patience for somebody who tries it out.
            Self::Talks => Scenario::Human(Human { talk_s: 1800.0, patience_s: 300.0, ..Human::default() }),
            Self::LetsItRing => Scenario::NoAnswer,
            Self::HasAMachine => Scenario::Machine(Machine::default()),
        }
    }
}

fn leads() -> Vec<(&'static str, Vec<Scenario>)> {
    let talks = |talk_s| Scenario::Human(Human { talk_s, ..Human::default() });
    let machine = || Scenario::Machine(Machine::default());
    let no_beep = || Scenario::Machine(Machine { beep: false, ..Machine::default() });
    let impatient = Scenario::Human(Human { patience_s: 3.0, ..Human::default() });
    vec![
        ("+923001234567", vec![talks(150.0)]),
        ("+14155552671", vec![Scenario::NoAnswer, talks(75.0)]),
        ("+447911123456", vec![machine()]),
        ("+12125550111", vec![talks(95.0)]),
        ("+16175550112", vec![talks(40.0)]),
        ("+13055550113", vec![machine()]),
        ("+14045550114", vec![Scenario::Busy, talks(55.0)]),
        ("+13125550115", vec![talks(30.0)]),
        ("+12025550116", vec![Scenario::NoAnswer]),
        ("+442079460117", vec![talks(120.0)]),
        ("+441614960118", vec![Scenario::HangsUpEarly { answer_after_s: 6.0, after_s: 0.8 }]),
        ("+12155550119", vec![talks(65.0)]),
        ("+17735550120", vec![Scenario::Busy]),
        ("+12135550123", vec![machine()]),
        ("+17185550124", vec![Scenario::Fax { answer_after_s: 5.0 }]),
        ("+16785550125", vec![Scenario::Failed, talks(45.0)]),
        ("+12145550126", vec![Scenario::Silence { answer_after_s: 7.0 }]),
        ("+19175550127", vec![impatient]),
        ("+12485550128", vec![talks(80.0)]),
        ("+16155550129", vec![no_beep()]),
        ("+13035550130", vec![Scenario::NoAnswer, talks(35.0)]),
        ("+14695550131", vec![talks(50.0)]),
        ("+16175550133", vec![talks(60.0)]),
        ("+14105550134", vec![machine()]),
        ("+16465550135", vec![talks(240.0)]),
    ]
}
