//! Numbers as an explanation shows them: what somebody with a calculator types to get the same.

use crate::accounting::exact::{Exact, Rounding};
use crate::accounting::quantity::FLOW_PARTS;
use crate::domain::decimal::from_count;
use crate::domain::model::Parameter;
use crate::domain::reading::ParameterKind;
use crate::domain::unit::{Ratio, Unit};

/// Digits after the point to which an exact value is shown where its decimals do not end.
const SHOWN_DIGITS: u32 = 12;

/// An exact value for people: all digits where they end within twelve, twelve where they do not.
pub(super) fn shown(value: Exact) -> String {
    value
        .to_decimal(SHOWN_DIGITS, Rounding::HalfEven)
        .map_or_else(|_| value.to_string(), |decimal| decimal.normalize().to_string())
}

/// Whether [`shown`] shows all digits of a value.
pub(super) fn is_shown_whole(value: Exact) -> bool {
    value
        .to_decimal(SHOWN_DIGITS, Rounding::HalfEven)
        .map_or(true, |decimal| Exact::from_decimal(decimal) == value)
}

/// A result after its sign: `= 2.5`, or `≈ 0.333333333333` where not all digits can be shown.
pub(super) fn result(value: Exact) -> String {
    let sign = if is_shown_whole(value) { '=' } else { '≈' };
    format!("{sign} {}", shown(value))
}

/// A ratio: as a decimal where its digits end, as a fraction where they do not.
pub(super) fn ratio(ratio: Ratio) -> String {
    let value = Exact::from_ratio(ratio);
    if is_shown_whole(value) {
        shown(value)
    } else {
        format!("{}/{}", ratio.numerator, ratio.denominator)
    }
}

/// What converts one unit into another, to be written after a number: ` × 0.001 MWh/kWh`; nothing where they are one.
pub(super) fn conversion(from: &Unit, to: &Unit) -> String {
    match from.ratio_to(to) {
        Ok(Ratio::ONE) | Err(_) => String::new(),
        Ok(factor) if from.symbol().contains('/') || to.symbol().contains('/') => format!(" × {}", ratio(factor)),
        Ok(factor) => format!(" × {} {}/{}", ratio(factor), to.symbol(), from.symbol()),
    }
}

/// A number in the place of a formula: in brackets where its sign could be taken for another.
pub(super) fn operand(number: &str) -> String {
    if number.starts_with('-') {
        format!("({number})")
    } else {
        number.to_owned()
    }
}

/// Milliseconds as seconds: `900`, `0.25`.
pub(super) fn seconds(milliseconds: i64) -> String {
    from_count(milliseconds, 3).normalize().to_string()
}

/// Milliseconds as minutes, to the tenth.
pub(super) fn minutes(milliseconds: i64) -> String {
    Exact::ratio(i128::from(milliseconds), 60_000)
        .and_then(|minutes| minutes.to_decimal(1, Rounding::HalfEven))
        .map_or_else(|_| milliseconds.to_string(), |minutes| minutes.normalize().to_string())
}

/// The unit of a parameter's quantity in an hour: t for t/h, kWh for kW, its own for counters and amounts.
pub(super) fn quantity_unit(parameter: &Parameter) -> Unit {
    match parameter.kind {
        ParameterKind::Flow => parameter.unit.integrated().unwrap_or_else(|_| parameter.unit.clone()),
        _ => parameter.unit.clone(),
    }
}

/// A quantity as buckets count it, in the unit that [`quantity_unit`] names.
pub(super) fn quantity_in_unit(parameter: &Parameter, quantity: i128) -> Exact {
    let scale = 10_i128.checked_pow(parameter.decimals).unwrap_or(1);
    if parameter.kind != ParameterKind::Flow {
        return Exact::ratio(quantity, scale).unwrap_or(Exact::ZERO);
    }
    let hourly = parameter
        .unit
        .hourly_ratio_to(&quantity_unit(parameter))
        .unwrap_or(Ratio::ONE);
    Exact::ratio(quantity, scale)
        .and_then(|value| value.checked_mul(Exact::ratio(1, FLOW_PARTS)?))
        .and_then(|value| value.checked_mul(Exact::from_ratio(hourly)))
        .unwrap_or(Exact::ZERO)
}

/// A share of an hour as it is added up. For a flow that is its unit times seconds, in which every share has decimals
/// that end, so that the shares as shown add up to the bucket; otherwise the quantity itself.
pub(super) fn share(parameter: &Parameter, quantity: i128) -> Exact {
    let scale = 10_i128.checked_pow(parameter.decimals).unwrap_or(1);
    let parts = if parameter.kind == ParameterKind::Flow {
        2_000
    } else {
        1
    };
    scale
        .checked_mul(parts)
        .and_then(|scale| Exact::ratio(quantity, scale).ok())
        .unwrap_or(Exact::ZERO)
}

/// The unit of [`share`].
pub(super) fn share_unit(parameter: &Parameter) -> String {
    match parameter.kind {
        ParameterKind::Flow => format!("{}·s", parameter.unit.symbol()),
        _ => parameter.unit.symbol().to_owned(),
    }
}

/// What brings the sum of a flow's shares into the quantity's unit: ` ÷ 3600 s/h`; nothing for other kinds.
pub(super) fn time_conversion(parameter: &Parameter) -> String {
    if parameter.kind != ParameterKind::Flow {
        return String::new();
    }
    let hourly = parameter
        .unit
        .hourly_ratio_to(&quantity_unit(parameter))
        .unwrap_or(Ratio::ONE);
    let seconds = Exact::integer(3600).checked_div(Exact::from_ratio(hourly));
    let seconds = seconds.map_or_else(|_| "3600".to_owned(), shown);
    match seconds.as_str() {
        "1" => String::new(),
        "60" => " ÷ 60 s/min".to_owned(),
        "3600" => " ÷ 3600 s/h".to_owned(),
        "86400" => " ÷ 86400 s/d".to_owned(),
        other => format!(" ÷ {other} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_says_whether_all_its_digits_are_there() {
        assert_eq!(result(Exact::ratio(5, 2).unwrap()), "= 2.5");
        assert_eq!(result(Exact::ratio(1, 3).unwrap()), "≈ 0.333333333333");
    }

    #[test]
    fn conversions_carry_their_numbers_and_units() {
        let unit = |symbol: &str| Unit::parse(symbol).unwrap();
        assert_eq!(conversion(&unit("kWh"), &unit("MWh")), " × 0.001 MWh/kWh");
        assert_eq!(conversion(&unit("t"), &unit("t")), "");
        assert_eq!(conversion(&unit("MJ/kg"), &unit("GJ/t")), "");
        assert_eq!(conversion(&unit("kJ/kg"), &unit("GJ/t")), " × 0.001");
    }

    #[test]
    fn times_are_short() {
        assert_eq!(seconds(900_000), "900");
        assert_eq!(seconds(250), "0.25");
        assert_eq!(minutes(90_000), "1.5");
        assert_eq!(minutes(180_000), "3");
    }
}
