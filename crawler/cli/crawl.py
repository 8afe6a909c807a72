"""`broadsheet crawl`: crawl now."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, cast

import msgspec
import trio
import typer

from crawler.cli.common import (
    EXIT_DRIFT,
    EXIT_INTERRUPTED,
    AllowOption,
    ConfigOption,
    ContactOption,
    DataOption,
    JsonOption,
    ResolveOption,
    SitesOption,
    console,
    fail,
    settings_from,
    site_dirs,
)
from crawler.cli.crew import Crew, CrewEnd, shares
from crawler.cli.drifting import record_drift, warn_of_drift
from crawler.cli.fetching import check_contact
from crawler.cli.member import Assignment, crawl_assigned
from crawler.cli.progress import Progress
from crawler.core.scope import Mode
from crawler.engine.crawl import CrawlLimits
from crawler.errors import ConfigError
from crawler.events import Listener
from crawler.jobs import Job, job_of_site, job_of_urls
from crawler.settings import Settings, parse_duration
from crawler.workers.pool import default_count
from sites.registry import Registry

__all__ = ["crawl", "limits_of"]

_SECOND = 1_000_000


def _seeds(file: Path | None) -> list[str]:
    if file is None:
        return []
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"--seeds {file}: {error}") from None
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _own_sites(folders: tuple[Path, ...], settings: Settings) -> list[str]:
    """The sites a bare `crawl` means: the operator's own and enabled ones, not the papers of the demo."""
    known = Registry.load(folders, bundled=False).names()
    return [name for name in known if name not in settings.site or settings.site[name].enabled]


def _jobs(
    names: list[str], settings: Settings, registry: Registry, scope: Mode, include: list[str], exclude: list[str],
    max_depth: int | None,
) -> list[Job]:  # fmt: skip
    urls = [n for n in names if "://" in n]
    sites = [registry.get(n) for n in names if "://" not in n]
    if not urls and not sites:
        raise ConfigError("nothing to crawl: name a URL, like https://example.com/, or a site with a plugin")
    jobs = [job_of_site(site, settings.never, max_depth) for site in sites]
    if urls:
        jobs.append(
            job_of_urls(
                urls, scope, include=include, exclude=exclude, never=settings.never, max_depth=max_depth
            )
        )
    return jobs


def limits_of(settings: Settings, max_pages: int | None = None, max_time: float | None = None) -> CrawlLimits:
    """The limits of a crawl with these settings; `max_time` is seconds."""
    return CrawlLimits(
        connections=settings.fetch.connections,
        hold=int((parse_duration(settings.fetch.timeout) + 60) * _SECOND),
        delay=int(parse_duration(settings.delay) * _SECOND),
        wait=int(parse_duration(settings.wait) * _SECOND),
        max_pages=max_pages,
        max_time=max_time,
    )


def _crawl(assignment: Assignment, workers: int, emit: Listener) -> CrewEnd:
    """In this process, or in several."""
    if workers > 1:
        parts = [
            msgspec.structs.replace(assignment, limits=limits)
            for limits in shares(assignment.limits, workers)
        ]
        return trio.run(Crew(parts, emit).run)
    return CrewEnd(end=crawl_assigned(assignment, emit), processes=1, lost=0)


def crawl(
    what: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SITE or URL]...", help="Sites with a plugin, or URLs; none: every site."),
    ] = None,
    seeds: Annotated[Path | None, typer.Option(metavar="FILE", help="More seed URLs, one a line.")] = None,
    scope: Annotated[str, typer.Option(help="What bare URLs cover: hosts, domain or prefix.")] = "hosts",
    include: Annotated[
        list[str] | None, typer.Option(metavar="PATTERN", help="Only URLs that match, like '/news/**'.")
    ] = None,
    exclude: Annotated[list[str] | None, typer.Option(metavar="PATTERN", help="No URLs that match.")] = None,
    max_pages: Annotated[int | None, typer.Option(min=1, help="End after so many pages.")] = None,
    max_depth: Annotated[int | None, typer.Option(min=0, help="Links from a seed, at most.")] = None,
    max_time: Annotated[str | None, typer.Option(metavar="TIME", help="End after 30s, 10m, 2h.")] = None,
    delay: Annotated[
        str | None, typer.Option(metavar="TIME", help="Pause between two requests to a host (default 2s).")
    ] = None,
    wait: Annotated[
        str | None, typer.Option(metavar="TIME", help="How long to wait for hosts that rest (default 10m).")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Crawl processes that share the work (default 1).")] = 1,
    extractors: Annotated[
        int,
        typer.Option(
            min=0,
            help="Extraction processes of each crawl process (default: one a core, two at most, shared out).",
        ),
    ] = 0,
    contact: ContactOption = None,
    allow_address: AllowOption = None,
    resolve: ResolveOption = None,
    proxy: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Fetch through this HTTP proxy, by CONNECT: http://host:3128."),
    ] = None,
    no_extract: Annotated[
        bool,
        typer.Option(
            "--no-extract", help="Only fetch and archive: `replay` extracts; no links are followed."
        ),
    ] = False,
    sites: SitesOption = None,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Crawl now: go on where the last crawl stopped, or revalidate what is due.

    Example: broadsheet crawl https://example.com/news/ --contact you@example.com --max-pages 100
    """
    settings = settings_from(
        config,
        data=data,
        delay=delay,
        wait=wait,
        contact=contact,
        allow_address=allow_address,
        resolve=resolve,
        proxy=proxy,
    )
    if scope not in ("hosts", "domain", "prefix"):
        raise ConfigError(f"--scope {scope}: choose hosts, domain or prefix")
    folders = site_dirs(sites, settings)
    registry = Registry.load(folders)
    mode = cast(Mode, scope)
    names = [*(what or []), *_seeds(seeds)]
    names = names or _own_sites(folders, settings)
    jobs = _jobs(names, settings, registry, mode, include or [], exclude or [], max_depth)
    check_contact(jobs, settings)
    limits = limits_of(settings, max_pages, parse_duration(max_time, "--max-time") if max_time else None)
    with Progress(console, quiet=as_json) as progress:
        for problem in registry.problems:
            progress.note(f"plugin left out: {problem}")
        assignment = Assignment(
            jobs=tuple(jobs),
            settings=settings,
            site_dirs=tuple(map(str, folders)),
            limits=limits,
            extractors=extractors or settings.extraction.processes or max(1, default_count() // workers),
            extract=not no_extract,
        )
        crew = _crawl(assignment, workers, progress)
    end = crew.end
    drifted = record_drift(settings, [job.site for job in jobs if job.site])
    outcome: dict[str, object] = {"finished": end.finished, "stopped": end.why, "drifted": drifted}
    if workers > 1:
        outcome |= {"processes": crew.processes, "lost": crew.lost}
    progress.summary(outcome, as_json=as_json)
    warn_of_drift(drifted)
    if end.why in ("interrupted", "terminated"):
        raise typer.Exit(EXIT_INTERRUPTED)
    if crew.lost == crew.processes:
        fail(f"{end.why}: what was committed is safe, the same command goes on")
    if drifted:
        raise typer.Exit(EXIT_DRIFT)
