### Texts of the room `connect`. Ids and arguments are the same in both languages.
