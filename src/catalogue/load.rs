//! Reads the embedded files.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::CatalogueError;
use crate::accounting::rules::{Factor, GwpSet, MethodDefinition, RuleSet, Trust};
use crate::domain::model::Name;
use crate::domain::unit::Unit;

/// A file of factors: what all its rows share, then the rows. What a row says itself goes before what the file says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FactorFile {
    factor_set: String,
    #[serde(default)]
    document: Option<String>,
    #[serde(default)]
    published: Option<NaiveDate>,
    #[serde(default)]
    data_year: Option<i32>,
    #[serde(default)]
    table: Option<String>,
    trust: Trust,
    factor: Vec<Row>,
}

/// A row of a file of factors.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    key: String,
    id: String,
    zh: String,
    en: String,
    value: Decimal,
    unit: Unit,
    #[serde(default)]
    valid_from: Option<NaiveDate>,
    #[serde(default)]
    valid_to: Option<NaiveDate>,
    #[serde(default)]
    document: Option<String>,
    #[serde(default)]
    table: Option<String>,
    #[serde(default)]
    notes: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GwpFile {
    gwp_set: Vec<GwpSet>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MethodFile {
    method: Vec<MethodDefinition>,
}

/// A file: its name and its contents.
type File = (&'static str, &'static str);

pub(super) fn rule_set(factor_files: &[File], gwp_file: File, method_file: File) -> Result<RuleSet, CatalogueError> {
    let mut factors = Vec::new();
    for &file in factor_files {
        let read: FactorFile = parse(file)?;
        for row in read.factor {
            let document = row
                .document
                .or_else(|| read.document.clone())
                .ok_or_else(|| CatalogueError {
                    file: file.0,
                    reason: format!("row {} names no document", row.id),
                })?;
            factors.push(Factor {
                key: row.key,
                factor_set: read.factor_set.clone(),
                id: row.id,
                name: Name { zh: row.zh, en: row.en },
                value: row.value,
                unit: row.unit,
                data_year: read.data_year,
                valid_from: row.valid_from,
                valid_to: row.valid_to,
                published: read.published,
                document,
                table: row.table.or_else(|| read.table.clone()).unwrap_or_default(),
                trust: read.trust,
                notes: row.notes,
            });
        }
    }
    let gwp: GwpFile = parse(gwp_file)?;
    let methods: MethodFile = parse(method_file)?;
    Ok(RuleSet::new(factors, gwp.gwp_set, methods.method))
}

pub(super) fn parse<T: DeserializeOwned>((file, contents): File) -> Result<T, CatalogueError> {
    toml::from_str(contents).map_err(|error| CatalogueError {
        file,
        reason: error.to_string(),
    })
}
