### Texts of the room `site`. Ids and arguments are the same in both languages.
