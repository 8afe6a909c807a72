"""The parts of `broadsheet schedule`: the plan, the lock, the crawl's process, the last rounds."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import trio
from trio.testing import MockClock

from archive.store import Store
from archive.store.orders import Order
from crawler.cli.rounds import CrawlProcess, Plan, RoundLog, Unpaused, last_rounds
from crawler.core.schedule import Cron, Interval, Last
from crawler.errors import ConfigError
from crawler.events import Event, Notice
from crawler.folder import DataFolder
from tests.command import command

S = 1_000_000
PLUGIN = 'from sites import Site\n\nclass A(Site):\n    hosts = ("{0}.example",)\n    seeds = ("https://{0}.example/",)\n'


@pytest.fixture
def plugins(tmp_path: Path) -> Path:
    folder = tmp_path / "plugins"
    folder.mkdir()
    for name in ("ant", "bee", "cat"):
        (folder / f"{name}.py").write_text(PLUGIN.format(name))
    return folder


def settings(tmp_path: Path, *lines: str) -> Path:
    file = tmp_path / "broadsheet.toml"
    file.write_text('contact = "me@a.example"\n' + "\n".join(lines))
    return file


def test_the_plan_follows_settings_and_plugins(plugins: Path, tmp_path: Path) -> None:
    told: list[Event] = []
    file = settings(tmp_path, '[site.bee]\nevery = "0 7 * * *"\n[site.cat]\nenabled = false')
    plan = Plan(file, None, [plugins], (), told.append)
    assert plan() == {"ant": Interval(86_400 * S), "bee": Cron("0 7 * * *")}
    assert told == []
    (plugins / "dog.py").write_text(PLUGIN.format("dog") + '    every = "2h"\n')
    assert plan()["dog"] == Interval(7_200 * S)
    (plugins / "dog.py").write_text("import nothing_of_this_name\n")
    assert "dog" not in plan()
    settings(tmp_path, '[site.ant]\nevery = "now and then"')
    assert set(plan()) == {"bee", "cat"}
    settings(tmp_path, "cont = 1")
    assert set(plan()) == {"bee", "cat"}, "a broken file changes nothing"
    said = [event.text for event in told if isinstance(event, Notice)]
    assert ["left out" in s for s in said] == [True, True, True, False] and "plan stays as it was" in said[-1]


def test_named_sites_must_be_good_ones(plugins: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="ant: every"):
        Plan(settings(tmp_path, '[site.ant]\nevery = "x"'), None, [plugins], ("ant",), print)
    with pytest.raises(ConfigError, match="there is no site 'ape'"):
        Plan(settings(tmp_path), None, [plugins], ("ape",), print)
    (tmp_path / "broadsheet.toml").write_text("")
    with pytest.raises(ConfigError, match="say who you are"):
        Plan(tmp_path / "broadsheet.toml", None, [plugins], ("ant",), print)


def test_without_a_site_there_is_nothing_to_do(tmp_path: Path) -> None:
    [told] = command(tmp_path, "schedule", "--json", expect=2)
    assert "there is no site to crawl" in told["error"]


def test_the_last_rounds_come_from_the_store(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    assert last_rounds(folder) == {}
    folder.make()
    store = Store.open(folder.crawl_db)
    store.finish_run(store.begin_run("site:ant", b"", 1_000).id, 2_000)
    store.begin_run("site:ant", b"", 3_000)
    store.begin_run("urls:1234", b"", 3_000)
    store.finish_run(store.begin_run("site:bee", b"", 4_000).id, 5_000)
    store.close()
    assert last_rounds(folder) == {"ant": Last(began=3_000, finished=False), "bee": Last(began=4_000)}


@pytest.mark.parametrize(
    ("program", "wrong"),
    [
        ("pass", ""),
        ("raise SystemExit(3)", ""),
        ("raise SystemExit(130)", ""),
        ("import sys; sys.exit('error: the disk is gone')", "error: the disk is gone (exit code 1)"),
        ("import os; os.kill(os.getpid(), 9)", "the crawl ended (signal 9)"),
    ],
)
async def test_how_a_crawl_ended(program: str, wrong: str) -> None:
    assert await CrawlProcess([sys.executable, "-c", program], print)(("ant",), 60.0) == wrong


async def test_a_crawl_that_does_not_listen_is_killed(autojump_clock: MockClock, tmp_path: Path) -> None:
    deaf = (
        "import pathlib, signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f"pathlib.Path({str(tmp_path / 'up')!r}).touch(); signal.pause()"
    )
    async with trio.open_nursery() as nursery:
        nursery.start_soon(CrawlProcess([sys.executable, "-c", deaf], print), ("ant",), None)
        while not await trio.Path(tmp_path / "up").exists():  # noqa: ASYNC110
            await trio.sleep(1)
        asked = trio.current_time()
        nursery.cancel_scope.cancel()
    assert trio.current_time() - asked < 5


async def test_drift_is_passed_on(tmp_path: Path) -> None:
    told: list[Event] = []
    program = "import sys; print('ant: authors are gone', file=sys.stderr); sys.exit(3)"
    assert await CrawlProcess([sys.executable, "-c", program], told.append)(("ant",), None) == ""
    assert told == [Notice("ant: authors are gone", "warning")]


def test_the_log_is_for_people_or_for_scripts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    RoundLog(DataFolder(tmp_path), as_json=False)(Notice("hello"))
    assert capsys.readouterr().out.rstrip().endswith("Z hello")


def test_sites_that_are_paused_are_left_out_and_that_is_told_once() -> None:
    orders: list[Order] = [Order(scope="host", name="bee.example", since=1)]
    told: list[Event] = []
    plan = Unpaused(lambda: {"ant": Interval(S), "bee": Interval(S)}, lambda: orders, told.append)
    assert set(plan()) == {"ant", "bee"} and told == []
    orders.append(Order(scope="job", name="site:ant", since=1))
    assert set(plan()) == set(plan()) == {"bee"}
    orders[:] = [Order(scope="all", since=1)]
    assert plan() == {}
    orders.clear()
    assert set(plan()) == {"ant", "bee"}
    said = [event.text for event in told if isinstance(event, Notice)]
    assert said == ["paused: ant", "paused: bee", "paused no more: ant, bee"]
