"""A first plugin for a site that has none, from one of its articles: just the lines that differ from the defaults.

URL ─▶ hosts, seeds, articles      the page's own links ─▶ follow
what the defaults found ─▶ nothing to write; what they lack or doubt ─▶ a rule that is right on this page, or a hint
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from textwrap import shorten

import msgspec
from selectolax.lexbor import LexborNode

from sites.dates import parse_moment
from sites.extract import extract
from sites.extraction import Extraction
from sites.inline import text_of_node
from sites.page import Page
from sites.patterns import compile_pattern
from sites.url import TRACKING, host_key, hostname, origin, path_query, registrable_domain

__all__ = ["Draft", "draft", "pattern_of_articles"]

_SURE = 0.7
_SHORT = 160
_MOST_PATTERNS = 8
_BYLINE = re.compile(r"byline|author|writer|signed|credit|by-?$", re.IGNORECASE)
_NO_SECTION = re.compile(
    r"log-?in|sign-?(in|up)|register|account|subscri|privacy|cookie|terms|imprint|impressum|contact|about|search"
    r"|newsletter|feed|rss|\.(xml|pdf|jpe?g|png|css|js|json)$",
    re.IGNORECASE,
)


class Draft(msgspec.Struct, frozen=True):
    """The plugin's `name` (which is its file's), its `source`, and `notes` for its author."""

    name: str
    source: str
    notes: tuple[str, ...]


def draft(page: Page, name: str = "") -> Draft:
    """A plugin for the site of this article. Its name is made of the host unless one is given."""
    found = extract(page, None, why=True)
    host = host_key(page.url).removeprefix("www.")
    name = name or _plugin_name(registrable_domain(hostname(page.url)))
    articles = pattern_of_articles(page.url)
    follow = ("/", *_follow(found, page.url, articles))
    rules, notes = _rules(page, found)
    site_name = _site_name(page, found)
    lines = [
        f'"""{_harmless(site_name) or host}."""',
        "",
        f"from sites import {', '.join(['Site', *sorted(_names(rules))])}",
        "",
        "",
        f"class {_class_name(name)}(Site):",
        f"    hosts = ({_quoted(host)},)",
        f"    seeds = ({_quoted(origin(page.url) + '/')},)",
        f"    follow = ({', '.join(map(_quoted, follow))}{',' if len(follow) == 1 else ''})",
        f"    articles = ({_quoted(articles)},)",
    ]
    if rules:
        lines += ["", *(f"    {rule}" for rule in rules)]
    return Draft(name, "\n".join(lines) + "\n", tuple(notes))


def _plugin_name(domain: str) -> str:
    label = domain if domain.replace(".", "").isdigit() else domain.partition(".")[0]
    name = re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")
    return name if name[:1].isalpha() else f"site-{name}"


def _harmless(text: str) -> str:
    """Without what could end a docstring: the page's words become source code."""
    return re.sub(r'["\\\x00-\x1f]', "", text).strip(" .")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _class_name(name: str) -> str:
    words = "".join(word[:1].upper() + word[1:] for word in re.split(r"[-_]+", name))
    return words if words[:1].isalpha() else f"Site{words}"


def _names(rules: Iterable[str]) -> set[str]:
    """The rules' names that a module must import."""
    code = [rule.partition("  #")[0] for rule in rules if not rule.startswith("#")]
    return {word for line in code for word in re.findall(r"\b(css|css_all|when)\(", line)}


def pattern_of_articles(url: str) -> str:
    """The glob that this article's siblings have in common with it: what looks like a name or number is a star."""
    path, question, query = path_query(url).partition("?")
    kept = [pair for pair in query.split("&") if pair and not _is_tracking(pair.partition("=")[0])]
    if question and kept:
        return f"{path}?{'&'.join(pair.partition('=')[0] + '=*' for pair in kept)}"
    slash = "/" if path.endswith("/") and path != "/" else ""
    segments = [segment for segment in path.split("/") if segment]
    if not segments:
        return "/**"
    *before, last = segments
    fixed = []
    for segment in before:
        if any(character.isdigit() for character in segment):
            break
        fixed.append(segment)
    ending = re.search(r"\.[A-Za-z]{2,5}$", last)
    star = "*" + (ending[0] if ending else "")
    if len(fixed) < len(before):  # dates and numbers in between: any depth below
        year = re.fullmatch(r"(19|20)\d\d", before[0])
        return "/" + "/".join([*(fixed or [f"{year[1]}*" if year else "*"]), "**"])
    if not before and last.count("-") >= 2:
        star = "*-*-" + star  # articles at the top: long names, unlike those of sections
    return "/" + "/".join([*fixed, star]) + slash


def _is_tracking(name: str) -> bool:
    return any(name == known or (known.endswith("*") and name.startswith(known[:-1])) for known in TRACKING)


def _follow(found: Extraction, url: str, articles: str) -> list[str]:
    """Patterns of the sections that the page links to: few segments, none that look like articles."""
    host, is_article = host_key(url), compile_pattern(articles)
    groups: dict[str, list[str]] = defaultdict(list)
    for link in found.links:
        path = path_query(link.url)
        if link.kind != "anchor" or host_key(link.url) != host or path == "/" or is_article.matches(link.url):
            continue
        if "?" in path or _NO_SECTION.search(path) or path.count("/") > 3 or path.count("-") > 3:
            continue
        parent = path.rstrip("/").rpartition("/")[0]
        groups[parent].append(path)
    patterns = []
    for parent, paths in groups.items():
        if parent and not compile_pattern(f"{parent}/*").matches(url):
            patterns.append(f"{parent}/*")
        else:
            patterns += dict.fromkeys(paths)
    return patterns[:_MOST_PATTERNS]


def _rules(page: Page, found: Extraction) -> tuple[list[str], list[str]]:
    """Lines for what the defaults lack or doubt, and what to tell the author about them."""
    article = found.accepted
    if article is None:
        return ['# body = css_all("article p")'], [
            f"the defaults took the page for: {found.page_type}; with a title and a body rule it is an article"
        ]
    rules, notes = [], []
    if not article.site_name and (name := _site_name(page, found)):
        rules.append(f"site_name = {_quoted(name)}")
    sure = {e.field: e.confidence for e in found.evidence if e.value not in ("", "None")}
    if not article.title:
        rules.append('# title = css("h1")')
        notes.append("title: the defaults found none")
    if not article.authors:
        where = next(iter(_bylines(page)), None)
        if where is None:
            rules.append('# authors = css_all(".author")')
            notes.append("authors: the defaults found none")
        else:
            selector, text = where
            rules.append(
                f"# authors = css({_quoted(selector)})  # here: {shorten(text, 60, placeholder='…')}"
            )
            notes.append(f"authors: the defaults found none; {selector} may name them: {text[:80]}")
    if sure.get("published", 0.0) < _SURE:
        dated = next(iter(_dated(page)), None)
        if dated is None:
            rules.append('# published = when(css("time"))')
            notes.append("published: the defaults found none, or were not sure")
        else:
            rules.append(f"published = when(css({_quoted(dated[0])}))")
            notes.append(f"published: the defaults were not sure; {dated[0]} has a date: {dated[1][:80]}")
    return rules, notes


def _site_name(page: Page, found: Extraction) -> str:
    """The site's name: as the defaults find it, or what <title> has behind the headline."""
    if found.accepted is None or found.accepted.site_name:
        return found.accepted.site_name if found.accepted else ""
    title, node = found.accepted.title, page.tree.css_first("title")
    whole = text_of_node(node) if node is not None else ""
    parted = re.fullmatch(r"\s*[-–—|·:]\s*(\S.{0,60})", whole.removeprefix(title)) if title else None
    return parted[1] if parted and whole.startswith(title) else ""


def _marked(page: Page) -> Iterator[tuple[str, LexborNode, str]]:
    """Elements with a class or id of their own and little text: (selector, node, text)."""
    for node in page.tree.css("body [class], body [id], body time"):
        text = text_of_node(node)
        if not text or len(text) > _SHORT:
            continue
        selector = _selector(node)
        if selector and (first := page.tree.css_first(selector)) is not None and first.mem_id == node.mem_id:
            yield selector, node, text


def _selector(node: LexborNode) -> str:
    attributes = node.attributes
    for mark, value in (
        (".", (attributes.get("class") or "").split()),
        ("#", [attributes.get("id") or ""]),
    ):
        for word in value:
            if re.fullmatch(r"[A-Za-z][\w-]*", word):
                return mark + word
    return "time" if node.tag == "time" else ""


def _bylines(page: Page) -> Iterator[tuple[str, str]]:
    for selector, _, text in _marked(page):
        if _BYLINE.search(selector) or re.match(r"(?i)(written )?by\s", text):
            yield selector, text


def _dated(page: Page) -> Iterator[tuple[str, str]]:
    """Elements whose text is, or ends in, a date."""
    for selector, node, text in _marked(page):
        stamp = node.attributes.get("datetime") or ""
        if (stamp and parse_moment(stamp)) or parse_moment(text):
            yield selector, text
