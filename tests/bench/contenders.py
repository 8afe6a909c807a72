"""Who runs: a name, what it does, and its command on a site, in an empty folder of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from tests.realweb import RealWeb

__all__ = ["CONTENDERS", "OURS", "Contender"]

_ROOT = Path(__file__).resolve().parents[2]
_OURS = Path(sys.executable).parent / "broadsheet"
_PEERS = _ROOT / ".build/peers/bin/python"
_SCRIPTS = Path(__file__).parent / "peers"

OURS = "broadsheet"


class Contender(msgspec.Struct, frozen=True):
    """`command(web, folder)` is run in `folder`; `version` is a command whose first line of output says it.
    Any exit code in `fine` is a success."""

    name: str
    does: str
    command: Callable[[RealWeb, Path], list[str]]
    version: tuple[str, ...]
    fine: tuple[int, ...] = (0,)


def _crawl(web: RealWeb, folder: Path) -> list[str]:
    manners = ["--allow-address", "127.0.0.0/8", "--delay", "0", "--contact", "bench@example.org"]
    return [str(_OURS), "crawl", *web.seeds, *manners, "--json", "--data", str(folder / "data")]


def _crawl_only(web: RealWeb, folder: Path) -> list[str]:
    return [*_crawl(web, folder), "--no-extract"]


def _scrapy(web: RealWeb, folder: Path) -> list[str]:
    return [str(_PEERS), str(_SCRIPTS / "scrapy_warc.py"), str(folder / "out.warc.gz"), *web.seeds]


def _wget(web: RealWeb, folder: Path) -> list[str]:
    options = [
        "--recursive",
        "--level=inf",
        "--compression=gzip",
        "--no-proxy",
        "--no-verbose",
        "--delete-after",
    ]
    return ["wget", *options, f"--warc-file={folder / 'out'}", f"--directory-prefix={folder}", *web.seeds]


def _httpx(web: RealWeb, folder: Path) -> list[str]:
    urls = folder / "urls.txt"
    urls.write_text("\n".join(sorted(web.expected_urls)))
    return [str(_PEERS), str(_SCRIPTS / "httpx_trio.py"), str(urls)]


def _says(expression: str, module: str) -> tuple[str, ...]:
    return (str(_PEERS), "-c", f"import {module}; print({expression})")


CONTENDERS = (
    Contender(OURS, "crawl, archive, extract articles, index", _crawl, (str(_OURS), "--version")),
    Contender(
        "Scrapy + warcio",
        "crawl, archive",
        _scrapy,
        _says("f'scrapy {scrapy.__version__}'", "scrapy"),
    ),
    Contender(
        "wget --warc-file",
        "crawl, archive; one host at a time",
        _wget,
        ("wget", "--version"),
        fine=(0, 8),  # 8: a 404 was among the answers (it asks for scripts that stand before <base>)
    ),
    Contender(
        "stock httpx on trio", "fetch a known list", _httpx, _says("f'httpx {httpx.__version__}'", "httpx")
    ),
)
