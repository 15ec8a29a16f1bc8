### Texts of the room `catalogue`. Ids and arguments are the same in both languages.
