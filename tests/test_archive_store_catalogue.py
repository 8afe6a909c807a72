"""Files and captures of the catalogue; extraction: claimed, finished, given up, asked for again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from archive.capture import Filed, FileState, Location
from archive.catalogue import Catalogue
from archive.errors import ArchiveError
from archive.recorder import Ledger
from archive.store import extractions
from archive.store.templates import HostTemplate, Renewed
from archive.store.types import CaptureRow, ExtractionDone, PendingExtraction, Selection, State, Stored
from tests.archive_store_kit import SECOND, START, Desk, quick_folder, target

A = "https://a.example/1"


@pytest.fixture
def desk() -> Iterator[Desk]:
    with quick_folder() as folder:
        desk = Desk(folder)
        yield desk
        desk.sound()
        desk.store.close()


def done(claim: PendingExtraction, fingerprint: str = "f1", **more: object) -> ExtractionDone:
    facts = {"outcome": "ok", "site": "gazette", "now": START, **more}
    return ExtractionDone(capture_id=claim.capture_id, fingerprint=fingerprint, **facts)  # type: ignore[arg-type]


def crawl(desk: Desk, *urls: str) -> list[PendingExtraction]:
    """Fetch URLs and claim their captures."""
    desk.add(*urls)
    for _ in urls:
        desk.settle(desk.one(), Stored())
    return desk.store.claim_extractions(100, desk.now, [desk.run.id])


def filed(url: str, offset: int, file: str = "other.warc.gz", **more: object) -> Filed:
    facts = {
        "fetched_at": START - 9,
        "status": 200,
        "media_type": "text/html",
        "record_id": f"urn:{offset}",
        **more,
    }
    return Filed(location=Location(file, offset, 50), url=url, **facts)  # type: ignore[arg-type]


def test_the_store_is_what_recorder_and_catalogue_ask_for(desk: Desk) -> None:
    ledger: Ledger = desk.store
    catalogue: Catalogue = desk.store
    assert ledger.own_files() == catalogue.own_files() == [FileState(file=desk.file, committed=0)]


def test_committed_lengths_never_shrink_and_names_are_given_once(desk: Desk) -> None:
    crawl(desk, A)
    assert desk.store.own_files() == [FileState(file=desk.file, committed=100)]
    with pytest.raises(ArchiveError, match="cannot become 50"):
        desk.store.commit([], FileState(file=desk.file, committed=50), desk.now)
    with pytest.raises(ArchiveError, match="known already"):
        desk.store.register_file(desk.file, 0, desk.now)
    with pytest.raises(ArchiveError, match="does not know"):
        desk.store.file_path("never.warc.gz")
    desk.store.seal_file(desk.file, 100)
    assert desk.store.own_files() == [FileState(file=desk.file, committed=100, sealed=True)]
    assert desk.store.file_path(desk.file) == desk.folder / "archive" / desk.file
    assert desk.store.commit([], None, desk.now) == []


def test_imported_files_have_one_name_each(desk: Desk) -> None:
    paths = [Path("/x/other.warc.gz"), Path("/y/other.warc.gz"), Path(f"/y/{desk.file}")]
    names = [desk.store.add_file(path, START) for path in paths]
    assert names == ["other.warc.gz", "other.warc.gz~2", f"{desk.file}~2"]
    assert [desk.store.add_file(path, START) for path in paths] == names
    assert [desk.store.file_path(name) for name in names] == paths
    assert [state.file for state in desk.store.own_files()] == [desk.file]


def test_imported_captures_wait_for_no_crawl(desk: Desk) -> None:
    desk.add(A)
    file = desk.store.add_file(Path("/x/other.warc.gz"), START)
    entries = [
        filed("https://old.example/a", 0),
        filed("https://old.example/a", 50, fetched_at=START - 5),
        filed(A, 100),
        filed("https://old.example/robots.txt", 150, media_type="text/plain"),
        filed("https://old.example/x.png", 200, media_type="image/png"),
        filed("https://old.example/gone", 250, status=404),
        filed("https://old.example/same", 300, revisit_of="urn:0"),
        filed("https://old.example/squeezed", -301, method="POST"),
    ]
    assert desk.store.add_captures(file, entries, START) == len(entries)
    assert desk.store.add_captures(file, entries, START) == 0
    assert list(desk.store.captures_in(file)) == sorted(entries, key=lambda e: e.location.offset)
    assert desk.state("https://old.example/a") == State.DONE and desk.state(A) == State.QUEUED
    assert [row.fetched_at for row in desk.store.captures_of("https://old.example/a")] == [
        START - 5,
        START - 9,
    ]
    assert desk.store.claim_extractions(9, START, [desk.run.id]) == []
    claims = desk.store.claim_extractions(9, START)
    assert [claim.location.offset for claim in claims] == [0, 50, 100, 300, -301]
    assert {(claim.run_id, claim.job_id) for claim in claims} == {(0, 0)}
    desk.store.finish_extractions([done(claim, targets=(target("https://n.example/"),)) for claim in claims])
    assert desk.state("https://n.example/") is None, "nobody waits for its links"
    assert desk.store.stats(START).imported == len(entries)
    assert desk.one().previous is None, "what others archived is nothing to refer to"


def test_what_a_file_has_lost_is_fetched_again(desk: Desk) -> None:
    claims = crawl(desk, A, "https://b.example/", "https://c.example/")
    desk.store.finish_extractions([done(claims[0])])
    assert desk.store.drop_captures(desk.file, 200) == 1
    lost = claims[2].url
    assert desk.store.captures_of(lost) == []
    assert desk.store.own_files()[0].committed == 200
    desk.store.finish_extractions([done(claim) for claim in claims[1:]])
    desk.store.finish_run(desk.run.id, START)
    desk.now += SECOND
    desk.run = desk.store.begin_run("job", b"", desk.now)
    assert desk.store.requeue_due(desk.run.id, desk.now) == 1
    again = desk.one()
    assert again.target.url == lost and again.previous is None


def test_a_capture_adopted_moves_the_length_with_it(desk: Desk) -> None:
    entry = filed(A, 0, desk.file, complete=True)
    assert desk.store.add_captures(desk.file, [entry], START, committed=60) == 1
    assert desk.store.own_files() == [FileState(file=desk.file, committed=60)]
    (row,) = desk.store.select_captures()
    assert (row.imported, row.complete, row.extraction) == (False, True, "pending")


def test_extraction_settles_the_url_and_queues_its_links(desk: Desk) -> None:
    (claim,) = crawl(desk, A)
    assert (claim.url, claim.run_id, claim.job_id, claim.attempts) == (A, desk.run.id, desk.run.job_id, 1)
    assert desk.store.outstanding([desk.run.id], desk.now).extractions == 1
    assert desk.store.claim_extractions(9, START, [desk.run.id]) == []
    links = tuple(target(f"https://a.example/l{n}", via=A) for n in range(5_000))
    result = done(
        claim,
        targets=links,
        next_due=77,
        skipped={"outside": 2},
        fields=("title", "body"),
        page_type="article",
    )
    assert desk.store.finish_extractions([result]) == 5_000
    assert desk.store.finish_extractions([result]) == 0
    row = desk.store.url(A)
    assert row is not None and (row.state, row.due) == (State.DONE, 77)
    left = desk.store.outstanding([desk.run.id], desk.now)
    assert (left.queued, left.extractions, left.nothing) == (5_000, 0, False)
    counts = desk.store.run_counts(desk.run.id)
    assert {name: counts[name] for name in counts if ":" in name or name == "articles"} == {
        "status:2xx": 1, "extracted:ok": 1, "page:article": 1, "skipped:outside": 2, "articles": 1,
        "articles:gazette": 1, "field:gazette:title": 1, "field:gazette:body": 1,
    }  # fmt: skip


def test_a_long_list_of_links_is_taken_in_pieces_and_a_kill_between_them_costs_a_repeat(desk: Desk) -> None:
    (claim,) = crawl(desk, A)
    links = tuple(target(f"https://a.example/l{n}") for n in range(2 * extractions.ROOM + 5))
    pieces = list(extractions.chunks([done(claim, targets=links), done(claim)]))
    assert [(len(part.targets), last) for part, last in pieces] == [
        (extractions.ROOM, False),
        (extractions.ROOM, False),
        (5, True),
        (0, True),
    ]
    with desk.store._write() as tx:
        assert extractions.finish(tx, desk.store._ids, pieces[:1]) == extractions.ROOM
    assert desk.state(A) == State.STORED
    assert desk.store.finish_extractions([done(claim, targets=links)]) == extractions.ROOM + 5
    assert desk.state(A) == State.DONE


def test_a_capture_that_takes_its_workers_with_it_is_done_with(desk: Desk) -> None:
    desk.add(A)
    desk.settle(desk.one(), Stored(next_due=55))
    for attempt in range(1, extractions._MAX_CLAIMS + 1):
        other = Desk(desk.folder)
        (claim,) = other.store.claim_extractions(1, START, [desk.run.id])
        assert claim.attempts == attempt
        other.store.close()
        desk.store.release_dead(START)
    assert desk.store.claim_extractions(1, START, [desk.run.id]) == []
    (row,) = desk.store.captures_of(A)
    assert (row.extraction, row.outcome, row.fingerprint) == ("done", "crash", "")
    url = desk.store.url(A)
    assert url is not None and (url.state, url.due) == (State.DONE, 55)
    assert desk.store.run_counts(desk.run.id)["extracted:crash"] == 1


def test_claims_given_back_in_order_do_not_count(desk: Desk) -> None:
    desk.add(A)
    desk.settle(desk.one(), Stored())
    for _ in range(5):
        other = Desk(desk.folder)
        (claim,) = other.store.claim_extractions(1, START, [desk.run.id])
        assert claim.attempts == 1
        assert other.store.release_owner(START) == 1
        other.store.close()


def test_what_a_replay_reads_again(desk: Desk) -> None:
    urls = [f"https://h{n}.example/" for n in range(4)]
    claims = {claim.url: claim for claim in crawl(desk, *urls)}
    desk.store.finish_extractions(
        [done(claims[url], "old" if n < 2 else "new") for n, url in enumerate(urls[:3])]
    )

    def today(row: CaptureRow) -> str:
        return "new"

    assert [row.url for row in desk.store.outdated(current=today)] == [urls[0], urls[1], urls[3]]
    assert desk.store.mark_for_replay(Selection(url=urls[1]), today) == 1
    assert desk.store.mark_for_replay(current=today) == 2, "the fourth belongs to the crawl that claimed it"
    assert desk.state(urls[0]) == State.DONE
    replayed = desk.store.claim_extractions(9, START)
    assert sorted(claim.url for claim in replayed) == urls[:2] and {claim.attempts for claim in replayed} == {
        1
    }
    desk.store.finish_extractions([done(claim, "new", next_due=9) for claim in replayed])
    assert desk.store.mark_for_replay(current=today) == 0
    url = desk.store.url(urls[0])
    assert url is not None and (url.state, url.due) == (State.DONE, 0), "a replay plans no visits"
    assert desk.store.mark_for_replay() == 3, "force"


def test_captures_of_a_finished_crawl_that_were_never_read_can_be_replayed(desk: Desk) -> None:
    desk.add(A)
    desk.settle(desk.one(), Stored())
    assert desk.store.mark_for_replay() == 0, "the crawl goes on and wants the links"
    desk.store.finish_run(desk.run.id, START)
    assert desk.store.mark_for_replay() == 1
    desk.store.finish_extractions([done(claim) for claim in desk.store.claim_extractions(1, START)])
    assert desk.state(A) == State.DONE


SELECTIONS = [
    (Selection(), "0123"),
    (Selection(site="gazette"), "01"),
    (Selection(hosts=("h1.example", "h2.example")), "12"),
    (Selection(site="gazette", hosts=("h1.example", "h2.example")), "012"),
    (Selection(url="https://h3.example/"), "3"),
    (Selection(since=START + SECOND), "123"),
    (Selection(since=START + SECOND, until=START + 3 * SECOND), "12"),
    (Selection(file="never.warc.gz"), ""),
    (Selection(site="gazette", url="https://h3.example/"), ""),
]


@pytest.mark.parametrize(("wanted", "expected"), SELECTIONS, ids=lambda v: str(v)[:60])
def test_selections(desk: Desk, wanted: Selection, expected: str) -> None:
    for n in range(4):
        desk.now = START + n * SECOND
        claims = crawl(desk, f"https://h{n}.example/")
        desk.store.finish_extractions([done(claim, site="gazette" if n < 2 else "") for claim in claims])
    found = [row.url for row in desk.store.select_captures(wanted)]
    assert found == [f"https://h{n}.example/" for n in expected]


def test_iterating_leaves_room_for_writers(desk: Desk) -> None:
    file = desk.store.add_file(Path("/x/other.warc.gz"), START)
    desk.store.add_captures(file, [filed(f"https://o.example/{n}", n * 50) for n in range(2_500)], START)
    seen = 0
    for row in desk.store.select_captures(extracted=True):
        seen += 1
        if seen % 900 == 0:
            desk.add(f"https://a.example/{row.capture_id}")
    assert seen == 2_500 == len(list(desk.store.captures_in(file)))
    assert desk.store.mark_for_replay() == 2_500


def test_results_are_values(desk: Desk) -> None:
    crawl(desk, A)
    (row,) = desk.store.select_captures()
    assert msgspec.json.decode(msgspec.json.encode(row), type=CaptureRow) == row
    assert "detail" in CaptureRow.__struct_fields__


def test_what_a_template_does_not_change_is_not_read_again(desk: Desk) -> None:
    """Its result is renewed, unless it is another by now."""
    pages = [f"https://h.example/{n}" for n in range(3)]
    claims = {claim.url: claim for url in pages for claim in crawl(desk, url)}
    desk.store.finish_extractions([done(claim, fingerprint="untaught") for claim in claims.values()])
    first, second, third = (claims[url] for url in pages)
    unchanged = [
        Renewed(first.capture_id, first.record_id, "untaught", "taught"),
        Renewed(third.capture_id, third.record_id, "of older rules", "taught"),
    ]
    template = HostTemplate(version="v", rules="r", body=b"{}")
    assert desk.store.put_template("h.example", template, [desk.run.id], unchanged) == 2
    again = desk.store.claim_extractions(9, desk.now, [desk.run.id])
    assert [claim.capture_id for claim in again] == [second.capture_id, third.capture_id]
    assert {row.capture_id: row.fingerprint for row in desk.store.select_captures()}[
        first.capture_id
    ] == "taught"
    assert desk.store.put_template("h.example", template, [desk.run.id]) == 0
