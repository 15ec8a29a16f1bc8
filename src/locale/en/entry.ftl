## What people type into the cells of a sheet.

entry-comma = “{ $given }” has a comma: write { $meant } for the decimal point, or { $given } without it
entry-too-many-digits = “{ $given }” has more digits than are kept here: { $decimals ->
    [0] no digits behind the point
    [one] one digit behind the point
   *[other] { $decimals } digits behind the point
}
entry-ditto-nothing = There is no value before this one to be repeated
entry-ditto-reason = Say why it is as before: ' gauge stuck
entry-formula = “={ $given }” cannot be read at character { $place }
entry-formula-value = “={ $given }” has no value that can be kept
entry-block-cells = Pasted cells: { $cells }; taken at once: { $most } at most
entry-block-size = The block does not fit. Its rows: { $height }, room from here: { $rows }; its columns: { $width }, room: { $columns }
entry-block-tag = No row of the sheet has the tag “{ $tag }”
entry-heading-tag = { $cell }: no row of the sheet has the tag “{ $tag }”
entry-heading-unclear = { $cell }: “{ $given }” can be more than one day, or none. Write the date like 2025-03-01
entry-heading-no-day = { $cell }: “{ $given }” is no day. Here stand dates like 2025-03-01, or days of the month
entry-heading-none = { $cell } belongs to no tag and no day: { $heading } is empty. Fill it in, or clear { $cell }
entry-heading-twice = { $cell }: “{ $given }” stands there already. Leave one of the two
entry-heading-other-month = { $cell }: { $date } is not on the page of { $page }. Enter each month by itself
entry-heading-no-such-day = { $cell }: { $page } has no day { $day }
entry-heading-months = { $first } is of { $first_month }, { $second } of { $second_month }. Enter each month by itself
entry-workbook-other = That is no XLSX workbook. Save it in the spreadsheet as .xlsx
entry-workbook-old = That is a workbook as Excel made them until 2003. Save it in the spreadsheet as .xlsx
entry-workbook-password = The workbook is protected by a password. Save it without one
entry-workbook-damaged = The workbook is damaged or cut short. Get it again, or save it in the spreadsheet anew
entry-workbook-unpacked = The workbook unpacks to more than { $most } MiB. Save the worksheet that is meant as a workbook of its own
entry-workbook-cells = Cells from A1 to the last: { $cells }; taken at once: { $most } at most. Clear what does not belong there
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
entry-doubt-impossible = Outside what is possible, { $limits }: it is kept, but does not count.
entry-doubt-limits = Outside the operating limits, { $limits }.
entry-doubt-point = Is the point where it belongs? Before it stood near { $meant }.
entry-doubt-row = It looks like a value of { $tag }: is this the right row?
entry-doubt-far = Far from the value before, { $last }.
entry-doubt-fell = A register does not run backwards: before it stood at { $last }.
entry-doubt-faster = It counted { $counted } since the last reading, and { $before } before that.
entry-doubt-digits = Fewer digits than the { $usual } that are usual: a spreadsheet gives what it shows, not what it has.
entry-doubt-grouped = The comma was taken for a thousands separator.
entry-doubt-sent = { $sent } was sent for it already; this would take its place.
entry-doubt-other-holds = { $other } stands here ({ $origin }) and goes on to count by the plan; this is kept beneath it.
entry-doubt-other-yields = { $other } stands here ({ $origin }); by the plan this takes its place.
