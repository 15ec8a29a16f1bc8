### Texts of the room `cli`. Ids and arguments are the same in both languages.

# calc
calc-no-method = Name a method, or list them all with --list.
calc-unknown-method = There is no method “{ $method }”. See them all with: carbonwatch calc --list
calc-not-an-input = “{ $given }” is not of the form name=value, such as electricity=120 or fuel_mass="1200 t".
calc-unknown-input = Method { $method } has no input “{ $input }”. It has: { $known }.
calc-given-twice = Input “{ $input }” is given twice. Give it once.
calc-missing = Method { $method } also needs: { $missing }.
calc-input = Input “{ $input }”: { $error }
calc-fraction = Input “{ $input }”: { $given } without a unit would be { $given } %. For { $percent } % write { $percent }; if you mean { $given } %, write "{ $given } %".
calc-more-than-all = Input “{ $input }”: { $given } is more than 100 %.
calc-several-sets = Input “{ $input }”: factor { $key } is in several sets ({ $sets }). Choose one with --factor-set.
calc-period-needed = Input “{ $input }”: factor { $key } changes with time. Write its data year, as @{ $key }/2022, or give the month with --month.
calc-month = “{ $given }” is not a month. Write it as 2025-03.
calc-year = Input “{ $input }”: “{ $year }” is not a data year. Write it as @grid.national/2022.
calc-write = The answer cannot be written: { $error }
calc-factor = { $key }: { $name }, { $value }; { $document }, { $table } ({ $trust })
calc-provisional = { $factor }; provisional
calc-rounded = { $value }, rounded to the milligram (exactly { $exact } t)
calc-input-name = { $name } ({ $role })
calc-method-source = { $document }, { $table }
calc-role-quantity = activity
calc-role-property = tested value, factor or constant
calc-role-factor = factor or constant

# init
init-unknown-template = There is no template “{ $template }”. Choose one of: { $known }.
init-not-empty = { $path } already holds something. Choose a new or an empty directory.
init-not-a-directory = { $path } is not a directory. Choose a new or an empty directory.
init-input-output = { $path } cannot be made: { $error }. Nothing was left behind.
init-refused = The site cannot be made so: { $problems }
init-done = Made the site { $path } from the template “{ $template }”.
init-next = Next: fit { $file } to your plant, then run: carbonwatch check { $path }

# check
check-input-output = { $path } cannot be read: { $error }
check-no-site = { $path } is not a site: it has no site.toml. Check the path, or make one: carbonwatch init { $path } --template minimal
check-write = The answer cannot be written: { $error }
check-clean = { $file } is sound: { $nodes ->
    [one] one node
   *[other] { $nodes } nodes
}, { $meters ->
    [one] one meter
   *[other] { $meters } meters
}, { $parameters ->
    [one] one parameter
   *[other] { $parameters } parameters
}, { $sources ->
    [one] one source
   *[other] { $sources } sources
}, { $books ->
    [one] one book
   *[other] { $books } books
}.
check-doubtful = { $file } can be put in force, with { $warnings ->
        [one] one warning
       *[other] { $warnings } warnings
    }: { $nodes ->
    [one] one node
   *[other] { $nodes } nodes
}, { $meters ->
    [one] one meter
   *[other] { $meters } meters
}, { $parameters ->
    [one] one parameter
   *[other] { $parameters } parameters
}, { $sources ->
    [one] one source
   *[other] { $sources } sources
}, { $books ->
    [one] one book
   *[other] { $books } books
}.
check-problems = { $file } has { $count ->
        [one] one problem
       *[other] { $count } problems
    }.

## Help
cli-heading-options = Options:
cli-heading-arguments = Arguments:
cli-heading-commands = Commands:
cli-argument-help = Print this help
cli-exit-codes = Exit codes: 0 done; 1 something was found or refused; 2 the command line makes no sense; 3 no daemon or no permission; 74 a file or the connection failed
cli-argument-version = Print the version
cli-argument-lang = Language: zh or en
cli-argument-staff = Who acts, by staff number, on a login that several people share; the PIN is asked for, or is the first line of standard input
cli-argument-format = How to print the answer
cli-argument-site = The site's directory
cli-carbonwatch = carbonwatch: carbon-emission management for plant control rooms
cli-init = Make a new site
cli-init-template = Template to start from
cli-init-key = Short key of the site, instead of the template's
cli-init-zone = IANA time zone of the plant's calendar, instead of the template's; it cannot change later
cli-check = Check a site's model
cli-check-schema = Print the JSON schema of site.toml instead
cli-serve = Serve a site
cli-stop = Stop a site's daemon
cli-status = State of daemon and site
cli-status-feeds = Print the sources of data instead
cli-status-totals = Print the totals of shift, day, month and year instead
cli-clock = The site's clock, and whether it follows the system's
cli-clock-confirm = Follow a jump of the system's clock that is held back
cli-plan = What a changed model would add, remove and restate
cli-plan-from = Hour from which the change is to hold, in plant time, or start for the beginning; without it the newest dated version is amended
cli-apply = Put a changed model in force
cli-apply-from = Hour from which the change is to hold, in plant time, or start for the beginning; without it the newest dated version is amended
cli-apply-plan = Digest of the plan that was looked at
cli-apply-yes = Do not ask
cli-adopt = Put this program's rules in force
cli-adopt-dry-run = Only show what would be restated
cli-adopt-yes = Do not ask
cli-import = Take a CSV file in
cli-import-file = The file
cli-import-mapping = Mapping: the name of one of the site's, or a file
cli-import-origin = By which way the readings came
cli-import-yes = Do not look for values that stand in the time of the file's already, and would count beside them
cli-import-past = It is a past that is filled in: no alarm is raised by it, and its gaps are not told
cli-import-repair = Repair a known fault of the exporting system
cli-replay = Feed a file into the daemon at a chosen speed
cli-replay-file = The file
cli-replay-mapping = Mapping: the name of one of the site's, or a file
cli-replay-speed = How many times as fast as real time, 1 to 100000
cli-replay-shuffle = Deliver in a random order that this number decides
cli-replay-duplicate = Deliver this fraction of the readings twice, 0 to 1
cli-replay-origin = By which way the readings came
cli-replay-repair = Repair a known fault of the exporting system
cli-correct = Correct a reading
cli-correct-tag = Tag of the parameter
cli-correct-at = Time of the reading in plant time; of an interval its start
cli-correct-value = The right value, in the parameter's unit
cli-correct-span = Length of its interval in seconds, where several readings begin then or with --new
cli-correct-record = Number of the journal record that brought the reading that is meant
cli-correct-document = Number of the document on which the reading stands that is meant
cli-correct-id = Own id of the reading that is meant, as explain writes it behind #
cli-correct-new = No reading is corrected: a value is put where none stands
cli-correct-reason = Why
cli-correct-yes = Do not ask where a new value would count beside what stands
cli-correct-attach = A file that stands behind the correction: a photo of the meter, the report itself; may be given several times
cli-withdraw = Withdraw what a record brought
cli-withdraw-record = Number of the journal record
cli-withdraw-reason = Why
cli-note = Write a note beside the figures
cli-note-text = One line
cli-note-at = Of which time it speaks, in plant time; now where none is given
cli-note-about = Of what: the tag of a parameter or the key of a node; the whole site where nothing is given
cli-note-carry = Hand it over from shift to shift until somebody closes it
cli-notes = What was noted
cli-notes-period = Period, such as 2025-03-01; all notes where none is given
cli-notes-about = Only what concerns this: the tag of a parameter or the key of a node
cli-notes-open = Only what is carried forward and open
cli-notes-count = How many of the newest
cli-note-close = Close a note that is carried forward from shift to shift
cli-note-close-record = Number of the note's record
cli-note-close-remark = What came of it
cli-findings = What the quality checks find in the readings of a site
cli-findings-period = The stretch: a month, day or hour, or FROM..TO; at most 92 days
cli-findings-parameter = Tag of the one parameter to check; all where it is left out
cli-column-flag = Flag
cli-pin = Set a person's PIN for signing on
cli-pin-staff-number = Whose PIN, by staff number
cli-pin-reset = As an administrator, without the old PIN
cli-pin-ask = PIN of staff number { $staff_number }:
cli-pin-old = Old PIN (empty if there is none):
cli-pin-new = New PIN:
cli-pin-again = New PIN again:
cli-pin-differ = The two new PINs differ; nothing was changed. Type the new one twice alike.
cli-pin-no-terminal = There is no terminal on which a PIN could be typed unseen: give it as a line of standard input.
cli-pin-missing = A PIN is expected, on the terminal or as a line of standard input.
cli-note-no-time = This site has no time yet: say with --at of which time the note speaks.
cli-note-about-unknown = No parameter has the tag “{ $given }” and no node has it as key.
cli-notes-more = There are older notes; -n lists more, a period narrows it down.
cli-column-about = About
cli-column-note = Note
cli-column-carried = Carried forward
cli-column-written = Written
cli-meter-change = Record that a meter was replaced or reset
cli-meter-change-tag = Tag of the counter
cli-meter-change-at = When, in plant time
cli-meter-change-last = Last value of the old meter, as its register shows it; missing where it was not read
cli-meter-change-initial = First value of the new meter, likewise
cli-meter-change-serial = Serial number of the new meter
cli-meter-change-multiplier = Multiplier of the new meter; as before where it is left out
cli-meter-change-rollover = Register value at which the new meter starts again from 0; as before where it is left out
cli-meter-change-reason = Why
cli-ledger = Emissions by node and source
cli-ledger-period = Period in plant time: 2018, 2018-03, 2018-03-01, 2018-03-01T14, or a stretch 2018-03-01T00..2018-03-08T00
cli-ledger-step = Steps of the table
cli-ledger-by = By what the rows are grouped
cli-ledger-book = Key of the book; the first where it is left out
cli-ledger-node = Key of the node; the book's boundary where it is left out
cli-explain = How a figure came about
cli-explain-target = What to explain: year:2018, node:KEY month:2018-03, source:KEY day:2018-03-01, cell:SOURCE@2018-03-01T14, input:SOURCE/INPUT@2018-03-01T14, parameter:TAG month:2018-03, bucket:TAG@2018-03-01T14, reading:TAG@2018-03-01T14:15, now, now:PRODUCT, rate:SOURCE, factor:ID, record:12; book:KEY year:2018 for another book
cli-explain-book = Key of the book; the first where it is left out
cli-explain-depth = How many levels to open
cli-tail = The newest journal records
cli-tail-count = How many records
cli-tail-follow = Go on printing what comes
cli-verify = Check chain, rows and figures
cli-verify-expect = Digest that must stand in the chain, as printed on a report
cli-backup = Copy a live site
cli-backup-directory = Directory for the copy, which the daemon's user may write; it must be empty or not exist
cli-calc = Calculate one method with numbers given here
cli-calc-method = Method, such as electricity.purchased@1; without a version, its newest one
cli-calc-inputs = Inputs as name=value, with a unit where it is not the method's own, as fuel_mass="1200 t", or a factor as grid_factor=@grid.national/2022
cli-calc-list = List the methods and their inputs
cli-calc-factor-sets = Factor set to look into; may be given several times, the first that has it wins
cli-calc-month = Month for which factors are taken, as YYYY-MM

## Common
cli-simulated = [simulated data]
cli-yes = yes
cli-no = no
cli-and = { $first } { $rest }
cli-recorded = Recorded as journal record { $sequence } ({ $site }).
cli-nothing-new = That is what is there already; nothing changed.
cli-file-failed = { $path }: { $error }
cli-output-failed = Cannot write the answer: { $error }
cli-serving = Serving { $site }; Ctrl-C stops it. The log is in { $site }/log.
cli-stopped = The daemon of { $site } has stopped.
cli-not-running = No daemon of { $site } runs; there is nothing to stop.
cli-clock-held = The system's clock jumped by about { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
} and the site does not follow it. If the system's clock is right, confirm it: carbonwatch clock { $site } --confirm
cli-not-a-time = “{ $given }” is not a time. Write 2025-03-01T14:00 in plant time, or with an offset 2025-03-01T06:00:00Z.
cli-time-twice = Local time { $local } occurred twice in { $zone }: write it with its offset from UTC, as { $given }:00+02:00.
cli-not-a-period = “{ $given }” is not a period. Write 2025, 2025-Q1, 2025-03, 2025-03-01, 2025-03-01T14 or 2025-03-01T00..2025-03-08T00.
cli-not-a-target = “{ $given }” is nothing that can be explained. carbonwatch explain --help shows the forms.
cli-no-book = There is no book “{ $given }”; there are: { $known }.
cli-no-node = There is no node “{ $given }”.
cli-no-source = There is no source “{ $given }”.
cli-no-parameter = There is no parameter with the tag “{ $given }”.
cli-no-reading = There is no reading at { $at }.
cli-too-many-digits = { $given } has too many digits: the parameter keeps { $decimals } after the point.

## Corrections
cli-correct-needs-yes = It would count beside what stands, and there is no terminal to ask on. Correct that instead, or add --yes.
cli-unanswered = { $why } Nobody knows whether it was recorded: look with `carbonwatch tail { $site }` before you do it again.
cli-correct-no-span = For an amount give the length of its interval with --span.
cli-correct-nothing = There is no reading of { $tag } at { $at } that could be corrected. Look at the time with explain; to put a value where none stands add --new.
cli-correct-several = { $count ->
    [one] There is one reading
   *[other] There are { $count } readings
} at that time; name the one that is meant: { $known }
cli-correct-not-among = None of the readings at that time is the one that was named; there are: { $known }
cli-correct-not-new = At that time something stands already; leave --new away and name it: { $known }
cli-correct-one = { $value } { $unit }, { $from } – { $to }, { $origin }: { $name }

## Plans
cli-plan-confirm = Do it? (y/N)
cli-plan-declined = Nothing was changed.
cli-plan-needs-yes = There is no terminal to ask on. Add --yes, or look at carbonwatch plan first and give its digest with --plan.
cli-plan-no-changes = The model does not change.
cli-plan-total = In all, { $book }: { $before } tCO2e before, { $after } after, a difference of { $difference }.
cli-plan-nothing-restated = No figure is restated.
cli-plan-from-start = It holds for all hours, from the beginning; months that are over are judged by it anew, and what a closing issued stays.
cli-plan-from-hour = It holds from { $from } on; hours before it keep their model.
cli-plan-amends = It amends the version that holds from { $from } on; hours before it keep their model.
cli-plan-replaces = { $count ->
    [one] It replaces the version dated { $starts }, which then holds no longer.
   *[other] It replaces the versions dated { $starts }, which then hold no longer.
}
cli-plan-digest = Digest of this plan: { $digest }

## Import and replay
cli-no-mapping = There is no mapping “{ $given }” in { $folder }: write one as { $given }.toml there, as the README shows.
cli-mapping-bad = The mapping { $path } has mistakes.
cli-import-failed = { $file }: { $why }
cli-import-overlap = Line { $line }, { $tag }: { $said }
cli-import-more-overlaps = { $more ->
    [one] Of one more line another value stands in the time already.
   *[other] Of { $more } more lines other values stand in the time already.
}
cli-import-needs-yes = Values stand in the time of the file's already, and there is no terminal to ask on. Nothing was taken; add --yes to take all of it.
cli-import-more-backwards = Time ran backwards in { $more ->
    [one] one more place
   *[other] { $more } more places
}.
cli-import-rows = Rows
cli-import-readings = Readings
cli-import-accepted = Accepted
cli-import-duplicate = Duplicate
cli-import-replaced = New versions of known readings
cli-import-excluded = Kept out of the ledger
cli-import-refused = Refused
cli-import-missing = Without a value
cli-import-ignored = Passed over
cli-import-rounded = Rounded
cli-import-repaired = Stamps repaired
cli-import-backwards = Time ran backwards
cli-import-first = First (plant time)
cli-import-last = Last (plant time)
cli-import-refused-file = What was refused
cli-restated = Restated:
cli-replay-delivered = Delivered
cli-replay-empty = The file has no readings that can be used.

## Status
cli-field-key = Site
cli-field-name = Name
cli-field-program = Daemon
cli-field-pid = Process
cli-field-now = Site's time
cli-field-system-time = System's time
cli-field-held = Held back, ms
cli-no-time-yet = no time yet: nothing has come
cli-field-sequence = Journal record
cli-field-checkpoint = Checkpoint
cli-field-chain = Chain
cli-field-clients = Clients
cli-field-parameters = Parameters
cli-field-stale = Of these stale
cli-field-free = Free bytes on the disk
cli-field-resident = Memory in bytes
cli-field-refusing = Refusing because
cli-field-feeds = Sources of data
cli-field-trouble = Of these in trouble
cli-field-recovery = Recovery at the start
cli-feed-name = Source
cli-feed-last = Last file
cli-feed-at = Taken at (plant time)
cli-feed-lag = Lag (ms)
cli-feed-offset = Clock offset (ms)
cli-feed-trouble = Trouble
cli-totals-rate = Now tCO2e/h
cli-totals-shift = Shift tCO2e
cli-totals-day = Day tCO2e
cli-totals-month = Month tCO2e
cli-totals-year = Year tCO2e

## Tables
cli-column-name = Name
cli-column-key = Key
cli-column-depth = Depth
cli-column-book = Book
cli-column-source = Source
cli-column-month = Month
cli-column-before = Before tCO2e
cli-column-after = After tCO2e
cli-column-difference = Difference tCO2e
cli-column-period = { $label }
cli-column-total = Total tCO2e
cli-column-intensity = Intensity tCO2e
cli-column-remark = Remark
cli-column-value = Value
cli-column-unit = Unit
cli-column-product = Product
cli-column-target = Opens
cli-column-record = Record
cli-column-at = Time (plant time)
cli-column-person = Person
cli-column-user = User
cli-column-kind = Kind
cli-column-what = What
cli-column-hash = Chain
cli-remark-provisional = { $hours } h provisional
cli-remark-incomplete = { $hours } h incomplete
cli-remark-substituted = { $hours } h substituted
cli-remark-overlapping = { $hours } h overlapping
cli-remark-failed = { $hours } h not computed
cli-ledger-foot = Book { $book }, as of journal record { $sequence }; without electricity and heat: { $direct } tCO2e
cli-ledger-direct = Without electricity and heat
cli-explain-more = { $more } more, not opened

## Verification and backup
cli-field-sound = Sound
cli-field-records = Journal records
cli-field-rows = Rows
cli-field-cells = Cells recomputed
cli-field-head = Digest of the chain
cli-field-findings = Findings
cli-backup-place = Backup
cli-backup-manifest = Digest of the manifest
cli-restore = Make a backup a site again
cli-restore-backup = Directory of the backup
cli-restore-check = Only check the backup against its manifest
cli-restore-place = Restored to
cli-restore-files = Files
cli-restore-bytes = Bytes
cli-watch = Watch a site; its daemon is started where none runs
cli-watch-theme = Name of a theme
cli-watch-keys = File with keys of one's own, put before those that ship
cli-watch-ascii = Draw lines and marks in ASCII
cli-demo = Try it on a simulated plant in a throw-away site
cli-demo-days = Days of history to fill first
cli-demo-theme = Name of a theme
cli-demo-keys = File with keys of one's own, put before those that ship
cli-demo-ascii = Draw lines and marks in ASCII
cli-demo-starting = Making the simulated plant and { $days ->
    [one] one day
   *[other] { $days } days
} of its history; a moment…
cli-demo-no-template = This program has no demo template; please report it.
cli-demo-simulator-ended = The simulator ended unexpectedly; please report it.

## Mistakes on the command line
cli-usage = Usage: { $usage }
cli-usage-options = [OPTIONS]
cli-default = { $help } (without it: { $default })
cli-choice = - { $name }: { $about }
cli-mistake-option = There is no option { $option } here.
cli-mistake-surplus = “{ $given }” is one word too many here.
cli-mistake-command = There is no command “{ $command }”.
cli-mistake-no-command = The command is missing; --help lists them all.
cli-mistake-meant = Did you mean { $word }?
cli-mistake-no-value = { $argument } needs a value.
cli-mistake-value = { $argument } cannot be “{ $value }”.
cli-mistake-known = { $what } Possible are: { $known }.
cli-mistake-unfit = { $argument } cannot be “{ $value }”: { $reason }
cli-mistake-id = give the id as `explain` writes it behind #: hexadecimal digits.
cli-mistake-whole = give a whole number from { $low } to { $high }.
cli-mistake-number = give a number from { $low } to { $high }, with a point before the decimals.
cli-mistake-language = give zh or en.
cli-mistake-takes-none = { $argument } takes no value; “{ $value }” is too much.
cli-mistake-missing = This is still needed: { $arguments }.
cli-mistake-twice = { $argument } may be given only once.
cli-mistake-conflict = { $argument } and { $other } exclude each other: give one of them.
cli-mistake-encoding = A word of the command line is not UTF-8 text.
cli-mistake-other = { $error }
cli-mistake-help = --help explains the command.

## Names of values
cli-value-command = COMMAND
cli-value-site = SITE
cli-value-file = FILE
cli-value-text = TEXT
cli-value-staff-number = NUMBER
cli-value-number = NUMBER
cli-value-name = NAME
cli-value-key = KEY
cli-value-id = ID
cli-value-zone = ZONE
cli-value-theme = THEME
cli-value-mapping = MAPPING
cli-value-origin = ORIGIN
cli-value-repair = REPAIR
cli-value-speed = SPEED
cli-value-seed = SEED
cli-value-fraction = FRACTION
cli-value-format = FORMAT
cli-value-work = DEED
cli-value-numbers = NUMBER
cli-value-cause = NUMBER
cli-value-times = FACTOR
cli-value-comment = TEXT
cli-value-evidence = TEXT
cli-value-nonconformity = NUMBER
cli-value-sheet = SHEET
cli-value-tag = TAG
cli-value-value = VALUE
cli-value-seconds = SECONDS
cli-value-reason = REASON
cli-value-record = RECORD
cli-value-serial = SERIAL
cli-value-multiplier = MULTIPLIER
cli-value-rollover = ROLLOVER
cli-value-period = PERIOD
cli-value-step = STEP
cli-value-by = GROUPING
cli-value-book = BOOK
cli-value-node = NODE
cli-value-target = TARGET
cli-value-depth = DEPTH
cli-value-count = COUNT
cli-value-time = TIME
cli-value-digest = DIGEST
cli-value-directory = DIRECTORY
cli-value-backup = BACKUP
cli-value-method = METHOD
cli-value-inputs = INPUTS
cli-value-set = SET
cli-value-days = DAYS

## Choices
cli-choice-format-table = for people, in their language
cli-choice-format-json = for programs; numbers are texts, so that no digit is lost
cli-choice-format-csv = for spreadsheets, with a header
cli-choice-origin-file = a file of a system
cli-choice-origin-typed = typed by a person
cli-choice-origin-laboratory = a laboratory's results
cli-choice-origin-invoice = invoices or settlement sheets
cli-choice-repair-day-end = the last row of each day is stamped 0:00 of the same day instead of the next
cli-choice-step-hour = one column an hour
cli-choice-step-day = one column a plant day
cli-choice-step-month = one column a calendar month
cli-choice-step-whole = one column in all
cli-choice-by-tree = the plant's tree with its sources
cli-choice-by-category = emission categories with their sources
cli-choice-by-gas = gases with their sources
cli-choice-by-book = books with their categories
cli-column-formula = Formula
cli-column-numbers = Numbers
cli-explain-way-on = To open one of these: { $command }
cli-several-readings = There are several readings at { $at }; name one of them: { $known }

## Sealing
cli-seal = Seal months whose readings need not be kept any longer
cli-seal-through = The last month to be sealed, such as 2019-12
cli-seal-export = Directory outside the site for the second copy of the export, best on another disk
cli-seal-drop-readings = Drop the readings that machines brought in sealed months from the journal
cli-seal-yes = Seal without asking
cli-seal-not-a-month = “{ $given }” is not a month. Write it as 2019-12
cli-seal-confirm = The export is verified. Seal everything through { $through }? Nothing there can be corrected afterwards. (y/N)
cli-seal-confirm-drop = The export is verified. Seal everything through { $through } and drop its readings from the journal? This cannot be undone. (y/N)
cli-seal-declined = Nothing was sealed. The export stays in { $path } until another one is made or the daemon is started again; its copy stays in { $copy }.
cli-seal-needs-yes = There is no terminal to ask on. Add --yes to seal.
cli-seal-applied = Export holds everything up to record
cli-seal-path = Export
cli-seal-copy = Second copy
cli-seal-digest = Digest of the export
cli-field-sealed-through = Sealed through
cli-field-dropped = Records without readings
cli-ledger-as-known = As it was known in the past: at a time in plant time, 2025-03-01T08:00, or after a record, record:1234
cli-not-a-record = “{ $given }” names no record. Write record:1234

## Without a screen
cli-list = The newest value of every parameter
cli-list-key = Only key parameters
cli-list-filter = Only parameters whose tag or name contains this
cli-watch-wall = A wall display: large figures, nothing to work with, waiting for the daemon as long as it takes
cli-watch-plain = A line for every change instead of a screen, for scripts and screen readers
cli-watch-key = With --plain: only key parameters
cli-watch-filter = With --plain: only parameters whose tag or name contains this
cli-watch-every = With --plain: shortest time between two values of a parameter, in seconds; changes of state come at once
cli-completions = Completions for a shell
cli-completions-shell = The shell
cli-manual = The manual pages
cli-manual-directory = Directory for the pages, one a command; without it the first page goes to standard output
cli-value-shell = SHELL
cli-column-mark = Mark
cli-column-tag = Tag
cli-column-state = State
cli-column-of = Time
cli-column-age = Age (s)
cli-plain-value = { $tag } { $name } { $value } { $unit } { $state }
cli-plain-lost = Connection lost: { $why } Trying again in { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
}.
cli-plain-again = Connected again.
cli-choice-shell-bash = for Bash
cli-choice-shell-elvish = for Elvish
cli-choice-shell-fish = for fish
cli-choice-shell-powershell = for PowerShell
cli-choice-shell-zsh = for Zsh

## Checks on a file.

cli-qc = Check any CSV file by rules
cli-qc-file = The file
cli-qc-rules = Rules: how the file is written, and the checks of its columns
cli-qc-compat = Keep the conventions of another program instead
cli-choice-compat-qartod = QARTOD, as ioos_qc has it: range, spike, rate and flat line
cli-value-rules = RULES
cli-value-compat = CONVENTION
qc-rules-refused = { $count ->
    [one] The rules in { $file } have a fault; nothing was checked.
   *[other] The rules in { $file } have { $count } faults; nothing was checked.
}
qc-rules-too-large = { $file } is larger than rules can be: is it the file to be checked?
qc-failed = { $file } cannot be read: { $why }
qc-unknown-channel = There is no channel “{ $name }”
qc-unusable = Line { $line }: { $why }
qc-unusable-cell = Line { $line }, { $channel }: { $why }
qc-no-rows = it has no rows beneath its header
qc-more-unusable = { $count ->
    [one] One more place cannot be read; --format csv has it.
   *[other] { $count } more places cannot be read; --format csv has them.
}
qc-column-channel = Channel
qc-column-rows = rows
qc-column-arrivals = twice or backwards
qc-column-from = From
qc-column-to = To
qc-column-check = Check
qc-column-findings = findings
qc-column-worst = The worst of it
cli-qc-self-test = Put seeded faults into the simulated plant instead, and count what the default rules find
cli-qc-seeds = With --self-test: how many seeds, from 1 on
cli-value-seeds = SEEDS
qc-column-fault = Fault
qc-column-put-in = put in
qc-column-found = found
qc-column-delay = median delay
qc-column-by = first found by
qc-fault-stuck = stuck value, 40 min to 6 h
qc-fault-step = step of 4 to 10 % of the value
qc-fault-drift = drift of 6 to 15 % of the value in 3 days
qc-fault-spike = single spike, 15 to 60 % of the span
qc-fault-gap = gap, 10 min to 4 h
qc-fault-unit = unit slip, ×1000, ×10, ÷10 or ÷1000
qc-fault-rollover = register runs over its end
qc-fault-duplicate = readings delivered twice
qc-self-test-totals = Found { $found } of { $faults } (for every seed at least { $fewest } of 72, and { $shifts } of 12 steps and drifts). Nothing was wrong: episodes { $false_episodes } in channel-days { $channel_days }, { $per_day } a channel and day.
cli-fill = Decide what stands in for hours that were not measured
cli-fill-tag = Tag of the parameter
cli-fill-from = The first hour, in plant time
cli-fill-to = The first hour after them, in plant time
cli-fill-value = What a whole hour counts: of a flow its mean, of others the quantity of an hour, in the parameter's unit
cli-fill-plan = Back to what the plan says
cli-fill-reason = Why
cli-fill-dry-run = Only show what it would do
cli-fill-yes = Do not ask
cli-fill-format = How to print what it does to the figures
cli-fill-confirm = Decide so? (y/N)
cli-fill-needs-yes = There is no terminal to ask on. Add --yes, or --dry-run to see what it would do.
cli-fill-measured = { $hours ->
    [one] 1 hour of these is measured whole and stays as it is.
   *[other] { $hours } hours of these are measured whole and stay as they are.
}
cli-fill-restates-nothing = No figure is restated.
cli-not-a-whole-hour = "{ $given }" is not the beginning of an hour.
cli-availability = How much of each quantity was measured
cli-availability-period = Which period: 2025, 2025-Q1, 2025-03, 2025-03-01, or a stretch of hours
cli-availability-parameter = Only the parameter with this tag
cli-column-expected = Hours
cli-column-valid = Valid
cli-column-valid-percent = Valid %
cli-column-measured-percent = Measured %
cli-column-by-plan = By plan
cli-column-by-person = By hand
cli-column-missing = Missing
cli-column-to-come = May still come
cli-column-rule = Rule
cli-rule-none = none
cli-alarms = Alarms that stand or wait for an answer
cli-alarms-hidden = Those that are shelved, suppressed or out of service, instead of those that are shown to the operator
cli-alarm = Acknowledge alarms, shelve them, take them out of service
cli-alarm-deed = What is done
cli-alarm-tag = Tag of the parameter
cli-alarm-of = Which of its alarms; all that are in the list where it is left out
cli-alarm-minutes = For how long it is shelved
cli-alarm-one-shot = Whether a shelved one also comes back when it returns to normal
cli-alarm-reason = Why it is shelved or taken out of service
cli-alarm-none = { $tag } has no alarm in the list. Name one with --of.
cli-alarm-refused = { $of }: { $why }
cli-kpi = Alarm figures of a period against their targets
cli-kpi-period = Which period: 2025, 2025-Q1, 2025-03, 2025-03-01, or a stretch of hours
cli-kpi-top = The ten most frequent alarms instead of the figures
cli-kpi-counted = From { $from } to { $to }; alarms announced: { $alarms }; floods: { $floods }; standing at the end: { $standing }
cli-kpi-too-short = Fewer than thirty days tell of the days, not of the alarm system.
cli-kpi-clipped = Alarms are watched since { $from }: what was before does not count.
cli-kpi-floods = The floods instead of the figures
cli-column-priority = Priority
cli-column-alarm-of = Alarm
cli-column-first-alarm = First alarm
cli-column-declared = Declared
cli-column-peak = Most in 10 min
cli-column-alarms = Alarms
cli-column-nuisance = Nuisance
cli-column-owed = Owed
cli-column-group = Group
cli-column-first-out = First out
cli-alarm-first-out = { $tag } { $of }
cli-column-act-within = Minutes to act
cli-column-action = To do
cli-column-worst = Worst
cli-column-limit = Limit
cli-column-since = Since
cli-column-told = Announced
cli-column-answered-by = Answered by
cli-column-figure = Figure
cli-column-aim = Aim
cli-column-bound = Bound
cli-column-standing = Standing
cli-column-times = Times
cli-column-share = Share %
cli-value-deed = DEED
cli-choice-deed-acknowledge = acknowledge it
cli-choice-deed-reset = let a latched one go
cli-choice-deed-shelve = hide it for a time
cli-choice-deed-unshelve = take it off the shelf
cli-choice-deed-remove = take it out of service
cli-choice-deed-restore = put it into service again
cli-value-of = ALARM
cli-choice-of-no-data = nothing comes
cli-choice-of-marked-bad = marked bad by its source
cli-choice-of-low-low = below the second low limit
cli-choice-of-low = below the low operating limit
cli-choice-of-high = above the high operating limit
cli-choice-of-high-high = above the second high limit
cli-value-minutes = MINUTES
cli-remark-output-substituted = { $hours } h of { $product } substituted

## Data anomalies.

cli-anomalies = Data anomalies that wait for a checker
cli-anomalies-past = Those that have left the queue and began in this period, instead of those that stand in it
cli-anomalies-undecided = Only those of which nobody has said what they are
cli-anomalies-causes = The root causes of the site's plan, by number, instead of anomalies
cli-anomaly = Say what data anomalies are, close them
cli-anomaly-work = What is done
cli-anomaly-numbers = Numbers of the anomalies
cli-anomaly-cause = Number of the root cause, as `carbonwatch anomalies SITE --causes` lists them
cli-anomaly-value = What each value should have been, in the parameter's unit
cli-anomaly-times = By what each value is multiplied
cli-anomaly-to = To whom it is given, by staff number
cli-anomaly-comment = What there is to say; why, for taking back and opening again
cli-anomaly-evidence = Where the evidence is
cli-anomaly-nonconformity = Number of the nonconformity
cli-anomaly-dry-run = Only show what it would do
cli-anomaly-yes = Do not ask
cli-anomaly-preview = Decides of anomalies: { $anomalies }; readings corrected or kept out: { $readings }.
cli-anomaly-needs-option = This needs { $option }.
cli-choice-work-show = Show it, with similar ones
cli-choice-work-log = Show what was done with it
cli-choice-work-take = Take it, to look into it
cli-choice-work-assign = Give it to somebody
cli-choice-work-comment = Say something of it
cli-choice-work-real = It is true as it is
cli-choice-work-correct = Its values are corrected
cli-choice-work-gap-fill = Its values do not count, the plan fills its hours
cli-choice-work-reject = Its values do not count
cli-choice-work-instrument-fault = Its values do not count: the instrument was faulty
cli-choice-work-entry-error = Somebody typed it wrongly
cli-choice-work-take-back = Take a decision back
cli-choice-work-close = Close it
cli-choice-work-reopen = Open a closed one again
cli-choice-work-link = A nonconformity was opened for it
cli-column-number = no.
cli-column-cause = root cause
cli-column-evidence = Evidence
cli-column-nonconformity = Nonconformity
cli-anomaly-cause-named = { $number } { $name }
cli-anomaly-cause-number = { $number }
cli-column-class = class
cli-column-stage = stage
cli-column-stake = tCO2e at stake
cli-column-due = evidence due
cli-column-recurrence = before, 90 d
cli-column-holder = with
cli-column-decision = decision
cli-column-comment = comment

cli-sheets = The entry sheets with the rounds that are being made
cli-sheets-format = How to print the list
cli-enter = Write values down on an entry sheet
cli-enter-sheet = Key of the sheet or the form
cli-enter-values = Values as they are typed into the cells, each behind its tag; of a form each behind the name of its field
cli-enter-round = The round, in plant time, or any time of the day on a daily sheet; where it is left out, as the dates of a block say, or the one that is being made
cli-enter-block = A file of cells parted by tabs, as a spreadsheet copies them; - reads standard input
cli-enter-workbook = A workbook (.xlsx), with a worksheet like such a block; - reads standard input
cli-enter-worksheet = Which worksheet, where several have something in them
cli-enter-dry-run = Only show what the cells say
cli-enter-yes = Do not ask where something looks wrong
cli-enter-format = How to print what the cells say
cli-enter-which-month = The headings are days of a month that nobody names: say which with --round, such as --round 2025-03-01, or write dates.
cli-enter-no-time = The site has no time yet: name the round with --round
cli-enter-no-tag = “{ $given }” has no tag: write TAG=TEXT
cli-enter-no-round = That is no round of the sheet, whose rounds are at { $rounds }
cli-enter-confirm = Something looks wrong. Take all of it? (y/N)
cli-enter-needs-yes = Something looks wrong, and there is no terminal to ask on. Add --yes, or --dry-run to look at it.
cli-enter-nothing = No cell holds a value: nothing was recorded.
cli-enter-unreadable = Cells that cannot be read: { $count }. Nothing was taken.
cli-column-sheet = Sheet
cli-column-rows = Rows
cli-column-rounds = Rounds
cli-column-round = Round
cli-column-typed = Typed
cli-column-says = Remark
cli-column-due-by = Due by
cli-column-round-missing = Not written
cli-column-clause = Clause
cli-column-reference = Compared with
cli-column-window = Window, ms

## Handovers

cli-handover = The sheet of a shift's handover
cli-handover-shift = Which shift: plant day and key, such as 2025-03-01/day; the one at hand where it is left out
cli-sign = Sign the handover of a shift
cli-sign-shift = Which shift: plant day and key, such as 2025-03-01/day
cli-sign-crew = For which crew
cli-choice-crew-outgoing = the one that goes
cli-choice-crew-incoming = the one that comes
cli-sign-remark = A remark; of whoever comes, a reservation
cli-sign-yes = Do not ask where the shift goes on for long
cli-sign-goes-on = Shift { $shift } goes on until { $end }.
cli-sign-confirm = Sign its handover now? (y/N)
cli-sign-declined = Nothing was signed.
cli-sign-needs-yes = There is no terminal to ask on. Nothing was signed; add --yes to sign before the shift is over.
cli-column-handover-kind = What
cli-column-handover-what = How it stands
cli-column-handover-figure = tCO2e
cli-column-handover-signed = tCO2e when signed
cli-column-handover-by = Signed by
cli-column-handover-record = Record
cli-column-handover-mark = Since signing
cli-value-shift = SHIFT
cli-value-crew = CREW
cli-handover-head = Shift { $shift } ({ $key }), { $from } to { $to }; known up to record { $record }

## Closed months

cli-months = The months of a year, with what was issued of them
cli-months-year = Which year, such as 2025; the one that runs where it is left out
cli-value-year = YEAR
cli-close-month = Close a month: issue its figures
cli-close-month-month = Which month, such as 2025-03
cli-close-month-reason = Why it is issued again, or although a rule of its evidence fails
cli-close-month-yes = Close without asking
cli-close-month-confirm = Issue { $month } with these figures? What is issued stands for ever; it can only be issued again. (y/N)
cli-close-month-declined = The month was not closed.
cli-close-month-needs-yes = There is no terminal to ask on. Look at what is shown above, and add --yes to close the month.
cli-column-closing-state = State
cli-column-closing-issued = Issued, t
cli-column-closing-now = Now, t
cli-column-closing-difference = Since, t
cli-column-closing-unknown = Source hours unknown
cli-column-closing-by = Issued by
cli-column-closing-at = At
cli-column-closing-reason = Why
cli-column-closing-times = Times
cli-column-closing-digest = Digest

## The data-quality control plan

cli-quality-plan = What the data-quality plan asks for in a month, what arrived, and what is evidence of that
cli-quality-plan-month = Which month, such as 2025-03; the one that runs where it is left out
cli-quality-plan-evidence = What the evidence rules say instead, with what it rests on
cli-quality-plan-no-month = “{ $given }” is no month: write it as in 2025-03.
cli-quality-plan-unlisted = more that is not listed: { $count }
cli-quality-plan-counted = { $month }: { $passed } rules pass, { $failed } fail, { $unknown } not evaluable
cli-value-month = MONTH
cli-column-planned = Planned
cli-column-arrived = Arrived
cli-column-as-planned = As planned
cli-column-calibration = Calibration
cli-column-gaps = Gaps
cli-column-missing-rule = Filled by
cli-column-open-anomalies = Open
cli-column-verdict = Verdict
cli-column-clauses = Clauses
cli-forms = The forms of a site, or the fields of one
cli-forms-site = The site's directory
cli-forms-form = Key of a form, to see its fields
cli-forms-format = How to print the list
cli-documents = The documents that were filed on a form
cli-documents-site = The site's directory
cli-documents-form = Key of the form
cli-documents-count = How many, the newest first
cli-documents-format = How to print the list
cli-value-form = FORM
cli-column-form = Form
cli-column-fields = Fields
cli-column-field = Field
cli-column-document = Number
cli-column-values = Values
cli-column-filed = Filed
cli-column-required = Must be
cli-column-counts = Counts as
cli-column-filled-with = Filled with
form-sort-words = words
form-sort-day = a day
form-sort-time = a day, a month, a time
form-sort-number = a number
form-sort-choice = one of: { $choices }
form-required = yes
form-optional = no
document-superseded = in the place of { $tag } stands { $value } { $unit } ({ $origin }, record { $record })
document-tests = reports { $numbers }
sheet-or-form-unknown = There is no sheet and no form “{ $key }”. The commands sheets and forms list what there is.
cli-enter-form-has-no-round = A form has no round: its fields say the time
cli-enter-field-twice = Field “{ $field }” is there twice
cli-enter-field-wrong = { $field }: { $why }
cli-enter-line = Line { $line }: { $said }
cli-enter-form-unreadable = { $count ->
    [one] One field is not as it must be. Nothing was filed.
   *[other] { $count } fields are not as they must be. Nothing was filed.
}
cli-column-from = From
cli-column-to = To (not included)
cli-enter-form-no-time = The site has no time yet, against which the dates could be held
qc-compat-without = These conventions have no such checks, and they are not made: { $checks }
qc-own-load = “{ $name }” cannot tell its own load
qc-says-nothing = “{ $key }” says nothing without what it is about
qc-remedy-own-load = Name another channel, or take the load away
cli-attachment = A file that was attached to a document or to values, byte for byte
cli-attachment-site = The site's directory
cli-attachment-digest = Digest of the attachment, as documents and records name it
cli-attachment-output = Write it into a new file, instead of to standard output
cli-attachment-no-digest = “{ $given }” is no digest: give the 64 hexadecimal digits that documents and records show
cli-attachment-terminal = Standard output is a terminal: send it into a file, or name one with --output
cli-enter-attach = A file that stands behind the document or the values: a scan, the invoice itself, a photo of the paper sheet; may be given several times
cli-enter-attach-to-block = A block may hold several documents, of which each has files of its own: leave --attach out, or give the fields one by one
cli-enter-attach-to-document = A meter change is no document: leave --attach out
cli-second-checks = What a second person is to look at, or has returned
cli-second-checks-record = Number of a record, to see its values
cli-second-check = Agree with what somebody else wrote down, or return it
cli-second-check-record = Number of the record
cli-second-check-agree = It is what the paper says
cli-second-check-reason = It goes back to whoever wrote it: what is wrong
cli-second-check-cells = Only this value goes back: a tag, or a tag and a time, such as BH-ASH@2025-03-01T08:00; may be given several times
cli-second-check-yes = Do not ask where it was returned before
cli-value-cell = TAG[@TIME]
cli-second-check-no-cell = Record { $of } has no value “{ $cell }”. second-checks with its number lists what it has.
cli-second-check-overrule = { $said }. Agree with it all the same?
cli-column-checked-by = Checked by
cli-column-checked-at = Checked
cli-column-returned = Returned because
cli-column-last = Before
cli-column-stands-now = Now
cli-approve = Approve a version of the plan that somebody else put in force
cli-approve-record = Number of the record that put the version in force; the newest version where it is left out
cli-approve-refuse = It is not approved: what must be changed
cli-approve-nothing = No version of the plan was put in force yet
cli-approve-version = Version of record { $of }: { $what }
cli-column-did = What
