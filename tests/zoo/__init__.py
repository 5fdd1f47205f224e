"""A zoo of layouts: random reports rendered as they are really published, with what can be read back from each.

Nothing here imports the program: the forms are read from their TOML as data, the arithmetic and the search for
placements are this package's own. Only `tests.zoo.run` calls the program, to judge it.
"""
