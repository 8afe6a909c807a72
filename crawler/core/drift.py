"""Has a site's layout drifted away from its rules? What one run counted is held against the runs before it.

    counts of a run ─▶ Tally: articles, how many had each field, how many by the plugin's own rule
    newest run (and those just before it, when it is small) against earlier ones under the same rules
        share fell to half or less, and chance would do that once in ten thousand times ─▶ Drift

Runs that have drifted are no measure for later ones: the alarm rings until the rules are mended.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import comb

import msgspec

__all__ = ["Drift", "Share", "Tally", "drifts", "field_counts", "shares", "tally"]

_CHANCE = 1e-4
_HALF = 0.5
_RULE, _RULES, _MISSED = "rule:", "rules:", "missed"
_NO_LOSS = frozenset({"date_conflicts", "links", "markdown", "related", "site", "text", "url"})
_OFTEN = 0.2  # what a fifth of the articles never had is no habit of the site


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """What a run found on a site. `fields`: how many of its `articles` had each field, or ("rule:NAME") had it by
    the plugin's own rule. `missed`: pages that the plugin calls articles and that had none. `rules` names the
    rules by which most were read. `drifted`: known to have drifted when it ended."""

    articles: int = 0
    fields: Mapping[str, int] = {}
    missed: int = 0
    rules: str = ""
    drifted: bool = False


class Share(msgspec.Struct, frozen=True):
    """A field on `had` of `articles` lately, and on `had_before` of `articles_before` before."""

    field: str
    had: int
    articles: int
    had_before: int
    articles_before: int

    @property
    def drifted(self) -> bool:
        """Did it become rarer than chance would have it?"""
        if not self.articles or not self.articles_before:
            return False
        before = self.had_before / self.articles_before
        if before < _OFTEN or self.had / self.articles > before * _HALF:
            return False
        return _chance(self.had, self.articles, self.had_before, self.articles_before) < _CHANCE


class Drift(msgspec.Struct, frozen=True):
    """A site's field that has become rare. `field` is "article" when its pages have none any more."""

    site: str
    share: Share

    def __str__(self) -> str:
        s, name = self.share, self.share.field
        what = f"the plugin's rule for {name.removeprefix(_RULE)}" if name.startswith(_RULE) else name
        found = f"found on {s.had} of {s.articles} {'pages' if name == 'article' else 'articles'}"
        return f"{self.site}: {what}: {found}, before on {s.had_before} of {s.articles_before}"


def field_counts(names: Sequence[str], by_rule: Sequence[str], rules: str) -> tuple[str, ...]:
    """What to count for a page: the fields its article has (none: it was missed), those that the plugin's own
    rules gave, and the rules it was read by."""
    return (*(names or (_MISSED,)), *(_RULE + name for name in by_rule), _RULES + rules)


def tally(counts: Mapping[str, int], site: str) -> Tally:
    """A site's part of a run's counters."""
    prefix = f"field:{site}:"
    found = {name.removeprefix(prefix): n for name, n in counts.items() if name.startswith(prefix)}
    rules = {name.removeprefix(_RULES): n for name, n in found.items() if name.startswith(_RULES)}
    return Tally(
        articles=counts.get(f"articles:{site}", 0),
        fields={n: count for n, count in found.items() if n != _MISSED and not n.startswith(_RULES)},
        missed=found.get(_MISSED, 0),
        rules=max(rules, key=lambda name: (rules[name], name), default=""),
        drifted=counts.get("drift", 0) > 0,
    )


def shares(runs: Sequence[Tally]) -> tuple[Share, ...]:
    """Each field's share in the newest run against the earlier ones; () when there is nothing to compare. `runs`
    newest first. Of a field that drifted, the fewest runs that show it are taken for "lately"."""
    if not runs or not _pages(runs[0]):
        return ()
    same = [run for run in runs if run.rules == runs[0].rules]
    names = {name for run in same for name in (*run.fields, "article")} - _NO_LOSS
    return tuple(_share(name, same) for name in sorted(names))


def drifts(site: str, runs: Sequence[Tally]) -> tuple[Drift, ...]:
    """The fields that drifted, each once: what is gone altogether is not told a second time as its rule's."""
    found = {share.field: share for share in shares(runs) if share.drifted}
    gone = {_RULE + name for name in found}
    if "article" in found:
        return (Drift(site, found["article"]),)
    return tuple(Drift(site, share) for name, share in found.items() if name not in gone)


def _pages(run: Tally) -> int:
    return run.articles + run.missed


def _share(name: str, runs: Sequence[Tally]) -> Share:
    """The newest run alone, or the fewest of the newest that show a drift which the newest has, too."""
    alone = _between(name, runs, 1)
    for at in range(1, len(runs)):
        share = _between(name, runs, at)
        if share.drifted and alone.had * share.articles_before <= _HALF * alone.articles * share.had_before:
            return share
    return alone


def _between(name: str, runs: Sequence[Tally], at: int) -> Share:
    """The runs before index `at` against those behind it."""
    had, of = _sum(name, runs[:at])
    had_before, of_before = _sum(name, [run for run in runs[at:] if not run.drifted])
    return Share(name, had, of, had_before, of_before)


def _sum(name: str, runs: Sequence[Tally]) -> tuple[int, int]:
    if name == "article":
        return sum(run.articles for run in runs), sum(map(_pages, runs))
    return sum(run.fields.get(name, 0) for run in runs), sum(run.articles for run in runs)


def _chance(had: int, of: int, had_before: int, of_before: int) -> float:
    """How often chance alone would leave so few of all that had the field to the later articles (Fisher's exact
    test, one-sided)."""
    total, having = of + of_before, had + had_before
    fewest = max(0, having - of_before)
    return sum(comb(having, i) * comb(total - having, of - i) for i in range(fewest, had + 1)) / comb(
        total, of
    )
