"""The usual way, for comparison: Scrapy fetches, trafilatura extracts, files are written.  Knows nothing of qqnews.

    python peer.py PORT FOLDER ID …

Run by `tests.benchmarks.fetch` with an interpreter that has both installed.  Nothing is made durable, no picture is
looked at, nothing is remembered: what it does, ours does too.
"""

import hashlib
import sys
from pathlib import Path

import scrapy
import trafilatura
from scrapy.crawler import CrawlerProcess

PORT, FOLDER = sys.argv[1], Path(sys.argv[2])
ADDRESSES = sys.stdin.read().split()


class Articles(scrapy.Spider):
    name = "articles"
    custom_settings = {  # noqa: RUF012  as Scrapy has it
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
        "ROBOTSTXT_OBEY": False,
        "DOWNLOAD_DELAY": 0,
        "LOG_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "COOKIES_ENABLED": False,
        "RETRY_ENABLED": False,
        "HTTPCACHE_ENABLED": False,
    }

    async def start(self):
        for address in ADDRESSES:
            yield scrapy.Request(f"http://127.0.0.1:{PORT}{address}", dont_filter=True)

    def parse(self, response):
        text = trafilatura.extract(
            response.text,
            url=response.url,
            output_format="markdown",
            with_metadata=True,
            include_images=True,
            include_links=True,
            include_tables=True,
        )
        name = response.url.rsplit("/", 1)[1]
        (FOLDER / f"{name}.md").write_text(text or "", "utf-8")
        for source in response.css("#article-content img::attr(src)").getall():
            path = "/" + source.split("/", 3)[3]
            yield scrapy.Request(
                f"http://127.0.0.1:{PORT}{path}", callback=self.picture, dont_filter=True
            )

    def picture(self, response):
        name = hashlib.sha256(response.body).hexdigest()
        (FOLDER / f"{name}.jpg").write_bytes(response.body)


process = CrawlerProcess()
process.crawl(Articles)
process.start()
