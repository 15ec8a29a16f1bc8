## What people type into the cells of a sheet.

entry-too-many-digits = “{ $given }” has more digits than are kept here: { $decimals ->
    [0] no digits behind the point
    [one] one digit behind the point
   *[other] { $decimals } digits behind the point
}
entry-cut = “{ $given }” ends with …, as what was cut off when the window or the line went: complete it, or clear it
entry-ditto-nothing = There is no value before this one to be repeated
entry-ditto-reason = Say why it is as before: ' gauge stuck
entry-formula = “={ $given }” cannot be read at character { $place }
entry-formula-value = “={ $given }” has no value that can be kept
entry-block-cells = Pasted cells: { $cells }; taken at once: { $most } at most
entry-block-size = The block does not fit. Its rows: { $height }, room from here: { $rows }; its columns: { $width }, room: { $columns }
entry-block-tag-twice = { $tag } is given twice: which of them is it?
entry-block-tag = No row of the sheet has the tag “{ $tag }”
entry-heading-tag = { $cell }: no row of the sheet has the tag “{ $tag }”
entry-heading-unclear = { $cell }: “{ $given }” can be more than one day, or none. Write the date like 2025-03-01
entry-heading-no-day = { $cell }: “{ $given }” is no day. Here stand dates like 2025-03-01, or days of the month
entry-heading-none = { $cell } belongs to no tag and no day: { $heading } is empty. Fill it in, or clear { $cell }
entry-heading-twice = { $cell }: “{ $given }” stands there already. Leave one of the two
entry-heading-other-month = { $cell }: { $date } is not on the page of { $page }. Enter each month by itself
entry-heading-no-such-day = { $cell }: { $page } has no day { $day }
entry-heading-months = { $first } is of { $first_month }, { $second } of { $second_month }. Enter each month by itself
entry-gap-stands = A value stands here: correct it instead.
entry-gap-typed = A value is typed here: send it, or clear the cell first.
entry-gap-not-over = No hour of it is over yet: only what has passed can be missing.
entry-workbook-other = That is no XLSX workbook. Save it in the spreadsheet as .xlsx
entry-workbook-old = That is a workbook as Excel made them until 2003. Save it in the spreadsheet as .xlsx
entry-workbook-password = The workbook is protected by a password. Save it without one
entry-workbook-damaged = The workbook is damaged or cut short. Get it again, or save it in the spreadsheet anew
entry-workbook-unpacked = The workbook unpacks to more than { $most } MiB. Save the worksheet that is meant as a workbook of its own
entry-workbook-cells = Cells from A1 to the last: { $cells }; taken at once: { $most } at most. Clear what does not belong there
entry-file-too-large = { $path } is larger than { $most } MiB. Enter it in parts
entry-workbook-several = Several worksheets have something in them: { $names }. Say which is meant with --worksheet
entry-workbook-no-sheet = There is no worksheet “{ $name }”. There are: { $names }
entry-workbook-empty = No worksheet of the workbook has anything in it
entry-workbook-empty-sheet = Worksheet “{ $name }” has nothing in it
entry-workbook-long = Cell { $cell } holds a text that is too long for a value or a tag. Take it out of the worksheet.
entry-workbook-merged = { $range } is merged, and only its first cell has the value. Split it, and fill in each cell
entry-workbook-uncomputed = { $count ->
    [one] A formula was never worked out: { $cells }
   *[other] { $count } formulas were never worked out: { $cells }
}. Open the workbook in the spreadsheet, and save it
entry-workbook-formulas = { $count ->
    [one] One cell is a formula: { $cells }. Its last value was taken.
   *[other] { $count } cells are formulas: { $cells }. Their last values were taken.
}
entry-workbook-unfit = { $count ->
    [one] One cell has an error or a truth value: { $cells }.
   *[other] { $count } cells have errors or truth values: { $cells }.
}
entry-doubt-register = The register goes back to zero at { $rollover }: this is kept, but does not count.
entry-doubt-impossible = Outside what is possible, { $limits }: it is kept, but does not count.
entry-doubt-limits = Outside the operating limits, { $limits }.
entry-doubt-point = Is the point where it belongs? Before it was { $last }; { $meant } may be meant.
entry-doubt-row = It looks like a value of { $tag }: is this the right row?
entry-doubt-far = Far from the value before, { $last }.
entry-doubt-falls-back = A register does not run backwards: at { $at } it stands at { $next }.
entry-doubt-fell = A register does not run backwards: before it stood at { $last }.
entry-doubt-rolled-over = The register went over its end, from { $last }: it counted { $counted }.
entry-doubt-faster = It counted { $counted } since the last reading, and { $before } before that.
entry-doubt-ahead = This round is { $ahead } from now: is it the right one?
entry-doubt-digits = Fewer digits than the { $usual } that are usual: a spreadsheet gives what it shows, not what it has.
entry-doubt-grouped = The comma was taken for a thousands separator.
entry-doubt-typed = It takes the place of { $text }, which is typed there
entry-doubt-typed-by = It takes the place of { $text }, which { $by } typed there
entry-doubt-sent = { $sent } was sent for it already; this would take its place.
entry-doubt-other-holds = { $other } stands here ({ $origin }) and goes on to count by the plan; this is kept beneath it.
entry-doubt-other-yields = { $other } stands here ({ $origin }); by the plan this takes its place.
entry-not-a-day = “{ $given }” is no day. Write it with its year: 2025-03-01
entry-not-a-time = “{ $given }” is no day, month or time. Write 2025-03-01, 2025-03 or 2025-03-01 08:00
form-field-empty = It must be filled
form-unknown-field = The form has no field “{ $given }”. It has: { $known }
form-not-a-choice = “{ $given }” is none of: { $known }
form-until-missing = Until when it holds must be said where the meter passed
form-until-rejected = A meter that was rejected has no day until which it holds
form-block-empty = There is no document: the first line names the fields, each line below it is one
form-block-heading = { $cell }: the form has no field “{ $given }”. It has: { $known }
form-block-twice = { $cell }: “{ $given }” stands over two columns
form-block-unnamed = { $cell }: “{ $given }” has no field's name above it
form-block-meter-changes = Changes of meters come one by one, not as a block
form-field-batch = Batch number
form-field-from = From
form-field-to = To (included)
form-field-report = Report number
form-field-of-batch = Batch
form-field-tested = Tested on
form-field-laboratory = Laboratory
form-field-basis = Basis
form-field-total-moisture = Total moisture Mt
form-field-moisture = Moisture Mad
form-field-ash = Ash Aad
form-field-invoice = Invoice number
form-field-seller = Seller
form-field-issued = Written on
form-field-number = Number
form-field-at = When
form-field-method = How
form-field-meter = Meter
form-field-certificate = Certificate number
form-field-on = Calibrated on
form-field-result = Result
form-field-until = Holds until
form-field-error = Error found
form-field-counter = Counter
form-field-last = Last of the old register
form-field-first = First of the new register
form-field-serial-certified = Serial number on it
form-field-serial = New serial number
form-field-multiplier = Multiplier
form-field-rollover = Rollover
form-field-reason = Reason
form-field-remark = Remark
form-choice-passed = passed
form-choice-rejected = rejected
form-doubt-month = It is of { $month }, and this is { $today }
form-doubt-point = The point may stand in the wrong place: { $last } on { $number }
form-doubt-far = Far from { $last } on { $number }
form-doubt-inherent = The moisture of the air-dried sample, { $moisture } %, cannot exceed the total moisture, { $total } %
form-doubt-over-hundred = Moisture and ash of the air-dried sample are more than 100 % together
form-doubt-share = { $value } % where the last report had { $last } %: is it a share rather than a percentage?
form-doubt-stock-again = { $number } says what was there at the same instant: this would take its place
form-doubt-overlap = Of the same time, or some of it: { $documents }{ $more ->
    [0] {""}
    [one] {" "}and one more
   *[other] {" "}and { $more } more
}. If it is the same thing, it counts twice.
form-doubt-other-batch = Other batches of that time, or some of it, were tested too: { $documents }{ $more ->
    [0] {""}
    [one] {" "}and one more
   *[other] {" "}and { $more } more
}. All of them count, in one mean.
form-doubt-tested = The batch was tested already: { $reports }. The new value takes the place of the old one.
form-doubt-before-batch = The batch began on { $began }, after that
form-doubt-same-invoice = { $number } (record { $record }) has the same values for the same time: is it the same invoice?
form-doubt-same-invoice-beside = { $number } beside it has the same values for the same time: is it the same invoice?
form-doubt-issued-before = The time that it is for began on { $began }, after that
form-doubt-credit = A value is below zero: it takes away from what was invoiced
entry-not-attached = The files were not attached, because nothing new was recorded.
