"""The schedule under a clock that jumps: days of rounds in milliseconds."""

from __future__ import annotations

import trio
from trio.testing import MockClock

from crawler.core.schedule import Every, Interval, Last
from crawler.engine.scheduling import Schedule
from crawler.events import Event, RoundBegun, RoundEnded

S = 1_000_000
MINUTE, HOUR = 60 * S, 3600 * S


class Played:
    """A store and a crawl in memory: `needs` says how many seconds of crawling each site needs a round, `wrong`
    what goes wrong, in order."""

    def __init__(self, plan: dict[str, Every], needs: dict[str, float], wrong: tuple[str, ...] = ()) -> None:
        self.plan, self.needs, self.wrong = plan, needs, list(wrong)
        self.left: dict[str, float] = {}
        self.stored: dict[str, Last] = {}
        self.begun: list[tuple[float, tuple[str, ...]]] = []
        self.events: list[Event] = []

    def now(self) -> int:
        return int(trio.current_time() * S)

    async def crawl(self, sites: tuple[str, ...], seconds: float | None) -> str:
        self.begun.append((trio.current_time(), sites))
        began = self.now()
        for site in sites:
            if site not in self.left:
                self.left[site] = self.needs[site]
                self.stored[site] = Last(began=began, finished=False)
        work = max(self.left[site] for site in sites)
        spent = work if seconds is None else min(work, seconds)
        await trio.sleep(spent)
        if wrong := self.wrong.pop(0) if self.wrong else "":
            return wrong
        for site in sites:
            self.left[site] -= spent
            if self.left[site] <= 0:
                del self.left[site]
                self.stored[site] = Last(began=self.stored[site].began)
        return ""

    async def play(self, hours: float) -> None:
        work = Schedule(lambda: self.plan, lambda: self.stored, self.crawl, self.now, self.events.append)
        with trio.move_on_after(hours * 3600):
            await work.run()

    def times(self, site: str) -> list[float]:
        return [round((at - self.begun[0][0]) / 60, 1) for at, sites in self.begun if site in sites]


async def test_each_site_by_its_interval(autojump_clock: MockClock) -> None:
    played = Played({"quick": Interval(30 * MINUTE), "slow": Interval(6 * HOUR)}, {"quick": 10, "slow": 100})
    await played.play(13)
    assert played.times("slow") == [0, 360, 720]
    assert played.times("quick") == [30 * n for n in range(26)]
    assert len([e for e in played.events if isinstance(e, RoundEnded)]) == len(played.begun)


async def test_a_long_crawl_keeps_no_other_waiting_for_long(autojump_clock: MockClock) -> None:
    played = Played(
        {"quick": Interval(10 * MINUTE), "long": Interval(24 * HOUR)}, {"quick": 1, "long": 5 * 3600}
    )
    await played.play(10)
    times = played.times("quick")
    assert max(b - a for a, b in zip(times, times[1:], strict=False)) <= 15.1
    assert "long" not in played.left, "and the long one came to its end"
    assert played.stored["long"].finished


async def test_what_the_store_knows_is_not_crawled_again_at_once(autojump_clock: MockClock) -> None:
    played = Played({"a": Interval(HOUR), "b": Interval(HOUR)}, {"a": 5, "b": 5})
    played.stored = {
        "a": Last(began=played.now() - 20 * MINUTE),
        "b": Last(began=played.now() - MINUTE, finished=False),
    }
    begun = trio.current_time()
    await played.play(0.99)
    assert played.begun[0][1] == ("b",), "what was interrupted goes on first"
    assert [round((at - begun) / 60) for at, sites in played.begun if "a" in sites] == [40]


async def test_a_failing_site_does_not_stop_the_others(autojump_clock: MockClock) -> None:
    played = Played({"bad": Interval(HOUR), "good": Interval(HOUR)}, {"bad": 1, "good": 1}, ("boom",) * 3)
    await played.play(3)
    assert played.begun[0][1] == ("bad", "good")
    assert all(len(sites) == 1 for _, sites in played.begun[1:4]), "then each alone"
    assert [e.wrong for e in played.events if isinstance(e, RoundEnded)][:4] == ["boom", "boom", "boom", ""]
    assert len(played.times("good")) >= 3 and len(played.times("bad")) >= 3
    assert len(played.begun) < 20, "and it is not tried all the time"


async def test_a_new_site_is_seen_within_a_minute(autojump_clock: MockClock) -> None:
    played = Played({}, {"new": 1})
    async with trio.open_nursery() as nursery:
        nursery.start_soon(played.play, 1)
        await trio.sleep(600)
        played.plan["new"] = Interval(HOUR)
        asked = trio.current_time()
    assert played.begun[0][0] - asked <= 60
    assert played.events[0] == RoundBegun(("new",), None)


async def test_a_site_crawled_by_hand_meanwhile_is_not_due(autojump_clock: MockClock) -> None:
    played = Played({"a": Interval(HOUR)}, {"a": 1})
    async with trio.open_nursery() as nursery:
        nursery.start_soon(played.play, 1.9)
        await trio.sleep(1800)
        played.stored["a"] = Last(began=played.now())
    assert played.times("a") == [0, 90]
