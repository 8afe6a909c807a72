"""What goes to an extraction worker and what comes back: values, small ones. The page itself does not travel."""

from __future__ import annotations

from typing import Literal

import msgspec

from archive.capture import Location
from archive.store.types import Kind, Target
from sites.extraction import FieldError

__all__ = ["ExtractJob", "ExtractResult", "LearnJob", "LearnResult", "LessonPage", "WorkerSetup"]

Outcome = Literal["ok", "none", "timeout", "memory", "crash", "error"]


class WorkerSetup(msgspec.Struct, frozen=True):
    """What a worker knows from its start: the leash, the memory it may add (bytes), where plugins lie."""

    leash: tuple[int, int]
    memory: int
    site_dirs: tuple[str, ...] = ()


class ExtractJob(msgspec.Struct, frozen=True, kw_only=True):
    """Read the record at `location` of the file at `path`, extract it, and decide on its links. The body of a
    revisit is that of the record at `original`, in the file at `original_path`.

    `scope` is an encoded `crawler.core.scope.Scope`, b"" for none (no links are wanted then); `site` the
    plugin's name, "" to choose one by host and date; `template` what the host taught, as `sites` encodes it; `depth`, `hops` are those of the page itself.
    `lesson`: what the page has to teach is wanted, too, if it is read without a template.
    """

    path: str
    location: Location
    url: str
    kind: Kind = Kind.PAGE
    depth: int = 0
    hops: str = ""
    site: str = ""
    scope: bytes = b""
    template: bytes = b""
    lesson: bool = False
    original_path: str = ""
    original: Location | None = None


class LessonPage(msgspec.Struct, frozen=True):
    """A page to learn from: its capture, where the record lies, and its lesson if it was kept, else b""."""

    capture_id: int
    path: str
    location: Location
    lesson: bytes = b""


class LearnJob(msgspec.Struct, frozen=True):
    """Learn a host's template from these pages, and say of the `others` (capture, lesson), too, which of them it
    does not change."""

    pages: tuple[LessonPage, ...]
    others: tuple[tuple[int, bytes], ...] = ()


class LearnResult(msgspec.Struct, frozen=True):
    """The template's version, and it as `sites` encodes it. `unchanged` are the captures, of those whose lessons were
    kept, that come out the same with it; with the fingerprint of that result."""

    version: str
    body: bytes
    unchanged: dict[int, str] = {}


class ExtractResult(msgspec.Struct, frozen=True, kw_only=True):
    """A worker's answer. `article` is JSON (sites.article) or b""; `facts` JSON of the remaining extraction
    (evidence, directives, signals); `targets` are the links that passed the scope, `skipped` counts the
    others by reason; `fields` names the fields that have a value; `found` counts all links. `text` is
    `crawler.core.traps.text_key` of what it says; `cuts` counts links whose URLs gave a trap away, by host and
    pattern; `lesson` is what the page has to teach, b"" when that was not asked for or is too much.
    """

    outcome: Outcome
    detail: str = ""
    fingerprint: str = ""
    site: str = ""
    page_type: str = ""
    article: bytes = b""
    title: str = ""
    facts: bytes = b""
    noindex: bool = False
    targets: tuple[Target, ...] = ()
    skipped: dict[str, int] = {}
    fields: tuple[str, ...] = ()
    found: int = 0
    text: int = 0
    cuts: dict[tuple[str, str], int] = {}
    lesson: bytes = b""
    errors: tuple[FieldError, ...] = ()
