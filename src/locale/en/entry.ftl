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
