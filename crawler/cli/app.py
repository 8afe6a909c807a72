"""The command `broadsheet`: one file a command, put together here."""

from __future__ import annotations

import sys
from importlib.metadata import version

import typer

from crawler.cli import articles, config, crawl, explain, extract, imports, recover, replay, sites, status, verify
from crawler.cli.common import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_USAGE, errors
from crawler.errors import BroadsheetError, ConfigError

__all__ = ["app", "run"]

app = typer.Typer(
    name="broadsheet",
    help="Crawl article sites politely, keep exactly what they sent, get clean articles back.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Begin with: broadsheet demo",
)
