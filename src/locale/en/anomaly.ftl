### Texts of data anomalies. Ids and arguments are the same in both languages.

## Root causes.

cause-class-meter = meter
cause-class-communication = communication
cause-class-entry = entry
cause-class-process = process
cause-class-real-change = real change
cause-class-factor = factor or setting

## What a checker says an anomaly is.

disposition-real = true as it is
disposition-correct = corrected
disposition-gap-fill = filled by the plan
disposition-reject = kept out
disposition-instrument-fault = instrument fault
disposition-entry-error = entry error

## How far the work has come.

anomaly-stage-new = new
anomaly-stage-assigned = assigned
anomaly-stage-investigating = looked into
anomaly-stage-disposed = decided
anomaly-stage-closed = closed
anomaly-stage-gone = gone

## What is done.

anomaly-deed-assign = assigned
anomaly-deed-take = taken
anomaly-deed-comment = commented
anomaly-deed-dispose = decided
anomaly-deed-close = closed
anomaly-deed-reopen = opened again
anomaly-deed-link = linked to a nonconformity
anomaly-deed-take-back = decision taken back

## Refusals.

anomaly-refused-count = At least one anomaly, and no more than { $most } at a time.
anomaly-refused-disposed = { $by } decided on it already, { $at }: withdraw that record to decide anew.
anomaly-refused-closed = { $by } closed it already, { $at }: open it again first.
anomaly-refused-theirs = It is theirs already.
anomaly-refused-not-disposed = Nobody has said yet what it is: decide first.
anomaly-refused-not-closed = It is not closed.
anomaly-refused-same-person = So much is at stake that another person than the one who decided has to close it.
anomaly-refused-gone = The checks find it no longer, and it has left the queue.
anomaly-refused-unchanged = Nothing changes by that.
anomaly-refused-other-cause = Together are closed only those of one root cause: close this one by itself.
anomaly-refused-one = Anomaly { $number }: { $why }
anomaly-unknown = There is no anomaly { $number }.
anomaly-text-too-long = At most { $most } characters can be kept with it.
anomaly-text-missing = Nothing is said: “{ $deed }” needs a word.
anomaly-take-back-by-withdrawal = A decision is taken back by withdrawing its record.
anomaly-no-person = There is no person { $staff_number } in the site's model.
anomaly-cause-missing = What is the root cause? Name it by its number.
anomaly-no-cause = There is no root cause { $number } in the site's plan.
anomaly-no-plan = { $tag } has no plan for missing data: keep the values out, or correct them.
anomaly-gap-has-none = Nothing came in a gap that could be corrected or kept out: say that it is true, filled by the plan or an instrument fault, or fill its hours.
anomaly-parameter-gone = The model in force does not have its parameter any more: say that it is true as it is, and close it.
anomaly-corrected-already = Record { $record } has put a reading right already ({ $at }): withdraw that first.
anomaly-no-readings = There are no readings left to correct.
anomaly-too-many-readings = More than { $most } readings would be touched: decide of fewer at a time.
anomaly-unfit-correction = The corrected value is not one that { $tag } can have.

## Records.

record-kind-anomaly = anomalies
record-kind-anomaly-found = anomalies found
record-anomalies-found = { $count ->
    [one] 1 anomaly told: { $numbers } (gone: { $gone })
   *[other] { $count } anomalies told: { $numbers } (gone: { $gone })
}
record-anomalies = { $count ->
    [one] 1 anomaly { $deed }: { $numbers } (readings: { $readings })
   *[other] { $count } anomalies { $deed }: { $numbers } (readings: { $readings })
}
record-anomalies-cause = root cause { $number }
record-anomalies-evidence = evidence: { $evidence }
record-anomalies-nonconformity = nonconformity { $number }
record-anomalies-comment = { $count ->
    [one] 1 anomaly { $deed }: { $numbers } (readings: { $readings }), with: { $comment }
   *[other] { $count } anomalies { $deed }: { $numbers } (readings: { $readings }), with: { $comment }
}
record-anomaly-withdrawal = { $anomalies ->
    [one] the decision on 1 anomaly in record { $of } taken back, readings: { $count }, because: { $reason }
   *[other] the decision on { $anomalies } anomalies in record { $of } taken back, readings: { $count }, because: { $reason }
}
record-change-anomaly = anomaly { $number }
record-change-anomaly-found = anomaly { $number }, { $tag }: { $why }
record-change-anomaly-gone = anomaly { $number }, { $tag }: not found any more
anomaly-of-relation = { $name } ({ $terms }, in { $unit }): { $found }
anomaly-of-relation-bare = { $name } ({ $terms }): { $found }
anomaly-of-relation-readings = A relation ({ $terms }) does not say which of its values is wrong: correct or keep out the readings of that parameter by its own anomaly or with carbonwatch correct, and say here that it is true or that an instrument was faulty.
