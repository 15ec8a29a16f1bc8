### Texts of the room `accounting`. Ids and arguments are the same in both languages.
