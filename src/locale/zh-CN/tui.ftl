### `tui` 的文字。两种语言的标识和参数必须相同。

## 画面框架。

tui-too-small = 当前窗口 { $has-width } 列 { $has-height } 行，carbonwatch 至少需要 { $width } 列 { $height } 行：请放大窗口。按 q 退出。
tui-simulated = 模拟 SIMULATED
tui-no-time-yet = 尚无时间
tui-held = 画面已冻结
tui-who = { $name } { $role }
tui-who-nobody = 未签到
tui-pane-live = 实时
tui-pane-explain = 追溯
tui-pane-help = 帮助
tui-banner-connecting = 正在连接守护进程……
tui-banner-lost = 连接中断，数据停在 { $last }，{ $retry }后重连：{ $why }
tui-banner-unreachable = 未连接，{ $retry }后重连：{ $why }
tui-banner-refusing = 暂停接收数据：{ $why }
tui-link-up = 已连接
tui-link-silent = 守护进程已 { $age }无消息
tui-feeds = 数据源 { $count } 个
tui-feeds-lag = 数据源 { $count } 个，滞后 { $lag }
tui-feed-trouble = 数据源 { $feed }：{ $trouble }{ $others ->
    [0] {""}
   *[other] （另有 { $others } 个异常）
}
tui-chain-damaged = 链已损坏，见日志
tui-period-open = { $month } 未结
tui-chain-short = 链 #{ $sequence }
tui-chain = 链 { $head } #{ $sequence }
tui-free = 剩余 { $size }
tui-notice-copied = 已复制到 { $file } 及本机剪贴板（如允许）：{ $what }
tui-notice-copied-long = 内容超出剪贴板限制，已复制到 { $file }：{ $what }
tui-notice-copied-only = 已复制到您本机终端的剪贴板（如终端允许），但未能写入文件（{ $why }）：{ $what }
tui-notice-written = 已写入 { $file }
tui-notice-not-written = 未写入：{ $why }
tui-notice-theme = 配色 { $name }
tui-notice-theme-kept = 有配色未采用：{ $why }
tui-no-home = 没有用户主目录
tui-plain-hint = Esc 返回
tui-export-name = 文件名只能含文字、数字、“-”和“_”。
tui-command-export = 把列出的内容写成 CSV 文件，存入发件箱；可接文件名
tui-command-note = 写一条记事，文字前可写时刻：@14:05 换煤
tui-due = 到期 { $count }
tui-pane-due = 到期事项
tui-command-due = 列出到期事项
tui-due-title = 检定已过期或 { $days } 天内到期的计量器具
tui-due-until = 有效期至
tui-due-left = 剩余
tui-due-meter = 计量器具
tui-due-measures = 测量参数
tui-due-nothing = 没有到期事项。
tui-due-overdue = 已过期 { $days } 天
tui-due-today = 最后一天
tui-due-in = { $days } 天
tui-command-notes = 在审计日志中列出记事
tui-command-withdraw = 撤回此记录，后写原因：:withdraw 写错
tui-command-sign-on = 用工号和口令签到
tui-command-sign-off = 签退
tui-command-since = 上次在岗以来他人所做的事
tui-command-pin = 设置我的口令
tui-sign-on-title = 签到
tui-sign-on-instead = 接替 { $name } 签到
tui-sign-on-of = { $what }：{ $name }
tui-sign-on-person = 工号，或姓名、姓名拼音的一部分
tui-sign-on-pin = 请输入口令，输入时不显示。
tui-sign-on-none = 模型中没有这样的人；按 Enter 即按所输入的工号。
tui-sign-on-awaited = 等待后台核对
tui-sign-on-lost = 其间连接中断，请重新输入口令。
tui-sign-on-late = 已放弃的签到仍然成功，现已撤销。
tui-sign-off-nobody = 此处无人签到。
tui-signed-off = 已签退。
tui-signed-off-by-itself = { $name } 已被签退：{ $how }。
tui-pin-title = 设置口令
tui-pin-old = 请输入原口令；没有则直接按 Enter。
tui-pin-new = 请输入新口令：6 至 12 位数字。
tui-pin-again = 请再次输入新口令。
tui-pin-set = 新口令已生效（第 { $sequence } 条记录）。
tui-since-title = 已签到：{ $name }
tui-since-wrong = 自上次正确输入以来，此工号有 { $count } 次口令错误。
tui-since-never = 首次在本厂岗位签到。
tui-since-last = 上次在岗：{ $at }（{ $age }前）。此后：
tui-since-deed = { $kind } { $count } 次
tui-since-nothing = 无人更改或记事。
tui-since-hint = 按 Enter 在审计日志中列出，并以 + 标出。
tui-notice-linux-console = Linux 控制台不能显示中文，已改用英文；需要中文请通过 SSH 登录。
tui-notice-foreign-encoding = 此窗口不是 UTF-8 编码：请把终端软件的字符编码设为 UTF-8 后重新启动。
tui-notice-ambiguous-wide = 此窗口把线条画成两格宽，已改用 ASCII；请把终端软件的“歧义宽度字符”设为窄。
tui-notice-no-shell = 没有可接管终端的命令行（无作业控制），不能挂起。按 q 退出。
tui-notice-back = 已重新连接，中断 { $away }，其间新增记录 { $records } 条；当前显示为最新。
tui-notice-not-utf8 = 当前语言环境不是 UTF-8，已改用英文；请设置 LANG=zh_CN.UTF-8，或使用 --lang zh。

## 实时画面。

tui-column-tag = 位号
tui-column-name = 名称
tui-column-value = 数值
tui-column-unit = 单位
tui-column-bar = 限值
tui-column-trend = 一小时
tui-column-limits = 下限 .. 上限
tui-column-age = 距今
tui-column-state = 状态
tui-no-parameters = 本现场还没有参数：请在 site.toml 中写明，再执行 carbonwatch plan 和 apply。
tui-none-listed = 没有符合筛选条件的参数。按 Esc 显示全部。
tui-listed = { $listed }/{ $all } 项
tui-sort-plant = 按装置
tui-sort-condition = 异常在前
tui-sort-tag = 按位号
tui-sort-age = 最旧在前
tui-key-only = 仅关键参数
tui-filter = 筛选：
tui-state-impossible = 超量程
tui-state-impossible-short = 超限
tui-state-bad = 坏值
tui-state-no-data = 无数据
tui-state-no-data-short = 无数
tui-state-stale = 停滞
tui-state-substituted = 替代
tui-state-substituted-short = 替代
tui-state-high = 偏高
tui-state-low = 偏低
tui-state-doubtful = 存疑
tui-state-doubtful-short = 存疑
tui-origin-connector = 在线
tui-origin-file = 文件
tui-origin-typed = 人工
tui-origin-laboratory = 化验
tui-origin-invoice = 票据
tui-origin-invoice-short = 票据
tui-origin-simulated = 模拟
tui-origin-simulated-short = 模拟
tui-origin-correction = 更正
tui-origin-correction-short = 更正

## 参数详情。

tui-detail-state = 状态
tui-detail-value = 数值
tui-detail-at = 时刻
tui-detail-from = 起始
tui-detail-filled-to = 已替代至
tui-detail-origin = 来源
tui-detail-quality = 质量
tui-detail-kind = 类型
tui-detail-place = 所属
tui-detail-operating = 运行限值
tui-detail-possible = 可能范围
tui-detail-interval = 采集间隔
tui-detail-stale-after = 停滞判定
tui-detail-meter = 计量器具
tui-detail-accuracy = 准确度
tui-detail-calibrated-until = 检定有效期
tui-detail-origins = 取数顺序
tui-quality-uncertain = 来源标为存疑
tui-quality-bad = 来源标为坏值
tui-kind-flow = 流量，按时间积分
tui-kind-counter = 累计量，取差值
tui-kind-amount = 区间数量
tui-kind-property = 品质参数，按检测
tui-kind-state = 仅监视，不入账
tui-calibration-overdue = 已于 { $until } 到期

## 合计。

tui-no-books = 本现场还没有账簿。
tui-book = 账簿 { $number }/{ $books }：{ $name }
tui-rate = 当前 { $rate } tCO2e/h
tui-rate-none = 当前 -- tCO2e/h
tui-wall = 大屏
tui-wall-book = { $name }
tui-wall-rate = 当前
tui-total-shift = 本班
tui-total-day = 本日
tui-total-month = 本月
tui-total-year = 本年
tui-mark-provisional = 暂估
tui-mark-incomplete = 缺数
tui-mark-overlapping = 重计
tui-mark-failed = 未算
tui-mark-provisional-short = 暂估
tui-mark-incomplete-short = 缺数
tui-mark-overlapping-short = 重计
tui-mark-failed-short = 未算
tui-mark-substituted = 替代
tui-mark-substituted-short = 替代
tui-plan = 计划 { $amount }
tui-plan-short = 计划
tui-plan-none = 无计划
tui-intensity = { $value } tCO2e/{ $unit }
tui-intensity-reference = 基准 { $value }
tui-intensity-no-product = 强度 --：site.toml 未列产品
tui-crew-saved = { $crew } { $hours } 小时少排 { $amount } tCO2e
tui-crew-lost = { $crew } { $hours } 小时多排 { $amount } tCO2e
tui-crew-no-hours = { $crew } -- 尚无可比的整点小时
tui-crew-no-shift = 班组 --
tui-crew-awaited = 班组 …
tui-crew-not-compared = 班组 --：{ $why }

## 趋势图。

tui-pane-chart = 趋势
tui-span-hour = 1 小时
tui-span-shift = 8 小时
tui-span-day = 1 天
tui-span-week = 7 天
tui-span-month = 30 天
tui-span-year = 365 天
tui-against-nothing = 不对比
tui-against-day = 前一天
tui-against-week = 前一周
tui-against-year = 365 天前
tui-chart-gone = 模型中已没有这个参数。
tui-chart-hours = 小时均值
tui-chart-no-value = 无值
tui-chart-value = { $value } { $unit }
tui-chart-values = 平均 { $value } { $unit }（{ $low } .. { $high }，读数 { $count } 个）
tui-chart-held = { $value } { $unit }，自 { $since }
tui-chart-compared = { $with } { $value }（{ $difference }）
tui-chart-other-only = { $with } { $value }
tui-chart-nothing-then = { $with }无值
tui-chart-refused = 不入账
tui-chart-partial = 只读了一部分
tui-chart-gap = 缺数 { $length }
tui-chart-stand-in = 替代 { $value } { $unit }
tui-chart-limit-high = 上限 { $value }
tui-chart-limit-low = 下限 { $value }
tui-chart-nothing = 这段时间没有数值。
tui-chart-legend = x 缺数  s 替代  = 人工  c 更正  ! 不入账  ? 存疑  n 记事

## 班组对比（小指标）。

tui-pane-crews = 小指标
tui-pane-columns = 选列
tui-columns-title = 实时画面的列。屏幕放不下的列会略去。
tui-crews-title = 班组小指标对比 { $month }
tui-crews-crew = 班组
tui-crews-hours = 小时数
tui-crews-left-out = 未计
tui-crews-emitted = 实际 tCO2e
tui-crews-expected = 按均值应排
tui-crews-saved = 少排
tui-crews-classes = 本月各负荷档平均强度：{ $product }小时产量（{ $unit }），tCO2e/{ $unit }
tui-crews-class = 至 { $limit }：{ $intensity }（{ $hours } 小时）
tui-crews-idle = 无产量：{ $intensity } tCO2e/h（{ $hours } 小时）
tui-crews-method = 方法：每个整点小时与本厂同等负荷（{ $product }产量相近）的小时相比。按小时产量从零到最高分为 { $classes } 档，无产量的小时单列一档。应排量 = 该档平均强度 × 本小时产量；少排 = 应排 − 实际，每小时只修约一次，到 1 mg。数据不全的小时和不足 { $hours } 小时的档不计。当月各班组与当月全部小时相比；当班与本班之前 { $days } 天相比。

## 台账画面。

tui-pane-ledger = 台账
tui-ledger-period = { $period }
tui-ledger-by-hour = 按小时
tui-ledger-by-day = 按日
tui-ledger-by-month = 按月
tui-ledger-by-nothing = 单小时
tui-ledger-tree = 按排放源
tui-ledger-category = 按类别
tui-ledger-gas = 按气体
tui-ledger-book = 按账簿
tui-ledger-record = 截至 #{ $sequence }
tui-ledger-asking = 正在查询 { $period } …
tui-ledger-refused = 无法显示 { $period }：{ $why } 按 { $key } 重新查询。
tui-ledger-no-time = 本站点尚无时间：有数据后开始计时。
tui-ledger-empty = 该账簿尚无排放源：请在 site.toml 中填写，再执行 carbonwatch plan 和 apply。
tui-ledger-name = 排放
tui-ledger-total = tCO2e
tui-ledger-share = 占比%
tui-ledger-before = 环比%
tui-ledger-year-ago = 同比%
tui-ledger-intensity = 排放强度 tCO2e
tui-ledger-greatest = 排放量从大到小
tui-ledger-direct = 不含电力热力 { $tonnes } t
tui-ledger-share-of = 占{ $of } { $share }%
tui-ledger-change = 较 { $period } { $change }%（{ $difference } t）
tui-ledger-intensity-of = { $product } { $value } tCO2e/{ $unit }
tui-ledger-sealed = 已封存
tui-ledger-failed = { $hours } 小时计算失败
tui-ledger-incomplete = { $hours } 小时有缺失
tui-ledger-overlapping = { $hours } 小时重复计量
tui-ledger-provisional = { $hours } 小时暂估
tui-ledger-mark-failed = 有排放未能算出的小时
tui-ledger-mark-incomplete = 有数据缺失的小时
tui-ledger-mark-overlapping = 时段重叠，可能重复计量
tui-ledger-mark-substituted = 含替代数据的小时
tui-ledger-substituted = { $hours } 小时含替代数据
tui-ledger-mark-provisional = 含暂估值，待实测值到达后更新
tui-ledger-mark-sealed = 已封存，不再变更

## 追溯。

tui-explain-awaited = 正在等待守护进程答复……
tui-explain-refused = 无法追溯：{ $why }
tui-explain-unexpected = 守护进程的答复与所问不符，版本可能不同：请重启守护进程。
tui-explain-formula = 公式：
tui-explain-numbers = 代入：
tui-explain-parts = 依据 { $count } 项

## 命令与跳转。

tui-palette = 命令
tui-palette-none = 没有匹配的命令。Esc 关闭。
tui-jump = 跳转：位号、名称、#编号或拼音首字母
tui-jump-none = 没有匹配项。Esc 关闭。
tui-note-now = 记事 { $about } { $time }（现在）
tui-note-at = 记事 { $about } { $time }
tui-note-site = 全厂
tui-note-node = { $name }
tui-note-parameter = { $tag } { $name }
tui-note-unknown = 暂时无法得知以前的记事。
tui-note-still-sent = 已送出，仍会写入；结果会在此说明。
tui-note-of-another = 此记事由 { $person } 开始书写。现在的人请按 Esc 离开后另写。
tui-withdraw-nothing = 请先选定记录：在审计日志（0）中选中或打开它。
tui-withdraw-reason = 请在其后写明原因：:withdraw 写错
tui-withdraw-no-link = 目前没有连接，无法撤回。
tui-withdrawn = 已撤回第 { $of } 条记录（第 { $sequence } 条记录）。
tui-withdraw-unknown = 其间连接中断：第 { $of } 条记录是否已撤回，请看审计日志。
tui-note-waits = 记事“{ $text }”等待 { $person } 重新签到：尚不知是否已写入。
tui-note-dropped = 未记：{ $text }
tui-notice-not-noted = 未记：“{ $text }”。{ $why }
tui-note-none = 此处尚无记事。
tui-note-hint = @14:05 写其他时刻
tui-note-sent = 等待后台写入
tui-note-no-link = 目前没有连接，已输入的内容保留在此。
tui-note-no-time = 现场尚无时间，无法记事。
tui-note-time = “@{ $given }”不是时刻：请写 @14:05、@11-21T14:05 或 @2026-11-21T14:05，后接文字。
tui-notice-noted = 已记入第 { $sequence } 条记录
tui-pane-palette = 命令
tui-pane-jump = 跳转
tui-no-chinese-here = 此终端不能显示中文。
tui-notice-paste-dropped = 在非输入处粘贴了 { $count } 个字符：已丢弃，未执行任何操作。
tui-notice-faults = { $first }（按 ? 查看全部）
tui-help-faults = 您自己的文件中的错误
tui-fault-at = { $file }:{ $line }:{ $column }：{ $why }
tui-fault = { $file }：{ $why }
tui-keys-no-place = 没有名为“{ $given }”的键位区
tui-keys-no-action = 没有名为“{ $given }”的操作
tui-keys-no-key = “{ $given }”不是按键
tui-keys-twice = { $key } 在此处已用于“{ $action }”，这一个未采用
tui-notice-field-full = 输入框已满，其余内容未录入。
tui-command-quit = 退出
tui-command-help = 按键说明
tui-command-theme = 更换配色
tui-command-language = 更换语言
tui-command-pane = 转到画面
tui-command-filter = 只列出含有这些字词的项；不填则全部列出
tui-command-goto = 转到参数或节点：位号、名称、#编号或拼音首字母
tui-command-book = 显示某账簿的合计
tui-command-unknown = 没有命令“{ $given }”。
tui-command-takes-nothing = “{ $command }”后面不接内容。
tui-command-needs = “{ $command }”后面须为：{ $known }
tui-command-no-choice = “{ $command }”没有“{ $given }”，可用的有：{ $known }

## 帮助。

tui-help-keys = 按键
tui-help-marks = 标记
tui-help-mark-impossible = 超出可能范围，不入账
tui-help-mark-operating = 超出运行限值
tui-help-mark-doubtful = 无数据、停滞、坏值或存疑
tui-help-mark-typed = 人工录入
tui-help-mark-corrected = 人工更正
tui-help-mark-simulated = 模拟产生
tui-help-mark-too-wide = 数字比列宽，详情和追溯中可见全部位数
tui-help-theme = carbonwatch { $version }，配色 { $theme }

## 按键作用。

tui-action-up = 上移
tui-action-down = 下移
tui-action-left = 左移
tui-action-right = 右移
tui-action-page-up = 上一页
tui-action-page-down = 下一页
tui-action-first = 首行
tui-action-last = 末行
tui-action-open = 打开
tui-action-explain = 追溯
tui-action-now = 速率与强度
tui-action-zoom-in = 放大
tui-action-zoom-out = 缩小
tui-action-compare = 对比
tui-action-braille = 点阵
tui-action-back = 返回
tui-action-close = 关闭
tui-action-filter = 筛选
tui-action-accept = 确定
tui-action-delete = 删除
tui-action-clear = 清空
tui-action-sort = 排序
tui-action-key-only = 关键
tui-action-freeze = 冻结
tui-action-book = 账簿
tui-action-totals = 合计
tui-action-run = 执行
tui-action-complete = 补全
tui-action-line-start = 行首
tui-action-line-end = 行尾
tui-action-delete-forward = 向后删除
tui-action-delete-word = 删除词
tui-action-command = 命令
tui-action-jump = 跳转
tui-action-note = 记事
tui-action-about = 换对象
tui-action-sign-on = 签到
tui-action-sign-off = 签退
tui-action-crews = 小指标
tui-action-columns = 选列
tui-action-toggle = 显示/隐藏
tui-action-reset = 恢复默认
tui-action-pane-live = 实时
tui-action-pane-ledger = 台账
tui-action-fold = 折叠
tui-action-finer = 下一级
tui-action-coarser = 上一级
tui-action-earlier = 上期
tui-action-later = 下期
tui-action-today = 本期
tui-action-group-by = 分组
tui-action-write = 存文件
tui-action-help = 帮助
tui-action-language = English
tui-action-theme = 配色
tui-action-redraw = 重画
tui-action-copy = 复制
tui-action-plain = 纯文本
tui-action-suspend = 回到命令行
tui-action-refresh = 刷新
tui-action-quit = 退出

## 终端不能使用的原因。

tui-not-a-terminal = 标准输入和输出必须是终端。脚本中请使用 carbonwatch status 或 carbonwatch ledger。
tui-terminal-failed = 终端出错：{ $error }
tui-bad-theme = 配色不能使用：{ $error }
tui-theme-unknown = 没有名为“{ $name }”的配色，可用的有：{ $known }。
tui-theme-colour = “{ $colour }”不是颜色
tui-theme-endless = “{ $name }”继承了自身
tui-theme-missing = 缺少“{ $tone }”：请补上，或继承含有它的配色

## 审计日志。

tui-pane-log = 日志
tui-action-pane-log = 审计日志
tui-action-kind = 类型
tui-action-show = 转到实时
tui-explain-nowhere = 这不属于任何参数或单元。
tui-log-chain = { $count ->
   *[other] 共 { $records } 条记录
}，链 { $head }
tui-log-sealed = 封存至 { $month }
tui-log-not-sealed = 未封存
tui-log-whole = 未见损坏
tui-log-sequence = 记录
tui-log-when = 时间
tui-log-who = 人员
tui-log-kind = 类型
tui-log-from = 来源
tui-log-what = 内容
tui-log-hash = 链
tui-log-awaited = 等待守护进程 …
tui-log-refused = 守护进程未给出：{ $why }
tui-log-none = 没有符合条件的记录。按 Esc 显示全部。
tui-log-none-yet = 第 { $from } 至 { $to } 条中没有符合条件的记录。按下方向键继续向前查找，按 Esc 显示全部。
tui-log-empty = 尚无记录。
tui-log-looked = 已查至 { $from }
tui-log-looking = 查找中 …
tui-log-newer = 上方有 { $count } 条更新的
tui-log-following = 最新
tui-log-all = 全部类型
tui-log-by-people = 人工操作
tui-log-detail = #{ $sequence }  { $when }  { $who }
tui-log-detail-from = 来自 { $from }
tui-log-detail-chain = 链 { $hash }
tui-log-kind-correction = 更正
tui-log-kind-withdrawal = 撤销
tui-log-kind-meter-change = 换表
tui-log-kind-apply = 模型生效
tui-log-kind-adopt = 规则生效
tui-log-kind-restore = 恢复
tui-log-kind-seal = 封存
tui-log-kind-note = 记事
tui-log-kind-sign-on = 签到
tui-log-kind-sign-off = 签退
tui-log-kind-pin = 口令
tui-log-kind-readings = 读数
tui-log-kind-dropped = 已移出
tui-log-kind-unreadable = 无法读取
tui-log-kind-unknown = 未知类型
