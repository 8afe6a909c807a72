"""What is decided of many URLs at once: forbidden ones, those over a host's cap, those of a host that is given up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.store.types import State
from crawler.events import PageFailed
from tests.archive_store_kit import quick_folder
from tests.engine_kit import Rig
from tests.fakeweb import FakeWeb, Reply

A = "http://a.example/"
DAY = 86_400.0


@pytest.fixture
def folder() -> Iterator[Path]:
    with quick_folder() as place:
        yield place


def page(*paths: str) -> str:
    return "<p>Here they are.</p>" + "".join(f'<a href="{path}">{path}</a>' for path in paths)


def leases(rig: Rig) -> int:
    """How many were ever given out."""
    with closing(rig.store()) as store, store._db.read() as tx:
        return int(tx.execute("SELECT seq FROM sqlite_sequence WHERE name = 'leases'").get)


async def test_a_thousand_forbidden_links_cost_a_few_leases(autojump_clock: object, folder: Path) -> None:
    forbidden = [f"/private/{n}" for n in range(1000)]
    web = FakeWeb({
        A: page(*forbidden[:500], "/open", *forbidden[500:]),
        A + "open": "one",
        A + "robots.txt": "User-agent: *\nDisallow: /private/",
    })  # fmt: skip
    rig = Rig(folder, web, A)
    assert (await rig.crawl()).finished
    assert web.asked() == [A + "robots.txt", A, A + "open"]
    counts = rig.counts()
    assert counts["denied"] == 1000 and counts["queued"] == 0
    assert leases(rig) < 20
    told = [event for event in rig.events if isinstance(event, PageFailed) and event.fate == "denied"]
    assert sum(1 + event.others for event in told) == 1000


async def test_what_is_left_over_a_cap_waits_for_the_next_run(autojump_clock: object, folder: Path) -> None:
    pages = [f"/{n}" for n in range(300)]
    web = FakeWeb({A: page(*pages)} | {f"http://a.example{path}": f"page {path}" for path in pages})
    rig = Rig(folder, web, A)
    assert (await rig.crawl(host_pages=3)).finished
    assert len(web.asked()) == 4 and leases(rig) < 10
    assert rig.counts()["denied"] == 298
    assert (await rig.crawl(host_pages=3)).finished
    assert len(web.asked()) == 7, "three others"


async def test_a_host_that_is_given_up_takes_all_its_pages_with_it(
    autojump_clock: object, folder: Path
) -> None:
    pages = [f"/{n}" for n in range(200)]
    down = Reply(failure="connect: refused")
    web = FakeWeb({A: page(*pages)} | {f"http://a.example{path}": down for path in pages})
    rig = Rig(folder, web, A)
    assert (await rig.crawl(wait=3 * DAY)).finished
    assert len(web.asked()) < 20
    assert rig.counts()["dead"] == 200
    with closing(rig.store()) as store:
        rows = [store.explain(f"http://a.example{path}").url for path in pages]
    assert all(row is not None and row.state == State.DEAD for row in rows)
    assert sum("the host has failed for a day" in row.reason for row in rows if row is not None) > 190
