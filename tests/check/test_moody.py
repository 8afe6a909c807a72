"""The moody host and the maze, crawled over real sockets: how each page ends by the store, the archive and the server's log.

It takes minutes and hardly any work: a page that fails is tried four times, after half a minute, one and two.
"""

from __future__ import annotations

import json
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.store import Store
from archive.store.types import State
from crawler.demo import build_newsroom
from crawler.demo.moods import MOODS, Mood
from crawler.demo.server import Hit, running
from sites.article import decode_article
from sites.cases import mismatches
from tests.check.kit import BIN, run, warc_files

pytestmark = pytest.mark.check

NEWSROOM = build_newsroom(1)
ROOT = "http://moody.example/news/"
_PACE = 0.2
_TRIES = 4


class Sent(msgspec.Struct, frozen=True):
    """What a WARC response record says: its status, and why it is short ("" when it is not)."""

    status: int
    truncated: str


class Ended(msgspec.Struct, frozen=True):
    """A crawl that is over."""

    hits: list[Hit]
    data: Path
    articles: dict[str, bytes]
    records: dict[str, list[Sent]]

    def asked(self, url: str) -> list[Hit]:
        return [hit for hit in self.hits if f"http://{hit.host}{hit.target}" == url]


def crawl(folder: Path, what: str) -> Iterator[Ended]:
    with running(NEWSROOM, pace=_PACE) as server:
        (folder / "broadsheet.toml").write_text(server.settings)
        run(BIN / "broadsheet", "crawl", what, "--delay", "0", "--wait", "10m", folder=folder)
        articles = run(BIN / "broadsheet", "articles", "export", folder=folder).encode().splitlines()
        records = defaultdict(list)
        for path in warc_files(folder / "data"):
            with path.open("rb") as file:
                for record in ArchiveIterator(file):
                    if record.rec_type == "response":
                        status = int(record.http_headers.get_statuscode())
                        short = record.rec_headers.get_header("WARC-Truncated") or ""
                        records[record.rec_headers["WARC-Target-URI"]].append(Sent(status, short))
        by_url = {json.loads(line)["url"]: line for line in articles}
        yield Ended(list(server.hits), folder / "data", by_url, dict(records))


@pytest.fixture(scope="module")
def moody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ended]:
    yield from crawl(tmp_path_factory.mktemp("moody"), "moody")


@pytest.fixture(scope="module")
def maze(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ended]:
    yield from crawl(tmp_path_factory.mktemp("maze"), "http://labyrinth.example/")


def known(ended: Ended, url: str) -> Any:
    with closing(Store.open(ended.data / "crawl.db", create=False)) as store:
        return store.explain(url).url


@pytest.mark.parametrize("mood", MOODS, ids=lambda mood: mood.name)
def test_each_page_ends_as_its_row_says(moody: Ended, mood: Mood) -> None:
    url = ROOT + mood.name
    asked = [hit.status for hit in moody.asked(url)]
    kept = [record.status for record in moody.records.get(url, ())]
    short = {record.truncated for record in moody.records.get(url, ())}
    row = known(moody, url)
    state, reason = State(row.state), row.reason
    match mood.ends:
        case "stored":
            assert (asked, kept, state, short) == ([200], [200], State.DONE, {""})
        case "retried":
            assert asked[1:] == kept[1:] == [200] and asked[0] == kept[0] > 400
            assert (state, short) == (State.DONE, {""})
        case "moved" | "circled":
            assert asked == kept and len(kept) == 1 and 300 < kept[0] < 309
            assert state is State.DONE and url not in moody.articles
        case "gone":
            assert asked == kept and len(kept) == 1
            assert (state, reason) == (State.DEAD, f"status {kept[0]}")
        case "dead":
            assert state is State.DEAD and reason
            assert len(asked) >= _TRIES and kept == [status for status in asked if status == 500]
        case "truncated":
            assert asked == kept == [200, 200], "asked for once more"
            assert (state, short) == (State.DONE, {"disconnect"})
        case "refused":
            assert (asked, kept) == ([302], [302]) and url not in moody.articles


@pytest.mark.parametrize("url", sorted(url for url in NEWSROOM.truth if url.startswith(ROOT)))
def test_what_can_be_read_is_an_article_with_all_that_the_page_says(moody: Ended, url: str) -> None:
    assert mismatches(decode_article(moody.articles[url]), NEWSROOM.truth[url]) == ()


def test_nobody_else_was_asked_and_nothing_else_was_kept(moody: Ended) -> None:
    assert {hit.host for hit in moody.hits} == {"moody.example"}
    assert {url.split("/")[2] for url in moody.records} == {"moody.example"}
    assert "http://moody.example/private/" not in moody.records


@pytest.mark.parametrize(("name", "status", "pause"), [("busy", 429, 1), ("closed", 503, 2)])
def test_who_asks_for_a_pause_gets_it(moody: Ended, name: str, status: int, pause: float) -> None:
    """By the server's log nothing at all is asked of the host before the pause is over."""
    said = next(
        n for n, hit in enumerate(moody.hits) if hit.target == f"/news/{name}" and hit.status == status
    )
    assert moody.hits[said + 1].at - moody.hits[said].at >= pause


def test_tries_of_a_broken_page_grow_apart(moody: Ended) -> None:
    times = [hit.at for hit in moody.asked(f"{ROOT}broken")]
    pauses = [after - before for before, after in zip(times, times[1:], strict=False)]
    assert len(times) == _TRIES and pauses == sorted(pauses) and pauses[0] > 10


def test_the_archive_is_proved(moody: Ended) -> None:
    assert run(BIN / "broadsheet", "verify", "--data", moody.data) == "everything agrees\n"


def test_a_maze_costs_at_most_two_hundred_requests_and_its_notices_are_found(maze: Ended) -> None:
    notices = {url for url in NEWSROOM.truth if url.startswith("http://labyrinth.example/")}
    assert len(maze.hits) <= 200
    assert notices <= set(maze.articles)


def test_a_maze_is_named_in_status(maze: Ended) -> None:
    said = run(BIN / "broadsheet", "status", "--data", maze.data)
    assert "labyrinth.example  /maze/**" in said and "/calendar/" in said
    done = subprocess.run(
        [BIN / "broadsheet", "status", "--data", maze.data, "--json"], capture_output=True, check=True
    )
    assert {trap["host"] for trap in json.loads(done.stdout)["traps"]} == {"labyrinth.example"}
