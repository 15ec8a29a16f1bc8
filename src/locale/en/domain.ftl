### Texts of the room `domain`. Ids and arguments are the same in both languages.

number-empty = The value is empty.
number-not-finite = “{ $given }” is not a finite number.
number-comma = “{ $given }” has a comma: write a point before the decimals and no separators, or set the decimal comma in the mapping.
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

## Ages and spans of time.

age-seconds = { $n } s
age-minutes = { $n } min
age-hours = { $n } h
age-days = { $n } d
