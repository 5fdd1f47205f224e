"""Nights over sites that live: thirty of them by a script, and hundreds with faults."""
