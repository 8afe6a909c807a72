"""Cases of plugins on disk: DIR/<plugin>/<case>/{page.html.gz,expected.json}.

expected.json names the page's `url` and the fields to be found (`sites.cases`); `fetched_at` (ISO 8601)
says when it was fetched, for sites whose layout changed, `headers` and `status` what came with it.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from crawler.errors import ConfigError
from sites.cases import mismatches
from sites.extract import extract
from sites.page import Page
from sites.registry import Registry

__all__ = ["Case", "find_cases", "read_case", "run_case", "write_case"]


class Case(msgspec.Struct, frozen=True):
    """One case: the plugin's name, its folder, the page, and what is expected of it."""

    plugin: str
    folder: Path
    page: Page
    expected: Mapping[str, Any]


def find_cases(root: Path) -> Iterator[Path]:
    """The folders of all cases below `root`, sorted."""
    yield from sorted(path.parent for path in root.glob("*/*/expected.json"))


def read_case(folder: Path) -> Case:
    """A case from its folder. Raises ConfigError, which names the folder, when something is wrong."""
    try:
        expected = json.loads((folder / "expected.json").read_bytes())
        data = gzip.decompress((folder / "page.html.gz").read_bytes())
        fetched = expected.get("fetched_at")
        page = Page(
            url=expected["url"],
            html=data,
            fetched_at=datetime.fromisoformat(fetched) if fetched else None,
            status=expected.get("status", 200),
            headers=tuple((name, value) for name, value in expected.get("headers", ())),
        )
    except (OSError, EOFError, ValueError, KeyError, AttributeError) as error:
        raise ConfigError(f"{folder} is no case: {type(error).__name__}: {error}") from error
    return Case(folder.parent.name, folder, page, expected)


def write_case(folder: Path, page: Page, expected: Mapping[str, Any]) -> None:
    """Write a case; its folder is made. Raises ConfigError when there is one already."""
    if (folder / "expected.json").exists():
        raise ConfigError(f"{folder} is a case already: remove it first, or choose another name")
    folder.mkdir(parents=True, exist_ok=True)
    facts = {"url": page.url} | dict(expected)
    if page.fetched_at is not None:
        facts["fetched_at"] = page.fetched_at.isoformat()
    if page.headers:
        facts["headers"] = [list(pair) for pair in page.headers if pair[0].lower() == "content-type"]
    (folder / "page.html.gz").write_bytes(gzip.compress(page.html, 9, mtime=0))
    (folder / "expected.json").write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", "utf-8")


def run_case(case: Case, registry: Registry) -> tuple[str, ...]:
    """How what the plugin finds differs from what the case expects; () when it does not."""
    day = case.page.fetched_at.date() if case.page.fetched_at else None
    site = registry.get(case.plugin, day)
    found = extract(case.page, site)
    broken = tuple(f"{error.field}: {error.message} ({error.where})" for error in found.errors)
    return broken + mismatches(found.article, case.expected)
