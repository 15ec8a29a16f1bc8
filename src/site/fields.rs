//! The one table of what may stand in a `site.toml`. The reader takes its keys and forms from here, and so does the schema.

use super::alarms::{ALARMS, PARAMETER_ALARMS};
use super::anomalies::ANOMALIES;
use super::checks::CHECKS;
use super::forms::FORM;
use super::missing::MISSING;
use super::relations::{BALANCE, INTENSITY, RATIO};
use super::sheets::SHEET;
use crate::domain::model::STATUTORY_RETENTION_YEARS;

/// The form that a value must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A short key by which other entries refer to this one: letters, digits, `-`, `_` and `.`.
    Key,
    /// A tag as the control system writes it: any visible characters without spaces.
    Tag,
    /// One line of text.
    Words,
    /// A decimal number, as a TOML number or as text; every digit is kept.
    Number,
    /// A whole number between two bounds.
    Whole(i64, i64),
    /// `true` or `false`.
    Flag,
    /// A date, `2024-01-31`.
    Date,
    /// A time of day, `08:00`.
    Clock,
    /// A length of time, `15 min`.
    Duration,
    /// A unit of measurement.
    Unit,
    /// An IANA time zone.
    Zone,
    /// One of a few words.
    Choice(&'static [&'static str]),
    /// Several values.
    List(&'static Form),
    /// A table, written inline or under its own heading.
    Table(&'static Shape),
    /// Any number of tables under `[[name]]`.
    Tables(&'static Shape),
    /// Tables by names that are not fixed here.
    Named(&'static Shape),
}

/// A key of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The key as it is written.
    pub key: &'static str,
    /// The form of its value.
    pub form: Form,
    /// Whether it must be there.
    pub required: bool,
    /// What it means, for the schema.
    pub about: &'static str,
}

/// A table with its keys.
#[derive(Debug, PartialEq, Eq)]
pub struct Shape {
    /// Name of the table in messages.
    pub name: &'static str,
    /// What it describes, for the schema.
    pub about: &'static str,
    /// Its keys.
    pub fields: &'static [Field],
}

impl Shape {
    /// The field of a key.
    pub fn field(&self, key: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.key == key)
    }
}

pub(crate) const fn must(key: &'static str, form: Form, about: &'static str) -> Field {
    Field {
        key,
        form,
        required: true,
        about,
    }
}

pub(crate) const fn may(key: &'static str, form: Form, about: &'static str) -> Field {
    Field {
        key,
        form,
        required: false,
        about,
    }
}

pub(super) const NAME: Field = must("name", Form::Words, "Name in Chinese.");
pub(super) const NAME_EN: Field = may(
    "name_en",
    Form::Words,
    "Name in English; the Chinese one where it is missing.",
);
pub(super) const SECOND_PERSON: Field = may(
    "second_person",
    Form::Flag,
    "Whether what is written down on it is looked at by a second person (双人复核), and all other values of its rows that people give.",
);
pub(super) const SECOND_PERSON_OF_METER: Field = may(
    "second_person",
    Form::Flag,
    "Whether its calibrations and its changes are looked at by a second person (双人复核).",
);
const WAS: Field = may(
    "was",
    Form::Tag,
    "The key or tag under which this object is in force, when it is being renamed: it keeps its history.",
);

/// Levels of the tree.
pub const LEVELS: &[&str] = &["enterprise", "process", "equipment"];
/// Kinds of parameter.
pub const KINDS: &[&str] = &["flow", "counter", "amount", "property", "state"];
/// Ways of integration.
pub const INTEGRATIONS: &[&str] = &["step", "trapezoid"];
/// Windows.
pub const WINDOWS: &[&str] = &["hour", "test", "month", "year"];
/// Origins that a plan may order; a correction always wins and is not among them.
pub const ORIGINS: &[&str] = &["connector", "file", "typed", "laboratory", "invoice", "simulated"];
/// Gases.
pub const GASES: &[&str] = &["CO2", "CH4", "N2O", "HFCs", "PFCs", "SF6", "NF3"];
/// Roles.
pub const ROLES: &[&str] = &[
    "operator",
    "shift-lead",
    "data-quality-checker",
    "carbon-accountant",
    "management-representative",
    "department-head",
    "top-management",
    "internal-auditor",
    "finance",
    "administrator",
    "viewer",
];

/// `[site]`.
pub const SITE: Shape = Shape {
    name: "site",
    about: "The site itself.",
    fields: &[
        must("key", Form::Key, "Short key of the site."),
        NAME,
        NAME_EN,
        must("sector", Form::Key, "Sector, such as power, steel or cement."),
        must(
            "zone",
            Form::Zone,
            "IANA time zone of the plant's calendar; never changes.",
        ),
        may(
            "day_start",
            Form::Clock,
            "Local time at which the plant's day begins; 00:00 where it is missing.",
        ),
        may(
            "simulated",
            Form::Flag,
            "Whether everything in this site is made by the simulator.",
        ),
        may(
            "retention_years",
            Form::Whole(STATUTORY_RETENTION_YEARS as i64, 100),
            "Years after the end of a month for which its readings stay in the journal, before the month may be sealed; 5, the least that the law allows, where it is missing.",
        ),
        may(
            "sign_on_idle",
            Form::Duration,
            "How long a person may leave the keys of a shared post alone before being signed off; 30 min where it is missing, \"none\" for never.",
        ),
    ],
};

/// `[[shift]]`.
pub const SHIFT: Shape = Shape {
    name: "shift",
    about: "A shift slot of the plant's day; it ends where the next begins.",
    fields: &[
        must("key", Form::Key, "Key of the slot."),
        NAME,
        NAME_EN,
        must("start", Form::Clock, "Local time at which it begins."),
    ],
};

/// `[rotation]`.
pub const ROTATION: Shape = Shape {
    name: "rotation",
    about: "Which crew works which slot, day by day, in a cycle.",
    fields: &[
        must("crews", Form::List(&Form::Words), "Names of the crews."),
        may(
            "crews_en",
            Form::List(&Form::Words),
            "Their English names, in the same order.",
        ),
        must(
            "anchor",
            Form::Date,
            "The plant day on which the first row of the cycle holds.",
        ),
        must(
            "cycle",
            Form::List(&Form::List(&Form::Words)),
            "One row a day; one crew for every slot, in the order of the slots.",
        ),
    ],
};

/// `[[node]]`.
pub const NODE: Shape = Shape {
    name: "node",
    about: "A node of the tree: the enterprise, a process or an equipment.",
    fields: &[
        must("key", Form::Key, "Key of the node."),
        NAME,
        NAME_EN,
        must("level", Form::Choice(LEVELS), "Its level."),
        may("parent", Form::Key, "Key of the node above; none for the enterprise."),
        may(
            "upstream",
            Form::Key,
            "Key of the node upstream in the process: its alarms explain those of this one. The parent where it is missing.",
        ),
        may(
            "runs",
            Form::Table(&RUNS),
            "When it runs; its alarms are suppressed while it does not.",
        ),
        WAS,
    ],
};

/// `runs` of a node.
pub const RUNS: Shape = Shape {
    name: "runs",
    about: "When an equipment or a process runs.",
    fields: &[
        must("parameter", Form::Tag, "Tag of the flow or state that tells it."),
        must(
            "above",
            Form::Number,
            "It runs while that is above this, in the parameter's unit.",
        ),
        may(
            "after",
            Form::Duration,
            "How long at or below it before it counts as stopped; 5 min where it is missing.",
        ),
    ],
};

/// `[[meter]]`.
pub const METER: Shape = Shape {
    name: "meter",
    about: "A meter. Replacements and resets are recorded, not written here.",
    fields: &[
        must("key", Form::Key, "Key of the meter."),
        NAME,
        NAME_EN,
        may("serial", Form::Words, "Serial number."),
        may("accuracy", Form::Words, "Accuracy class as printed on it."),
        may("calibrated_on", Form::Date, "Last calibration."),
        may("calibrated_until", Form::Date, "Until when that calibration holds."),
        may(
            "multiplier",
            Form::Number,
            "Factor from the register to the parameter's unit; 1 where it is missing.",
        ),
        may(
            "rollover",
            Form::Number,
            "Register value at which a counter starts again from 0.",
        ),
        SECOND_PERSON_OF_METER,
        WAS,
    ],
};

/// `possible` and `operating`.
pub const LIMITS: Shape = Shape {
    name: "limits",
    about: "A range, either end open, in the parameter's unit.",
    fields: &[
        may("low", Form::Number, "Lowest value inside."),
        may("high", Form::Number, "Highest value inside."),
    ],
};

/// `[[parameter]]`.
pub const PARAMETER: Shape = Shape {
    name: "parameter",
    about: "A parameter: one thing that is measured, typed or delivered.",
    fields: &[
        must("tag", Form::Tag, "Tag as the control system writes it."),
        NAME,
        NAME_EN,
        must("kind", Form::Choice(KINDS), "Kind; never changes."),
        must("unit", Form::Unit, "Unit of its readings; never changes."),
        must(
            "decimals",
            Form::Whole(0, 9),
            "Digits after the point that are kept; never changes.",
        ),
        must("node", Form::Key, "Key of the node it belongs to."),
        may(
            "meter",
            Form::Key,
            "Key of the meter that measures it; none for typed values.",
        ),
        may(
            "interval",
            Form::Duration,
            "Expected interval between readings, \"month\" and \"year\" those of the calendar; none is expected where it is missing.",
        ),
        may(
            "gap_limit",
            Form::Duration,
            "Longest time between two readings that is still integrated; three intervals, or an hour, where it is missing.",
        ),
        may(
            "integration",
            Form::Choice(INTEGRATIONS),
            "How a flow is integrated; step where it is missing.",
        ),
        may(
            "possible",
            Form::Table(&LIMITS),
            "What is physically possible; a reading outside stays out of the ledger.",
        ),
        may("operating", Form::Table(&LIMITS), "Operating limits, for alarms."),
        may(
            "deadband",
            Form::Number,
            "Change below which an alarm does not return, in the parameter's unit.",
        ),
        may(
            "delay",
            Form::Duration,
            "Time for which a limit must be passed before an alarm is raised.",
        ),
        may(
            "origins",
            Form::List(&Form::Choice(ORIGINS)),
            "Order in which origins win, best first.",
        ),
        may("key", Form::Flag, "Whether the first screen shows it."),
        may(
            "capacity",
            Form::Number,
            "Of a counter the most that can pass in an hour, in its unit after the multiplier; more is wrong, and not posted.",
        ),
        may(
            "missing",
            Form::Table(&MISSING),
            "How hours that were not measured are filled, or what stands for months without a test; they stay missing where it is missing.",
        ),
        may(
            "alarms",
            Form::Table(&PARAMETER_ALARMS),
            "What is said of its alarms beside operating limits, deadband and delay.",
        ),
        may(
            "checks",
            Form::Table(&CHECKS),
            "Quality checks that differ from the defaults of the kind.",
        ),
        WAS,
    ],
};

/// `provisional`.
pub const PROVISIONAL: Shape = Shape {
    name: "provisional",
    about: "What is used until a tested value arrives: a factor, or a value with unit and origin.",
    fields: &[
        may("factor", Form::Key, "Key of a factor of the catalogue."),
        may("value", Form::Number, "A value."),
        may("unit", Form::Unit, "Its unit."),
        may(
            "origin",
            Form::Words,
            "Where it comes from: contract, certificate, supplier's letter.",
        ),
    ],
};

/// What an input is bound to.
pub const BINDING: Shape = Shape {
    name: "input",
    about: "What an input of the method is bound to: a parameter, a factor, or a value with unit and origin.",
    fields: &[
        may("parameter", Form::Tag, "Tag of a parameter."),
        may(
            "window",
            Form::Choice(WINDOWS),
            "Over which window a property is taken.",
        ),
        may(
            "provisional",
            Form::Table(&PROVISIONAL),
            "What stands in while a property has no value.",
        ),
        may("factor", Form::Key, "Key of a factor of the catalogue."),
        may(
            "data_year",
            Form::Whole(1990, 2100),
            "Data year of the factor; the newest that is due where it is missing.",
        ),
        may("value", Form::Number, "A value."),
        may("unit", Form::Unit, "Its unit."),
        may(
            "origin",
            Form::Words,
            "Where it comes from: contract, certificate, supplier's letter.",
        ),
    ],
};

/// `[[source]]`.
pub const SOURCE: Shape = Shape {
    name: "source",
    about: "An emission source: a method bound to inputs.",
    fields: &[
        must("key", Form::Key, "Key of the source."),
        NAME,
        NAME_EN,
        must("node", Form::Key, "Key of the node where it stands."),
        must("method", Form::Tag, "Method with version, such as combustion.mass@1."),
        must("inputs", Form::Named(&BINDING), "The method's inputs by name."),
        WAS,
    ],
};

/// `[[product]]`.
pub const PRODUCT: Shape = Shape {
    name: "product",
    about: "A product, the denominator of an intensity.",
    fields: &[
        must("key", Form::Key, "Key of the product."),
        NAME,
        NAME_EN,
        must("node", Form::Key, "Key of the node whose intensity it serves."),
        must("parameter", Form::Tag, "Tag of the parameter that counts it."),
        must("unit", Form::Unit, "Unit of the denominator."),
        WAS,
    ],
};

/// `[[book]]`.
pub const BOOK: Shape = Shape {
    name: "book",
    about: "A book: the rule set under which the data are accounted.",
    fields: &[
        must("key", Form::Key, "Key of the book."),
        NAME,
        NAME_EN,
        must("standard", Form::Words, "Standard."),
        must("edition", Form::Words, "Edition."),
        must(
            "boundary",
            Form::Key,
            "Key of the node that the boundary takes in, with all below it.",
        ),
        must("gases", Form::List(&Form::Choice(GASES)), "Gases that count."),
        must("gwp_set", Form::Words, "Name of the GWP set."),
        must(
            "factor_sets",
            Form::List(&Form::Words),
            "Factor sets; the first that has a row wins.",
        ),
        may(
            "measured_only",
            Form::Flag,
            "Whether missing hours stay missing in this book, whatever the parameters' plans say.",
        ),
        WAS,
    ],
};

/// `[[plan]]`.
pub const PLAN: Shape = Shape {
    name: "plan",
    about: "What a book's boundary may emit in a year by plan, in tCO2e: for the whole year, or for each month.",
    fields: &[
        must("book", Form::Key, "Key of the book."),
        may(
            "year",
            Form::Whole(2000, 2099),
            "Calendar year; every year without a plan of its own where it is missing.",
        ),
        may("amount", Form::Number, "tCO2e in the whole year, or"),
        may(
            "months",
            Form::List(&Form::Number),
            "tCO2e in each of the twelve months.",
        ),
    ],
};

/// `[[reference]]`.
pub const REFERENCE: Shape = Shape {
    name: "reference",
    about: "What the emission intensity of a product is compared with.",
    fields: &[
        must("book", Form::Key, "Key of the book."),
        must("product", Form::Key, "Key of the product."),
        must("intensity", Form::Number, "tCO2e per unit of the product."),
        must(
            "origin",
            Form::Words,
            "Where it comes from: base year, quota, advanced value.",
        ),
    ],
};

/// `[[post]]`.
pub const POST: Shape = Shape {
    name: "post",
    about: "A Unix user or group and the roles that its terminals have.",
    fields: &[
        may("user", Form::Words, "Unix user name, or"),
        may("group", Form::Words, "Unix group name."),
        must("roles", Form::List(&Form::Choice(ROLES)), "Roles."),
        may("shared", Form::Flag, "Whether several people share the login."),
    ],
};

/// `[[person]]`.
pub const PERSON: Shape = Shape {
    name: "person",
    about: "A person by staff number.",
    fields: &[
        must("staff_number", Form::Key, "Staff number."),
        NAME,
        NAME_EN,
        must("roles", Form::List(&Form::Choice(ROLES)), "Roles held in person."),
        may("user", Form::Words, "Personal Unix login, where there is one."),
    ],
};

/// The whole file.
pub const FILE: Shape = Shape {
    name: "site.toml",
    about: "A proposal for the model of a carbonwatch site.",
    fields: &[
        must("site", Form::Table(&SITE), "The site itself."),
        may("shift", Form::Tables(&SHIFT), "Shift slots."),
        may("rotation", Form::Table(&ROTATION), "Crews."),
        must("node", Form::Tables(&NODE), "The tree."),
        may("meter", Form::Tables(&METER), "Meters."),
        may("parameter", Form::Tables(&PARAMETER), "Parameters."),
        may("source", Form::Tables(&SOURCE), "Emission sources."),
        may("product", Form::Tables(&PRODUCT), "Products."),
        may("book", Form::Tables(&BOOK), "Books."),
        may("plan", Form::Tables(&PLAN), "Emission plans."),
        may("reference", Form::Tables(&REFERENCE), "Reference intensities."),
        may("balance", Form::Tables(&BALANCE), "Sides that should be the same."),
        may("ratio", Form::Tables(&RATIO), "Quotients that keep to a band."),
        may(
            "intensity",
            Form::Tables(&INTENSITY),
            "Emissions to products that keep to a band.",
        ),
        may("sheet", Form::Tables(&SHEET), "Entry sheets."),
        may("form", Form::Tables(&FORM), "Forms of documents."),
        may("post", Form::Tables(&POST), "Posts."),
        may("person", Form::Tables(&PERSON), "People."),
        may("alarms", Form::Table(&ALARMS), "What holds for all alarms."),
        may(
            "anomalies",
            Form::Table(&ANOMALIES),
            "How data anomalies are worked on.",
        ),
    ],
};
