"""What must not be told: addresses with tokens and passwords, taken out of whatever is logged or written."""

import os
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

HIDDEN = "***"
_CREDENTIALS = re.compile(r"(?<=://)[^/\s@]+@")
_LEAST = 10  # characters of a part of an address that is taken for a token


def resolved(value: str) -> str:
    """Return a setting with `env:NAME` replaced by that environment variable; raises ValueError where it is not set."""
    if not value.startswith("env:"):
        return value
    name = value.removeprefix("env:")
    found = os.environ.get(name, "")
    if not found:
        raise ValueError(f"the environment variable {name!r} is not set; set it, or remove the setting")
    return found


def shown(address: str) -> str:
    """Return an address as anybody may see it: scheme and host, without user, password, path and query."""
    if not address or address.startswith("env:"):
        return address
    try:
        parts = urlsplit(address)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return HIDDEN
    rest = f"/{HIDDEN}" if parts.path.strip("/") or parts.query else ""
    return f"{parts.scheme}://{parts.hostname or HIDDEN}{port}{rest}"


class Redactor:
    """Takes secrets out of texts: those of the settings, and user and password of any address."""

    def __init__(self, addresses: Iterable[str] = ()) -> None:
        found: set[str] = set()
        for address in addresses:
            found.update(_secrets_of(address))
        self._secrets = sorted(found, key=len, reverse=True)

    def text(self, text: str) -> str:
        """Return a text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return _CREDENTIALS.sub(f"{HIDDEN}@", text)

    def value(self, value: Any) -> Any:
        """Return a value of JSON with every text in it redacted."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {name: self.value(each) for name, each in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.value(each) for each in value]
        return value


def _secrets_of(address: str) -> Iterable[str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return [address]
    tokens = [*parts.path.split("/"), *re.split(r"[&=]", parts.query), parts.query]
    known = [address if parts.path.strip("/") or parts.query else "", parts.password or ""]
    return [secret for secret in known if secret] + [token for token in tokens if len(token) >= _LEAST]
