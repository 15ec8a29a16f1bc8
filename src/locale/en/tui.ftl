### Texts of the room `tui`. Ids and arguments are the same in both languages.
