"""Releases: a dated, self-contained folder that can be cited, checked and compared with the one before."""

import filecmp
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path

from nianbao.dataset.codebook_markdown import codebook_markdown
from nianbao.dataset.export.staging import Stage, keep_out_of_generations, staged
from nianbao.dataset.reader import Dataset, open_dataset
from nianbao.dataset.release_changes import Changes, changes_between, write_changes
from nianbao.dataset.release_date import latest_fetch
from nianbao.dataset.release_texts import citation, readme
from nianbao.dataset.release_validation import validation_report
from parsers.errors import DatasetError

SUMS = "SHA256SUMS"

_DATE = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"


@dataclass(frozen=True, slots=True)
class Release:
    """One release: its folder, the date of the one before (None for the first), what changed since, and if it is new.

    `fresh` is False where the very same release had been written before.
    """

    folder: Path
    before: str | None
    changes: Changes
    fresh: bool


def release(store: Path, out: Path, *, made_with: str, made_up: bool = False) -> Release:
    """Write the dataset of a store as the folder `out`/DATE, where DATE is that of its latest fetch.

    `made_with` names the program and its version, `made_up` says that this is the demo's dataset. The folder appears
    when it is complete; run again, it is the same in every byte. Raises DatasetError if there is no dataset, it is
    empty, damaged or contradicts itself, `out` lies inside it or cannot be written, or `out` holds another release of
    this date.
    """
    dataset = open_dataset(store)
    keep_out_of_generations(store, out)
    time = latest_fetch(dataset)
    date = f"{time:%Y-%m-%d}"
    texts = _texts(dataset, date, made_with, made_up=made_up)
    with staged(out) as stage:
        before = _before(out, date)
        changes = changes_between(before, dataset.folder)
        _copy(dataset, stage.folder)
        write_changes(stage.folder, before.name if before else None, changes)
        for name, text in texts.items():
            (stage.folder / name).write_text(text, encoding="utf-8", newline="\n")
        _write_sums(stage.folder)
        fresh = not (out / date).exists()
        if fresh:
            _settle(stage.folder, time)
            stage.publish_folder(date)
        else:
            _refuse_another(stage, out / date)
    return Release(out / date, before.name if before else None, changes, fresh)


def _texts(dataset: Dataset, date: str, made_with: str, *, made_up: bool) -> dict[str, str]:
    """Return the texts of the release by file name; the checks come first, for they may refuse it."""
    return {
        "VALIDATION.md": validation_report(dataset),
        "README.md": readme(dataset, date, made_with, made_up=made_up),
        "CITATION.cff": citation(date, made_with, made_up=made_up),
        "CODEBOOK.md": codebook_markdown(),
    }


def _before(out: Path, date: str) -> Path | None:
    """Return the latest release before this date, None where there is none."""
    earlier = [path for path in out.glob(_DATE) if path.is_dir() and path.name < date]
    return max(earlier, key=lambda path: path.name, default=None)


def _copy(dataset: Dataset, folder: Path) -> None:
    for path in _files(dataset.folder):
        place = folder / path.relative_to(dataset.folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)


def _write_sums(folder: Path) -> None:
    """Write the checksums as `sha256sum --check` reads them."""
    lines = []
    for path in _files(folder):
        with path.open("rb") as file:
            lines.append(f"{file_digest(file, 'sha256').hexdigest()}  {path.relative_to(folder).as_posix()}\n")
    (folder / SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def _settle(folder: Path, time: datetime) -> None:
    """Give every file and folder the release's own time: an archive of it is the same on every machine."""
    for path in (*folder.rglob("*"), folder):
        os.utime(path, (time.timestamp(), time.timestamp()))


def _refuse_another(stage: Stage, there: Path) -> None:
    """Raise DatasetError if the release that stands differs from the one that was made."""
    names = sorted(_names(stage.folder) | _names(there))
    differing = next((name for name in names if not _same(stage.folder / name, there / name)), None)
    if differing:
        raise DatasetError(
            f"{there}: holds another release of this date ({differing} differs); move it away or choose another --out"
        )


def _same(one: Path, other: Path) -> bool:
    return one.is_file() and other.is_file() and filecmp.cmp(one, other, shallow=False)


def _names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in _files(folder)}


def _files(folder: Path) -> Iterable[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
