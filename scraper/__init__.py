"""Finds, fetches and archives the reports that sites publish; knows no tables."""
