### Texts of the room `site`. Ids and arguments are the same in both languages.

site-problem = { $file }:{ $line }:{ $column }: { $what } — { $remedy }

## The form of the file.

site-file-too-large = The file has { $bytes ->
    [one] one byte
   *[other] { $bytes } bytes
}, more than a site model can need
site-remedy-file-too-large = Is this really a site.toml?
site-not-utf8 = The file is not in UTF-8 from here on
site-remedy-not-utf8 = Save it in UTF-8
site-syntax = This is not TOML: { $reason }
site-remedy-syntax = Correct the line; text stands in double quotes, tables under [name] or [[name]]
site-unknown-key = { $table } has no key “{ $key }”
site-missing-key = { $table } lacks “{ $key }”
site-remedy-add-key = Add { $example }
site-remedy-add-table = Add a table { $example }
site-remedy-remove-key = Take { $key } out
site-wrong-form = { $key } must be { $wanted }, not { $given }
site-unfit-words = { $key } “{ $given }” is not { $wanted }
site-other-base = { $key } is written in another base than ten
site-toml-string = text
site-toml-integer = a whole number
site-toml-float = a number with a point
site-toml-boolean = true or false
site-toml-datetime = a date or time
site-toml-array = a list
site-toml-table = a single table
site-unfit-value = { $key } cannot be used: { $reason }
site-remedy-example = Write it like { $example }
site-whole-outside = { $key } is { $given }
site-remedy-between = Give a whole number from { $low } to { $high }
site-unknown-word = { $key } “{ $given }” is not known
site-remedy-meant = Did you mean “{ $word }”?
site-remedy-known = Known are: { $words }
site-remedy-none-known = There is nothing of this kind yet; add it first
site-unsafe-text = { $key } holds control characters or characters that hide or turn text around: “{ $given }”
site-empty-text = { $key } is empty
site-long-text = { $key } is too long
site-spaced-text = { $key } “{ $given }” has spaces where none may be
site-key-characters = { $key } “{ $given }” may hold only letters, digits, “-”, “_” and “.”
site-form-key = a short key in quotes
site-form-tag = a tag in quotes
site-form-words = text in quotes
site-form-number = a number
site-form-whole = a whole number
site-form-flag = true or false
site-form-date = a date
site-form-clock = a time of day
site-form-duration = a length of time (ms, s, min, h, d, month, year or none)
site-form-list = a list in square brackets
site-form-table = a table
site-form-tables = a list of tables
site-form-named = a table of named tables
site-incomplete = The file could not be put together
site-remedy-incomplete = This is a fault of carbonwatch: please report it with the file

## Between the entries.

site-duplicate = “{ $key }” is already taken in line { $line }
site-remedy-rename-one = Rename or remove one of the two
site-unresolved = { $field } “{ $key }” is nowhere in this file
site-loop = The nodes hang in a circle: { $circle }
site-remedy-loop = Give one of them a parent outside the circle
site-upstream-loop = In the end these stand upstream of themselves: { $circle }
site-remedy-upstream-loop = Take one of them out of the circle: what fails first stands upstream
site-root-has-parent = The enterprise is the top of the tree and has no parent
site-remedy-remove-parent = Take the parent out, or make the node a process or an equipment
site-two-roots = A second enterprise; the first is in line { $line }
site-no-root = No node is the enterprise
site-remedy-one-root = Exactly one node has level = "enterprise"
site-no-parent = Node “{ $key }” has no parent
site-wrong-level = Node “{ $key }” cannot hang under “{ $parent }”
site-remedy-under-enterprise = A process hangs under the enterprise: set parent to the enterprise's key
site-remedy-under-process = An equipment hangs under a process: set parent to a process's key
site-not-positive = { $key } is { $given }
site-negative = { $key } is { $given }
site-remedy-positive = Give a number above zero
site-remedy-not-negative = Give zero or more
site-calibration-inverted = The calibration ends on { $until }, before it began on { $on }
site-remedy-swap-dates = Correct calibrated_on or calibrated_until
site-counter-without-meter = Counter “{ $tag }” has no meter
site-remedy-counter-meter = Add meter = "KEY": its multiplier and rollover are needed to take differences
site-integration-not-flow = integration means something for flows only
site-gap-below-interval = gap_limit is shorter than the interval, so every reading would leave a gap
site-remedy-gap = Make it at least one interval; three are usual
site-remedy-smaller = Give a smaller number or fewer decimals
site-limits-inverted = { $key }: low { $low } is not below high { $high }
site-remedy-swap-limits = Swap or correct the two
site-limits-outside = The operating limit { $key } lies outside the possible range
site-remedy-limits-outside = Widen the possible range, or correct the operating limit: readings outside the possible range never count
site-remedy-rate = Give a unit per time, such as t/h; or choose kind = "amount" or "counter"
site-rate-for-quantity = { $unit } is a rate over time; a parameter of kind { $kind } gives quantities
site-remedy-quantity = Give the unit of the quantity, such as t or kWh; or choose kind = "flow"
site-repeated = { $key } holds “{ $given }” twice
site-remedy-remove-one = Take one of them out
site-empty-list = { $key } is empty
site-remedy-fill-list = Put at least one value in
site-not-a-quantity = “{ $tag }” is of kind { $kind } and gives no quantity
site-remedy-quantity-parameter = Bind a parameter of kind flow, counter or amount
site-remedy-convertible = Give a unit of the same dimension as the parameter's
site-shift-same-start = Two shifts begin at the same time; the other is in line { $line }
site-remedy-shift-start = Give each shift its own beginning
site-shift-order = The shifts overlap: each ends where the next in the list begins, and this one begins before the one above it
site-remedy-shift-order = Put the shifts in the order of the day
site-rotation-without-shifts = There is a rotation but no shift
site-remedy-rotation-shifts = Add [[shift]] tables, or take [rotation] out
site-crew-names = crews_en has another length than crews
site-remedy-crew-names = Give one English name for every crew, in the same order
site-cycle-row = This row of the cycle has { $given ->
    [one] one crew
   *[other] { $given } crews
} for { $slots ->
    [one] one shift
   *[other] { $slots } shifts
}
site-remedy-cycle-row = Give one crew for every shift, in the order of the shifts
site-crew-twice = Crew “{ $crew }” works two shifts of one day
site-remedy-crew-twice = Give each shift of a day another crew
site-post-user-or-group = A post is a user or a group, one of the two
site-remedy-post = Give either user = "NAME" or group = "NAME"
site-person-shared-login = “{ $user }” is a login that several people share
site-remedy-person-login = Take user out: this person signs on with staff number and PIN

## Between sources and rules.

site-source-in-no-book = No book takes source “{ $source }” in: its emissions would be counted nowhere
site-remedy-source-in-no-book = Add a [[book]] whose boundary is this node or one above it, or take the source out
site-unknown-input = { $method } has no input “{ $input }”
site-missing-input = Input “{ $input }” of { $method } is not bound
site-remedy-bind = Add { $example }, in a unit that converts to { $unit }
site-binding-ways = Input “{ $input }” is bound in no way or in several
site-remedy-binding-ways = Give exactly one of parameter, factor and value
site-provisional-ways = The provisional value of “{ $input }” is neither a factor nor a value, or both
site-remedy-provisional-ways = Give exactly one of factor and value
site-quantity-needs-parameter = Input “{ $input }” is a quantity and must come from a parameter
site-idle-key = { $key } means nothing beside { $way }
site-not-a-property = “{ $tag }” is of kind { $kind }; input “{ $input }” takes a property
site-remedy-property-parameter = Bind a parameter of kind property, a factor, or a value with unit and origin
site-factor-not-parameter = Input “{ $input }” is a factor; it cannot be taken from “{ $tag }” (kind { $kind })
site-remedy-factor = Bind a factor, or a value with unit and origin
site-quantity-window = { $key } means nothing for the quantity “{ $input }”: it is taken hour by hour
site-window = Input “{ $input }” cannot be taken over the window “{ $given }”
site-value-without = The value has no { $key }
site-input-unit = The unit does not fit input “{ $input }”: { $reason }
site-remedy-input-unit = Use a unit that converts to { $unit }
site-no-data-year = Factor “{ $factor }” has no row of data year { $year }
site-factor-not-in-sets = Factor “{ $factor }” is in none of the factor sets of book “{ $book }”
site-remedy-factor-sets = Add one of these sets to the book, or bind another factor: { $sets }
site-claimed-twice = “{ $tag }” is counted twice: by input “{ $input }” of source “{ $source }”, and by “{ $first-input }” of “{ $first-source }” in line { $line }
site-remedy-claimed-twice = One flow belongs to one source: take it out of one of the two

## Against the model in force.

site-zone-changed = The time zone cannot change from { $before } to { $after }: every hour kept so far is counted in it
site-simulated-changed = A simulated site cannot become a real one, nor a real one simulated
site-remedy-new-site = Set it back, or make a new site with “carbonwatch init”
site-parameter-changed = { $key } of “{ $tag }” cannot change from { $before } to { $after }: its readings are kept in it
site-remedy-new-tag = Set it back, or add a new parameter under a new tag and leave this one to its history
site-rename-onto-another = “{ $was }” and “{ $key }” are both in force, so one cannot become the other
site-remedy-rename-onto-another = Take was out, or choose a new name
site-was-unknown = Nothing in force is called “{ $was }”
site-was-still-there = “{ $was }” still stands in this file, so it is not being renamed
site-was-twice = “{ $was }” is being renamed a second time; the first is in line { $line }
site-remedy-was-still-there = One object keeps the history: take was out of the other
site-ids-used-up = All ids of this sort have been given
site-remedy-ids-used-up = Make a new site

## What a changed model changes.

site-sort-site = site
site-sort-shift = shift
site-sort-rotation = crew rotation
site-sort-node = node
site-sort-meter = meter
site-sort-parameter = parameter
site-sort-source = source
site-sort-product = product
site-sort-book = book
site-sort-plan = plan
site-sort-reference = reference intensity
site-sort-relation = relation between parameters
site-sort-sheet = entry sheet
site-sheet-too-long = Too many rows; a sheet takes { $most } at the most
site-sheet-too-many-rounds = Too many rounds; a day takes { $most } at the most
site-remedy-sheet-too-long = Make two sheets of it
site-sheet-rounds-order = This round does not come after the one before it in the plant's day
site-remedy-sheet-rounds-order = Put the rounds in the order of the plant's day, which begins with day_start, each once
site-sort-post = post
site-sort-person = person
site-value = { $value }
site-value-none = none

## Templates.

site-template-minimal = the least that works: one process, one electricity meter
site-template-power = a coal-fired unit: belt scale, laboratory, purchased and sold electricity, heat supply
site-template-steel = a steel works: sintering, blast furnace, converter, rolling, gases and electricity
site-template-cement = a cement line: kiln coal, raw material and clinker, purchased electricity
site-template-demo = the demo plant: heat and power with a rolling shop, all readings simulated

## What is possible but hardly meant.

site-warning = { $file }:{ $line }:{ $column }: warning: { $what } — { $remedy }
site-more-than-all = Input “{ $input }” is { $given } { $given-unit }: no more than { $whole } { $unit } is possible
site-remedy-share = A share lies between nothing and all: correct the number or its unit
site-below-nothing = Input “{ $input }” is { $given } { $given-unit }, which is below zero
site-unusual-value = Input “{ $input }” is { $given } { $given-unit }; usual is { $low } to { $high } { $unit }
site-remedy-fraction = For { $percent } % write value = "{ $percent }": { $given } % is a hundredth of it
site-remedy-unusual = Check number and unit; if it is right, leave it
site-unusual-limits = “{ $tag }” stands for input “{ $input }”, but its possible range has nothing of the usual { $low } to { $high } { $unit }
site-remedy-unusual-limits = Check the parameter's unit and its possible range
site-share-limits = The possible limit { $key } = { $given } of a share in % lies outside 0 to 100
site-wide-deadband = The deadband { $given } is as wide as the operating range: an alarm would never return
site-remedy-wide-deadband = Give a deadband well below the distance of the operating limits
site-limit-below-rollover = Counter “{ $tag }” runs up to its meter's rollover { $rollover }, but readings above { $given } would be kept out as impossible
site-limit-above-rollover = The possible limit { $given } of counter “{ $tag }” lies above its meter's rollover { $rollover }, which it can never show
site-remedy-rollover-limit = Set the limit high to the rollover, or correct the rollover; both are values of the register
site-idle-meter = No parameter names meter “{ $key }”
site-remedy-idle-meter = Add meter = "KEY" to the parameter that it measures, or take the meter out
site-empty-book = No source lies in the boundary of book “{ $key }”: it would always be zero
site-intensity-of-nothing = No source lies at node “{ $node }” or below it in book “{ $book }”: the intensity would always be zero
site-remedy-intensity-of-nothing = Name a product whose node has sources in the book, or another book
site-remedy-empty-book = Set the boundary to the node above the sources, or take the book out
site-day-inside-shift = The plant's day begins at { $given }, but no shift does: one shift would lie in two days
site-remedy-day-inside-shift = Set day_start to the start of the first shift, or correct the shifts
site-idle-crew = Crew “{ $crew }” works in no row of the cycle
site-remedy-idle-crew = Put it into the cycle, or take it out of crews

## Plans and references.

site-aim-twice = this stands in line { $line } already
site-plan-ways = a plan gives the amount of the whole year or those of its months
site-remedy-plan-ways = give amount = "365000", or months = [ … ] with twelve numbers, in tCO2e
site-plan-months = the number of months is { $count }
site-remedy-plan-months = give twelve amounts, January first
site-aim-amount = { $key } is { $given }
site-remedy-aim-amount = give an amount that is not negative; digits after the point: at most { $digits }
site-idle-too-short = sign_on_idle is shorter than a minute: whoever reads the screen for that long would be signed off
site-remedy-idle = Write "1 min" or more, or "none" for never

## Missing data.

site-capacity-not-counter = { $tag } is no counter: only what counts up has a capacity
site-missing-not-tested = { $tag } is not a tested value: months in which something was tested say nothing of it
site-remedy-missing-not-tested = Use tested-months for parameters of kind property only
site-missing-not-awaited = No hour of { $tag } is awaited, so none can be missing: only flows, counters and amounts with an interval have a rule for missing data
site-remedy-missing-not-awaited = Remove it; for tested values use tested-months and give the source's input a provisional value, for amounts an interval
site-missing-other-rule = { $key } says nothing with { $rule }
site-missing-needs = { $rule } needs { $key }
site-remedy-missing-needs = Give { $key } too
site-missing-value-alone = { $given } stands without { $absent }: whoever audits asks for both
site-missing-longest = longest is less than an hour, so nothing would ever be filled
site-remedy-missing-longest = Give at least 1 h, or the rule "none"
site-remedy-missing-top = Give the load at the upper end of the highest band, more than zero
site-missing-load = { $tag } cannot tell the load
site-remedy-missing-load = Name another flow, counter or amount, such as the output of the unit
site-missing-table-or-tiers = Rule tiers takes either a table or tiers of its own
site-remedy-missing-table-or-tiers = Give table = "40-cfr-75-table-1", or tiers = [ … ]
site-missing-tier-hidden = This tier is never reached: one before it fits always when it would
site-remedy-missing-tier-hidden = Put it before that one, or remove it
site-missing-tiers-end = There are outages that fit no tier
site-remedy-missing-tiers-end = Let the last tier have availability = 0 and no outage
site-runs-kind = { $tag } has no value at any time, so that it cannot tell whether equipment runs
site-remedy-runs-kind = Name a flow or a state, such as the load, the current or the speed

## Quality checks.

site-check-scatter = The scatter needs a limit: either deviation and window (least may go with them), or block and learn (times may go with them)
site-check-spike = A spike needs a limit: either suspect (an amount; bad may go with it) or times (standard deviations; least may go with it)
site-check-band = Months and hours are lists of two: the first and the last
site-remedy-check = Correct the value; the README has the table of checks
site-check-no-load = A profile by load needs to know what tells the load
site-check-load-unknown = { $key } is about a load, and nothing tells the load
site-check-load = { $tag } cannot tell the load
site-remedy-check-load = Name another parameter, a flow or a state, such as the power of the unit
site-alarms-shelf = A shelf of no length is none
site-remedy-alarms-shelf = Give a length such as 8 h; that some alarms may not be shelved at all is said by never_shelved of their parameter
site-alarms-not-key = Alarms are told of key parameters only, and { $tag } is none
site-alarms-counter = { $tag } is a register, which rises for ever and has no limits
site-alarms-second = { $key } is { $given }, which is not beyond the operating limit { $limit }
site-remedy-alarms-second = Put the second limit beyond the first, or leave it out
site-alarms-impossible = { $key } is { $given }, beyond { $limit }, the end of what is possible: no reading that counts would pass it
site-alarms-action-twice = What is to be done on alarms of the kind “{ $of }” is said twice
site-term = "{ $given }" is no term
site-term-not-tested = { $given } is not a tested value
site-term-of-quantity = { $given } is no quantity, and cannot be multiplied by tested values
site-term-number = A term cannot be multiplied by { $given }
site-remedy-term = Write TAG, TAG * TESTED-TAG or TAG * 0.12, with spaces around *, the quantity first and numbers above 0
site-relation-window = This is no window of the plant's calendar
site-remedy-relation-window = Give hours that divide a day (1, 2, 3, 4, 6, 8, 12, 24 h), up to 30 days, or month
site-check-both = { $key } is set and stands in “without” too
site-check-not-counter = { $tag } is no counter, so that it has no register
site-check-not-tested = “{ $tag }” is no tested value: nothing is published for it
site-term-change = “{ $given }” is no level that is watched: only the change of a state can be a term
site-sort-form = form
site-form-key-taken = “{ $key }” is the key of a sheet or of a form that every site has
site-remedy-form-key-taken = Give the form another key: sheets and forms are asked for by the same word
site-form-without-rows = This form ({ $kind }) cannot be without rows
site-remedy-form-without-rows = Name the parameters of which it has values: rows = ["FT-2041"]
site-form-too-long = Too many rows; a form takes { $most } at the most
site-remedy-form-too-long = Make two forms of it
site-form-row-kind = { $tag } is of a kind that cannot stand on this form ({ $kind })
site-remedy-form-row-kind = Batches and invoices have amounts, laboratory reports properties, stock-taking states
site-form-not-a-report = { $field } is for laboratory reports only
site-remedy-form-not-a-report = Take it out, or set kind = "laboratory"
site-form-without-batches = A laboratory report needs the form of its batches
site-remedy-form-without-batches = Add batches = "…" with the key of a form of the kind batch
site-missing-impossible = “value” is { $given }, beyond { $limit }: no reading could be that
site-remedy-missing-impossible = Give a value that the parameter calls possible
