"""What all commands share: options, output for people and for scripts, errors with the next step, exit codes."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import msgspec
import typer
from rich.table import Table

from crawler.cli.screen import Screen
from crawler.errors import BroadsheetError, ConfigError
from crawler.folder import DataFolder
from crawler.settings import Settings, load_settings
from sites.url import parse

__all__ = [
    "EXIT_DRIFT",
    "EXIT_FAILED",
    "EXIT_INTERRUPTED",
    "EXIT_USAGE",
    "AllowOption",
    "ConfigOption",
    "ContactOption",
    "DataOption",
    "JsonOption",
    "ResolveOption",
    "SitesOption",
    "address_of",
    "console",
    "counted",
    "data_folder",
    "existing_folder",
    "fail",
    "fail_without_article",
    "leaves",
    "print_error",
    "print_facts",
    "print_json",
    "print_table",
    "print_warning",
    "settings_from",
    "site_dirs",
    "when",
]

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_DRIFT = 3
EXIT_INTERRUPTED = 130

console = Screen(stderr=False, highlight=False, soft_wrap=True)
errors = Screen(stderr=True, highlight=False, soft_wrap=True)

DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="DIR", help="The data folder (default: ./data, or `data` in broadsheet.toml)."
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="One JSON object a line instead of a table, for scripts.")
]
ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config", metavar="FILE", help="The settings file (default: ./broadsheet.toml when there is one)."
    ),
]
SitesOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--sites", metavar="DIR", help="A folder of site plugins (default: ./plugins). May be given again."
    ),
]
ContactOption = Annotated[
    str | None, typer.Option("--contact", help="Who you are: an address or URL for the sites' owners.")
]
AllowOption = Annotated[
    list[str] | None,
    typer.Option("--allow-address", metavar="CIDR", help="A network inside that may be asked."),
]
ResolveOption = Annotated[
    list[str] | None,
    typer.Option("--resolve", metavar="NAME=ADDR:PORT", help="Connect there for this name."),
]


def print_error(message: object) -> None:
    """One line on standard error."""
    errors.print(f"[bold red]error:[/] {_plain(message)}")


def print_warning(message: object) -> None:
    """One line on standard error, for what goes on by itself."""
    errors.print(f"[bold yellow]warning:[/] {_plain(message)}")


def fail(message: str, code: int = EXIT_FAILED) -> NoReturn:
    """Print one error and leave with `code`."""
    errors.print(f"[bold red]error:[/] {_plain(message)}")
    raise typer.Exit(code)


def fail_without_article(url: str) -> NoReturn:
    """The index has nothing under this URL."""
    fail(f"{url}: no article is known under this URL; `broadsheet explain {url}` says what is")


def leaves(group: ExceptionGroup[BroadsheetError]) -> Iterator[BroadsheetError]:
    """The errors of a group of tasks that ended together, one by one."""
    for error in group.exceptions:
        if isinstance(error, ExceptionGroup):
            yield from leaves(error)
        else:
            yield error


def _plain(text: object) -> str:
    return str(text).replace("[", r"\[")


def settings_from(config: Path | None, **overrides: Any) -> Settings:
    """Settings from the file, overridden by the options that were given (a path, or a list that is not empty)."""
    given = {name: str(value) if isinstance(value, Path) else value for name, value in overrides.items()}
    return load_settings(config, {name: value for name, value in given.items() if value != []})


def address_of(url: str, name: str = "") -> str:
    """A URL as the archive knows it, an ada href. ConfigError when it is none; `name` is the option that it came by."""
    found = parse(url)
    if found is None:
        said = f"{name} {url}".strip()
        raise ConfigError(
            f"{said}: this is no http or https URL; write it in full, like https://example.com/"
        )
    return found


def data_folder(settings: Settings) -> DataFolder:
    return DataFolder(Path(settings.data))


def existing_folder(settings: Settings) -> DataFolder:
    """The data folder, or an error that says how to get one."""
    folder = data_folder(settings)
    if not folder.crawl_db.exists():
        fail(
            f"there is no crawl in {folder.root}: `broadsheet crawl https://…` makes one, --data DIR names another folder",
            EXIT_USAGE,
        )
    return folder


def site_dirs(given: Sequence[Path] | None, settings: Settings) -> tuple[Path, ...]:
    """The plugin folders: those given (which must exist), else those of the settings that exist."""
    if given:
        for folder in given:
            if not folder.is_dir():
                fail(f"--sites {folder}: there is no such folder", EXIT_USAGE)
        return tuple(given)
    return tuple(p for p in map(Path, settings.sites) if p.is_dir())


def counted(number: int, what: str) -> str:
    """A number of things, for people: "1 page", "2 pages"."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def when(micros: int) -> str:
    """A stored time for people, "" for never."""
    return datetime.fromtimestamp(micros / 1e6, UTC).strftime("%Y-%m-%d %H:%M:%SZ") if micros else ""


def print_json(value: Any) -> None:
    """One JSON object on one line of standard output."""
    sys.stdout.buffer.write(msgspec.json.encode(value, enc_hook=str) + b"\n")
    sys.stdout.flush()


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "") -> int:
    """A table for people; returns the number of rows. Columns whose name ends in "#" are numbers."""
    table = Table(title=title or None, box=None, pad_edge=False, title_justify="left", header_style="bold")
    for column in columns:
        number = column.endswith("#")
        table.add_column(column.rstrip("#"), justify="right" if number else "left", overflow="fold")
    count = 0
    for row in rows:
        table.add_row(*(_plain("" if cell is None else cell) for cell in row))
        count += 1
    console.print(table)
    return count


def print_facts(facts: Mapping[str, object]) -> None:
    """Name and value, a line each."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, value in facts.items():
        table.add_row(_plain(name), _plain(value))
    console.print(table)
