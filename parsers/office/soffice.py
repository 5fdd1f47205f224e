"""LibreOffice without a screen: documents of older formats converted, shut off from the network and from macros.

Each conversion has a folder and a user profile of its own, in which macros, active content, updates of links and the
detour of a proxy that leads nowhere are set. Where the system lets a process have namespaces of its own (unshare(1)),
the conversion has a network without any device, and ends with the process that began it. It stays in the caller's
process group, so that whoever ends that group ends it too.
"""

import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from parsers.errors import DocumentError

_PROGRAMS = ("soffice", "libreoffice")
_ALONE = ("unshare", "--user", "--map-root-user", "--net", "--pid", "--fork", "--kill-child")
_KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH")
_MISSING = (
    "reading {name} needs LibreOffice, and no soffice is on the PATH; install it "
    "(Debian: apt install libreoffice-writer libreoffice-calc; macOS: brew install --cask libreoffice)"
)
_SETTINGS = (
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("org.openoffice.Office.Common/Misc", "FirstRun", "false"),
    ("org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("org.openoffice.Office.Calc/Content/Update", "Link", "2"),
    ("org.openoffice.Inet/Settings", "ooInetProxyType", "2"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort", "9"),
    ("org.openoffice.Inet/Settings", "ooInetFTPProxyName", "127.0.0.1"),
    ("org.openoffice.Inet/Settings", "ooInetFTPProxyPort", "9"),
    ("org.openoffice.Inet/Settings", "ooInetNoProxy", ""),
)
_LARGEST_RESULT = 64 << 20


def convert(body: bytes, suffix: str, target: str, *, name: str, seconds: float) -> bytes:
    """Return a document as LibreOffice writes it in another format; `suffix` and `target` are endings such as `doc`.

    `name` names the document in errors. Raises `DocumentError` where LibreOffice is missing, needs more than `seconds`,
    or makes nothing of the document.
    """
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        raise DocumentError(_MISSING.format(name=name))
    with tempfile.TemporaryDirectory(prefix="nianbao-office-") as folder:
        source, result = Path(folder) / f"document.{suffix}", Path(folder) / "out" / f"document.{target}"
        source.write_bytes(body)
        _write_profile(Path(folder) / "profile")
        options = ("--headless", "--norestore", "--nolockcheck", "--nodefault", "--convert-to", target)
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        command = [program, profile, *options, "--outdir", str(result.parent), str(source)]
        _run(command, folder, name, seconds)
        if not result.is_file():
            raise DocumentError(f"LibreOffice makes nothing of {name}: damaged, encrypted, or of another kind")
        if result.stat().st_size > _LARGEST_RESULT:
            raise DocumentError(f"{name} is larger than any report once it is converted")
        return result.read_bytes()


def _run(command: list[str], folder: str, name: str, seconds: float) -> None:
    """Run LibreOffice to its end; at the deadline it is killed, where it has namespaces with all that it started."""
    environment = {key: os.environ[key] for key in _KEPT if key in os.environ}
    environment |= {"HOME": folder, "TMPDIR": folder, "SAL_USE_VCLPLUGIN": "svp"}
    quiet = subprocess.DEVNULL
    command = [*_alone(), *command]
    try:
        subprocess.run(  # noqa: S603 - found on the PATH, given files of our own naming
            command,
            cwd=folder,
            env=environment,
            stdin=quiet,
            stdout=quiet,
            stderr=quiet,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise DocumentError(f"LibreOffice took more than {seconds:g} seconds with {name}, so it was ended") from None


@cache
def _alone() -> tuple[str, ...]:
    """Return the command that gives a program a network of its own, nothing where the system does not allow it."""
    if shutil.which(_ALONE[0]) is None:
        return ()
    tried = subprocess.run([*_ALONE, "true"], capture_output=True, check=False)  # noqa: S603 - a constant
    return _ALONE if tried.returncode == 0 else ()


def _write_profile(folder: Path) -> None:
    items = "".join(
        f'<item oor:path="/{escape(path)}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    names = 'xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    (folder / "user").mkdir(parents=True)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<oor:items {names}>{items}</oor:items>\n'
    (folder / "user" / "registrymodifications.xcu").write_text(text, encoding="utf-8")
