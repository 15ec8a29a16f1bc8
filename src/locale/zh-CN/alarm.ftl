### `quality` 中报警的文字。两种语言的标识和参数必须相同。用词依 GB/T 41261-2022。

## 报警种类。

alarm-kind-no-data = 无数据
alarm-kind-marked-bad = 数据源标记无效
alarm-kind-low-low = 低低
alarm-kind-low = 低
alarm-kind-high = 高
alarm-kind-high-high = 高高

## 报警状态。

alarm-state-normal = 正常
alarm-state-unacknowledged = 未确认
alarm-state-acknowledged = 已确认
alarm-state-returned-unacknowledged = 恢复正常未确认
alarm-state-latched-unacknowledged = 锁定未确认
alarm-state-latched-acknowledged = 锁定已确认
alarm-state-shelved = 搁置
alarm-state-suppressed = 设计抑制
alarm-state-out-of-service = 停用

## 设计抑制的原因。

alarm-suppressed-stopped = 设备停运
alarm-suppressed-severer = 同一参数已有更严重的报警
alarm-suppressed-consequence = 由另一报警引起

## 被拒绝的操作。

alarm-refused-already-active = 报警已经触发：须待报警条件恢复后才能再次触发。
alarm-refused-not-active = 报警无法恢复：其条件并未处于报警。
alarm-refused-hidden = 报警已隐藏（{ $state }），此时无人能对它作出应答：请先使其回到报警列表。
alarm-refused-nothing-to-acknowledge = 没有需要确认的内容，报警状态为{ $state }：无需操作。
alarm-refused-nothing-to-repeat = 只有仍在报警且已确认的报警才能再次提示，此报警状态为{ $state }：无需操作。
alarm-refused-reset-while-active = 条件仍处于报警时不能复位：请等待恢复正常。
alarm-refused-reset-before-acknowledged = 未确认的报警不能复位：请先确认。
alarm-refused-nothing-to-reset = 没有需要复位的内容，报警状态为{ $state }：只有锁定的报警需要复位。
alarm-refused-never-shelved = 此类报警不得搁置：请处理，或经变更审批后停用。
alarm-refused-shelf-without-end = 搁置必须有截止时间：请给出截止时间，自现在起最长 { $longest }。
alarm-refused-shelf-end-past = 搁置截止时间 { $until } 不晚于现在：请给出更晚的时间。
alarm-refused-shelf-too-long = 搁置将持续 { $given }，本厂最长允许 { $longest }：请给出更早的截止时间，或经变更审批后停用。
alarm-refused-no-reason = 缺少原因：请简要说明为何要隐藏此报警。
alarm-refused-reason-too-long = 原因超过 { $most } 个字符：请缩短。
alarm-refused-already-shelved = 报警已搁置至 { $until }，搁置不能延长：请先取消搁置，查看后再重新搁置。
alarm-refused-not-shelved = 报警未被搁置：无需取消。
alarm-refused-shelf-not-over = 搁置至 { $until } 才到期：如需提前恢复，请手动取消搁置。
alarm-refused-already-suppressed = 报警已因该原因被设计抑制（{ $reason }）：无需操作。
alarm-refused-not-suppressed = 报警并未因该原因被设计抑制（{ $reason }）：无需操作。
alarm-refused-already-out-of-service = 报警自 { $since } 起已停用：如原因有变，请先恢复投用。
alarm-refused-not-out-of-service = 报警已在投用：无需操作。

## 报警优先级。

alarm-priority-critical = 紧急
alarm-priority-high = 高
alarm-priority-medium = 中
alarm-priority-low = 低
alarm-consequence-none = 无
alarm-consequence-minor = 轻微
alarm-consequence-major = 较大
alarm-consequence-severe = 严重
alarm-urgency-at-once = 立即
alarm-urgency-soon = 尽快
alarm-urgency-shift = 本班内
alarm-urgency-later = 以后
alarm-owed-none = 无义务
alarm-owed-own-goal = 企业自定目标
alarm-owed-data-plan = 数据质量控制方案
alarm-owed-law = 法定义务

## 处置措施。

alarm-action-said = { $action }
alarm-action-no-data = 查变送器供电和通讯是否正常；恢复前就地抄表并记录。
alarm-action-marked-bad = 查变送器自诊断信息；就地抄表并记录；报修。
alarm-action-low-low = 与就地表计核对；立即将工况调回限值以内；报告值长。
alarm-action-low = 与就地表计核对；将工况调回限值以内；记录原因。
alarm-action-high = 与就地表计核对；将工况调回限值以内；记录原因。
alarm-action-high-high = 与就地表计核对；立即将工况调回限值以内；报告值长。

## 报警泛滥。

alarm-flood-lasts = 报警泛滥：自 { $first } 起 { $alarms } 条报警，十分钟内最多 { $peak } 条。请从首出报警着手。
alarm-flood-over = 报警泛滥已结束：自 { $first } 起 { $alarms } 条报警，十分钟内最多 { $peak } 条，历时 { $length }。

## 性能指标。

alarm-figure-average = 每名操作员每 10 分钟报警数
alarm-figure-peak = 10 分钟内最多报警数
alarm-figure-over-peak = 超过 10 条报警的 10 分钟时段占比
alarm-figure-in-flood = 报警泛滥时间占比
alarm-figure-most-frequent = 前十位高频报警占比
alarm-figure-chattering = 抖动报警数
alarm-figure-stale = 同时存在的陈旧报警数
alarm-figure-critical = 紧急报警占比
alarm-figure-high-and-critical = 高及紧急报警占比
alarm-figure-low = 低优先级报警占比
alarm-standing-nothing = 无数据可计
alarm-standing-good = 达标
alarm-standing-bearable = 可管理
alarm-standing-missed = 未达标
alarm-deed-acknowledge = 确认
alarm-deed-reset = 复位
alarm-deed-shelve = 搁置
alarm-deed-unshelve = 取消搁置
alarm-deed-remove = 停用
alarm-deed-return = 恢复投用
alarm-refused-count = 至少选一条报警，一次最多 { $most } 条。
alarm-refused-unknown = 没有这条报警：该参数不监视此项。请刷新列表再看。
alarm-remark-out = 自 { $since }：{ $reason }
alarm-remark-shelved = 至 { $until }：{ $reason }
alarm-remark-chatters = 频繁抖动
