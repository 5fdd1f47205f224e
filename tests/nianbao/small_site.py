"""A site of one page a kind: a report, a notice under a report's title, a page that only carries an attachment."""

import csv
from pathlib import Path

from nianbao.replay import COLUMNS, MANIFEST
from scraper import Event, Site
from tests.nianbao.conftest import SAMPLES

HOST = "http://www.small.gov.cn"
SITE = Site("440823", "遂溪县", f"{HOST}/", f"{HOST}/nb/index.html")
REPORT = f"{HOST}/nb/t20240131_1.html"
NOTICE = f"{HOST}/nb/t20230131_2.html"
BARE = f"{HOST}/nb/t20220131_3.html"
ATTACHMENT = f"{HOST}/nb/W020220131.pdf"
PUBLISHED = (SAMPLES / "sites/www.suixi.gov.cn/zwgk/xxgknb/content/post_1795763.html").read_bytes()

_TITLE = "遂溪县人民政府{year}年政府信息公开工作年度报告"
_LIST = "<html><title>政府信息公开年报</title><ul>{items}</ul></html>".format(
    items="".join(
        f'<li><a href="{url}">{_TITLE.format(year=year)}</a><span>{year + 1}-01-31</span></li>'
        for url, year in ((REPORT, 2023), (NOTICE, 2022), (BARE, 2021))
    )
)
_NOTICE = (
    "<html><title>通知</title><h1>关于做好2022年度政府信息公开工作年度报告编制工作的通知</h1><p>请按时报送。</p></html>"
)
_BARE = f'<html><h1>{_TITLE.format(year=2021)}</h1><p><a href="W020220131.pdf">附件：年度报告全文</a></p></html>'


def build(folder: Path, report: bytes = PUBLISHED) -> Path:
    """Write the site as a folder that the replay proxy serves; `report` is the body of its one real report."""
    pages = {
        f"{HOST}/": (b"<html><title>home</title></html>", "text/html"),
        f"{HOST}/nb/index.html": (_LIST.encode(), "text/html; charset=utf-8"),
        REPORT: (report, "text/html; charset=utf-8"),
        NOTICE: (_NOTICE.encode(), "text/html; charset=utf-8"),
        BARE: (_BARE.encode(), "text/html; charset=utf-8"),
        ATTACHMENT: (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n", "application/pdf"),
    }
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / MANIFEST).open("w", encoding="utf-8", newline="") as lines:
        rows = csv.writer(lines)
        rows.writerow(COLUMNS)
        for number, (url, (body, content_type)) in enumerate(pages.items()):
            (folder / f"{number}.body").write_bytes(body)
            rows.writerow([url, f"{number}.body", 200, content_type, "", ""])
    return folder


def site_list(path: Path, *rows: str) -> Path:
    """Write a list of sites: the small one, then `rows` as they are."""
    own = f"{SITE.code},{SITE.name},{SITE.site_url},{SITE.column_url}"
    path.write_text("\n".join(["code,name,site_url,column_url", own, *rows, ""]), encoding="utf-8")
    return path


class Recorder:
    """A watch that keeps what it is told."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.parsed: list[str] = []
        self.written = 0

    def event(self, event: Event) -> None:
        self.events.append(event)

    def parsing(self, url: str) -> None:
        self.parsed.append(url)

    def writing(self) -> None:
        self.written += 1
