### Texts of the room `wire`. Ids and arguments are the same in both languages.
