### Texts of the room `daemon`. Ids and arguments are the same in both languages.
