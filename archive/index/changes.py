"""What changed between two readings of an article: its fields, and its text line by line."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import unified_diff

import msgspec

from archive.index.types import Version
from sites.article import Article
from sites.cases import facts_of_article

__all__ = ["Change", "changes", "latest_change"]

_LONG = frozenset({"blocks", "links", "markdown", "related", "text"})
"""Fields that follow from the text, or are told by it line by line."""


class Change(msgspec.Struct, frozen=True):
    """A field that differs, as plain JSON values; `text` as the lines of a unified diff, in `lines`."""

    field: str
    before: object = None
    after: object = None
    lines: tuple[str, ...] = ()


def changes(before: Article, after: Article) -> list[Change]:
    """The fields in which two articles differ, in the order of the schema, the text last."""
    old, new = facts_of_article(before), facts_of_article(after)
    names = [field.name for field in msgspec.structs.fields(Article) if field.name not in _LONG]
    found = [Change(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)]
    if before.text != after.text:
        lines = list(unified_diff(before.text.splitlines(), after.text.splitlines(), n=1, lineterm=""))[2:]
        found.append(Change("text", lines=tuple(lines)))
    return found


def latest_change(versions: Sequence[Version], *, rules: bool = False) -> tuple[Version, Version] | None:
    """The last two readings that differ, oldest first; None when none does.

    Of captures (each by its latest rules), or with `rules` of one capture by two sets of rules.
    `versions` are as `ArticleIndex.versions` gives them; those that found no article are passed over.
    """
    read = [version for version in versions if version.article_json]
    if not rules:
        read = list({version.record_id: version for version in read}.values())
    for before, after in reversed(list(zip(read, read[1:], strict=False))):
        if (before.record_id == after.record_id) == rules and before.article_json != after.article_json:
            return before, after
    return None
