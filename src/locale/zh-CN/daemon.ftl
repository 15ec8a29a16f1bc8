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
daemon-no-post = 用户 { $user } 在本现场没有岗位。请联系 { $owner }，在 site.toml 的 posts 中为您的用户或用户组指定角色。
daemon-no-hello = 连接后没有及时发来问候，已断开。
daemon-not-carbonwatch = 收到的不是 carbonwatch 的消息，已断开。
daemon-other-version = 协议版本不同：{ $program } 使用版本 { $theirs }，守护进程使用版本 { $ours }。请使用同一版本的程序，或重启守护进程。
daemon-no-right = 用户 { $user } 无权{ $right }。如有需要，请联系 { $owner } 调整岗位角色。
daemon-right-read = 查看
daemon-right-enter = 录入读数
daemon-right-correct = 更正读数
daemon-right-model = 修改模型或采用规则
daemon-right-administer = 管理守护进程
daemon-batch-too-large = 一批最多 { $most } 条读数，收到 { $given } 条。请分批提交。
daemon-answer-too-large = 结果过大（{ $bytes } 字节）。请缩短时段或减少行数后再查。
