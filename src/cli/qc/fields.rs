//! The one table of what may stand in a rules file.

use crate::site::checks::{CLAUSE, COMMON, COUNTER, PAST, SPAN, TYPING_FIELDS, WITHOUT, joined};
use crate::site::fields::{Field, Form, ORIGINS, Shape, may, must};

/// Kinds of channel: those of parameters.
const KINDS: &[&str] = crate::site::fields::KINDS;

const LONGEST_COUNT: i64 = 1_000_000;

/// A whole rules file.
pub(super) const RULES: Shape = Shape {
    name: "rules",
    about: "Checks on a CSV file.",
    fields: &[
        may(
            "zone",
            Form::Zone,
            "Zone of local stamps, hours and months; UTC where it is left out.",
        ),
        may(
            "clause",
            Form::Words,
            "Clause of the data-quality plan by which these rules are in force.",
        ),
        must("file", Form::Table(&FILE), "How the file is written."),
        must("channel", Form::Named(&CHANNEL), "The columns that are checked."),
        may(
            "balance",
            Form::Tables(&BALANCE),
            "Sums that should be nothing, two meters of one quantity.",
        ),
        may("ratio", Form::Tables(&RATIO), "Quotients that have a band."),
    ],
};

const FILE: Shape = Shape {
    name: "[file]",
    about: "How the file is written; the keys are those of mapping files.",
    fields: &[
        may("delimiter", Form::Words, "What separates fields."),
        may("header", Form::Flag, "Whether the first row names the columns."),
        may("columns", Form::List(&Form::Words), "Names of the columns."),
        may("encoding", Form::Words, "Encoding."),
        may("decimal_comma", Form::Flag, "Whether numbers have a decimal comma."),
        may("skip_lines", Form::Whole(0, LONGEST_COUNT), "Lines before the header."),
        may("comment", Form::Words, "What comment lines begin with."),
        may(
            "missing",
            Form::List(&Form::Words),
            "Words for no value, beside an empty cell.",
        ),
        must("stamp", Form::Table(&STAMP), "How stamps are read."),
    ],
};

const STAMP: Shape = Shape {
    name: "[file.stamp]",
    about: "How stamps are read.",
    fields: &[
        may("column", Form::Words, "Column with the stamp."),
        may("date", Form::Words, "Column with the date."),
        may("time", Form::Words, "Column with the time of day."),
        may(
            "start",
            Form::Words,
            "Local time of the first row of a file without stamps.",
        ),
        may(
            "format",
            Form::Words,
            "A strftime pattern, epoch-s, epoch-ms or rfc3339.",
        ),
        may("zone", Form::Words, "Zone of the stamps."),
        may(
            "fold",
            Form::Choice(&["refuse", "earlier", "later"]),
            "Local times that occurred twice.",
        ),
        may(
            "marks",
            Form::Choice(&["start", "end", "instant"]),
            "What of its interval a stamp marks.",
        ),
        may("interval", Form::Words, "Length of the interval."),
        may("repair", Form::Choice(&["day-end"]), "Repair of a known fault."),
    ],
};

const OWN: &[Field] = &[
    may(
        "column",
        Form::Words,
        "Name of the column; that of the channel where it is left out.",
    ),
    may(
        "kind",
        Form::Choice(KINDS),
        "Kind, by which there are defaults; none without it.",
    ),
    may("interval", Form::Duration, "Time between two readings."),
    CLAUSE,
    may("load", Form::Key, "Channel that tells the load of the process."),
    may(
        "calibrated_until",
        Form::Date,
        "Last day on which the meter's calibration holds; what it reads afterwards is suspect.",
    ),
    may("typing", Form::Table(&TYPED), "How values are typed."),
    may(
        "origin",
        Form::Words,
        "Column that tells by which way each value came: connector, file, typed, laboratory, invoice or simulated.",
    ),
    may(
        "origins",
        Form::List(&Form::Choice(ORIGINS)),
        "Ways by which values may come.",
    ),
];

const TYPED: Shape = Shape {
    name: "typing",
    about: "How values are typed.",
    fields: &TYPED_FIELDS,
};

const TYPED_AT: &[Field] = &[may(
    "at",
    Form::Words,
    "Column that tells when each value was typed, written as stamps are; without it only last digits are looked at.",
)];

const TYPED_FIELDS: [Field; TYPED_AT.len() + TYPING_FIELDS.len()] = joined(&[TYPED_AT, TYPING_FIELDS]);

const REGISTER: &[Field] = &[may("counter", Form::Table(&COUNTER), "A register."), WITHOUT];

const CHANNEL_FIELDS: [Field; OWN.len() + COMMON.len() + REGISTER.len()] = joined(&[OWN, COMMON, REGISTER]);

/// Checks that a channel may have beside its defaults, or instead of them.
const CHANNEL: Shape = Shape {
    name: "[channel]",
    about: "A column and its checks.",
    fields: &CHANNEL_FIELDS,
};

const BALANCE: Shape = Shape {
    name: "[[balance]]",
    about: "A sum that should be nothing.",
    fields: &[
        must("left", Form::List(&Form::Key), "Channels of one side."),
        must("right", Form::List(&Form::Key), "Channels of the other side."),
        may(
            "relative",
            Form::Number,
            "Share of the larger side by which they may differ.",
        ),
        may("absolute", Form::Number, "Amount by which they may differ beside."),
        must("window", Form::Duration, "Means over this time are compared."),
    ],
};

const RATIO: Shape = Shape {
    name: "[[ratio]]",
    about: "A quotient that has a band.",
    fields: &[
        must("above", Form::Key, "Channel above the line."),
        must("below", Form::Key, "Channel below the line."),
        may("usual", Form::Table(&SPAN), "The band."),
        may("against_past", Form::Table(&PAST), "How far it may be off what it was."),
        must(
            "least",
            Form::Number,
            "Least value below the line for which the quotient says something.",
        ),
        must("window", Form::Duration, "Means over this time are compared."),
    ],
};
