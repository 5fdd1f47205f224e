"""A harvest shared by machines: which sites are whose, so that no host is visited by two."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.errors import SitesError
from scraper.discovery.hosts import registered_domain
from scraper.messages import Site

_SHARD = re.compile(r"([0-9]{1,5})/([0-9]{1,5})")


@dataclass(frozen=True, slots=True)
class Shard:
    """Part `number` of `of` parts, counted from 1."""

    number: int
    of: int

    def sites(self, sites: Sequence[Site]) -> tuple[Site, ...]:
        """Return the sites of this part, in their order: those whose registered domain falls to it."""
        return tuple(site for site in sites if shard_of(site, self.of) == self.number)


def read_shard(text: str) -> Shard:
    """Read `3/8`; raises SitesError for anything else."""
    match = _SHARD.fullmatch(text.strip())
    if match is None or not 1 <= int(match[1]) <= int(match[2]):
        raise SitesError(f"shard {text!r}: give a part and how many there are, such as 3/8")
    return Shard(int(match[1]), int(match[2]))


def shard_of(site: Site, parts: int) -> int:
    """Return the part, from 1, that a site falls to: the SHA-256 of its registered domain, the same on every machine.

    All hosts of one government stand under one registered domain, and a harvest does not leave it.
    """
    domain = registered_domain(site.site_url)
    return int.from_bytes(hashlib.sha256(domain.encode()).digest()[:8]) % parts + 1
