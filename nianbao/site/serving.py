"""A site shown on loopback, to nobody but this machine."""

import functools
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from parsers.errors import StoreError

LOOPBACK = "127.0.0.1"


class _Handler(SimpleHTTPRequestHandler):
    """Serves files with a type that is not guessed, and says nothing on the terminal."""

    extensions_map = {  # noqa: RUF012 - as in the base class
        **SimpleHTTPRequestHandler.extensions_map,
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".svg": "image/svg+xml",
    }

    def end_headers(self) -> None:
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Say nothing."""


def server_of(folder: Path, port: int) -> ThreadingHTTPServer:
    """Return a server of a folder on 127.0.0.1; port 0 takes any that is free. Raises StoreError."""
    try:
        return ThreadingHTTPServer((LOOPBACK, port), functools.partial(_Handler, directory=str(folder)))
    except OSError as error:
        raise StoreError(
            f"port {port}: cannot be served on ({error.strerror or error}); name another with --port"
        ) from error
