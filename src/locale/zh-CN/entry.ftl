## 录入表各格中键入的内容。

entry-comma = “{ $given }”中有逗号：小数请写 { $meant }，整数请去掉逗号
entry-too-many-digits = “{ $given }”的位数多于此处保留的位数：小数点后 { $decimals } 位
entry-ditto-nothing = 前面没有可照抄的值
entry-ditto-reason = 请写明为何同上：' 表卡住
entry-formula = “={ $given }”在第 { $place } 个字符处无法识读
entry-formula-value = “={ $given }”得不到可保存的值
entry-block-cells = 粘贴了 { $cells } 格，一次最多 { $most } 格
entry-block-size = 粘贴块有 { $height } 行 { $width } 列；从此处起只剩 { $rows } 行 { $columns } 列
entry-block-tag = 录入表中没有位号“{ $tag }”
entry-doubt-impossible = 超出可能范围 { $limits }：保留但不计入。
entry-doubt-limits = 超出运行限值 { $limits }。
entry-doubt-point = 小数点位置对吗？之前约为 { $meant }。
entry-doubt-row = 像是 { $tag } 的值：行对吗？
entry-doubt-far = 与前一个值 { $last } 相差很大。
entry-doubt-fell = 累计表不会倒走：之前为 { $last }。
entry-doubt-faster = 自上次抄表走了 { $counted }，再之前走了 { $before }。
entry-doubt-digits = 小数位少于通常的 { $usual } 位：电子表格复制的是显示值，不是原值。
entry-doubt-grouped = 逗号已按千位分隔符处理。
entry-doubt-sent = 已提交过 { $sent }，将被此值取代。
entry-doubt-other-holds = 此处已有 { $other }（{ $origin }），按计划仍以它计入，此值存在其下。
entry-doubt-other-yields = 此处已有 { $other }（{ $origin }），按计划由此值取代。
