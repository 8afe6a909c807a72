"""`broadsheet explain`: all that is known of one URL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from archive.store import Store
from archive.store.types import State
from crawler.cli.common import (
    EXIT_USAGE,
    ConfigOption,
    DataOption,
    JsonOption,
    console,
    existing_folder,
    fail,
    print_facts,
    print_json,
    print_table,
    settings_from,
)
from sites.url import parse

__all__ = ["explain", "when"]


def when(micros: int) -> str:
    """A stored time for people, "" for never."""
    return datetime.fromtimestamp(micros / 1e6, UTC).strftime("%Y-%m-%d %H:%M:%SZ") if micros else ""


def explain(
    url: Annotated[str, typer.Argument(help="Any URL.")],
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what is known of a URL: its state, its host, robots.txt, its captures, and when it is asked for next.

    Example: broadsheet explain https://example.com/news/1
    """
    folder = existing_folder(settings_from(config, data=data))
    address = parse(url)
    if address is None:
        fail(f"{url}: this is no http or https URL", EXIT_USAGE)
    store = Store.open(folder.crawl_db, create=False)
    try:
        known = store.explain(address)
    finally:
        store.close()
    if as_json:
        print_json(known)
        return
    facts: dict[str, object] = {"identity": address}
    if known.forgotten is not None:
        left = (
            ""
            if known.forgotten.done
            else "; its records are still in files: `broadsheet forget` erases them"
        )
        facts["state"] = f"forgotten {when(known.forgotten.at)}: {known.forgotten.reason}{left}"
    elif known.url is None:
        facts["state"] = "never heard of"
    else:
        facts |= {
            "state": State(known.url.state).name.lower(), "reason": known.url.reason, "found on": known.url.via,
            "depth": known.url.depth, "tries": known.url.tries, "due": when(known.url.due) or "now",
        }  # fmt: skip
    if known.host is not None:
        facts |= {"host may be met": when(known.host.next_at), "host rests": known.host.resting}
    if known.robots is not None:
        facts["robots.txt"] = f"{known.robots.status}, looked at again {when(known.robots.expires)}"
    print_facts({k: v for k, v in facts.items() if v not in ("", None)})
    console.print()
    print_table(
        ("fetched", "status#", "bytes#", "file", "offset#", "read as"),
        (
            (
                when(c.fetched_at),
                c.status,
                c.payload_size,
                c.location.file,
                c.location.offset,
                c.page_type or c.extraction,
            )
            for c in known.captures
        ),
    )
