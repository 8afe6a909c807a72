"""`broadsheet pause`: ask hosts for nothing for a while."""

from __future__ import annotations

from contextlib import closing
from itertools import chain
from typing import Annotated

import typer

from archive.store import Store
from archive.store.orders import FOREVER, Order
from crawler.cli.common import (
    ConfigOption,
    DataOption,
    JsonOption,
    console,
    existing_folder,
    print_json,
    settings_from,
)
from crawler.cli.orders import label, targets, told, unmet, who
from crawler.cli.wiring import now_us
from crawler.settings import parse_duration

__all__ = ["pause"]


def pause(
    what: Annotated[
        list[str] | None, typer.Argument(metavar="[HOST or SITE]...", help="Whom to leave alone.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Ask nobody for anything.")] = False,
    lasting: Annotated[
        str | None, typer.Option("--for", metavar="TIME", help="It ends by itself after 30m, 2h, 1d.")
    ] = None,
    why: Annotated[str, typer.Option(metavar="TEXT", help="It is kept, and shown by `status`.")] = "",
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Leave a host, a site or everybody alone until `resume`, or for some time. Crawls that run obey from their next
    request on; what is in flight is finished and kept. A restart does not lift it.

    Example: broadsheet pause news.example.com --why "their owner asked"
    """
    seconds = parse_duration(lasting, "--for") if lasting else 0
    folder = existing_folder(settings_from(config, data=data))
    with closing(Store.open(folder.crawl_db, create=False)) as store:
        for scope, name in chain(*targets(store, what or [], everything)):
            now, more = now_us(), unmet(store, scope, name)
            until = now + int(seconds * 1e6) if lasting else FOREVER
            order = Order(scope=scope, name=name, since=now, until=until, who=who(), why=why)
            store.order(order)
            if as_json:
                print_json(order)
            else:
                console.print(f"{label(scope, name)}: {told(order)}{more}", markup=False)
