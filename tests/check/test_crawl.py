"""400 real pages on ten addresses: each reachable page once, nothing else, and the archive proves it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.check.conftest import Crawled
from tests.check.kit import BIN, articles, captured, crawl_command, run, warc_files

pytestmark = [pytest.mark.check, pytest.mark.corpus]


def test_each_reachable_page_is_captured_once_and_nothing_outside(crawled: Crawled) -> None:
    assert captured(crawled.data) == dict.fromkeys(crawled.web.expected_urls, 1)


def test_the_server_saw_the_same(crawled: Crawled) -> None:
    pages = Counter(crawled.web.url_of(hit) for hit in crawled.hits if hit.path != "/robots.txt")
    robots = Counter(hit.host for hit in crawled.hits if hit.path == "/robots.txt")
    assert pages == dict.fromkeys(crawled.web.expected_urls, 1)
    assert robots == dict.fromkeys(crawled.web.hosts, 1)
    assert crawled.web.forbidden_urls


def test_one_exchange_in_flight_a_host(crawled: Crawled) -> None:
    for host in crawled.web.hosts:
        hits = sorted(hit.began for hit in crawled.hits if hit.host == host)
        ends = sorted(hit.ended for hit in crawled.hits if hit.host == host)
        # the log's clock ticks in milliseconds
        assert all(began >= ended - 0.002 for began, ended in zip(hits[1:], ends, strict=False))


def test_the_bodies_are_the_servers_own(crawled: Crawled) -> None:
    seen = 0
    for path in warc_files(crawled.data):
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                url = record.rec_headers.get_header("WARC-Target-URI") or ""
                if record.rec_type == "response" and "/news/" in url:
                    host, _, rest = url.removeprefix("http://").partition(":")
                    source = crawled.web.directory / "hosts" / host / f"{rest.partition('/')[2]}.gz"
                    assert record.raw_stream.read() == source.read_bytes()
                    seen += 1
    assert seen == 400


def test_warcio_and_fastwarc_pass_every_file(crawled: Crawled) -> None:
    for path in warc_files(crawled.data):
        run(BIN / "warcio", "check", path)
        run(BIN / "fastwarc", "check", "-q", path)


def test_verify_proves_database_and_files_agree(crawled: Crawled) -> None:
    run(BIN / "broadsheet", "verify", "--data", crawled.data, "--json")


def test_replay_without_a_server_gives_the_same_articles(crawled: Crawled, copy: Path) -> None:
    assert len(crawled.articles) > 300
    run(BIN / "broadsheet", "replay", "--data", copy, "--force", "--json")
    assert articles(copy) == crawled.articles


def test_crawling_again_revalidates_and_keeps_every_body_once(crawled: Crawled, copy: Path) -> None:
    with crawled.web.serve():
        run(*crawl_command(crawled.web, copy))
        hits = crawled.web.access_log()
    assert {hit.status for hit in hits} <= {200, 304}
    assert not crawled.web.forbidden_urls.intersection(crawled.web.url_of(hit) for hit in hits)
    run(BIN / "broadsheet", "verify", "--data", copy, "--json")
