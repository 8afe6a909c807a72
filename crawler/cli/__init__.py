"""The command line. `main` stays light: worker processes import this module when they start."""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """The console script `broadsheet`."""
    from crawler.cli.app import run

    run()
