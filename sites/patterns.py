"""Which URLs? Globs over the path, as a plugin or `--include` writes them.

/news/**                 everything below /news/ (itself not);  /** is every page of the host
/section/*               one segment, not empty; a final slash in the URL does not matter
/{news,sport}/*-[0-9]    {a,b} is either; every other character means itself (brackets too)
/index.php?id=*          with a "?" the query counts: * stops at &, ** does not
https://live.site.example/**   another host of the site (either scheme)
re(r"^/\\d{4}/")         a regular expression, searched for in path and query
"""

from __future__ import annotations

import re as _re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from urllib.parse import quote

import msgspec

from sites.url import host_covers, host_key, normal_host, path_query

__all__ = ["Pattern", "PatternSet", "Regex", "compile_pattern", "re"]


class Regex(msgspec.Struct, frozen=True):
    """A regular expression over path and query; made by `re`."""

    text: str

    def __repr__(self) -> str:
        return f"re({self.text!r})"


def re(text: str) -> Regex:
    r"""`re(r"^/\d{4}/")`: a pattern for what globs cannot say. Raises re.error when it is not a good one."""
    _re.compile(text)
    return Regex(text)


class Pattern:
    """One compiled pattern. `source` is the text as written, `hosts` where it holds (() for any host);
    `expression` is searched for in the path, `with_query` or without.
    """

    __slots__ = ("expression", "hosts", "source", "with_query")

    def __init__(
        self, source: str | Regex, hosts: tuple[str, ...], expression: _re.Pattern[str], with_query: bool
    ):
        self.source, self.hosts = source, hosts
        self.expression, self.with_query = expression, with_query

    def matches(self, url: str) -> bool:
        """Does an href of `sites.url.parse` match, host and all?"""
        if self.hosts and not _on(self.hosts, host_key(url)):
            return False
        path = path_query(url)
        return self.expression.search(path if self.with_query else path.partition("?")[0]) is not None

    def __repr__(self) -> str:
        where = f", hosts={self.hosts!r}" if self.hosts else ""
        return f"compile_pattern({self.source!r}{where})"


class PatternSet:
    """Several patterns as one question; the globs of the same hosts are one expression."""

    __slots__ = ("_groups", "hosts")

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        gathered: dict[tuple[tuple[str, ...], bool, object], list[str]] = {}
        for number, pattern in enumerate(patterns):
            own = number if isinstance(pattern.source, Regex) else -1  # its groups and flags are its own
            key = (pattern.hosts, pattern.with_query, own)
            gathered.setdefault(key, []).append(pattern.expression.pattern)
        self._groups = [
            (hosts, with_query, _re.compile("|".join(texts), 0 if own != -1 else _re.S))
            for (hosts, with_query, own), texts in gathered.items()
        ]
        self.hosts: frozenset[str] = frozenset(host for hosts, _, _ in gathered for host in hosts)

    def matches(self, url: str) -> bool:
        """Does any of them match?"""
        host = path = bare = ""
        for hosts, with_query, expression in self._groups:
            if not path:
                host, path = host_key(url), path_query(url)
                bare = path.partition("?")[0]
            if (not hosts or _on(hosts, host)) and expression.search(path if with_query else bare):
                return True
        return False

    def __bool__(self) -> bool:
        return bool(self._groups)


@lru_cache(maxsize=8192)
def _on(hosts: tuple[str, ...], host: str) -> bool:
    return any(host_covers(pattern, host) for pattern in hosts)


def compile_pattern(source: str | Regex, hosts: Sequence[str] = ()) -> Pattern:
    """Compile a glob, a full URL with globs, or `re(…)`. `hosts` are those of the site (() for any).

    Raises ValueError, which says what is wrong with the pattern.
    """
    if isinstance(source, Regex):
        return Pattern(source, tuple(hosts), _re.compile(source.text), True)
    text = source
    if match := _re.match(r"https?://([^/?]*)", text):
        if normal_host(match[1]) is None:
            raise ValueError(f"pattern {source!r} names no host: {match[1]!r}")
        hosts = (match[1],)
        text = text[match.end() :] or "/"
    if not text.startswith("/"):
        raise ValueError(f"pattern {source!r} must begin with a slash or be a full URL: /{text.lstrip('./')}")
    path, question, query = text.partition("?")
    expression = r"\A/.*\Z" if path == "/**" else rf"\A{_path(path, source)}"
    if path != "/**":
        expression += r"\Z" if path.endswith("/") else r"/?\Z"
    if question:
        expression = expression.removesuffix(r"\Z") + rf"\?{_translate(query, source, '[^&]', '.')}\Z"
    return Pattern(source, tuple(hosts), _re.compile(expression, _re.S), bool(question))


def _path(path: str, source: str) -> str:
    """A star that is a whole segment needs a character; `/**/` also stands for a single slash."""
    text = _translate(path, source, "[^/?]", "[^?]")
    whole = _re.compile(r"(?<=/)\[\^/\?\]\*(?=[/|)]|\Z)")
    text = whole.sub("[^/?]+", text)
    text = text.replace("/[^?]*/", "/(?:[^?]*/)?")
    return _re.sub(r"/\[\^\?\]\*\Z", "/[^?]+", text)


_PIECE = _re.compile(r"\*\*+|[*{},]|[^*{},]+")


def _translate(text: str, source: str, one: str, many: str) -> str:
    parts, depth = [], 0
    for piece in _PIECE.findall(text):
        if piece == "*":
            parts.append(f"{one}*")
        elif piece.startswith("**"):
            parts.append(f"{many}*")
        elif piece == "{":
            parts.append("(?:")
            depth += 1
        elif piece == "}" and depth:
            parts.append(")")
            depth -= 1
        elif piece == "," and depth:
            parts.append("|")
        elif piece == "}":
            raise ValueError(f"pattern {source!r} closes a brace that it never opened")
        else:
            parts.append(_re.escape(_encoded(piece)))
    if depth:
        raise ValueError(f"pattern {source!r} opens a brace that it never closes")
    return "".join(parts)


def _encoded(text: str) -> str:
    """As it stands in an href: what is not ASCII, and spaces, percent-encoded."""
    return quote(text, safe="".join(map(chr, range(0x21, 0x7F))))
