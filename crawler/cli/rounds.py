"""What `broadsheet schedule` is made of: the plan, a crawl in a process of its own, and what is told of rounds."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import trio

from archive.store import Store
from archive.store.orders import Order
from archive.store.types import Run
from crawler.cli.common import EXIT_DRIFT, EXIT_INTERRUPTED, console, print_json, settings_from, when
from crawler.cli.fetching import check_contact
from crawler.core.schedule import Every, Last, due_at, parse_every
from crawler.errors import ConfigError
from crawler.events import Event, Listener, Notice, RoundBegun, RoundEnded
from crawler.folder import DataFolder
from crawler.jobs import job_of_site
from sites.loading import plugin_files
from sites.registry import Registry

__all__ = ["CrawlProcess", "Plan", "RoundLog", "Unpaused", "last_rounds", "standing_orders"]

_SECOND = 1_000_000
_GRACE = 3.0  # then the crawl is killed, which loses nothing that was committed


class Plan:
    """Which sites, and how often: read again when the settings or a plugin change."""

    def __init__(
        self,
        config: Path | None,
        data: Path | None,
        folders: Sequence[Path],
        only: Sequence[str],
        emit: Listener,
    ) -> None:
        """Raises ConfigError when there is nothing to plan with."""
        self._config, self._data, self._folders, self._only = config, data, folders, only
        self._emit = emit
        self._stamp = self._now()
        self._known = self._read()

    def __call__(self) -> Mapping[str, Every]:
        """Each site's interval. When there is an error, it is told, and what was known last stays in force."""
        stamp = self._now()
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._known = self._read()
            except ConfigError as error:
                self._emit(Notice(f"the plan stays as it was: {error}", "warning"))
        return self._known

    def _now(self) -> list[tuple[str, int, int]]:
        files = [file for folder in self._folders for file in plugin_files(folder)]
        files.append(self._config or Path("broadsheet.toml"))
        stats = [(file, file.stat()) for file in files if file.exists()]
        return [(str(file), stat.st_mtime_ns, stat.st_size) for file, stat in stats]

    def _read(self) -> dict[str, Every]:
        settings = settings_from(self._config, data=str(self._data) if self._data else None)
        registry = Registry.load(self._folders)
        for problem in registry.problems:
            self._emit(Notice(f"plugin left out: {problem}", "warning"))
        plan: dict[str, Every] = {}
        for name in self._only or Registry.load(self._folders, bundled=False).names():
            chosen = settings.site.get(name)
            if chosen is not None and not chosen.enabled:
                continue
            try:
                site = registry.get(name)
                check_contact([job_of_site(site)], settings)
                plan[name] = parse_every((chosen.every if chosen else "") or site.every, f"{name}: every")
            except ConfigError as error:
                if self._only:
                    raise
                self._emit(Notice(f"site left out: {error}", "warning"))
        return plan


class Unpaused:
    """A plan without the sites that the operator has paused, which is told when it begins and when it ends."""

    def __init__(
        self, plan: Callable[[], Mapping[str, Every]], orders: Callable[[], Sequence[Order]], emit: Listener
    ) -> None:
        self._plan, self._orders, self._emit = plan, orders, emit
        self._out: frozenset[str] = frozenset()

    def __call__(self) -> Mapping[str, Every]:
        plan, orders = self._plan(), [order for order in self._orders() if order.kind == "pause"]
        everything = any(order.scope == "all" for order in orders)
        jobs = {order.name for order in orders if order.scope == "job"}
        out = frozenset(site for site in plan if everything or f"site:{site}" in jobs)
        for sites, what in ((out - self._out, "paused"), (self._out & plan.keys() - out, "paused no more")):
            if sites:
                self._emit(Notice(f"{what}: {', '.join(sorted(sites))}"))
        self._out = out
        return {site: every for site, every in plan.items() if site not in out}


class CrawlProcess:
    """`broadsheet crawl` in a process of its own: whatever becomes of it, the schedule goes on."""

    def __init__(self, command: Sequence[str], emit: Listener) -> None:
        self._command, self._emit = command, emit

    async def __call__(self, sites: tuple[str, ...], seconds: float | None) -> str:
        """Crawl; what went wrong, "" for nothing. Cancelled, it ends the process within five seconds."""
        most = [] if seconds is None else ["--max-time", f"{seconds:.0f}s"]
        done = await trio.run_process(
            [*self._command, *most, *sites],
            stdin=subprocess.DEVNULL,
            capture_stdout=True,
            capture_stderr=True,
            check=False,
            deliver_cancel=_end,
        )
        said = [line for line in done.stderr.decode(errors="replace").splitlines() if line.strip()]
        if done.returncode == EXIT_DRIFT:
            for line in said:
                self._emit(Notice(line, "warning"))
        if done.returncode in (0, EXIT_DRIFT, EXIT_INTERRUPTED):
            return ""
        how = f"signal {-done.returncode}" if done.returncode < 0 else f"exit code {done.returncode}"
        return f"{said[-1] if said else 'the crawl ended'} ({how})"


async def _end(process: trio.Process) -> None:
    process.terminate()
    await trio.sleep(_GRACE)
    process.kill()


def _latest(folder: DataFolder) -> dict[str, tuple[Run, dict[str, int]]]:
    """The newest run of each site, and what it counted."""
    if not folder.crawl_db.exists():
        return {}
    with closing(Store.open(folder.crawl_db, create=False)) as store:
        return {
            run.job.removeprefix("site:"): (run, store.run_counts(run.id))
            for run in store.latest_runs()
            if run.job.startswith("site:")
        }


def standing_orders(folder: DataFolder, now: int) -> list[Order]:
    """The operator's orders in force."""
    if not folder.crawl_db.exists():
        return []
    with closing(Store.open(folder.crawl_db, create=False)) as store:
        return store.orders(now)


def last_rounds(folder: DataFolder) -> dict[str, Last]:
    """Each site's last round, as the store knows it."""
    return {
        site: Last(began=run.started, finished=run.finished > 0) for site, (run, _) in _latest(folder).items()
    }


class RoundLog:
    """A listener: a line a happening with its time, or an object a line."""

    def __init__(self, folder: DataFolder, *, as_json: bool) -> None:
        self._folder, self._as_json = folder, as_json
        self.plan: Callable[[], Mapping[str, Every]] = dict

    def __call__(self, event: Event) -> None:
        match event:
            case Notice(text=text, level=level):
                self._say(text, {"event": "notice", "level": level, "text": text})
            case RoundBegun(sites=sites, until=until):
                more = f", until {when(until)} at the most: another site is due then" if until else ""
                self._say(
                    f"crawling {', '.join(sites)}{more}",
                    {"event": "begun", "sites": sites, "until": _stamp(until)},
                )
            case RoundEnded(wrong=wrong, sites=sites) if wrong:
                self._say(
                    f"{', '.join(sites)}: failed, tried again later: {wrong}",
                    {"event": "failed", "sites": sites, "wrong": wrong},
                )
            case RoundEnded():
                self._told(event)

    def _told(self, event: RoundEnded) -> None:
        """A site a line: what its run has counted so far, and when it is due again."""
        latest, plan = _latest(self._folder), self.plan()
        for site in event.sites:
            if site not in latest:
                continue
            run, counts = latest[site]
            last = Last(began=event.began, finished=run.finished > 0)
            due = due_at(plan[site], last, event.began) if site in plan else 0
            pages, articles = counts.get("captures", 0), counts.get("articles", 0)
            took = (event.ended - event.began) / _SECOND
            self._say(
                f"{site}: {'done' if last.finished else 'not done yet'}, {pages} captures, {articles} articles read,"
                f" {took:.0f} s; due again {when(max(due, event.ended))}",
                {
                    "event": "ended", "site": site, "finished": last.finished, "captures": pages,
                    "articles": articles, "took": round(took, 3), "next": _stamp(max(due, event.ended)),
                },
            )  # fmt: skip

    def _say(self, line: str, fields: Mapping[str, object]) -> None:
        now = datetime.now(UTC)
        if self._as_json:
            print_json({"at": now.isoformat(timespec="milliseconds"), **fields})
        else:
            console.print(f"{now:%Y-%m-%d %H:%M:%SZ} {line}", markup=False)


def _stamp(micros: int | None) -> str | None:
    return datetime.fromtimestamp(micros / _SECOND, UTC).isoformat() if micros else None
