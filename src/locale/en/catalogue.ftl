### Texts of the room `catalogue`. Ids and arguments are the same in both languages.

catalogue-unreadable = The built-in catalogue file { $file } cannot be read: { $reason }. This is a fault of the program; please report it.
