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
entry-heading-tag = { $cell }：录入表中没有位号“{ $tag }”
entry-heading-unclear = { $cell }：“{ $given }”无法确定是哪一天，请写成 2025-03-01
entry-heading-no-day = { $cell }：“{ $given }”不是日期；此处应为 2025-03-01 这样的日期，或当月第几日
entry-heading-none = { $cell } 没有对应的位号或日期：{ $heading } 为空。请填写，或清除 { $cell }
entry-heading-twice = { $cell }：“{ $given }”重复，请只留一个
entry-heading-other-month = { $cell }：{ $date } 不在 { $page } 这一页，请按月分别录入
entry-heading-no-such-day = { $cell }：{ $page } 没有 { $day } 日
entry-heading-months = { $first } 属于 { $first_month }，{ $second } 属于 { $second_month }，请按月分别录入
entry-workbook-other = 不是 XLSX 工作簿，请在电子表格中另存为 .xlsx
entry-workbook-old = 是 Excel 2003 及更早的工作簿，请在电子表格中另存为 .xlsx
entry-workbook-password = 工作簿有密码保护，请取消密码后保存
entry-workbook-damaged = 工作簿已损坏或不完整，请重新取得，或在电子表格中重新保存
entry-workbook-unpacked = 工作簿解压后超过 { $most } MiB，请把所需的工作表单独存为一个工作簿
entry-workbook-cells = 从 A1 到最后一格共 { $cells } 格，一次最多 { $most } 格，请清除无关的内容
entry-workbook-several = 有内容的工作表不止一个：{ $names }。请用 --worksheet 指明
entry-workbook-no-sheet = 没有工作表“{ $name }”；现有 { $names }
entry-workbook-empty = 工作簿中没有任何内容
entry-workbook-empty-sheet = 工作表“{ $name }”中没有任何内容
entry-workbook-long = 单元格 { $cell } 的文字过长，不是数值也不是位号。请从工作表中删去。
entry-workbook-merged = { $range } 是合并单元格，只有第一格有值。请拆分，并逐格填写
entry-workbook-uncomputed = { $count } 个公式从未计算：{ $cells }。请在电子表格中打开并保存工作簿
entry-workbook-formulas = { $count } 格是公式：{ $cells }，取其最后的计算值。
entry-workbook-unfit = { $count } 格是错误值或逻辑值：{ $cells }。
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
