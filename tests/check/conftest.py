"""One crawl of 400 real pages, shared by the tests that look at it from all sides."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import msgspec
import pytest

from tests.check.kit import articles, crawl_command, run
from tests.corpus import corpus_path
from tests.realweb import Hit, RealWeb, nginx_missing

__all__ = ["Crawled", "crawled", "realweb"]


class Crawled(msgspec.Struct, frozen=True):
    """What a finished crawl left: its site (no longer served), data folder, summary, and nginx's log."""

    web: RealWeb
    data: Path
    summary: dict[str, object]
    hits: list[Hit]
    articles: dict[str, dict[str, object]]


@pytest.fixture(scope="session")
def realweb(tmp_path_factory: pytest.TempPathFactory) -> RealWeb:
    """400 real pages on ten loopback addresses."""
    corpus_path("extraction")
    assert not nginx_missing(), nginx_missing()
    return RealWeb.build(tmp_path_factory.mktemp("realweb"), pages=400, hosts=10, seed=1)


@pytest.fixture(scope="session")
def crawled(realweb: RealWeb, tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    """`broadsheet crawl` of its ten seeds."""
    data = tmp_path_factory.mktemp("crawled") / "data"
    with realweb.serve():
        output = run(*crawl_command(realweb, data))
        hits = realweb.access_log()
    return Crawled(realweb, data, json.loads(output.splitlines()[-1]), hits, articles(data))


@pytest.fixture
def copy(crawled: Crawled, tmp_path: Path) -> Path:
    """A copy of the crawl's data folder, to change."""
    return Path(shutil.copytree(crawled.data, tmp_path / "data"))
