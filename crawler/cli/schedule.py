"""`broadsheet schedule`: stay up and crawl every site when it is due."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Annotated

import trio
import typer

from archive.store.owners import take_lock
from crawler.cli.common import (
    EXIT_INTERRUPTED,
    ConfigOption,
    DataOption,
    JsonOption,
    SitesOption,
    data_folder,
    settings_from,
    site_dirs,
)
from crawler.cli.rounds import CrawlProcess, Plan, RoundLog, Unpaused, last_rounds, standing_orders
from crawler.cli.wiring import now_us
from crawler.engine.scheduling import Schedule
from crawler.errors import BroadsheetError, ConfigError
from crawler.events import Notice
from crawler.folder import DataFolder

__all__ = ["schedule"]


def schedule(
    what: Annotated[
        list[str] | None, typer.Argument(metavar="[SITE]...", help="Only these (default: all of your own).")
    ] = None,
    sites: SitesOption = None,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Stay up and crawl every site as often as its plugin, or its section of broadsheet.toml, says with `every`; none
    that `broadsheet pause` has paused.

    SIGTERM (exit code 0) or Ctrl-C (130) ends it within five seconds, with everything safe.

    Example: broadsheet schedule --data ./data
    """
    settings = settings_from(config, data=data)
    folder = data_folder(settings)
    log = RoundLog(folder, as_json=as_json)
    plan = Plan(config, data, site_dirs(sites, settings), what or (), log)
    log.plan = plan
    if not plan():
        raise ConfigError("there is no site to crawl: `broadsheet sites new URL` writes a plugin")
    command = [sys.executable, "-P", "-c", "from crawler.cli import main; main()", "crawl", "--json"]
    command += [*(("--data", str(data)) if data else ()), *(("--config", str(config)) if config else ())]
    command += [part for place in sites or () for part in ("--sites", str(place))]
    folder.make()
    with _only_one(folder):
        awake = Unpaused(plan, lambda: standing_orders(folder, now_us()), log)
        work = Schedule(awake, partial(last_rounds, folder), CrawlProcess(command, log), now_us, log)
        came = trio.run(_stay_up, work)
    log(Notice("stopped; what was not finished goes on at the next start"))
    raise typer.Exit(EXIT_INTERRUPTED if came == signal.SIGINT else 0)


async def _stay_up(work: Schedule) -> int:
    """Until a signal comes; its number."""
    came = int(signal.SIGTERM)
    with trio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(work.run)
            async for number in signals:
                came = number
                nursery.cancel_scope.cancel()
                break
    return came


@contextmanager
def _only_one(folder: DataFolder) -> Iterator[None]:
    """Hold the data folder's schedule. Raises BroadsheetError, which says who does, when it is held."""
    path = folder.owners / "schedule.lock"
    lock = take_lock(path, create=True)
    if lock is None:
        holder = path.read_text(encoding="utf-8") or "another process"
        raise BroadsheetError(f"{holder} keeps the schedule of {folder.root}: one a data folder")
    try:
        os.ftruncate(lock, 0)
        os.write(lock, f"process {os.getpid()} (since {datetime.now(UTC):%Y-%m-%d %H:%M:%SZ})".encode())
        yield
    finally:
        os.close(lock)
