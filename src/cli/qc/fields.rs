//! The one table of what may stand in a rules file.

use crate::site::fields::{Form, Shape, may, must};

/// Kinds of channel: those of parameters.
const KINDS: &[&str] = crate::site::fields::KINDS;
/// Ways in which a value is compared with its neighbours.
const SPIKE_METHODS: &[&str] = &["average", "differential"];
/// By what a profile tells what to expect.
const PROFILES: &[&str] = &["hour", "load", "nothing"];

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

const SPAN: Shape = Shape {
    name: "span",
    about: "A span of values, ends included.",
    fields: &[
        may("low", Form::Number, "Its low end."),
        may("high", Form::Number, "Its high end."),
    ],
};

/// Checks that a channel may have beside its defaults, or instead of them.
const CHANNEL: Shape = Shape {
    name: "[channel]",
    about: "A column and its checks.",
    fields: &[
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
        may("clause", Form::Words, "Clause of the data-quality plan."),
        may("load", Form::Key, "Channel that tells the load of the process."),
        may(
            "gap",
            Form::Duration,
            "Longest time between two values; none for no check.",
        ),
        may("range", Form::Table(&RANGE), "Sensor and operator span."),
        may("spike", Form::Table(&SPIKE), "Spikes."),
        may("rate", Form::Table(&RATE), "Rate of change in units a second."),
        may("flat", Form::Table(&FLAT), "Flat line."),
        may("attenuated", Form::Table(&ATTENUATED), "Attenuated signal."),
        may(
            "band",
            Form::Tables(&BAND),
            "What is usual in a month, at an hour or at a load.",
        ),
        may("outlier", Form::Table(&OUTLIER), "Outliers."),
        may("noise", Form::Table(&NOISE), "Noise."),
        may("shift", Form::Table(&SHIFT), "Steps and drifts."),
        may("counter", Form::Table(&COUNTER), "A register."),
        may("unit", Form::Table(&UNIT), "Values in another unit."),
        may("repeated", Form::Table(&REPEATED), "Copied values."),
        may(
            "without",
            Form::List(&Form::Choice(DEFAULTED)),
            "Checks of the kind's defaults that this channel does not get.",
        ),
    ],
};

/// The checks that defaults may bring.
const DEFAULTED: &[&str] = &["gap", "range", "spike", "flat", "shift", "counter", "unit", "repeated"];

const RANGE: Shape = Shape {
    name: "range",
    about: "Sensor and operator span.",
    fields: &[
        may(
            "sensor",
            Form::Table(&SPAN),
            "What the sensor can show; outside is bad.",
        ),
        may(
            "operator",
            Form::Table(&SPAN),
            "What operators call possible; outside is suspect.",
        ),
    ],
};

const SPIKE: Shape = Shape {
    name: "spike",
    about: "Spikes.",
    fields: &[
        may(
            "method",
            Form::Choice(SPIKE_METHODS),
            "How a value is compared; differential where it is left out.",
        ),
        may("suspect", Form::Number, "Amount above which a value is suspect."),
        may("bad", Form::Number, "Amount above which it is bad."),
        may(
            "times",
            Form::Number,
            "Instead: so many standard deviations of the channel's own small steps.",
        ),
        may("least", Form::Number, "With times: never below this amount."),
    ],
};

const RATE: Shape = Shape {
    name: "rate",
    about: "Rate of change.",
    fields: &[
        must(
            "suspect",
            Form::Number,
            "Units a second above which a value is suspect.",
        ),
        may("bad", Form::Number, "Units a second above which it is bad."),
    ],
};

const FLAT: Shape = Shape {
    name: "flat",
    about: "Flat line.",
    fields: &[
        must("window", Form::Duration, "Time after which it is suspect."),
        may("bad", Form::Duration, "Time after which it is bad."),
        may(
            "tolerance",
            Form::Number,
            "Largest less smallest value that is flat; 0 where it is left out.",
        ),
        may(
            "least",
            Form::Whole(2, LONGEST_COUNT),
            "Least number of readings; 5 where it is left out.",
        ),
        may("idle", Form::Table(&SPAN), "Values of a process that stands still."),
        may("least_load", Form::Number, "Load below which the process stands still."),
    ],
};

const ATTENUATED: Shape = Shape {
    name: "attenuated",
    about: "Attenuated signal.",
    fields: &[
        must("deviation", Form::Number, "Least standard deviation of a sound signal."),
        must("window", Form::Duration, "Over this time."),
        may(
            "least",
            Form::Whole(2, LONGEST_COUNT),
            "Least number of readings; 5 where it is left out.",
        ),
        may("idle", Form::Table(&SPAN), "Values of a process that stands still."),
    ],
};

const BAND: Shape = Shape {
    name: "band",
    about: "What is usual when.",
    fields: &[
        may("months", Form::List(&Form::Whole(1, 12)), "First and last month."),
        may(
            "hours",
            Form::List(&Form::Whole(0, 23)),
            "First and last hour of the day.",
        ),
        may("load", Form::Table(&SPAN), "Loads at which it holds."),
        must("usual", Form::Table(&SPAN), "What is usual then."),
    ],
};

const OUTLIER: Shape = Shape {
    name: "outlier",
    about: "Outliers.",
    fields: &[
        may(
            "values",
            Form::Whole(5, 1001),
            "Number of values before; 61 where it is left out.",
        ),
        may(
            "score",
            Form::Number,
            "Modified z-score above which it is suspect; 3.5 where it is left out.",
        ),
        may(
            "deviation",
            Form::Number,
            "Least standard deviation that is assumed; 0 where it is left out.",
        ),
    ],
};

const NOISE: Shape = Shape {
    name: "noise",
    about: "Noise.",
    fields: &[
        must("deviation", Form::Number, "Largest scatter, as a standard deviation."),
        must("window", Form::Duration, "Over this time."),
        may(
            "least",
            Form::Whole(3, LONGEST_COUNT),
            "Least number of readings; 5 where it is left out.",
        ),
    ],
};

const SHIFT: Shape = Shape {
    name: "shift",
    about: "Steps and drifts off a profile.",
    fields: &[
        may(
            "by",
            Form::Choice(PROFILES),
            "Profile by hour of the day, by load, or none; load where a load is known.",
        ),
        may(
            "steps",
            Form::Whole(2, 50),
            "Steps of a load profile; 12 where it is left out.",
        ),
        must("block", Form::Duration, "Readings are put together over this time."),
        must(
            "learn",
            Form::Whole(8, 100_000),
            "Number of blocks from which it learns.",
        ),
        may(
            "weight",
            Form::Number,
            "Weight of the newest block; 0.2 where it is left out.",
        ),
        may(
            "times",
            Form::Number,
            "Limit as a multiple of what was seen while it learned; 1.5 where it is left out.",
        ),
        may(
            "follow",
            Form::Duration,
            "Time in which the profile follows; it stays where it is left out.",
        ),
    ],
};

const COUNTER: Shape = Shape {
    name: "counter",
    about: "A register.",
    fields: &[
        may("rollover", Form::Number, "Where it goes back to zero."),
        may("most_an_hour", Form::Number, "The most that it can count in an hour."),
    ],
};

const UNIT: Shape = Shape {
    name: "unit",
    about: "Values in another unit.",
    fields: &[
        may(
            "factors",
            Form::List(&Form::Number),
            "Factors that are looked for; 10, 100 and 1000 where it is left out.",
        ),
        must(
            "window",
            Form::Duration,
            "Time over which values show in which unit they are.",
        ),
    ],
};

const REPEATED: Shape = Shape {
    name: "repeated",
    about: "Copied values.",
    fields: &[
        may(
            "most",
            Form::Whole(1, LONGEST_COUNT),
            "Equal values in a row that are no copy; 1 where it is left out.",
        ),
        may("except", Form::Table(&SPAN), "Values that may repeat."),
    ],
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
        must("usual", Form::Table(&SPAN), "The band."),
        must(
            "least",
            Form::Number,
            "Least value below the line for which the quotient says something.",
        ),
        must("window", Form::Duration, "Means over this time are compared."),
    ],
};
