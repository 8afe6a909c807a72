"""The tables of `broadsheet status`: rates, queues, orders, hosts at rest, what fails, traps, runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archive.store.orders import FOREVER
from archive.store.overview import Overview, Rate
from archive.store.stats import HostRow, Stats
from archive.store.types import HostState
from crawler.cli.common import console, print_facts, print_table, when
from crawler.cli.orders import job_label, label, told
from crawler.core.politeness import is_failing, is_given_up

__all__ = ["print_health", "until", "why_rests"]

_RUNS = 10


def print_health(stats: Stats, overview: Overview, now: int) -> None:
    """All tables that have something in them."""
    labels = {run.job: job_label(run.job, run.spec) for run in stats.runs}
    waits = ", ".join(f"{hosts:,} {what}" for what, hosts in overview.waits.items())
    print_facts(
        {
            "pages a minute": "; ".join(map(_rate, overview.rates)),
            "hosts with queued URLs": waits or "none",
        }
    )
    _table(
        ("crawl", "queued#", "hosts#", "ready#", "next"),
        (
            (
                labels.get(q.job, label("job", q.job)),
                f"{q.urls:,}",
                f"{q.hosts:,}",
                f"{q.ready:,}",
                "paused" if q.paused_until else "now" if q.next_at <= now else until(q.next_at),
            )
            for q in overview.queues
        ),
    )
    _table(("ordered", "what"), ((label(o.scope, o.name), told(o)) for o in overview.orders))
    _table(
        ("host", "rests till", "why", "queued#"),
        (
            (h.key, until(max(h.next_at, h.pause_until)), why_rests(h, now), f"{h.queued:,}")
            for h in overview.resting
        ),
    )
    _table(
        ("host", "failed#", "of the last#", "how", "last"),
        (
            (
                f.host,
                f.failed,
                f.asked,
                ", ".join(f"{n} x {why}" for why, n in f.reasons.items()),
                when(f.last),
            )
            for f in overview.failing
        ),
    )
    _table(
        ("host", "trap", "URLs left out#", "pages that brought nothing new#"),
        ((t.host, t.shape, f"{t.cut:,}", t.barren) for t in overview.traps),
    )
    _table(
        ("run#", "job", "started", "finished"),
        (
            (
                r.id,
                labels[r.job],
                when(r.started),
                when(r.finished) or "unfinished: `broadsheet crawl` goes on",
            )
            for r in stats.runs[:_RUNS]
        ),
    )


def _table(columns: Sequence[str], rows: Iterator[Sequence[object]]) -> None:
    found = list(rows)
    if found:
        console.print()
        print_table(columns, found)


def until(moment: int) -> str:
    """A time ahead for people."""
    return "it is resumed" if moment >= FOREVER else when(moment)


def why_rests(host: HostRow, now: int) -> str:
    """Why a host is not asked now, in a few words; "" when it may be."""
    if host.pause_until > now:
        return "paused by the operator"
    if host.next_at <= now:
        return ""
    state = HostState(next_at=host.next_at, failures=host.failures)
    if is_given_up(state):
        return f"{host.resting}; given up after {host.failures} failures: its URLs end as they are tried"
    if is_failing(state):
        return f"{host.resting}; set aside after {host.failures} failures"
    return host.resting or f"delay of {host.delay / 1e6:g} s"


def _rate(rate: Rate) -> str:
    failed = f", {rate.failed:.1%} failed" if rate.failed else ""
    return f"{rate.captures:g} over {rate.minutes:g} min ({rate.bytes / 1e6:.1f} MB{failed})"
