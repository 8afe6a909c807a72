"""`broadsheet status`: the health of a data folder."""

from __future__ import annotations

import msgspec

from archive.store import Store
from crawler.cli.common import (
    ConfigOption,
    DataOption,
    JsonOption,
    console,
    existing_folder,
    print_facts,
    print_json,
    print_table,
    settings_from,
)
from crawler.cli.explain import when
from crawler.cli.wiring import now_us
from crawler.settings import parse_size

__all__ = ["status"]


def status(data: DataOption = None, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Show what is queued, stored and resting, and the last runs.

    Example: broadsheet status --data ./data
    """
    settings = settings_from(config, data=data)
    folder = existing_folder(settings)
    free, wanted = folder.free(), parse_size(settings.min_free)
    store = Store.open(folder.crawl_db, create=False)
    try:
        stats = store.stats(now_us())
    finally:
        store.close()
    if as_json:
        disk = {"free": free, "min_free": wanted, "paused": free < wanted}
        print_json({**msgspec.structs.asdict(stats), "disk": disk})
        return
    print_facts(
        {
            "URLs": ", ".join(f"{n} {state}" for state, n in stats.urls.items()),
            "hosts": stats.hosts,
            "captures": stats.captures,
            "archived": f"{stats.bytes / 1e6:.1f} MB in {stats.files} files",
            "extraction": ", ".join(f"{n} {state}" for state, n in stats.extractions.items()),
            "disk": f"{free / 1e6:.0f} MB free"
            + (f", less than min_free ({wanted / 1e6:.0f} MB): crawls pause" if free < wanted else ""),
        }
    )
    console.print()
    print_table(
        ("run#", "job", "started", "finished"),
        (
            (r.id, r.job, when(r.started), when(r.finished) or "unfinished: `broadsheet crawl` goes on")
            for r in stats.runs[:10]
        ),
    )
    if stats.resting:
        console.print()
        print_table(
            ("host", "rests until", "why"), ((h.key, when(h.next_at), h.resting) for h in stats.resting)
        )
    if stats.traps:
        console.print()
        print_table(
            ("host", "trap", "URLs left out#", "pages that brought nothing new#"),
            ((t.host, t.shape, t.cut, t.barren) for t in stats.traps),
        )
