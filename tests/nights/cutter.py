"""A proxy in front of the web that cuts connections in the middle, and a night with a wrong clock."""

import random
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import SplitResult, urlsplit


@dataclass
class Cutter:
    """A proxy that cuts connections: its address, how many it took, and how many of those it cut."""

    url: str
    accepted: int = 0
    cut: int = 0


@contextmanager
def cutting(behind: str, rng: random.Random) -> Iterator[Cutter]:
    """Forward to the proxy `behind`, but cut every third connection or so after some bytes."""
    target = urlsplit(behind)
    listener = socket.create_server(("127.0.0.1", 0))
    cutter = Cutter(f"http://127.0.0.1:{listener.getsockname()[1]}")

    def serve() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            cutter.accepted += 1
            left = rng.randrange(0, 9_000) if rng.random() < 0.35 else None
            threading.Thread(target=_forward, args=(cutter, client, target, left), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield cutter
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _forward(cutter: Cutter, client: socket.socket, target: SplitResult, left: int | None) -> None:
    with suppress(OSError), client, socket.create_connection((target.hostname, target.port)) as server:
        asking = threading.Thread(target=_pour, args=(client, server, None), daemon=True)
        asking.start()
        cutter.cut += _pour(server, client, left)
        for end in (client, server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        asking.join(5)


def _pour(source: socket.socket, sink: socket.socket, left: int | None) -> bool:
    """Pass on what comes, at most so many bytes; returns whether it was cut off there."""
    with suppress(OSError):
        while data := source.recv(4096 if left is None else max(1, min(4096, left))):
            if left is not None and left <= 0:
                return True
            sink.sendall(data)
            left = None if left is None else left - len(data)
    return False


def late_night(store: Path, config: Path, days: float) -> int:
    """Do a night with a clock that is so many days ahead (behind, where negative)."""
    from nianbao.nightly.conduct import conduct
    from nianbao.nightly.config import load
    from nianbao.nightly.log import Log
    from nianbao.nightly.night import NightRun
    from nianbao.nightly.settings import Settings

    def make(store: Path, settings: Settings, log: Log) -> NightRun:
        return NightRun(store, settings, log, now=lambda: datetime.now(UTC) + timedelta(days=days))

    return int(conduct(store, load(config), make=make))


if __name__ == "__main__":
    raise SystemExit(late_night(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])))
