"""Is a plugin's class well made? Each problem names the attribute, the line and the remedy."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from sites.article import Image
from sites.errors import SiteError
from sites.keeping import MEDIA_TYPE
from sites.moment import Moment
from sites.patterns import Regex, compile_pattern
from sites.quiet import parse_quiet
from sites.rules import Field
from sites.site import Site
from sites.slots import SLOTS
from sites.source import class_chain, where_of_attribute
from sites.url import host_covers, host_key, normal_host, parse

__all__ = ["problems_of"]

_KNOWN = frozenset(name for name in vars(Site) if not name.startswith("_"))
_INTERVAL = re.compile(r"\d+(?:\.\d+)?\s*[smhdw]")
_CRON = re.compile(r"(?:[\dA-Za-z*?/,#-]+\s+){4}[\dA-Za-z*?/,#-]+")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_CONSTANTS: dict[str, tuple[type, ...]] = {
    "section": (str,), "language": (str,), "genre": (str,), "dateline": (str,), "site_name": (str,),
    "authors": (tuple, list), "tags": (tuple, list), "image": (Image,), "paywalled": (bool,),
}  # fmt: skip


def problems_of(cls: type[Site], name: str = "") -> list[SiteError]:
    """Everything wrong with a class, in the order of its attributes; [] for a good one."""
    name = name or cls.name or cls.__module__.rpartition(".")[2]
    return [
        SiteError(name, message, field=attribute, where=where_of_attribute(cls, attribute, Site))
        for attribute, message in _problems(cls, name)
    ]


_Problem = tuple[str, str]


def _problems(cls: type[Site], name: str) -> Iterator[_Problem]:
    yield from _unknown(cls)
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        yield "name", f"{name!r} is no name: small letters, digits, - and _"
    for attribute, check in _CHECKS.items():
        value = getattr(cls, attribute)
        yield from ((attribute, message) for message in check(value, cls))
    for attribute in SLOTS:
        yield from ((attribute, message) for message in _rule(attribute, getattr(cls, attribute)))


def _unknown(cls: type[Site]) -> Iterator[_Problem]:
    for each in class_chain(cls, Site):
        for attribute in vars(each):
            if attribute.startswith("_") or attribute in _KNOWN:
                continue
            if near := get_close_matches(attribute, _KNOWN, 1, 0.8):
                yield attribute, f"a Site has no {attribute!r}: did you mean {near[0]!r}?"
        for method in (
            "verdict",
            "covers",
            "keeps",
            "calls_article",
            "field",
            "rule_of",
            "identity",
            "all_hosts",
        ):
            if method in vars(each):
                yield method, f"{method!r} is Site's own and cannot be replaced: give yours another name"


def _texts(value: Any) -> str:
    """What is wrong with a tuple of texts; "" when nothing is."""
    if isinstance(value, str):
        return f"is a text, but a tuple is wanted: ({value!r},)"
    if not isinstance(value, (tuple, list)):
        return f"is of type {type(value).__name__}, but a tuple of texts is wanted"
    wrong = next((item for item in value if not isinstance(item, str)), None)
    return "" if wrong is None else f"holds {wrong!r}, which is no text"


def _hosts(value: Any, cls: type[Site]) -> Iterator[str]:
    if wrong := _texts(value):
        yield wrong
        return
    if not value:
        yield 'is empty: name the site\'s hosts, like ("example.com",)'
    for host in value:
        if normal_host(host) is None:
            bare = re.sub(r"\A\w+://|/.*", "", host)
            hint = f": write {bare!r}" if bare != host and normal_host(bare) else ""
            yield f"{host!r} is no host name{hint}"


def _seeds(value: Any, cls: type[Site]) -> Iterator[str]:
    if wrong := _texts(value):
        yield wrong
        return
    for seed in value:
        url = parse(seed)
        if url is None:
            yield f"{seed!r} is no http or https URL"
        elif not _texts(cls.hosts) and not any(host_covers(host, host_key(url)) for host in cls.hosts):
            yield f"{seed!r} is on none of the site's hosts: add {host_key(url)!r} to hosts"


def _patterns(value: Any, cls: type[Site]) -> Iterator[str]:
    if isinstance(value, (str, Regex)):
        yield f"is one pattern, but a tuple is wanted: ({value!r},)"
        return
    if callable(value):
        yield from _method(value, "url")
        return
    if not isinstance(value, (tuple, list)):
        yield f"is of type {type(value).__name__}, but a tuple of patterns is wanted"
        return
    for source in value:
        if not isinstance(source, (str, Regex)):
            yield f"holds {source!r}, which is neither a text nor re(…)"
            continue
        try:
            compile_pattern(source)
        except ValueError as error:
            yield str(error)


def _every(value: Any, cls: type[Site]) -> Iterator[str]:
    if not isinstance(value, str) or not (_INTERVAL.fullmatch(value) or _CRON.fullmatch(value.strip())):
        yield f'{value!r} is no interval ("30m", "6h", "1d") and not five cron fields ("0 6 * * *")'


def _delay(value: Any, cls: type[Site]) -> Iterator[str]:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if value is not None and not (number and 0 <= value < 86_400):
        yield f"{value!r} is no number of seconds"


def _quiet(value: Any, cls: type[Site]) -> Iterator[str]:
    if not isinstance(value, str):
        yield f'{value!r} is no text like "mon-fri 08:00-18:00 Europe/Berlin"'
    elif value:
        try:
            parse_quiet(value)
        except ValueError as error:
            yield str(error)


def _until(value: Any, cls: type[Site]) -> Iterator[str]:
    if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
        yield f"{value!r} is no date: write date(2024, 1, 31)"


def _one_of(*allowed: Any) -> Callable[[Any, type[Site]], Iterator[str]]:
    def check(value: Any, cls: type[Site]) -> Iterator[str]:
        if not any(value is choice or (isinstance(choice, str) and value == choice) for choice in allowed):
            yield f"is {value!r}, but one of {', '.join(map(repr, allowed))} is wanted"

    return check


def _names(value: Any, cls: type[Site]) -> Iterator[str]:
    if value is not None and (wrong := _texts(value)):
        yield wrong


def _aliases(value: Any, cls: type[Site]) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"is of type {type(value).__name__}, but a dict of hosts is wanted"
        return
    for host in (*value.keys(), *value.values()):
        if not isinstance(host, str) or normal_host(host) is None or host.startswith("*"):
            yield f"{host!r} is no host name"
    for host in set(value.values()) & set(value):
        yield f"{host!r} is an alias and has one: name the last host of the chain"


def _media_types(value: Any, cls: type[Site]) -> Iterator[str]:
    if not isinstance(value, (tuple, list)):
        yield f"is of type {type(value).__name__}, but a tuple of media types is wanted: (*Site.keep, 'image/*')"
        return
    for text in value:
        if not isinstance(text, str) or not MEDIA_TYPE.fullmatch(text):
            yield f"holds {text!r}, which is no media type: write it like 'application/pdf' or 'image/*'"


_CHECKS: dict[str, Callable[[Any, type[Site]], Iterator[str]]] = {
    "hosts": _hosts,
    "seeds": _seeds,
    "follow": _patterns,
    "articles": _patterns,
    "keep": _media_types,
    "requisites": _one_of(True, False),
    "every": _every,
    "delay": _delay,
    "quiet": _quiet,
    "until": _until,
    "day_first": _one_of(None, True, False),
    "drop_params": _names,
    "only_params": _names,
    "aliases": _aliases,
    "https": _one_of(True, False),
    "slash": _one_of("", "add", "drop"),
}


def _rule(attribute: str, value: Any) -> Iterator[str]:
    if value is None or isinstance(value, Field) or value in ("", ()):
        return
    if callable(value) and not isinstance(value, type):
        yield from _method(value, "page")
    elif isinstance(value, str) and attribute not in (
        "language",
        "section",
        "genre",
        "site_name",
        "dateline",
    ):
        yield f"is the text {value!r} itself, not a rule: did you mean css({value!r})?"
    elif not isinstance(value, _CONSTANTS.get(attribute, ())):
        shown = "a date" if isinstance(value, (date, Moment)) else f"of type {type(value).__name__}"
        yield f"is {shown}, but a rule such as css(…) or a method is wanted"


def _method(function: Any, argument: str) -> Iterator[str]:
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        yield "is async, but rules wait for nothing: write a plain method"
        return
    try:
        inspect.signature(function).bind(None, None)
    except TypeError:
        yield f"takes other arguments than (self, {argument})"
    except ValueError:
        return
