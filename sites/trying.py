"""A plugin tried on one page, rule by rule: what each found, what won, what lost, and which links it takes.

plugin's rule ─▶ found something? ─▶ it wins, and what the defaults would have said has lost
                 nothing, or failed ─▶ the default wins
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from sites.errors import SiteError
from sites.extract import extract
from sites.extraction import Evidence, Extraction, Verdict
from sites.page import Page
from sites.patterns import Regex, compile_pattern
from sites.rules import Field
from sites.site import Site
from sites.slots import SLOTS, answer_of
from sites.url import parse

__all__ = ["TakenLink", "Trial", "TriedField", "trial"]

_SHOWN = 120
_NOTHING = "nothing"


class TriedField(msgspec.Struct, frozen=True, kw_only=True):
    """One field: whose rule `won` ("" when nobody found anything), the rule, its value in brief, and what
    `lost`, as "rule: value"."""

    field: str
    won: Literal["plugin", "default", ""]
    rule: str = ""
    value: str = ""
    lost: tuple[str, ...] = ()


class TakenLink(msgspec.Struct, frozen=True):
    """A link that the plugin takes, as what, and the pattern that lets it."""

    url: str
    verdict: Verdict
    pattern: str


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a page: `left` links were not taken; `found` is the whole extraction."""

    fields: tuple[TriedField, ...]
    links: tuple[TakenLink, ...]
    left: tuple[str, ...]
    found: Extraction


def trial(page: Page, site: Site) -> Trial:
    """Try all the rules of a site on a page."""
    found, plain = extract(page, site, why=True), extract(page, None, why=True)
    broken = {error.field: f"{error.message} ({error.where})" for error in found.errors}
    ours, theirs = _by_field(found), _by_field(plain)
    fields = [_tried(name, page, site, ours.get(name), theirs.get(name), broken.get(name)) for name in SLOTS]
    taken = [
        TakenLink(link.url, link.verdict, _pattern(site, link.url)) for link in found.links if link.verdict
    ]
    left = tuple(link.url for link in found.links if not link.verdict)
    return Trial(fields=tuple(fields), links=tuple(taken), left=left, found=found)


def _by_field(found: Extraction) -> dict[str, Evidence]:
    """The evidence of each field that has a value; the body's by default is what the model chose."""
    told = {e.field: e for e in found.evidence if e.value not in ("", "None") and e.field != "body"}
    body = next((e for e in found.evidence if e.field == "body" and not e.rule.startswith("model")), None)
    if body is None and found.accepted is not None and found.accepted.blocks:
        body = Evidence("body", "model", f"{len(found.accepted.blocks)} blocks")
    return told | ({"body": body} if body is not None else {})


def _tried(
    name: str, page: Page, site: Site, ours: Evidence | None, default: Evidence | None, broken: str | None
) -> TriedField:
    rule = site.rule_of(name)
    own = rule != "" and broken is None and ours is not None and ours.rule == rule
    lost = list(_alternatives(name, page, site))
    if rule and not own:
        emptied = rule in ("''", "()")
        if emptied:
            own = True
        else:
            lost.insert(0, f"{rule}: {broken or _NOTHING}")
    if own and default is not None:
        lost.append(f"{default.rule}: {default.value[:_SHOWN]}")
    if not own and ours is not None:
        lost += ours.lost
    if own:
        return TriedField(
            field=name, won="plugin", rule=rule, value=ours.value[:_SHOWN] if ours else "", lost=tuple(lost)
        )
    if ours is None:
        return TriedField(field=name, won="", lost=tuple(lost))
    return TriedField(field=name, won="default", rule=ours.rule, value=ours.value[:_SHOWN], lost=tuple(lost))


def _alternatives(name: str, page: Page, site: Site) -> Iterator[str]:
    """The alternatives of `first(…)` that did not win, wherever one stands in the field's rule."""
    given = getattr(type(site), name)
    if not isinstance(given, Field):
        return
    for field in _within(given):
        if repr(field).startswith("first("):
            won = next((part for part in field.parts if any(part.matches(page))), None)
            yield from (
                f"{part!r}: {_value(name, page, site, part)}" for part in field.parts if part is not won
            )


def _within(field: Field[Any]) -> Iterator[Field[Any]]:
    yield field
    for part in field.parts:
        yield from _within(part)


def _value(name: str, page: Page, site: Site, rule: Field[Any]) -> str:
    language = site.language if isinstance(site.language, str) else ""
    try:
        answer = answer_of(SLOTS[name], rule, page, language, site.day_first)
    except (TypeError, ValueError) as error:
        return str(error)
    if answer is None:
        return _NOTHING
    if SLOTS[name] == "blocks":
        return f"{len(answer.value)} blocks"
    return str(", ".join(answer.value) if isinstance(answer.value, tuple) else answer.value)[:_SHOWN]


def _pattern(site: Site, url: str) -> str:
    """Which of the site's patterns lets a URL that it takes; articles are asked before follow."""
    url = site.identity(url)
    if url in {parse(seed) for seed in site.seeds} and not _matching(site, "articles", url):
        return "seeds"
    return _matching(site, "articles", url) or _matching(site, "follow", url) or "all of its hosts"


def _matching(site: Site, part: str, url: str) -> str:
    given = getattr(type(site), part)
    if callable(given) and not isinstance(given, Regex):
        try:
            return f"{type(site).__name__}.{part}()" if getattr(site, part)(url) else ""
        except Exception as error:
            raise SiteError(site.name, f"{type(error).__name__}: {error}", field=part, url=url) from error
    return next(
        (
            f"{part}: {source if isinstance(source, str) else repr(source)}"
            for source in given
            if compile_pattern(source, site.hosts).matches(url)
        ),
        "",
    )
