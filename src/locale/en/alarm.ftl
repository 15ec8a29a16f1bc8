### Texts of the alarms in the room `quality`. Ids and arguments are the same in both languages.

## Kinds.

alarm-kind-no-data = no data
alarm-kind-marked-bad = marked bad by its source
alarm-kind-low-low = low-low
alarm-kind-low = low
alarm-kind-high = high
alarm-kind-high-high = high-high

## States.

alarm-state-normal = normal
alarm-state-unacknowledged = unacknowledged
alarm-state-acknowledged = acknowledged
alarm-state-returned-unacknowledged = returned, unacknowledged
alarm-state-latched-unacknowledged = latched, unacknowledged
alarm-state-latched-acknowledged = latched, acknowledged
alarm-state-shelved = shelved
alarm-state-suppressed = suppressed by design
alarm-state-out-of-service = out of service

## Why the design suppresses.

alarm-suppressed-stopped = equipment stopped
alarm-suppressed-severer = a severer alarm of the same parameter stands
alarm-suppressed-consequence = it follows from another alarm

## Refusals.

alarm-refused-already-active = The alarm is raised already: its condition must return before it is raised again.
alarm-refused-not-active = The alarm cannot return: its condition is not in alarm.
alarm-refused-hidden = The alarm is hidden ({ $state }), so that nobody can answer for it: bring it back into the list first.
alarm-refused-nothing-to-acknowledge = There is nothing to acknowledge, the alarm is { $state }: leave it as it is.
alarm-refused-nothing-to-repeat = Only an acknowledged alarm that stands can ask again, and this one is { $state }: leave it as it is.
alarm-refused-reset-while-active = The alarm cannot be reset while its condition is in alarm: wait until it has returned.
alarm-refused-reset-before-acknowledged = The alarm cannot be reset before it is acknowledged: acknowledge it first.
alarm-refused-nothing-to-reset = There is nothing to reset, the alarm is { $state }: only latched alarms are reset.
alarm-refused-never-shelved = Alarms of this class must not be shelved: work on it, or have it taken out of service by an approved change.
alarm-refused-shelf-without-end = A shelf needs an end: say until when, at most { $longest } from now.
alarm-refused-shelf-end-past = The shelf's end { $until } is not after now: say a later one.
alarm-refused-shelf-too-long = The shelf would last { $given }, the site allows { $longest }: say an earlier end, or have the alarm taken out of service by an approved change.
alarm-refused-no-reason = A reason is missing: say in a few words why the alarm is to be hidden.
alarm-refused-reason-too-long = The reason is longer than { $most ->
    [one] one character
   *[other] { $most } characters
}: shorten it.
alarm-refused-already-shelved = The alarm is shelved until { $until }, and a shelf is not prolonged: take it off, look at it, and shelve it anew.
alarm-refused-not-shelved = The alarm is not shelved: there is nothing to take off.
alarm-refused-shelf-not-over = The shelf lasts until { $until }: take the alarm off by hand if it is to come back before.
alarm-refused-already-suppressed = The alarm is suppressed by design for this reason already ({ $reason }): leave it as it is.
alarm-refused-not-suppressed = The alarm is not suppressed by design for this reason ({ $reason }): leave it as it is.
alarm-refused-already-out-of-service = The alarm is out of service already, since { $since }: put it into service first if the reason has changed.
alarm-refused-not-out-of-service = The alarm is in service already: leave it as it is.

## Priorities.

alarm-priority-critical = critical
alarm-priority-high = high
alarm-priority-medium = medium
alarm-priority-low = low
alarm-consequence-none = none
alarm-consequence-minor = minor
alarm-consequence-major = major
alarm-consequence-severe = severe
alarm-urgency-at-once = at once
alarm-urgency-soon = soon
alarm-urgency-shift = within the shift
alarm-urgency-later = later
alarm-owed-none = nothing is owed
alarm-owed-own-goal = a goal of the plant's own
alarm-owed-data-plan = data quality control plan
alarm-owed-law = legal duty

## What the operator does.

alarm-action-said = { $action }
alarm-action-no-data = See whether the transmitter has power and the link lives; read it locally and write it down until data come again.
alarm-action-marked-bad = See what the transmitter says of itself; read it locally and write it down; have it repaired.
alarm-action-low-low = Compare with the local instrument; bring the process back within its limits at once; tell the shift supervisor.
alarm-action-low = Compare with the local instrument; bring the process back within its limits; write down the cause.
alarm-action-high = Compare with the local instrument; bring the process back within its limits; write down the cause.
alarm-action-high-high = Compare with the local instrument; bring the process back within its limits at once; tell the shift supervisor.

## Floods.

alarm-flood-lasts = Alarm flood: { $alarms ->
    [one] one alarm
   *[other] { $alarms } alarms
} since { $first }, at most { $peak } in ten minutes. Begin with the first.
alarm-flood-over = Alarm flood over: { $alarms ->
    [one] one alarm
   *[other] { $alarms } alarms
} since { $first }, at most { $peak } in ten minutes; it lasted { $length }.

## Figures.

alarm-figure-average = alarms per operator and 10 min
alarm-figure-peak = most alarms in 10 min
alarm-figure-over-peak = 10-min intervals above 10 alarms
alarm-figure-in-flood = time in flood
alarm-figure-most-frequent = share of the ten most frequent alarms
alarm-figure-chattering = chattering alarms
alarm-figure-stale = stale alarms at once
alarm-figure-critical = share of critical alarms
alarm-figure-high-and-critical = share of high and critical alarms
alarm-figure-low = share of low alarms
alarm-standing-nothing = no figure
alarm-standing-good = on target
alarm-standing-bearable = manageable
alarm-standing-missed = off target
alarm-deed-acknowledge = acknowledged
alarm-deed-reset = reset
alarm-deed-shelve = shelved
alarm-deed-unshelve = taken off the shelf
alarm-deed-remove = taken out of service
alarm-deed-return = put into service again
alarm-refused-count = At least one alarm, and no more than { $most } at a time.
alarm-refused-unknown = There is no such alarm: its parameter is not watched for this. Look at the list again.
alarm-remark-out = since { $since }: { $reason }
alarm-remark-shelved = until { $until }: { $reason }
alarm-remark-chatters = chatters
