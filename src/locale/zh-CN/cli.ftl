### `cli` 的文字。两种语言的标识和参数必须相同。

# calc
calc-no-method = 请指定核算方法，或用 --list 列出全部方法。
calc-unknown-method = 没有核算方法“{ $method }”。查看全部方法：carbonwatch calc --list
calc-not-an-input = “{ $given }”不是“名称=数值”的形式，例如 electricity=120 或 fuel_mass="1200 t"。
calc-unknown-input = 方法 { $method } 没有输入“{ $input }”，可用输入：{ $known }。
calc-given-twice = 输入“{ $input }”重复给出，只能给一次。
calc-missing = 方法 { $method } 还需要：{ $missing }。
calc-input = 输入“{ $input }”：{ $error }
calc-several-sets = 输入“{ $input }”：因子 { $key } 在多个因子集中（{ $sets }），请用 --factor-set 选择。
calc-period-needed = 输入“{ $input }”：因子 { $key } 随时间变化。请写明数据年份，如 @{ $key }/2022，或用 --month 指定月份。
calc-month = “{ $given }”不是月份，请写成 2025-03 的形式。
calc-year = 输入“{ $input }”：“{ $year }”不是数据年份，请写成 @grid.national/2022 的形式。
calc-write = 结果无法写出：{ $error }
calc-factor = { $key }：{ $name }，{ $value }；{ $document }，{ $table }（{ $trust }）
calc-provisional = { $factor }；暂用
calc-rounded = { $value }，修约到毫克（精确值 { $exact } t）
calc-role-quantity = 活动数据
calc-role-property = 化验值、因子或常数
calc-role-factor = 因子或常数

# init
init-unknown-template = 没有模板“{ $template }”。可用的有：{ $known }。
init-not-empty = { $path } 里已有内容。请选择新目录或空目录。
init-not-a-directory = { $path } 不是目录。请选择新目录或空目录。
init-input-output = 无法建立 { $path }：{ $error }。没有留下任何内容。
init-refused = 不能这样建立现场：{ $problems }
init-done = 已按模板“{ $template }”建立现场 { $path }。
init-next = 下一步：把 { $file } 改成本厂的情况，然后执行：carbonwatch check { $path }

# check
check-input-output = 无法读取 { $path }：{ $error }
check-no-site = { $path } 不是现场：里面没有 site.toml。新建现场：carbonwatch init { $path }
check-write = 无法写出结果：{ $error }
check-clean = { $file } 没有问题：{ $nodes } 个节点、{ $meters } 个计量器具、{ $parameters } 个参数、{ $sources } 个排放源、{ $books } 个账簿。
check-problems = { $file } 有 { $count } 处问题。
