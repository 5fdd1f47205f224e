"""The same crawl by Scrapy: `python -m benchmarks.scrapy_once PROXY SITES`; prints one JSON object.

It follows the same links by their texts, obeys robots.txt and sends one request at a time to a host, as the harvest
does; it archives nothing, keeps no state and checks no page for barriers.
"""

import json
import os
import resource
import sys
import time
from collections.abc import AsyncIterator, Iterator

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import Request, TextResponse

from benchmarks.loopback import home_page

NAVIGATION = {"政府信息公开", "政府信息公开年报"}


class Reports(scrapy.Spider):
    """Home page → disclosure → column → reports."""

    name = "reports"

    def __init__(self, sites: int) -> None:
        super().__init__()
        self.sites = sites
        self.reports = 0

    async def start(self) -> AsyncIterator[Request]:
        for number in range(self.sites):
            yield Request(home_page(number))

    def parse(self, response: TextResponse) -> Iterator[Request]:
        for link in response.xpath("//a[contains(., '政府信息公开')]"):  # quicker than to look at each link in Python
            text = str(link.root.text_content()).strip()
            if text in NAVIGATION:
                yield response.follow(link)
            elif text.endswith("政府信息公开工作年度报告"):
                yield response.follow(link, self.parse_report)

    def parse_report(self, response: TextResponse) -> None:
        self.reports += response.css("title::text").get() is not None


def main(proxy: str, sites: int) -> None:
    """Crawl so many sites, without a delay."""
    os.environ["http_proxy"] = proxy
    process = CrawlerProcess(
        {
            "ROBOTSTXT_OBEY": True,
            "DOWNLOAD_DELAY": 0,
            "CONCURRENT_REQUESTS": sites,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            "SCHEDULER_PRIORITY_QUEUE": "scrapy.pqueues.DownloaderAwarePriorityQueue",  # for broad crawls
            "COOKIES_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "LOG_ENABLED": False,
        }
    )
    crawler = process.create_crawler(Reports)
    process.crawl(crawler, sites=sites)
    begun = time.perf_counter()
    process.start()
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    assert crawler.spider is not None  # noqa: S101 - for the type checker
    print(json.dumps({"seconds": seconds, "peak": peak, "reports": crawler.spider.reports}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
