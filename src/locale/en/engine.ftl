### Texts of the room `engine`. Ids and arguments are the same in both languages.

book-unknown = There is no such book.
bucket-to-come = { $minutes } min of this hour have not come yet.
bucket-missing = { $minutes } min of this hour are not covered by measurement.
bucket-nothing = There is no reading in this hour.
correction-needs-reason = A correction must say why: add --reason.
crews-no-product = The model has no product within the book's boundary, so that there is no load at which crews could be compared: add a [[product]] to site.toml.
crews-no-rotation = The model has no crew rotation: add [rotation] to site.toml.
explain-bucket = { $tag } { $name }, quantity of the hour { $period }
explain-bucket-missing = hourly quantity of { $tag }, { $minutes } min missing
explain-bucket-of = hourly quantity of { $tag }
explain-cell = { $name }, emission of the hour { $period }
explain-cells = { $name }: the sum of { $cells ->
    [one] one hourly cell
   *[other] { $cells } hourly cells
}, each rounded once, to 1 mg.
explain-constant = value in the model, { $value } { $unit }, from: { $origin }
explain-factor = Factor { $name } ({ $key })
explain-factor-of = factor { $key } = { $value } { $unit }, { $document }
explain-in-force = Book { $book } ({ $standard } { $edition }), model of record { $model }, rules of record { $rules }.
explain-input = { $input } of { $name }, hour { $period }
explain-meter = Meter { $name }, serial { $serial }, accuracy { $accuracy }, calibrated { $calibrated }, valid until { $until }
explain-meter-uncalibrated = Meter { $name }, serial { $serial }, accuracy { $accuracy }: no calibration of it is known, the old meter's ended when it was replaced
explain-meter-change = Meter replaced or reset at { $at }, new serial { $serial }, record { $record }
explain-method = Method { $method } ({ $name }) of { $document } { $table }
explain-no-cell = Nothing is known of this hour, so it has no cell.
explain-now = { $name }, now ({ $at })
explain-now-newest = At the newest readings; what is older than it may be counts as unknown and is left out.
explain-now-too-old = not known at the moment: a reading is too old
explain-now-unknown = not known at the moment: the newest reading of { $tag } is too old
explain-now-no-reading = not known: { $tag } has no reading yet
explain-now-read = { $tag }, as read last
explain-now-counted = { $tag }, { $from } .. { $to }
explain-now-output = Output { $tag } { $name }
explain-now-reference = reference { $reference }: { $by } % above it
explain-now-reference-below = reference { $reference }: { $by } % below it
explain-planned = Plan: { $by_now } tCO2e up to now of { $whole } tCO2e for the whole period, shared out by calendar hours; what was emitted is { $by } % above it.
explain-planned-below = Plan: { $by_now } tCO2e up to now of { $whole } tCO2e for the whole period, shared out by calendar hours; what was emitted is { $by } % below it.
explain-node = { $name }, { $period }
explain-group = { $of }, { $name }, { $period }
explain-not-tested = { $tag } has no tested value, and the model gives nothing that stands in.
explain-period = { $period }
explain-provisional = provisional: { $of }
explain-reading = { $tag } { $name }, { $slot }
explain-source = { $name }, { $period }
explain-tests = { $tests ->
    [one] one tested value
   *[other] { $tests } tested values
} of { $tag }
explain-tested-months = { $months ->
    [one] one tested month
   *[other] { $months } tested months
} of { $year }, of { $tag }
explain-tested-month = { $month }, { $tests ->
    [one] one test
   *[other] { $tests } tests
}
explain-untested-month = { $tag } was not tested in { $month }. By the plan its tested months stand for it: { $rule }. A month counts as the plain mean of its tests.
explain-too-few-months = Of { $year } { $months ->
    [one] one month was
   *[other] { $months } months were
} tested; from { $least } on they would stand for the others.
untested-rule-mean = mean of the year's tested months, { $least ->
    [one] 1 at least
   *[other] { $least } at least
}
untested-rule-high = highest of the year's tested months, { $least ->
    [one] 1 at least
   *[other] { $least } at least
}
untested-rule-low = lowest of the year's tested months, { $least ->
    [one] 1 at least
   *[other] { $least } at least
}
explain-unknown = There is nothing to explain there: check book, source, input, parameter and time.
factor-adopted = Adopted by record { $record }.
factor-data-year = Data year { $year }.
factor-source = From { $document }, { $table }, factor set { $set }
figure-failed = { $hours ->
    [one] One hourly cell could not be computed and counts as 0.
   *[other] { $hours } hourly cells could not be computed and count as 0.
}
figure-incomplete = { $hours ->
    [one] One hourly cell rests on incomplete data.
   *[other] { $hours } hourly cells rest on incomplete data.
}
figure-provisional = { $hours ->
    [one] One hourly cell is provisional.
   *[other] { $hours } hourly cells are provisional.
}
figure-simulated = Simulated data, not a real plant.
intake-is-not-correction = Corrections go through the command correct, not through ordinary intake.
ledger-too-wide = More than { $most } columns: take a shorter period or longer steps.
meter-change-not-a-counter = Only counters have meter changes.
meter-change-number = A number of the meter change cannot be used ({ $given }): multiplier and rollover must be above 0, with at most 9 decimals.
meter-change-twice = A meter change at { $at } is recorded already.
model-does-not-bind = The model cannot be computed in { $count ->
    [one] one place
   *[other] { $count } places, the first
}: { $first }
model-parameter-changes = Kind, unit and decimals of parameter { $tag } cannot change: give it a new tag.
model-zone-changes = The plant's time zone cannot change once the site is made ({ $before } → { $after }).
node-unknown = There is no such node.
origin-connector = connector
origin-correction = correction
origin-file = file
origin-invoice = invoice
origin-laboratory = laboratory
origin-simulated = simulated
origin-typed = typed
plain-name = { $name }
plain-words = { $words }
product-unit = The unit of product { $product } does not fit its parameter.
reading-at = { $at }
reading-excluded = kept out of the ledger ({ $why }): { $value } { $unit }
reading-implausible-time = The time { $at } is not plausible: it must lie between 2000 and 2099; check format and zone of the stamps.
reading-changed-meanwhile = { $tag } of { $at } holds { $value } { $unit } by now ({ $origin }, record { $record }), which was not there when it was looked at. Look again, and then decide.
reading-gone-meanwhile = { $tag } of { $at }: what record { $record } brought was taken back since it was looked at. Look again, and then decide.
reading-not-yet = It is of a time up to { $at }, which has not been yet: it is { $now }. Look whether it is the right round.
reading-in-future = The time { $at } is more than a day ahead of the site's clock { $now }: check format and zone of the stamps.
reading-interval = { $from } – { $to }
reading-none = There is no such reading.
reading-origin = { $origin }, record { $record }
reading-too-large = The value { $value } is too large: check unit and decimal point.
reading-unknown-parameter = The model has no parameter { $parameter }.
record-adopt = Rules adopted: { $factors ->
    [one] one factor
   *[other] { $factors } factors
}, { $methods ->
    [one] one method
   *[other] { $methods } methods
}
record-apply = Model applied: { $parameters ->
    [one] one parameter
   *[other] { $parameters } parameters
}, { $sources ->
    [one] one source
   *[other] { $sources } sources
}, file digest { $digest }
record-correction = { $count ->
    [one] One reading
   *[other] { $count } readings
} corrected, because: { $reason }
record-meter-change = Meter replaced or reset at { $at }, new serial { $serial }, because: { $reason }
record-change-meter = { $tag }: { $values }
record-readings = { $count ->
    [one] One reading
   *[other] { $count } readings
} from { $from }
record-readings-as-before = { $count ->
    [one] One reading
   *[other] { $count } readings
} from { $from }; as before: { $reason }
record-from-sheet = { $sheet }, { $rounds }
record-restore = Restored from a backup: epoch { $epoch } ended at digest { $head }
record-withdrawal = { $count ->
    [one] One reading
   *[other] { $count } readings
} of record { $of } withdrawn, because: { $reason }
rules-do-not-bind = Models in force cannot be computed by these rules in { $count ->
    [one] one place
   *[other] { $count } places
}; the first: { $first }
site-has-no-model = This site has no model in force: run apply first.
verdict-counts = counts
verdict-marked-bad = marked bad by its source
verdict-out-of-range = out of the possible range
verify-bucket-differs = Quantity of { $tag } in the hour { $hour } is not what its readings make: stored { $stored }, computed { $computed }
verify-cell-differs = Cell of source { $source } in the hour { $hour } is not what it computes to: stored { $stored } mg, computed { $computed } mg
verify-reading-misplaced = A reading of { $tag } at { $at } is not where it belongs.
verify-series-end = The newest reading of { $tag } is not what its blocks say.
verify-rows-differ = Rows of "{ $tree }" differ from the journal: missing { $missing }, others { $others }
verify-sum-differs = Sum of source { $source } for { $month } is not that of its cells: stored { $stored } mg, computed { $computed } mg
verify-closing-differs = What record { $record } issued of { $month } is not what its digest says
version-below = superseded
version-of = version of record { $record }
version-on-top = in force
version-remark = { $state }, { $origin }, { $verdict }
version-withdrawn = withdrawn by record { $by }
withdrawal-needs-reason = A withdrawal must say why: add --reason.
withdrawal-not-readings = Record { $of } brought no readings and cannot be withdrawn.
withdrawal-nothing-stands = All readings of record { $of } are withdrawn already.
withdrawal-rests = A later record { $later } rests on a reading of record { $of } at { $at }: withdraw that first.
explain-rounding = Without rounding the hours add up to { $value } t; the ledger differs by { $difference } t (at most 0.5 mg a cell).
explain-rounding-unsealed = Without rounding the hours that are not sealed add up to { $value } t; the ledger differs there by { $difference } t (at most 0.5 mg a cell).
correction-out-of-range = The corrected value { $value } is outside what its parameter calls possible and would not count: check value and unit, or change the possible range in the model first.
explain-tested = Tested values of { $tag } { $name } in { $period }
figure-overlapping = { $hours ->
    [one] One hourly cell has overlapping intervals and may count something twice.
   *[other] { $hours } hourly cells have overlapping intervals and may count something twice.
}
intake-too-wide = The intervals of this batch are too long together: bring it in parts.
meter-change-final-too-far = { $last } as last value is more than can have passed since { $before } was read
meter-change-final-below = The last value of the old meter, { $last }, is below the reading before the change, { $before }: check it.
reading-too-long = The reading's interval is longer than { $days ->
    [one] one day
   *[other] { $days } days
}: check its start and end.
readings-too-many = More than { $most } readings: take a shorter stretch.
explain-factor-of-year = factor { $key } = { $value } { $unit }, data year { $year }, { $document }
explain-input-key = { $key }
explain-no-cells = No hourly cells: nothing was computed for this time
explain-sentences = { $first } { $rest }
explain-and = { $first }; { $rest }
explain-nothing-more = nothing more is known
explain-rounded = The result is rounded once, to 1 mg (0.000000001 t), half to even.
explain-one-test = One test holds for the window: its value is taken as it is.
explain-one-sample = The tests are of one interval, so of one sample: their plain mean is taken.
explain-samples = Tests of one interval are one sample that was tested more than once: c is their plain mean, and the sample weighs once.
explain-plain-mean = There was no quantity to weight the tests by: their plain mean is taken.
explain-weighted-by = q is the quantity of { $tag } in the hours at whose beginning a test holds, c the tested value.
explain-weighted-by-time = q is the time of this hour for which a test holds, c the tested value.
explain-window = Tests of { $tag } in { $window }: from { $from } to { $to }.
explain-stand-in = { $tag } has no tested value for { $window }: what the model names in its stead is used until there is one.
explain-older-year = Provisional: the factor of an older data year, until that of the accounting year is published.
explain-constant-label = value in the model
explain-constant-origin = from: { $origin }
explain-model-record = model of record { $record }
explain-quantity = { $tag } { $name }, quantity in { $period }
quantity-none = This parameter has no quantity that adds up.
bucket-brackets = What stands in [brackets] is rounded to { $quantum } { $unit }, half to even.
bucket-left-out = { $count ->
    [one] One further line gives
   *[other] { $count } further lines give
} { $sum } { $unit } together.
bucket-closing = { $value } { $unit }: ends the line before
bucket-alone = { $value } { $unit }: there is no neighbouring reading yet with which it makes a quantity
counter-rule = multiplier { $multiplier }
counter-rule-rollover = multiplier { $multiplier }, the register starts again from 0 at { $rollover }
stretch-new-meter = new meter { $serial } from its first value { $value } (record { $record })
stretch-old-meter = old meter up to its last value { $value } (record { $record })
stretch-new-not-read = the new meter's first value is not known: missing
stretch-old-not-read = the old meter's last value is not known: missing
stretch-not-a-quantity = makes no quantity
stretch-gap = { $minutes } min between the readings, more than the { $limit } min over which this flow is integrated: missing
stretch-too-fast = the register rose from { $first } to { $last }, more than can have passed in that time ({ $most } an hour at most by the plan), so one of them is wrong: missing
stretch-fell = the register fell from { $first } to { $last } and no meter change is recorded: missing
stretch-rolled-over = the register passed { $rollover } and started again from 0
test-holds = holds from { $from } to { $to }
record-kind-readings = readings
record-kind-correction = correction
record-kind-withdrawal = withdrawal
record-kind-meter-change = meter change
record-kind-apply = model in force
record-kind-adopt = rules in force
record-kind-restore = restored
record-kind-unknown = unknown kind
sealed-time = { $at } lies in a sealed month (sealed through { $through } by record { $sequence }): nothing can be added, corrected or withdrawn there any more
sealed-share-left = { $tag }: { $value } { $unit } of what this changes lie in sealed hours (through { $through }, record { $sequence }), which stay as they are.
sealed-model = The months through { $through } are sealed (record { $sequence }): a change of the model can hold from { $first } on, not earlier. Give “--from { $first }T00:00” or a later time
sealed-no-model = There is no model in force, so there is nothing to seal
sealed-already = The months through { $through } are sealed already (record { $sequence }). Name a later month
sealed-too-early = { $month } cannot be sealed yet: its readings must be kept for { $years ->
    [one] one year
   *[other] { $years } years
} after its end (retention_years in site.toml). { $due ->
    [missing] It never can.
   *[other] It can from { $due } on.
}
sealed-undecided = The months through { $through } cannot be sealed yet: the plans of missing hours have not looked at all of their hours, of { $count ->
    [one] one parameter ({ $tag })
   *[other] { $count } parameters (the first is { $tag })
}. The daemon does so by itself, mostly within a minute: wait for that, then seal again
sealed-awaits = The months through { $through } cannot be sealed yet: record { $of } of { $by } waits for a second person, and says something of { $at }. Have somebody else look at it first (carbonwatch second-check), then seal again
sealed-returned = The months through { $through } cannot be sealed yet: record { $of } of { $by } was returned, and says something of { $at }. First it is put right or taken back, and somebody agrees with what came in its place (carbonwatch second-checks tells what is open), then seal again
sealed-export-old = Nothing was sealed: since this export was verified the engine has been built anew, and it is not known whether the months through { $through } changed in between. Run “carbonwatch seal” again
sealed-changed-since = Nothing was sealed: record { $record }, which came after the export, changed { $month }. Look at it (carbonwatch explain with record:{ $record }), then run “carbonwatch seal” again, for an export that has it
sealed-closed-differs = The months through { $through } cannot be sealed yet: { $month } was closed with record { $record }, and its figures changed since. Somebody else issues it again first (carbonwatch close-month, or c in the plan), then seal again
seal-never-closed = Never closed: { $months }. What these months have is sealed without having been issued; a month that is sealed cannot be closed any more.
seal-without-figures = No figures: { $months }. They are sealed all the same: whatever comes for these months afterwards is refused.
seal-nothing-before = Nothing is known of any month before { $first }: whatever comes for those afterwards is refused, as for all that are sealed.
seal-cut-stand-in = { $tag } counts as the mean of the year, and was not tested in { $year }: the figures of { $months } rest for ever on what stands in for it, if anything does. A test that comes later counts from { $first } on, and not at all if it begins earlier.
seal-cut-tests = { $tag } counts as the mean of the year, and not all months of { $year } after the seal were tested: the figures of { $months } rest for ever on the { $tests ->
    [one] one test that there is
   *[other] { $tests } tests that there are
}. What comes later counts from { $first } on.
seal-cut-months = { $tag } was not tested in { $months }, for which the plan takes the tested months of { $year }, of which there { $tested ->
    [one] is one
   *[other] are { $tested }
} so far: those figures rest on that for ever. What is tested later counts from { $first } on.
seal-cut-instead = A seal that ends with December cuts no year.
record-seal = the months through { $through } were sealed; all readings stay in the journal; export { $export } holds everything up to record { $applied }
record-seal-drop = the months through { $through } were sealed; their readings by machines leave the journal; export { $export } holds everything up to record { $applied }
record-dropped = readings of a sealed month, { $bytes ->
    [one] one byte
   *[other] { $bytes } bytes
}, dropped from the journal; what came of them is in the sealed export
record-kind-seal = seal
record-kind-note = note
record-kind-note-closing = note closed
record-kind-handover = shift handover
record-kind-closing = closing of a month
record-kind-sign-on = signing on
record-kind-sign-off = signing off
record-kind-pin = PIN set
record-sign-on = signed on at this post
record-sign-on-instead = signed on at this post in place of staff number { $person }
record-pin = the PIN of staff number { $staff_number } was set
sign-on-nobody = Nobody is signed on here.
record-note-on = { $about }: { $text } (at { $at })
record-note = at { $at }: { $text }
record-note-carried = { $note } [carried forward]
record-note-stands = carried forward: { $carried }
record-note-closing = the note of record { $of } was closed
record-note-closing-remark = the note of record { $of } was closed: { $remark }
record-note-withdrawal = the note of record { $of } was withdrawn: { $reason }
record-note-closing-withdrawal = the note of record { $note } is open again, its closing in record { $of } was withdrawn: { $reason }
note-empty = A note needs a text.
note-too-long = A note has one line of at most { $most } characters; what is longer belongs into a document that it names.
note-implausible-time = A note cannot speak of { $at }: that must lie between 2000 and a month from now.
note-about-unknown = What the note is about is not in the model in force. Look again and choose anew.
note-remark = Note { $at } by { $by }: { $text } (record { $sequence })
note-remark-carried = Note { $at } by { $by }: { $text } (record { $sequence }; carried forward: { $carried })
note-more = There are more notes on this than the { $told } newest; “carbonwatch notes” lists them.
note-about-site = the whole site
note-about-node = about { $name }
note-about-parameter = about { $tag } { $name }
note-about-gone = about something that the model in force does not have
note-of-record = the note of record { $of }
note-carried-open = open
note-carried-closed = closed by { $by }, { $at } (record { $record })
note-carried-closed-remark = closed by { $by }, { $at } (record { $record }): “{ $remark }”
note-close-no-note = Record { $of } is no note: “carbonwatch notes --open” lists those that can be closed.
note-close-not-carried = The note of record { $of } is not carried forward, so that there is nothing to be closed.
note-close-withdrawn = The note of record { $of } was withdrawn: it is not carried forward any more.
note-close-already = The note of record { $of } cannot be closed again: it is { $closed }. If that was an error, the closing is withdrawn: carbonwatch withdraw.
note-close-remark-too-long = What came of a note has one line of at most { $most } characters; what is longer belongs into notes.
record-kind-dropped = dropped readings
explain-sealed = Sealed through { $through } by record { $sequence }: the figure stands as it was then, whatever tests, rules or models came later
explain-sealed-partly = Sealed through { $through } by record { $sequence }: what the figure has of those months stands as it was then, whatever came later
explain-sealed-input = Sealed through { $through } by record { $sequence }: the figure of this hour stands as it was then. This is what is known now, which would make another of it
explain-sealed-today = By what is known now the sealed hours would come to { $value } tCO2e: tests or rules came after the seal, and change nothing there
explain-sealed-today-numbers = By what is known now the hour would come to { $value } tCO2e ({ $numbers }): tests or rules came after the seal, and change nothing here. What is opened below is what is known now
explain-sealed-today-none = By what is known now the sealed hours could not be computed; they stand as they were
explain-sealed-readings = By the readings that are known now it would come to { $value } { $unit }: the share of a sealed hour does not change any more
explain-closed = { $month } was closed by { $by } at { $at } (record { $record }) with { $issued } tCO2e; nothing has changed it since
explain-closed-differs = { $month } was closed by { $by } at { $at } (record { $record }) with { $issued } tCO2e; what came since makes { $difference }, and is not issued yet
record-kind-unreadable = cannot be read
record-change-reading = { $tag } { $values } { $unit } ({ $slot })
record-reading = { $tag }, { $slot }
record-change-restated = { $name } { $values } tCO2e ({ $month }, { $book })
record-restated = Restated: { $name }, { $month }, book { $book }
record-meter = Meter of { $tag }, multiplier { $multiplier }: last value of the old one → first of the new one
record-changes-more = and { $count } more
record-unreadable = Cannot be read: { $why }
checked-too-long = At most { $days } days are checked at once: take a shorter stretch.
checked-too-many = More than { $most } episodes: take a shorter stretch or one parameter.

## Missing data.

record-kind-alarm = alarms
record-alarm = { $tag } { $name }: { $kind }
record-alarms = { $count ->
    [one] 1 alarm: { $deed }
   *[other] { $count } alarms: { $deed }
}
record-alarms-reason = { $count ->
    [one] 1 alarm: { $deed }, because: { $reason }
   *[other] { $count } alarms: { $deed }, because: { $reason }
}
record-kind-filling = gaps filled
record-filling = { $count ->
    [one] 1 hour that was not measured was decided on by the plan
   *[other] { $count } hours that were not measured were decided on by the plan
}
record-filled-hours = { $hours ->
    [one] { $tag }, 1 hour filled: { $period }
   *[other] { $tag }, { $hours } hours filled: { $period }
}
record-emptied-hours = { $hours ->
    [one] { $tag }, 1 hour no longer filled: { $period }
   *[other] { $tag }, { $hours } hours no longer filled: { $period }
}
record-change-filled = { $what }, by { $value } { $unit }
record-filling-nothing = missing hours were looked for; there was nothing to decide
record-filling-by-person = { $count ->
    [one] 1 hour that was not measured was decided on: { $reason }
   *[other] { $count } hours that were not measured were decided on: { $reason }
}
figure-substituted = { $hours ->
    [one] In 1 hour a substitute stands in for what was not measured.
   *[other] In { $hours } hours substitutes stand in for what was not measured.
}
explain-substitute = Substitute for { $tag } { $name } in the hour { $period }
explain-substitute-of = substitute for { $minutes } min of { $tag }
explain-bucket-substituted = hourly quantity of { $tag }, of which { $minutes } min by a substitute
substitute-own-hour = The rest of a valid hour counts as its measured part does.
substitute-hold = The last valid hour before the outage goes on: { $hour }.
substitute-neighbours = Mean of the valid hours before and after the outage: { $before } and { $after }.
substitute-one-neighbour = The valid hour beside the outage: { $hour }; there is none on its other side, or not yet.
substitute-previous-days = { $days ->
    [one] The same hour of 1 day before.
   *[other] Mean of the same hour of { $days } days before.
}
substitute-mean = { $hours ->
    [one] The last valid hour, between { $from } and { $to }.
   *[other] Mean of the last { $hours } valid hours, between { $from } and { $to }.
}
substitute-percentile = Percentile { $percent } of the last valid hours ({ $hours }) between { $from } and { $to }, by nearest rank: no. { $rank } from the smallest, { $value }.
substitute-of-band = Only hours in band { $band } of the load count. { $of }
substitute-by-plan = The value that the plan gives.
substitute-otherwise = The value that the plan gives where its rule has nothing to rest on.
substitute-person = A person decided so; the record says who and why.
substitute-plan = Rule of the plan (model of record { $record }): { $rule }.
substitute-fixed-origin = The plan's value { $value } is from: { $origin }.
substitute-outage = { $hours ->
    [one] The outage began at { $from } and lasted 1 hour.
   *[other] The outage began at { $from } and lasted { $hours } hours.
}
substitute-outage-open = { $hours ->
    [one] The outage began at { $from } and had lasted 1 hour when this was decided; when it ends it is decided for good.
   *[other] The outage began at { $from } and had lasted { $hours } hours when this was decided; when it ends it is decided for good.
}
substitute-withdrawn = It gives nothing now: the whole hour is measured.
substitute-fixed = It stands until data for this hour come, or what it rests on changes: then it is decided anew, by a record of its own.
substitute-record = decided by record { $record }
substitute-hour = valid hour { $hour }, as a whole hour
substitute-measured = measured in the hour { $hour } itself
missing-rule-hold = the last valid hour goes on
missing-rule-neighbours = mean of the hours before and after
missing-rule-previous-days = { $days ->
    [one] same hour of the day before
   *[other] same hour of the { $days } days before
}
missing-rule-load-band = mean of the last valid hours in the same band of load (hours: { $hours }, bands: { $bands })
missing-rule-table-1 = 40 CFR 75.33, table 1, by availability and length of the outage
missing-rule-table-2 = 40 CFR 75.33, table 2, by availability and length of the outage
missing-rule-tiers = the plan's own tiers, by availability and length of the outage
missing-rule-fixed = a value of the plan
fill-needs-reason = Say why: a decision about missing hours needs a reason.
fill-tested = { $tag } is tested: nothing is awaited of it in each hour. A month in which nothing was tested takes by itself what the plan says of such months; enter a test or correct one instead.
fill-not-awaited = Nothing has to come of { $tag } in every hour, so none can be missing: enter or correct its readings instead.
fill-no-hours = The stretch has no hours: its end must lie after its beginning.
fill-too-many = { $most ->
    [one] At most 1 hour at a time.
   *[other] At most { $most } hours at a time.
}
fill-not-over = The hours up to { $at } are not over yet: only what has passed can be missing.
fill-all-measured = Every one of these hours is measured whole: there is nothing to fill.
fill-none-by-hand = None of these hours was decided by a person: the plan holds already.
fill-unfit = { $value } does not fit { $tag }: give digits down to { $quantum }, and no more than a meter can count.
fill-impossible = { $value } lies outside what is possible for { $tag } by the model.
withdrawal-of-filling = Record { $of } was decided by the plan and not by a person: decide otherwise with carbonwatch fill, or change the plan.
fill-before-first = Nothing was ever read of { $tag } before that: an hour can only be missing after the first reading. Enter what was read on paper.
record-filling-withdrawal = { $count ->
    [one] 1 hour of record { $of } went back to the plan, because: { $reason }
   *[other] { $count } hours of record { $of } went back to the plan, because: { $reason }
}
withdrawal-no-filling = Nothing that was decided by record { $of } stands any more.
substitute-load-unknown = The load of the hour is not known: hours of every load count.
substitute-weights = Substituted quantities are among the weights.
substitute-hours-named = { $hours ->
    [one] It rests on 1 hour.
   *[other] It rests on { $hours } hours; the newest { $named } are named.
}

## Handovers of shifts

handover-outgoing = handing over
handover-incoming = taking over
handover-not-a-shift = “{ $given }” names no shift: write the plant day and the shift's key, as in 2025-03-01/day.
handover-no-shifts = The model in force has no shifts: add [[shift]] to site.toml.
handover-unknown-shift = The model in force has no shift { $shift }.
handover-not-begun = Shift { $shift } begins at { $at } only.
handover-goes-on = Shift { $shift } goes on until { $end }: whoever takes over signs in its last hour or later. The shift that was just handed over is the one before.
handover-signed-already = { $by } has signed for that side already at { $at } (record { $record }). If that was an error, it is withdrawn: carbonwatch withdraw.
handover-to-oneself = { $by } has signed for { $side } already: nobody hands over to themselves. A missing signature holds up nobody.
handover-remark-too-long = A remark has one line of at most { $most } characters; what is longer belongs into notes.
handover-looked-long-ago = The sheet that you looked at is of { $at }: look again and sign what stands there now.
sign-somebody-else = Whoever signed on, or what they may do, changed meanwhile: nothing was signed.
sign-pin-needed = Several people share this login: type your PIN once more to sign.
record-handover = { $side }, shift { $shift }: { $items ->
    [one] one item
   *[other] { $items } items
}, as seen at { $seen }
record-handover-remark = { $side }, shift { $shift }: { $items ->
    [one] one item
   *[other] { $items } items
}, as seen at { $seen }; “{ $remark }”
record-handover-withdrawal = the signature of record { $of } ({ $side }, shift { $shift }) was withdrawn: { $reason }
handover-kind-emitted = emission
handover-kind-signature = signature
handover-kind-alarm = alarm
handover-kind-anomaly = anomaly
handover-kind-silent = no data
handover-kind-calibration = calibration
handover-kind-round = round
handover-kind-note = note
handover-kind-note-carried = carried
handover-alarm = { $kind }, { $state }
handover-alarm-until = { $kind }, { $state } until { $until }: { $reason }
handover-alarm-reason = { $kind }, { $state }: { $reason }
handover-anomaly = #{ $number } { $check }, { $stage }
handover-anomaly-fault = #{ $number } { $check }, instrument at fault, { $stage }
handover-silent = no value since then
handover-silent-ever = never had a value
handover-calibration = { $name }: calibration holds until { $until }
handover-round = { $name }: { $missing } of { $of } not written down
handover-round-made = { $name }: all { $of } are written down
handover-by = { $by }
handover-note = { $text } ({ $by })
handover-note-carried = { $text } ({ $by }, { $written }, record { $record })
handover-note-closed = closed by { $closer }: { $text } ({ $by }, { $written }, record { $record }; closed { $at }, record { $closing })
handover-note-closed-remark = closed by { $closer }, “{ $remark }”: { $text } ({ $by }, { $written }, record { $record }; closed { $at }, record { $closing })
handover-mark-after = after signing
handover-mark-after-closing = after closing
handover-mark-changed = changed since
handover-mark-gone = withdrawn since
handover-shift = { $day } { $slot }
handover-shift-crew = { $day } { $slot }, { $crew }
handover-emitted = { $book }: { $now } tCO2e in the shift
handover-emitted-since = { $book }: { $now } tCO2e in the shift; { $signed } when it was signed
handover-emitted-unknown = { $emitted }; { $hours ->
    [one] one hour of a source
   *[other] { $hours } hours of sources
} unknown
handover-unsigned = { $side }: not signed
handover-signed = { $side }: signed by { $by }, { $at } (record { $record })
handover-signed-remark = { $side }: signed by { $by }, { $at } (record { $record }): “{ $remark }”
handover-signed-reserved = { $side }: signed by { $by }, { $at } (record { $record }), with the reservation “{ $remark }”
handover-more = { $count ->
    [one] One thing more is
   *[other] { $count } things more are
} not on the sheet, which holds 200 of a kind.

## The data-quality control plan, and evidence of it

quality-plan-no-model = No model is in force yet.
quality-plan-not-begun = { $month } has not begun.
quality-plan-planned = { $interval }, { $origin }
quality-plan-interval = { $interval }
quality-plan-not-due = not due
quality-plan-tests = { $valid }/{ $expected }
quality-plan-share = { $share } %
quality-plan-came = came
quality-plan-nothing = nothing came
quality-plan-calibration-awaits = to be checked
quality-plan-calibrated = until { $until }
quality-plan-uncalibrated = not known
quality-plan-gaps = { $filled } h filled, { $missing } missing
quality-plan-filled = { $filled } h filled
quality-plan-missing = { $missing } h missing
evidence-plant-as-planned = the plant is as planned
evidence-measured-as-planned = measured as planned
evidence-calibrated = calibrations cover the readings
evidence-on-frequency = as often as planned
evidence-gaps-by-plan = gaps filled by the plan
evidence-checks-made = rounds are made
evidence-anomalies-worked = alarms answered, anomalies worked
evidence-measured-first = measured values first
evidence-meter-rates = meters fitted and sound
evidence-fresh = key parameters are fresh
evidence-pass = passes
evidence-fail = fails
evidence-not-evaluable = no basis
evidence-against = against it
evidence-rests-on = rests on
evidence-counted = { $sound } of { $of }
evidence-counted-meters = covered by a calibration: { $sound } of { $of }
evidence-counted-rounds = written down: { $sound } of { $of }
evidence-counted-anomalies = dealt with in time: { $sound } of { $of }
evidence-nothing-found = No alarm was announced and no anomaly found
evidence-no-sources = The model has no sources
evidence-before-readings = The site had no reading before this month ended
evidence-no-intervals = The model says of no parameter how often its values come
evidence-nothing-due = Nothing was due yet in this month
evidence-nothing-measured = Nothing that was emitted rests on measured and tested values
evidence-no-meters = No meter of the model has readings in this month
evidence-nothing-expected = Nothing was expected in this month
evidence-no-rounds = No round was due in this month
evidence-no-readings = Nothing that alarms, checks or relations watch had a value in this month
evidence-too-many = There are more anomalies in this month than can be looked at
evidence-nothing-emitted = Nothing was emitted in this month
evidence-nothing-metered = No quantity is to come from a machine
evidence-month-over = Of a month that is over nothing is fresh
evidence-no-key = The model has no key parameter whose values come regularly
evidence-source-without = { $source } takes { $tag }, which never had a value
evidence-source-awaits = { $source } takes { $tag }, which had no value yet and is not due
evidence-unused = { $tag } is measured, and the plan uses it nowhere
evidence-nothing-came = { $tag }: no value in this month
evidence-not-due = { $tag }: not due yet
evidence-unplanned = { $tag }: { $count ->
    [one] one finding of values that
   *[other] { $count } findings of values that
} came in a way that is not planned
evidence-calibration-over = { $meter }: the calibration held until { $until }; days that none covers, from { $first } on: { $days }
evidence-calibration-rejected = { $meter }: found unfit on { $on }; days that no calibration covers, from { $first } on: { $days }
evidence-calibration-later = { $meter }: calibrated on { $on } only; days before it that none covers, from { $first } on: { $days }
evidence-calibration-unknown = { $meter }: no calibration is on file; days that none covers, from { $first } on: { $days }
evidence-calibration-holds = { $meter }: the calibration holds until { $until }
evidence-incomplete = { $tag }: { $share } % ({ $valid } of { $expected })
evidence-incomplete-part = { $tag } from { $from } to { $to }: { $share } % ({ $valid } of { $expected })
evidence-complete = { $tag }: { $share } % ({ $valid } of { $expected })
evidence-unfilled = { $tag }: { $hours } h are missing, older than a day, and nothing fills them
evidence-filled-otherwise = { $tag }: { $hours } h were filled by a person in place of the plan
evidence-filled = { $tag }: { $hours } h were filled by the plan
evidence-round = { $sheet }, { $at }: { $missing } of { $of } not filled in
evidence-round-late = { $sheet }, { $at }: written down late: { $late } of { $of }, late by up to { $by }
evidence-alarm-unanswered = { $tag } { $kind }, { $at }: no answer for { $minutes } min
evidence-alarm-waited = { $tag } { $kind }, { $at }: waited { $minutes } min for an answer
evidence-anomaly-open = #{ $number } { $tag }: open for { $days } d
evidence-alarm-may-wait = { $tag } { $kind }, { $at }: not answered for { $minutes } min, and still in time
evidence-anomaly-may-wait = #{ $number } { $tag }: open for { $days } d, and still in time
evidence-anomaly-without-cause = #{ $number } { $tag }: closed without a cause
evidence-provisional = { $book }, { $source }: hours on a value in place of the overdue test of { $tag }: { $hours }
evidence-earlier-factor = { $book }, { $source }: hours on the factor of an earlier data year, as the rules have none of the year’s own yet: { $hours }
evidence-awaits-test = { $book }, { $source }: hours on a value in place of the test of { $tag }, which is not due yet: { $hours }
evidence-stand-in-sealed = { $book }, { $source }: sealed hours on a value in place of another, of which nothing more is known: { $hours }
evidence-default = { $book }, { $source }: hours on a fixed value of { $input } that could be tested: { $hours }
evidence-default-beside-tested = { $book }, { $source }: hours on a fixed value of { $input } although { $tag } was tested and nothing uses it: { $hours }
evidence-measured-share = { $book }: { $share } % rests on measured and tested values
evidence-share-of = { $share } % { $book }
evidence-says-shares = rests on measured and tested values: { $shares }
evidence-calibration-awaits = { $meter }: what a certificate says of { $first } waits for a second person
evidence-says-measured = { $share } % rests on measured and tested values
evidence-says-meters = fitted { $fitted } % of { $of }, fitted and calibrated { $sound } %
evidence-says-meters-judged = fitted { $fitted } % of { $of }, fitted and calibrated { $sound } % of { $judged }
evidence-no-meter = { $tag } has no meter in the model
evidence-never = { $tag } never had a value
evidence-stale = { $tag }: the newest value is of { $at }
record-kind-document = document
record-document = { $kind } { $number }{ $more ->
    [0] {""}
    [one] {" "}and one more
   *[other] {" "}and { $more } more
}, { $count ->
    [one] one reading
   *[other] { $count } readings
}
record-document-withdrawal = the document of record { $of } was withdrawn with { $count ->
    [one] one reading
   *[other] { $count } readings
}: { $reason }
document-named = { $kind } { $number }
calibration-doubt-before-change = The meter was changed on { $changed }, after this: it is taken for the calibration of the old one, { $serial }. If it is that of { $new }, write that serial number down.
calibration-doubt-taken-out = { $serial } was taken out on { $changed }, before this: it says nothing of the meter that took its place.
calibration-doubt-not-put-in = { $serial } was put in on { $changed }, after this: it is taken for the calibration with which it was put in.
calibration-doubt-serial = { $given } is none of the meters that are known here. It is taken for { $serial }, which was there on that day.
overlap-instant = { $at }
overlap-adds-up = { $other } stands already for { $time } ({ $origin }, record { $record }). Both count: they add up.
overlap-one-sample = { $other } was tested already for the same time, { $time } ({ $origin }, record { $record }). Both count as one sample, with their mean.
overlap-mean = { $other } was tested already for { $time } ({ $origin }, record { $record }), which this time shares. Both count, in one mean.
overlap-replaced = { $other } stands already for { $time } ({ $origin }, record { $record }). By the plan this takes its place.
overlap-beneath = { $other } stands already for { $time } ({ $origin }, record { $record }). By the plan it goes on to count, and this is kept beneath it.
overlap-and-more = { $said } { $more ->
    [one] One more value stands in that time.
   *[other] { $more } more values stand in that time.
}
overlaps-too-many = More values stand in the time of these than can be held against them: bring them in smaller parts.
doubts-more = { $more ->
    [one] One more value looks wrong and is not told here.
   *[other] { $more } more values look wrong and are not told here.
}
document-twice = Number { $number } is filed already: record { $record }, by { $by }, { $at }. If that one is wrong, withdraw it first.
document-twice-given = The number is there twice
document-of-several = Nothing was filed, for { $number }: { $why }
documents-too-many = At least one document and at most { $most } are filed at once
documents-of-several-kinds = Documents that are filed at once must all be of one kind
document-says-nothing = Nothing but empty fields: at least one value must be there
document-unknown-meter = The plant has no such meter
document-unknown-batch = There is no batch “{ $number }” on form “{ $form }”. Look at the number, or file the batch first.
document-without-number = A document needs its number
document-number-too-long = The number is longer than { $most } characters
document-words-too-long = A field is longer than { $most } characters
document-ends-before = It ends ({ $to }) before it begins ({ $from })
document-too-long = It is of more days than a document may be of, { $most }
document-in-future = It is of a time up to { $at }, which has not been yet: it is { $now }
document-day = { $day } has not been yet, or cannot be meant
document-until = It would hold until { $until }, before its own day, { $on }
document-rests = Batch { $number } was tested: record { $later } rests on it. Withdraw that one first.
form-unknown = There is no form “{ $key }”
form-other-kind = Form “{ $key }” is of another kind: the plant's model has changed. Fill it again.
missing-rule-hj-75 = HJ 75-2017, by the capture rate of the quarter and length of the outage

## A second person
record-kind-second-check = second check
record-second-check = record { $of } is what the paper says
record-second-check-returned = record { $of } was returned: { $reason }
second-check-awaits = awaits a second person
second-check-agreed = checked
second-check-returned = returned
second-check-agreed-by = checked by { $by }, { $at }
second-check-returned-by = returned by { $by }, { $at }: { $reason }{ $cells ->
    [0] { "" }
   *[other] { " " }({ $standing } of { $cells } still to be put right)
}
second-check-replaced = written over since; done once the later record is checked
second-check-replaced-done = written over since, and done: the later record was checked
second-check-returned-done = returned by { $by }, { $at }: { $reason } (done: what came in its place was checked)
second-check-meanwhile = Record { $of } was returned meanwhile by { $by }, { $at }: look at it again
second-check-none = The plan asks for no second person for record { $of }, or what it brought was taken back
second-check-same-person = Record { $of } is of { $by }: somebody else must look at it
second-check-already = Record { $of } was checked already by { $by }, { $at }
second-check-needs-reason = Say what is wrong: whoever wrote it must put it right
second-check-reason-too-long = The reason is longer than { $most } characters
second-check-no-cell = Record { $of } has no such value
second-check-nothing-stands = Nothing of record { $of } stands as it was written: it was put right already
second-check-sealed = { $at } lies in a sealed month (sealed through { $through } by record { $sequence }), where nothing can be put right: record { $of } cannot be returned there any more. It can be agreed with, or its values of later months be returned one by one
second-check-more = { $count } more are not listed
second-check-unplanned = The plan asks for no second person: a sheet or a form does with second_person = true
handover-kind-second-check = second person
handover-second-check = record { $record } of { $by }: { $state }
handover-second-check-returned = record { $record } of { $by }: { $state }: { $reason }
record-kind-approval = approval
record-approval = the version of the plan of record { $of } was approved
record-approval-refused = the version of the plan of record { $of } was not approved: { $reason }
approval-awaited = not approved yet
approval-given-by = approved by { $by }, { $at }
approval-refused-by = not approved by { $by }, { $at }: { $reason }
approval-none = Record { $of } is no version of the plan that waits for approval
approval-needs-reason = Say what must be changed in the plan
approval-same-person = { $by } put the version of record { $of } in force: somebody else must approve it

## Closed months

closing-no-model = No model is in force yet.
closing-not-over = { $month } is not over before { $end }: only then can it be closed.
closing-sealed = { $month } is sealed (through { $through }): what was issued of it stands, and nothing can be issued again.
closing-sealed-never = { $month } was never closed, and cannot be any more: it is sealed (through { $through }). Its figures stand as they were sealed.
closing-meanwhile = { $by } closed { $month } at { $at }, after you looked at it: look at it again.
closing-is-open = { $month } is open: there is nothing that could be issued again.
closing-nothing = Nothing is known of { $month }: there is no figure that could be issued.
closing-unchanged = Nothing has changed { $month } since record { $record } issued it: there is nothing to issue again.
closing-same-person = { $by } issued { $month } last: somebody else issues what came since.
closing-figures-moved = The figures of { $month } have changed since you looked at them: look at them again.
closing-again-needs-reason = { $month } is closed: say why it is issued again.
closing-needs-reason = The evidence of { $month } fails { $rules }: see the plan, or say why the month is closed all the same.
closing-reason-too-long = A reason has one line of at most { $most } characters.
record-closing = { $month } was closed (digest { $digest })
record-closing-despite = { $month } was closed (digest { $digest }): { $reason }
record-closing-again = { $month } was issued again in place of record { $before } (digest { $digest }): { $reason }
closing-runs = runs
closing-open = open
closing-closed = closed
closing-closed-differs = closed, changed since
closing-is-sealed = sealed, never closed
closing-closed-sealed = closed, sealed
closing-differs-sealed = sealed, not as issued
closing-book-moved = { $book }: { $now } tCO2e, as issued in all, but not of each source
closing-book-open = { $book }: { $now } tCO2e
closing-book-issued = { $book }: { $now } tCO2e, as issued
closing-book-unknown = { $figure }; { $hours ->
    [one] one hour of a source
   *[other] { $hours } hours of sources
} unknown
closing-book-differs = { $book }: { $now } tCO2e, issued { $issued } ({ $difference } since)
closing-said = Issued by { $by }, { $at } (record { $record })
closing-said-reason = Issued by { $by }, { $at } (record { $record }): { $reason }
closing-failing = its evidence failed { $rules }
closing-source = { $source } ({ $gas }), { $book }
closing-total = book { $book }
closing-digest = digest { $digest }, of the figures after record { $applied }
closing-of-shift = { $month } was closed by { $by }, { $at } (record { $record }): what came since then is marked “after closing”
