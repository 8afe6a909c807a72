"""`broadsheet demo`: a small newsroom on loopback, and a tour of what Broadsheet makes of it."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import trio
import typer

from archive.exporting.whole import whole_file
from crawler.cli.common import EXIT_USAGE, console, fail
from crawler.cli.screen import Screen
from crawler.cli.tour import Tour
from crawler.demo import build_newsroom
from crawler.demo.server import Server, running

__all__ = ["demo"]

_WIDTH = 100


def demo(
    serve: Annotated[
        bool, typer.Option("--serve", help="Keep the newsroom up to practise on, crawl nothing.")
    ] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The loopback port (default: a free one).")] = 0,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--folder",
            metavar="DIR",
            help="Where the tour puts settings, plugins and data (default: a fresh folder in the temporary one).",
        ),
    ] = None,
    settings: Annotated[
        Path | None,
        typer.Option(
            "--settings", metavar="FILE", help="With --serve: write settings that reach the newsroom."
        ),
    ] = None,
) -> None:
    """Take a tour: crawl a small newsroom made for this, over real sockets, on this machine alone.

    Example: broadsheet demo
    """
    if settings is not None and not serve:
        fail(f"--settings {settings}: only with --serve; the tour writes its own into --folder", EXIT_USAGE)
    if folder is not None and folder.exists() and any(folder.iterdir()):
        fail(
            f"--folder {folder}: it is not empty, and the tour begins with nothing: name another", EXIT_USAGE
        )
    newsroom = build_newsroom(1, today=(datetime.now(UTC) - timedelta(days=1)).date())
    try:
        with running(newsroom, port=port) as server:
            if serve:
                _serve(server, settings)
            else:
                root = folder or Path(tempfile.mkdtemp(prefix="broadsheet-demo-"))
                Tour(_screen(), server, root.resolve()).walk()
    except OSError as error:
        if not port:
            raise
        fail(f"--port {port}: {error.strerror}: name another, or none for a free one", EXIT_USAGE)


def _screen() -> Screen:
    """At most 100 columns: tables of a few columns do not get easier to read beyond."""
    return Screen(width=min(console.width, _WIDTH) if console.is_terminal else _WIDTH, highlight=False)


def _serve(server: Server, settings: Path | None) -> None:
    if settings is not None:
        with whole_file(settings) as file:  # for who waits until it is there
            file.write(server.settings.encode())
        console.print(f"settings that reach it are in {settings}", markup=False)
    else:
        console.print(server.settings, markup=False)
    console.print(f"the newsroom is up on {server.address} port {server.port}; Ctrl-C ends it", markup=False)
    trio.run(trio.sleep_forever)
