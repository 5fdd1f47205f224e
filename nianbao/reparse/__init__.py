"""Parses an archive again: units of work, whoever runs them, and what they bring together."""
