"""What runs inside an extraction worker process. Input is hostile: the parent may kill this process at any time."""

from __future__ import annotations

import resource
import signal
import sys
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import msgspec

from archive.capture import Capture
from archive.errors import ArchiveError
from archive.reader import read_capture
from archive.store.types import Kind, Target
from archive.warc import rejoin
from crawler.collector import calm_collector
from crawler.core.robots import Rules
from crawler.core.robots import parse as parse_robots
from crawler.core.scope import Scope
from crawler.workers.counting import counted_fields
from crawler.workers.job import ExtractJob, ExtractResult, LearnJob, LearnResult, WorkerSetup
from crawler.workers.leash import wear
from crawler.workers.links import SortedLinks, requisites, targets_of, text_of
from sites.article import encode_article
from sites.extract import extract, extract_with_lesson
from sites.extraction import Extraction, Link
from sites.fingerprint import fingerprint
from sites.generic.lessons import Lesson, decode_lesson, encode_lesson
from sites.generic.template import Template, decode_template, encode_template
from sites.page import Page
from sites.registry import Registry
from sites.site import Site

__all__ = ["extract_at", "learn_at", "read_robots", "retire", "set_up", "work"]

T = TypeVar("T")

_MAX_PAGES = 20_000
_SHARE = 0.5
"""A worker that holds on to more of its allowance than this leaves too little for the next page: it retires."""
_FIRST = Page(
    url="https://first.example/",
    html=b"<article><h1>A first page</h1>" + b"<p>It is read so that all is there, and said.</p>" * 4,
)
_pages = 0
_most = sys.maxsize
_registry = Registry.load(bundled=False, entry_points=False)


def set_up(setup: WorkerSetup) -> bool:
    """Wear the leash, limit memory, load the plugins. Runs once, before the first job."""
    global _registry, _most  # noqa: PLW0603
    for number in (
        signal.SIGINT,
        signal.SIGTERM,
    ):  # Ctrl-C and systemd tell the whole group: the parent ends us in order
        signal.signal(number, signal.SIG_IGN)
    wear(setup.leash)
    _registry = Registry.load([Path(d) for d in setup.site_dirs])
    extract(_FIRST)  # models, BLAS's buffers and the languages are there before memory is counted
    calm_collector()
    if sys.platform.startswith("linux"):
        used = _address_space()
        _most = used + int(_SHARE * setup.memory)
        resource.setrlimit(resource.RLIMIT_AS, (used + setup.memory, used + setup.memory))
    return True


def work(fn: Callable[..., T], *args: object) -> tuple[T, bool]:
    """`fn(*args)`, and whether this process will retire now."""
    return fn(*args), retire()


def retire() -> bool:
    """Whether this process has worked long enough, or a page has left it too large: what C libraries leak or keep stays
    bounded, and out of memory OpenBLAS ends the process (status 1) where all else raises MemoryError."""
    return _pages >= _MAX_PAGES or (_most < sys.maxsize and _address_space() > _most)


def _address_space() -> int:
    """Bytes, as Linux counts them for RLIMIT_AS."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    return int(pages) * resource.getpagesize()


def read_robots(body: bytes, token: str) -> Rules:
    """robots.txt, parsed where hostile input belongs."""
    return parse_robots(body, token)


@lru_cache(maxsize=64)
def _scope(encoded: bytes) -> Scope:
    return msgspec.json.decode(encoded, type=Scope)


@lru_cache(maxsize=64)
def _template(encoded: bytes) -> Template:
    return decode_template(encoded)


def _site_for(page: Page) -> Site | None:
    return _registry.for_url(page.url, page.fetched_at.date() if page.fetched_at else None)


def _facts(extraction: Extraction) -> bytes:
    return msgspec.json.encode(
        {
            "confidence": extraction.confidence,
            "directives": extraction.directives,
            "signals": extraction.signals,
            "evidence": extraction.evidence,
            "errors": extraction.errors,
        }
    )


def _robots_links(capture: Capture, page: Page) -> Extraction:
    rules = parse_robots(page.html, "broadsheet") if capture.status == 200 else None
    links = tuple(Link(url=url, kind="sitemap", verdict="follow") for url in rules.sitemaps) if rules else ()
    signals = tuple(("robots.txt", line) for line in rules.signals) if rules else ()
    return Extraction(page_type="other", links=links, signals=signals, fingerprint="robots")


def _capture(job: ExtractJob) -> Capture:
    """The capture to read, a revisit with its original's body."""
    capture = read_capture(Path(job.path), job.location)
    if capture.revisit is None or job.original is None:
        return capture
    return rejoin(capture, read_capture(Path(job.original_path), job.original))


def extract_at(job: ExtractJob) -> ExtractResult:
    """Read one record and extract it. The same record and rules give the same result, in any process."""
    global _pages  # noqa: PLW0603
    _pages += 1
    try:
        capture = _capture(job)
        decoded = capture.content()
        page = capture.page(decoded)
    except ArchiveError as error:
        return ExtractResult(outcome="error", detail=str(error))
    if capture.revisit is not None:  # its original is not here: there is nothing to read
        return ExtractResult(outcome="none", page_type="revisit", fingerprint="revisit")
    site, lesson = _site_for(page), b""
    if job.kind is Kind.ROBOTS:
        extraction = _robots_links(capture, page)
    elif job.lesson and not job.template:
        extraction, learnt = extract_with_lesson(page, site)
        lesson = encode_lesson(learnt)
    else:
        extraction = extract(page, site, _template(job.template))
    seen = page.fetched_at.date() if page.fetched_at else None
    links = targets_of(extraction, job, _scope(job.scope), site, seen) if job.scope else SortedLinks()
    article = extraction.accepted
    shown: tuple[Target, ...] = ()
    if job.scope and article and site is not None and site.requisites and not extraction.directives.nofollow:
        shown = requisites(page, job, _scope(job.scope))
    return ExtractResult(
        outcome="ok" if article else "none",
        detail=decoded.problem,
        fingerprint=extraction.fingerprint,
        site=extraction.site,
        page_type=extraction.page_type,
        article=encode_article(article) if article else b"",
        title=article.title if article else "",
        facts=_facts(extraction),
        noindex=extraction.directives.noindex or extraction.directives.noarchive,
        targets=(*links.targets, *shown),
        skipped=links.skipped,
        cuts=links.cuts,
        text=text_of(page, extraction) if job.scope and job.kind is Kind.PAGE else 0,
        fields=counted_fields(extraction, page.url, site),
        found=len(extraction.links),
        lesson=lesson,
        errors=extraction.errors,
    )


def learn_at(job: LearnJob) -> LearnResult:
    """What these pages teach, and which of those whose lessons were kept it does not change. Raises ArchiveError."""
    from sites.generic.learning import learn_from, lesson_from
    from sites.generic.model import default_model
    from sites.generic.taught import changes

    kept = {page.capture_id: decode_lesson(page.lesson) for page in job.pages if page.lesson}
    template = learn_from(
        [
            kept.get(page.capture_id) or lesson_from(read_capture(Path(page.path), page.location).page())
            for page in job.pages
        ]
    )
    kept |= {capture_id: decode_lesson(lesson) for capture_id, lesson in job.others}
    threshold = default_model().threshold
    return LearnResult(
        template.version,
        encode_template(template),
        {
            capture_id: fingerprint(_rules_for(lesson), template.version)
            for capture_id, lesson in kept.items()
            if not changes(template, lesson, threshold)
        },
    )


def _rules_for(lesson: Lesson) -> Site | None:
    return _registry.for_url(lesson.url, date.fromisoformat(lesson.day) if lesson.day else None)
