"""Sets of scans in the fonts kept for measuring: nothing silently wrong, nearly all right, nearly all verified."""

import pytest

from tests.scans.run import main

pytest.importorskip("onnxruntime")
pytest.importorskip("rapidocr")
SIZE = 6


@pytest.mark.slow
@pytest.mark.timeout(3_000)
@pytest.mark.parametrize("dpi", [110, 150, 200])
def test_a_set_of_scans_is_read(dpi: int) -> None:
    arguments = f"--reports {SIZE} --seed 900 --dpi {dpi} --held-out --inside --show"
    assert main(arguments.split()) == 0
