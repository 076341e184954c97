//! Who answers which number: scripts by number, and a weighted distribution for all others.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::dice::Dice;
use crate::scenario::{Agent, Human, Machine, Scenario};

/// What one number does, call after call; the last scenario repeats.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Script {
    /// The same at every call.
    Always(Scenario),
    /// The first call gets the first scenario, and so on. Empty is the same as no script.
    InTurn(Vec<Scenario>),
}

/// A share of the population.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// Its weight among all shares; weights need not add up to anything.
    pub weight: f64,
    /// What these people do, with times spread around the ones given.
    pub scenario: Scenario,
}

/// What the addresses of browser softphones begin with; by itself, the script of all that have none of their own.
const SOFTPHONE: &str = "client:";

/// Everybody who can be called.
#[derive(Debug)]
pub(crate) struct Population {
    scripts: HashMap<String, Script>,
    distribution: Vec<Share>,
    dice: Dice,
}

impl Population {
    pub(crate) fn new(scripts: HashMap<String, Script>, distribution: Vec<Share>, dice: Dice) -> Self {
        Self { scripts, distribution, dice }
    }

    /// What `number` does when it is called for the `nth` time, counted from 0.
    pub(crate) fn answer_to(&self, number: &str, nth: usize) -> Scenario {
        let is_softphone = number.starts_with(SOFTPHONE);
        let any = || self.scripts.get(SOFTPHONE).filter(|_| is_softphone);
        let scripted = match self.scripts.get(number).or_else(any) {
            Some(Script::Always(scenario)) => Some(scenario),
            Some(Script::InTurn(scenarios)) => scenarios.get(nth).or_else(|| scenarios.last()),
            None => None,
        };
        if let Some(scenario) = scripted {
            return scenario.clone();
        }
        // Browser softphones belong to agents; nobody else has one.
        if is_softphone {
            return Scenario::Agent(Agent::default());
        }
        let nth = nth.to_string();
        let total: f64 = self.distribution.iter().map(|share| share.weight.max(0.0)).sum();
        let mut left = total * self.dice.roll(&["persona", number, &nth]);
        for share in &self.distribution {
            left -= share.weight.max(0.0);
            if left < 0.0 {
                return share.scenario.varied(self.dice, number, &nth);
            }
        }
        Scenario::Human(Human::default())
    }
}

/// The population of a demo: 45 % people, 25 % machines, 15 % no answer, 8 % busy, 4 % dead
/// numbers, 3 % who hang up at once.
pub fn demo_distribution() -> Vec<Share> {
    let share = |weight, scenario| Share { weight, scenario };
    vec![
        share(0.45, Scenario::Human(Human::default())),
        share(0.25, Scenario::Machine(Machine::default())),
        share(0.08, Scenario::Busy),
        share(0.15, Scenario::NoAnswer),
        share(0.04, Scenario::Failed),
        share(0.03, Scenario::HangsUpEarly { answer_after_s: 7.0, after_s: 1.2 }),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn population(scripts: &[(&str, Script)]) -> Population {
        let scripts = scripts.iter().map(|(number, script)| ((*number).into(), script.clone())).collect();
        Population::new(scripts, demo_distribution(), Dice::new(1))
    }

    #[test]
    fn scripts_decide_and_the_last_scenario_repeats() {
        let script = Script::InTurn(vec![Scenario::Busy, Scenario::NoAnswer]);
        let population = population(&[("+14155550101", script)]);
        let heard: Vec<_> = (0..3).map(|nth| population.answer_to("+14155550101", nth)).collect();
        assert_eq!(heard, [Scenario::Busy, Scenario::NoAnswer, Scenario::NoAnswer]);
        assert!(matches!(population.answer_to("client:dana", 0), Scenario::Agent(_)));
    }

    #[test]
    fn softphones_without_a_script_of_their_own_may_have_one_together() {
        let away = |name| (name, Script::Always(Scenario::NoAnswer));
        let population = population(&[away("client:"), ("client:noor", Script::Always(Scenario::Failed))]);
        assert_eq!(population.answer_to("client:dana", 0), Scenario::NoAnswer);
        assert_eq!(population.answer_to("client:noor", 0), Scenario::Failed);
    }

    #[test]
    fn the_distribution_is_seeded_and_keeps_its_shares() {
        let population = population(&[]);
        assert_eq!(population.answer_to("+14155550102", 4), population.answer_to("+14155550102", 4));
        let count = |wanted: fn(&Scenario) -> bool| {
            (0..2000).filter(|nth| wanted(&population.answer_to("+14155550103", *nth))).count()
        };
        assert!((820..980).contains(&count(|scenario| matches!(scenario, Scenario::Human(_)))));
        assert!((100..220).contains(&count(|scenario| matches!(scenario, Scenario::Busy))));
    }
}
