"""The command line. `main` stays light: worker processes import this module when they start."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """The console script `broadsheet`."""
    import archive
    import crawler
    import sites

    try:
        from sites.errors import ConfigError
        from sites.whose import check_packages
    except ImportError:
        place = sites.__file__ or list(sites.__path__)
        sys.exit(
            f"error: the package 'sites' was imported from {place}, which is not Broadsheet's: move it away"
        )
    try:
        check_packages(crawler, sites, archive)
    except ConfigError as error:
        sys.exit(f"error: {error}")
    from crawler.cli.app import run

    run()
