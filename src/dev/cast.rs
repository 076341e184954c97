//! Who is who in the demo: the agents, and the leads that play a part.

use std::collections::HashMap;

use warmline_simulator::{Agent, Human, Machine, Reaction, Scenario, Script};

/// Name and number of each agent.
pub(super) const AGENTS: [(&str, &str); 4] = [
    ("Amina Rahman", "+12125550191"),
    ("Ben Okafor", "+12125550192"),
    ("Chloe Martin", "+12125550193"),
    ("Diego Silva", "+12125550194"),
];

/// What numbers do in the demo; all others are left to the carrier's distribution.
pub(super) fn scripts() -> HashMap<String, Script> {
    let mut scripts: HashMap<String, Script> = HashMap::new();
    for (_, phone) in AGENTS {
        scripts.insert(phone.to_owned(), Script::Always(Scenario::Agent(Agent::default())));
    }
    // Diego is in a meeting for his first offer, so that one can see it go to the next agent.
    let away = Agent { reaction: Reaction::NoAnswer, ..Agent::default() };
    let back = Agent::default();
    scripts.insert(AGENTS[3].1.to_owned(), Script::InTurn(vec![Scenario::Agent(away), Scenario::Agent(back)]));
    let human = |talk_s| Scenario::Human(Human { talk_s, ..Human::default() });
    let machine = Scenario::Machine(Machine::default());
    for (phone, parts) in [
        ("+923001234567", vec![human(150.0)]),
        ("+14155552671", vec![Scenario::NoAnswer, human(75.0)]),
        ("+447911123456", vec![machine]),
    ] {
        scripts.insert(phone.to_owned(), Script::InTurn(parts));
    }
    scripts
}
