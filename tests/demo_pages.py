"""A page of the demo's newsroom, as a crawl would have archived it, without a server."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from archive.decoding import decode_content
from crawler.demo import Newsroom
from crawler.demo.wire import Request
from sites.page import Page

__all__ = ["demo_page"]


def demo_page(newsroom: Newsroom, url: str, day: datetime | None = None) -> Page:
    """The page at `url`, decoded, after the first visits on which moody pages fail; fetched on `day`."""
    parts = urlsplit(url)
    reply = newsroom.handle(Request(parts.netloc, parts.path, parts.query, visit=9))
    body = reply.body
    if coding := reply.header("content-encoding"):
        body = decode_content(body, [coding]).data
    return Page(url=url, html=body, headers=reply.headers, status=reply.status, fetched_at=day)
