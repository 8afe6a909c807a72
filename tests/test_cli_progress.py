"""What a crawl tells people, line by line, where there is no terminal."""

from __future__ import annotations

from io import StringIO

from crawler.cli.progress import Progress
from crawler.cli.screen import Screen
from crawler.events import Event, HostResting, RunEnded

_DAY = 86_400 * 1_000_000


def told(*events: Event) -> list[str]:
    out = StringIO()
    with Progress(Screen(file=out, width=200), quiet=False) as progress:
        for event in events:
            progress(event)
    return out.getvalue().splitlines()


def test_a_host_that_rests_is_told_once_with_its_reason() -> None:
    assert told(HostResting("a.example", _DAY, "dns"), HostResting("a.example", 2 * _DAY, "dns")) == [
        "a.example rests till 1970-01-02 00:00:00Z: dns"
    ]


def test_of_many_hosts_that_rest_the_first_are_told() -> None:
    lines = told(*(HostResting(f"{n}.example", _DAY, "dns") for n in range(50)))
    assert len(lines) == 6 and "broadsheet status" in lines[-1]


def test_what_is_left_is_told_with_the_day_it_is_due() -> None:
    assert told(
        RunEnded("paper", True, 3, _DAY), RunEnded("other", False, 1, _DAY), RunEnded("c", True, 0, 0)
    ) == [
        "paper: 3 queued URLs left, the first due 1970-01-02 00:00:00Z; the same command goes on with the rest",
        "other: 1 queued URL left; the same command goes on with the rest",
    ]
