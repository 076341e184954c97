//! Seeded chance: the same seed and the same question always give the same answer.

/// Answers questions by hashing them with a seed.
///
/// There is no running generator, so what a call draws does not depend on which other calls ran
/// before it, and a failing run can be repeated under another interleaving.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dice {
    seed: u64,
}

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// A number in `0.0..1.0`, fixed by the seed and the parts of the question.
    pub(crate) fn roll(self, question: &[&str]) -> f64 {
        // FNV-1a with a separator, finished by splitmix64: stable across platforms and releases,
        // which the hashers of the standard library do not promise.
        let mut hash = 0xcbf2_9ce4_8422_2325 ^ self.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for part in question {
            for byte in part.bytes().chain([0xff]) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
        hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        hash ^= hash >> 31;
        (hash >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number in `low..high`.
    pub(crate) fn between(self, low: f64, high: f64, question: &[&str]) -> f64 {
        low + self.roll(question) * (high - low).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rolls_repeat_differ_by_seed_and_fill_the_range_evenly() {
        let dice = Dice::new(7);
        assert_eq!(dice.roll(&["a", "b"]), dice.roll(&["a", "b"]));
        assert_ne!(dice.roll(&["a", "b"]), dice.roll(&["ab"]));
        assert_ne!(dice.roll(&["a"]), Dice::new(8).roll(&["a"]));
        let below_third = (0..3000).filter(|n| dice.roll(&[&n.to_string()]) < 1.0 / 3.0).count();
        assert!((900..1100).contains(&below_third), "{below_third} of 3000");
    }
}
