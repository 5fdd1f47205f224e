import stat
import threading
from pathlib import Path

import pytest

from parsers.errors import SitesError, StoreError
from scraper.csv_files import read_csv
from scraper.listing import Listing, same_home, write_whole
from scraper.messages import Site
from scraper.sites import read_sites

HEADER = "code,name,site_url,column_url\n"
GOOD = "431229,靖州县,http://www.jzx.gov.cn/,http://www.jzx.gov.cn/gk/\n"
SITE = Site("130102", "长安区", "http://sjzca.gov.cn/")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sites.csv"


def add(path: Path, *sites: Site) -> None:
    listing = Listing(path)
    for site in sites:
        listing.add(site)
    listing.save()


def test_a_new_list_is_one_that_a_harvest_reads(path: Path) -> None:
    other = Site("440823", 'a,"b"县', "http://www.suixi.gov.cn/", "http://www.suixi.gov.cn/gk/?a=1,2")
    add(path, SITE, other)
    assert read_sites(path).sites == (SITE, other)
    assert not read_sites(path).problems


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_what_stands_there_stays_byte_for_byte(path: Path, encoding: str, newline: str) -> None:
    odd = HEADER + GOOD + "bad,row\n\n" + GOOD.replace("431229", "x")
    before = odd.replace("\n", newline).encode(encoding)
    path.write_bytes(before)
    add(path, SITE)
    after = path.read_bytes()
    assert after.startswith(before)
    assert after[len(before) :].decode(encoding.removesuffix("-sig")) == f"130102,长安区,http://sjzca.gov.cn/,{newline}"
    assert read_sites(path).sites[-1] == SITE


def test_rows_follow_the_columns_of_the_list(path: Path) -> None:
    path.write_text("remark,site_url,name,code\nx,http://a.gov.cn/,甲县,430001", encoding="utf-8")
    add(path, SITE)
    assert path.read_text(encoding="utf-8").splitlines()[1:] == [
        "x,http://a.gov.cn/,甲县,430001",
        ",http://sjzca.gov.cn/,长安区,130102",
    ]


def test_a_site_that_stands_there_is_refused_however_it_is_written(path: Path) -> None:
    path.write_text(HEADER + GOOD, encoding="utf-8")
    for url in ("http://www.jzx.gov.cn/", "https://www.jzx.gov.cn", "http://JZX.gov.cn/"):
        with pytest.raises(SitesError, match="stands in the list already"):
            Listing(path).add(Site("431229", "靖州县", url))
    add(path, Site("431229", "靖州县", "http://www.jzx.gov.cn/jyj/"))
    assert len(read_sites(path).sites) == 2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://www.a.gov.cn", "https://a.gov.cn/", True),
        ("http://www.a.gov.cn/x/", "http://www.a.gov.cn/x", True),
        ("http://www.a.gov.cn/x", "http://www.a.gov.cn/y", False),
        ("http://www.a.gov.cn/?id=1", "http://www.a.gov.cn/?id=2", False),
        ("http://b.a.gov.cn/", "http://a.gov.cn/", False),
        ("http://[::1", "http://[::2", False),
    ],
)
def test_what_counts_as_one_home_page(one: str, other: str, *, same: bool) -> None:
    assert same_home(one, other) is same


@pytest.mark.parametrize(
    ("site", "told"),
    [
        (Site("1301", "长安区", "http://a.gov.cn/"), "six digits"),
        (Site("130102", "", "http://a.gov.cn/"), "name"),
        (Site("130102", "长\n安", "http://a.gov.cn/"), "name"),
        (Site("130102", "长安区", ""), "give an address"),
        (Site("130102", "长安区", "sjzca.gov.cn"), "give an address"),
        (Site("130102", "长安区", "ftp://a.gov.cn/"), "ftp"),
        (Site("130102", "长安区", "http://a.gov.cn/ http://b.gov.cn/"), "more than one address"),
        (Site("130102", "长安区", "http://a.gov.cn/", "gk/"), "give an address"),
    ],
)
def test_what_no_harvest_could_use_is_refused(path: Path, site: Site, told: str) -> None:
    with pytest.raises(SitesError, match=told) as error:
        Listing(path).add(site)
    assert "\n" not in str(error.value)
    assert not path.exists()


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"a,b\n1,2\n", "no column code, name, site_url"),
        (HEADER.encode("utf-16"), "UTF-16; save it as CSV in UTF-8"),
        (b"\x80\xff\x00", "neither UTF-8 nor GBK"),
    ],
)
def test_a_file_that_is_no_list_is_left_alone(path: Path, body: bytes, told: str) -> None:
    path.write_bytes(body)
    with pytest.raises(SitesError, match=told):
        Listing(path)
    assert path.read_bytes() == body


def test_a_list_of_nothing_but_headings_takes_a_site(path: Path) -> None:
    path.write_text(HEADER, encoding="utf-8")
    add(path, SITE)
    assert read_sites(path).sites == (SITE,)


def test_nothing_added_writes_nothing(path: Path) -> None:
    add(path)
    assert not path.exists()


def test_what_another_program_wrote_meanwhile_is_not_lost(path: Path) -> None:
    path.write_text(HEADER + GOOD, encoding="utf-8")
    listing = Listing(path)
    listing.add(SITE)
    path.write_text(HEADER + GOOD * 2, encoding="utf-8")
    with pytest.raises(StoreError, match="in the meantime"):
        listing.save()
    assert path.read_text(encoding="utf-8") == HEADER + GOOD * 2


def test_a_link_and_the_permissions_stay(path: Path, tmp_path: Path) -> None:
    real = tmp_path / "elsewhere.csv"
    real.write_text(HEADER + GOOD, encoding="utf-8")
    real.chmod(0o640)
    path.symlink_to(real)
    add(path, SITE)
    assert path.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert len(read_sites(real).sites) == 2


def test_a_reader_sees_the_old_file_or_the_new_one(path: Path, tmp_path: Path) -> None:
    bodies = {bytes([sign]) * 300_000 for sign in b"ab"}
    path.write_bytes(min(bodies))
    seen: set[bytes] = set()
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.add(path.read_bytes())

    thread = threading.Thread(target=read)
    thread.start()
    for body in sorted(bodies) * 10:
        write_whole(path, body)
    stop.set()
    thread.join()
    assert seen <= bodies
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"nowhere/sites\.csv: cannot be written"):
        add(tmp_path / "nowhere" / "sites.csv", SITE)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_replacement_leaves_the_old_file_and_nothing_else(path: Path, tmp_path: Path) -> None:
    (path / "inside").mkdir(parents=True)
    with pytest.raises(StoreError, match="cannot be written"):
        write_whole(path, b"new")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("body", "header", "row"),
    [
        ("名称,网址\n甲县,http://a/\n".encode("gbk"), ("名称", "网址"), (2, ("甲县", "http://a/"))),
        ("名称,网址\n甲县,http://a/\n".encode("utf-16"), ("名称", "网址"), (2, ("甲县", "http://a/"))),
        (b"\xef\xbb\xbf a ; b\n\n1;2;3\n", ("a", "b"), (3, ("1", "2"))),
        (b"a\tb\r\n1\r\n", ("a", "b"), (2, ("1", ""))),
        (b'a,b\n"1\n2",3\n', ("a", "b"), (3, ("1\n2", "3"))),
    ],
)
def test_tables_as_programs_save_them(
    path: Path, body: bytes, header: tuple[str, ...], row: tuple[int, tuple[str, ...]]
) -> None:
    path.write_bytes(body)
    assert (read_csv(path).header, read_csv(path).rows) == (header, (row,))


def test_a_cell_without_end_is_one_line(path: Path) -> None:
    path.write_text('a,b\n"' + "x" * 200_000, encoding="utf-8")
    with pytest.raises(SitesError, match="not a CSV file"):
        read_csv(path)
