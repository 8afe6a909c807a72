"""The seed's page, its text poured into the hub's template: what must come out of it, by every road."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.demo import build_newsroom
from crawler.demo.server import Server, running
from crawler.demo.wire import Request
from sites.article import decode_article
from sites.cases import mismatches
from sites.extract import extract
from sites.generic.learning import learn
from sites.page import Page
from tests.seed_page import SEED_HOST, SEED_PLUGIN, SEED_URL, SeedHub, seed_content, seed_facts, seed_html

pytestmark = pytest.mark.corpus
COMMAND = str(Path(sys.executable).with_name("broadsheet"))


def run(place: Path, *arguments: str) -> bytes:
    done = subprocess.run([COMMAND, *arguments], capture_output=True, cwd=place, timeout=120, check=False)
    assert done.returncode == 0, (arguments, done.stdout[-1500:], done.stderr[-3000:])
    return done.stdout


def told(line: bytes) -> tuple[str, ...]:
    """What differs between an article, as JSON, and the seed's facts."""
    return mismatches(decode_article(line), seed_facts())


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a plugin of two lines for the hub, and its page as a file."""
    folder = tmp_path_factory.mktemp("seed")
    (folder / "plugins").mkdir()
    (folder / "plugins" / "truenorth.py").write_text(SEED_PLUGIN)
    (folder / "page.html").write_bytes(seed_html())
    return folder


@pytest.fixture(scope="module")
def crawled(place: Path) -> Iterator[Server]:
    """The hub, crawled by its plugin; the server is gone afterwards."""
    with running(SeedHub()) as server:  # type: ignore[arg-type]
        (place / "broadsheet.toml").write_text(server.settings)
        run(place, "crawl", "truenorth", "--delay", "0")
    return server


def test_the_facts_are_those_of_the_seed() -> None:
    facts = seed_facts()
    assert len(facts["blocks"]) == 15
    assert len(facts["tags"]) == 8
    body = " ".join(block["text"] for block in facts["blocks"])
    for other in ("View", "veryGood", "Ranking", "Recommendation", "NATO seeks", "Blinken", "Hillary"):
        assert other not in body
    assert sum(link["url"].startswith("http://first-publisher.example/") for link in facts["related"]) == 3


def test_from_one_page_by_command(place: Path) -> None:
    assert told(run(place, "extract", "page.html", "--url", SEED_URL, "--json")) == ()


def test_from_a_crawl(place: Path, crawled: Server) -> None:
    assert told(run(place, "articles", "show", SEED_URL, "--json")) == ()


def test_the_lists_are_followed_where_in_scope(place: Path, crawled: Server) -> None:
    asked = {hit.target for hit in crawled.hits}
    beside = [urlsplit(link["url"]) for link in seed_facts()["related"]]
    assert {parts.path for parts in beside if parts.netloc == SEED_HOST} <= asked
    assert len([parts for parts in beside if parts.netloc == SEED_HOST]) > 20
    assert {hit.host for hit in crawled.hits} == {SEED_HOST}


def test_from_a_replay_of_the_archive(place: Path, crawled: Server) -> None:
    asked = len(crawled.hits)
    for file in (place / "data").glob("articles.db*"):
        file.unlink()
    run(place, "replay", "--force")
    assert told(run(place, "articles", "show", SEED_URL, "--json")) == ()
    assert [json.loads(line)["url"] for line in run(place, "articles", "list", "--json").splitlines()] == [
        SEED_URL
    ]
    assert len(crawled.hits) == asked


def test_without_any_rules_by_what_the_hub_teaches() -> None:
    """Other stories in the same template, under the same site name, teach what is not the article."""
    hub = build_newsroom().papers["brightledger.example"]
    pages = [hub.handle(Request(hub.host, urlsplit(url).path)) for url in list(hub.truth)[:20]]
    name = seed_content().site_name.encode()
    lessons = [
        Page(url=f"http://{SEED_HOST}/{number}.html", html=page.body.replace(hub.name.encode(), name))
        for number, page in enumerate(pages)
    ]
    page = Page(url=SEED_URL, html=seed_html())
    assert mismatches(extract(page, template=learn(lessons)).article, seed_facts()) == ()
    assert mismatches(extract(page).article, seed_facts()) != ()
