"""`broadsheet resume`: go on with what was paused."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer

from archive.store import Store
from archive.store.orders import Scope
from crawler.cli.common import (
    EXIT_FAILED,
    ConfigOption,
    DataOption,
    JsonOption,
    console,
    existing_folder,
    fail,
    print_json,
    settings_from,
    when,
)
from crawler.cli.orders import label, targets
from crawler.cli.wiring import now_us

__all__ = ["resume"]


def resume(
    what: Annotated[
        list[str] | None, typer.Argument(metavar="[HOST or SITE]...", help="As it was given to `pause`.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Lift `pause --all`; hosts and sites paused by name stay paused.")
    ] = False,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Lift a pause. Crawls that wait go on within seconds. What a host itself asked for (Retry-After, robots.txt) is
    not lifted.

    Example: broadsheet resume news.example.com
    """
    folder = existing_folder(settings_from(config, data=data))
    with closing(Store.open(folder.crawl_db, create=False)) as store:
        for meant in targets(store, what or [], everything):
            lifted = [one for one in meant if store.lift("pause", *one, now_us())]
            if not lifted:
                fail(f"{label(*meant[0])} is not paused{_instead(store, *meant[0])}", EXIT_FAILED)
            for scope, name in lifted:
                if as_json:
                    print_json({"scope": scope, "name": name, "resumed": True})
                else:
                    console.print(f"{label(scope, name)}: goes on{_still(store, scope)}", markup=False)


def _paused(store: Store) -> str:
    return ", ".join(label(o.scope, o.name) for o in store.orders(now_us()) if o.kind == "pause")


def _still(store: Store, scope: Scope) -> str:
    paused = _paused(store)
    return f"; still paused: {paused}" if paused and scope == "all" else ""


def _instead(store: Store, scope: Scope, name: str) -> str:
    """What is paused in its place, or why the host rests all the same."""
    host = store.host(name) if scope == "host" else None
    if host is not None and host.resting and host.next_at > now_us():
        return f": it rests till {when(host.next_at)} by itself ({host.resting}), which no command lifts"
    paused = _paused(store)
    return f"; paused: {paused}" if paused else "; nothing is"
