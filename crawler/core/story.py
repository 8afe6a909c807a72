"""Would a URL be asked for, and what would stop it? The gate's questions in the order in which a crawl asks them, each
with its answer in words. Pure: what is known comes in as values.

address ─▶ crawls whose scope has it ─▶ robots.txt ─▶ traps ─▶ host: paused, resting, in quiet hours, free
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from archive.store.shapes import Standing
from archive.store.types import RobotsEntry
from crawler.core.robots import Rules
from crawler.core.scope import Accept, Scope, forbidden
from crawler.core.traps import Cut, Wait, judge, pathological
from sites.extraction import LinkKind, Verdict
from sites.patterns import Regex, compile_pattern
from sites.site import Site

__all__ = ["Answer", "Crawled", "address", "crawls", "robots", "rule_of", "trap", "verdict"]

When = Callable[[int], str]

_SKIPS = {
    "outside": "outside the scope",
    "pattern": "no pattern of the plugin follows it",
    "excluded": "an --exclude pattern matches",
    "not-included": "no --include pattern matches",
}


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One question's answer. `passes` False: this stops the URL; None: it is not known yet, or has to wait."""

    about: str
    passes: bool | None
    says: str


class Crawled(msgspec.Struct, frozen=True, kw_only=True):
    """A job and the scope of its last run; `label` is for people. `rule` tells how a plugin came to `verdict`."""

    label: str
    scope: Scope
    verdict: Verdict = ""
    rule: str = ""


def address(url: str, never: tuple[str, ...]) -> Answer:
    """Is it a URL to ask for at all? `never` is the settings' list."""
    if entry := forbidden(url, never):
        return Answer(about="address", passes=False, says=f"never asked for: `never` has {entry}")
    if why := pathological(url):
        return Answer(about="address", passes=False, says=f"not asked for: {why}")
    return Answer(about="address", passes=True, says="a URL to ask for")


def rule_of(url: str, site: Site, said: Verdict) -> str:
    """The pattern that made a plugin's verdict, as it is written."""
    url = site.identity(url)
    for name, given in (("articles", site.articles), ("follow", site.follow)):
        if callable(given) and not isinstance(given, Regex):
            if said:
                return f"{name}(), a method, decides when a page links to it"
            continue
        for pattern in given:
            if compile_pattern(pattern, site.hosts).matches(url):
                return f"{name}: {pattern!r}"
    return "a seed, or a site without patterns" if said else "neither articles nor follow"


def crawls(url: str, depth: int, kind: LinkKind, known: Sequence[Crawled]) -> list[Answer]:
    """Which crawls would take it up when a link to it is found at `depth`. One that does is enough."""
    if not known:
        return [Answer(about="scope", passes=False, says="there was no crawl here yet")]
    told = []
    for one in known:
        choice = one.scope.decide(url, depth, one.verdict, kind)
        if isinstance(choice, Accept):
            how = "as an article" if one.verdict == "article" else "as a page"
            rule = f" ({one.rule})" if one.rule else ""
            says = f"{one.label}: inside, {how}, priority {choice.priority}{rule}"
        elif choice.reason == "never":
            says = f"{one.label}: never asked for: {forbidden(url, one.scope.never)}"
        elif choice.reason == "depth":
            says = f"{one.label}: deeper than --max-depth {one.scope.max_depth}"
        else:
            more = f": {one.rule}" if choice.reason == "pattern" and one.rule else ""
            says = f"{one.label}: {_SKIPS.get(choice.reason, choice.reason)}{more}"
        told.append(Answer(about="scope", passes=isinstance(choice, Accept), says=says))
    inside = [answer for answer in told if answer.passes]
    return inside or told


def robots(url: str, entry: RobotsEntry | None, rules: Rules | None, now: int, when: When) -> Answer:
    """What the last copy of robots.txt says, with its date. `rules` are those of the entry's body."""
    if entry is None:
        return Answer(
            about="robots.txt", passes=None, says="never read: it is asked for before the first page"
        )
    old = "" if entry.expires > now else "; it is asked for again before the next page"
    if entry.status == "allow-all" and not entry.body_at:
        since = "there is none" if not entry.since else "unreachable for 30 days, which counts as none"
        return Answer(about="robots.txt", passes=True, says=f"{since} ({when(entry.fetched_at)}){old}")
    if entry.status == "unreachable" and not entry.body_at:
        says = f"unreachable since {when(entry.since)}, so that nothing may be asked; tried again {when(entry.expires)}"
        return Answer(about="robots.txt", passes=None, says=says)
    copy = f"the copy of {when(entry.body_at)}"
    if entry.status == "unreachable":
        copy += f", the last good one (unreachable since {when(entry.since)})"
    if rules is None or rules.allows(url):
        return Answer(about="robots.txt", passes=True, says=f"no line forbids it, by {copy}{old}")
    line = rules.verdict(url).reason
    where = _line_number(entry.body, line)
    says = f"forbidden by {f'line {where}, ' if where else ''}{line!r}, by {copy}{old}"
    return Answer(about="robots.txt", passes=False, says=says)


def _line_number(body: bytes, line: str) -> int:
    """Where the line stands, 0 when it is not found as it is quoted."""
    for number, raw in enumerate(body.decode("utf-8", "replace").splitlines(), 1):
        if line and " ".join(raw.split())[:200] == line:
            return number
    return 0


def trap(url: str, standing: Mapping[str, Standing], unread: int, wanted: bool) -> Answer:
    """Whether its like have brought anything. `wanted`: somebody has said that it is, so that nobody looks."""
    if wanted:
        return Answer(
            about="traps", passes=True, says="never cut: a seed, a feed, or an article by the plugin"
        )
    choice = judge(url, standing, unread)
    if isinstance(choice, Cut):
        says = f"cut: {choice.barren} pages like {choice.shape} brought nothing new"
        return Answer(about="traps", passes=False, says=says)
    if isinstance(choice, Wait):
        return Answer(about="traps", passes=None, says="waits until more of its like have been read")
    return Answer(about="traps", passes=True, says="no trap as far as is known")


def verdict(answers: Sequence[Answer]) -> str:
    """What comes of all of it, for a URL that no crawl has met yet."""
    for passes, word in ((False, "would not be asked for"), (None, "would have to wait")):
        for answer in answers:
            if answer.passes is passes:
                return f"{word}: {answer.about}: {answer.says}"
    return "would be asked for when a crawl finds a link to it"
