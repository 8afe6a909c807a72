"""`broadsheet delay`: a host asked less often from now on."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer
from msgspec.structs import replace

from archive.store import Store
from archive.store.orders import Order
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
)
from crawler.cli.orders import target, told, unmet, who, with_www
from crawler.cli.wiring import now_us
from crawler.errors import ConfigError
from crawler.settings import parse_duration

__all__ = ["delay"]

_MOST = 7 * 86_400


def delay(
    host: Annotated[str, typer.Argument(help="The host, or any URL of it.")],
    time: Annotated[
        str | None, typer.Argument(metavar="[TIME]", help="The least pause between two requests: 10s, 1m.")
    ] = None,
    lift: Annotated[bool, typer.Option("--lift", help="Take it back.")] = False,
    why: Annotated[str, typer.Option(metavar="TEXT", help="It is kept, and shown by `status`.")] = "",
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a host a longer pause between two requests; crawls that run keep it from their next request on, and a
    restart does not lift it. It only ever slows down: the longest of this, the settings, robots.txt's Crawl-delay
    and what the host's answers ask for counts. To be quicker, change `delay` in the settings.

    Example: broadsheet delay news.example.com 30s --why "their owner asked"
    """
    if (time is None) == (not lift):
        raise ConfigError("say how long, like 10s, or --lift")
    seconds = parse_duration(time, "the delay") if time else 0
    if time and not 0 < seconds <= _MOST:
        raise ConfigError(
            f"a delay of {time}: choose more than 0 and at most 7d; `broadsheet pause` stops it"
        )
    folder = existing_folder(settings_from(config, data=data))
    with closing(Store.open(folder.crawl_db, create=False)) as store:
        scope, name = target(store, host)
        if scope != "host":
            raise ConfigError(f"{host} is a site: name a host of it, or set delay under [site.{host}]")
        now, hosts = now_us(), [name for _, name in with_www(store, scope, name)]
        if lift:
            lifted = [name for name in hosts if store.lift("delay", "host", name, now)]
            if not lifted:
                fail(f"{name} has no delay of its own; `broadsheet status` shows who has", EXIT_FAILED)
            for name in lifted:
                value = {"scope": "host", "name": name, "lifted": True}
                _tell(name, "as the settings say again", value, as_json)
            return
        order = Order(kind="delay", scope="host", since=now, delay=int(seconds * 1e6), who=who(), why=why)
        for name in hosts:
            more, own = unmet(store, "host", name), replace(order, name=name)
            store.order(own)
            _tell(name, told(own) + more, own, as_json)


def _tell(name: str, line: str, value: object, as_json: bool) -> None:
    if as_json:
        print_json(value)
    else:
        console.print(f"{name}: {line}", markup=False)
