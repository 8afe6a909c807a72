"""A site as a plugin describes it: data first; a method of the same name where data is not enough.

hosts, seeds            where it lives and where to begin
follow, articles        which URLs to fetch ─▶ verdict(url): "article", "follow" or ""
drop_params, aliases …  one URL a page      ─▶ identity(url)
title, authors, body …  where facts stand   ─▶ field(name, page), converted by the field's slot
until                   layouts by date     (the registry picks)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from selectolax.lexbor import LexborNode

from sites.errors import SiteError
from sites.extraction import Verdict
from sites.identity import UrlRules
from sites.keeping import KEPT
from sites.page import Page
from sites.patterns import PatternSet, Regex, compile_pattern
from sites.rules import Field
from sites.slots import SLOTS, answer_of
from sites.source import class_chain, file_of, where_of_attribute, where_of_error
from sites.url import TRACKING, host_covers, host_key, normal_host, parse

__all__ = ["Site"]


class Site:
    """Base of every plugin. Class attributes are its data; all have defaults.

    `hosts` is the one thing a site must say ("example.com" covers www.example.com, "*.example.com" all
    below). `follow` and `articles` are patterns (`sites.patterns`), or methods `(self, url: str) -> bool`;
    with neither, every page of the hosts is followed. `keep` are the media types of files to keep whole
    ("image/*"; of others the head alone is archived); `requisites` archives what articles are shown with. `every` is an interval ("30m",
    "6h", "1d") or five cron fields; `delay` seconds between two requests to one host (None: the operator's).
    `quiet` are hours in which the site is left alone: "mon-fri 08:00-18:00 Europe/Berlin" (`sites.quiet`).
    `until` is the first day on which the class is no longer how the site looks. `day_first` says what
    5/1/2024 means there (None: by its language).

    One URL a page: `drop_params` and `only_params` are globs over names of query parameters, `aliases`
    maps hosts to the host they are the same as, `https` and `slash` ("add", "drop") do what they say.

    The fields of an article take a rule (`sites.fields`), a constant, or a method `(self, page: Page)`. None
    leaves a field to the generic extractor, and so does a rule that finds nothing; the constants "" and ()
    leave it empty.
    """

    name: str = ""
    hosts: tuple[str, ...] = ()
    seeds: tuple[str, ...] = ()
    follow: Any = ()
    articles: Any = ()
    keep: tuple[str, ...] = KEPT
    requisites: bool = False
    every: str = "1d"
    delay: float | None = None
    quiet: str = ""
    until: date | None = None
    day_first: bool | None = None

    drop_params: tuple[str, ...] = TRACKING
    only_params: tuple[str, ...] | None = None
    aliases: Mapping[str, str] = {}
    https: bool = False
    slash: str = ""

    title: Any = None
    subtitle: Any = None
    authors: Any = None
    published: Any = None
    modified: Any = None
    section: Any = None
    tags: Any = None
    language: Any = None
    genre: Any = None
    dateline: Any = None
    site_name: Any = None
    canonical_url: Any = None
    image: Any = None
    paywalled: Any = None
    body: Any = None
    related: Any = None

    def __init__(self) -> None:
        """Checks the class and compiles its patterns. Raises SiteError, the first of `problems_of`."""
        from sites.checks import problems_of

        cls = type(self)
        if not cls.name:
            self.name = cls.__module__.rpartition(".")[2]
        for problem in problems_of(cls, self.name):
            raise problem
        self._patterns = {part: self._compile(getattr(cls, part)) for part in ("articles", "follow")}
        self._seeds = frozenset(url for seed in cls.seeds if (url := parse(seed)))
        aliases = {normal_host(a) or a: normal_host(b) or b for a, b in cls.aliases.items()}
        only = None if cls.only_params is None else tuple(cls.only_params)
        self._rules = UrlRules(tuple(cls.drop_params), only, aliases, cls.https, cls.slash)
        self.identity: Callable[[str], str] = self._rules.compiled()
        """The one URL of a page, by the site's rules: href in, href out."""
        named = [host for patterns in self._patterns.values() if patterns for host in sorted(patterns.hosts)]
        self.all_hosts: tuple[str, ...] = tuple(dict.fromkeys((*cls.hosts, *named, *aliases)))
        """The hosts declared, those that full URLs among the patterns name, and the aliases."""

    def _compile(self, given: Any) -> PatternSet | None:
        """None when a method decides."""
        if callable(given) and not isinstance(given, Regex):
            return None
        return PatternSet(compile_pattern(source, self.hosts) for source in given)

    def covers(self, url: str) -> bool:
        """Does the URL lie on one of the site's hosts?"""
        host = host_key(url)
        return any(host_covers(pattern, host) for pattern in self.all_hosts)

    def verdict(self, url: str, *, methods: bool = True) -> Verdict:
        """What the patterns say of an href: "article", "follow", or "" for neither.

        `methods=False` runs no code of the plugin, which belongs in a worker: where a method would decide,
        a URL on the site's hosts is "follow". Raises SiteError when a method does.
        """
        url = self.identity(url)
        if self._says("articles", url, methods):
            return "article"
        if url in self._seeds or self._says("follow", url, methods):
            return "follow"
        undecided = None in (self._patterns["articles"], self._patterns["follow"])
        everything = not (self._patterns["articles"] or self._patterns["follow"] or undecided)
        if (everything or (undecided and not methods)) and self.covers(url):
            return "follow"
        return ""

    def calls_article(self, url: str) -> bool | None:
        """Is the page of this href an article, by `articles`? None when the site does not say."""
        patterns = self._patterns["articles"]
        if patterns is not None and not patterns:
            return None
        return self._says("articles", self.identity(url), True)

    def _says(self, part: str, url: str, methods: bool) -> bool:
        patterns = self._patterns[part]
        if patterns is not None:
            return patterns.matches(url)
        if not methods or not self.covers(url):
            return False
        try:
            return bool(getattr(self, part)(url))
        except MemoryError:
            raise
        except Exception as error:
            raise self._error(part, error, url) from error

    def rule_of(self, name: str) -> str:
        """How the site states one of the article's fields, as written; "" when it leaves it to the default."""
        given = getattr(type(self), name)
        if given is None:
            return ""
        return f"{type(self).__name__}.{name}()" if _is_method(given) else repr(given)

    def field(self, name: str, page: Page) -> tuple[Any, str, LexborNode | None] | None:
        """(value, the rule's repr, its node) of one of the article's fields; None leaves it to the default.

        Raises SiteError, with the plugin's file and line, when the rule or the method fails.
        """
        given, rule = getattr(type(self), name), self.rule_of(name)
        if given is None or given in ("", ()):
            return None if given is None else (given, rule, None)
        try:
            value = getattr(self, name)(page) if _is_method(given) else given
            answer = answer_of(SLOTS[name], value, page, self._language(page), self.day_first)
        except (MemoryError, SiteError):
            raise
        except Exception as error:
            raise self._error(name, error, page.url) from error
        return None if answer is None else (answer.value, rule, answer.node)

    def _language(self, page: Page) -> str:
        return self.language if isinstance(self.language, str) else page.once("site.language", _declared)

    def _error(self, field: str, error: Exception, url: str) -> SiteError:
        files = {file_of(cls) for cls in class_chain(type(self), Site)} - {""}
        where = where_of_error(error, files) or where_of_attribute(type(self), field, Site)
        said = str(error) if isinstance(error, TypeError) and str(error).startswith("gave ") else ""
        return SiteError(
            self.name, said or f"{type(error).__name__}: {error}", field=field, url=url, where=where
        )

    def __repr__(self) -> str:
        until = f" until {self.until}" if self.until else ""
        return f"<Site {self.name}: {', '.join(self.hosts)}{until}>"


def _is_method(given: Any) -> bool:
    return callable(given) and not isinstance(given, Field)


def _declared(page: Page) -> str:
    node = page.tree.css_first("html[lang]")
    return (node.attributes.get("lang") or "").strip() if node is not None else ""
