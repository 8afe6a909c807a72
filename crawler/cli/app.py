"""The command `broadsheet`: one file a command, put together here, each imported when it is asked for."""

from __future__ import annotations

import sys
from collections import UserDict
from importlib import import_module
from importlib.metadata import version
from typing import Annotated, Any

import typer
import typer.main
from typer.core import TyperGroup

from crawler.cli.common import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_USAGE, leaves, print_error
from crawler.errors import BroadsheetError, ConfigError

__all__ = ["app", "run"]

_PLACES = {
    "crawl": "crawl:crawl",
    "schedule": "schedule:schedule",
    "demo": "demo:demo",
    "replay": "replay:replay",
    "import": "imports:import_",
    "extract": "extract:extract",
    "explain": "explain:explain",
    "status": "status:status",
    "pause": "pause:pause",
    "resume": "resume:resume",
    "delay": "delay:delay",
    "verify": "verify:verify",
    "recover": "recover:recover",
    "backup": "backup:backup",
    "forget": "forget:forget",
    "articles": "articles:app",
    "export": "export:app",
    "sites": "sites:app",
    "config": "config:app",
}


class _Commands(UserDict[str, Any]):
    """Commands by name, each imported when it is asked for: one command must not wait for what all others need."""

    def __getitem__(self, name: str) -> Any:
        command = self.data[name]
        if isinstance(command, str):
            module, _, attribute = command.partition(":")
            command = self.data[name] = _made(
                name, getattr(import_module(f"crawler.cli.{module}"), attribute)
            )
        return command


def _made(name: str, what: Any) -> Any:
    """The command of a function, or of a Typer of more commands."""
    if isinstance(what, typer.Typer):
        group = typer.main.get_group(what)
        group.name = name
        return group
    alone = typer.Typer(add_completion=False)
    alone.command(name)(what)
    return typer.main.get_command(alone)


class _Group(TyperGroup):
    """The top level: names its commands without importing them."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _Commands(_PLACES)

    def list_commands(self, ctx: Any) -> list[str]:
        return list(self.commands)


app = typer.Typer(
    name="broadsheet",
    cls=_Group,
    help="Crawl article sites politely, keep exactly what they sent, get clean articles back.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


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
    except OSError as error:  # a file or folder of the operator's: no rights, no room, not there
        if error.filename is None:
            raise
        print_error(f"{error.filename}: {error.strerror}")
        sys.exit(EXIT_FAILED)
    except KeyboardInterrupt:
        print_error("interrupted; what was committed is safe")
        sys.exit(EXIT_INTERRUPTED)
