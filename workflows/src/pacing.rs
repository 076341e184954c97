//! Pacing: how many dials to make now.

/// A limit on calls at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cap {
    /// Calls in flight: from being opened until their last leg has ended.
    pub in_flight: u32,
    /// The most that may be.
    pub max: u32,
}

impl Cap {
    /// How many more calls there may be. None when there are too many already.
    #[must_use]
    pub const fn room(self) -> u32 {
        self.max.saturating_sub(self.in_flight)
    }
}

/// What there is to dial with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Supply {
    /// How many more calls the agents of the campaign could take this moment: present, within their
    /// working hours, and with no reservation that uses up what they can take.
    pub agents_available: u32,
    /// Calls drawing on these agents for which none is reserved yet: opened, dialing, answered, waiting.
    pub dials_in_flight: u32,
    /// All calls of the tenant.
    pub tenant_calls: Cap,
    /// All calls of the campaign.
    pub campaign_calls: Cap,
}

/// How many calls to open now, pacing progressively: there are never more calls without an agent than
/// agents without a call, so that everybody who answers can be served, as long as no agent walks away.
#[must_use]
pub const fn dials_now(supply: &Supply) -> u32 {
    let idle = supply.agents_available.saturating_sub(supply.dials_in_flight);
    min(idle, min(supply.tenant_calls.room(), supply.campaign_calls.room()))
}

const fn min(a: u32, b: u32) -> u32 {
    if a < b { a } else { b }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dials_are_bounded_by_agents_and_by_both_caps() {
        let max = u32::MAX;
        for (agents, dials, tenant, campaign, expected) in [
            (5, 0, (0, 100), (0, 100), 5),
            (5, 3, (3, 100), (3, 100), 2),
            (5, 5, (5, 100), (5, 100), 0),
            // An agent went on a break after the dial.
            (4, 5, (5, 100), (5, 100), 0),
            (0, 0, (0, 100), (0, 100), 0),
            // The tenant's cap counts the calls of other campaigns and the connected ones.
            (5, 0, (98, 100), (0, 100), 2),
            (5, 0, (98, 100), (9, 10), 1),
            (5, 0, (0, 100), (10, 10), 0),
            // A cap that was lowered below what is in flight.
            (5, 0, (0, 100), (12, 10), 0),
            (5, 0, (0, 0), (0, 10), 0),
            (max, 0, (0, max), (0, max), max),
        ] {
            let cap = |(in_flight, max)| Cap { in_flight, max };
            let supply = Supply {
                agents_available: agents,
                dials_in_flight: dials,
                tenant_calls: cap(tenant),
                campaign_calls: cap(campaign),
            };
            assert_eq!(dials_now(&supply), expected, "{supply:?}");
        }
    }
}
