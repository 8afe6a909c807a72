"""Scrapy with warcio, as one would fairly write it: links in scope, robots obeyed, bodies as they came.

python scrapy_warc.py WARC SEED …
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.linkextractors import LinkExtractor
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

WARC, *SEEDS = sys.argv[1:]


def _pairs(headers):
    return [(k.decode("latin-1"), v.decode("latin-1")) for k, vs in headers.items() for v in vs]


class Archive:
    """Sits nearer to the wire than decompression, so it sees the content-coded body."""

    def __init__(self):
        self.writer = WARCWriter(FILE, gzip=True, warc_version="1.1")

    def process_response(self, request, response):
        target = urlsplit(request.url)
        asked = StatusAndHeaders(
            f"GET {target.path or '/'} HTTP/1.1", _pairs(request.headers), is_http_request=True
        )
        came = StatusAndHeaders(f"{response.status} OK", _pairs(response.headers), protocol="HTTP/1.1")
        address = {"WARC-IP-Address": str(response.ip_address)} if response.ip_address else {}
        record = self.writer.create_warc_record(
            request.url,
            "response",
            payload=io.BytesIO(response.body),
            http_headers=came,
            warc_headers_dict=address,
        )
        request_record = self.writer.create_warc_record(request.url, "request", http_headers=asked)
        self.writer.write_request_response_pair(request_record, record)
        return response


class News(Spider):
    name = "news"
    allowed_domains = tuple(urlsplit(seed).hostname for seed in SEEDS)
    extractor = LinkExtractor(allow_domains=[urlsplit(seed).netloc for seed in SEEDS])

    async def start(self):
        for seed in SEEDS:
            yield Request(seed)

    def parse(self, response):
        for link in self.extractor.extract_links(response):
            yield Request(link.url)


SETTINGS = {
    "CONCURRENT_REQUESTS": len(SEEDS),
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "COOKIES_ENABLED": False,
    "DEPTH_LIMIT": 0,
    "DOWNLOAD_DELAY": 0,
    "DOWNLOADER_MIDDLEWARES": {Archive: 595},  # HttpCompression is 590
    "LOG_LEVEL": "WARNING",
    "ROBOTSTXT_OBEY": True,
    "TELNETCONSOLE_ENABLED": False,
    "USER_AGENT": "Mozilla/5.0 (compatible; bench)",
}
with Path(WARC).open("wb") as FILE:
    process = CrawlerProcess(SETTINGS)
    process.crawl(News)
    process.start()
