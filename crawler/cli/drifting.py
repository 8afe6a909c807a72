"""Drift, read from the store: after a crawl, and for `broadsheet sites drift`."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

import typer

from archive.store import Store
from crawler.cli.common import data_folder
from crawler.core.drift import Drift, Tally, drifts, tally
from crawler.settings import Settings

__all__ = ["record_drift", "tallies", "warn_of_drift"]

_RUNS = 20


def tallies(store: Store, site: str) -> list[Tally]:
    """What the last runs of a site have counted, newest first."""
    return [tally(store.run_counts(run.id), site) for run in store.runs_of(f"site:{site}", _RUNS)]


def record_drift(settings: Settings, sites: Sequence[str]) -> tuple[Drift, ...]:
    """Which fields of these sites have drifted in their newest runs. Such runs are no measure for later ones."""
    found: list[Drift] = []
    if sites:
        with closing(Store.open(data_folder(settings).crawl_db, create=False)) as store:
            for site in sites:
                known = tallies(store, site)
                here = drifts(site, known)
                if here and not known[0].drifted:
                    store.count(store.runs_of(f"site:{site}", 1)[0].id, {"drift": len(here)})
                found += here
    return tuple(found)


def warn_of_drift(found: Sequence[Drift]) -> None:
    """What to tell an operator, on standard error."""
    for drift in found:
        typer.echo(f"drift: {drift}", err=True)
    for site in dict.fromkeys(drift.site for drift in found):
        typer.echo(
            f"drift: {site}: `broadsheet sites drift {site}` shows all fields; mend its plugin, then `broadsheet replay --site {site}`",
            err=True,
        )
