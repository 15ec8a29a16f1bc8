//! Integers packed into bytes: variable length, small numbers short, signs folded in.

use super::Broken;

/// The lowest eight bits.
#[inline]
const fn low_byte(value: u128) -> u8 {
    value.to_le_bytes()[0]
}

/// Appends a number in groups of seven bits, low group first.
pub(super) fn put(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(low_byte(u128::from(value)) | 0x80);
        value >>= 7;
    }
    bytes.push(low_byte(u128::from(value)));
}

/// Appends a signed number, small ones of either sign short.
pub(super) fn put_signed(bytes: &mut Vec<u8>, value: i64) {
    put(bytes, ((value << 1) ^ (value >> 63)).cast_unsigned());
}

/// Appends a wide signed number.
pub(super) fn put_wide(bytes: &mut Vec<u8>, value: i128) {
    let mut folded = ((value << 1) ^ (value >> 127)).cast_unsigned();
    while folded >= 0x80 {
        bytes.push(low_byte(folded) | 0x80);
        folded >>= 7;
    }
    bytes.push(low_byte(folded));
}

/// Reads packed integers from the front of a slice.
#[derive(Debug, Clone)]
pub(super) struct Unpacker<'a> {
    bytes: &'a [u8],
}

impl<'a> Unpacker<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    #[inline]
    pub(super) fn byte(&mut self) -> Result<u8, Broken> {
        let (&first, rest) = self.bytes.split_first().ok_or(Broken::Row("it ends too early"))?;
        self.bytes = rest;
        Ok(first)
    }

    #[inline]
    pub(super) fn number(&mut self) -> Result<u64, Broken> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Broken::Row("a number in it is too long"))
    }

    #[inline]
    pub(super) fn signed(&mut self) -> Result<i64, Broken> {
        let folded = self.number()?;
        Ok((folded >> 1).cast_signed() ^ -((folded & 1).cast_signed()))
    }

    pub(super) fn wide(&mut self) -> Result<i128, Broken> {
        let mut folded = 0u128;
        for shift in (0..128).step_by(7) {
            let byte = self.byte()?;
            folded |= u128::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok((folded >> 1).cast_signed() ^ -((folded & 1).cast_signed()));
            }
        }
        Err(Broken::Row("a number in it is too long"))
    }

    pub(super) fn number_u32(&mut self) -> Result<u32, Broken> {
        u32::try_from(self.number()?).map_err(|_| Broken::Row("a number in it is too large"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(numbers in proptest::collection::vec((any::<u64>(), any::<i64>(), any::<i128>()), 0..20)) {
            let mut bytes = Vec::new();
            for &(plain, signed, wide) in &numbers {
                put(&mut bytes, plain);
                put_signed(&mut bytes, signed);
                put_wide(&mut bytes, wide);
            }
            let mut unpacker = Unpacker::new(&bytes);
            for (plain, signed, wide) in numbers {
                prop_assert_eq!(unpacker.number().unwrap(), plain);
                prop_assert_eq!(unpacker.signed().unwrap(), signed);
                prop_assert_eq!(unpacker.wide().unwrap(), wide);
            }
            prop_assert!(unpacker.is_empty());
        }

        #[test]
        fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let mut unpacker = Unpacker::new(&bytes);
            while !unpacker.is_empty() {
                let _ = unpacker.wide();
                let _ = unpacker.number();
                let _ = unpacker.signed();
            }
        }
    }
}
