### Texts of the room `tui`. Ids and arguments are the same in both languages.

## The frame.

tui-too-small = The screen is { $has-width } columns by { $has-height } rows. carbonwatch needs at least { $width } by { $height }: make the window larger. q quits.
tui-simulated = SIMULATED
tui-no-time-yet = no time yet
tui-held = HELD
tui-who = { $name } { $role }
tui-who-nobody = not signed on
tui-pane-live = Live
tui-pane-explain = Explain
tui-pane-help = Help
tui-banner-connecting = Connecting to the daemon …
tui-banner-lost-notice = NO CONNECTION. { $notice }
tui-banner-refusing-notice = NOTHING IS ACCEPTED. { $notice }
tui-banner-lost = NO CONNECTION since { $last }, next attempt in { $retry }: { $why }
tui-banner-unreachable = NO CONNECTION, next attempt in { $retry }: { $why }
tui-banner-refusing = NOTHING IS ACCEPTED: { $why }
tui-link-up = connected
tui-link-silent = daemon silent for { $age }
tui-feeds = { $count ->
    [one] 1 feed
   *[other] { $count } feeds
}
tui-feeds-lag = { $count ->
    [one] 1 feed
   *[other] { $count } feeds
}, lag { $lag }
tui-feed-trouble = feed { $feed }: { $trouble }{ $others ->
    [0] {""}
   *[other] {" "}(+{ $others })
}
tui-chain-damaged = CHAIN DAMAGED, see the log
tui-period-open = { $month } open
tui-chain-short = chain #{ $sequence }
tui-chain = chain { $head } #{ $sequence }
tui-free = { $size } free
tui-notice-copied = Copied to { $file } and, if allowed, the clipboard: { $what }
tui-notice-copied-long = Too long for a clipboard; copied to { $file }: { $what }
tui-notice-copied-only = Copied to your terminal's clipboard, if it allows that, but to no file ({ $why }): { $what }
tui-notice-written = Written to { $file }
tui-notice-not-written = Not written: { $why }
tui-notice-theme = Theme { $name }
tui-notice-theme-kept = A theme was passed over: { $why }
tui-no-home = there is no home directory
tui-plain-hint = Esc back
tui-export-name = A file name holds letters, digits, “-” and “_” only.
tui-command-export = write what is listed to a CSV file in your outbox; a name may follow
tui-command-note = write a note; a time may stand before it: @14:05 changed coal
tui-due = due { $count }
tui-pane-due = Due
tui-command-due = list what is due
tui-due-title = Calibrations that have run out or will within { $days ->
    [one] a day
   *[other] { $days } days
}
tui-due-until = Until
tui-due-left = Left
tui-due-meter = Meter
tui-due-measures = Measures
tui-due-nothing = Nothing is due.
tui-due-overdue = { $days ->
    [one] a day overdue
   *[other] { $days } d overdue
}
tui-due-today = last day
tui-due-in = { $days ->
    [one] a day
   *[other] { $days } d
}
tui-command-notes = list the notes in the audit log
tui-command-withdraw = withdraw this record, with the reason after it: :withdraw mistyped
tui-command-sign-on = sign on with staff number and PIN
tui-command-sign-off = sign off
tui-command-since = what people did since I sat here last
tui-command-pin = set my PIN
tui-sign-on-title = Sign on
tui-sign-on-instead = Sign on in place of { $name }
tui-sign-on-of = { $what }: { $name }
tui-sign-on-person = staff number, or some of a name
tui-sign-on-pin = Type the PIN; it is not shown.
tui-sign-on-none = Nobody in the model has that; Enter takes the number as it is typed.
tui-sign-on-awaited = Waiting for the daemon to compare
tui-sign-on-lost = The connection was lost meanwhile. Type the PIN again.
tui-sign-on-late = The sign-on that was left came through after all and was undone.
tui-sign-off-nobody = Nobody is signed on here.
tui-signed-off = Signed off.
tui-other-roles = The plan gives you other roles now: { $roles }.
tui-signed-off-by-itself = { $name } was signed off: { $how }.
tui-pin-title = Set a PIN
tui-pin-old = Type the old PIN; nothing if there is none.
tui-pin-new = Type the new PIN: 6 to 12 digits.
tui-pin-again = Type the new PIN again.
tui-pin-set = The new PIN holds (record { $sequence }).
tui-signed-on-in-cell = Signed on. What happened since you were here last: `:since`, once the cells are left.
tui-since-title = Signed on: { $name }
tui-since-wrong = { $count ->
    [one] One try with this staff number was wrong since the last right one.
   *[other] { $count } tries with this staff number were wrong since the last right one.
}
tui-since-never = The first time at a post of this plant.
tui-since-last = Here last at { $at }, { $age } ago. Since then:
tui-since-deed = { $count } × { $kind }
tui-since-nothing = Nobody changed or noted anything.
tui-since-hint = Enter lists them in the audit log, where they are marked with +.
tui-notice-linux-console = The Linux console cannot draw Chinese: shown in English. Use SSH for Chinese.
tui-notice-foreign-encoding = This window does not use UTF-8: set its character encoding to UTF-8 and start again.
tui-notice-ambiguous-wide = This window draws lines two cells wide: drawn in ASCII. Set ambiguous characters to narrow.
tui-notice-no-shell = Nothing would take the terminal over: there is no shell with job control. q quits.
tui-notice-back = Connected again after { $away }; { $records ->
    [0] nothing
    [one] 1 record
   *[other] { $records } records
} came meanwhile. What is shown is current.
tui-notice-not-utf8 = The locale is not UTF-8: shown in English. Set LANG=zh_CN.UTF-8 or --lang zh.

## The Live pane.

tui-column-tag = Tag
tui-column-name = Name
tui-column-value = Value
tui-column-unit = Unit
tui-column-bar = Limits
tui-column-trend = 1 hour
tui-column-limits = Low .. high
tui-column-age = Age
tui-column-state = State
tui-no-parameters = This site has no parameters yet: describe them in site.toml, then run carbonwatch plan and apply.
tui-none-listed = Nothing fits the filter. Esc shows everything again.
tui-listed = { $listed } of { $all }
tui-sort-plant = by plant
tui-sort-condition = worst first
tui-sort-tag = by tag
tui-sort-age = oldest first
tui-key-only = key only
tui-filter = filter:{" "}
tui-state-impossible = off range
tui-state-impossible-short = range
tui-state-bad = bad
tui-state-no-data = no data
tui-state-no-data-short = none
tui-state-stale = stale
tui-state-substituted = substituted
tui-state-substituted-short = subst
tui-state-high = high
tui-state-low = low
tui-state-doubtful = doubtful
tui-state-doubtful-short = doubt
tui-origin-connector = online
tui-origin-file = file
tui-origin-typed = typed
tui-origin-laboratory = lab
tui-origin-invoice = invoice
tui-origin-invoice-short = bill
tui-origin-simulated = simulated
tui-origin-simulated-short = sim
tui-origin-correction = corrected
tui-origin-correction-short = fixed

## Details of a parameter.

tui-detail-state = State
tui-detail-value = Value
tui-detail-at = At
tui-detail-from = From
tui-detail-filled-to = Filled up to
tui-detail-origin = Source
tui-detail-quality = Quality
tui-detail-kind = Kind
tui-detail-place = Place
tui-detail-operating = Operating
tui-detail-possible = Possible
tui-detail-interval = Expected each
tui-detail-stale-after = Stale after
tui-detail-meter = Meter
tui-detail-accuracy = Accuracy
tui-detail-calibrated-until = Calibration
tui-detail-origins = Order
tui-quality-uncertain = doubted by its source
tui-quality-bad = marked bad by its source
tui-kind-flow = flow, integrated over time
tui-kind-counter = counter, by differences
tui-kind-amount = amount for an interval
tui-kind-property = property, by tests
tui-kind-state = watched, not in the ledger
tui-calibration-overdue = overdue since { $until }

## Totals.

tui-no-books = This site keeps no book yet.
tui-book = Book { $number }/{ $books }: { $name }
tui-rate = now { $rate } tCO2e/h
tui-rate-none = now -- tCO2e/h
tui-wall = Wall
tui-wall-book = { $name }
tui-wall-rate = Now
tui-total-shift = Shift
tui-total-day = Day
tui-total-month = Month
tui-total-year = Year
tui-mark-provisional = provisional
tui-mark-incomplete = gaps
tui-mark-overlapping = overlapping
tui-mark-failed = failed
tui-mark-provisional-short = prov
tui-mark-incomplete-short = gap
tui-mark-overlapping-short = dup
tui-mark-failed-short = err
tui-mark-substituted = substituted
tui-mark-substituted-short = sub
tui-plan = plan { $amount }
tui-plan-short = plan
tui-plan-none = no plan
tui-intensity = { $value } tCO2e/{ $unit }
tui-intensity-reference = ref { $value }
tui-intensity-no-product = intensity --: no product in site.toml
tui-crew-saved = { $crew } saved { $amount } tCO2e in { $hours } h
tui-crew-lost = { $crew } lost { $amount } tCO2e in { $hours } h
tui-crew-no-hours = { $crew } -- no full hour to compare yet
tui-crew-no-shift = crew --
tui-crew-awaited = crew …
tui-crew-not-compared = crew --: { $why }

## The chart.

tui-pane-chart = Chart
tui-span-hour = 1 hour
tui-span-shift = 8 hours
tui-span-day = 1 day
tui-span-week = 7 days
tui-span-month = 30 days
tui-span-year = 365 days
tui-against-nothing = nothing
tui-against-day = a day before
tui-against-week = a week before
tui-against-year = 365 days before
tui-chart-gone = This parameter is no longer in the model.
tui-chart-hours = hourly means
tui-chart-no-value = no value
tui-chart-value = { $value } { $unit }
tui-chart-values = mean { $value } { $unit } ({ $low } .. { $high }, readings: { $count })
tui-chart-held = { $value } { $unit }, since { $since }
tui-chart-compared = { $with } { $value } ({ $difference })
tui-chart-other-only = { $with } { $value }
tui-chart-nothing-then = { $with }: no value
tui-chart-refused = out of the ledger
tui-chart-partial = read in part
tui-chart-gap = gap of { $length }
tui-chart-stand-in = substituted by { $value } { $unit }
tui-chart-limit-high = high { $value }
tui-chart-limit-low = low { $value }
tui-chart-nothing = There are no values in this stretch.
tui-chart-legend = x gap  s substituted  = typed  c corrected  ! out of ledger  ? doubtful  n note

## Crews compared.

tui-pane-crews = Crews
tui-pane-figures = Figures
tui-pane-past = Past anomalies
tui-past-title = Past anomalies that began in { $of }, the newest first
tui-past-none = None left the queue in this time.
tui-past-came-of-it = What came of it
tui-pane-columns = Columns
tui-columns-title = Columns of the Live pane. What has no room on a screen is left out there.
tui-figures-title = Alarm figures of { $of }, as the standard counts them
tui-figures-day = the last day
tui-figures-week = the last seven days
tui-figures-thirty-days = the last thirty days
tui-figures-ninety-days = the last ninety days
tui-figures-counted = Announced: { $alarms }; floods: { $floods }; standing now: { $standing }; stale at some time: { $stale }.
tui-figures-most-frequent = The most frequent
tui-figures-other-nuisances = They chatter or stand for long as well
tui-figures-more = more: { $above } above, { $below } below
tui-figures-chatters = chatters
tui-figures-stale = stale
tui-crews-title = Crews compared, { $month }
tui-crews-crew = Crew
tui-crews-hours = Hours
tui-crews-left-out = left out
tui-crews-emitted = tCO2e
tui-crews-expected = at the mean
tui-crews-saved = saved
tui-crews-classes = Mean of the month by hourly output of { $product } ({ $unit }), tCO2e/{ $unit }
tui-crews-class = up to { $limit }: { $intensity } ({ $hours } h)
tui-crews-idle = no output: { $intensity } tCO2e/h ({ $hours } h)
tui-crews-method = Method: each full hour is compared with the plant's own hours of about the same output of { $product }, in { $classes } classes up to the highest output; hours without output are a class of their own. An hour was to emit its class's mean intensity × its own output; saved is that less what it emitted, rounded once to 1 mg an hour. Left out: hours with missing data, and classes with fewer hours than { $hours }. A month's crews are compared with that month, the shift on duty with the days before it: { $days }.

## The Ledger pane.

tui-pane-ledger = Ledger
tui-ledger-period = { $period }
tui-ledger-by-hour = by hour
tui-ledger-by-day = by day
tui-ledger-by-month = by month
tui-ledger-by-nothing = one hour
tui-ledger-tree = by source
tui-ledger-category = by category
tui-ledger-gas = by gas
tui-ledger-book = by book
tui-ledger-record = as of #{ $sequence }
tui-ledger-asking = asking for { $period } …
tui-ledger-refused = { $period } cannot be shown: { $why } { $key } asks again.
tui-ledger-no-time = This site has no time yet: it begins with the first data.
tui-ledger-empty = This book has no source yet: describe them in site.toml, then run carbonwatch plan and apply.
tui-ledger-name = Emissions
tui-ledger-total = tCO2e
tui-ledger-share = Share%
tui-ledger-before = Prev%
tui-ledger-year-ago = Year%
tui-ledger-intensity = tCO2e per unit
tui-ledger-greatest = greatest first
tui-ledger-direct = without power and heat { $tonnes } t
tui-ledger-share-of = { $share }% of { $of }
tui-ledger-change = { $change }% ({ $difference } t) on { $period }
tui-ledger-intensity-of = { $value } tCO2e/{ $unit } { $product }
tui-ledger-sealed = sealed
tui-ledger-failed = { $hours ->
    [one] 1 h failed
   *[other] { $hours } h failed
}
tui-ledger-incomplete = { $hours ->
    [one] 1 h with gaps
   *[other] { $hours } h with gaps
}
tui-ledger-overlapping = { $hours ->
    [one] 1 h overlapping
   *[other] { $hours } h overlapping
}
tui-ledger-provisional = { $hours ->
    [one] 1 h provisional
   *[other] { $hours } h provisional
}
tui-ledger-mark-failed = hours whose emissions could not be computed
tui-ledger-mark-incomplete = hours in which something is missing
tui-ledger-mark-overlapping = intervals overlap, something may count twice
tui-ledger-mark-substituted = hours in which a substitute stands in for something
tui-ledger-substituted = { $hours ->
    [one] 1 h substituted
   *[other] { $hours } h substituted
}
tui-ledger-mark-provisional = rests on values that stand in for later ones
tui-ledger-mark-sealed = sealed: stands for ever

## Explanations.

tui-explain-awaited = Waiting for the daemon …
tui-explain-refused = This cannot be explained: { $why }
tui-explain-unexpected = The daemon answered something else. It may be of another version: restart it.
tui-explain-formula = Formula:
tui-explain-numbers = Numbers:
tui-explain-parts = Rests on { $count ->
    [one] one line
   *[other] { $count } lines
}

## Commands and jumps.

tui-palette = Commands
tui-palette-none = Nothing is called so. Esc closes.
tui-jump = Go to: tag, name, #id or pinyin initials
tui-jump-none = Nothing is called so. Esc closes.
tui-note-now = Note { $about }, { $time } (now)
tui-note-yesterday = Note { $about }, { $time } (yesterday)
tui-note-at = Note { $about }, { $time }
tui-note-site = on the whole site
tui-note-node = on { $name }
tui-note-parameter = on { $tag } { $name }
tui-note-unknown = What was noted before is not known at the moment.
tui-note-still-sent = It is sent already and will be written; what comes of it is told here.
tui-note-of-another = This was begun by { $person }. Whoever is here now leaves it with Esc and writes their own.
tui-withdraw-nothing = Go to the record first: select it in the audit log (0), or open it.
tui-withdraw-reason = Say why after it: :withdraw mistyped
tui-withdraw-no-link = There is no connection at the moment, so that nothing can be withdrawn.
tui-withdrawn = Record { $of } was withdrawn (record { $sequence }).
tui-withdraw-unknown = The connection was lost meanwhile: the audit log tells whether record { $of } was withdrawn.
tui-note-waits = The note “{ $text }” waits until { $person } signs on again: nobody knows whether it was written.
tui-note-dropped = Not noted: { $text }
tui-notice-not-noted = Not noted: “{ $text }”. { $why }
tui-notice-noted-yesterday = It stands at yesterday's { $time }.
tui-notice-noted-of = It stands at { $time }.
tui-note-none = Nothing was noted on this yet.
tui-note-hint = @14:05 another time
tui-note-carried = [carried forward] { $note }
tui-note-open = open
tui-note-closed = closed
tui-note-sent = Waiting for the daemon to write it
tui-note-no-link = There is no connection at the moment; what is typed stays here.
tui-note-no-time = This plant has no time yet, so that nothing can be noted.
tui-note-time = “@{ $given }” is no time: @14:05, @11-21T14:05 or @2026-11-21T14:05 stand before the text.
tui-notice-noted = Noted in record { $sequence }
tui-pane-palette = Commands
tui-pane-jump = Go to
tui-no-chinese-here = This terminal cannot draw Chinese.
tui-notice-paste-dropped = { $count ->
    [one] A character was
   *[other] { $count } characters were
} pasted where nothing is typed: dropped, nothing was done.
tui-notice-faults = { $first } (? tells all)
tui-help-faults = Wrong in files of your own
tui-fault-at = { $file }:{ $line }:{ $column }: { $why }
tui-fault = { $file }: { $why }
tui-keys-no-place = there is no place “{ $given }” for keys
tui-keys-no-action = there is no action “{ $given }”
tui-keys-no-key = “{ $given }” is not a key
tui-keys-twice = { $key } does “{ $action }” here already; this one is passed over
tui-notice-field-full = The text field is full: the rest was left out.
tui-command-quit = leave
tui-command-help = what the keys do
tui-command-theme = change the colours
tui-command-language = change the language
tui-command-pane = go to a pane
tui-command-filter = list only what contains these words; none lists everything
tui-command-goto = go to a parameter or node: tag, name, #id or pinyin initials
tui-command-book = show the totals of a book
tui-command-unknown = There is no command “{ $given }”.
tui-command-takes-nothing = “{ $command }” stands alone.
tui-command-needs = “{ $command }” needs one of: { $known }
tui-command-no-choice = “{ $command }” does not know “{ $given }”; there are { $known }

## Help.

tui-help-keys = Keys
tui-help-keys-cells = Keys in the cells
tui-help-cells = What is typed into a cell
tui-help-cell-value = a value in the row's unit, with a point
tui-help-cell-unit = a value in another unit, converted exactly
tui-help-cell-sum = a sum
tui-help-cell-as-before = as before, and why
tui-help-cell-missing = not read; stays on the sheet
tui-help-cell-block = the terminal's own paste: a block from a spreadsheet
tui-help-cell-kept = kept, not sent
tui-help-cell-unsaved = not kept yet
tui-help-cell-theirs = typed by somebody else
tui-help-cell-doubted = taken although it looked wrong
tui-help-cell-excluded = sent, does not count
tui-help-cell-awaits = waits for a second person
tui-help-cell-returned = returned by a second person
tui-help-cell-filled = nothing sent; its missing hours are filled
tui-help-marks = Marks
tui-help-mark-impossible = outside what is possible; kept out of the ledger
tui-help-mark-operating = outside an operating limit
tui-help-mark-doubtful = no value, too old, bad or doubtful
tui-help-mark-typed = typed by a person
tui-help-mark-corrected = corrected by a person
tui-help-mark-simulated = made by the simulator
tui-help-mark-too-wide = the number is wider than its column; the details and Enter show it
tui-help-theme = carbonwatch { $version }, theme { $theme }

## What keys do.

tui-action-up = up
tui-action-down = down
tui-action-left = left
tui-action-right = right
tui-action-page-up = page up
tui-action-page-down = page down
tui-action-first = first
tui-action-last = last
tui-action-open = open
tui-action-explain = explain
tui-action-now = rate, intensity
tui-action-zoom-in = zoom in
tui-action-zoom-out = zoom out
tui-action-shorter = shorter time
tui-action-longer = longer time
tui-action-compare = compare
tui-action-braille = dots
tui-action-back = back
tui-action-close = close
tui-action-filter = filter
tui-action-accept = accept
tui-action-delete = delete
tui-action-clear = clear
tui-action-sort = sort
tui-action-key-only = key only
tui-action-freeze = hold
tui-action-book = book
tui-action-totals = totals
tui-action-run = run
tui-action-complete = complete
tui-action-line-start = to the start
tui-action-line-end = to the end
tui-action-delete-forward = delete ahead
tui-action-delete-word = delete word
tui-action-command = commands
tui-action-jump = go to
tui-action-note = note
tui-action-about = on something else
tui-action-carry = carry forward
tui-action-close-note = close note
tui-action-sign-on = sign on
tui-action-sign-off = sign off
tui-action-crews = crews
tui-action-figures = figures
tui-action-past = past ones
tui-action-reopen = open again
tui-action-columns = columns
tui-action-toggle = show or hide
tui-action-reset = as at first
tui-action-pane-live = Live
tui-action-pane-ledger = Ledger
tui-action-fold = fold
tui-action-finer = shorter
tui-action-coarser = longer
tui-action-earlier = before
tui-action-later = after
tui-action-today = now
tui-action-group-by = group
tui-action-write = file
tui-action-help = help
tui-action-language = 中文
tui-action-theme = theme
tui-action-redraw = redraw
tui-action-copy = copy
tui-action-plain = plain
tui-action-suspend = to the shell
tui-action-refresh = again
tui-action-quit = quit

## Why the terminal cannot be used.

tui-not-a-terminal = Standard input and output must be a terminal. In scripts use carbonwatch status or carbonwatch ledger.
tui-terminal-failed = The terminal failed: { $error }
tui-bad-theme = The theme cannot be used: { $error }
tui-theme-unknown = there is none called “{ $name }”; there are { $known }.
tui-theme-colour = “{ $colour }” is not a colour
tui-theme-endless = “{ $name }” inherits from itself
tui-theme-missing = the tone “{ $tone }” is missing: add it, or inherit from a theme that has it

## The audit log.

tui-pane-log = Log
tui-action-pane-log = audit log
tui-action-kind = kinds
tui-action-show = show in Live
tui-explain-nowhere = This belongs to no parameter and no node.
tui-log-chain = { $count ->
    [one] one record
   *[other] { $records } records
}, chain { $head }
tui-log-sealed = sealed through { $month }
tui-log-not-sealed = nothing sealed
tui-log-whole = no damage met
tui-log-sequence = Record
tui-log-when = When
tui-log-who = Who
tui-log-kind = Kind
tui-log-from = From
tui-log-what = What
tui-log-hash = Chain
tui-log-awaited = Waiting for the daemon …
tui-log-refused = The daemon does not tell: { $why }
tui-log-none = Nothing fits. Esc shows all records again.
tui-log-none-yet = Nothing fits in records { $from } to { $to }. Down looks further back; Esc shows all records again.
tui-log-empty = No records yet.
tui-log-looked = back to { $from }
tui-log-looking = looking …
tui-log-newer = { $count } newer above
tui-log-following = newest
tui-log-all = all kinds
tui-log-by-people = by people
tui-log-detail = #{ $sequence }  { $when }  { $who }
tui-log-detail-from = from { $from }
tui-log-detail-chain = chain { $hash }
tui-log-kind-correction = correction
tui-log-kind-withdrawal = withdrawal
tui-log-kind-meter-change = meter
tui-log-kind-apply = model
tui-log-kind-adopt = rules
tui-log-kind-restore = restored
tui-log-kind-seal = seal
tui-log-kind-note = note
tui-log-kind-note-closing = closed
tui-log-kind-alarm = alarm
tui-log-kind-filling = filling
tui-log-kind-anomaly = anomaly
tui-log-kind-anomaly-found = found
tui-log-kind-document = document
tui-log-kind-second-check = check
tui-log-kind-approval = approval
tui-log-kind-handover = handover
tui-log-kind-closing = closing
tui-log-kind-sign-on = sign-on
tui-log-kind-sign-off = sign-off
tui-log-kind-pin = PIN
tui-log-kind-readings = readings
tui-log-kind-dropped = dropped
tui-log-kind-unreadable = unreadable
tui-log-kind-unknown = unknown

## The alarms.

tui-pane-alarms = Alarms
tui-action-pane-alarms = alarms
tui-action-acknowledge = ack
tui-action-acknowledge-shown = ack screen
tui-action-reset-alarm = reset
tui-action-shelve = shelve
tui-action-unshelve = unshelve
tui-action-remove-from-service = out of service
tui-action-return-to-service = into service
tui-action-pick = pick
tui-action-hidden = hidden
tui-action-record = who answered
tui-command-bell = whether new critical and high alarms sound
tui-command-blink = whether critical and high alarms blink
tui-command-on = on
tui-command-off = off
tui-alarm-what = Alarm
tui-alarm-value = Worst, limit
tui-alarm-since = Since
tui-alarm-who = Answer
tui-alarm-reason = Reason
tui-alarm-kind-bad = bad
tui-alarm-active = { $count ->
    [one] one alarm
   *[other] { $count } alarms
}
tui-alarm-owed = { $count } unacknowledged
tui-alarm-hidden = hidden: { $shelved } shelved, { $suppressed } suppressed, { $out } out
tui-help-mark-alarm = an alarm that nobody has acknowledged (2)
tui-alarm-hidden-short = { $count } hidden
tui-alarm-flood = FLOOD since { $since }: { $alarms ->
    [one] one alarm
   *[other] { $alarms } alarms
}, at most { $peak } in 10 min, now { $rate }
tui-alarm-flood-head = FLOOD { $count }
tui-alarm-folded = +{ $others } ({ $owed } unack.)
tui-alarm-worst-of = worst { $alarm }
tui-alarm-flood-first = , first { $alarm }
tui-alarm-flood-brief = FLOOD since { $since }: { $alarms ->
    [one] one alarm
   *[other] { $alarms } alarms
}, now { $rate }
tui-alarm-until = until { $time }
tui-alarm-suppressed = suppressed
tui-alarm-out-for = out { $age }
tui-alarm-list = alarms
tui-alarm-list-hidden = hidden alarms
tui-alarm-picked = { $count } picked
tui-alarm-quiet = no bell
tui-alarm-steady = no blink
tui-alarm-none = No alarms: everything that is watched stands within its limits, and nobody owes an answer.
tui-alarm-none-watched = No parameter is watched: alarms are those of key parameters (key = true in site.toml).
tui-alarm-none-fits = No alarm fits the filter. Esc shows all again.
tui-alarm-none-hidden = No alarm is hidden. Tab goes back to those that stand.
tui-alarm-parameter-gone = no longer in the model
tui-alarm-mark-priority = priority: critical, high, medium, low
tui-alarm-mark-chatters = it chatters: it comes and goes within a minute
tui-alarm-mark-first = the first of its group
tui-alarm-mark-perhaps-first = perhaps the first of its group as well
tui-alarm-mark-picked = picked for the next deed
tui-alarm-answered = { $name }, { $at }, record { $record }
tui-alarm-hidden-since = since { $at }: { $reason }
tui-alarm-shelf = until { $until }: { $reason }
tui-alarm-shelf-once = until it returns, at most until { $until }: { $reason }
tui-detail-priority = Priority
tui-detail-limit = Limit
tui-detail-worst = Worst
tui-detail-since = Since
tui-detail-told = Announced
tui-detail-ended = Returned
tui-detail-out = Out
tui-detail-suppressed = Suppressed
tui-detail-shelf = Shelved
tui-detail-chatters = Chatter
tui-detail-answered = Answered
tui-detail-first-out = First out
tui-detail-action = To do
tui-detail-ranking = Why so urgent
tui-alarm-ranked = { $amount } tCO2e in a shift, { $owed }: { $consequence }; act within { $time } ({ $urgency })
tui-detail-others = Also
tui-alarm-shelve-title = Shelve { $count ->
    [one] one alarm
   *[other] { $count } alarms
}
tui-alarm-shelve-hint = 30m calibrating   15:30 once chattering
tui-alarm-shelve-end = Say for how long, then why: 30m calibrating, 2h waiting for parts, or until when: 15:30 calibrating.
tui-alarm-shelve-reason = Say why after it: { $time } calibrating
tui-alarm-remove-title = Take { $count ->
    [one] one alarm
   *[other] { $count } alarms
} out of service
tui-alarm-remove-hint = why: work permit 4711, transmitter removed
tui-alarm-remove-reason = Say why: a work permit, a change that was approved.
tui-alarm-sent = Waiting for the daemon
tui-alarm-no-right = { $name } may not { $right }.
tui-alarm-no-link = There is no connection at the moment, so that nothing can be done to alarms.
tui-alarm-none-selected = No alarm is selected.
tui-alarm-none-shown = Nothing on the screen is unacknowledged.
tui-alarm-owed-folded = What is unacknowledged is folded: unfold it first, so that it is seen.
tui-alarm-slipped = The list moved just now, so that nothing was done: look again, then press it again.
tui-alarm-unfolded = The first of them is acknowledged already; here are the others.
tui-alarm-no-record = Nobody has answered for this alarm yet.
tui-alarm-asked = Asked for { $count ->
    [one] one alarm
   *[other] { $count } alarms
}: { $deed }
tui-alarm-done = { $count ->
    [one] One alarm
   *[other] { $count } alarms
} { $deed } (record { $record }).
tui-alarm-refused = Not { $tag } ({ $kind }): { $why }
tui-alarm-refused-others = { $count ->
    [one] One more was refused.
   *[other] { $count } more were refused.
}
tui-alarm-unknown = The connection was lost meanwhile: the list tells whether it was done.
tui-ledger-output-substituted = { $hours ->
    [one] 1 hour of the output substituted
   *[other] { $hours } hours of the output substituted
}

## The anomalies.

tui-pane-anomalies = Anomaly
tui-action-pane-anomalies = anomalies
tui-action-close-saying = close with comment
tui-action-keep-filter = keep filter
tui-action-view = view
tui-action-take = take
tui-action-assign = assign
tui-action-comment = comment
tui-action-real = true
tui-action-correct = correct
tui-action-gap-fill = fill by plan
tui-action-reject = keep out
tui-action-instrument-fault = instrument
tui-action-entry-error = entry error
tui-action-take-back = take back
tui-action-link = nonconformity
tui-anomaly-view-open = all open
tui-anomaly-view-undecided = undecided
tui-anomaly-view-mine = mine
tui-anomaly-view-to-close = to be closed
tui-anomaly-view-going = going on
tui-anomaly-view-kept = kept filter { $place } of { $count }
tui-anomaly-filter-kept = The filter is kept: Tab comes to it behind the other views. S forgets it again.
tui-anomaly-filter-forgotten = The filter is not kept any more.
tui-anomaly-filter-none = There is no filter to keep: type one with / first.
tui-anomaly-filter-full = { $most } filters are kept already: forget one first (Tab to it, then S).
tui-anomaly-order-due = by deadline
tui-anomaly-order-stake = by tCO2e at stake
tui-anomaly-order-began = newest first
tui-anomaly-order-tag = by tag
tui-anomaly-order-stage = by stage and person
tui-anomaly-order-before = most frequent first
tui-anomaly-open = { $count ->
    [one] one anomaly
   *[other] { $count } anomalies
}
tui-anomaly-undecided = { $count } undecided
tui-anomaly-to-close = { $count } to close
tui-anomaly-mine = { $count } mine
tui-anomaly-at-stake = at stake { $amount } tCO2e
tui-anomaly-number = No.
tui-anomaly-check = Check
tui-anomaly-stage = Stage
tui-anomaly-stake = tCO2e
tui-anomaly-days = Days
tui-anomaly-who = Who
tui-anomaly-before = 90d
tui-anomaly-none = No anomalies: the checks find nothing at which a checker has to look.
tui-anomaly-none-fits = No anomaly fits the filter. Esc shows all again.
tui-anomaly-none-of-view = No anomaly is in this view. Tab goes on to the next, Esc shows all.
tui-anomaly-folded = and { $count ->
    [one] one more
   *[other] { $count } more
}
tui-anomaly-together = Together
tui-anomaly-group = { $count } alike in { $nodes ->
    [one] one place
   *[other] { $nodes } places
}, { $from } to { $to }; first { $first }; { $amount } tCO2e; keys act on all, z unfolds
tui-anomaly-mark-going = it goes on
tui-anomaly-mark-gone = found no longer
tui-anomaly-found = Found
tui-anomaly-decided = Decided
tui-anomaly-decided-by = { $what } ({ $name }, { $at }, record { $record })
tui-anomaly-holder = { $name } for { $age }
tui-anomaly-time = Time
tui-anomaly-stake-of = At stake
tui-anomaly-deadline = Deadline
tui-anomaly-due-in = { $at } ({ $days } d)
tui-anomaly-before-label = Before
tui-anomaly-before-count = { $count } in 90 days
tui-anomaly-last = Last
tui-anomaly-log = Earlier
tui-anomaly-nonconformity = Nonconform.
tui-anomaly-similar = Similar
tui-anomaly-similar-later = later
tui-anomaly-evidence-of = evidence { $evidence }
tui-anomaly-similar-none = none before
tui-anomaly-notes = Notes
tui-anomaly-notes-more = {" "}+{ $count } more
tui-anomaly-notes-at-least = {" "}+{ $count } and older ones
tui-anomaly-none-selected = No anomaly is selected.
tui-anomaly-nothing-decided = Nobody has decided on it yet, so that nothing can be taken back.
tui-no-link = There is no connection at the moment, so that nothing can be done.
tui-anomaly-asked = Asked for { $count ->
    [one] one anomaly
   *[other] { $count } anomalies
}: { $deed }
tui-anomaly-done = { $count ->
    [one] One anomaly
   *[other] { $count } anomalies
} { $deed } (record { $record }, readings: { $readings }).
tui-anomaly-taken-back = The decision in record { $of } was taken back (record { $sequence }).
tui-anomaly-refused = Not { $anomaly }: { $why }
tui-anomaly-unknown = The connection was lost meanwhile: the list tells whether it was done.
tui-anomaly-nobody-found = Nobody of the site is called so. Esc closes.
tui-anomaly-assign-title = Give { $count ->
    [one] one anomaly
   *[other] { $count } anomalies
} to somebody
tui-anomaly-assign-hint = staff number, name or pinyin initials
tui-anomaly-comment-title = On { $count ->
    [one] one anomaly
   *[other] { $count } anomalies
}
tui-anomaly-comment-hint = what you know of it
tui-anomaly-comment-empty = Say something first.
tui-anomaly-close-title = Close { $count ->
    [one] one anomaly
   *[other] { $count } anomalies
}
tui-anomaly-close-hint = why it may be closed
tui-anomaly-link-title = Nonconformity of { $count ->
    [one] one anomaly
   *[other] { $count } anomalies
}
tui-anomaly-link-hint = its number: NC-2025-014
tui-anomaly-link-empty = Give the number of the nonconformity.
tui-anomaly-reopen-title = Open it again
tui-anomaly-reopen-hint = why it has to be looked at again
tui-anomaly-reopen-empty = Say why it is opened again.
tui-anomaly-take-back-title = Take the decision back on { $count ->
    [one] one anomaly
   *[other] { $count } anomalies
}
tui-anomaly-take-back-hint = why: the wrong factor
tui-anomaly-take-back-empty = Say why it is taken back.
tui-anomaly-dispose-title = { $count ->
    [one] One anomaly
   *[other] { $count } anomalies
}: { $what }
tui-anomaly-line-correction = Value
tui-anomaly-line-correction-hint = 12.3, or a factor: *0.001  /1000
tui-anomaly-line-cause = Root cause
tui-anomaly-line-cause-hint = its number
tui-anomaly-line-comment = Comment
tui-anomaly-line-comment-hint = what more there is to say
tui-anomaly-line-evidence = Evidence
tui-anomaly-line-evidence-hint = work order, certificate, photo
tui-anomaly-correction-needed = What are the values? Type the value (12.3) or a factor (*0.001, /1000).
tui-anomaly-correction-wrong = “{ $given }” is neither a value nor a factor: 12.3, *0.001, /1000.
tui-anomaly-correction-inexact = One by { $given } is not exact: type a factor instead, such as *0.5.
tui-anomaly-cause-needed = What is the root cause? Type its number.
tui-anomaly-cause-unknown = The site's list has no root cause “{ $given }”.
tui-anomaly-preview-awaited = Asking what would come of it …
tui-anomaly-preview = { $decided ->
    [one] one anomaly
   *[other] { $decided } anomalies
} would be decided, readings changed: { $readings }. Enter decides.
tui-anomaly-preview-nothing-restated = No month would be restated.
tui-anomaly-preview-more = and { $count } more
tui-anomaly-nothing-to-decide = It would be refused of all of them, so that there is nothing to decide.

## The Entry pane.

tui-pane-entry = Entry
tui-action-pane-entry = entry
tui-action-send = send
tui-action-send-all = send all rounds
tui-action-next = next cell
tui-action-previous = cell before
tui-action-undo = undo
tui-entry-sheets = Entry sheets and forms
tui-entry-no-sheets = The site has no entry sheets: write [[ sheet ]] in site.toml.
tui-entry-rows-seen = rows { $first }-{ $last }/{ $of }
tui-entry-rounds-seen = rounds { $first }-{ $last }/{ $of }
tui-entry-was-due = { $round }, was due by { $due }; rows: { $rows }
tui-entry-made = { $round }: all { $rows } written
tui-entry-overdue = ! { $round }: { $missing } of { $rows } missing, was due { $due }
tui-entry-due = { $missing ->
    [0] { $round }, due by { $due }; rows: { $rows }
   *[other] { $round }: { $missing } of { $rows } missing, due { $due }
}
tui-entry-unsaved = { $count ->
    [one] One cell is
   *[other] { $count } cells are
} not kept by the daemon yet: stay until it is there.
tui-quit-again = Leaving now loses that; the same key once more leaves all the same.
tui-entry-held = You were asking this before: look at it, then press Enter.
tui-entry-looked-at = Look at it as it is now; Enter once more decides it.
tui-entry-question-waits-on-page = What you were deciding waits on its page: r there brings it.
tui-entry-question-waits = { $tag } { $round }: what you were asking there waits; { $back } and { $key } bring it back.
tui-entry-look-first = What you type would go into another cell than the one you were at. Look where the cursor is: an arrow key or Esc goes on.
tui-entry-no-page = This page is not there any more: nothing was typed. Esc leaves it.
tui-entry-line-first = Something is being typed here: Enter or Esc first.
tui-entry-lost-block = { $tag } { $round }: a block of { $count } that was to begin there was not put down; paste it again.
tui-entry-undo-theirs = { $count ->
    [one] What a colleague had typed before you is not put back in your name: your value stays.
   *[other] What colleagues had typed before you into { $count } cells is not put back in your name: your values stay.
    }
tui-entry-not-here-yet = The page is not here yet: nothing was typed.
tui-entry-undo-others = { $count ->
    [one] One cell holds something else by now and stays as it is.
   *[other] { $count } cells hold something else by now and stay as they are.
    }
tui-entry-lost-more = { $count ->
    [one] One more likewise; { $key } lists both.
   *[other] { $count } more likewise; { $key } lists all of them.
    }
tui-entry-lost-question = { $tag } { $round }: what you were deciding there was not taken: { $said }
tui-entry-lost-files = Its files: { $files }.
tui-entry-lost-page-files = The sheet is not there any more. Nobody keeps these files that were attached to it: { $files }
tui-entry-state-lost = { $count } not on the page: { $key }
tui-lost-title = Typed by you, on no page any more: type it again, or take it off the list
tui-lost-nothing = All that you typed is on its page, or was sent.
tui-pane-lost = Not on the page
tui-action-lost = what is not on the page
tui-action-take-off = take off the list
tui-quit-lost = { $count ->
    [one] One thing that was typed here is on no page any more.
   *[other] { $count } things that were typed here are on no page any more.
    }
tui-entry-line-left = { $tag } { $round }: you were typing { $line } there when you were signed off.
tui-entry-question-open = Something is being decided here: Enter decides it, Esc leaves it.
tui-entry-question-changed = What this is about changed meanwhile; Enter takes note of that first.
tui-quit-half-typed = What you are typing here was not entered yet.
tui-quit-held = { $by } typed something here that nobody else keeps; it waits until they sign on here.
tui-entry-being-sent = It is being sent just now.
tui-entry-nothing-to-undo = There is nothing to undo.
tui-entry-nothing-to-send = Nothing was typed here that is not sent.
tui-entry-unreadable = This cell cannot be read: put it right first.
tui-entry-only-missing = Nothing was read: there is nothing to send.
tui-entry-no-link = There is no connection: what was typed stays here until there is.
tui-entry-not-kept = It is on the screen, but the daemon does not keep it: { $why }
tui-entry-contested = { $tag } { $round }: { $by } typed { $theirs } there meanwhile; your { $mine } was not kept. Type it there again to put it in its place.
tui-entry-row-gone = { $tag } { $round } is not on this sheet any more; { $line } was typed there.
tui-entry-let-go-files = Nobody keeps these files that you attached to a page: { $files }
tui-entry-let-go = { $tag } { $round }: { $line } was typed there and is kept nowhere. { $why }
tui-entry-block-moved = The sheet has other rows or rounds now: nothing of the block was put down. Paste it again.
tui-entry-sent = { $count ->
    [one] One value was
   *[other] { $count } values were
} taken, record { $record }.
tui-entry-nothing-new = All of it was there already.
tui-entry-duplicate = Were there already: { $count }.
tui-entry-excluded = { $count ->
    [one] One is kept, but does not count.
   *[other] { $count } are kept, but do not count.
}
tui-entry-sending = sending
tui-entry-state-unsaved = { $count } typed, { $unsaved } not kept yet
tui-entry-state-attached = files attached: { $count }
tui-entry-state-kept = { $count } typed, kept, not sent
tui-entry-state-none = nothing to send
tui-entry-state-untouched = nothing typed, nothing sent
tui-entry-known = { $tag } { $name }, { $unit }, possible { $limits }. { $stands }
tui-entry-known-unlimited = { $tag } { $name }, { $unit }. { $stands }
tui-entry-stands = Stands: { $value } ({ $origin }, record { $record }).
tui-entry-stands-nothing = Nothing was sent.
tui-entry-filled = Not sent; filled by plan: { $hours } h ({ $key })
tui-entry-filled-by-person = Not sent; filled, also by hand: { $hours } h ({ $key })
tui-entry-typed-by = Typed by { $by }, not sent.
tui-entry-before = Before: { $last }
tui-entry-before-nothing = Nothing before.
tui-entry-before-register = Before: { $last }; counted since: { $counted }; before that: { $was }
tui-entry-meter-changed = The meter was changed { $at }: { $last }, then { $first }.
tui-entry-ask = Send { $round }: { $count } typed, { $empty } empty. Enter sends.
tui-entry-ask-not-here = Nothing was typed in { $round }.
tui-entry-ask-doubted = Looked wrong: { $count }.
tui-entry-ask-others = Some were typed by { $by }: sent, they stand in your name too.
tui-entry-ask-theirs = { $by } attached { $files }, which does not go with it: { $key }, then Enter on the file, takes it over.
tui-entry-ask-all = { $rounds ->
    [one] { $key } sends the other round: { $count } typed.
   *[other] { $key } sends all { $rounds } rounds as one record: { $count } typed.
}
tui-entry-ask-ahead = It is a round { $ahead } from now.
tui-entry-ask-all-ahead = Rounds that have not been yet: { $count }.
tui-entry-ask-back = Esc goes back.
tui-entry-correct-ask = Correct { $tag } { $round }: { $was } ({ $origin }) becomes { $value }. Why?
tui-entry-correct-hint = F8 has it count instead, as a correction.
tui-entry-correct-nothing = A correction needs a value typed where another stands. Enter takes what is typed.
tui-entry-correct-same = That stands here already: there is nothing to correct.
tui-entry-correct-why = A correction needs its reason: type why, then Enter.
tui-entry-again = Enter once more takes it.
tui-entry-block-changed = Somebody typed into cells of the block meanwhile: look at it again, then Enter.
tui-entry-block-open = A block is being looked at: Enter puts it down or files it, Esc leaves it.
tui-entry-block = Cells: { $count }; cannot be read: { $wrong }; look wrong: { $doubted }
tui-entry-block-hint = Enter puts down what can be read; Esc leaves all of it.
tui-entry-block-empty = empty
tui-entry-block-missing = not read
tui-entry-put-down = Cells put down: { $count }; left: { $left }.
tui-action-fill = fill a gap
tui-gap-title = Gap of { $tag } { $name }
tui-gap-measured = Hours: { $expected }; valid: { $valid }; filled by the plan: { $plan }, by a person: { $person }; missing: { $missing }. Plan: { $rule }
tui-gap-measured-so-far = Hours decided so far: { $expected }; valid: { $valid }; filled by the plan: { $plan }, by a person: { $person }; missing: { $missing }; may still come: { $come }. Plan: { $rule }
tui-gap-left = { $missing ->
    [one] It leaves one hour missing: type a value to fill it.
   *[other] It leaves { $missing } hours missing: type a value to fill them.
}
tui-gap-no-plan = none
tui-gap-from = From
tui-gap-to = To
tui-gap-value = Value
tui-gap-reason = Reason
tui-gap-hour-hint = a whole hour, 2025-03-01 08:00
tui-gap-value-hint = { $unit }: a flow’s mean, else what an hour counts; empty: the plan
tui-gap-reason-hint = why, as it will be recorded
tui-gap-no-link = There is no connection: nothing can be decided until there is.
tui-gap-decided = What stands in for the hours is decided: record { $record }.
tui-anomaly-course = { $tag }
tui-anomaly-order-name = by name
tui-anomaly-order-check = by check
tui-anomaly-order-who = by who has it
tui-anomaly-order-number = by number
tui-anomaly-order-reversed = reversed
tui-action-reverse = reverse order
tui-anomaly-only-some = { $shown } of { $queue } are here, those with the most at stake
tui-past-title-most = The newest { $most } past anomalies that began in { $of }; `anomalies --past` has the others
tui-past-not-closed = It was not closed: the checks find it no longer, and will tell it again when they do.

## The Handover pane

tui-pane-handover = Shift
tui-action-pane-handover = shift handover
tui-action-sign-outgoing = sign off shift
tui-action-sign-incoming = take over
tui-handover-title = Handover of { $shift }  { $from } – { $to }  { $state }
tui-handover-goes-on = goes on for { $left }
tui-handover-ended = ended { $ago } ago
tui-handover-late = – { $late } after the shift
tui-handover-nothing = Nothing stands, nothing is missing, nothing was noted.
tui-handover-place = { $place } of { $all }
tui-handover-unsigned = handover?
tui-handover-closes = { $key } closes it
tui-note-closing-title = Close the note of record { $of }
tui-note-closing-hint = what came of it, or nothing
tui-note-closing-what = { $text }
tui-note-closing-withdrawn = That note was withdrawn: there is nothing to be closed.
tui-note-closing-no-note = Only a note that is carried forward can be closed: select one.
tui-note-closing-done = Closed: the note of record { $of } (record { $sequence }).
tui-note-closing-lost = The connection was lost meanwhile: the sheet shows whether the note was closed.
tui-signing-title = Sign { $shift }, { $side }
tui-signing-remark = a remark, or nothing
tui-signing-reservation = a reservation, or nothing
tui-signing-what = Signed is the sheet as it was at { $at }; it freezes nothing.
tui-signing-goes-on = The shift goes on until { $end }. { $what }
tui-signing-done = Signed: { $side }, shift { $shift } (record { $sequence }).
tui-signing-lost = The connection was lost while you signed: the sheet shows whether it was written.
tui-closing-title = Close { $month }
tui-closing-reason = why, where its evidence fails
tui-closing-again = why it is issued again
tui-closing-what = Closed is what is shown.
tui-closing-done = { $month } is closed (record { $record }).
tui-closing-hint = { $state }: c closes it
tui-closing-lost = The connection was lost while you closed the month: the plan shows whether it was written.
tui-closing-not-over = { $month } is not over: it can be closed when it is.
tui-closing-unchanged = { $month } is closed, and nothing has changed it since.
tui-since-unsigned = The handover of { $shift } lacks a signature: { $key } opens it.
tui-since-unsigned-before = The handover of { $shift } lacks a signature: { $key }, then { $earlier } opens it.

## The Plan pane

tui-pane-plan = Plan
tui-action-pane-plan = data-quality plan
tui-plan-title = { $month }  { $showing }:  { $passed } pass, { $failed } fail, { $unknown } not evaluable
tui-plan-evidence = evidence
tui-plan-parameters = planned and arrived
tui-plan-versions = Versions of the plan, and who put them in force
tui-of = { $what }: { $says }
tui-plan-rule-rests = { $code } { $rule }: { $says }. { $rests } ({ $clauses })
tui-plan-rule-alone = { $code } { $rule }: { $says }. ({ $clauses })
tui-plan-rests = Rests on { $all ->
    [one] one thing
   *[other] { $all } things
}, { $against } against it{ $more ->
    [0] {""}
   *[other] , and { $more } more
}
tui-plan-open-anomalies = { $count ->
    [one] one anomaly is open
   *[other] { $count } anomalies are open
}
tui-form-empty = nothing written
tui-action-attach = attach
tui-inbox-empty = There is nothing in { $directory }: put files there that are to be attached, then r
tui-inbox-files = Files in { $directory }, the newest first; Enter attaches, and takes off what is attached (+)
tui-inbox-files-others = Files in { $directory }, the newest first; Enter attaches, takes off what is attached (+), and takes over what others attached
tui-inbox-of-other = by { $by }
tui-inbox-cancelled = { $name } is not attached: sending it was ended
tui-inbox-busy = A file is on its way: wait until it is attached
tui-inbox-not-kept = The files count as they are on the screen and go with what is sent, but the daemon does not keep them; r on the page tries again: { $why }
tui-inbox-refused = The daemon does not keep what was attached or taken off here. Send it, take the file off, or try again with r.
tui-inbox-unkept = What is attached is not kept yet, because the daemon is not there. Wait until it is back.
tui-inbox-attached = { $name } is attached
tui-inbox-no-document = A meter change is no document: nothing is attached to it
tui-action-workbook = read workbook
tui-inbox-unnamed = { $count ->
    [one] One more file is not shown: its name is not UTF-8. Rename it.
   *[other] { $count } more files are not shown: their names are not UTF-8. Rename them.
}
tui-aside-failed = Something unforeseen went wrong with the file: it was let go.
tui-workbook-empty = There is nothing in { $directory }: put workbooks (.xlsx) there, then r
tui-workbook-files = Files in { $directory }, the newest first; Enter reads a workbook (.xlsx), and shows its cells before they are put down
tui-workbook-worksheets = { $name } has something in several worksheets; Enter takes one
tui-workbook-reading = Reading { $name }… Esc lets it go.
tui-workbook-from = From { $name }.
tui-workbook-not-a-file = { $name } is no file of its own: it is a folder, or leads elsewhere
tui-form-attached = Attached: { $files }
tui-form-kept = written, kept, not filed
tui-form-not-kept = written, not kept yet
tui-form-unsaved = What is written is not kept yet, because the daemon is not there. Wait, or file it first.
tui-form-filed = { $number } is filed: record { $record }.
tui-form-of-field = { $field }: { $why }
tui-form-several-filed = { $count } documents are filed: record { $record }.
tui-form-several = Documents: { $count }; cannot be read: { $wrong }; look wrong: { $doubted }
tui-form-several-hint = Enter files all of them as one record; Esc leaves all of it.
tui-form-several-hint-kept = Kept until filed. Enter files all as one record; Esc puts all of it away.
tui-form-several-too-large = Not kept by the daemon, because they take more than { $most } MB: file them before you leave the terminal.
tui-form-several-again = They were brought in before and are not filed yet.
tui-form-several-stand = What was brought in before is filed already: none of it is left to be filed.
tui-form-several-not-forgotten = The daemon still keeps documents that were filed or put away; it is told again: { $why }
tui-form-several-not-kept = The daemon does not keep what was brought in before; it is told again: { $why }
tui-form-several-unreadable = One that cannot be read holds all of them back: mend it where they come from, and bring them in again.
tui-form-several-doubted = Look wrong: { $count }. Enter once more files all of them all the same.
tui-form-doubted = Something looks wrong. F10 once more files it all the same:
tui-form-batches = Not tested yet: { $numbers }
tui-form-counts-as = On basis { $basis }: { $values }
tui-form-lately = Filed, by the time that they are for, the newest first:
tui-form-recorded-lately = Recorded last:
tui-form-more-choices = +{ $count } more: type the beginning
tui-form-none-yet = Nothing was filed on this form yet.
tui-form-begun = { $kind }, begun
tui-form-form = { $kind }
tui-form-hint-day = 2025-03-01
tui-form-hint-time = 2025-03[-01]

## A second person
tui-action-agree = agree
tui-action-return = return
tui-second-check-title = Second person's check
tui-second-check-counts = { $awaits } to look at, { $returned } returned
tui-second-check-documents = Documents: { $count }; that of the value under the cursor is told below.
tui-second-check-given = { $number } says { $value } { $unit }.
tui-second-check-loading = Values on their way: { $count }.
tui-second-check-not-whole = Not all of its values are here yet: look at them first.
tui-second-check-nothing = Nothing is to be looked at: everything that the plan asks a second person for was agreed with.
tui-second-check-replaced = replaced
tui-second-check-awaits = waits
tui-second-check-put-right = put right
tui-second-check-record = Record { $record } beside the paper
tui-second-check-by = { $by }, { $at }: { $state }
tui-second-check-tag = Tag
tui-second-check-name = Name
tui-second-check-time = Time
tui-second-check-value = Value
tui-second-check-unit = Unit
tui-second-check-before = Before
tui-second-check-now = Now { $value } { $unit } stands there (record { $record }).
tui-second-check-gone = It was taken back.
tui-second-check-picked = { $count ->
    [one] One value is
   *[other] { $count } values are
} picked as wrong: return what is wrong, or pick nothing and agree.
tui-second-check-why = { $count ->
    [0] All of it goes back. What is wrong?
    [one] One value goes back, the others are agreed with. What is wrong?
   *[other] { $count } values go back, the others are agreed with. What is wrong?
}
tui-second-check-agreed = Record { $of } is what the paper says (record { $record }).
tui-second-check-returned = Record { $of } was returned (record { $record }).
tui-action-approve = approve
tui-action-close-month = close month
tui-approval-approved = approved
tui-approval-not = not approved
tui-approval-why = The version of record { $of } is not approved. What must be changed?
tui-approval-given = The version of record { $of } was approved (record { $record }).
tui-approval-refused = The version of record { $of } was not approved (record { $record }).
tui-approval-awaits = to approve
tui-approval-hint = a approves it, x does not
tui-restated = Restated: { $month } { $name } { $before } -> { $after } tCO2e{ $more ->
    [0] .
    [one] , and one figure more: see the record.
   *[other] , and { $more } figures more: see the record.
}
tui-restated-closed = Restated: { $month } (closed) { $name } { $before } -> { $after } tCO2e{ $more ->
    [0] ; what was issued stands.
    [one] , and one figure more: see the record. What was issued stands.
   *[other] , and { $more } figures more: see the record. What was issued stands.
}
