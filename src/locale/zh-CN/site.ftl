### `site` 的文字。两种语言的编号和参数相同。

site-problem = { $file }:{ $line }:{ $column }：{ $what } — { $remedy }

## 文件形式。

site-file-too-large = 文件有 { $bytes } 字节，超出现场模型可能的大小
site-remedy-file-too-large = 请确认这是不是 site.toml
site-not-utf8 = 文件从这里起不是 UTF-8 编码
site-remedy-not-utf8 = 请另存为 UTF-8 编码
site-syntax = 不符合 TOML 语法：{ $reason }
site-remedy-syntax = 请改正这一行；文字加双引号，表用 [名称] 或 [[名称]]
site-unknown-key = { $table } 没有“{ $key }”这一项
site-missing-key = { $table } 缺少“{ $key }”
site-remedy-add-key = 请补上 { $example }
site-remedy-add-table = 请补上表 { $example }
site-remedy-remove-key = 请删去 { $key }
site-wrong-form = { $key } 应为{ $wanted }，不能是{ $given }
site-unfit-words = { $key } “{ $given }”不是{ $wanted }
site-other-base = { $key } 没有写成十进制
site-toml-string = 文字
site-toml-integer = 整数
site-toml-float = 带小数点的数
site-toml-boolean = true 或 false
site-toml-datetime = 日期或时刻
site-toml-array = 列表
site-toml-table = 单个表
site-unfit-value = { $key } 不可用：{ $reason }
site-remedy-example = 写法如 { $example }
site-whole-outside = { $key } 为 { $given }
site-remedy-between = 请给 { $low } 到 { $high } 的整数
site-unknown-word = 不认识 { $key } “{ $given }”
site-remedy-meant = 是不是“{ $word }”？
site-remedy-known = 可用的有：{ $words }
site-remedy-none-known = 目前一个也没有，请先添加
site-unsafe-text = { $key } 含有控制字符，或隐藏、倒转文字的字符：“{ $given }”
site-empty-text = { $key } 是空的
site-long-text = { $key } 太长
site-spaced-text = { $key } “{ $given }”含有不允许的空格
site-key-characters = { $key } “{ $given }”只能用字母、数字、“-”“_”和“.”
site-form-key = 引号内的短代号
site-form-tag = 引号内的位号
site-form-words = 引号内的文字
site-form-number = 数
site-form-whole = 整数
site-form-flag = true 或 false
site-form-date = 日期
site-form-clock = 时刻
site-form-duration = 时长（ms、s、min、h、d、month、year 或 none）
site-form-list = 方括号内的列表
site-form-table = 表
site-form-tables = 若干个表
site-form-named = 按名称排列的表
site-incomplete = 文件无法组成模型
site-remedy-incomplete = 这是 carbonwatch 的缺陷，请连同文件一起反馈

## 各项之间。

site-duplicate = “{ $key }”在第 { $line } 行已经用过
site-remedy-rename-one = 请改名或删去其中一个
site-unresolved = { $field } “{ $key }”在本文件中找不到
site-loop = 节点首尾相接成了环：{ $circle }
site-remedy-loop = 请把其中一个挂到环外的上级
site-upstream-loop = 这些节点的上游首尾相接成了环：{ $circle }
site-remedy-upstream-loop = 请把其中一个移出环：先出故障的在上游
site-root-has-parent = 企业是最上级，不能再有上级
site-remedy-remove-parent = 请删去 parent，或把该节点改为工序或设备
site-two-roots = 又一个企业；前一个在第 { $line } 行
site-no-root = 没有企业节点
site-remedy-one-root = 有且只有一个节点为 level = "enterprise"
site-no-parent = 节点“{ $key }”没有上级
site-wrong-level = 节点“{ $key }”不能挂在“{ $parent }”下
site-remedy-under-enterprise = 工序挂在企业下：parent 填企业的代号
site-remedy-under-process = 设备挂在工序下：parent 填工序的代号
site-not-positive = { $key } 为 { $given }
site-negative = { $key } 为 { $given }
site-remedy-positive = 请给大于零的数
site-remedy-not-negative = 请给零或更大的数
site-calibration-inverted = 检定有效期止于 { $until }，早于检定日期 { $on }
site-remedy-swap-dates = 请改正 calibrated_on 或 calibrated_until
site-counter-without-meter = 累计量“{ $tag }”没有计量器具
site-remedy-counter-meter = 请补上 meter = "代号"：计算差值要用它的倍率和满量程
site-integration-not-flow = integration 只对流量有意义
site-gap-below-interval = gap_limit 短于采集间隔，每个读数后都会算作缺失
site-remedy-gap = 至少一个间隔，通常取三个
site-remedy-smaller = 请给小一些的数，或减少小数位数
site-limits-inverted = { $key }：下限 { $low } 不低于上限 { $high }
site-remedy-swap-limits = 请对调或改正
site-limits-outside = 运行限值 { $key } 在可能范围之外
site-remedy-limits-outside = 请放宽可能范围或改正运行限值：可能范围之外的读数不入账
site-remedy-rate = 请用带时间的单位，如 t/h；或改为 kind = "amount" 或 "counter"
site-rate-for-quantity = { $unit } 是单位时间的流量；{ $kind } 类参数给出的是数量
site-remedy-quantity = 请用数量的单位，如 t、kWh；或改为 kind = "flow"
site-repeated = { $key } 中“{ $given }”出现两次
site-remedy-remove-one = 请删去一个
site-empty-list = { $key } 是空的
site-remedy-fill-list = 请至少填一项
site-not-a-quantity = “{ $tag }”属于 { $kind } 类，不给出数量
site-remedy-quantity-parameter = 请绑定 flow、counter 或 amount 类参数
site-remedy-convertible = 请用与参数同量纲的单位
site-shift-same-start = 两个班次同时开始；另一个在第 { $line } 行
site-remedy-shift-start = 每个班次的开始时刻要各不相同
site-shift-order = 班次重叠：每班到下一班开始为止，而这一班早于上一班开始
site-remedy-shift-order = 请按一天的先后排列班次
site-rotation-without-shifts = 有倒班表而没有班次
site-remedy-rotation-shifts = 请补上 [[shift]]，或删去 [rotation]
site-crew-names = crews_en 与 crews 个数不同
site-remedy-crew-names = 每个值（班组）给一个英文名，次序相同
site-cycle-row = 倒班表这一行有 { $given } 个班组，而班次有 { $slots } 个
site-remedy-cycle-row = 每个班次给一个班组，按班次的次序
site-crew-twice = 班组“{ $crew }”同一天上两个班
site-remedy-crew-twice = 同一天各班次请用不同班组
site-post-user-or-group = 岗位须是用户或用户组，二者取一
site-remedy-post = 请给 user = "名称" 或 group = "名称"
site-person-shared-login = “{ $user }”是多人共用的登录名
site-remedy-person-login = 请删去 user：此人用工号和 PIN 登记上岗

## 排放源与规则之间。

site-source-in-no-book = 没有账簿包含排放源“{ $source }”：它的排放不会计入任何地方
site-remedy-source-in-no-book = 请添加边界为该节点或其上级的 [[book]]，或删去该排放源
site-unknown-input = { $method } 没有输入量“{ $input }”
site-missing-input = { $method } 的输入量“{ $input }”没有绑定
site-remedy-bind = 请补上 { $example }，单位须能换算为 { $unit }
site-binding-ways = 输入量“{ $input }”没有绑定，或绑定了不止一处
site-remedy-binding-ways = parameter、factor、value 中给且只给一个
site-provisional-ways = “{ $input }”的暂估值须是因子或数值，二者取一
site-remedy-provisional-ways = factor、value 中给且只给一个
site-quantity-needs-parameter = 输入量“{ $input }”是活动数据，必须来自参数
site-idle-key = 有 { $way } 时 { $key } 没有意义
site-not-a-property = “{ $tag }”属于 { $kind } 类；输入量“{ $input }”要品质参数
site-remedy-property-parameter = 请绑定 property 类参数、因子，或带单位和出处的数值
site-factor-not-parameter = 输入量“{ $input }”是因子，不能取自“{ $tag }”（{ $kind } 类）
site-remedy-factor = 请绑定因子，或带单位和出处的数值
site-quantity-window = { $key } 对活动数据“{ $input }”没有意义：它逐小时取用
site-window = 输入量“{ $input }”不能按“{ $given }”取用
site-value-without = 数值缺少 { $key }
site-input-unit = 单位不适合输入量“{ $input }”：{ $reason }
site-remedy-input-unit = 请用能换算为 { $unit } 的单位
site-no-data-year = 因子“{ $factor }”没有 { $year } 数据年份的值
site-factor-not-in-sets = 账簿“{ $book }”的因子集里没有因子“{ $factor }”
site-remedy-factor-sets = 请把下列因子集之一加入账簿，或改绑其他因子：{ $sets }
site-claimed-twice = “{ $tag }”重复计算：排放源“{ $source }”的输入量“{ $input }”，与第 { $line } 行“{ $first-source }”的“{ $first-input }”
site-remedy-claimed-twice = 一股物料只属于一个排放源：请从其中一个删去

## 与现行模型对照。

site-zone-changed = 时区不能由 { $before } 改为 { $after }：已有的每个小时都按它划分
site-simulated-changed = 模拟现场不能改成真实现场，真实现场也不能改成模拟现场
site-remedy-new-site = 请改回，或用“carbonwatch init”新建现场
site-parameter-changed = “{ $tag }”的 { $key } 不能由 { $before } 改为 { $after }：它的读数按此保存
site-remedy-new-tag = 请改回，或用新位号另建参数，原参数保留其历史
site-rename-onto-another = “{ $was }”和“{ $key }”都在现行模型中，不能由一个改名为另一个
site-remedy-rename-onto-another = 请删去 was，或另取新名
site-was-unknown = 现行模型中没有“{ $was }”
site-was-still-there = “{ $was }”仍在本文件中，谈不上改名
site-was-twice = “{ $was }”被改名两次；前一次在第 { $line } 行
site-remedy-was-still-there = 历史只能由一个对象继承：请从另一个删去 was
site-ids-used-up = 这一类的编号已用完
site-remedy-ids-used-up = 请新建现场

## 模型变更。

site-sort-site = 现场
site-sort-shift = 班次
site-sort-rotation = 倒班表
site-sort-node = 节点
site-sort-meter = 计量器具
site-sort-parameter = 参数
site-sort-source = 排放源
site-sort-product = 产品
site-sort-book = 账簿
site-sort-plan = 碳排放计划
site-sort-reference = 基准强度
site-sort-relation = 参数关系
site-sort-sheet = 录入表
site-sheet-too-long = 一张录入表最多 { $most } 行
site-sheet-too-many-rounds = 一张录入表一天最多 { $most } 个巡回时刻
site-remedy-sheet-too-long = 请分成两张表
site-sheet-rounds-order = 这个时刻在生产日内不晚于前一个
site-remedy-sheet-rounds-order = 请按生产日（自 day_start 起）的先后写，每个时刻一次
site-sort-post = 岗位
site-sort-person = 人员
site-value = { $value }
site-value-none = 无

## 模板。

site-template-minimal = 最小可用：一个工序、一块电表
site-template-power = 燃煤机组：皮带秤、化验、购入与输出电力、供热
site-template-steel = 钢铁：烧结、高炉、转炉、轧钢，煤气与电力
site-template-cement = 水泥：窑用煤、生料与熟料、购入电力
site-template-demo = 演示厂：热电机组与轧钢车间，读数全部为模拟

## 可能但多半不是本意的内容。

site-warning = { $file }:{ $line }:{ $column }: 警告：{ $what }。{ $remedy }
site-more-than-all = 输入“{ $input }”为 { $given } { $given-unit }，最多只能是 { $whole } { $unit }
site-remedy-share = 比例应在零和全部之间，请核对数值和单位
site-below-nothing = 输入“{ $input }”为 { $given } { $given-unit }，小于零
site-unusual-value = 输入“{ $input }”为 { $given } { $given-unit }，通常在 { $low } 到 { $high } { $unit } 之间
site-remedy-fraction = 若是 { $percent } %，请写 value = "{ $percent }"；{ $given } % 只有它的百分之一
site-remedy-unusual = 请核对数值和单位；确实如此则不必改
site-unusual-limits = “{ $tag }”用作输入“{ $input }”，但它的可能范围与通常的 { $low } 到 { $high } { $unit } 毫无重叠
site-remedy-unusual-limits = 请核对该参数的单位和可能范围
site-share-limits = 百分比的可能范围 { $key } = { $given } 超出 0 到 100
site-wide-deadband = 死区 { $given } 与运行范围一样宽，报警将无法恢复
site-remedy-wide-deadband = 死区应明显小于运行上下限之差
site-limit-below-rollover = 累计量“{ $tag }”走到计量器具的满码值 { $rollover } 才归零，但大于 { $given } 的读数会被当作不可能而不入账
site-limit-above-rollover = 累计量“{ $tag }”的可能上限 { $given } 高于计量器具的满码值 { $rollover }，永远不会出现
site-remedy-rollover-limit = 把上限改成满码值，或改正满码值；两者都是表上的示值
site-idle-meter = 没有参数使用计量器具“{ $key }”
site-remedy-idle-meter = 给它所计量的参数加上 meter = "标识"，或删去该计量器具
site-empty-book = 账簿“{ $key }”的边界内没有排放源，结果将总是零
site-intensity-of-nothing = 账簿“{ $book }”中，节点“{ $node }”及其下没有排放源：强度将始终为零
site-remedy-intensity-of-nothing = 请写其节点在该账簿中有排放源的产品，或换一个账簿
site-remedy-empty-book = 把边界设到排放源上方的节点，或删去该账簿
site-day-inside-shift = 生产日从 { $given } 开始，但没有班次在此时开始，会有一个班跨两个生产日
site-remedy-day-inside-shift = 把 day_start 设为第一个班的开始时间，或改正班次
site-idle-crew = 班组“{ $crew }”在轮班表中没有班
site-remedy-idle-crew = 把它排进轮班表，或从 crews 中删去

## 计划与基准。

site-aim-twice = 第 { $line } 行已写过同一项
site-plan-ways = 计划要么给出全年总量，要么给出各月总量
site-remedy-plan-ways = 请写 amount = "365000"，或写 months = [ … ] 共十二个数，单位 tCO2e
site-plan-months = 共有 { $count } 个月
site-remedy-plan-months = 请从一月起给出十二个数
site-aim-amount = { $key } 为 { $given }
site-remedy-aim-amount = 请给不小于零的数，小数点后最多 { $digits } 位
site-idle-too-short = sign_on_idle 短于一分钟：看屏幕的人也会被签退
site-remedy-idle = 请写 "1 min" 或更长，或 "none" 表示从不

## 缺失数据。

site-capacity-not-counter = { $tag } 不是累计量：只有累计量有 capacity
site-missing-not-tested = { $tag } 不是化验值：已检测的月份与它无关
site-remedy-missing-not-tested = tested-months 只用于 kind 为 property 的参数
site-missing-not-awaited = { $tag } 没有应到的小时，也就不会缺失：只有流量、累计量和带间隔的数量可以有缺失规则
site-remedy-missing-not-awaited = 请删去；化验值请用 tested-months，并在排放源的输入上给出暂估值；数量请给出间隔
site-missing-other-rule = { $key } 对 { $rule } 没有意义
site-missing-needs = { $rule } 需要 { $key }
site-remedy-missing-needs = 请同时给出 { $key }
site-missing-value-alone = 只有 { $given } 而没有 { $absent }：审核时两者都要
site-missing-longest = longest 不足一小时，永远不会填补
site-remedy-missing-longest = 请给至少 1 h，或用规则 "none"
site-remedy-missing-top = 请给出最高区间上端的负荷，应大于零
site-missing-load = { $tag } 不能用来表示负荷
site-remedy-missing-load = 请另选一个流量、累计量或数量，例如机组出力
site-missing-table-or-tiers = 规则 tiers 只能用现成的表，或自定分级，二者取一
site-remedy-missing-table-or-tiers = 请写 table = "40-cfr-75-table-1"，或 tiers = [ … ]
site-missing-tier-hidden = 这一级永远用不到：前面某一级总会先符合
site-remedy-missing-tier-hidden = 请移到那一级之前，或删去
site-missing-tiers-end = 有些缺失不符合任何一级
site-remedy-missing-tiers-end = 请让最后一级为 availability = 0，且不写 outage
site-runs-kind = { $tag } 不是随时有值的参数，不能用来判断设备是否运行
site-remedy-runs-kind = 请另选流量或状态量，例如负荷、电流或转速

## 质量检查。

site-check-scatter = 波动检查需要限值：写 deviation 与 window（可配 least），或写 block 与 learn（可配 times），二者选一
site-check-spike = 尖峰检查需要限值：写 suspect（幅度，可配 bad）或 times（标准差倍数，可配 least），二者选一
site-check-band = months 和 hours 各写两个数：起和止
site-remedy-check = 请改正；检查项见 README 中的表
site-check-no-load = 按负荷的基准需要写明负荷由什么给出
site-check-load-unknown = { $key } 按负荷而定，却没有写明负荷由什么给出
site-check-load = { $tag } 不能用来表示负荷
site-remedy-check-load = 请另选一个流量或状态量，例如机组出力
site-alarms-shelf = 搁置时长不能为零
site-remedy-alarms-shelf = 请填写时长，例如 8 h；个别报警不得搁置时，在其参数中写 never_shelved
site-alarms-not-key = 只对关键参数报警，而 { $tag } 不是关键参数
site-alarms-counter = { $tag } 是累计量，只增不减，没有限值
site-alarms-second = { $key } 为 { $given }，没有超出运行限值 { $limit }
site-remedy-alarms-second = 请让第二限值比第一限值更靠外，或者去掉
site-alarms-impossible = { $key } 为 { $given }，已超出可能范围的端值 { $limit }：入账的读数不会达到它
site-alarms-action-twice = “{ $of }”类报警的处置措施写了两次
site-term = “{ $given }” 不能作为一项
site-term-not-tested = { $given } 不是品质参数
site-term-of-quantity = { $given } 不是数量，不能与品质参数相乘
site-term-number = 不能乘以 { $given }
site-remedy-term = 请写成 TAG、TAG * 品质参数 或 TAG * 0.12，* 两侧留空格，数量在前，数字须大于 0
site-relation-window = 该时段不合日历
site-remedy-relation-window = 请用能整除一天的小时数（1、2、3、4、6、8、12、24 h）、不超过 30 天的整天数，或 month
site-check-both = { $key } 既作了设置，又写在 without 里
site-check-not-counter = { $tag } 不是累计量，没有读数可查
site-check-not-tested = “{ $tag }”不是化验值，没有可比的公布值
site-term-change = “{ $given }”不是状态量：只有状态量的变化可以作为一项
site-sort-form = 单据格式
site-form-key-taken = “{ $key }”已是录入表或各现场共有单据格式的键
site-remedy-form-key-taken = 请换一个键：录入表和单据格式用同一个词调用
site-form-without-rows = 种类为{ $kind }的单据格式须有行
site-remedy-form-without-rows = 写明有值的参数：rows = ["FT-2041"]
site-form-too-long = 行数过多；一种单据最多 { $most } 行
site-remedy-form-too-long = 请分成两种单据
site-form-row-kind = { $tag } 的种类不能用于{ $kind }
site-remedy-form-row-kind = 批次和发票用数量，化验报告用品质参数，盘点用状态量
site-form-not-a-report = { $field } 只用于化验报告
site-remedy-form-not-a-report = 删去它，或写 kind = "laboratory"
site-form-without-batches = 化验报告须写明批次的单据格式
site-remedy-form-without-batches = 加上 batches = "…"，值为种类 batch 的单据格式的键
site-missing-impossible = “value”为 { $given }，超出 { $limit }：读数不可能如此
site-remedy-missing-impossible = 请给出该参数可能的值
