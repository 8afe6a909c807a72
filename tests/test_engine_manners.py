"""The engine's manners on a web in memory: robots.txt in all its states, pauses, quiet hours, caps, who said no."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import apsw
import msgspec
import pytest
import trio

from archive.index.writing import unpack
from archive.store.orders import FOREVER, Order, Scope
from archive.store.types import State
from archive.verify import verify_manners
from crawler.core.politeness import delay_of
from crawler.core.robots import parse
from crawler.events import Notice
from sites.quiet import parse_quiet
from tests.archive_store_kit import quick_folder
from tests.engine_kit import SECOND, Rig
from tests.fakeweb import EPOCH, FakeWeb, Reply, moved, reply

A = "http://a.example/"
DAY = 86_400.0


@pytest.fixture
def folder() -> Iterator[Path]:
    with quick_folder() as place:
        yield place


def links(*paths: str) -> str:
    return "<p>Here they are.</p>" + "".join(f'<a href="{path}">{path}</a>' for path in paths)


def rules(*lines: str) -> str:
    return "\n".join(("User-agent: *", *lines))


def state_of(rig: Rig, url: str) -> tuple[State, str]:
    store = rig.store()
    try:
        row = store.explain(url).url
    finally:
        store.close()
    assert row is not None
    return row.state, row.reason


async def test_robots_is_asked_first_and_each_page_once(autojump_clock: object, folder: Path) -> None:
    web = FakeWeb({A: links("/1", "/2"), A + "1": "one", A + "2": "two"})
    end = await Rig(folder, web, A).crawl()
    assert end.finished
    assert web.asked() == [A + "robots.txt", A, A + "1", A + "2"]
    assert min(web.gaps("a.example")) >= 2


async def test_what_robots_forbids_is_denied_with_the_line(autojump_clock: object, folder: Path) -> None:
    web = FakeWeb(
        {A + "robots.txt": rules("Disallow: /no"), A: links("/no/1", "/yes"), A + "yes": "y", A + "no/1": "n"}
    )
    rig = Rig(folder, web, A)
    await rig.crawl()
    assert A + "no/1" not in web.asked()
    assert state_of(rig, A + "no/1") == (State.DENIED, "robots.txt: Disallow: /no")


async def test_a_changed_robots_has_what_it_denied_looked_at_again(
    autojump_clock: object, folder: Path
) -> None:
    web = FakeWeb(
        {A + "robots.txt": [reply(200, rules("Disallow: /no")), reply(200, rules("Disallow: /other"))]}
    )
    web.pages |= {A: links("/no/1"), A + "no/1": "now you may"}
    rig = Rig(folder, web, A)
    await rig.crawl()
    assert state_of(rig, A + "no/1")[0] == State.DENIED
    await trio.sleep(DAY + 1)
    await rig.crawl()
    assert web.asked().count(A + "robots.txt") == 2
    assert state_of(rig, A + "no/1")[0] == State.DONE


async def test_robots_is_read_anew_every_day_within_one_run(autojump_clock: object, folder: Path) -> None:
    web = FakeWeb({A: links("/1", "/2"), A + "1": "one", A + "2": "two"})
    rig = Rig(folder, web, A)
    assert not (await rig.crawl(most=3)).finished
    await trio.sleep(DAY)
    assert (await rig.crawl()).finished
    assert web.asked()[:3] == [A + "robots.txt", A, A + "robots.txt"]
    assert sorted(web.asked()[3:]) == [A + "1", A + "2"]


@pytest.mark.parametrize("answer", [reply(429), reply(500), reply(503), Reply(failure="timeout: no head")])
async def test_while_robots_is_unreachable_nothing_is_asked(
    autojump_clock: object, folder: Path, answer: Reply
) -> None:
    web = FakeWeb({A + "robots.txt": [answer, answer, reply(404)], A: "page"})
    rig = Rig(folder, web, A)
    assert (await rig.crawl()).finished
    first, second, third, page = web.log
    assert [asked.url for asked in web.log] == [A + "robots.txt"] * 3 + [A]
    assert 599.99 < second.begun - first.ended < 700 and 1199.99 < third.begun - second.ended < 1300
    assert page.begun - third.ended >= 2


async def test_the_last_good_copy_holds_meanwhile(autojump_clock: object, folder: Path) -> None:
    script = [reply(200, rules("Disallow: /no")), reply(503)]
    web = FakeWeb({A + "robots.txt": script, A: links("/no", "/1", "/2"), A + "1": "one", A + "2": "two"})
    rig = Rig(folder, web, A)
    await rig.crawl(most=3)
    await trio.sleep(DAY)
    await rig.crawl()
    assert web.asked()[:3] == [A + "robots.txt", A, A + "robots.txt"]
    assert sorted(web.asked()[3:]) == [A + "1", A + "2"]
    assert state_of(rig, A + "no") == (State.DENIED, "robots.txt: Disallow: /no")


async def test_robots_moves_and_each_hop_is_paced_on_its_own_host(
    autojump_clock: object, folder: Path
) -> None:
    hop = "http://b.example/r1"
    web = FakeWeb(
        {
            A + "robots.txt": moved(hop), hop: moved("/r2"), "http://b.example/r2": rules("Disallow: /no"),
            A: links("/no", "/yes"), A + "no": "n", A + "yes": "y",
        }
    )  # fmt: skip
    rig = Rig(folder, web, A)
    await rig.crawl(delay=30 * SECOND)
    assert web.asked() == [A + "robots.txt", hop, "http://b.example/r2", A, A + "yes"]
    assert min(*web.gaps("a.example"), *web.gaps("b.example")) >= 30
    assert state_of(rig, A + "no")[0] == State.DENIED


async def test_a_robots_that_moves_for_ever_is_unreachable(autojump_clock: object, folder: Path) -> None:
    hops = {f"http://b.example/{n}": moved(f"/{n + 1}") for n in range(9)}
    web = FakeWeb({A + "robots.txt": moved("http://b.example/0"), A: "page", **hops})
    end = await Rig(folder, web, A).crawl(wait=60)
    assert A not in web.asked() and len(web.asked()) == 6
    assert end.next_wake > 0


async def test_retry_after_is_kept_by_the_whole_host(autojump_clock: object, folder: Path) -> None:
    script = [reply(503, retry_after=1200), reply(200, "good")]
    web = FakeWeb({A: links("/1", "/2"), A + "1": script, A + "2": "two"})
    await Rig(folder, web, A).crawl()
    after = [asked.begun - 0.1 for asked in web.log if asked.status == 200 and asked.url != A]
    busy = next(asked.ended for asked in web.log if asked.status == 503)
    assert min(after) - busy >= 1200


async def test_slowing_down_outlives_the_process(autojump_clock: object, folder: Path) -> None:
    pages = {A + str(n): f"This is {chr(97 + n)}." for n in range(30)}
    web = FakeWeb(
        {A: links(*(f"/{n}" for n in range(30))), **pages, A + "0": [reply(429), reply(200, "at last")]}
    )
    rig = Rig(folder, web, A)
    await rig.crawl(most=100)
    store = rig.store()
    host = store.host("a.example")
    store.close()
    assert host is not None and host.delay > 2 * SECOND
    before = len(web.log)
    await rig.crawl()
    gaps = [b.begun - a.ended for a, b in zip(web.log[before:], web.log[before + 1 :], strict=False)]
    assert 2 < gaps[-1] < gaps[0] < 4, gaps


async def test_a_host_that_is_down_keeps_its_urls_and_heals(autojump_clock: object, folder: Path) -> None:
    down = [reply(503)] * 2
    pages = {A + str(n): [*down, reply(200, "up")] for n in range(3)}
    web = FakeWeb({A: links("/0", "/1", "/2"), **pages})
    rig = Rig(folder, web, A)
    await rig.crawl(wait=DAY)
    assert (rig.counts()["dead"], rig.counts()["done"]) == (0, 5)
    rests = [gap for gap in web.gaps("a.example") if gap >= 30]
    assert rests[:5] == sorted(rests[:5]) and max(rests) >= 240


async def test_a_page_that_never_answers_is_given_up_with_a_reason(
    autojump_clock: object, folder: Path
) -> None:
    web = FakeWeb({A: links("/1"), A + "1": reply(500)})
    rig = Rig(folder, web, A)
    await rig.crawl()
    assert web.asked().count(A + "1") == 4
    assert state_of(rig, A + "1") == (State.DEAD, "status 500")


async def test_a_body_that_is_cut_off_is_asked_for_again(autojump_clock: object, folder: Path) -> None:
    cut = reply(200, "half of it is missing, " * 20)
    web = FakeWeb({A: [type(cut)(body=cut.body, broken="disconnect"), reply(200, "whole")]})
    rig = Rig(folder, web, A)
    await rig.crawl()
    assert web.asked().count(A) == 2
    store = rig.store()
    captures = store.explain(A).captures
    store.close()
    assert [capture.truncated for capture in captures] == ["", "disconnect"]


async def test_quiet_hours_are_quiet(autojump_clock: object, folder: Path) -> None:
    pages = {A + str(n): f"This is {chr(97 + n)}." for n in range(40)}
    web = FakeWeb({A: links(*(f"/{n}" for n in range(40))), **pages})
    quiet = parse_quiet("22:15-22:45")  # the fake clock begins at 22:13:20
    await Rig(folder, web, A).crawl(delay=30 * SECOND, quiet=quiet)
    assert len(web.log) == 42
    minutes = {int((EPOCH / 1e6 + asked.begun) % 3600 // 60) for asked in web.log}
    assert {13, 14, 45, 46} <= minutes and not minutes & set(range(15, 45))


def give(rig: Rig, order: Order) -> None:
    """As another process would, while the crawl runs."""
    with closing(rig.store()) as store:
        store.order(order)


@pytest.mark.parametrize(("scope", "name"), [("all", ""), ("host", "a.example")])
async def test_a_crawl_obeys_a_pause_and_goes_on_when_it_is_lifted(
    autojump_clock: object, folder: Path, scope: Scope, name: str
) -> None:
    web = FakeWeb({A: links("/1", "/2"), A + "1": "one", A + "2": "two"})
    rig, ends = Rig(folder, web, A), []

    async def crawl() -> None:
        ends.append(await rig.crawl(wait=600))

    async with trio.open_nursery() as nursery:
        nursery.start_soon(crawl)
        await trio.sleep(3)
        give(rig, Order(scope=scope, name=name, since=web.now()))
        asked = web.asked()
        assert asked == [A + "robots.txt", A]
        await trio.sleep(500)
        assert web.asked() == asked
        with closing(rig.store()) as store:
            assert store.lift("pause", scope, name, web.now())
    assert ends[0].finished and sorted(web.asked()[2:]) == [A + "1", A + "2"]
    assert [e.text for e in rig.events if isinstance(e, Notice)] == [
        "what is left is paused: `broadsheet status` says since when, `resume` goes on"
    ]


async def test_a_crawl_that_nobody_resumes_ends_after_its_wait_and_another_goes_on(
    autojump_clock: object, folder: Path
) -> None:
    web = FakeWeb({A: links("/1"), A + "1": "one"})
    rig = Rig(folder, web, A)
    await rig.crawl(most=3)
    give(rig, Order(scope="all", since=web.now()))
    begun = trio.current_time()
    end = await rig.crawl(wait=60)
    assert end.next_wake == FOREVER and 60 <= trio.current_time() - begun < 70
    with closing(rig.store()) as store:
        store.lift("pause", "all", "", web.now())
    assert (await rig.crawl()).finished
    assert A + "1" in web.asked()[2:]


@pytest.mark.parametrize(("ordered", "kept", "breached"), [(7, 7, 4), (1, 2, 5)])
async def test_a_delay_given_meanwhile_only_ever_slows_down_and_is_promised_in_the_archive(
    autojump_clock: object, folder: Path, ordered: int, kept: int, breached: int
) -> None:
    web = FakeWeb({A: links(*(f"/{n}" for n in range(4)))} | {f"{A}{n}": f"page {n}" for n in range(4)})
    rig = Rig(folder, web, A)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(rig.crawl)
        await trio.sleep(3)
        give(
            rig,
            Order(kind="delay", scope="host", name="a.example", since=web.now(), delay=ordered * SECOND),
        )
    assert len(web.asked()) == 6
    assert min(web.gaps("a.example")[:1]) >= 2 and min(web.gaps("a.example")[1:]) >= kept
    assert max(web.gaps("a.example")) < kept + 1.5
    files = list((folder / "archive").iterdir())

    def breaches(slower: int) -> int:
        def asked(promised: int, crawl_delay: float | None) -> int:
            return delay_of(promised, crawl_delay) + slower

        return len(list(verify_manners(files, lambda body: parse(body, "broadsheet"), asked)))

    assert breaches(0) == 0
    assert breaches(2 * SECOND) == breached, (
        "gaps are held against what was promised, the operator's delay with it"
    )


async def test_those_who_said_no_are_not_even_asked_for_robots(autojump_clock: object, folder: Path) -> None:
    b = "http://b.example/"
    web = FakeWeb({A: links("/x/1", "/y", b), A + "x/1": "x", A + "y": "y", b: "b"})
    rig = Rig(folder, web, A, b, never=("b.example", "/x/**"))
    await rig.crawl()
    assert web.asked() == [A + "robots.txt", A, A + "y"]
    assert state_of(rig, b) == (State.DENIED, "never: b.example")


async def test_a_host_gives_so_many_pages_a_run_and_the_next_run_goes_on(
    autojump_clock: object, folder: Path
) -> None:
    pages = {A + str(n): f"This is {chr(97 + n)}." for n in range(20)}
    web = FakeWeb({A: links(*(f"/{n}" for n in range(20))), **pages})
    rig = Rig(folder, web, A)
    assert (await rig.crawl(host_pages=8)).finished
    assert len(web.asked()) == 1 + 8
    await trio.sleep(1)
    await rig.crawl(pages=5)
    assert len(web.asked()) == 1 + 8 + 5
    await trio.sleep(1)
    await rig.crawl()
    assert set(pages) <= set(web.asked())


async def test_directives_and_signals_reach_links_and_index(autojump_clock: object, folder: Path) -> None:
    closed = '<meta name="robots" content="nofollow"><p>Closed.</p><a href="/hidden">hidden</a>'
    web = FakeWeb(
        {
            A + "robots.txt": rules("Content-Signal: search=yes, ai-train=no", "Disallow: /no"),
            A: links("/closed", "/tagged"), A + "closed": closed, A + "hidden": "h", A + "beyond": "b",
            A + "tagged": reply(200, links("/beyond"), x_robots_tag="broadsheet: none"),
        }
    )  # fmt: skip
    await Rig(folder, web, A).crawl()
    assert set(web.asked()) == {A + "robots.txt", A, A + "closed", A + "tagged"}
    with closing(apsw.Connection(str(folder / "articles.db"))) as index:
        rows = index.execute("SELECT url, noindex, facts FROM versions").fetchall()
    facts = {url: msgspec.json.decode(unpack(packed)) for url, _, packed in rows}
    assert facts[A + "robots.txt"]["signals"] == [["robots.txt", "Content-Signal: search=yes, ai-train=no"]]
    assert {url for url, noindex, _ in rows if noindex} == {A + "tagged"}
