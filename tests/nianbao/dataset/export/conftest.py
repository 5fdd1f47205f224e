from pathlib import Path

import pytest

from nianbao.dataset.reader import Dataset, open_dataset
from tests.nianbao.dataset.export.hard_store import fill


@pytest.fixture(scope="session")
def hard_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store that nobody may write to."""
    return fill(tmp_path_factory.mktemp("hard"))


@pytest.fixture(scope="session")
def hard(hard_store: Path) -> Dataset:
    return open_dataset(hard_store)
