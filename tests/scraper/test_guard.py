import asyncio
from ipaddress import ip_address

import pytest

from scraper.guard import Guard, is_public, literal_address, parse_url
from scraper.outcomes import Failure, Outcome

PRIVATE = [
    "127.0.0.1", "127.8.9.10", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.1", "100.64.0.1",
    "192.0.2.7", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1",
    "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1",
]  # fmt: skip
PUBLIC = ["8.8.8.8", "114.114.114.114", "223.5.5.5", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_told(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_told(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "0x7f000001", "[::1]", "127.0.0.1."]
)
def test_every_spelling_of_an_address_is_read(host: str) -> None:
    address = literal_address(host)
    assert address is not None
    assert address.is_loopback


@pytest.mark.parametrize("host", ["www.jzx.gov.cn", "1688.com", "10.gov.cn", "", "0xzz.cn", "12306.cn"])
def test_names_are_no_addresses(host: str) -> None:
    assert literal_address(host) is None


@pytest.mark.parametrize(
    "url",
    ["ftp://a.gov.cn/", "file:///etc/passwd", "javascript:void(0)", "mailto:a@b.cn", "//a.gov.cn/", "/gk/", "", "http://",
     "http:///x", "http://[::1", "http://a.gov.cn:99999/", "http://a.gov.cn:0/", "data:text/html,x", "http://a b/", "gopher://x/"],
)  # fmt: skip
def test_urls_that_are_not_fetched(url: str) -> None:
    failure = parse_url(url)
    assert isinstance(failure, Failure)
    assert failure.outcome is Outcome.UNSAFE


def test_url_loses_fragment_and_credentials() -> None:
    assert str(parse_url(" http://u:p@A.gov.cn/公开?x=%D6%D0#top ")) == "http://a.gov.cn/%E5%85%AC%E5%BC%80?x=%D6%D0"


def ask(host: str, answers: list[list[str]], *, allow_private: bool = False, proxy: bool = False) -> tuple[object, int]:
    asked = []

    def resolver(name: str) -> list[str]:
        asked.append(name)
        return answers[len(asked) - 1]

    async def go() -> object:
        guard = Guard(allow_private=allow_private, through_proxy=proxy, resolver=resolver)
        try:
            first = await guard.addresses(host)
            assert await guard.addresses(host) == first
            return first
        finally:
            guard.close()

    return asyncio.run(go()), len(asked)


def test_name_is_resolved_once_so_a_second_answer_changes_nothing() -> None:
    assert ask("rebind.example", [["8.8.8.8"], ["127.0.0.1"]]) == (["8.8.8.8"], 1)


def test_private_answers_are_dropped_and_refused_when_alone() -> None:
    assert ask("mixed.example", [["10.0.0.1", "8.8.8.8"]])[0] == ["8.8.8.8"]
    failure, _ = ask("inside.example", [["10.0.0.1", "::1"]])
    assert failure == Failure(Outcome.UNSAFE, "inside.example is at 10.0.0.1, which is not a public address")
    assert ask("inside.example", [["10.0.0.1"]], allow_private=True)[0] == ["10.0.0.1"]


def test_proxy_resolves_names_but_literals_are_checked() -> None:
    assert ask("www.jzx.gov.cn", [], proxy=True) == ([], 0)
    for host in ("10.0.0.1", "127.1", "::1", "localhost", "x.localhost"):
        failure, asked = ask(host, [], proxy=True)
        assert isinstance(failure, Failure)
        assert failure.outcome is Outcome.UNSAFE
        assert asked == 0


def test_name_that_does_not_resolve() -> None:
    def resolver(_: str) -> list[str]:
        raise OSError("Name or service not known")

    async def go() -> object:
        guard = Guard(allow_private=False, through_proxy=False, resolver=resolver)
        try:
            return await guard.addresses("nirgends.example")
        finally:
            guard.close()

    failure = asyncio.run(go())
    assert isinstance(failure, Failure)
    assert failure.outcome is Outcome.DNS
