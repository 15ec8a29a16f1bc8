### `connect` 的文字。两种语言的标识和参数必须相同。

## 映射文件。

mapping-fault = { $file }:{ $line }:{ $column }：{ $why }
mapping-syntax = 映射文件无法读取：{ $reason }。请改正这一行，写法见 README。
mapping-delimiter = 不认识的分隔符“{ $given }”：可用 ","、";"、"|"、"tab"、"whitespace"。
mapping-encoding = 不认识的编码“{ $given }”：可用 "utf-8"、"gb18030"、"utf-16le"。
mapping-columns-with-header = 此处已列出列名，说明文件没有表头：请去掉 header = true，或去掉 columns。
mapping-columns-twice = 列名“{ $name }”列了两次：请各用不同的名称。
mapping-comment-empty = 注释行的开头为空：请给出一个字符，或去掉该键。
mapping-long-missing = 长表需要 [long] 表，写明 parameter 列和 value 列。
mapping-column-in-long = 长表不用 [column]：文件中的位号请写在 [tag] 下。
mapping-long-in-wide = 宽表不用 [long]：请写 [column]，或改为 layout = "long"。
mapping-tag-in-wide = 宽表不用 [tag]：请写 [column]。
mapping-wide-empty = 没有一列对应到参数：请增加 [column."列名"]，写明 parameter = "位号"。
mapping-stamp-choice = 请写明时标在哪里：column = "…"，或 date = "…" 加 time = "…"；没有时标的文件写 start = "…"。
mapping-stamp-start = “{ $given }”不是当地时间：请写成 "2025-01-01 00:00"。
mapping-stamp-start-needs-interval = 没有时标的文件要写明时段长度，如 interval = "1 h"。
mapping-stamp-format-missing = 请写明时标的格式，如 format = "%Y-%m-%d %H:%M"。
mapping-stamp-format = 格式“{ $given }”不足以确定日期和时刻：请用 %Y-%m-%d %H:%M:%S 这样的 strftime 记号，或 "rfc3339"、"epoch-s"、"epoch-ms"。
mapping-interval = “{ $given }”不是时段长度：请写成 "15 min"、"1 h"、"1 d" 或 "1 month"。
mapping-marks-without-interval = 时标表示时段的起点或终点时，要写明时段长度，如 interval = "15 min"。
mapping-interval-without-marks = 请写明时标是时段的起点还是终点：marks = "start" 或 marks = "end"。
mapping-repair-needs-interval = 日末修正只用于按格式读取的当地时间，且时段长度须短于 12 小时。
mapping-quality-word-twice = “{ $word }”对应了两种质量：请只留在一个列表中。
mapping-quality-in-tag = 长表的质量是所有位号共用的一列：请写在 [long] 中。
mapping-field-choice = “{ $name }”须写 parameter = "位号" 或 ignore = true，二者选一。
mapping-parameter-twice = “{ $first }”和“{ $second }”两列都对应 { $tag }：其中一列会覆盖另一列。
mapping-parameter-unknown = 现场没有参数“{ $tag }”：请核对 site.toml 中的位号。
mapping-unit-mismatch = { $tag } 的单位：{ $why }

## 无法导入的文件。

intake-read = 文件无法读取：{ $error }
intake-mapping = { $count ->
   *[other] 映射文件有 { $count } 处错误，第一处：{ $first }
}
intake-start = 映射文件中的起始时间不能用：{ $why }
intake-encoding-other = 映射文件写的是 { $declared }，文件开头却是 { $found } 的标记：请修改映射文件中的 encoding。
intake-workbook = 这是 Excel 工作簿或压缩包，不是文本：请先另存为 CSV。
intake-line-too-long = 第 { $line } 行超过 { $limit } 字节：这不是按行存放的数据，或换行丢失了，请重新导出。
intake-empty = 文件中没有数据行。
intake-header = 第 { $line } 行的表头无法读取：{ $why }
intake-columns-missing = 映射文件写到的列，文件中没有：{ $missing }。文件中有：{ $found }。请先核对分隔符、编码和 skip_lines。
intake-columns-twice = 文件中有重名的列：{ $columns }。请在导出时改名，或在 columns 中列出名称并跳过表头。
intake-columns-unmapped = 映射文件没有写到文件中的这些列：{ $columns }。请对应到参数、写明忽略，或设 ignore_others = true。

intake-refusals-unwritable = 存放被拒绝行的文件无法写入：{ $error }

## 被拒绝的行和单元格。

intake-bytes = 该行有不属于 { $encoding } 的字节：映射文件中的编码不对，或文件混用了多种编码。
intake-nul = 该行有空字节（NUL）：文件写入时中断，或文件是 UTF-16 而映射文件没有写明。
intake-quote-open = 引号没有闭合：请补上引号；引号若是文字本身，请写两个。
intake-field-count = 该行有 { $found } 个字段，应为 { $expected } 个：请检查数值中是否夹有分隔符。
intake-stamp-empty = 时标为空。
intake-stamp-unreadable = 时标“{ $given }”不符合格式 { $format }。
intake-stamp-range = 时标 { $given } 不在 2000 至 2099 年之间：请检查写入该时标的时钟。
intake-stamp-counted-out = 该行离映射文件中的起始时间太远。
intake-stamp-day-end = 时标“{ $given }”在同一天内倒退，但不是恰好一天减一个时段：可能是当天开始，也可能是当天结束。请写明日期。
intake-parameter-empty = 该行没有写参数。
intake-parameter-unknown = 现场没有参数“{ $tag }”：请在映射文件中增加 [tag]，或在 site.toml 中增加该参数，或设 ignore_others = true。
intake-quality-unknown = 质量“{ $word }”不在映射文件的 [quality] 中：请加上。
intake-negative = { $given } 小于零，该量不可能为负。
intake-decimal-point = “{ $given }”中有点号，而映射文件写明用逗号作小数点：请不要写千分位。
intake-time-backwards = 第 { $line } 行：时间没有向前，从 { $from } 到 { $to }。

## 被拒绝内容的文件。

refused-line = 行号
refused-column = 列号
refused-field = 字段
refused-why = 原因
refused-row = 原文

## 模拟器。

simulate-nothing = 模型中没有参数，无可模拟：请在 site.toml 中增加参数。
simulate-scale = { $tag }：限值、翻转值或倍率超出其单位和小数位数所能表示的范围，请核对 site.toml。

## 回放。

replay-speed = 回放速度须为实时的 1 至 { $fastest } 倍，不能是 { $given }。

## 投递目录。

drop-folder-error = 投递目录 { $path } 无法使用：{ $error }
drop-file-error = 投递的文件 { $path } 无法取用：{ $error }。文件留在原处，稍后再试。
drop-not-a-file = 投递目录中的“{ $name }”不是文件：链接和文件夹不会被取用。
drop-repeated = { $name } 与先前已取用的 { $first } 内容相同，没有再次取用。如确需再次取用，请用 carbonwatch import。
drop-nothing-usable = { $rows ->
   *[other] 文件共 { $rows } 行，没有一行可用，原因见旁边的文件。
}
