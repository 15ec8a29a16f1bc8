### Texts of the room `domain`. Ids and arguments are the same in both languages.

number-empty = The value is empty.
number-not-finite = “{ $given }” is not a finite number.
number-comma = “{ $given }” has a comma: write a point before the decimals and no separators, or set the decimal comma in the mapping.
number-comma-either = “{ $given }” has a comma: write { $point } for the decimal point, or { $whole } where it only groups digits.
number-comma-only = “{ $given }” has a comma: write { $meant }.
number-comma-unclear = “{ $given }” has a comma: write a point before the decimals and no separators.
number-unreadable = “{ $given }” is not a number.
number-too-large = { $given } is too large for its parameter.

zone-unknown = Time zone “{ $zone }” is not known: use an IANA name such as Asia/Shanghai.
zone-part-hour = Time zone “{ $zone }” shifts by less than an hour; carbonwatch keeps whole hours and cannot use it.
zone-gap = Local time { $local } does not exist in { $zone }: clocks went forward over it.
zone-fold = Local time { $local } occurred twice in { $zone }: give the offset, or choose the earlier or the later in the mapping.

unit-unknown = “{ $symbol }” in the unit “{ $unit }” is not known.
unit-dimension = { $from } ({ $from-dimension }) cannot be converted to { $to } ({ $to-dimension }): they measure different things.
unit-not-a-rate = { $unit } is not a rate: a flow needs a quantity per unit of time, such as t/h, Nm3/h or kW.
unit-out-of-scale = The unit “{ $unit }” is too large or too small to count in.

## What units measure.

dimension-number = a bare number
dimension-mass = mass
dimension-carbon = carbon
dimension-carbon-dioxide = CO2
dimension-energy = energy
dimension-volume = volume
dimension-gas-volume = gas volume
dimension-time = time
dimension-pressure = pressure
dimension-temperature = temperature
dimension-reactive-energy = reactive energy
dimension-count = count
dimension-electrical = electrical
dimension-power = { $base }^{ $exponent }
dimension-product = { $first }·{ $second }

## Ages and spans of time.

age-seconds = { $n } s
age-minutes = { $n } min
age-hours = { $n } h
age-days = { $n } d

## What TOML's parser says.

toml-at = { $reason }; it is about “{ $piece }”
toml-other = { $message }
toml-duplicate-key = this key stands here a second time
toml-key-taken = this key already has a value and cannot be a table as well
toml-too-deep = too many tables or lists in one another
toml-carriage-return = a carriage return stands alone; lines end with a line feed
toml-extra-equals = one “=” too many; is a bracket not closed above?
toml-extra-comma = one comma too many
toml-comment = a comment begins with “#”, takes the rest of the line and holds no control characters
toml-key = a key holds only letters a to z, digits, “-” and “_”; any other stands in double quotes
toml-no-value = a key needs “=” and a value after it
toml-no-equals = “=” is missing between key and value
toml-no-comma = a comma is missing
toml-quotes = text needs quotes at its beginning and at its end, in the same line
toml-escape = a backslash in double quotes begins an escape: write two of them, or use single quotes
toml-number = this is no number: no leading zeros, no spaces; a point before the decimals
toml-value = this is no value: text stands in quotes, numbers without
toml-heading = the heading of a table needs as many “]” as it has “[”
toml-list = a list begins with “[” and ends with “]”
toml-table = a table in one line begins with “{"{"}” and ends with “{"}"}”
toml-unexpected = this does not belong here; one key and its value stand in one line
toml-date = there is no such date or time
toml-unknown-field = there is no key “{ $given }” here; known are { $known }
toml-unknown-word = “{ $given }” is not known here; known are { $known }
toml-missing-field = the key “{ $key }” is missing
toml-duplicate-field = the key “{ $key }” stands here twice
toml-wrong-form = { $wanted } should stand here
toml-form-text = text in quotes
toml-form-flag = true or false
toml-form-list = a list in square brackets
toml-form-table = a table
toml-form-whole = a whole number, not below zero
toml-form-number = a number

## What the system says.

system-not-found = there is no such file or directory
system-not-permitted = no permission
system-exists = it already exists
system-is-a-directory = this is a directory, not a file
system-not-a-directory = a part of the path is not a directory
system-not-empty = the directory is not empty
system-read-only = the file system is read-only
system-full = no space left on the disk
system-too-large = the file is too large
system-bad-name = the name is not possible
system-not-text = this is not UTF-8 text
system-reader-gone = nobody reads it any more
system-connection = the connection was refused or ended
system-timed-out = it took too long
system-memory = not enough memory
system-other = { $error }
## Roles.

role-operator = operator
role-shift-lead = shift lead
role-data-quality-checker = data checker
role-carbon-accountant = carbon accountant
role-management-representative = management representative
role-department-head = department head
role-top-management = top management
role-internal-auditor = internal auditor
role-finance = finance
role-administrator = administrator
role-viewer = viewer
sign-off-asked = signed off
sign-off-pin-changed = the PIN was changed elsewhere
sign-off-idle = no key was touched for as long as the site allows
sign-off-left = the connection ended
sign-off-ended = the daemon ended
sign-off-removed = neither person nor post is in the model any more as it was
pin-form = A PIN has { $fewest } to { $most } digits and nothing else.
pin-guessable = That PIN is among the first that anybody would try: no row of digits (123456), no digit alone (000000), not the staff number.
role-none = none
basis-as-received = as received (ar)
basis-air-dried = air-dried (ad)
basis-dry = dry (d)
basis-dry-ash-free = dry and ash-free (daf)
basis-unknown = “{ $given }” is no basis. Write ar (as received), ad (air-dried), d (dry) or daf (dry and ash-free)
basis-missing = On which basis the values are must be said: ar, ad, d or daf
basis-needs-total-moisture = The total moisture is needed to convert it
basis-needs-moisture = The moisture of the air-dried sample (Mad) is needed to convert it
basis-needs-ash = The ash of the air-dried sample (Aad) is needed to convert it
basis-not-a-share = { $given } is no share in per cent: it must be 0 or more, and less than 100
basis-nothing-burns = Moisture and ash leave nothing of the sample: look at both again
basis-too-large = The converted value is too large: look at value and unit again
form-kind-batch = batch
form-kind-laboratory = laboratory report
form-kind-invoice = invoice
form-kind-stock = stock-taking
form-kind-calibration = calibration
form-name-calibration = Calibration
form-name-meter-change = Meter replacement
form-kind-meter-change = meter replacement
document-not-on-form = A value is of a parameter that the form does not have: the plant's model has changed. Fill the form again.
document-value-twice = { $tag } is there twice
document-of-value = { $tag }: { $why }
document-no-batch = The batch has no time
document-batch = batch { $words }
document-laboratory = by { $words }
document-basis = given { $basis }
document-tested = tested on { $day }
document-counts-on = counted { $basis }
document-total-moisture = Mt { $share } %
document-moisture = Mad { $share } %
document-ash = Aad { $share } %
document-seller = from { $words }
document-issued = written on { $day }
document-method = by { $words }
document-serial = serial number { $words }
document-meter = meter { $key } ({ $name })
document-calibrated = calibrated on { $day }
document-holds = holds until { $day }
document-error = found: { $words }
document-rejected = rejected
attachment-name = A file that is attached needs a name in one line that is no longer than { $most }
attachment-empty = { $name } is empty: there is nothing to attach
attachment-too-large = { $name } is too large ({ $bytes } B): files up to { $most } MB can be attached. Attach the pages that matter
attachments-too-many = No more files can be attached to a document, or to what is entered at once, than { $most }
attachments-by-machine = Files are attached to values that people bring: nobody looked at what a machine brings
attachments-beside-documents = Files are attached to each document that is filed, not to where the documents come from
attachment-twice = { $name } is the same file as { $same }: attach it once
attachment-no-room = There is too little room for files on the disk ({ $free } MB free): readings come first
attachment-unknown = There is no attachment { $digest } in this site
attachment-lost = Attachment { $name } ({ $digest }) is lost; named by { $by }. Restore it from a backup, or attach the same file again, to any document or correction: it is whole then for all that name it
attachment-changed-since = Attachment { $name } ({ $digest }) was changed after it was attached; named by { $by }. Restore it from a backup, or attach the same file again, to any document or correction: it is whole then for all that name it
attachment-of-document = document “{ $number }” (record { $record })
attachment-of-record = record { $record }
attachment-named-also = { $told }, { $next }
attachment-named-more = { $count ->
    [one] one other
   *[other] { $count } others
}
attachment-not-here = { $name } is named, but did not come whole: attach it again
attachment-failed = The site's attachments cannot be read or written: { $error }
attachment-length = A file of this length ({ $bytes } B) cannot be attached, or a part lies behind its end
attachment-changed = The file changed while it was being attached: attach it again
attachment-busy = The same file is being attached at another terminal: try again in a moment
attachment-damaged = What the site has is not { $digest } any more: it was changed after it was attached. Restore it from a backup, or attach it again
document-attachment = { $name } ({ $bytes }, { $digest })
upload-failed = { $path } cannot be read: { $error }
upload-not-a-file = { $path } is not a file that can be attached
document-remark = “{ $words }”
interval-month = month
interval-year = year
