//! Forms (单据格式): what is written down as a document of its own and not in the cells of a sheet, as the site's model has it.

use std::sync::LazyLock;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::basis::{Basis, Conversion};
use crate::domain::identity::ParameterId;
use crate::domain::model::{Name, Parameter, SiteModel};
use crate::domain::reading::{Origin, ParameterKind};
use crate::domain::text::{Explained, Text};

/// The most values of a form.
pub const MOST_FORM_ROWS: usize = 40;

/// The key of the form of calibrations, which every site has.
pub const CALIBRATION_FORM: &str = "calibration";

/// The key of the form of meter changes, which every site has.
pub const METER_CHANGE_FORM: &str = "meter-change";

/// What sort of document it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FormKind {
    /// A batch of fuel or material (批次), of which samples are tested.
    Batch,
    /// A laboratory's report on a batch (化验报告).
    Laboratory,
    /// An invoice or a settlement sheet (发票、结算单).
    Invoice,
    /// Stock-taking (盘点).
    Stock,
    /// A calibration or verification of a meter (检定、校准).
    Calibration,
    /// A meter was replaced or reset (换表).
    MeterChange,
}

impl FormKind {
    /// Those that a site's model may have forms of.
    pub const OF_MODEL: [Self; 4] = [Self::Batch, Self::Laboratory, Self::Invoice, Self::Stock];

    /// As what its values are taken.
    pub const fn origin(self) -> Origin {
        match self {
            Self::Laboratory => Origin::Laboratory,
            Self::Invoice => Origin::Invoice,
            Self::Batch | Self::Stock | Self::Calibration | Self::MeterChange => Origin::Typed,
        }
    }

    /// Whether a parameter of a kind may be on such a form.
    pub const fn takes(self, kind: ParameterKind) -> bool {
        match self {
            Self::Batch | Self::Invoice => matches!(kind, ParameterKind::Amount),
            Self::Laboratory => matches!(kind, ParameterKind::Property),
            Self::Stock => matches!(kind, ParameterKind::State),
            Self::Calibration | Self::MeterChange => false,
        }
    }
}

impl Explained for FormKind {
    fn text(&self) -> Text {
        Text::new(match self {
            Self::Batch => "form-kind-batch",
            Self::Laboratory => "form-kind-laboratory",
            Self::Invoice => "form-kind-invoice",
            Self::Stock => "form-kind-stock",
            Self::Calibration => "form-kind-calibration",
            Self::MeterChange => "form-kind-meter-change",
        })
    }
}

/// A form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentForm {
    /// Its key in `site.toml`.
    pub key: String,
    /// Its name.
    pub name: Name,
    /// What sort of document it is.
    pub kind: FormKind,
    /// The parameters of which it has values, in order.
    pub rows: Vec<ParameterId>,
    /// Of a laboratory's report, the key of the form of the batches that are tested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batches: Option<String>,
    /// Of a laboratory's report, the basis on which its parameters are; none where they depend on none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// Of a laboratory's report, which of its rows is the total moisture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_moisture: Option<ParameterId>,
    /// Whether a second person looks at what was filed (双人复核).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub second_person: bool,
}

impl DocumentForm {
    /// Whether the value of a row is given on a basis.
    pub fn is_on_basis(&self, parameter: &Parameter) -> bool {
        self.basis.is_some()
            && self.total_moisture != Some(parameter.id)
            && Conversion::of(&parameter.unit) != Conversion::None
    }

    /// Those of its rows that the model has.
    pub fn parameters<'a>(&'a self, model: &'a SiteModel) -> impl Iterator<Item = &'a Parameter> {
        self.rows.iter().filter_map(|row| model.parameter(*row))
    }
}

/// A value of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// Of which parameter.
    pub parameter: ParameterId,
    /// As it was given, in the parameter's unit.
    pub value: Decimal,
}

/// The forms that every site with meters has.
static OF_METERS: LazyLock<[DocumentForm; 2]> = LazyLock::new(|| {
    [
        (CALIBRATION_FORM, FormKind::Calibration),
        (METER_CHANGE_FORM, FormKind::MeterChange),
    ]
    .map(|(key, kind)| DocumentForm {
        key: key.to_owned(),
        name: Name::default(),
        kind,
        rows: Vec::new(),
        batches: None,
        basis: None,
        total_moisture: None,
        second_person: false,
    })
});

impl SiteModel {
    /// All forms: those of the model, and, where there are meters, those that every site has.
    pub fn forms(&self) -> impl Iterator<Item = &DocumentForm> {
        let of_meters = OF_METERS.iter().filter(|_| !self.meters.is_empty());
        self.document_forms.iter().chain(of_meters)
    }

    /// A form by its key.
    pub fn form(&self, key: &str) -> Option<&DocumentForm> {
        self.forms().find(|form| form.key == key)
    }
}
