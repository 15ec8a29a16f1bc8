//! How buckets, cells and sums are written as rows.

use crate::accounting::bucket::{Bucket, BucketDay};
use crate::accounting::cell::{Cell, CellDay, CellMarks, CellSum};

use super::Broken;
use super::packing::{Unpacker, put, put_signed, put_wide};

/// A map of the places that hold something, then those places in order. `None` when there are none: the row is removed.
fn encode_day<T>(
    hours: &[T; 24],
    exists: impl Fn(&T) -> bool,
    mut encode: impl FnMut(&mut Vec<u8>, &T),
) -> Option<Vec<u8>> {
    let map = hours
        .iter()
        .enumerate()
        .filter(|(_, hour)| exists(hour))
        .fold(0u64, |map, (place, _)| map | 1 << place);
    if map == 0 {
        return None;
    }
    let mut bytes = Vec::new();
    put(&mut bytes, map);
    for hour in hours.iter().filter(|hour| exists(hour)) {
        encode(&mut bytes, hour);
    }
    Some(bytes)
}

fn decode_day<'a, T>(
    bytes: &'a [u8],
    hours: &mut [T; 24],
    mut decode: impl FnMut(&mut Unpacker<'a>) -> Result<T, Broken>,
) -> Result<(), Broken> {
    let mut unpacker = Unpacker::new(bytes);
    let map = unpacker.number()?;
    for (place, hour) in hours.iter_mut().enumerate() {
        if map & 1 << place != 0 {
            *hour = decode(&mut unpacker)?;
        }
    }
    if map >> 24 != 0 || !unpacker.is_empty() {
        return Err(Broken::Row("it is longer than a day"));
    }
    Ok(())
}

pub(super) fn encode_buckets(day: &BucketDay) -> Option<Vec<u8>> {
    encode_day(&day.hours, Bucket::exists, |bytes, bucket| {
        put_wide(bytes, bucket.quantity);
        put_signed(bytes, bucket.covered_ms);
        put_signed(bytes, bucket.intervals);
    })
}

pub(super) fn decode_buckets(bytes: &[u8]) -> Result<BucketDay, Broken> {
    let mut day = BucketDay::default();
    decode_day(bytes, &mut day.hours, |unpacker| {
        Ok(Bucket {
            quantity: unpacker.wide()?,
            covered_ms: unpacker.signed()?,
            intervals: unpacker.signed()?,
        })
    })?;
    Ok(day)
}

pub(super) fn encode_cells(day: &CellDay) -> Option<Vec<u8>> {
    encode_day(&day.hours, Option::is_some, |bytes, cell| {
        let cell = cell.unwrap_or_default();
        let same = cell.gas_mg == cell.co2e_mg;
        bytes.push(cell.marks.code() << 1 | u8::from(same));
        put_signed(bytes, cell.gas_mg);
        if !same {
            put_signed(bytes, cell.co2e_mg);
        }
    })
}

pub(super) fn decode_cells(bytes: &[u8]) -> Result<CellDay, Broken> {
    let mut day = CellDay::default();
    decode_day(bytes, &mut day.hours, |unpacker| {
        let control = unpacker.byte()?;
        let gas_mg = unpacker.signed()?;
        let co2e_mg = if control & 1 == 1 { gas_mg } else { unpacker.signed()? };
        Ok(Some(Cell {
            gas_mg,
            co2e_mg,
            marks: CellMarks::from_code(control >> 1),
        }))
    })?;
    Ok(day)
}

pub(super) fn encode_sum(sum: &CellSum) -> Option<Vec<u8>> {
    if sum.is_empty() {
        return None;
    }
    let mut bytes = Vec::new();
    put_wide(&mut bytes, sum.gas_mg);
    put_wide(&mut bytes, sum.co2e_mg);
    for count in [sum.cells, sum.provisional, sum.incomplete, sum.overlapping, sum.failed] {
        put_signed(&mut bytes, count);
    }
    // Sums of earlier versions end here.
    if sum.substituted != 0 {
        put_signed(&mut bytes, sum.substituted);
    }
    Some(bytes)
}

pub(super) fn decode_sum(bytes: &[u8]) -> Result<CellSum, Broken> {
    let mut unpacker = Unpacker::new(bytes);
    Ok(CellSum {
        gas_mg: unpacker.wide()?,
        co2e_mg: unpacker.wide()?,
        cells: unpacker.signed()?,
        provisional: unpacker.signed()?,
        incomplete: unpacker.signed()?,
        overlapping: unpacker.signed()?,
        failed: unpacker.signed()?,
        substituted: if unpacker.is_empty() { 0 } else { unpacker.signed()? },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_as_they_went_in() {
        let mut buckets = BucketDay::default();
        buckets.hours[3] = Bucket {
            quantity: -1_234_567_890_123_456_789_012,
            covered_ms: 3_600_000,
            intervals: 4,
        };
        assert_eq!(decode_buckets(&encode_buckets(&buckets).unwrap()), Ok(buckets));

        let mut cells = CellDay::default();
        cells.hours[0] = Some(Cell {
            gas_mg: 5,
            co2e_mg: 140,
            marks: CellMarks {
                provisional: true,
                incomplete: false,
                overlapping: true,
                substituted: true,
                failed: true,
            },
        });
        cells.hours[23] = Some(Cell::default());
        assert_eq!(decode_cells(&encode_cells(&cells).unwrap()), Ok(cells));

        let mut sum = CellSum::default();
        assert_eq!(encode_sum(&sum), None);
        sum.put(&Cell {
            gas_mg: 7,
            co2e_mg: 7,
            marks: CellMarks {
                substituted: true,
                ..CellMarks::default()
            },
        });
        assert_eq!(decode_sum(&encode_sum(&sum).unwrap()), Ok(sum));
    }

    #[test]
    fn an_empty_day_has_no_row() {
        assert_eq!(encode_buckets(&BucketDay::default()), None);
        assert_eq!(encode_cells(&CellDay::default()), None);
    }

    #[test]
    fn a_row_with_too_much_in_it_is_refused() {
        assert!(decode_cells(&[1, 1, 2, 9]).is_err());
        assert!(decode_cells(&[0xff, 0xff, 0xff, 0xff, 0x0f]).is_err());
    }
}
