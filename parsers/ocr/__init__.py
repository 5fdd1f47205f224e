"""Scans: pictures of printed pages, read cell by cell with models that come with the `ocr` extra, offline."""
