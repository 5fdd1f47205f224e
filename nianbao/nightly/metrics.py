"""What a monitoring reads: a textfile in the format of Prometheus, replaced as a whole.

https://prometheus.io/docs/instrumenting/exposition_formats/ (text format 0.0.4), for the textfile collector.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from nianbao.nightly.record import Night
from scraper.listing import write_whole

_Labels = Mapping[str, str]


def write(path: Path, night: Night) -> None:
    """Write the metrics of a night; a collector sees the old ones or the new. Raises StoreError."""
    write_whole(path, "".join(f"{line}\n" for line in lines(night)).encode())


def lines(night: Night) -> Iterator[str]:
    """Yield the lines of the file."""
    ended = datetime.fromisoformat(night.ended).timestamp()
    began = datetime.fromisoformat(night.began).timestamp()
    yield from _gauge("night_started_timestamp_seconds", "When the last night began", [({}, began)])
    yield from _gauge("night_ended_timestamp_seconds", "When the last night ended", [({}, ended)])
    yield from _gauge("night_exit_status", "Exit status of the last night", [({}, night.exit)])
    stages = [({"stage": stage.name, "status": stage.status}, stage.seconds) for stage in night.stages]
    yield from _gauge("night_stage_seconds", "How long each stage took", stages)
    yield from _gauge("sites_due", "Sites that were due", [({}, night.due)])
    yield from _gauge("sites_left", "Sites that were due and not finished", [({}, night.left)])
    yield from _gauge(
        "sites", "Sites by the outcome of their last visit", _by("outcome", night.totals.get("sites", {}))
    )
    yield from _gauge("reports", "Reports by grade", _by("grade", night.totals.get("grades", {})))
    yield from _gauge("failed_checks", "Identities that fail as printed", [({}, night.totals.get("failed_checks", 0))])
    yield from _gauge("unread_cells", "Cells that could not be read", [({}, night.totals.get("unread_cells", 0))])
    yield from _gauge("night_changes", "What changed in the last night", _by("kind", night.counts))
    names = [str(warned["name"]) for warned in night.warnings]
    yield from _gauge(
        "warnings", "Warnings in force", _by("name", {name: names.count(name) for name in sorted(set(names))})
    )


def _by(label: str, counts: Mapping[str, int]) -> list[tuple[_Labels, float]]:
    return [({label: name}, count) for name, count in counts.items()]


def _gauge(name: str, meaning: str, values: Sequence[tuple[_Labels, float]]) -> Iterator[str]:
    yield f"# HELP nianbao_{name} {meaning}."
    yield f"# TYPE nianbao_{name} gauge"
    for labels, value in values:
        inner = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        yield f"nianbao_{name}{{{inner}}} {value:.15g}" if inner else f"nianbao_{name} {value:.15g}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
