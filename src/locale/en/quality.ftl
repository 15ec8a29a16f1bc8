### Texts of the room `quality`. Ids and arguments are the same in both languages.

## Flags.

quality-missing = missing
quality-unknown = unknown
quality-good = good
quality-suspect = suspect
quality-bad = bad

## Checks.

quality-check-stamp = stamp
quality-check-gap = gap
quality-check-range = range
quality-check-spike = spike
quality-check-rate = rate of change
quality-check-flat = flat line
quality-check-attenuated = attenuated signal
quality-check-band = usual band
quality-check-outlier = outlier
quality-check-noise = noise
quality-check-shift = step or drift
quality-check-counter = register
quality-check-unit = unit
quality-check-repeated = copied value
quality-check-balance = balance
quality-check-calibration = calibration
quality-check-typing = typing
quality-check-plan = plan
quality-check-published = published value
quality-check-ratio = ratio

## What was found.

quality-found-by-clause = { $found } (plan clause { $clause })
quality-found-stamp-range = The stamp { $at } is outside the years 2000 to 2099.
quality-found-contested = Two values came for this stamp, { $value } and { $reference }; neither is compared with others.
quality-found-gap = No value for { $length }, since { $since }; the longest allowed is { $limit }.
quality-found-not-finite = The value is { $value }, which is not a finite number.
quality-found-sensor-low = { $value } is below { $limit }, the least that the sensor can show.
quality-found-sensor-high = { $value } is above { $limit }, the most that the sensor can show.
quality-found-operator-low = { $value } is below { $limit }, the least that operation allows.
quality-found-operator-high = { $value } is above { $limit }, the most that operation allows.
quality-found-spike-average = { $value } is off the mean of its neighbours, { $reference }, by more than { $limit }.
quality-found-spike-differential = { $value } steps there and back, off its nearer neighbour { $reference } by more than { $limit }.
quality-found-rate = It changed by { $value } a second since the last good value { $reference }, { $window } before; the limit is { $limit } a second.
quality-found-flat = It has stayed at { $value } within { $reference } for { $window } or longer; the tolerance is { $limit }.
quality-found-attenuated = Standard deviation over { $window } is { $value }; a sound signal has at least { $limit }.
quality-found-band-low = { $value } is below { $limit }, the least usual by band { $band } (month, hour or load).
quality-found-band-high = { $value } is above { $limit }, the most usual by band { $band } (month, hour or load).
quality-found-outlier = { $value } is far from { $reference }, the median of the values before it ({ $values } of them); the limit is { $limit }.
quality-found-noise = Scatter over { $window } is { $value }; the most allowed is { $limit }.
quality-found-step = The mean { $value } over { $window } is off its profile, { $reference }; smoothed, by more than { $limit } standard deviations. It began about { $since }.
quality-found-drift = The mean { $value } over { $window } goes away from its profile, { $reference }; deviations have added up to more than { $limit } standard deviations since { $since }.
quality-found-rollover = The register ran over its end { $limit }: from { $reference } to { $value }.
quality-found-reset = The register begins anew: from { $reference } to { $value }.
quality-found-fall = The register fell from { $reference } to { $value } without a reason; record a meter change if there was one.
quality-found-came-back = The register rose from { $reference } to { $value }, back to where it stood ({ $limit }) before it fell: the fall was wrong, and the rise was counted. Reject what it fell to.
quality-found-too-fast = The register rose from { $reference } to { $value }, above { $limit }, the most that its meter can have counted.
quality-found-scale = { $value } is about { $limit } times what fits; it may be in another unit, and { $reference } is meant.
quality-found-repeated = { $value } stands here { $limit } times in a row.
quality-found-imbalance = The first side less the second is { $value } over { $window }; the second is { $reference }; the most allowed is { $limit }.
quality-found-ratio-low = The ratio over { $window } is { $value } ({ $above } to { $below }), below { $limit }.
quality-found-ratio-fell = The ratio over { $window } is { $value }; in the windows before it was { $reference } (lowest accepted: { $limit }).
quality-found-ratio-rose = The ratio over { $window } is { $value }; in the windows before it was { $reference } (highest accepted: { $limit }).
quality-found-calibration = The meter's calibration ran out at { $since }; days since then: { $value } (allowed: { $limit }).
quality-found-typed-late = Typed { $window } after its time; up to { $limit } is usual. Was it noted on paper?
quality-found-typed-together = Rounds typed within { $window }: { $value } (usual: up to { $limit }). Were they noted on paper?
quality-found-regular-digits = Of the last digits of the newest values ({ $values } of them) { $value } % are 0 or 5 (usual: up to { $limit } %). Is the scale read so coarsely?
quality-found-unplanned-origin = It came as { $origin }, a way that the plan of the parameter does not name.
quality-found-off-published = { $value } is too far from { $reference }, which is published for it; the limit is { $limit }.
quality-found-ratio-high = The ratio over { $window } is { $value } ({ $above } to { $below }), above { $limit }.

## Settings that are refused.

quality-settings-not-finite = “{ $key }” is not a finite number: write plain digits.
quality-settings-not-positive = “{ $key }” is { $given }, which checks nothing: give more than 0.
quality-settings-outside = “{ $key }” is { $given }: give a value between { $low } and { $high }.
quality-settings-upside-down = “{ $key }” is upside down: low { $low } is above high { $high }. Exchange them.
quality-settings-endless = “{ $key }” has neither low nor high: give at least one.
quality-settings-not-inside = “{ $key }” is not inside “{ $outer }”: what is outside “{ $outer }” is bad already. Narrow it.
quality-settings-less-than = “{ $key }” is less than “{ $than }”, so one of the two would never say anything: make it at least as large.
quality-settings-no-load = “{ $key }” is a load, and nothing tells the load: name what does.
quality-settings-nothing = “{ $key }” has nothing to check: fill it in or take it away.
quality-check-arrival = arrival
quality-found-came-late = Came { $window } after its time; up to { $limit } is usual. What was missing has been filled meanwhile.
quality-found-came-over-filled = Data came for { $hours ->
    [one] an hour
   *[other] { $hours } hours
} that somebody had filled by hand; they count now: { $value } on average, where { $limit } had been put.
quality-found-future-round = It was typed for a time { $window } ahead; up to { $limit } is usual. Look whether it is the right round.
quality-found-future-stamp = Its stamp lies { $window } ahead of the clock; up to { $limit } is usual. Look at the clock of the device.
quality-found-without-load = Over { $window } there was { $value } above the line while only { $reference } stood below it; up to { $limit } could be so.
quality-settings-too-few = In “{ $key }” come as many readings as { $fits }, and { $needed } are needed: it would never say anything. Lengthen it, or ask for fewer.
quality-settings-takes-all = “{ $key }” takes in all that is possible, so that nothing would ever be said. Narrow it.
quality-settings-hidden = “{ $key }” stands behind a band that holds whenever this one would. Put the narrower one first.
