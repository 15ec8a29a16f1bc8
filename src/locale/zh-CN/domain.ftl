### `domain` 的文字。两种语言的标识和参数必须相同。

number-empty = 数值为空。
number-not-finite = “{ $given }”不是有限的数。
number-comma = “{ $given }”中有逗号：小数请用点，不要写千分位；若文件用逗号作小数点，请在映射文件中设置。
number-unreadable = “{ $given }”不是数。
number-too-large = { $given } 超出该参数可记录的范围。

zone-unknown = 不认识的时区“{ $zone }”：请用 IANA 名称，如 Asia/Shanghai。
zone-part-hour = 时区“{ $zone }”的调整不足一小时；carbonwatch 按整点记账，不能使用该时区。
zone-gap = { $zone } 没有当地时间 { $local }：时钟拨快时跳过了它。
zone-fold = 当地时间 { $local } 在 { $zone } 出现过两次：请写明与 UTC 的时差，或在映射文件中选定取前者还是后者。

unit-unknown = 单位“{ $unit }”中的“{ $symbol }”不认识。
unit-dimension = { $from }（{ $from-dimension }）不能换算成 { $to }（{ $to-dimension }）：两者不是同一种量。
unit-not-a-rate = { $unit } 不是流量单位：流量要写成单位时间的量，如 t/h、Nm3/h、kW。
unit-out-of-scale = 单位“{ $unit }”过大或过小，无法计数。

## 时长。

age-seconds = { $n } 秒
age-minutes = { $n } 分
age-hours = { $n } 小时
age-days = { $n } 天
