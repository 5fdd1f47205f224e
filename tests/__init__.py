"""The tests, one package so that the zoo can be imported by name."""
