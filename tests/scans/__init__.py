"""Reports as scans: truths of the zoo drawn on paper, worn as printers and scanners wear them, and judged.

Shares nothing with the program but the forms, which the zoo reads from their TOML as data.
"""
