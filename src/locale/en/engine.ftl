### Texts of the room `engine`. Ids and arguments are the same in both languages.
