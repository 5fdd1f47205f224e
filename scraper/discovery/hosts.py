"""Which hosts belong to the same government, told from their names alone."""

from functools import lru_cache
from urllib.parse import urlsplit

import tldextract

_extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


@lru_cache(maxsize=16_384)
def host_of(url: str) -> str:
    """Return the host of a URL in lower case, without `www.`; empty where there is none or it is malformed."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.lower().removeprefix("www.").rstrip(".")


@lru_cache(maxsize=65_536)
def _owner(host: str) -> tuple[str, bool]:
    """Return the registered domain of a host, and whether it stands under a public suffix at all."""
    parts = _extract(host)
    return str(parts.top_domain_under_public_suffix) or host, bool(parts.suffix)


def registered_domain(url: str) -> str:
    """Return the domain that was registered, `hanyin.gov.cn`; the host itself where it is under no public suffix."""
    return _owner(host_of(url))[0]


def same_government(url: str, other: str) -> bool:
    """Say whether two URLs stand on hosts under one registered domain, as `xxgk.` and `www.` of a county do.

    `gov.cn` is a public suffix, so two counties are never one, and the central government's own host is nobody else's.
    Hosts outside the public suffix list count as one where they are equal or one is a subdomain of the other.
    """
    one, two = host_of(url), host_of(other)
    if not one or not two:
        return False
    (owner, public), (other_owner, other_public) = _owner(one), _owner(two)
    if public or other_public:
        return owner == other_owner
    return one == two or one.endswith("." + two) or two.endswith("." + one)


def is_official(url: str) -> bool:
    """Say whether a URL stands on a host of the Chinese government: below gov.cn, which is given to nobody else."""
    host = host_of(url)
    return host == "gov.cn" or host.endswith(".gov.cn")
