"""`broadsheet sites`: write plugins, try them, watch them. One file a command."""

from __future__ import annotations

import typer

from crawler.cli.sites.accept import accept
from crawler.cli.sites.check import check
from crawler.cli.sites.drift import drift
from crawler.cli.sites.listing import list_
from crawler.cli.sites.new import new
from crawler.cli.sites.pin import pin
from crawler.cli.sites.trying import try_

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="The sites that have a plugin: write, try and check them.")
app.command("list")(list_)
app.command("new")(new)
app.command("try")(try_)
app.command("check")(check)
app.command("accept")(accept)
app.command("pin")(pin)
app.command("drift")(drift)
