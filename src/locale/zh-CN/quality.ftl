### `quality` 的文字。两种语言的标识和参数必须相同。

## 质量标志。

quality-missing = 缺失
quality-unknown = 未评定
quality-good = 正常
quality-suspect = 可疑
quality-bad = 无效

## 检查项。

quality-check-stamp = 时标
quality-check-gap = 缺数
quality-check-range = 量程
quality-check-spike = 尖峰
quality-check-rate = 变化率
quality-check-flat = 死值
quality-check-attenuated = 信号衰减
quality-check-band = 常见区间
quality-check-outlier = 离群值
quality-check-noise = 噪声
quality-check-shift = 阶跃或漂移
quality-check-counter = 累计量
quality-check-unit = 单位
quality-check-repeated = 照抄
quality-check-balance = 平衡
quality-check-calibration = 检定
quality-check-typing = 录入情况
quality-check-plan = 与计划不符
quality-check-published = 缺省值比对
quality-check-ratio = 比值

## 发现的问题。

quality-found-by-clause = { $found }（计划条款 { $clause }）
quality-found-stamp-range = 时标 { $at } 不在 2000 至 2099 年之间。
quality-found-contested = 同一时标来了两个不同的值：{ $value } 和 { $reference }，两个都不参与比较。
quality-found-gap = 自 { $since } 起 { $length } 没有数值；最长允许 { $limit }。
quality-found-not-finite = 值为 { $value }，不是有限数。
quality-found-sensor-low = { $value } 低于仪表量程下限 { $limit }。
quality-found-sensor-high = { $value } 高于仪表量程上限 { $limit }。
quality-found-operator-low = { $value } 低于运行下限 { $limit }。
quality-found-operator-high = { $value } 高于运行上限 { $limit }。
quality-found-spike-average = { $value } 偏离前后两值的平均值 { $reference }，超过 { $limit }。
quality-found-spike-differential = { $value } 突跳后又返回，偏离较近的相邻值 { $reference } 超过 { $limit }。
quality-found-rate = 与 { $window } 前的最近有效值 { $reference } 相比，每秒变化 { $value }；限值为每秒 { $limit }。
quality-found-flat = 在 { $window } 或更长时间内停在 { $value }，变动不超过 { $reference }；容差为 { $limit }。
quality-found-attenuated = { $window } 内的标准差为 { $value }；正常信号至少为 { $limit }。
quality-found-band-low = { $value } 低于 { $limit }，即第 { $band } 区间（月份、时刻或负荷）的常见下限。
quality-found-band-high = { $value } 高于 { $limit }，即第 { $band } 区间（月份、时刻或负荷）的常见上限。
quality-found-outlier = { $value } 远离此前 { $values } 个值的中位数 { $reference }；限值为 { $limit }。
quality-found-noise = { $window } 内的波动为 { $value }；最大允许 { $limit }。
quality-found-step = { $window }均值 { $value } 偏离其曲线 { $reference }；平滑后超过 { $limit } 倍标准差。约始于 { $since }。
quality-found-drift = { $window }均值 { $value } 逐渐偏离其曲线 { $reference }；自 { $since } 起偏差累计超过 { $limit } 倍标准差。
quality-found-rollover = 累计量越过满码值 { $limit }：由 { $reference } 到 { $value }。
quality-found-reset = 累计量重新起计：由 { $reference } 到 { $value }。
quality-found-fall = 累计量无故由 { $reference } 降至 { $value }；如曾换表，请登记换表。
quality-found-came-back = 表底从 { $reference } 升到 { $value }，回到下降前的 { $limit }：下降的读数有误，而这段上升已计量。请剔除下降的读数。
quality-found-too-fast = 累计量由 { $reference } 升至 { $value }，超过该表所能计到的 { $limit }。
quality-found-scale = { $value } 约为合理值的 { $limit } 倍，可能单位有误，应为 { $reference }。
quality-found-repeated = { $value } 已连续第 { $limit } 次相同。
quality-found-imbalance = { $window } 内前项减后项为 { $value }，后项为 { $reference }；最多允许相差 { $limit }。
quality-found-ratio-low = { $window } 内的比值为 { $value }（{ $above } 比 { $below }），低于 { $limit }。
quality-found-ratio-fell = { $window } 内的比值为 { $value }，此前各时段为 { $reference }（下限 { $limit }）。
quality-found-ratio-rose = { $window } 内的比值为 { $value }，此前各时段为 { $reference }（上限 { $limit }）。
quality-found-calibration = 计量器具的检定于 { $since } 到期，已过 { $value } 天（允许 { $limit } 天）。
quality-found-typed-late = 晚于其时刻 { $window } 录入；通常不超过 { $limit }。是否先记在纸上？
quality-found-typed-together = { $window }内录入 { $value } 次巡检（通常不超过 { $limit } 次）。是否先记在纸上？
quality-found-regular-digits = 最近 { $values } 个值的末位数字有 { $value }% 为 0 或 5（通常不超过 { $limit }%）。刻度是否只能这样粗读？
quality-found-unplanned-origin = 以“{ $origin }”方式到来，不在该参数的计划之内。
quality-found-off-published = { $value } 与公布的 { $reference } 相差过大，限值 { $limit }。
quality-found-ratio-high = { $window } 内的比值为 { $value }（{ $above } 比 { $below }），高于 { $limit }。

## 被拒绝的设置。

quality-settings-not-finite = “{ $key }”不是有限的数：请只写数字。
quality-settings-not-positive = “{ $key }”为 { $given }，什么也查不出：请给出大于 0 的值。
quality-settings-outside = “{ $key }”为 { $given }：请给出 { $low } 至 { $high } 之间的值。
quality-settings-upside-down = “{ $key }”上下颠倒：下限 { $low } 高于上限 { $high }，请对调。
quality-settings-endless = “{ $key }”既无下限又无上限：请至少给出一个。
quality-settings-not-inside = “{ $key }”不在“{ $outer }”之内：超出“{ $outer }”的值已判无效，请收窄。
quality-settings-less-than = “{ $key }”小于“{ $than }”，其中一个将永远不起作用：请改为不小于后者。
quality-settings-no-load = “{ $key }”按负荷，却没有写明负荷由什么给出：请写明。
quality-settings-nothing = “{ $key }”没有可检查的内容：请补全或删去。
quality-check-arrival = 到达
quality-found-came-late = 晚于其时刻 { $window } 到达；通常不超过 { $limit }。缺失部分其间已被替代。
quality-found-came-over-filled = 人工替代的 { $hours } 个小时现在有了数据，改按数据计：平均 { $value }，人工填的是 { $limit }。
quality-found-future-round = 录入到了 { $window } 之后的时刻；通常不超过 { $limit }。请核对巡回时刻是否正确。
quality-found-future-stamp = 时标超前时钟 { $window }；通常不超过 { $limit }。请检查设备时钟。
quality-found-without-load = { $window }内分子为 { $value }，而分母只有 { $reference }；最多可为 { $limit }。
quality-settings-too-few = “{ $key }”内只有 { $fits } 个读数，而需要 { $needed } 个：永远不会有结论。请加长或减少所需个数。
quality-settings-takes-all = “{ $key }”包含了一切可能值，永远不会有结论。请缩小。
quality-settings-hidden = “{ $key }”之前有一个区间总是先成立。请把较窄的放在前面。
