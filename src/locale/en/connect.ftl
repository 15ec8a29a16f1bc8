### Texts of the room `connect`. Ids and arguments are the same in both languages.

## Mapping files.

mapping-fault = { $file }:{ $line }:{ $column }: { $why }
mapping-syntax = The mapping cannot be read: { $reason }. Correct the line; the README shows a mapping.
mapping-delimiter = Delimiter “{ $given }” is not known: use "," ";" "|" "tab" or "whitespace".
mapping-encoding = Encoding “{ $given }” is not known: use "utf-8", "gb18030" or "utf-16le".
mapping-columns-with-header = The columns are listed here, so the file has no header: take header = true away, or take columns away.
mapping-columns-twice = Column “{ $name }” is listed twice: give each its own name.
mapping-comment-empty = What comment lines begin with is empty: give a character, or take the key away.
mapping-long-missing = A long layout needs a table [long] with the columns parameter and value.
mapping-column-in-long = A long layout has no [column] tables: use [tag] for the tags of the file.
mapping-long-in-wide = A wide layout has no table [long]: use [column] tables, or layout = "long".
mapping-tag-in-wide = A wide layout has no [tag] tables: use [column].
mapping-wide-empty = No column is bound to a parameter: add [column."NAME"] with parameter = "TAG".
mapping-stamp-choice = Say where the stamp stands: column = "…", or date = "…" with time = "…", or start = "…" for a file without stamps.
mapping-stamp-start = “{ $given }” is not a local time: write it like "2025-01-01 00:00".
mapping-stamp-start-needs-interval = A file without stamps needs an interval, such as interval = "1 h".
mapping-stamp-format-missing = Say how stamps are written, such as format = "%Y-%m-%d %H:%M".
mapping-stamp-format = Format “{ $given }” does not tell a date and a time of day: use strftime signs such as %Y-%m-%d %H:%M:%S, or "rfc3339", "epoch-s", "epoch-ms".
mapping-interval = “{ $given }” is not an interval: write it like "15 min", "1 h", "1 d" or "1 month".
mapping-marks-without-interval = A stamp marks the start or the end of an interval: give its length, such as interval = "15 min".
mapping-interval-without-marks = Say whether a stamp is the start or the end of its interval: marks = "start" or marks = "end".
mapping-repair-needs-interval = The day-end repair needs local stamps read by a pattern and an interval shorter than 12 hours.
mapping-quality-word-twice = “{ $word }” stands for two qualities: keep it in one list.
mapping-quality-in-tag = In a long layout the quality has one column for all tags: name it in [long].
mapping-field-choice = “{ $name }” needs either parameter = "TAG" or ignore = true.
mapping-parameter-twice = Columns “{ $first }” and “{ $second }” are both bound to { $tag }: one of them would overwrite the other.
mapping-parameter-unknown = The site has no parameter “{ $tag }”: check the tag in site.toml.
mapping-unit-mismatch = Unit of { $tag }: { $why }

## Files that cannot be taken in.

intake-read = The file cannot be read: { $error }
intake-mapping = { $count ->
    [one] The mapping has a fault: { $first }
   *[other] The mapping has { $count } faults, the first: { $first }
}
intake-start = The start given in the mapping cannot be used: { $why }
intake-encoding-other = The mapping says { $declared }, but the file begins with the mark of { $found }: change encoding in the mapping.
intake-workbook = This is an Excel workbook or an archive, not text: save it as CSV first.
intake-line-too-long = Line { $line } is longer than { $limit } bytes: this is not a file of rows, or its line breaks were lost. Export it again.
intake-empty = The file has no rows.
intake-header = The header in line { $line } cannot be read: { $why }
intake-columns-missing = Columns of the mapping are not in the file: { $missing }. The file has: { $found }. Check delimiter, encoding and skip_lines first.
intake-columns-twice = Columns are in the file more than once: { $columns }. Rename them in the export, or list names in columns and skip the header.
intake-columns-unmapped = The mapping does not name these columns of the file: { $columns }. Bind them, ignore them, or set ignore_others = true.

intake-refusals-unwritable = The file of refused rows cannot be written: { $error }

## Rows and cells that are refused.

intake-bytes = The row has bytes that are not { $encoding }: the encoding in the mapping is another, or the file mixes several.
intake-nul = The row has NUL bytes: the file was cut off while written, or it is UTF-16 and the mapping does not say so.
intake-quote-open = A quotation mark is opened and not closed: close it, or double it if it belongs to the text.
intake-field-count = The row has a wrong number of fields, { $found } instead of { $expected }: check for delimiters inside values.
intake-stamp-empty = The stamp is empty.
intake-stamp-unreadable = The stamp “{ $given }” does not fit the format { $format }.
intake-stamp-range = The stamp { $given } is outside the years 2000 to 2099: check the clock that wrote it.
intake-stamp-counted-out = The row is too far from the start given in the mapping.
intake-stamp-day-end = The stamp “{ $given }” goes back within its day but not by a day less one interval: it may be the day's beginning or its end. Write the date that is meant.
intake-parameter-empty = The row names no parameter.
intake-parameter-unknown = The site has no parameter “{ $tag }”: add a [tag] table to the mapping, add it to site.toml, or set ignore_others = true.
intake-quality-unknown = Quality “{ $word }” is not in the mapping's table [quality]: add it there.
intake-negative = { $given } is below zero, which this quantity cannot be.
intake-decimal-point = “{ $given }” has a point, but the mapping says that numbers have a decimal comma: write no separators of thousands.
intake-time-backwards = Line { $line }: time does not go forward, from { $from } to { $to }.

## The file of what was refused.

refused-line = Line
refused-column = Column
refused-field = Field
refused-why = Why
refused-row = Row

## The simulator.

simulate-nothing = The model has no parameters, so there is nothing to simulate: add parameters to site.toml.
simulate-scale = { $tag }: a limit, the rollover or the multiplier is out of scale for its unit and digits: check them in site.toml.

## Replay.

replay-speed = A replay runs at 1 to { $fastest } times real time, not at { $given }.

## Drop folders.

drop-folder-error = The drop folder { $path } cannot be used: { $error }
drop-file-error = The dropped file { $path } cannot be taken: { $error }. It stays and is tried again.
drop-not-a-file = “{ $name }” in the drop folder is not a file: links and folders are not taken.
drop-repeated = { $name } has the same content as { $first }, which was taken before: nothing was taken again. To take it all the same, use carbonwatch import.
drop-nothing-usable = { $rows ->
    [one] The one row of the file could not be used; the reason stands beside it.
   *[other] None of the { $rows } rows of the file could be used; the reasons stand beside it.
}
