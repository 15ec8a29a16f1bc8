### `wire` 的文字。两种语言的标识和参数必须相同。

wire-no-site = “{ $site }”不是现场目录：其中没有 site.toml。请检查路径，或新建现场：carbonwatch init { $site } --template minimal
wire-no-daemon = 现场“{ $site }”没有守护进程在运行。请现场目录的所有者运行：carbonwatch serve { $site }
wire-not-permitted = 无权连接现场“{ $site }”的守护进程。请现场目录的所有者把您加入相应的用户组。
wire-goodbye = 守护进程结束了连接：{ $why }
wire-closed = 守护进程断开了连接。请稍后重试；若再次发生，请查看现场目录 log 下的日志。
wire-silent = 守护进程没有应答。请查看现场目录 log 下的日志。
wire-frame = 与守护进程的通信数据无法识别：{ $error }。两端的程序版本可能不同。
wire-frame-without-right = 本岗位无权录入读数，不能提交这么大的请求。如需录入，请向管理员申请相应角色。
wire-frame-too-large = 消息有 { $bytes } 字节，超出上限 { $most } 字节。请分几次提交。
wire-io = 与守护进程的连接出错：{ $error }
wire-unexpected = 守护进程的应答与请求不符。两端的程序版本可能不同，请重启守护进程。

## Limits of requests

wire-part-too-large = 文件的一段有 { $given } 字节；一次最多 { $most } 字节
wire-batch-too-large = 一批最多 { $most } 条读数，收到 { $given } 条。请分批提交。
wire-text-too-long = { $what }过长：最多 { $most } 个字符。
wire-seen-too-many = 请求说明了 { $seen } 处所见，却只带来 { $readings } 条读数。
wire-lines-too-many = 请求为 { $readings } 条读数给出了 { $lines } 个行号：每条读数最多一个。
wire-typists-too-many = 最多注明 { $most } 位录入人
wire-limit-name = 读数来源的名称
wire-limit-reason = 理由
wire-books-too-many = 一个月至多有 { $most } 个账簿的数值。
wire-limit-note = 记事
wire-limit-staff-number = 工号
wire-limit-pin = 口令
wire-limit-digest = 摘要
wire-limit-serial = 表计编号
wire-limit-number = 数字
wire-limit-path = 路径
wire-limit-key = 因子编号
wire-limit-preferences = 个人设置
wire-courses = 一次可请求 1 至 { $most } 个参数的趋势，本次请求了 { $given } 个。
wire-columns = 趋势的列数须为 1 至 { $most }，本次请求了 { $given } 列。
wire-stretch = 时段的结束须晚于开始，且最长 { $days } 天。
wire-limit-words = 要查找的文字
wire-cells-too-many = 一次 { $given } 格，最多 { $most } 格
wire-limit-cell = 格内文字
wire-values-too-many = 单据上有 { $given } 个值，最多 { $most } 个
wire-limit-form = 单据填写内容
wire-limit-block = 一批单据
