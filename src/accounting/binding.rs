//! Binding (绑定): a source of the model and the definition of its method become a function with inputs whose units are
//! already converted, so that computing a cell is arithmetic only.

use thiserror::Error;

use super::exact::{ArithmeticError, Exact};
use super::methods::{MethodFunction, function_of, input_count_of};
use super::rules::{Category, Factor, FactorError, InputDefinition, InputRole, MethodDefinition, Resolved, RuleSet};
use crate::domain::identity::{ParameterId, SourceId};
use crate::domain::missing::UntestedPlan;
use crate::domain::model::{Binding, Constant, Gas, Parameter, Provisional, SiteModel, Source, Window};
use crate::domain::reading::ParameterKind;
use crate::domain::text::{Explained, Text, clean};
use crate::domain::unit::{Ratio, Unit, UnitError};

/// A source, ready to be computed.
#[derive(Debug, Clone)]
pub struct BoundSource {
    /// Which source.
    pub source: SourceId,
    /// Reference of its method, such as `combustion.mass@1`.
    pub method: String,
    /// The method's function.
    pub function: MethodFunction,
    /// Category of its result.
    pub category: Category,
    /// Gas of its result.
    pub gas: Gas,
    /// Its inputs in the order in which the function takes them.
    pub inputs: Vec<BoundInput>,
}

/// An input of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundInput {
    /// Key of the input.
    pub key: String,
    /// Unit in which the function takes it.
    pub unit: Unit,
    /// Where its value comes from.
    pub value: BoundValue,
}

/// Where the value of an input comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BoundValue {
    /// The quantity of the hour itself, whatever window the model names.
    Quantity {
        /// Of which parameter.
        parameter: ParameterId,
        /// One quantum (10 to the minus `decimals`) of the parameter's hourly quantity in the input's unit. The hourly
        /// quantity of a flow is its integral over the hour, of a counter or an amount the quantity itself.
        scale: Ratio,
    },
    /// A tested value over a window.
    Property {
        /// Of which parameter.
        parameter: ParameterId,
        /// Over which window.
        window: Window,
        /// One quantum of the parameter in the input's unit.
        scale: Ratio,
        /// What the parameter's plan puts in the place of months in which nothing was tested.
        untested: Option<UntestedPlan>,
        /// What stands in while there is no tested value and nothing of other months: a factor or a constant.
        provisional: Option<Box<BoundValue>>,
    },
    /// A factor of the rules, to be resolved by book and month ([`RuleSet::resolve`], then [`factor_value`]).
    Factor {
        /// Its key.
        key: String,
        /// The data year that the model names.
        data_year: Option<i32>,
        /// The input's unit.
        target: Unit,
    },
    /// A value of the model.
    Constant {
        /// In the input's unit.
        value: Exact,
        /// As it stands in the model.
        constant: Constant,
    },
}

/// Why a source cannot be computed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BindingError {
    /// The rules have no such method, or this program has no function for it.
    #[error("source {of}: there is no method {method:?}")]
    UnknownMethod {
        /// Key of the source.
        of: String,
        /// The method's reference.
        method: String,
    },
    /// The definition and the function do not fit each other: the rules were made for another program.
    #[error("source {of}: method {method:?} is not the one that this program has")]
    ForeignMethod {
        /// Key of the source.
        of: String,
        /// The method's reference.
        method: String,
    },
    /// An input of the method is not bound.
    #[error("source {of}: input {input:?} of {method} is missing")]
    MissingInput {
        /// Key of the source.
        of: String,
        /// The method's reference.
        method: String,
        /// Key of the input.
        input: String,
        /// Unit of the input.
        unit: String,
    },
    /// The method has no such input.
    #[error("source {of}: {method} has no input {input:?}; it has {known}")]
    UnknownInput {
        /// Key of the source.
        of: String,
        /// The method's reference.
        method: String,
        /// What the model calls it.
        input: String,
        /// The inputs that there are.
        known: String,
    },
    /// A quantity must come from a parameter.
    #[error("source {of}: input {input:?} is a quantity and must be bound to a flow, a counter or an amount")]
    NotAQuantity {
        /// Key of the source.
        of: String,
        /// Key of the input.
        input: String,
    },
    /// A parameter of the wrong kind.
    #[error("source {of}: input {input:?} cannot be taken from {parameter}, a {kind} parameter")]
    WrongKind {
        /// Key of the source.
        of: String,
        /// Key of the input.
        input: String,
        /// Tag of the parameter.
        parameter: String,
        /// Its kind.
        kind: &'static str,
    },
    /// A window that the method does not allow.
    #[error("source {of}: input {input:?} cannot be taken over that window; possible are {allowed}")]
    WrongWindow {
        /// Key of the source.
        of: String,
        /// Key of the input.
        input: String,
        /// The windows that are allowed.
        allowed: String,
    },
    /// A unit that cannot be converted into the input's.
    #[error("source {of}: input {input:?}: {error}")]
    WrongDimension {
        /// Key of the source.
        of: String,
        /// Key of the input.
        input: String,
        /// What does not fit.
        error: Box<UnitError>,
    },
    /// The model has no such parameter.
    #[error("source {of}: input {input:?} names parameter {parameter}, which the model does not have")]
    UnknownParameter {
        /// Key of the source.
        of: String,
        /// Key of the input.
        input: String,
        /// Its id.
        parameter: ParameterId,
    },
    /// The rules have no factor of that key.
    #[error("source {of}: input {input:?} names factor {key:?}, which the rules in force do not have")]
    UnknownFactor {
        /// Key of the source.
        of: String,
        /// Key of the input.
        input: String,
        /// Key of the factor.
        key: String,
    },
}

impl Explained for BindingError {
    fn text(&self) -> Text {
        let said = |id: &'static str, of: &str| Text::new(id).with("source", clean(of));
        match self {
            Self::UnknownMethod { of, method } => said("binding-unknown-method", of).with("method", clean(method)),
            Self::ForeignMethod { of, method } => said("binding-foreign-method", of).with("method", clean(method)),
            Self::MissingInput {
                of,
                method,
                input,
                unit,
            } => said("binding-missing-input", of)
                .with("method", clean(method))
                .with("input", clean(input))
                .with("unit", clean(unit)),
            Self::UnknownInput {
                of,
                method,
                input,
                known,
            } => said("binding-unknown-input", of)
                .with("method", clean(method))
                .with("input", clean(input))
                .with("known", clean(known)),
            Self::NotAQuantity { of, input } => said("binding-not-a-quantity", of).with("input", clean(input)),
            Self::WrongKind {
                of,
                input,
                parameter,
                kind,
            } => said("binding-wrong-kind", of)
                .with("input", clean(input))
                .with("parameter", clean(parameter))
                .with("kind", kind),
            Self::WrongWindow { of, input, allowed } => said("binding-wrong-window", of)
                .with("input", clean(input))
                .with("allowed", allowed),
            Self::WrongDimension { of, input, error } => said("binding-wrong-dimension", of)
                .with("input", clean(input))
                .with_text("error", error.text()),
            Self::UnknownParameter { of, input, parameter } => said("binding-unknown-parameter", of)
                .with("input", clean(input))
                .with("parameter", parameter),
            Self::UnknownFactor { of, input, key } => said("binding-unknown-factor", of)
                .with("input", clean(input))
                .with("key", clean(key)),
        }
    }
}

/// Why a factor or a constant has no value in the unit of an input.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ValueError {
    /// There is no factor for the month.
    #[error(transparent)]
    Factor(#[from] FactorError),
    /// Its unit does not fit.
    #[error(transparent)]
    Unit(#[from] UnitError),
    /// Its value does not fit.
    #[error(transparent)]
    Arithmetic(#[from] ArithmeticError),
}

impl Explained for ValueError {
    fn text(&self) -> Text {
        match self {
            Self::Factor(error) => error.text(),
            Self::Unit(error) => error.text(),
            Self::Arithmetic(error) => error.text(),
        }
    }
}

/// Binds a source: finds its method and brings all its inputs to the method's units. All errors at once.
pub fn bind(model: &SiteModel, source: &Source, rules: &RuleSet) -> Result<BoundSource, Vec<BindingError>> {
    let of = || source.key.clone();
    let method = || source.method.clone();
    let (Some(definition), Some(function)) = (rules.method(&source.method), function_of(&source.method)) else {
        return Err(vec![BindingError::UnknownMethod {
            of: of(),
            method: method(),
        }]);
    };
    if input_count_of(&source.method) != Some(definition.inputs.len()) {
        return Err(vec![BindingError::ForeignMethod {
            of: of(),
            method: method(),
        }]);
    }
    let mut errors: Vec<BindingError> = source
        .inputs
        .keys()
        .filter(|key| definition.input(key).is_none())
        .map(|key| BindingError::UnknownInput {
            of: of(),
            method: method(),
            input: key.clone(),
            known: keys_of(definition),
        })
        .collect();
    let binder = Binder { model, source, rules };
    let mut inputs = Vec::with_capacity(definition.inputs.len());
    for input in &definition.inputs {
        let bound = match source.inputs.get(&input.key) {
            Some(binding) => binder.value(input, binding),
            None => Err(BindingError::MissingInput {
                of: of(),
                method: method(),
                input: input.key.clone(),
                unit: input.unit.to_string(),
            }),
        };
        match bound {
            Ok(value) => inputs.push(BoundInput {
                key: input.key.clone(),
                unit: input.unit.clone(),
                value,
            }),
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(BoundSource {
        source: source.id,
        method: source.method.clone(),
        function,
        category: definition.category,
        gas: definition.gas,
        inputs,
    })
}

/// The value of a factor that was found, in the unit of an input.
pub fn factor_value(resolved: &Resolved<'_>, target: &Unit) -> Result<Exact, ValueError> {
    value_in(resolved.factor.value, &resolved.factor.unit, target)
}

/// A decimal value in another unit, exactly.
pub fn value_in(value: rust_decimal::Decimal, unit: &Unit, target: &Unit) -> Result<Exact, ValueError> {
    let ratio = unit.ratio_to(target)?;
    Ok(Exact::from_decimal(value).checked_mul(Exact::from_ratio(ratio))?)
}

fn keys_of(definition: &MethodDefinition) -> String {
    let keys: Vec<&str> = definition.inputs.iter().map(|input| input.key.as_str()).collect();
    keys.join(", ")
}

/// Binds the inputs of one source.
struct Binder<'all> {
    model: &'all SiteModel,
    source: &'all Source,
    rules: &'all RuleSet,
}

impl Binder<'_> {
    fn value(&self, input: &InputDefinition, binding: &Binding) -> Result<BoundValue, BindingError> {
        match (input.role, binding) {
            (InputRole::Quantity, Binding::Parameter { parameter, .. }) => self.quantity(input, *parameter),
            (InputRole::Quantity, Binding::Factor { .. } | Binding::Constant(_)) => Err(BindingError::NotAQuantity {
                of: self.source.key.clone(),
                input: input.key.clone(),
            }),
            (
                InputRole::Property | InputRole::Factor,
                Binding::Parameter {
                    parameter,
                    window,
                    provisional,
                },
            ) => self.property(input, *parameter, *window, provisional.as_ref()),
            (_, Binding::Factor { key, data_year }) => self.factor(input, key, *data_year),
            (_, Binding::Constant(constant)) => self.constant(input, constant),
        }
    }

    fn parameter(&self, input: &InputDefinition, id: ParameterId) -> Result<&Parameter, BindingError> {
        self.model.parameter(id).ok_or_else(|| BindingError::UnknownParameter {
            of: self.source.key.clone(),
            input: input.key.clone(),
            parameter: id,
        })
    }

    fn quantity(&self, input: &InputDefinition, id: ParameterId) -> Result<BoundValue, BindingError> {
        let parameter = self.parameter(input, id)?;
        let ratio = match parameter.kind {
            ParameterKind::Flow => parameter.unit.hourly_ratio_to(&input.unit),
            ParameterKind::Counter | ParameterKind::Amount => parameter.unit.ratio_to(&input.unit),
            ParameterKind::Property | ParameterKind::State => return Err(self.wrong_kind(input, parameter)),
        };
        Ok(BoundValue::Quantity {
            parameter: id,
            scale: self.of_quantum(input, parameter, ratio)?,
        })
    }

    fn property(
        &self,
        input: &InputDefinition,
        id: ParameterId,
        window: Window,
        provisional: Option<&Provisional>,
    ) -> Result<BoundValue, BindingError> {
        let parameter = self.parameter(input, id)?;
        if parameter.kind != ParameterKind::Property || input.role == InputRole::Factor {
            return Err(self.wrong_kind(input, parameter));
        }
        if !input.windows.contains(&window) {
            let allowed: Vec<&str> = input.windows.iter().map(|&window| window_key(window)).collect();
            return Err(BindingError::WrongWindow {
                of: self.source.key.clone(),
                input: input.key.clone(),
                allowed: allowed.join(", "),
            });
        }
        let provisional = match provisional {
            None => None,
            Some(Provisional::Factor(key)) => Some(Box::new(self.factor(input, key, None)?)),
            Some(Provisional::Constant(constant)) => Some(Box::new(self.constant(input, constant)?)),
        };
        Ok(BoundValue::Property {
            parameter: id,
            window,
            scale: self.of_quantum(input, parameter, parameter.unit.ratio_to(&input.unit))?,
            untested: parameter.untested,
            provisional,
        })
    }

    fn factor(&self, input: &InputDefinition, key: &str, data_year: Option<i32>) -> Result<BoundValue, BindingError> {
        let rows: Vec<&Factor> = self.rules.factors_of(key).collect();
        if rows.is_empty() {
            return Err(BindingError::UnknownFactor {
                of: self.source.key.clone(),
                input: input.key.clone(),
                key: key.to_owned(),
            });
        }
        for row in rows {
            row.unit
                .ratio_to(&input.unit)
                .map_err(|error| self.wrong_dimension(input, error))?;
        }
        Ok(BoundValue::Factor {
            key: key.to_owned(),
            data_year,
            target: input.unit.clone(),
        })
    }

    fn constant(&self, input: &InputDefinition, constant: &Constant) -> Result<BoundValue, BindingError> {
        let out_of_scale = |_| UnitError::OutOfScale(constant.unit.symbol().to_owned());
        let value = constant
            .unit
            .ratio_to(&input.unit)
            .and_then(|ratio| {
                Exact::from_decimal(constant.value)
                    .checked_mul(Exact::from_ratio(ratio))
                    .map_err(out_of_scale)
            })
            .map_err(|error| self.wrong_dimension(input, error))?;
        Ok(BoundValue::Constant {
            value,
            constant: constant.clone(),
        })
    }

    /// Of one unit, a ratio; of one quantum of the parameter, that divided by 10 to its decimals.
    fn of_quantum(
        &self,
        input: &InputDefinition,
        parameter: &Parameter,
        ratio: Result<Ratio, UnitError>,
    ) -> Result<Ratio, BindingError> {
        ratio
            .and_then(|ratio| {
                10_i128
                    .checked_pow(parameter.decimals)
                    .and_then(|quanta| Ratio::new(1, quanta))
                    .and_then(|quantum| ratio.times(quantum))
                    .ok_or_else(|| UnitError::OutOfScale(parameter.unit.symbol().to_owned()))
            })
            .map_err(|error| self.wrong_dimension(input, error))
    }

    fn wrong_kind(&self, input: &InputDefinition, parameter: &Parameter) -> BindingError {
        BindingError::WrongKind {
            of: self.source.key.clone(),
            input: input.key.clone(),
            parameter: parameter.tag.clone(),
            kind: match parameter.kind {
                ParameterKind::Flow => "flow",
                ParameterKind::Counter => "counter",
                ParameterKind::Amount => "amount",
                ParameterKind::Property => "property",
                ParameterKind::State => "state",
            },
        }
    }

    fn wrong_dimension(&self, input: &InputDefinition, error: UnitError) -> BindingError {
        BindingError::WrongDimension {
            of: self.source.key.clone(),
            input: input.key.clone(),
            error: Box::new(error),
        }
    }
}

const fn window_key(window: Window) -> &'static str {
    match window {
        Window::Hour => "hour",
        Window::Test => "test",
        Window::Month => "month",
        Window::Year => "year",
    }
}

#[cfg(test)]
mod tests;
