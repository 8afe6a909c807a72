"""`broadsheet status`: the health of a data folder, and how its crawls go on."""

from __future__ import annotations

import time
from contextlib import closing
from typing import Annotated

import msgspec
import typer

from archive.store import Store
from archive.store.overview import Overview
from archive.store.stats import Stats
from crawler.cli.common import (
    ConfigOption,
    DataOption,
    JsonOption,
    console,
    existing_folder,
    print_facts,
    print_json,
    settings_from,
    when,
)
from crawler.cli.health import print_health
from crawler.cli.wiring import now_us
from crawler.folder import DataFolder
from crawler.settings import Settings, parse_size

__all__ = ["status"]

_MOST_COUNTED = 500_000  # captures that are counted one by one without being asked to: half a second
_EVERY = 2.0


def status(
    limit: Annotated[int, typer.Option(min=1, help="So many rows of each table at most.")] = 10,
    exact: Annotated[
        bool,
        typer.Option("--exact", help="Count every capture, however many there are (seconds for millions)."),
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Show it anew every two seconds, until Ctrl-C.")
    ] = False,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what is queued, how fast it goes, which hosts rest, till when and why, what fails, what was cut as a trap,
    what is paused, and the last runs. While crawls run and afterwards alike; nothing is disturbed by it.

    Example: broadsheet status --data ./data
    """
    settings = settings_from(config, data=data)
    folder = existing_folder(settings)
    with closing(Store.open(folder.crawl_db, create=False)) as store:
        while True:
            now = now_us()
            stats = store.stats(now, None if exact else _MOST_COUNTED)
            overview = store.overview(now, limit)
            if watch and not as_json:
                console.clear()
            _show(stats, overview, folder, settings, now, as_json=as_json)
            if not watch:
                return
            time.sleep(_EVERY)


def _show(
    stats: Stats, overview: Overview, folder: DataFolder, settings: Settings, now: int, *, as_json: bool
) -> None:
    free, wanted = folder.free(), parse_size(settings.min_free)
    if as_json:
        disk = {"free": free, "min_free": wanted, "paused": free < wanted}
        print_json({**msgspec.structs.asdict(stats), **msgspec.structs.asdict(overview), "disk": disk})
        return
    at_work = ", ".join(f"{p.pid} since {when(p.since)}" for p in overview.processes)
    print_facts(
        {
            "at work": at_work or "nobody",
            "URLs": ", ".join(f"{n:,} {state}" for state, n in stats.urls.items()),
            "hosts": f"{stats.hosts:,}",
            "captures": f"{stats.captures:,}",
            "archived": f"{stats.bytes / 1e6:,.1f} MB in {stats.files} files",
            "extraction": ", ".join(f"{n:,} {state}" for state, n in stats.extractions.items())
            + ("" if stats.counted else "; `--exact` counts what came of the others"),
            "disk": f"{free / 1e6:.0f} MB free"
            + (f", less than min_free ({wanted / 1e6:.0f} MB): crawls pause" if free < wanted else ""),
        }
    )
    print_health(stats, overview, now)
