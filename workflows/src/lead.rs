//! Leads: where one stands, and how urgent one is.

use crate::words::words;

words! {
    /// Where a lead stands. A lead is open while it is new, in a call or waiting; the rest is final.
    pub enum Status, "lead status" {
        /// Never called.
        New = "new",
        /// A call to it is open.
        InCall = "in_call",
        /// Called before, and due again at a set time.
        Waiting = "waiting",
        /// Final: an agent spoke with it.
        Reached = "reached",
        /// Final: every attempt the campaign allows was made, and the last one would have been retried.
        Exhausted = "exhausted",
        /// Final: it must not be called again.
        DoNotCall = "do_not_call",
        /// Final: its number cannot be called.
        Invalid = "invalid",
        /// Final: given up for another reason, such as a result that the campaign does not retry.
        Closed = "closed",
    }
}

impl Status {
    /// Whether the lead may be called again without a person reopening it.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::New | Self::InCall | Self::Waiting)
    }
}

words! {
    /// How urgent a lead is: a greater one is dialed before all smaller ones that are due.
    #[derive(Default)]
    pub enum Priority, "priority" {
        /// When nothing else is due.
        Low = "low",
        /// As usual.
        #[default]
        Normal = "normal",
        /// Before the usual ones.
        High = "high",
        /// Before everything else.
        Urgent = "urgent",
    }
}

impl Priority {
    /// A number for sorting in a database: greater is more urgent. Low is 0, urgent is 3.
    #[must_use]
    pub const fn rank(self) -> i16 {
        self as i16
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn priorities_sort_by_urgency_and_read_in_any_case() {
        assert!(Priority::Urgent > Priority::High && Priority::High > Priority::Normal);
        assert!(Priority::Normal > Priority::Low);
        assert_eq!(
            ["URGENT", "High", "normal", "lOw"].map(|word| word.parse::<Priority>().unwrap().rank()),
            [3, 2, 1, 0]
        );
        assert_eq!(
            "vip".parse::<Priority>().unwrap_err().to_string(),
            "`vip` is not a priority: expected one of low, normal, high, urgent"
        );
    }
}
