//! Draws that can be made again: every random figure of the simulator is a hash of who asks, for what, and of which
//! instant. Nothing is stepped, so any day can be simulated without the days before it.

/// The odd constant of the golden ratio, by which successive numbers are spread before they are mixed.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// A stream of draws, one for each index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stream(u64);

impl Stream {
    /// The stream of a seed.
    pub(crate) const fn new(seed: u64) -> Self {
        Self(mix(seed ^ 0x6361_7262_6f6e_7761))
    }

    /// A stream of its own for a part: a parameter, a sort of fault.
    pub(crate) const fn part(self, part: u64) -> Self {
        Self(mix(self.0 ^ mix(part.wrapping_mul(GOLDEN).wrapping_add(GOLDEN))))
    }

    /// The draw at an index: 64 even bits, the same for ever.
    pub(crate) const fn draw(self, index: i64) -> u64 {
        mix(self.0.wrapping_add(index.cast_unsigned().wrapping_mul(GOLDEN)))
    }

    /// A draw from 0 up to, not including, `bound`; 0 when the bound is not positive.
    pub(crate) fn below(self, index: i64, bound: i64) -> i64 {
        scaled(self.draw(index), bound)
    }

    /// A draw from -`reach` to `reach`.
    pub(crate) fn around(self, index: i64, reach: i64) -> i64 {
        self.below(index, reach.saturating_mul(2).saturating_add(1)) - reach
    }
}

/// Takes 64 even bits to a number from 0 up to, not including, `bound`.
pub(crate) fn scaled(bits: u64, bound: i64) -> i64 {
    let Ok(bound) = u64::try_from(bound) else { return 0 };
    let product = (u128::from(bits) * u128::from(bound)) >> 64;
    i64::try_from(product).unwrap_or(0)
}

/// The finishing step of `SplitMix64` (Steele, Lea and Flood 2014): every bit of the input moves half of the output.
const fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_even_enough_and_stay_inside() {
        let stream = Stream::new(7).part(3);
        let mut counts = [0_u32; 10];
        for index in 0..10_000 {
            let drawn = stream.below(index, 10);
            counts[usize::try_from(drawn).unwrap()] += 1;
            assert!((-5..=5).contains(&stream.around(index, 5)));
        }
        assert!(counts.iter().all(|&count| (850..1150).contains(&count)), "{counts:?}");
    }

    #[test]
    fn streams_of_different_parts_differ() {
        let stream = Stream::new(1);
        let same = (0..1000)
            .filter(|&index| stream.part(1).below(index, 100) == stream.part(2).below(index, 100))
            .count();
        assert!(same < 40, "{same}");
    }

    #[test]
    fn the_first_draws_of_a_seed_never_change() {
        // Recorded histories are compared with simulated ones: another generator would be another plant.
        let stream = Stream::new(42);
        assert_eq!(
            [stream.draw(0), stream.draw(1)],
            [15_670_166_051_263_598_503, 12_409_844_694_660_933_379]
        );
    }
}
