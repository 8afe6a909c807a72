"""Cases of plugins on disk: DIR/<plugin>/<case>/{page.html.gz,expected.json}.

expected.json names the page's `url` and the fields to be found (`sites.cases`); `fetched_at` (ISO 8601)
says when it was fetched, for sites whose layout changed, `headers` and `status` what came with it.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from crawler.errors import ConfigError
from sites.article import Article
from sites.cases import facts_of_article, mismatches
from sites.extract import extract
from sites.page import Page
from sites.registry import Registry
from sites.site import Site
from sites.url import path_query

__all__ = [
    "Case",
    "accept_case",
    "case_name",
    "find_cases",
    "pin_case",
    "read_case",
    "run_case",
    "site_of_case",
    "unpinned",
    "write_case",
]

_PINNED = (
    "title", "subtitle", "authors", "published", "modified", "section", "tags", "language", "genre",
    "dateline", "site_name", "paywalled",
)  # fmt: skip


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
    _write_expected(folder, facts)


def _write_expected(folder: Path, facts: Mapping[str, Any]) -> None:
    (folder / "expected.json").write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", "utf-8")


def case_name(url: str) -> str:
    """A folder's name for the case of a URL: its last words."""
    words = re.findall(r"[a-z0-9]+", path_query(url).lower().removesuffix("/").rpartition("/")[2])
    return "-".join(words)[:60].strip("-") or "front-page"


def pin_case(folder: Path, page: Page, article: Article) -> None:
    """Write a case that expects what was found: the fields that are not empty, kind and text of the blocks.
    Raises ConfigError when there is one already."""
    facts = {name: value for name, value in facts_of_article(article).items() if name in _PINNED}
    write_case(folder, page, facts | {"blocks": [{"kind": b.kind, "text": b.text} for b in article.blocks]})


def unpinned(case: Case, article: Article, site: Site) -> tuple[str, ...]:
    """Fields that the plugin has a rule for and finds, and the case does not care for yet."""
    found = facts_of_article(article)
    return tuple(
        name for name in _PINNED if name in found.keys() - case.expected.keys() and site.rule_of(name)
    )


def accept_case(case: Case, article: Article, more: Collection[str] = ()) -> None:
    """From now on the case expects what is found today, of the same fields and of those in `more`."""
    facts = dict(case.expected)
    names = (facts.keys() | set(more)) & set(Article.__struct_fields__) - {"url"}
    for name, value in facts_of_article(article, *(n for n in (*facts, *more) if n in names)).items():
        facts[name] = _as_detailed(value, case.expected.get(name))
    _write_expected(case.folder, facts)


def _as_detailed(value: Any, before: Any) -> Any:
    """Of lists of objects, the keys that the case has cared for."""
    keys = (
        {key for item in before if isinstance(item, dict) for key in item} if isinstance(before, list) else ()
    )
    if keys and isinstance(value, list):
        return [{key: part for key, part in item.items() if key in keys} for item in value]
    return value


def site_of_case(case: Case, registry: Registry) -> Site:
    """The plugin, in its layout of the case's day. Raises ConfigError without one."""
    return registry.get(case.plugin, case.page.fetched_at.date() if case.page.fetched_at else None)


def run_case(case: Case, registry: Registry) -> tuple[str, ...]:
    """How what the plugin finds differs from what the case expects; () when it does not."""
    found = extract(case.page, site_of_case(case, registry))
    broken = tuple(f"{error.field}: {error.message} ({error.where})" for error in found.errors)
    return broken + mismatches(found.accepted, case.expected)
