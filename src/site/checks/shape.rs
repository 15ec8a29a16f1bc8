//! The vocabulary of the quality checks (检查设置), of a parameter's `checks` and of a channel of a rules file alike.

use crate::site::fields::{Field, Form, Shape, may, must};

/// Ways in which a value is compared with its neighbours.
const SPIKE_METHODS: &[&str] = &["average", "differential"];
/// By what a profile tells what to expect.
const PROFILES: &[&str] = &["hour", "load", "nothing"];
/// The checks that defaults may bring.
const DEFAULTED: &[&str] = &[
    "gap",
    "range",
    "spike",
    "rate",
    "flat",
    "attenuated",
    "outlier",
    "noise",
    "shift",
    "counter",
    "unit",
    "repeated",
    "published",
];

/// Those that only the defaults of a parameter may bring, of which more is known than of a column.
const DEFAULTED_BEYOND: &[&str] = &["typing", "arrival", "calibration", "origin"];

/// The checks that the defaults of a parameter may bring.
const DEFAULTED_OF_SITE: [&str; DEFAULTED.len() + DEFAULTED_BEYOND.len()] = joined(&[DEFAULTED, DEFAULTED_BEYOND]);

const LONGEST_COUNT: i64 = 1_000_000;

/// The clause by which checks are in force.
pub(crate) const CLAUSE: Field = may("clause", Form::Words, "Clause of the data-quality plan.");

/// The checks beside that of a register, of which a channel says more than a parameter: it has no meter.
pub(crate) const COMMON: &[Field] = &[
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
    may("unit", Form::Table(&UNIT), "Values in another unit."),
    may("repeated", Form::Table(&REPEATED), "Copied values."),
    may(
        "published",
        Form::Table(&PUBLISHED),
        "Tested values held against what is published.",
    ),
];

/// Which of the defaults a channel does without.
pub(crate) const WITHOUT: Field = may(
    "without",
    Form::List(&Form::Choice(DEFAULTED)),
    "Checks of the kind's defaults that are not made.",
);

const OWN: &[Field] = &[
    CLAUSE,
    may(
        "load",
        Form::Tag,
        "Another parameter, a flow or a state, that tells the load of the process.",
    ),
    may("counter", Form::Table(&REGISTER), "A register."),
    may("typing", Form::Table(&TYPING), "How values are typed."),
    may("arrival", Form::Table(&ARRIVAL), "When readings come."),
    may(
        "without",
        Form::List(&Form::Choice(&DEFAULTED_OF_SITE)),
        "Checks that are made where nothing is said, and are not made here.",
    ),
];

const FIELDS: [Field; OWN.len() + COMMON.len()] = joined(&[OWN, COMMON]);

/// `checks` of a parameter.
pub(in crate::site) const CHECKS: Shape = Shape {
    name: "checks",
    about: "Quality checks that differ from the defaults of the parameter's kind.",
    fields: &FIELDS,
};

/// Lists, one behind the other.
#[expect(
    clippy::indexing_slicing,
    reason = "it runs where constants are made, never in the program"
)]
pub(crate) const fn joined<T: Copy, const COUNT: usize>(lists: &[&[T]]) -> [T; COUNT] {
    let mut all = [lists[0][0]; COUNT];
    let (mut list, mut count) = (0, 0);
    while list < lists.len() {
        let mut place = 0;
        while place < lists[list].len() {
            all[count] = lists[list][place];
            place += 1;
            count += 1;
        }
        list += 1;
    }
    assert!(count == COUNT, "a place would be filled twice");
    all
}

/// A span of values.
pub(crate) const SPAN: Shape = Shape {
    name: "span",
    about: "A span of values, ends included.",
    fields: &[
        may("low", Form::Number, "Its low end."),
        may("high", Form::Number, "Its high end."),
    ],
};

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
        may(
            "idle",
            Form::Table(&SPAN),
            "Values of a process that stands still; to and from them it may go as fast as it likes.",
        ),
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

const USUAL_BLOCK: Field = may(
    "block",
    Form::Duration,
    "With times: readings are put together over this time.",
);

const USUAL_LEARN: Field = may(
    "learn",
    Form::Whole(8, 100_000),
    "With times: number of blocks from which it learns.",
);

const ATTENUATED: Shape = Shape {
    name: "attenuated",
    about: "Attenuated signal.",
    fields: &[
        may("deviation", Form::Number, "Least standard deviation of a sound signal."),
        may("window", Form::Duration, "Over this time."),
        may(
            "least",
            Form::Whole(2, LONGEST_COUNT),
            "Least number of readings; 5 where it is left out.",
        ),
        may(
            "times",
            Form::Number,
            "Instead: by which factor it may scatter less than it is used to; 5 where it is left out.",
        ),
        USUAL_BLOCK,
        USUAL_LEARN,
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
        may(
            "idle",
            Form::Table(&SPAN),
            "Values of a process that stands still, which are not compared.",
        ),
    ],
};

const NOISE: Shape = Shape {
    name: "noise",
    about: "Noise.",
    fields: &[
        may("deviation", Form::Number, "Largest scatter, as a standard deviation."),
        may("window", Form::Duration, "Over this time."),
        may(
            "least",
            Form::Whole(3, LONGEST_COUNT),
            "Least number of readings; 5 where it is left out.",
        ),
        may(
            "times",
            Form::Number,
            "Instead: by which factor it may scatter more than it is used to; 3 where it is left out.",
        ),
        USUAL_BLOCK,
        USUAL_LEARN,
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

const REGISTER: Shape = Shape {
    name: "counter",
    about: "A register; its meter tells where it goes back to zero.",
    fields: &[MOST_AN_HOUR],
};

const MOST_AN_HOUR: Field = may("most_an_hour", Form::Number, "The most that it can count in an hour.");

/// `counter` of a channel.
pub(crate) const COUNTER: Shape = Shape {
    name: "counter",
    about: "A register.",
    fields: &[
        may("rollover", Form::Number, "Where it goes back to zero."),
        MOST_AN_HOUR,
    ],
};

const TYPING: Shape = Shape {
    name: "typing",
    about: "How values are typed.",
    fields: TYPING_FIELDS,
};

/// What is said of how values are typed, of a parameter and of a column alike.
pub(crate) const TYPING_FIELDS: &[Field] = &[
    may(
        "late",
        Form::Duration,
        "Time after its stamp from which a value is late; 8 h, or two intervals where that is more.",
    ),
    may(
        "rounds",
        Form::Whole(2, 1000),
        "Rounds typed in one go that are too many; 3 where it is left out.",
    ),
    may(
        "within",
        Form::Duration,
        "How long one go is; 10 min where it is left out.",
    ),
    may(
        "regular",
        Form::Number,
        "Per cent of the last digits that may be nought or five; 80 where it is left out.",
    ),
];

const ARRIVAL: Shape = Shape {
    name: "arrival",
    about: "When readings come.",
    fields: &[
        may(
            "late",
            Form::Duration,
            "Time after its stamp from which a reading of a connector is late; where it is left out, when what is missing has been filled, and 1 h at least. Of tests the time after a month from which one that lacks is missed; 40 d where it is left out.",
        ),
        may(
            "ahead",
            Form::Duration,
            "Time by which a stamp may lie ahead of the clock; 10 min where it is left out.",
        ),
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

const PUBLISHED: Shape = Shape {
    name: "published",
    about: "Tested values held against what is published.",
    fields: &[
        may(
            "value",
            Form::Number,
            "What is published; the catalogue factor that stands in until a test arrives where it is left out.",
        ),
        may(
            "share",
            Form::Number,
            "Share of it by which a test may be off; 0.5 where it is left out.",
        ),
    ],
};
