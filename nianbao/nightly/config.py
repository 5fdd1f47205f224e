"""The configuration file of a night: TOML, every key known, every value checked, each with where it came from."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nianbao.nightly.redaction import shown
from nianbao.nightly.settings import SETTINGS, Setting, Settings, Value
from parsers.errors import NianbaoError

FILE_NAME = "nianbao.toml"
DEFAULT = "default"

_KNOWN = {setting.key: setting for setting in SETTINGS}
_SECTIONS = {setting.section for setting in SETTINGS} - {""}


class ConfigError(NianbaoError):
    """A configuration cannot be used: unknown key, wrong value, missing file."""


def load(path: Path | None = None, store: Path | None = None, given: Mapping[str, Value] | None = None) -> Settings:
    """Return the settings in force: the defaults, then those of the file, then those `given` on the command line.

    Without a path `nianbao.toml` in the store is taken where it stands there. Raises ConfigError for a file that cannot
    be read, an unknown key and a value that cannot be used.
    """
    if path is None and store is not None and (store / FILE_NAME).is_file():
        path = store / FILE_NAME
    values = {key: setting.default for key, setting in _KNOWN.items()}
    origins = dict.fromkeys(values, DEFAULT)
    for key, value in _flat(_read(path), path) if path is not None else ():
        values[key], origins[key] = _checked(_KNOWN[key], value, str(path)), str(path)
    for key, value in (given or {}).items():
        option = "--" + key.rpartition(".")[2].replace("format", "log")
        values[key], origins[key] = _checked(_KNOWN[key], value, option), option
    return Settings(values, origins, path.parent if path is not None else Path())


def lines(settings: Settings) -> Iterator[str]:
    """Yield the settings in force as a TOML file that means the same, secrets left out, each with its origin."""
    section = ""
    for setting in SETTINGS:
        if setting.section != section:
            section = setting.section
            yield ""
            yield f"[{section}]"
        value = settings.values[setting.key]
        written = _toml(shown(str(value)) if setting.secret else value)
        yield f"{setting.name} = {written}  # {settings.origins[setting.key]}: {setting.meaning}"


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror or error}); check the path") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: is no TOML in UTF-8 ({error}); correct it there") from error


def _flat(read: dict[str, Any], path: Path | None) -> Iterator[tuple[str, Any]]:
    for name, value in read.items():
        if isinstance(value, dict) and name in _SECTIONS:
            for inner, each in value.items():
                yield _known(f"{name}.{inner}", path), each
        else:
            yield _known(name, path), value


def _known(key: str, path: Path | None) -> str:
    if key in _KNOWN:
        return key
    import difflib

    near = difflib.get_close_matches(key, [*_KNOWN, *_SECTIONS], 1, 0.5)
    hint = f"did you mean {near[0]}?" if near else "`nianbao config` shows those there are"
    raise ConfigError(f"{path}: unknown key {key}; {hint}")


def _checked(setting: Setting, value: Any, origin: str) -> Value:
    value = float(value) if isinstance(setting.default, float) and type(value) is int else value
    if not _is_like(value, setting.default):
        kinds = {bool: "true or false", int: "a whole number", float: "a number", list: "a list", str: "a text"}
        kind = kinds[type(setting.default)]
        raise ConfigError(f"{origin}: {setting.key} must be {kind}, such as {_toml(setting.default)}")
    try:
        if setting.check is not None:
            setting.check(value)
    except (ValueError, TypeError) as error:
        raise ConfigError(f"{origin}: {setting.key}: {error}") from error
    return value  # type: ignore[no-any-return]


def _is_like(value: Any, default: Value) -> bool:
    if isinstance(default, list):
        return isinstance(value, list) and all(type(each) is type(default[0]) for each in value)
    return type(value) is type(default)


def _toml(value: Value) -> str:
    """Write a value as TOML has it; its texts are written as JSON's are."""
    return json.dumps(value, ensure_ascii=False)
