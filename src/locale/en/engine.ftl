### Texts of the room `engine`. Ids and arguments are the same in both languages.

book-unknown = There is no such book.
bucket-missing = { $minutes } minutes of this hour are not covered by measurement.
bucket-nothing = There is no reading in this hour.
correction-needs-reason = A correction must say why: add --reason.
explain-bucket = { $tag } { $name }, quantity of the hour { $period }
explain-bucket-missing = hourly quantity of { $tag }, { $minutes } minutes missing
explain-bucket-of = hourly quantity of { $tag }
explain-cell = { $name }, emission of the hour { $period }
explain-cells = { $name }: the sum of { $cells } hourly cells, each rounded once, to 1 mg.
explain-constant = value in the model, { $value } { $unit }, from: { $origin }
explain-factor = Factor { $name } ({ $key })
explain-factor-of = factor { $key } = { $value } { $unit }, { $document } { $year }
explain-in-force = Book { $book } ({ $standard } { $edition }), model of record { $model }, rules of record { $rules }.
explain-input = { $key }
explain-meter = Meter { $name }, serial { $serial }, accuracy { $accuracy }, calibrated { $calibrated }, valid until { $until }
explain-meter-change = Meter replaced or reset at { $at }, new serial { $serial }, record { $record }
explain-method = Method { $method } ({ $name }) of { $document } { $table }
explain-no-cell = Nothing is known of this hour, so it has no cell.
explain-node = { $name }, { $period }
explain-not-tested = { $tag } has no tested value, and the model gives nothing that stands in.
explain-period = { $period }
explain-provisional = provisional: { $of }
explain-reading = { $tag } { $name }, { $slot }
explain-source = { $name }, { $period }
explain-tests = tested values of { $tag }, { $tests } of them
explain-unknown = There is nothing to explain there: check book, source, parameter and time.
explain-unrounded = Before rounding: { $value } t
factor-adopted = Adopted by record { $record }.
factor-data-year = Data year { $year }.
factor-source = From { $document }, { $table }, factor set { $set }
figure-failed = { $hours } hourly cells could not be computed and count as 0.
figure-incomplete = { $hours } hourly cells rest on incomplete data.
figure-provisional = { $hours } hourly cells are provisional.
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
product-unit = The unit of product { $product } does not fit its parameter.
reading-at = { $at }
reading-excluded = kept out of the ledger ({ $why }), { $of }
reading-gives = gives { $share } { $unit }, { $of }
reading-implausible-time = The time { $at } is not plausible: it must lie between 2000 and 2099; check format and zone of the stamps.
reading-in-future = The time { $at } is more than a day ahead of the site's clock { $now }: check format and zone of the stamps.
reading-interval = { $from } – { $to }
reading-none = There is no such reading.
reading-origin = { $origin }, record { $record }
reading-too-large = The value { $value } is too large: check unit and decimal point.
reading-unknown-parameter = The model has no parameter { $parameter }.
record-adopt = Rules adopted: { $factors } factors, { $methods } methods
record-apply = Model applied: { $parameters } parameters, { $sources } sources, file digest { $digest }
record-correction = { $count ->
    [one] One reading
   *[other] { $count } readings
} corrected, because: { $reason }
record-meter-change = Meter replaced or reset at { $at }, new serial { $serial }, because: { $reason }
record-readings = { $count ->
    [one] One reading
   *[other] { $count } readings
} from { $from }
record-restore = Restored from a backup: epoch { $epoch } ended at digest { $head }
record-withdrawal = { $count ->
    [one] One reading
   *[other] { $count } readings
} of record { $of } withdrawn, because: { $reason }
rules-do-not-bind = Models in force cannot be computed by these rules in { $count } places; the first: { $first }
site-has-no-model = This site has no model in force: run apply first.
verdict-counts = counts
verdict-marked-bad = marked bad by its source
verdict-out-of-range = out of the possible range
verify-bucket-differs = Quantity of { $tag } in the hour { $hour } is not what its readings make: stored { $stored }, computed { $computed }
verify-cell-differs = Cell of source { $source } in the hour { $hour } is not what it computes to: stored { $stored } mg, computed { $computed } mg
verify-reading-misplaced = A reading of { $tag } at { $at } is not where it belongs.
verify-series-end = The newest reading of { $tag } is not what its blocks say.
verify-sum-differs = Sum of source { $source } for { $month } is not that of its cells: stored { $stored } mg, computed { $computed } mg
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
correction-out-of-range = The corrected value { $value } is outside what its parameter calls possible and would not count: check value and unit, or change the possible range in the model first.
explain-tested = Tested values of { $tag } { $name } in { $period }
figure-overlapping = { $hours } hourly cells have overlapping intervals and may count something twice.
intake-too-wide = The intervals of this batch are too long together: bring it in parts.
meter-change-final-below = The last value of the old meter, { $last }, is below the reading before the change, { $before }: check it.
reading-too-long = The reading's interval is longer than { $days } days: check its start and end.
readings-too-many = More than { $most } readings: take a shorter stretch.
