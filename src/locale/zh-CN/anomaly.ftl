### 数据异常的文本。两种语言的标识和参数相同。

## 根本原因。

cause-class-meter = 计量器具
cause-class-communication = 通信
cause-class-entry = 录入
cause-class-process = 工况
cause-class-real-change = 真实变化
cause-class-factor = 因子与设置

## 审核员的结论。

disposition-real = 属实
disposition-correct = 更正
disposition-gap-fill = 按计划替代
disposition-reject = 剔除
disposition-instrument-fault = 仪表故障
disposition-entry-error = 录入错误

## 处置进展。

anomaly-stage-new = 新
anomaly-stage-assigned = 已分派
anomaly-stage-investigating = 调查中
anomaly-stage-disposed = 已处置
anomaly-stage-closed = 已关闭
anomaly-stage-gone = 已消失

## 操作。

anomaly-deed-assign = 分派
anomaly-deed-take = 认领
anomaly-deed-comment = 批注
anomaly-deed-dispose = 处置
anomaly-deed-close = 关闭
anomaly-deed-reopen = 重开
anomaly-deed-link = 关联不符合
anomaly-deed-take-back = 撤回处置

## 拒绝。

anomaly-refused-count = 至少选一条异常，一次最多 { $most } 条。
anomaly-refused-disposed = { $by } 已于 { $at } 处置：要重新处置，请先撤回该记录。
anomaly-refused-closed = { $by } 已于 { $at } 关闭：请先重开。
anomaly-refused-theirs = 已经由其负责。
anomaly-refused-not-disposed = 尚未处置：请先给出结论。
anomaly-refused-not-closed = 它没有关闭。
anomaly-refused-same-person = 涉及排放量较大，须由处置人以外的人关闭。
anomaly-refused-gone = 检查已不再发现它，它已离开队列。
anomaly-refused-unchanged = 这样做不会改变什么。
anomaly-refused-other-cause = 只能一起关闭同一根本原因的异常：请单独关闭这一条。
anomaly-refused-one = 异常 { $number }：{ $why }
anomaly-unknown = 没有编号为 { $number } 的异常。
anomaly-text-too-long = 最多可保存 { $most } 个字符。
anomaly-text-missing = 没有填写内容：“{ $deed }”需要说明。
anomaly-take-back-by-withdrawal = 撤回处置请撤回其记录。
anomaly-no-person = 企业模型中没有工号 { $staff_number }。
anomaly-cause-missing = 根本原因是什么？请给出其编号。
anomaly-no-cause = 企业计划中没有编号为 { $number } 的根本原因。
anomaly-no-plan = { $tag } 没有缺失数据处理计划：请剔除或更正其数值。
anomaly-gap-has-none = 缺数期间没有可更正或剔除的读数：可判为属实、按计划替代或仪表故障，或人工填补其小时。
anomaly-parameter-gone = 现行模型中已没有该参数：请判为属实并关闭。
anomaly-corrected-already = 第 { $record } 条记录已更正过其中的读数（{ $at }）：请先撤回该记录。
anomaly-no-readings = 没有可更正的读数。
anomaly-too-many-readings = 将涉及超过 { $most } 个读数：请分次处置。
anomaly-unfit-correction = 更正后的数值不是 { $tag } 可取的值。

## 记录。

record-kind-anomaly = 异常处置
record-kind-anomaly-found = 发现异常
record-anomalies-found = 报告 { $count } 条异常：{ $numbers }（消失 { $gone } 条）
record-anomalies = { $deed } { $count } 条异常：{ $numbers }（涉及读数 { $readings } 个）
record-anomalies-cause = 原因 { $number }
record-anomalies-evidence = 证据：{ $evidence }
record-anomalies-nonconformity = 不符合 { $number }
record-anomalies-comment = { $deed } { $count } 条异常：{ $numbers }（涉及读数 { $readings } 个），说明：{ $comment }
record-anomaly-withdrawal = 撤回第 { $of } 条记录对 { $anomalies } 条异常的处置，读数 { $count } 个，原因：{ $reason }
record-change-anomaly = 异常 { $number }
record-change-anomaly-found = 异常 { $number }，{ $tag }：{ $why }
record-change-anomaly-gone = 异常 { $number }，{ $tag }：已不再发现
anomaly-of-relation = { $name }（{ $terms }，单位 { $unit }）：{ $found }
anomaly-of-relation-bare = { $name }（{ $terms }）：{ $found }
anomaly-of-relation-readings = 关系（{ $terms }）本身不能说明哪个值有误：请在该参数自己的异常中或用 carbonwatch correct 更正、剔除读数，此处填属实或仪表故障。
