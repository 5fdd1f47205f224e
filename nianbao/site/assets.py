"""What every page shares: styles, scripts, and the chart library, which comes with the package `vl-convert-python`."""

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from parsers.errors import StoreError

_FOLDER = Path(__file__).with_name("assets")
_ROOT = Path(__file__).resolve().parents[2]


def assets(*, charts: bool = True) -> Iterator[tuple[str, str]]:
    """Yield name and content of every shared file; `charts` adds the library that draws them."""
    for path in sorted(_FOLDER.iterdir()):
        if path.is_file():
            yield f"a/{path.name}", path.read_text(encoding="utf-8")
    if charts:
        yield "a/vega.js", _chart_library()


@cache
def _chart_library() -> str:
    command = [sys.executable, "-P", "-m", "nianbao.site.bundling"]
    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
    done = subprocess.run(command, capture_output=True, check=False, env=environment)  # noqa: S603 - our own module
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise StoreError(f"the chart library cannot be had from vl-convert-python ({last}); install it again")
    return f"{_NOTICE}{done.stdout.decode()}"


_NOTICE = """/* Vega, Vega-Lite and Vega-Embed with what they need, as bundled by vl-convert.
Copyright (c) 2015-2025, University of Washington Interactive Data Lab; BSD 3-Clause License: a/vega-license.txt
Parts under other free licences: D3 (ISC, Mike Bostock), fast-json-patch (MIT), semver (ISC), tslib (0BSD). */
"""
