"""`broadsheet schedule` as a service: real processes, the demo's newsroom, signals."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crawler.demo import Newsroom, build_newsroom
from crawler.demo.lesson import lesson_plugin
from crawler.demo.server import Server, running
from tests.check.kit import BIN, articles, run

pytestmark = pytest.mark.check

HOST = "lantern.example"
PROMISED = 5.0  # seconds from SIGTERM to the end, as documented


def paper(extra: int = 0) -> Newsroom:
    return build_newsroom(1, today=date(2026, 11, 20), extra={HOST: extra}, crawl_delay=0)


@pytest.fixture
def server() -> Iterator[Server]:
    with running(paper()) as up:
        yield up


@pytest.fixture
def place(server: Server, tmp_path: Path) -> Path:
    """A folder with a plugin for The Lantern, to be crawled every four seconds."""
    settings = server.settings.replace('"50ms"', '"0s"')
    (tmp_path / "broadsheet.toml").write_text(f'{settings}\n[site.lantern]\nevery = "4s"\n')
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "lantern.py").write_text(lesson_plugin(mended=True))
    return tmp_path


class Running:
    """`broadsheet schedule --json` in a folder; killed if the test leaves it running."""

    def __init__(self, place: Path) -> None:
        with (place / "errors.txt").open("wb") as errors:
            self.process = subprocess.Popen(
                [str(BIN / "broadsheet"), "schedule", "--json"],
                cwd=place,
                stdout=subprocess.PIPE,
                stderr=errors,
            )

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()

    def until(self, event: str) -> dict[str, Any]:
        """The next happening of this kind."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            told: dict[str, Any] = json.loads(line)
            assert told["event"] != "failed", told
            if told["event"] == event:
                return told
        raise AssertionError(f"the schedule ended before {event!r}")

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(PROMISED)


def checked(place: Path) -> None:
    assert (place / "errors.txt").read_text() == ""
    assert json.loads(run(BIN / "broadsheet", "verify", "--json", folder=place)) == {
        "errors": 0,
        "warnings": 0,
    }


def test_three_rounds_pick_up_what_is_new(server: Server, place: Path) -> None:
    with Running(place) as service:
        first = service.until("ended")
        assert (first["site"], first["finished"]) == ("lantern", True)
        before = articles(place / "data")
        assert set(before) == {url for url in server.newsroom.truth if HOST in url}

        refused = subprocess.run(
            [str(BIN / "broadsheet"), "schedule"], cwd=place, capture_output=True, text=True, check=False
        )
        assert refused.returncode == 1
        assert f"process {service.process.pid} (since " in refused.stderr

        server.newsroom = paper(extra=1)
        (new,) = {url for url in server.newsroom.truth if HOST in url} - set(before)
        service.until("begun")
        service.until("ended")
        if new not in articles(place / "data"):  # that round had begun before the article was printed
            service.until("ended")
        assert new in articles(place / "data"), "within one interval"
        service.until("ended")
        assert service.end(signal.SIGTERM) == 0
    checked(place)
    rounds = json.loads(run(BIN / "broadsheet", "status", "--json", folder=place))["runs"]
    assert len(rounds) >= 3 and {r["job"] for r in rounds} == {"site:lantern"}


def test_a_signal_in_the_midst_of_a_crawl_loses_nothing(server: Server, place: Path) -> None:
    toml = place / "broadsheet.toml"
    toml.write_text(toml.read_text().replace('delay = "0s"', 'delay = "300ms"'))
    with Running(place) as service:
        service.until("begun")
        while len(server.hits) < 6:
            with pytest.raises(subprocess.TimeoutExpired):
                service.process.wait(0.05)
        assert service.end(signal.SIGINT) == 130
    checked(place)
    assert len(articles(place / "data")) < 24

    toml.write_text(toml.read_text().replace('delay = "300ms"', 'delay = "0s"').replace('"4s"', '"1h"'))
    with Running(place) as service:
        assert service.until("ended")["finished"], (
            "what was interrupted goes on at once, whatever the interval"
        )
        assert service.end(signal.SIGTERM) == 0
    assert len(articles(place / "data")) == 24
    checked(place)
