"""The stages of a night: how long each took and how it ended; those after the dataset are skipped or fail by name."""

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from nianbao.dataset.generations import current
from nianbao.nightly.log import Log
from nianbao.nightly.record import Stage
from parsers.errors import NianbaoError

SITE = "site"
_PAGES_NEED = ("jinja2", "vl_convert")
_NO_EXTRA = 'the pages need nianbao[site]; install it with: pip install "nianbao[site]"'


class Stages:
    """Keeps the stages of a night in their order; `clock` gives seconds."""

    def __init__(self, log: Log, clock: Callable[[], float]) -> None:
        self._log = log
        self._clock = clock
        self.done: list[Stage] = []

    @contextmanager
    def one(self, name: str) -> Iterator[Stage]:
        """Measure a stage."""
        stage, begun = Stage(name), self._clock()
        self.done.append(stage)
        self._log.say("stage", name, stage=name)
        try:
            yield stage
        finally:
            stage.seconds = round(self._clock() - begun, 3)

    @contextmanager
    def in_turn(self, *names: str) -> Iterator[None]:
        """Measure stages of which the log is told when the next one begins; the first begins at once."""
        begun = [(names[0], self._clock())]
        self._log.stage = lambda name: begun.append((name, self._clock()))
        yield
        begun.append(("", self._clock()))
        spent = dict.fromkeys(names, 0.0)
        for (name, at), (_, until) in pairwise(begun):
            spent[name] += until - at
        self.done += [Stage(name, seconds=round(seconds, 3)) for name, seconds in spent.items()]

    def attempt(self, stage: Stage, work: Callable[[Path, Stage], None], store: Path) -> None:
        """Run a stage whose failure costs no other one: the stage then says why."""
        try:
            work(store, stage)
        except (NianbaoError, OSError, ImportError) as error:
            stage.status, stage.detail = "failed", self._log.redactor.text(str(error).partition("\n")[0])
            self._log.say("stage_failed", f"{stage.name}: {stage.detail}", stage=stage.name)


def check_dataset(store: Path, stage: Stage) -> None:
    """Run all checks over the dataset; `stage.found` is then how many defects of the dataset itself there are."""
    from nianbao.dataset.validation import check

    if _is_skipped(store, stage):
        return
    found = check(store)
    stage.found = len(found.defects)
    stage.detail = f"{len(found.defects)} defects, {len(found.failures)} checks that fail as published"


def write_pages(store: Path, stage: Stage) -> None:
    """Write the web pages of the dataset into `site/` of the store."""
    if any(importlib.util.find_spec(name) is None for name in _PAGES_NEED):
        stage.status, stage.detail = "skipped", _NO_EXTRA
    elif not _is_skipped(store, stage):
        from nianbao.site.build import build_site

        built = build_site(store, store / SITE)
        stage.detail = f"{built.divisions} divisions, {built.files} files"


def _is_skipped(store: Path, stage: Stage) -> bool:
    if current(store) is not None:
        return False
    stage.status, stage.detail = "skipped", "there is no dataset yet"
    return True
