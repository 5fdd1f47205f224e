"""A reader in a process of its own: bounded in time and memory, without network, without other programs.

What is enforced on POSIX systems: the process is killed, with all that it started, at the deadline; its processor time,
its address space and the size of what it writes are limited (setrlimit(2); where the system refuses a limit on address
space, as macOS does, time alone is bounded); it stands in a temporary folder that is removed; its environment holds no
proxy and no credentials; opening a socket and, unless the reader is allowed to, starting a program is refused by an
audit hook (PEP 578), which binds this project's code and its libraries' Python, not native code.
"""

import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from parsers.errors import DocumentError
from parsers.page import Page
from parsers.page_json import page_from_json, page_to_json

_ROOT = Path(__file__).resolve().parents[1]
_KEPT = ("PATH", "LANG", "LC_ALL", "OMP_NUM_THREADS", "LD_LIBRARY_PATH", "SYSTEMROOT")
_LARGEST_FILE = 512_000_000
_LONGEST_ERROR = 300


@dataclass(frozen=True, slots=True)
class Limits:
    """What a reader may use: seconds of time, megabytes of address space, processors at a time, other programs."""

    seconds: float = 20
    megabytes: int = 1_500
    processors: int = 1
    programs: bool = False


def run(
    reader: str, body: bytes, limits: Limits, *, name: str = "document", arguments: Sequence[str] = ()
) -> list[Page]:
    """Read a body by `reader`, written `module:function`, in a process of its own; return its pages.

    The function is called with the body and `arguments`. `name` names the document in errors. Raises `DocumentError`
    for whatever the reader refuses, for one that breaks, and for one that needs more than the limits.
    """
    if os.name != "posix":
        raise DocumentError(f"reading {name} needs the process limits of a POSIX system (Linux, macOS)")
    order = json.dumps({"reader": reader, "arguments": list(arguments), "limits": asdict(limits)})
    with tempfile.TemporaryDirectory(prefix="nianbao-") as folder:
        code, answer = _answer(order.encode() + b"\n" + body, folder, limits.seconds, name)
    if code != 0:
        raise DocumentError(_why(code, limits, name))
    return _pages(answer, limits, name)


def _answer(request: bytes, folder: str, seconds: float, name: str) -> tuple[int, bytes]:
    """Start the process, hand it the request and return its exit status and what it printed."""
    command = [sys.executable, "-P", "-m", "parsers.confined"]
    environment = {key: os.environ[key] for key in _KEPT if key in os.environ}
    environment |= {"PYTHONPATH": str(_ROOT), "HOME": folder, "TMPDIR": folder, "PYTHONIOENCODING": "utf-8"}
    pipe = subprocess.PIPE
    with subprocess.Popen(  # noqa: S603 - our own module
        command, cwd=folder, env=environment, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            answer, _ = process.communicate(request, timeout=seconds)
        except subprocess.TimeoutExpired:
            raise DocumentError(f"reading {name} took more than {seconds:g} seconds, so it was given up") from None
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
    return process.returncode, answer


def _why(code: int, limits: Limits, name: str) -> str:
    if code == -signal.SIGXCPU:
        return f"reading {name} took more than {limits.seconds:g} seconds, so it was given up"
    return f"the reader of {name} broke down (exit status {code}); the file is damaged or needs too much memory"


def _pages(answer: bytes, limits: Limits, name: str) -> list[Page]:
    try:
        found = json.loads(answer)
        if "memory" in found:
            raise DocumentError(f"reading {name} needs more than {limits.megabytes} MB of memory, so it was given up")
        if "error" in found:
            raise DocumentError(str(found["error"]).replace("\n", " ")[:_LONGEST_ERROR])
        return [page_from_json(page) for page in found["pages"]]
    except (ValueError, KeyError, TypeError) as error:
        raise DocumentError(f"the reader of {name} gave no answer; the file is damaged") from error


def _limit(limits: Limits) -> None:
    """Bind this process to its limits, for good."""
    import resource

    seconds = int(limits.seconds) * limits.processors + 1
    size = limits.megabytes * 1_000_000
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))
    if sys.platform != "darwin":
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    refused = {"socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}
    if not limits.programs:
        refused |= {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty", "pty.spawn"}

    def refuse(event: str, _arguments: tuple[Any, ...]) -> None:
        if event in refused:
            raise PermissionError(f"{event} is refused while a document is read")

    sys.addaudithook(refuse)


def outcome(order: dict[str, Any], body: bytes) -> dict[str, Any]:
    """Call the reader of an order in this process; whatever it raises becomes one line under `error`."""
    module, _, function = order["reader"].partition(":")
    try:
        pages = getattr(importlib.import_module(module), function)(body, *order["arguments"])
        return {"pages": [page_to_json(page) for page in pages]}
    except DocumentError as error:
        return {"error": str(error)}
    except MemoryError:
        return {"memory": True}
    except Exception as error:  # noqa: BLE001 - a library's error on a hostile file, of any class
        said = " ".join(str(error).split())
        return {"error": f"the document is damaged ({type(error).__name__}{': ' if said else ''}{said})"}


def main() -> None:
    """Answer one request: a line of JSON, then the body, on standard input; one object of JSON on standard output."""
    out = os.dup(1)
    os.dup2(2, 1)  # what a library prints is no answer
    order = json.loads(sys.stdin.buffer.readline())
    _limit(Limits(**order["limits"]))
    answer = json.dumps(outcome(order, sys.stdin.buffer.read()), ensure_ascii=False)
    with os.fdopen(out, "wb") as stream:
        stream.write(answer.encode("utf-8", "replace"))


if __name__ == "__main__":
    main()
