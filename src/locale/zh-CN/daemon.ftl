### `daemon` 的文字。两种语言的标识和参数必须相同。

## 启动与停止

daemon-already-runs = 现场“{ $site }”已有守护进程在运行（进程号 { $pid }）。请用 carbonwatch watch 连接；如需重启，请先运行 carbonwatch stop。
daemon-cannot-lock = 无法锁定 { $path }：{ $error }。请检查现场目录的权限和磁盘空间。
daemon-socket-answered = { $path } 上已有守护进程应答。请先停止它。
daemon-not-a-socket = { $path } 不是套接字，程序不会删除它。请确认后移走该文件，再重新启动。
daemon-cannot-listen = 无法建立套接字 { $path }：{ $error }
daemon-stopped = 按要求停止
daemon-stopped-by-signal = 收到系统的停止信号
daemon-stopping = 守护进程正在停止，请求未执行。
daemon-writer-ended = 写入线程意外结束，请查看日志
daemon-starting = 现场“{ $site }”没有守护进程，正在启动……
daemon-not-yours = 现场“{ $site }”没有守护进程在运行，只有目录所有者 { $owner } 可以启动它。请联系 { $owner } 运行：carbonwatch serve { $site }
daemon-start-failed = 守护进程未能启动：{ $said }
daemon-start-slow = 守护进程启动后 { $seconds } 秒仍未应答。请查看 { $log } 中的日志。
daemon-cannot-start = 无法启动守护进程：{ $error }
daemon-no-log = 无法在 { $path } 写日志：{ $error }。请检查权限和磁盘空间。

## 连接与权限

daemon-too-many-clients = 连接数已达上限。请关闭不用的终端后重试。
daemon-too-many-of-user = 本用户已有 { $most } 个连接，达到上限。请关闭不用的终端或程序后重试。
daemon-no-post = 用户 { $user } 在本现场没有岗位。请联系 { $owner }，在 site.toml 的 posts 中为您的用户或用户组指定角色。
daemon-no-hello = 连接后没有及时发来问候，已断开。
daemon-not-carbonwatch = 收到的不是 carbonwatch 的消息，已断开。
daemon-other-version = 协议版本不同：{ $program } 使用版本 { $theirs }，守护进程使用版本 { $ours }。请使用同一版本的程序，或重启守护进程。
daemon-no-right = 用户 { $user } 无权{ $right }。如有需要，请联系 { $owner } 调整岗位角色。
daemon-no-right-person = 工号 { $staff_number } 的人员无权{ $right }。如有需要，请联系 { $owner } 调整本人角色。
daemon-sign-on-first = 此登录名由多人共用：要{ $right }请先签到（终端按 S，命令行用 --staff 工号）。
sign-on-own-login = 此登录名属于工号 { $person } 本人，他人不能在此签到。
sign-on-wrong = 工号或口令错误。
sign-on-no-pin = 此人尚无口令，首个口令由管理员设置（carbonwatch pin 现场 工号 --reset）。
sign-on-wait = 错误次数过多，{ $seconds } 秒后可再试。
sign-on-failed = 无法处理口令：{ $error }。请联系守护进程的管理者，其日志有详情。
sign-on-not-kept = 无法保存口令：工号过长，或此处有口令的人过多。
pin-same = 新口令与原口令相同，请另选。
pin-of-another = 原口令须由本人输入：请先签退。
daemon-changed-meanwhile = 等待期间模型已变，操作权限随之改变。请重新查看，必要时重新签到。
pin-nobody = 生效的模型中没有工号 { $staff_number }。请先在 site.toml 中加入 [[person]] 并使之生效。
pin-needs-old = 还需输入原口令。尚无口令或忘记口令的，由管理员设置（carbonwatch pin 现场 工号 --reset）。
daemon-right-read = 查看
daemon-right-answer = 处理报警
daemon-right-hand-over = 签交接班
daemon-right-approve = 批准计划版本
daemon-right-close = 月度关账
daemon-origin-of-machines = 任何人都不能以“{ $origin }”的方式提交读数：该方式只属于后台从设备读取的数据。请以文件或人工录入提交。
daemon-right-enter = 录入读数
daemon-right-note = 写记事
daemon-right-correct = 更正读数
daemon-right-model = 修改模型或采用规则
daemon-right-administer = 管理守护进程
daemon-answer-too-large = 结果过大（{ $bytes } 字节）。请缩短时段或减少行数后再查。

## 记录与读取
daemon-disk-full = 磁盘空间不足：剩余 { $free } MiB，恢复接收需要 { $needed } MiB。已有数据可以查看，腾出空间后会自动恢复接收。
daemon-checkpoints-fail = 已记录的数据无法写入状态库，内存中不能再积压更多。请查看日志并检查磁盘，检查点能写入后会自动恢复接收。
daemon-write-full = 磁盘空间不足，请求没有记录，未作任何改动。腾出空间后会自动恢复接收。
daemon-record-too-large = 该请求要写入的内容过大（{ $bytes } 字节，上限 { $most } 字节），未记录任何内容。请分几次提交。
daemon-cannot-record = 请求没有记录，未作任何改动：{ $error }。守护进程正在自行恢复，请稍后重试。
daemon-cannot-read = 历史数据无法读取：{ $error }。请查看日志，必要时停止守护进程后从备份恢复。
daemon-question-too-long = 数据不断到来，该查询耗时过长，已放弃。请缩短时段、加大步长，或在数据较少时再查。
daemon-ledger-too-large = 该表有 { $figures } 个数，超出上限 { $most } 个。请缩短时段、加大步长，或只查一个节点。
daemon-no-model = 现场还没有生效的模型。请检查 site.toml。
daemon-no-rules = 现场还没有生效的核算规则。请运行 carbonwatch adopt。
daemon-no-record = 日志中没有第 { $sequence } 条记录。
daemon-reason-missing = 请写明原因：更正、撤销和换表都要留下理由。
daemon-no-thread = 系统无法启动新线程：{ $error }。请稍后重试。
daemon-not-a-write = 该请求不是写入请求。两端的程序版本可能不同。
daemon-not-a-read = 该请求不是查询请求。两端的程序版本可能不同。
daemon-not-a-site = “{ $site }”不是现场目录：其中没有 site.toml。请检查路径，或用 carbonwatch init 新建现场。

## 模型与规则
daemon-site-file-unreadable = 无法读取 { $path }：{ $error }
daemon-site-file-bad = 模型文件有 { $count } 处问题，未作任何改动。 { $list }
daemon-problems-and = { $problem } { $rest }
daemon-problems-more = 另有 { $more } 处，用 carbonwatch check 查看全部。
daemon-problems-none = 没有说明。
daemon-plan-outdated = 计划之后内容已经改变，未作任何改动。请重新运行 carbonwatch plan 查看影响，再执行。
daemon-rules-same = 本程序的核算规则与生效规则相同。
daemon-rules-new = 将采用本程序的核算规则（摘要 { $digest }）。
daemon-change-added = 新增{ $sort } { $key }
daemon-change-removed = 删除{ $sort } { $key }
daemon-change-renamed = { $sort } { $from } 改名为 { $key }
daemon-change-field = { $sort } { $key }：{ $field } 由 { $old } 改为 { $new }

## 时钟
daemon-clock-held = 系统时钟跳变约 { $minutes } 分钟，现场时间暂不跟随。时钟恢复后自动消除；若跳变属实，请由管理员确认：carbonwatch clock SITE --confirm
daemon-clock-implausible = 时间超出 2000 年至 2100 年的范围。
daemon-clock-nothing-held = 没有待确认的时钟跳变。
daemon-clock-real = 这是真实现场，时间取自系统时钟，不能设置。
daemon-clock-simulated = 这是模拟现场，时间随数据推进，无需确认。

## 数据来源
daemon-mapping-unreadable = 无法读取映射文件 { $path }：{ $error }
daemon-mapping-bad = 映射文件有误，请检查。

## 日志记录
daemon-record-title = 日志第 { $sequence } 条（{ $kind }）
daemon-record-at = 记录时间 { $at }。
daemon-record-user = 用户
daemon-record-roles = 当时的角色
daemon-record-hash = 链摘要
daemon-record-unknown = 本版本不能识别的记录（类型 { $kind }，版本 { $version }）：{ $error }

## 核验
daemon-not-a-digest = 摘要应为 64 位十六进制数字。
daemon-chain-broken = 日志链断裂：{ $place }
daemon-digest-not-in-chain = 给出的摘要不在日志链中：日志被改写过，或摘要属于另一个现场。
daemon-row-damaged = { $tree } 中的行 { $key } 已损坏：{ $damage }
daemon-rows-damaged-more = 另有 { $more } 行损坏。
daemon-state-unreadable = 状态库无法读取：{ $error }。守护进程将由日志重建。
daemon-rows-missing = { $tree } 中的行数与写入时不符。

## 启动时的恢复
daemon-recovered-tail = 日志末尾有 { $bytes } 字节未写完，从未确认过，已移到 { $kept }。
daemon-state-from-export = 由导出 { $export } 恢复后重放日志
daemon-state-from-journal = 由日志重放
daemon-state-absent = 没有状态库，已重建（{ $from }）。
daemon-state-set-aside = 状态库无法使用（{ $reason }），已移到 { $kept }，并重建（{ $from }）。
daemon-backup-not-absolute = 备份目录 { $path } 应为绝对路径。
daemon-record-dropped = 第 { $sequence } 条记录不能撤回：它位于已封存的月份，其读数已不在日志中
daemon-check-dropped = 记录 { $sequence } 已无法复核：其所在月份已封存，读数已移出日志
daemon-seal-not-verified = 该封存所指的导出未经本守护进程就这些月份核验，或此后已另作导出。请重新运行 “carbonwatch seal”
daemon-seal-dropped = 未封存：投递目录中还有尚未处理的文件（{ $folders }），其中属于封存月份的数据此后将一概不收。请等其接收完毕（carbonwatch status --feeds 显示受阻原因），或移走不需接收的文件，再行封存
daemon-sealed-export-bad = 封存月份的导出缺失或损坏：{ $error }。请把另存的副本（文件名以 -{ $number }.cwx 结尾）拷回 { $directory }，可保留原名
daemon-dropped-without-seal = 第 { $sequence } 条记录内容缺失，且不在任何封存范围内
daemon-not-yet-written = 第 { $sequence } 条记录尚未写入状态库，请稍后再查
daemon-nothing-known = { $at } 时尚无任何记录
daemon-personal-not-kept = 内容太长，或保存的人太多。
daemon-personal-failed = 磁盘未能写入：{ $error }
daemon-record-person = 人员
daemon-record-from = 来源
daemon-record-file-digest = 文件摘要
daemon-drafts-too-many = 未提交的录入页过多，请先提交或清空一些。
daemon-drafts-failed = 录入内容或附件无法保存：{ $error }
sheet-unknown = 没有录入表“{ $key }”
sheet-page-unfit = 录入表“{ $key }”没有 { $page } 这一页
sheet-cell-changed = { $tag } { $at }：其间 { $by } 在该格键入了 { $theirs }。未提交任何内容：请重新查看该页。
sheet-cell-gone = { $tag } { $at }：{ $by } 在该格键入的 { $theirs } 其间已清空或已提交。未提交任何内容：请重新查看该页。
sheet-no-cell = 录入表没有这个格：现场模型已变更，请重新打开录入表。
