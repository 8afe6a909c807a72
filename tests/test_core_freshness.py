"""What is new goes first, and never out of its class."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.capture import Location
from crawler.core.freshness import by_freshness, date_of
from crawler.core.scope import PLAIN, Scope
from crawler.workers.job import ExtractJob
from crawler.workers.links import targets_of
from sites.extraction import Extraction, Link

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("url", "lastmod", "dated"),
    [
        ("http://a.example/x", "2026-11-20T10:00:00Z", date(2026, 11, 20)),
        ("http://a.example/x", "2026-11", date(2026, 11, 28)),
        ("http://a.example/2026/11/20/story", "", date(2026, 11, 20)),
        ("http://a.example/2026/11/20/story", "2025-01-02", date(2025, 1, 2)),
        ("http://a.example/news-2026-11/x", "", None),
        ("http://a.example/2026-11-20-story", "", date(2026, 11, 20)),
        ("http://a.example/20261120/story", "", date(2026, 11, 20)),
        ("http://a.example/2026/11/", "", date(2026, 11, 28)),
        ("http://a.example/2026/13/20/story", "", None),
        ("http://a.example/20261/x", "", None),
        ("http://a.example/x?d=/2026/11/20/", "", None),
        ("http://a.example/2026/02/30/x", "", None),
        ("http://a.example/x", "yesterday", None),
    ],
)
def test_dates(url: str, lastmod: str, dated: date | None) -> None:
    assert date_of(url, lastmod) == dated


@pytest.mark.parametrize(
    ("priority", "lastmod", "becomes"),
    [
        (30, "2026-11-24", 22), (30, "2026-11-01", 26), (30, "2026-01-01", 30), (30, "2020-01-01", 34),
        (30, "2027-01-01", 22), (30, "", 30), (45, "2026-11-24", PLAIN), (41, "2020-01-01", 45),
        (5, "2026-11-24", 5), (5, "2020-01-01", 9), (10, "2026-11-24", 10),
    ],
)  # fmt: skip
def test_priorities(priority: int, lastmod: str, becomes: int) -> None:
    assert by_freshness(priority, "http://a.example/x", lastmod, TODAY) == becomes
    assert by_freshness(priority, "http://a.example/x", lastmod, None) == priority


@given(st.integers(0, 90), st.dates(date(1990, 1, 1), date(2040, 1, 1)))
def test_nothing_leaves_its_class(priority: int, dated: date) -> None:
    became = by_freshness(priority, "http://a.example/x", dated.isoformat(), TODAY)
    assert (became >= PLAIN) == (priority >= PLAIN) and (became <= 10) == (priority <= 10)


def test_a_pages_links_are_queued_with_it() -> None:
    links = tuple(
        Link(f"http://a.example/{day}", lastmod=day, verdict="article")
        for day in ("2020-01-01", "2026-11-24")
    )
    job = ExtractJob(path="", location=Location("", 0, 0), url="http://a.example/feed")
    scope = msgspec.structs.replace(Scope(hosts=("a.example",)))
    old, new = targets_of(Extraction(page_type="feed", links=links), job, scope, None, TODAY).targets
    assert new.priority < 30 < old.priority < PLAIN
