"""Trains the second reader of digits, whose weights the program carries: `python -m tests.scans.training.learn`.

Needs JAX, optax and onnx beside the project's own dependencies, and the fonts named in `glyphs`; nothing of it is used
when a scan is read. The samples are drawn from fonts of Debian and worn as printers and scanners wear them.
"""
