"""Shards: every site in one, all hosts of a government in the same, and the same on every machine."""

import hashlib

import pytest

from parsers.errors import SitesError
from scraper.messages import Site
from scraper.shards import Shard, read_shard, shard_of
from scraper.sites import known_sites


def test_the_shards_share_out_every_site_once() -> None:
    sites = known_sites().sites
    shards = [Shard(number, 8).sites(sites) for number in range(1, 9)]
    assert sorted(map(repr, (site for shard in shards for site in shard))) == sorted(map(repr, sites))
    sizes = [len(shard) for shard in shards]
    assert min(sizes) > 0.5 * len(sites) / 8


def test_all_hosts_of_a_government_fall_to_one_shard() -> None:
    addresses = ("http://www.hanyin.gov.cn/", "https://xxgk.hanyin.gov.cn:8080/index.html", "http://HANYIN.gov.cn")
    assert len({shard_of(Site("610921", "汉阴县", address), 97) for address in addresses}) == 1


def test_the_shard_is_the_hash_of_the_registered_domain() -> None:
    digest = hashlib.sha256(b"hanyin.gov.cn").hexdigest()
    assert shard_of(Site("610921", "汉阴县", "http://www.hanyin.gov.cn/"), 8) == int(digest[:16], 16) % 8 + 1


@pytest.mark.parametrize("text", ["3", "0/8", "9/8", "3/", "a/b", "3/8/1", "-1/8", ""])
def test_what_is_no_shard_is_refused(text: str) -> None:
    with pytest.raises(SitesError, match="give a part and how many there are, such as 3/8"):
        read_shard(text)


def test_a_shard_is_read_as_it_is_written() -> None:
    assert read_shard("3/8") == Shard(3, 8)
    assert read_shard("1/1") == Shard(1, 1)
