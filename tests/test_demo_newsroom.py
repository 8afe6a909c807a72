"""The demo's newsroom: the same on every machine, readable, and whole."""

from __future__ import annotations

import itertools
import re
from hashlib import sha256
from urllib.parse import urljoin, urlsplit

import feedparser
import pytest
from protego import Protego
from selectolax.lexbor import LexborHTMLParser

from crawler.demo import Newsroom, build_newsroom
from crawler.demo.moods import MOODS
from crawler.demo.wire import Reply, Request
from tests.seed_page import seed_content, seed_html, seed_text

NEWSROOM = build_newsroom()


def ask(url: str, newsroom: Newsroom = NEWSROOM, **headers: str) -> Reply:
    parts = urlsplit(url)
    fields = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return newsroom.handle(Request(parts.netloc, parts.path, parts.query, headers=fields))


def page_text(reply: Reply) -> str:
    codec = "cp932" if b'charset="Shift_JIS"' in reply.body else "utf-8"
    return reply.body.decode(codec)


def paragraphs(facts: dict[str, object]) -> list[str]:
    blocks = facts["blocks"]
    assert isinstance(blocks, list)
    return [block["text"] for block in blocks if block["kind"] == "paragraph"]


def test_one_seed_gives_the_same_bytes_everywhere() -> None:
    def digest(newsroom: Newsroom) -> str:
        made = sha256()
        for url in newsroom.truth:
            made.update(url.encode() + ask(url, newsroom).body)
        return made.hexdigest()

    assert digest(build_newsroom()) == digest(NEWSROOM)
    assert digest(build_newsroom(2)) != digest(NEWSROOM)


def test_there_are_seven_hosts_and_a_few_hundred_articles() -> None:
    assert repr(NEWSROOM) == "<Newsroom 7 hosts, 257 articles>"


@pytest.mark.parametrize("host", [host for host in NEWSROOM.hosts if host != "moody.example"])
def test_every_article_prints_what_the_truth_says(host: str) -> None:
    for url, facts in NEWSROOM.papers[host].truth.items():
        tree = LexborHTMLParser(page_text(ask(url)))
        text = " ".join((tree.body.text() if tree.body else "").split())
        for sentence in (facts["title"], *paragraphs(facts), *facts["authors"], facts.get("subtitle", "")):
            assert " ".join(sentence.split()) in text, url


def test_no_template_shows_through() -> None:
    for url, facts in NEWSROOM.truth.items():
        for text in (facts["title"], *paragraphs(facts), *facts.get("tags", [])):
            assert not re.search(r"[\[\]{}|^]|\.\.| / |  | [,.;]|\b(\w{3,}) \1\b", text), (url, text)


@pytest.mark.parametrize("host", ["gazette.example", "observer.example", "lantern.example", "minato.example"])
def test_no_two_articles_of_a_paper_are_alike(host: str) -> None:
    grams = []
    for facts in NEWSROOM.papers[host].truth.values():
        text = " ".join(paragraphs(facts))
        words = list(text) if host == "minato.example" else text.split()
        grams.append({tuple(words[at : at + 5]) for at in range(len(words) - 4)})
    worst = max(len(a & b) / len(a | b) for a, b in itertools.combinations(grams, 2))
    assert worst < (0.65 if host == "minato.example" else 0.5)
    titles = [facts["title"] for facts in NEWSROOM.papers[host].truth.values()]
    assert len(set(titles)) == len(titles)


def test_every_copy_of_the_hub_has_the_paragraphs_of_its_original() -> None:
    assert len(NEWSROOM.copies) == 60
    for copy, original in NEWSROOM.copies.items():
        kept = set(paragraphs(NEWSROOM.truth[original]))
        assert len(kept & set(paragraphs(NEWSROOM.truth[copy]))) >= 6


@pytest.mark.parametrize(
    "host",
    ["gazette.example", "observer.example", "minato.example", "lantern.example", "brightledger.example"],
)
def test_from_the_front_page_every_article_can_be_reached_and_no_link_is_dead(host: str) -> None:
    start = f"http://{host}/"
    seen, waiting = {start}, [start]
    while waiting:
        url = waiting.pop()
        reply = ask(url)
        assert reply.status == 200, url
        if not reply.header("content-type").startswith("text/html"):
            continue
        for node in LexborHTMLParser(page_text(reply)).css("a[href]"):
            target = urljoin(url, node.attributes["href"] or "").partition("#")[0]
            if target.startswith(start) and target not in seen:
                seen.add(target)
                waiting.append(target)
    assert set(NEWSROOM.papers[host].truth) <= seen


def test_the_gazette_states_its_rules_and_lists_its_articles() -> None:
    robots = Protego.parse(ask("http://gazette.example/robots.txt").body.decode())
    assert robots.crawl_delay("broadsheet") == 0.2
    assert not robots.can_fetch("http://gazette.example/print/x", "broadsheet")
    assert robots.can_fetch("http://gazette.example/news/x", "broadsheet")
    assert len(list(robots.sitemaps)) == 2
    index = ask("http://gazette.example/sitemap.xml").body.decode()
    listed = [
        loc
        for sitemap in re.findall("<loc>(.*?)</loc>", index)
        for loc in re.findall("<loc>(.*?)</loc>", ask(sitemap).body.decode())
    ]
    assert set(listed) == set(NEWSROOM.papers["gazette.example"].truth)


@pytest.mark.parametrize(
    ("url", "count"), [("http://gazette.example/feed.xml", 15), ("http://minato.example/atom.xml", 10)]
)
def test_feeds_are_well_formed(url: str, count: int) -> None:
    feed = feedparser.parse(ask(url).body)
    assert not feed.bozo
    assert len(feed.entries) == count
    assert all(entry.link in NEWSROOM.truth and entry.title for entry in feed.entries)


def test_a_copy_at_hand_is_not_sent_again() -> None:
    url = next(iter(NEWSROOM.papers["gazette.example"].truth))
    first = ask(url)
    tag, changed = first.header("etag"), first.header("last-modified")
    assert tag
    assert changed.endswith(" GMT")
    assert ask(url, if_none_match=tag).status == 304
    assert ask(url, if_modified_since=changed).status == 304
    assert ask(url, if_none_match='"other"', if_modified_since=changed).status == 200
    assert ask(url, accept_encoding="gzip").header("content-encoding") == "gzip"


def test_an_added_article_is_the_newest_and_leaves_the_others_alone() -> None:
    later = build_newsroom(extra={"gazette.example": 1, "lantern.example": 2})
    added = set(later.truth) - set(NEWSROOM.truth)
    assert len(added) == 3
    assert all(later.truth[url] == facts for url, facts in NEWSROOM.truth.items())
    newest = next(url for url in added if "gazette" in url)
    assert newest in ask("http://gazette.example/feed.xml", later).body.decode()
    assert (
        newest.removeprefix("http://gazette.example") in ask("http://gazette.example/", later).body.decode()
    )


def test_layouts_change_the_markup_and_not_the_news() -> None:
    other = build_newsroom(layouts={"gazette.example": "2019", "observer.example": "next"})
    for host in ("gazette.example", "observer.example"):
        for url in NEWSROOM.papers[host].truth:
            old, new = ask(url).body, ask(url, other).body
            assert old != new
            for text in paragraphs(other.truth[url])[:1]:
                assert text.split(".")[0].replace("&", "&amp;") in new.decode()
    assert b"ld+json" not in ask(next(iter(other.papers["gazette.example"].truth)), other).body


def test_the_moods_are_told_apart_and_listed() -> None:
    front = ask("http://moody.example/").body.decode()
    assert len({mood.name for mood in MOODS}) == len(MOODS) == 44
    assert all(f"/news/{mood.name}" in front for mood in MOODS)
    assert {mood.ends for mood in MOODS} == {
        "stored", "retried", "moved", "circled", "gone", "dead", "truncated", "refused"
    }  # fmt: skip


@pytest.mark.parametrize("start", ["/calendar/2026/09", "/session/", "/maze/", "/list?sort=date"])
def test_the_trap_never_ends(start: str) -> None:
    seen: set[str] = set()
    waiting = [f"http://labyrinth.example{start}"]
    while waiting and len(seen) < 400:
        url = waiting.pop()
        seen.add(url)
        for node in LexborHTMLParser(page_text(ask(url))).css("a[href]"):
            target = urljoin(url, node.attributes["href"] or "")
            if target not in seen:
                waiting.append(target)
    assert len(seen) == 400


def test_a_stranger_is_told_which_papers_there_are() -> None:
    reply = ask("http://nobody.example/")
    assert reply.status == 421
    assert b"http://gazette.example/" in reply.body


@pytest.mark.corpus
def test_the_template_filled_with_the_seed_gives_the_text_of_the_seed() -> None:
    body = LexborHTMLParser(seed_html()).css_first(".wrap")
    assert body is not None
    for item in body.css("li"):
        item.insert_before("- ")
    shown = [" ".join(line.split()) for line in body.text().split("\n")]
    want = [" ".join(line.split()) for line in seed_text().split("\n")]

    def flat(lines: list[str]) -> str:
        return re.sub(r"[\s-]+", "", "".join(lines))

    assert flat(shown) == flat(want)


@pytest.mark.corpus
def test_the_seed_is_taken_apart_as_the_study_says() -> None:
    content = seed_content()
    assert content.section == "Stocks"
    assert content.date == "2025-04-14 14:20:43"
    assert sum(isinstance(part, str) for part in content.body) == 15
    assert len(content.body) == 18
    assert len(content.tags) == 8
    assert (len(content.related), len(content.ranking), len(content.recommendation)) == (10, 8, 8)
