//! The flags in other schemes (质量码对照): QARTOD numbers, letters of HJ 212, status codes of OPC UA.

use super::flag::{Flag, Rule};

/// The primary flag of QARTOD: 1 pass, 2 not evaluated, 3 suspect, 4 fail, 9 missing (IOC 54-V3; QARTOD manuals, "Flags").
pub const fn qartod(flag: Flag) -> u8 {
    match flag {
        Flag::Good => 1,
        Flag::Unknown => 2,
        Flag::Suspect => 3,
        Flag::Bad => 4,
        Flag::Missing => 9,
    }
}

/// The flag of a QARTOD number.
pub const fn of_qartod(number: u8) -> Option<Flag> {
    match number {
        1 => Some(Flag::Good),
        2 => Some(Flag::Unknown),
        3 => Some(Flag::Suspect),
        4 => Some(Flag::Bad),
        9 => Some(Flag::Missing),
        _ => None,
    }
}

/// An edition of HJ 212, whose letters may change with each. The letters of the edition of 2025 are added when its text
/// has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hj212Edition {
    /// HJ 212-2017, 6.5 (数据标记).
    E2017,
}

/// What an instrument says of itself by a letter of HJ 212.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hj212Mark {
    /// The letter.
    pub letter: char,
    /// The flag that it stands for here; none where the device only says that nothing is wrong with itself, which is not
    /// yet good.
    pub flag: Option<Flag>,
    /// Whether the time counts as operating time.
    pub operating: bool,
}

/// The letters of an edition.
pub const fn hj212_marks(edition: Hj212Edition) -> &'static [Hj212Mark] {
    match edition {
        Hj212Edition::E2017 => HJ212_2017,
    }
}

const fn mark(letter: char, flag: Option<Flag>, operating: bool) -> Hj212Mark {
    Hj212Mark {
        letter,
        flag,
        operating,
    }
}

const HJ212_2017: &[Hj212Mark] = &[
    // 正常
    mark('N', None, true),
    // 停运
    mark('F', Some(Flag::Unknown), false),
    // 维护
    mark('M', Some(Flag::Bad), true),
    // 手工输入的设定值
    mark('S', Some(Flag::Unknown), true),
    // 仪器故障
    mark('D', Some(Flag::Bad), true),
    // 校准
    mark('C', Some(Flag::Bad), true),
    // 超过测定上限
    mark('T', Some(Flag::Bad), true),
    // 与数采仪通讯异常
    mark('B', Some(Flag::Missing), true),
];

/// The letter of HJ 212 for a flag with its reason. The scheme has no doubtful values: suspect ones stay normal, since a
/// plant may not mark a fault that nobody has confirmed.
pub const fn hj212(edition: Hj212Edition, flag: Flag, rule: Option<Rule>) -> char {
    match edition {
        Hj212Edition::E2017 => match (flag, rule) {
            (Flag::Missing, _) => 'B',
            (Flag::Bad, Some(Rule::SensorHigh)) => 'T',
            (Flag::Bad, _) => 'D',
            (Flag::Good | Flag::Suspect | Flag::Unknown, _) => 'N',
        },
    }
}

/// A status code of OPC UA (Part 4, 7.39; Part 8, 6.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpcUaStatus {
    /// The code with its limit bits.
    pub code: u32,
    /// Its name.
    pub name: &'static str,
}

/// Says that the lower 16 bits speak of a data value.
const INFO_DATA_VALUE: u32 = 1 << 10;
const LIMIT_LOW: u32 = 1 << 8;
const LIMIT_HIGH: u32 = 2 << 8;
const LIMIT_CONSTANT: u32 = 3 << 8;

/// The OPC UA status for a flag with its reason. A bad value must be sent without its value (Part 4, 7.11).
pub const fn opc_ua(flag: Flag, rule: Option<Rule>) -> OpcUaStatus {
    let (code, name) = match (flag, rule) {
        (Flag::Good, _) => (0x0000_0000, "Good"),
        (Flag::Missing, _) => (0x809B_0000, "BadNoData"),
        (Flag::Unknown, _) => (0x4092_0000, "UncertainInitialValue"),
        (Flag::Suspect, Some(Rule::OperatorLow | Rule::OperatorHigh)) => {
            (0x4094_0000, "UncertainEngineeringUnitsExceeded")
        }
        (
            Flag::Suspect,
            Some(
                Rule::Imbalance
                | Rule::RatioLow
                | Rule::RatioHigh
                | Rule::RatioFell
                | Rule::RatioRose
                | Rule::WithoutLoad,
            ),
        ) => (0x4095_0000, "UncertainSubNormal"),
        (Flag::Suspect, Some(Rule::Gap)) => (0x4090_0000, "UncertainLastUsableValue"),
        // Of how it was typed, and by which way and when it came, no status speaks.
        (
            Flag::Suspect,
            None
            | Some(
                Rule::TypedLate
                | Rule::TypedTogether
                | Rule::RegularDigits
                | Rule::UnplannedOrigin
                | Rule::CameLate
                | Rule::CameOverFilled
                | Rule::FutureStamp,
            ),
        ) => (0x4000_0000, "Uncertain"),
        (Flag::Suspect, Some(_)) => (0x4093_0000, "UncertainSensorNotAccurate"),
        (Flag::Bad, Some(Rule::StampRange | Rule::Contested | Rule::Fall)) => (0x8089_0000, "BadConfigurationError"),
        (Flag::Bad, Some(_)) => (0x808C_0000, "BadSensorFailure"),
        (Flag::Bad, None) => (0x8000_0000, "Bad"),
    };
    let limit = match rule {
        Some(Rule::SensorLow | Rule::OperatorLow | Rule::BandLow | Rule::RatioLow) => LIMIT_LOW | INFO_DATA_VALUE,
        Some(Rule::SensorHigh | Rule::OperatorHigh | Rule::BandHigh | Rule::RatioHigh) => LIMIT_HIGH | INFO_DATA_VALUE,
        Some(Rule::Flat) => LIMIT_CONSTANT | INFO_DATA_VALUE,
        _ => 0,
    };
    OpcUaStatus {
        code: code | limit,
        name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qartod_numbers_go_both_ways() {
        for flag in Flag::ALL {
            assert_eq!(of_qartod(qartod(flag)), Some(flag));
        }
        assert_eq!(of_qartod(0), None);
    }

    #[test]
    fn hj212_letters_are_those_of_the_edition() {
        let marks = hj212_marks(Hj212Edition::E2017);
        assert_eq!(marks.iter().map(|mark| mark.letter).collect::<String>(), "NFMSDCTB");
        // A device that calls itself normal is not good by that, and a value set by hand never is.
        assert!(marks.iter().all(|mark| mark.flag != Some(Flag::Good)));
        assert_eq!(hj212(Hj212Edition::E2017, Flag::Bad, Some(Rule::SensorHigh)), 'T');
        assert_eq!(hj212(Hj212Edition::E2017, Flag::Bad, Some(Rule::SensorLow)), 'D');
        assert_eq!(hj212(Hj212Edition::E2017, Flag::Missing, None), 'B');
        assert_eq!(hj212(Hj212Edition::E2017, Flag::Suspect, Some(Rule::Flat)), 'N');
    }

    #[test]
    fn opc_ua_severity_bits_follow_the_flag() {
        for (flag, severity) in [
            (Flag::Good, 0),
            (Flag::Unknown, 1),
            (Flag::Suspect, 1),
            (Flag::Bad, 2),
            (Flag::Missing, 2),
        ] {
            for rule in [None, Some(Rule::Flat), Some(Rule::SensorHigh), Some(Rule::Imbalance)] {
                let status = opc_ua(flag, rule);
                assert_eq!(status.code >> 30, severity, "{status:?}");
            }
        }
        assert_eq!(opc_ua(Flag::Bad, Some(Rule::SensorHigh)).code, 0x808C_0600);
        assert_eq!(opc_ua(Flag::Suspect, Some(Rule::Flat)).code, 0x4093_0700);
    }
}
