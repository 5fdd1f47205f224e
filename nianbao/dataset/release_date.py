"""When a dataset is from: the latest fetch of anything in it, which a clock does not change."""

from datetime import datetime

import pyarrow.compute as pc

from nianbao.dataset.reader import Dataset
from nianbao.dataset.tables import read_part, years_of
from parsers.errors import DatasetError

_WITH_FETCHES = ("reports", "documents", "history/reports")


def latest_fetch(dataset: Dataset) -> datetime:
    """Return the latest first fetch of a version or document, in UTC.

    Raises DatasetError if the dataset holds no report, or a file of it is damaged.
    """
    latest = [
        pc.max(read_part(dataset.folder, name, year).column("fetched_at")).as_py()
        for year in years_of(dataset.folder)
        for name in _WITH_FETCHES
    ]
    found = max(filter(None, latest), default=None)
    if found is None:
        raise DatasetError(f"{dataset.folder}: holds no report yet; harvest some first")
    return datetime.fromisoformat(found)
