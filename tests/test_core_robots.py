"""robots.txt against Google's cases, and the status table of RFC 9309."""

from __future__ import annotations

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.store.types import RobotsEntry
from crawler.core.robots import MAX_BYTES, entry_of, parse
from sites.url import parse as parse_url
from tests.corpus import corpus_path

# A token with a space (ours has none), and an encoding in which RFC 9309, 2.2.2 sides with protego. URLs that are
# not plain ASCII never come to the rules: ada has encoded them.
KNOWN = {("Foo Bar", "http://foo.bar/x/y"), ("FooBot", "http://foo.bar/foo/bar/baz")}


def test_googles_cases() -> None:
    cases = json.loads(corpus_path("data", "google_robots_cases.json").read_text(encoding="utf-8"))["cases"]
    wrong = []
    for case in cases:
        url = parse_url(case["url"])
        if url is None or not case["url"].isascii() or (case["agent"], url) in KNOWN:
            continue
        if parse(case["robots"].encode(), case["agent"]).allows(url) != case["allowed"]:
            wrong.append((case["agent"], case["robots"], url))
    assert not wrong


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, "ok"),
        (204, "ok"),
        (404, "allow-all"),
        (403, "allow-all"),
        (429, "unreachable"),
        (500, "unreachable"),
        (0, "unreachable"),
    ],
)
def test_what_a_reply_means(status: int, expected: str) -> None:
    assert entry_of("http://a.example", status, b"", 10, None).status == expected


def test_the_last_good_copy_outlives_an_outage() -> None:
    good = entry_of("http://a.example", 200, b"User-agent: *\nDisallow: /", 10, None)
    later = entry_of("http://a.example", 503, b"", 20, good)
    assert (later.status, later.body, later.body_at) == ("unreachable", good.body, 10)
    assert isinstance(entry_of("http://a.example", 0, b"", 30, later).body, bytes)
    assert RobotsEntry(origin="o", status="ok", fetched_at=1, expires=2).body == b""


def test_only_the_first_500_kib_count_and_the_cut_line_is_dropped() -> None:
    body = b"User-agent: *\nDisallow: /a\n" + b"#" * (MAX_BYTES - 40) + b"\nDisallow: /bcd\nDisallow: /e\n"
    rules = parse(body, "broadsheet")
    assert not rules.allows("http://x.example/a")
    assert rules.allows("http://x.example/e")


def test_rules_travel_between_processes() -> None:
    rules = parse(
        b"User-agent: broadsheet\nCrawl-delay: 3\nDisallow: /x\nSitemap: http://x.example/s.xml", "broadsheet"
    )
    again = pickle.loads(pickle.dumps(rules))
    assert (again.crawl_delay, again.sitemaps) == (3.0, ("http://x.example/s.xml",))
    assert not again.allows("http://x.example/x")


def test_not_modified_renews_the_rules_and_frees_nobody() -> None:
    good = entry_of("http://a.example", 200, b"User-agent: *\nDisallow: /", 10, None)
    renewed = entry_of("http://a.example", 304, b"", 20, good)
    assert (renewed.status, renewed.body, renewed.body_at) == ("ok", good.body, 20)
    assert renewed.expires > good.expires
    out = entry_of("http://a.example", 503, b"", 30, good)
    assert entry_of("http://a.example", 304, b"", 40, out).status == "ok"
    assert entry_of("http://a.example", 304, b"", 40, None).status == "unreachable"
    assert entry_of("http://a.example", 300, b"", 40, None).status == "unreachable"


def test_the_line_that_forbids_is_quoted() -> None:
    rules = parse(b"User-agent: *\nDisallow: /a\nDisallow:  /a/b # why\nAllow: /a/c\n", "broadsheet")
    assert rules.verdict("http://x.example/a/b/c").reason == "Disallow: /a/b # why"
    assert rules.verdict("http://x.example/a/x").reason == "Disallow: /a"
    assert rules.verdict("http://x.example/a/c").allowed


def test_a_group_for_a_name_that_begins_like_ours_is_not_ours() -> None:
    rules = parse(
        b"User-agent: broad\nDisallow: /\n\nUser-agent: Broadsheet/2.0\nDisallow: /b\n", "broadsheet"
    )
    assert rules.allows("http://x.example/a")
    assert not rules.allows("http://x.example/b")


def test_a_crowd_of_names_costs_little() -> None:
    body = (
        b"".join(b"User-agent: b%d\n" % n for n in range(30_000)) + b"User-agent: broadsheet\nDisallow: /x\n"
    )
    names = (
        b"".join(b"User-agent: bot%s\n" % bytes([97 + n % 26]) * 2 for n in range(9_000)) + b"Disallow: /y\n"
    )
    assert not parse(body[:400_000] + b"\nUser-agent: *\nDisallow: /x", "broadsheet").allows(
        "http://x.example/x"
    )
    assert parse(names, "broadsheet").allows("http://x.example/y")


_PATHS = st.text("/ab.*$%2?=#~: ", max_size=6)


@given(
    st.lists(st.tuples(st.sampled_from(["Disallow", "allow", "diasllow", "Disallow "]), _PATHS), max_size=6),
    st.text("/ab.?=~2", max_size=8),
)
def test_the_short_way_to_yes_answers_as_the_rules_do(lines: list[tuple[str, str]], path: str) -> None:
    rules = parse("\n".join(["User-agent: *", *(f"{k}:{v}" for k, v in lines)]).encode(), "broadsheet")
    url = parse_url(f"http://a.example/{path}")
    assert url is not None
    assert rules.allows(url) == rules._parsed.can_fetch(url, "broadsheet")


HOUR = 3600 * 1_000_000
DAY = 24 * HOUR


@pytest.mark.parametrize("status", [429, 500, 503, 0])
def test_an_outage_is_looked_at_ever_more_seldom_and_forgiven_after_thirty_days(status: int) -> None:
    entry, now, waits = None, 10, []
    while entry is None or entry.status == "unreachable":
        entry = entry_of("http://a.example", status, b"", now, entry)
        waits.append(entry.expires - now)
        now = entry.expires
    *outage, forgiven = waits
    assert outage[:6] == [HOUR // 6, HOUR // 3, HOUR * 2 // 3, HOUR * 4 // 3, HOUR * 8 // 3, HOUR * 16 // 3]
    assert set(outage[6:]) == {6 * HOUR} and forgiven == DAY
    assert entry.status == "allow-all" and 30 * DAY <= entry.fetched_at - entry.since < 31 * DAY
    assert entry_of("http://a.example", status, b"", now, entry).status == "allow-all", "it stays forgiven"
    back = entry_of("http://a.example", 200, b"User-agent: *", now, entry)
    assert (back.status, back.since) == ("ok", 0)


def test_a_good_copy_holds_for_as_long_as_the_outage_lasts() -> None:
    good = entry_of("http://a.example", 200, b"User-agent: *\nDisallow: /", 10, None)
    entry = entry_of("http://a.example", 500, b"", DAY, good)
    for days in range(2, 60):
        entry = entry_of("http://a.example", 500, b"", days * DAY, entry)
    assert (entry.status, entry.body, entry.since) == ("unreachable", good.body, DAY)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_is_read_in_the_encoding_that_its_mark_says(encoding: str) -> None:
    rules = parse("User-agent: *\nDisallow: /geheim\n".encode(encoding), "broadsheet")
    assert not rules.allows("http://x.example/geheim")
    assert rules.allows("http://x.example/offen")
