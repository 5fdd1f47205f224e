"""Readers of office formats: Word, older Office through LibreOffice, sheets, archives, OFD; each ends in a `Page`."""
