//! Prints what was calculated, and the list of methods.

use std::io::Write;

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::input::GivenInput;
use super::{CalcError, Calculation};
use crate::accounting::exact::{Exact, Rounding};
use crate::accounting::rules::{InputDefinition, InputRole, MethodDefinition};
use crate::catalogue::wording;
use crate::cli::format::OutputFormat;
use crate::domain::model::Gas;
use crate::domain::text::{Explained, Text};
use crate::domain::unit::Unit;
use crate::locale::Localizer;

/// Digits after the point of a tonne to the milligram, as in the ledger.
const MILLIGRAM_DIGITS: u32 = 9;

/// A unit as people write it: `10⁴Nm³`, where the ledger has `104Nm3`.
pub(super) fn shown_unit(unit: &Unit) -> String {
    unit.symbol().replace("10^4", "10⁴").replace("m3", "m³")
}

pub(super) fn calculation(
    calculation: &Calculation<'_>,
    format: OutputFormat,
    out: &mut dyn Write,
    localizer: &Localizer,
) -> Result<(), CalcError> {
    match format {
        OutputFormat::Table => calculation_table(calculation, out, localizer),
        OutputFormat::Json => write_json(&calculation_json(calculation, localizer)?, out),
        OutputFormat::Csv => calculation_csv(calculation, out),
    }
}

pub(super) fn methods(
    methods: &[MethodDefinition],
    format: OutputFormat,
    out: &mut dyn Write,
    localizer: &Localizer,
) -> Result<(), CalcError> {
    match format {
        OutputFormat::Table => methods_table(methods, out, localizer),
        OutputFormat::Json => write_json(&methods_json(methods, localizer), out),
        OutputFormat::Csv => methods_csv(methods, out),
    }
}

/// The result as a decimal number, with all its digits where they end and to the milligram where they do not.
fn shown_result(result: Exact) -> Result<(String, bool), CalcError> {
    let exact = result.to_string();
    if exact.contains('/') {
        let rounded = result.to_decimal(MILLIGRAM_DIGITS, Rounding::HalfEven)?;
        return Ok((rounded.to_string(), false));
    }
    Ok((exact, true))
}

fn calculation_table(
    calculation: &Calculation<'_>,
    out: &mut dyn Write,
    localizer: &Localizer,
) -> Result<(), CalcError> {
    let method = calculation.method;
    writeln!(out, "{}  {}", method.reference(), localizer.name(&method.name))?;
    writeln!(out, "  {}", localizer.text(&source_of(method)))?;
    for input in &calculation.inputs {
        writeln!(
            out,
            "  {} = {}  {}",
            input.definition.key,
            with_unit(input),
            localizer.name(&input.definition.name)
        )?;
        if let Some(factor) = factor_line(input, localizer) {
            writeln!(out, "    {factor}")?;
        }
    }
    let unit = result_unit(method.gas);
    let (shown, exactly) = shown_result(calculation.result)?;
    writeln!(out, "E = {}", method.formula)?;
    writeln!(out, "  = {}", formula_with_numbers(calculation))?;
    if exactly {
        writeln!(out, "  = {shown} {unit}")?;
    } else {
        let text = Text::new("calc-rounded")
            .with("value", format!("{shown} {unit}"))
            .with("exact", calculation.result);
        writeln!(out, "  = {}", localizer.text(&text))?;
    }
    Ok(())
}

/// Where a value of the catalogue comes from, and how far it may be relied on.
fn factor_line(input: &GivenInput<'_>, localizer: &Localizer) -> Option<String> {
    let resolved = input.factor?;
    let factor = resolved.factor;
    let year = factor.data_year.map_or_else(String::new, |year| format!("/{year}"));
    let text = Text::new("calc-factor")
        .with("key", format!("{}{year}", factor.key))
        .with("name", localizer.name(&factor.name))
        .with("value", format!("{} {}", factor.value, shown_unit(&factor.unit)))
        .with_name("document", &wording::in_both(&factor.document))
        .with_name("table", &wording::in_both(&factor.table))
        .with_text("trust", factor.trust.text());
    let line = localizer.text(&text);
    Some(if resolved.provisional {
        localizer.text(&Text::new("calc-provisional").with("factor", line))
    } else {
        line
    })
}

/// The formula with the inputs' numbers and units in the place of their keys.
fn formula_with_numbers(calculation: &Calculation<'_>) -> String {
    let mut shown = String::new();
    let mut word = String::new();
    let is_key_part = |character: char| character.is_ascii_lowercase() || character == '_';
    for character in calculation.method.formula.chars() {
        if is_key_part(character) {
            word.push(character);
            continue;
        }
        push_word(&mut shown, &mut word, &calculation.inputs);
        shown.push(character);
    }
    push_word(&mut shown, &mut word, &calculation.inputs);
    shown
}

fn push_word(shown: &mut String, word: &mut String, inputs: &[GivenInput<'_>]) {
    match inputs.iter().find(|input| input.definition.key == *word) {
        Some(input) => shown.push_str(&with_unit(input)),
        None => shown.push_str(word),
    }
    word.clear();
}

fn with_unit(input: &GivenInput<'_>) -> String {
    format!("{} {}", input.value, shown_unit(&input.definition.unit))
}

fn calculation_json(calculation: &Calculation<'_>, localizer: &Localizer) -> Result<Value, CalcError> {
    let method = calculation.method;
    let inputs: Vec<Value> = calculation
        .inputs
        .iter()
        .map(|input| {
            let mut value = json!({
                "key": input.definition.key,
                "name": localizer.name(&input.definition.name),
                "value": input.value.to_string(),
                "unit": shown_unit(&input.definition.unit),
            });
            if let (Some(resolved), Some(fields)) = (input.factor, value.as_object_mut()) {
                fields.insert("factor".to_owned(), json!(resolved.factor));
                fields.insert("provisional".to_owned(), json!(resolved.provisional));
            }
            value
        })
        .collect();
    let (shown, exactly) = shown_result(calculation.result)?;
    Ok(json!({
        "method": method.reference(),
        "name": localizer.name(&method.name),
        "category": method.category,
        "gas": method.gas,
        "inputs": inputs,
        "formula": method.formula,
        "formula_with_numbers": formula_with_numbers(calculation),
        "result": {
            "value": shown,
            "unit": result_unit(method.gas),
            "rounded": !exactly,
            "exact": calculation.result.to_string(),
        },
    }))
}

fn calculation_csv(calculation: &Calculation<'_>, out: &mut dyn Write) -> Result<(), CalcError> {
    let reference = calculation.method.reference();
    let mut rows = vec![["method", "item", "value", "unit", "factor"].map(str::to_owned)];
    for input in &calculation.inputs {
        rows.push([
            reference.clone(),
            input.definition.key.clone(),
            input.value.to_string(),
            shown_unit(&input.definition.unit),
            input
                .factor
                .map_or_else(String::new, |resolved| resolved.factor.id.clone()),
        ]);
    }
    let (shown, _) = shown_result(calculation.result)?;
    rows.push([
        reference,
        "result".to_owned(),
        shown,
        result_unit(calculation.method.gas).to_owned(),
        String::new(),
    ]);
    write_csv(&rows, out)
}

fn methods_table(methods: &[MethodDefinition], out: &mut dyn Write, localizer: &Localizer) -> Result<(), CalcError> {
    let inputs = || methods.iter().flat_map(|method| &method.inputs);
    let key_width = inputs().map(|input| input.key.width()).max().unwrap_or(0);
    let unit_width = inputs().map(|input| shown_unit(&input.unit).width()).max().unwrap_or(0);
    for method in methods {
        writeln!(out, "{}  {}", method.reference(), localizer.name(&method.name))?;
        writeln!(out, "  {}", localizer.text(&source_of(method)))?;
        writeln!(out, "  E = {}", method.formula)?;
        for input in &method.inputs {
            let unit = shown_unit(&input.unit);
            let padding = " ".repeat(unit_width.saturating_sub(unit.width()));
            let name = Text::new("calc-input-name")
                .with_name("name", &input.name)
                .with_text("role", role_text(input));
            writeln!(
                out,
                "    {:key_width$}  {unit}{padding}  {}",
                input.key,
                localizer.text(&name)
            )?;
        }
    }
    Ok(())
}

/// The document in which a method stands, and where.
fn source_of(method: &MethodDefinition) -> Text {
    Text::new("calc-method-source")
        .with_name("document", &wording::in_both(&method.document))
        .with_name("table", &wording::in_both(&method.table))
}

fn role_text(input: &InputDefinition) -> Text {
    match input.role {
        InputRole::Quantity => Text::new("calc-role-quantity"),
        InputRole::Property => Text::new("calc-role-property"),
        InputRole::Factor => Text::new("calc-role-factor"),
    }
}

fn methods_json(methods: &[MethodDefinition], localizer: &Localizer) -> Value {
    let methods: Vec<Value> = methods
        .iter()
        .map(|method| {
            let mut value = json!(method);
            if let Some(fields) = value.as_object_mut() {
                fields.insert("reference".to_owned(), json!(method.reference()));
                for (key, words) in [("document", &method.document), ("table", &method.table)] {
                    let said = wording::in_both(words);
                    fields.insert(key.to_owned(), json!(localizer.name(&said)));
                }
            }
            value
        })
        .collect();
    json!(methods)
}

fn methods_csv(methods: &[MethodDefinition], out: &mut dyn Write) -> Result<(), CalcError> {
    let header = [
        "method", "name_zh", "name_en", "formula", "input", "unit", "input_zh", "input_en",
    ];
    let mut rows = vec![header.map(str::to_owned)];
    for method in methods {
        for input in &method.inputs {
            rows.push([
                method.reference(),
                method.name.zh.clone(),
                method.name.en.clone(),
                method.formula.clone(),
                input.key.clone(),
                shown_unit(&input.unit),
                input.name.zh.clone(),
                input.name.en.clone(),
            ]);
        }
    }
    write_csv(&rows, out)
}

fn write_json(value: &Value, out: &mut dyn Write) -> Result<(), CalcError> {
    writeln!(out, "{value:#}")?;
    Ok(())
}

fn write_csv<const N: usize>(rows: &[[String; N]], out: &mut dyn Write) -> Result<(), CalcError> {
    let mut writer = csv::Writer::from_writer(out);
    for row in rows {
        writer.write_record(row).map_err(std::io::Error::from)?;
    }
    writer.flush()?;
    Ok(())
}

/// The unit of a method's result: tonnes of its gas.
const fn result_unit(gas: Gas) -> &'static str {
    match gas {
        Gas::CarbonDioxide => "tCO2",
        Gas::Methane => "tCH4",
        Gas::NitrousOxide => "tN2O",
        Gas::Hydrofluorocarbons => "t HFCs",
        Gas::Perfluorocarbons => "t PFCs",
        Gas::SulphurHexafluoride => "tSF6",
        Gas::NitrogenTrifluoride => "tNF3",
    }
}
