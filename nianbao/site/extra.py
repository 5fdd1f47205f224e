"""Whether the libraries that write pages are installed."""

from importlib.util import find_spec

from parsers.errors import StoreError

ADVICE = 'writing pages needs nianbao[site]; install it with: pip install "nianbao[site]"'
_LIBRARIES = ("jinja2", "vl_convert")


def need_extra() -> None:
    """Raise StoreError where a library of the extra `site` is missing, with how to install it."""
    if not has_extra():
        raise StoreError(ADVICE)


def has_extra() -> bool:
    """Say whether pages can be written."""
    return all(find_spec(library) is not None for library in _LIBRARIES)
