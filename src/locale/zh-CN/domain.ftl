### `domain` 的文字。两种语言的标识和参数必须相同。

number-empty = 数值为空。
number-not-finite = “{ $given }”不是有限的数。
number-comma = “{ $given }”中有逗号：小数请用点，不要写千分位；若文件用逗号作小数点，请在映射文件中设置。
number-comma-either = “{ $given }”中有逗号：小数请写 { $point }，分节的逗号请去掉，写 { $whole }。
number-comma-only = “{ $given }”中有逗号：请写 { $meant }。
number-comma-unclear = “{ $given }”中有逗号：小数请用点，不要写千分位。
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

## 量纲。

dimension-number = 纯数
dimension-mass = 质量
dimension-carbon = 碳量
dimension-carbon-dioxide = 二氧化碳量
dimension-energy = 能量
dimension-volume = 体积
dimension-gas-volume = 标准状态气体体积
dimension-time = 时间
dimension-pressure = 压力
dimension-temperature = 温度
dimension-reactive-energy = 无功电量
dimension-count = 件数
dimension-electrical = 电气量
dimension-power = { $base }^{ $exponent }
dimension-product = { $first }·{ $second }

## 时长。

age-seconds = { $n } 秒
age-minutes = { $n } 分
age-hours = { $n } 小时
age-days = { $n } 天

## TOML 解析器的话。

toml-at = { $reason }（见“{ $piece }”）
toml-other = { $message }
toml-duplicate-key = 这个键在这里重复出现
toml-key-taken = 这个键已有值，不能再作表
toml-too-deep = 表或列表嵌套过深
toml-carriage-return = 有单独的回车符；每行应以换行符结尾
toml-extra-equals = 多了一个“=”；上面是否有括号没有闭合？
toml-extra-comma = 多了一个逗号
toml-comment = 注释以“#”开头，直到行尾，不能有控制字符
toml-key = 键只能由字母 a–z、数字、“-”和“_”组成，其他的要放在双引号里
toml-no-value = 键后面要有“=”和值
toml-no-equals = 键和值之间缺少“=”
toml-no-comma = 缺少逗号
toml-quotes = 文字的开头和结尾都要有引号，并在同一行
toml-escape = 双引号里的反斜杠表示转义：请写两个反斜杠，或改用单引号
toml-number = 这不是数：不能有前导零和空格，小数用点
toml-value = 这不是值：文字要加引号，数字不加
toml-heading = 表头的“]”要和“[”一样多
toml-list = 列表以“[”开头、以“]”结尾
toml-table = 行内表以“{"{"}”开头、以“{"}"}”结尾
toml-unexpected = 这里不该有这些内容；一个键和它的值写一行
toml-date = 没有这样的日期或时间
toml-unknown-field = 这里没有键“{ $given }”，可用的有：{ $known }
toml-unknown-word = “{ $given }”在这里不可用，可用的有：{ $known }
toml-missing-field = 缺少键“{ $key }”
toml-duplicate-field = 键“{ $key }”重复
toml-wrong-form = 这里应为{ $wanted }
toml-form-text = 带引号的文字
toml-form-flag = true 或 false
toml-form-list = 方括号里的列表
toml-form-table = 表
toml-form-whole = 不小于零的整数
toml-form-number = 数

## 系统的话。

system-not-found = 没有这个文件或目录
system-not-permitted = 没有权限
system-exists = 已经存在
system-is-a-directory = 这是目录，不是文件
system-not-a-directory = 路径中有一段不是目录
system-not-empty = 目录不是空的
system-read-only = 文件系统只读
system-full = 磁盘已满
system-too-large = 文件太大
system-bad-name = 名称不可用
system-not-text = 不是 UTF-8 文本
system-reader-gone = 已没有读取方
system-connection = 连接被拒绝或已断开
system-timed-out = 超时
system-memory = 内存不足
system-other = { $error }
## 岗位角色。

role-operator = 值班员
role-shift-lead = 值长
role-data-quality-checker = 数据审核员
role-carbon-accountant = 碳核算员
role-management-representative = 管理者代表
role-department-head = 部门负责人
role-top-management = 最高管理者
role-internal-auditor = 内审员
role-finance = 财务
role-administrator = 管理员
role-viewer = 只读
sign-off-asked = 已签退
sign-off-pin-changed = 口令已在别处更改
sign-off-idle = 超过现场规定的时间没有按键
sign-off-left = 连接已断开
sign-off-ended = 守护进程中断
sign-off-removed = 模型中已无此人或此岗位
pin-form = 口令为 { $fewest } 至 { $most } 位数字，不含其他字符。
pin-guessable = 该口令太容易猜到：不要用连续数字（123456）、相同数字（000000）或工号本身。
role-none = 无
basis-as-received = 收到基（ar）
basis-air-dried = 空气干燥基（ad）
basis-dry = 干燥基（d）
basis-dry-ash-free = 干燥无灰基（daf）
basis-unknown = “{ $given }”不是基准。请写 ar（收到基）、ad（空气干燥基）、d（干燥基）或 daf（干燥无灰基）
basis-missing = 须说明各值的基准：ar、ad、d 或 daf
basis-needs-total-moisture = 换算需要全水分
basis-needs-moisture = 换算需要空气干燥基水分（Mad）
basis-needs-ash = 换算需要空气干燥基灰分（Aad）
basis-not-a-share = { $given } 不是百分数：应不小于 0 且小于 100
basis-nothing-burns = 水分与灰分之和不小于 100%：请核对
basis-too-large = 换算后的值过大：请核对数值和单位
form-kind-batch = 批次
form-kind-laboratory = 化验报告
form-kind-invoice = 发票
form-kind-stock = 盘点
form-kind-calibration = 检定校准
form-name-calibration = 检定校准
form-name-meter-change = 换表
form-kind-meter-change = 换表
document-not-on-form = 有一个值的参数不在单据上：现场模型已改变。请重新填写。
document-value-twice = { $tag } 出现两次
document-of-value = { $tag }：{ $why }
document-no-batch = 批次没有时段
document-batch = 批次 { $words }
document-laboratory = { $words } 化验
document-basis = 报告值为{ $basis }
document-tested = 化验日期 { $day }
document-counts-on = 入账为{ $basis }
document-total-moisture = Mt { $share }%
document-moisture = Mad { $share }%
document-ash = Aad { $share }%
document-seller = 销方 { $words }
document-issued = 开具日期 { $day }
document-method = 方法 { $words }
document-serial = 表号 { $words }
document-meter = 计量器具 { $key }（{ $name }）
document-calibrated = { $day } 检定
document-holds = 有效期至 { $day }
document-error = 检出：{ $words }
document-rejected = 不合格
attachment-name = 附件的文件名应为一行、1 至 { $most } 个字符
attachment-empty = { $name } 是空文件，没有可附的内容
attachment-too-large = { $name } 有 { $bytes } 字节；附件不得超过 { $most } MB。请只附有关的页
attachments-too-many = 一份单据或一次录入最多附 { $most } 个文件
attachments-by-machine = 只有人工录入的读数才能附文件：设备送来的读数没有人看过纸面
attachments-beside-documents = 文件应附在各份单据上，不能附在单据的来源上
attachment-twice = { $name } 与 { $same } 是同一个文件：附一次即可
attachment-no-room = 磁盘剩余空间不足以存放附件（剩余 { $free } MB）：读数优先
attachment-unknown = 本站没有附件 { $digest }
attachment-lost = 附件 { $name }（{ $digest }）已丢失；引用它的有{ $by }。请从备份恢复，或将同一文件重新附到任一单据或更正上：所有引用处即恢复完整
attachment-changed-since = 附件 { $name }（{ $digest }）在附上之后被改动；引用它的有{ $by }。请从备份恢复，或将同一文件重新附到任一单据或更正上：所有引用处即恢复完整
attachment-of-document = 单据“{ $number }”（记录 { $record }）
attachment-of-record = 记录 { $record }
attachment-named-also = { $told }、{ $next }
attachment-named-more = 另 { $count } 条
attachment-not-here = 提到了 { $name }，但它没有完整送到：请重新附上
attachment-failed = 本站的附件读写失败：{ $error }
attachment-length = { $bytes } 字节的文件不能作附件，或有一段超出了文件末尾
attachment-changed = 附件在上传过程中被改动：请重新附上
attachment-busy = 同一文件正在另一终端上传：请稍后再试
attachment-damaged = 本站保存的内容已不是 { $digest }：它在附上之后被改动。请从备份恢复，或重新附上
document-attachment = { $name }（{ $bytes }，{ $digest }）
upload-failed = { $path } 无法读取：{ $error }
upload-not-a-file = { $path } 不是可作附件的文件
document-remark = “{ $words }”
interval-month = 每月
interval-year = 每年
