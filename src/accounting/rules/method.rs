//! Definitions of methods: what they are called, what they take, and under which category their results stand.

use serde::{Deserialize, Serialize};

use crate::accounting::exact::Rounding;
use crate::domain::model::{Gas, Name, Window};
use crate::domain::text::{Explained, Text};
use crate::domain::unit::Unit;

/// The emission categories of the reports (排放类别; GB/T 32150). A category's sign is that of its sources' results:
/// what is sold or recovered is negative, so that a total is a plain sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Category {
    /// 化石燃料燃烧.
    FuelCombustion = 0,
    /// 生产过程.
    Process = 1,
    /// 购入电力.
    PurchasedElectricity = 2,
    /// 购入热力.
    PurchasedHeat = 3,
    /// 输出电力, negative.
    SoldElectricity = 4,
    /// 输出热力, negative.
    SoldHeat = 5,
    /// 回收利用与固碳, negative.
    Recovery = 6,
}

impl Category {
    /// All categories, in the order of reports and of their codes.
    pub const ALL: [Self; 7] = [
        Self::FuelCombustion,
        Self::Process,
        Self::PurchasedElectricity,
        Self::PurchasedHeat,
        Self::SoldElectricity,
        Self::SoldHeat,
        Self::Recovery,
    ];

    /// The code under which it is stored; never changes.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The category of a stored code.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }

    /// Its key for programs.
    pub const fn key(self) -> &'static str {
        match self {
            Self::FuelCombustion => "fuel-combustion",
            Self::Process => "process",
            Self::PurchasedElectricity => "purchased-electricity",
            Self::PurchasedHeat => "purchased-heat",
            Self::SoldElectricity => "sold-electricity",
            Self::SoldHeat => "sold-heat",
            Self::Recovery => "recovery",
        }
    }

    /// Whether it is left out of the total without electricity and heat, which reports print beside the full one.
    pub const fn is_energy_indirect(self) -> bool {
        matches!(
            self,
            Self::PurchasedElectricity | Self::PurchasedHeat | Self::SoldElectricity | Self::SoldHeat
        )
    }
}

impl Explained for Category {
    fn text(&self) -> Text {
        Text::new(match self {
            Self::FuelCombustion => "category-fuel-combustion",
            Self::Process => "category-process",
            Self::PurchasedElectricity => "category-purchased-electricity",
            Self::PurchasedHeat => "category-purchased-heat",
            Self::SoldElectricity => "category-sold-electricity",
            Self::SoldHeat => "category-sold-heat",
            Self::Recovery => "category-recovery",
        })
    }
}

/// What an input is to its method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InputRole {
    /// The activity (活动数据): a quantity of each hour, from a flow, a counter or an amount.
    Quantity,
    /// An intensive value that may be tested: a property parameter, a factor or a constant.
    Property,
    /// A value that a document gives: a factor or a constant.
    Factor,
}

/// An input of a method.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputDefinition {
    /// Key in `site.toml` and in the formula.
    pub key: String,
    /// Name.
    pub name: Name,
    /// Unit in which the function takes it.
    pub unit: Unit,
    /// What it is to the method.
    pub role: InputRole,
    /// The windows over which a parameter may be taken; the first is the usual one. Empty for factors.
    pub windows: Vec<Window>,
}

/// A versioned method (核算方法): what people and the engine have to know of it besides its function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MethodDefinition {
    /// Id without version, such as `combustion.mass`.
    pub id: String,
    /// Version; a version that was shipped is never changed.
    pub version: u32,
    /// Name.
    pub name: Name,
    /// Category of its results.
    pub category: Category,
    /// Gas of its results.
    pub gas: Gas,
    /// Inputs in the order in which the function takes them.
    pub inputs: Vec<InputDefinition>,
    /// The formula as shown to people, with the inputs' keys in it.
    pub formula: String,
    /// The document that it stands in.
    pub document: String,
    /// Clause or equation of that document.
    pub table: String,
    /// How a cell is rounded.
    pub rounding: Rounding,
}

impl MethodDefinition {
    /// Id with version, such as `combustion.mass@1`: how sources name it.
    pub fn reference(&self) -> String {
        format!("{}@{}", self.id, self.version)
    }

    /// The input of a key.
    pub fn input(&self, key: &str) -> Option<&InputDefinition> {
        self.inputs.iter().find(|input| input.key == key)
    }

    pub(super) fn is_referred_to_by(&self, reference: &str) -> bool {
        reference
            .split_once('@')
            .is_some_and(|(id, version)| id == self.id && version.parse() == Ok(self.version))
    }
}
