### `catalogue` 的文字。两种语言的标识和参数必须相同。

catalogue-unreadable = 内置目录文件 { $file } 无法读取：{ $reason }。这是程序缺陷，请反馈。
