"""The command `broadsheet`: one file a command, put together here."""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import Annotated

import typer

from crawler.cli import (
    articles,
    backup,
    config,
    crawl,
    delay,
    demo,
    explain,
    export,
    extract,
    forget,
    imports,
    pause,
    recover,
    replay,
    resume,
    schedule,
    sites,
    status,
    verify,
)
from crawler.cli.common import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_USAGE, leaves, print_error
from crawler.errors import BroadsheetError, ConfigError

__all__ = ["app", "run"]

app = typer.Typer(
    name="broadsheet",
    help="Crawl article sites politely, keep exactly what they sent, get clean articles back.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("crawl")(crawl.crawl)
app.command("schedule")(schedule.schedule)
app.command("demo")(demo.demo)
app.command("replay")(replay.replay)
app.command("import")(imports.import_)
app.command("extract")(extract.extract)
app.command("explain")(explain.explain)
app.command("status")(status.status)
app.command("pause")(pause.pause)
app.command("resume")(resume.resume)
app.command("delay")(delay.delay)
app.command("verify")(verify.verify)
app.command("recover")(recover.recover)
app.command("backup")(backup.backup)
app.command("forget")(forget.forget)
app.add_typer(articles.app, name="articles")
app.add_typer(export.app, name="export")
app.add_typer(sites.app, name="sites")
app.add_typer(config.app, name="config")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"broadsheet {version('broadsheet')}")
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and leave."
        ),
    ] = False,
) -> None:
    """Crawl article sites politely, keep exactly what they sent, get clean articles back."""


def run() -> None:
    """Run the command line; every expected error ends in one line and its exit code."""
    if sys.platform == "win32":
        print_error("Broadsheet runs on Linux (and macOS as far as it goes), not on Windows: use WSL")
        sys.exit(EXIT_USAGE)
    try:
        app()
    except ConfigError as error:
        print_error(error)
        sys.exit(EXIT_USAGE)
    except BroadsheetError as error:
        print_error(error)
        sys.exit(EXIT_FAILED)
    except ExceptionGroup as group:  # the tasks of a crawl end together
        expected, other = group.split(BroadsheetError)
        if expected is None or other is not None:
            raise
        for leaf in leaves(expected):
            print_error(leaf)
        sys.exit(EXIT_FAILED)
    except KeyboardInterrupt:
        print_error("interrupted; what was committed is safe")
        sys.exit(EXIT_INTERRUPTED)
