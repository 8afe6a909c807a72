"""What the store remembers of each kind of URL: counted once a page, once a text, whatever comes twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from archive.store import Store
from archive.store.shapes import Standing, Trap
from archive.store.types import Denied, ExtractionDone, Stored
from tests.archive_store_kit import Desk, quick_folder

HOST = "a.example"


@pytest.fixture
def desk() -> Iterator[Desk]:
    with quick_folder() as folder:
        desk = Desk(folder)
        yield desk
        desk.store.close()


def read(desk: Desk, url: str, text: int, cuts: dict[tuple[str, str], int] | None = None) -> None:
    """Fetch a page and have it read."""
    desk.add(url)
    desk.settle(desk.one(), Stored(next_due=desk.now + 1))
    for claim in desk.store.claim_extractions(10, desk.now, [desk.run.id]):
        done = ExtractionDone(
            capture_id=claim.capture_id,
            fingerprint="f",
            outcome="none",
            shapes=("/list?*", "/**"),
            text=text,
            cuts=cuts or {},
            now=desk.now,
        )
        desk.store.finish_extractions([done, done])


def standing(desk: Desk) -> dict[str, Standing]:
    return desk.store.standing(HOST, ["/list?*", "/**", "/never"], desk.run.id)[0]


def test_new_texts_pay_and_known_ones_and_thin_ones_do_not(desk: Desk) -> None:
    for number, text in enumerate((7, 8, 7, 0)):
        read(desk, f"http://{HOST}/list?page={number}", text)
    assert standing(desk) == dict.fromkeys(("/list?*", "/**"), Standing(novel=2, barren=2))


def test_a_page_counts_when_it_is_read_for_the_first_time(desk: Desk) -> None:
    read(desk, f"http://{HOST}/list?page=1", 7)
    desk.now += 86_400_000_000
    desk.store.finish_run(desk.run.id, desk.now)
    desk.run = desk.store.begin_run("job", b"{}", desk.now)
    read(desk, f"http://{HOST}/list?page=1", 9)
    assert standing(desk)["/**"] == Standing(novel=1)


def test_the_unread_are_counted_until_they_are_read(desk: Desk) -> None:
    desk.add(f"http://{HOST}/list?page=1")
    desk.settle(desk.one(), Stored())
    assert desk.store.standing(HOST, ["/**"], desk.run.id) == ({}, 1)
    assert desk.store.standing("b.example", ["/**"], desk.run.id) == ({}, 0)
    (claim,) = desk.store.claim_extractions(1, desk.now, [desk.run.id])
    assert desk.store.standing(HOST, ["/**"], desk.run.id)[1] == 1
    desk.store.finish_extractions(
        [ExtractionDone(capture_id=claim.capture_id, fingerprint="f", outcome="none", now=desk.now)]
    )
    assert desk.store.standing(HOST, ["/**"], desk.run.id)[1] == 0


def test_what_was_left_out_is_told_by_host_and_pattern_after_a_restart() -> None:
    with quick_folder() as folder:
        desk = Desk(folder)
        read(desk, f"http://{HOST}/list?page=1", 0, {("b.example", "/maze/**"): 3})
        desk.add(f"http://{HOST}/list?page=2")
        desk.settle(desk.one(), Denied(reason="trap", shape="/list?*"))
        desk.store.close()
        store = Store.open(folder / "crawl.db")
        assert store.stats(desk.now).traps == (
            Trap(host="b.example", shape="/maze/**", cut=3, barren=0),
            Trap(host=HOST, shape="/list?*", cut=1, barren=1),
        )
        assert store.stats(desk.now).urls["denied"] == 1
        store.close()
