"""The exceptions of the project, one small tree.

NianbaoError                 anything a caller may want to catch; its text is one line for a person
├── DocumentError            a body that cannot be opened as a document          (parsers)
├── SitesError               a list of sites that cannot be used                 (scraper)
├── StoreError               a store that cannot be opened or written            (scraper, nianbao)
└── DatasetError             a dataset that cannot be read or written            (nianbao.dataset)
"""


class NianbaoError(Exception):
    """Base of every error raised on purpose; `str(error)` is one line that says what to do."""


class DocumentError(NianbaoError):
    """A body cannot be opened as a document: empty, binary, damaged, or of a kind that is not read."""


class SitesError(NianbaoError):
    """A list of sites cannot be used: missing file, missing column, bad URL."""


class StoreError(NianbaoError):
    """A store cannot be opened or written: no permission, damaged state, disk full."""


class DatasetError(NianbaoError):
    """A dataset cannot be read or written: missing, damaged, of a newer version."""
