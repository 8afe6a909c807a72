"""Settings: `broadsheet.toml`, typed. A component is handed its own piece, never the whole.

Durations are written "30s", "10m", "2h", "1d" (or a number of seconds); sizes "20MiB", "1GB" (or bytes).
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from crawler.errors import ConfigError
from crawler.net.addresses import AddressGuard
from crawler.net.proxy import parse_proxy
from crawler.net.resolve import parse_resolve
from sites.patterns import compile_pattern
from sites.quiet import parse_quiet
from sites.url import normal_host

__all__ = [
    "ExtractionSettings",
    "FetchSettings",
    "Settings",
    "SiteSettings",
    "load_settings",
    "parse_duration",
    "parse_size",
]

NoIndex = Literal["hide", "show"]
Count = Annotated[int, msgspec.Meta(ge=0)]

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)?")
_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, None: 1}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(B|KB|MB|GB|KiB|MiB|GiB)?", re.IGNORECASE)
_BYTES = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30, "": 1}


def parse_duration(text: str | float, name: str = "duration") -> float:
    """Seconds in "30s", "10m", "2h", "1d" or a bare number of seconds. Raises ConfigError naming `name`."""
    if isinstance(text, int | float):
        return float(text)
    found = _DURATION.fullmatch(text.strip())
    if not found:
        raise ConfigError(f"{name} {text!r} is no duration: write it like 30s, 10m, 2h or 1d")
    return float(found[1]) * _SECONDS[found[2]]


def parse_size(text: str | int, name: str = "size") -> int:
    """Bytes in "20MiB", "1GB" or a bare number of bytes. Raises ConfigError naming `name`."""
    if isinstance(text, int):
        return text
    found = _SIZE.fullmatch(text.strip())
    if not found:
        raise ConfigError(f"{name} {text!r} is no size: write it like 500KiB, 20MiB or 1GB")
    return int(float(found[1]) * _BYTES[(found[2] or "").lower()])


class FetchSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bounds of one exchange. Sizes are bytes or text such as "20MiB", times seconds or text such as "60s"."""

    max_body: int | str = "20MiB"
    timeout: float | str = "60s"
    connections: Annotated[int, msgspec.Meta(ge=1)] = 64
    memory: int | str = "128MiB"


class ExtractionSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The extraction processes of a crawl process: how many (0: one a core, two at most, shared out), and the bounds of
    one page."""

    processes: Count = 0
    timeout: float | str = "10s"
    memory: int | str = "1GiB"


class SiteSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an operator overrides for one site: `every` (interval or cron), `delay` a host, `quiet` hours,
    `max_pages` a run (0: all), `noindex` as below, `enabled`."""

    every: str = ""
    delay: float | str = ""
    quiet: str = ""
    max_pages: Count = 0
    noindex: NoIndex | Literal[""] = ""
    enabled: bool = True


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of `broadsheet.toml`. Command-line options override it. `noindex`: pages that ask not to be indexed are
    archived and read, and then kept out of lists, searches and exports ("hide") or not ("show")."""

    contact: str = ""
    data: str = "data"
    delay: float | str = "2s"
    wait: float | str = "10m"
    min_free: int | str = "512MiB"
    sites: tuple[str, ...] = ("plugins",)
    allow_address: tuple[str, ...] = ()
    resolve: tuple[str, ...] = ()
    proxy: str = ""
    never: tuple[str, ...] = ()
    max_host_pages: Count = 0
    noindex: NoIndex = "hide"
    fetch: FetchSettings = FetchSettings()
    extraction: ExtractionSettings = ExtractionSettings()
    site: dict[str, SiteSettings] = {}


def _known_keys(struct: type, path: list[str]) -> list[str]:
    kind: Any = struct
    for part in path:
        fields = {f.encode_name: f.type for f in msgspec.structs.fields(kind)}
        kind = fields.get(part)
        if part == "site":
            kind = SiteSettings
            break
    return [f.encode_name for f in msgspec.structs.fields(kind)] if kind else []


def _line_of(text: str, key: str) -> int:
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(rf"\s*\[?\s*([\w.\"-]+\.)?\"?{re.escape(key)}\"?\s*[\]=]", line):
            return number
    return 0


def _explain(text: str, error: msgspec.ValidationError, source: str) -> ConfigError:
    message = str(error)
    where = re.search(r" - at `\$\.?([^`]*)`", message)
    path = [p for p in re.split(r"\.|\[|\]", where[1] if where else "") if p and p != "..."]
    unknown = re.search(r"unknown field `([^`]+)`", message)
    key = unknown[1] if unknown else (path[-1] if path else "")
    line = _line_of(text, key)
    place = f"{source}, line {line}" if line else source
    if unknown:
        near = difflib.get_close_matches(key, _known_keys(Settings, path), 1, 0.5)
        known = (
            f"; did you mean {near[0]!r}?"
            if near
            else f"; known keys: {', '.join(_known_keys(Settings, path))}"
        )
        return ConfigError(f"{place}: there is no setting {key!r}{known}")
    return ConfigError(f"{place}: {key}: {message.split(' - at ', maxsplit=1)[0]}")


def load_settings(file: Path | None = None, overrides: Mapping[str, Any] | None = None) -> Settings:
    """Settings from `file` (default `./broadsheet.toml` when there is one), then `overrides` that are not None.

    Raises ConfigError, which names file, line, key and the nearest known key.
    """
    path = file or Path("broadsheet.toml")
    text, raw = "", {}
    if file is not None or path.exists():
        try:
            text = path.read_text(encoding="utf-8")
            raw = tomllib.loads(text)
        except FileNotFoundError:
            raise ConfigError(f"{path}: there is no such settings file") from None
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ConfigError(f"{path}: {error}") from None
    given = {k: v for k, v in (overrides or {}).items() if v is not None}
    raw.update(given)
    try:
        settings = msgspec.convert(raw, Settings)
    except msgspec.ValidationError as error:
        raise _explain(text, error, str(path)) from None

    def place(name: str) -> str:
        return f"--{name.replace('_', '-')}" if name in given else f"{path}: {name}"

    _check(settings, place)
    return settings


def _check(settings: Settings, place: Callable[[str], str]) -> None:
    """`place` says where a setting came from: the file, or an option."""
    for name, text in (
        ("delay", settings.delay),
        ("wait", settings.wait),
        ("fetch.timeout", settings.fetch.timeout),
        ("extraction.timeout", settings.extraction.timeout),
    ):
        parse_duration(text, place(name))
    for name, size in (
        ("min_free", settings.min_free),
        ("fetch.max_body", settings.fetch.max_body),
        ("fetch.memory", settings.fetch.memory),
        ("extraction.memory", settings.extraction.memory),
    ):
        parse_size(size, place(name))
    if settings.proxy:
        parse_proxy(settings.proxy, place("proxy"))
    parse_resolve(settings.resolve, place("resolve"))
    AddressGuard(settings.allow_address, name=place("allow_address"))
    for name, site in settings.site.items():
        if site.delay != "":
            parse_duration(site.delay, place(f"site.{name}.delay"))
        if site.quiet:
            _good(parse_quiet, site.quiet, place(f"site.{name}.quiet"))
    for entry in settings.never:
        if "/" in entry:
            _good(compile_pattern, entry, place("never"))
        elif normal_host(entry) is None:
            raise ConfigError(f"{place('never')}: {entry!r} is no host name and no pattern")


def _good(parse: Callable[[str], object], text: str, name: str) -> None:
    try:
        parse(text)
    except ValueError as error:
        raise ConfigError(f"{name}: {error}") from None
