### `accounting` 的文字。两种语言的标识和参数必须相同。

# 运算
accounting-overflow = 结果过大，无法精确计算。请检查数值和单位。
accounting-division-by-zero = 除数为零。请检查数值。

# 数值可信程度
trust-computed = 精确推算
trust-two-sources = 两处来源一致
trust-dataset = 公开数据集
trust-transcription = 转录，待核对
trust-secondary = 间接引用，待核对

# 排放类别
category-fuel-combustion = 化石燃料燃烧
category-process = 生产过程
category-purchased-electricity = 购入电力
category-purchased-heat = 购入热力
category-sold-electricity = 输出电力
category-sold-heat = 输出热力
category-recovery = 回收利用与固碳

# 因子
factor-unknown-key = 现行规则中没有因子“{ $key }”。请选用目录中的因子，或填写常数并注明来源。
factor-not-in-sets = 账簿所列因子集中没有“{ $key }”，该因子在 { $sets } 中。请把该因子集加入账簿的 factor_sets。
factor-not-for-period = 因子“{ $key }”没有适用于 { $month } 的数值，现有：{ $available }。请指定数据年份 data_year，或填写常数并注明来源。
factor-no-such-data-year = 因子“{ $key }”没有 { $year } 数据年份，现有：{ $available }。

# 方法
method-unknown = 没有核算方法“{ $method }”。请在方法列表中查找。
method-input-count = 方法 { $method } 需要 { $expected } 个输入，给出了 { $given } 个。

# 绑定
binding-unknown-method = 排放源“{ $source }”：现行规则中没有方法“{ $method }”。请检查名称和版本号。
binding-foreign-method = 排放源“{ $source }”：现行规则中的方法 { $method } 与本程序不一致。请安装采用该规则时的 carbonwatch 版本。
binding-missing-input = 排放源“{ $source }”：方法 { $method } 缺少输入“{ $input }”（单位 { $unit }）。请绑定到参数、因子或常数。
binding-unknown-input = 排放源“{ $source }”：方法 { $method } 没有输入“{ $input }”，可用输入：{ $known }。
binding-not-a-quantity = 排放源“{ $source }”：输入“{ $input }”是活动数据，只能绑定到流量、累计量或数量参数。
binding-wrong-kind = 排放源“{ $source }”：输入“{ $input }”不能取自参数 { $parameter }（{ $kind ->
    [flow] 流量
    [counter] 累计量
    [amount] 数量
    [property] 品质参数
   *[state] 状态量
}）。活动数据取自流量、累计量或数量，化验值取自品质参数，因子取自目录或填写常数。
binding-wrong-window = 排放源“{ $source }”：输入“{ $input }”不能按该时间窗取值，可用：{ $allowed }。
binding-wrong-dimension = 排放源“{ $source }”，输入“{ $input }”：{ $error }
binding-unknown-parameter = 排放源“{ $source }”：输入“{ $input }”引用的参数编号 { $parameter } 在模型中不存在。
binding-unknown-factor = 排放源“{ $source }”：输入“{ $input }”引用的因子“{ $key }”不在现行规则中。请选用目录中的因子，或填写常数并注明来源。
