### Texts of the room `store`. Ids and arguments are the same in both languages.
