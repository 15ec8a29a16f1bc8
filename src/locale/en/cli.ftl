### Texts of the room `cli`. Ids and arguments are the same in both languages.
