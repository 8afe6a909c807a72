"""`pause`, `resume` and `delay`: what they say and leave in the store, and errors that name the remedy."""

from __future__ import annotations

import contextlib
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from archive.store import Store
from archive.store.orders import FOREVER
from archive.store.stats import HostRow
from archive.store.types import Target
from crawler.cli.app import app
from crawler.cli.health import why_rests
from tests.command import command


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder in which the site "gazette" was crawled."""
    (tmp_path / "data").mkdir()
    with closing(Store.open(tmp_path / "data" / "crawl.db")) as store:
        run = store.begin_run("site:gazette", b"{}", 1)
        store.enqueue(run.id, [Target(url="https://gazette.example/", host="gazette.example")], 1)
    return tmp_path


@pytest.mark.parametrize(
    ("said", "scope", "name"),
    [
        (("--all",), "all", ""),
        (("gazette",), "job", "site:gazette"),
        (("gazette.example",), "host", "gazette.example"),
        (("https://gazette.example/a?b",), "host", "gazette.example"),
        (("127.0.0.1:8080",), "host", "127.0.0.1:8080"),
        (("Bücher.example",), "host", "xn--bcher-kva.example"),
    ],
)
def test_a_pause_is_kept_with_its_reason_till_it_is_lifted(
    said: tuple[str, ...], scope: str, name: str, place: Path
) -> None:
    (told,) = command(place, "pause", *said, "--why", "they asked", "--json")
    assert (told["scope"], told["name"], told["why"]) == (scope, name, "they asked")
    assert told["until"] == FOREVER and told["who"]
    (lifted,) = command(place, "resume", *said, "--json")
    assert lifted == {"scope": scope, "name": name, "resumed": True}
    (error,) = command(place, "resume", *said, "--json", expect=1)
    assert "is not paused; nothing is" in error["error"]


def test_a_pause_may_last_for_a_time(place: Path) -> None:
    (told,) = command(place, "pause", "gazette", "--for", "2h", "--json")
    assert told["until"] - told["since"] == 2 * 3600 * 1_000_000


def test_resuming_everything_leaves_what_was_paused_by_name(place: Path) -> None:
    command(place, "pause", "gazette.example", "--json")
    command(place, "pause", "--all", "--json")
    command(place, "resume", "--all", "--json")
    (error,) = command(place, "resume", "--all", "--json", expect=1)
    assert "paused: gazette.example" in error["error"]


def test_a_hosts_www_is_meant_with_it_where_it_was_met(place: Path) -> None:
    names = ["gazette.example", "www.gazette.example"]
    assert len(command(place, "pause", "gazette.example", "--json")) == 1
    with closing(Store.open(place / "data" / "crawl.db")) as store:
        run = store.begin_run("site:gazette", b"", 1)
        store.enqueue(run.id, [Target(url=f"https://{names[1]}/", host=names[1])], 1)
    assert [order["name"] for order in command(place, "pause", names[0], "--json")] == names
    assert [order["name"] for order in command(place, "delay", names[0], "1m", "--json")] == names
    command(place, "resume", names[1], "--json")
    assert [one["name"] for one in command(place, "resume", names[0], "--json")] == names[:1]
    assert [one["name"] for one in command(place, "delay", names[0], "--lift", "--json")] == names
    (seen,) = command(place, "status", "--json")
    assert seen["orders"] == []


def test_who_was_never_met_is_said(place: Path) -> None:
    with contextlib.chdir(place):
        said = CliRunner().invoke(app, ["pause", "gazete.example"]).stdout
    assert "no crawl here has met it yet" in said


def test_a_delay_is_kept_and_taken_back(place: Path) -> None:
    (told,) = command(place, "delay", "gazette.example", "1m", "--json")
    assert (told["kind"], told["delay"]) == ("delay", 60_000_000)
    with closing(Store.open(place / "data" / "crawl.db")) as store:
        host = store.host("gazette.example")
    assert host is not None and host.delay_set == 60_000_000
    command(place, "delay", "gazette.example", "--lift", "--json")
    (error,) = command(place, "delay", "gazette.example", "--lift", "--json", expect=1)
    assert "no delay of its own" in error["error"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("pause",), "say --all"),
        (("pause", "gazette", "--all"), "choose one"),
        (("pause", "gazete"), "did you mean gazette"),
        (("pause", "nobody"), "sites crawled here: gazette"),
        (("pause", "gazette", "--for", "soon"), "30s"),
        (("delay", "gazette", "5s"), "[site.gazette]"),
        (("delay", "gazette.example"), "--lift"),
        (("delay", "gazette.example", "0"), "at most 7d"),
        (("delay", "gazette.example", "8d"), "at most 7d"),
    ],
)
def test_errors_name_the_remedy(arguments: tuple[str, ...], says: str, place: Path) -> None:
    (error,) = command(place, *arguments, "--json", expect=2)
    assert says in error["error"]


def test_status_shows_orders_with_their_reason(place: Path) -> None:
    command(place, "pause", "gazette.example", "--why", "they asked", "--json")
    command(place, "delay", "gazette.example", "1m", "--why", "they move", "--json")
    (seen,) = command(place, "status", "--json")
    assert [(order["kind"], order["why"]) for order in seen["orders"]] == [
        ("pause", "they asked"), ("delay", "they move"),
    ]  # fmt: skip
    assert seen["waits"] == {"paused": 1} and seen["queues"][0]["urls"] == 1 and seen["processes"] == []
    with contextlib.chdir(place):
        said = CliRunner().invoke(app, ["status"]).stdout
    assert "they asked" in said and "60 s from one request to the next" in said
    assert "paused by the operator" in said and "it is resumed" in said


@pytest.mark.parametrize(
    ("host", "says"),
    [
        ({"next_at": 5, "delay": 2_000_000}, ""),
        ({"next_at": 20, "delay": 2_000_000}, "delay of 2 s"),
        ({"next_at": 20, "resting": "Retry-After"}, "Retry-After"),
        ({"next_at": 20, "resting": "status 503", "failures": 4}, "status 503; set aside after 4 failures"),
        ({"next_at": 20, "resting": "connect", "failures": 12}, "connect; given up after 12 failures"),
        ({"next_at": 5, "pause_until": 20}, "paused by the operator"),
    ],
)
def test_why_a_host_rests(host: dict[str, Any], says: str) -> None:
    facts = {"delay": 0, "failures": 0, "resting": "", "pause_until": 0, "delay_set": None, **host}
    row = HostRow(key="a.example", leased_until=0, queued=1, **facts)
    assert why_rests(row, 10).startswith(says) and bool(why_rests(row, 10)) == bool(says)
