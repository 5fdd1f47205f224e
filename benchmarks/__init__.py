"""Measurements of the parser; README.md says how to run them."""
