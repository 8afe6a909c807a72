"""`broadsheet sites drift`: do the sites' rules still find what they used to?"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import Annotated

import typer

from archive.store import Store
from crawler.cli.common import (
    EXIT_DRIFT,
    ConfigOption,
    DataOption,
    JsonOption,
    console,
    existing_folder,
    print_json,
    print_table,
    settings_from,
)
from crawler.cli.drifting import tallies
from crawler.core.drift import Tally, drifts, shares
from crawler.errors import ConfigError

__all__ = ["drift"]


def drift(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[SITE]...", help="Only these (default: all crawled ones).")
    ] = None,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Hold each site's last crawl that brought articles against the earlier ones, field by field: exit code 3 when its layout drifted.

    Example: broadsheet sites drift courier
    """
    folder = existing_folder(settings_from(config, data=data))
    with closing(Store.open(folder.crawl_db, create=False)) as store:
        jobs = [run.job for run in store.latest_runs() if run.job.startswith("site:")]
        crawled = sorted(job.removeprefix("site:") for job in jobs)
        for name in names or ():
            if name not in crawled:
                raise ConfigError(f"{name}: never crawled by this name; there are: {', '.join(crawled)}")
        known = {site: _with_pages(tallies(store, site)) for site in names or crawled}
    found = [drift for site, runs in known.items() for drift in drifts(site, runs)]
    bad = {(drift.site, drift.share.field) for drift in found}
    rows = [
        (site, share, (site, share.field) in bad) for site, runs in known.items() for share in shares(runs)
    ]
    if as_json:
        for site, share, drifted in rows:
            facts = {name: getattr(share, name) for name in share.__struct_fields__}
            print_json({"site": site, **facts, "drifted": drifted})
    elif not rows:
        console.print("no site has been crawled by its name and found an article yet", markup=False)
    else:
        print_table(
            ("site", "field", "now#", "before#", ""),
            (
                (
                    site,
                    share.field,
                    _percent(share.had, share.articles),
                    _percent(share.had_before, share.articles_before),
                    "drifted" if drifted else "",
                )
                for site, share, drifted in rows
            ),
        )
        for one in found:
            console.print(f"{one}", markup=False)
    if found:
        raise typer.Exit(EXIT_DRIFT)


def _with_pages(runs: Sequence[Tally]) -> list[Tally]:
    """A crawl that brought nothing new has nothing to show."""
    return [run for run in runs if run.articles or run.missed]


def _percent(had: int, of: int) -> str:
    return f"{had} of {of} ({100 * had / of:.0f} %)" if of else "none"
