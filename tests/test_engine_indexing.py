"""What a crawl takes into its index: pages that are taken for articles, and of the others only what they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.index import ArticleIndex
from tests.archive_store_kit import quick_folder
from tests.engine_kit import Rig
from tests.fakeweb import FakeWeb
from tests.test_sites_kinds import article, doubtful


@pytest.fixture
def folder() -> Iterator[Path]:
    with quick_folder() as place:
        yield place


async def test_an_article_in_doubt_is_archived_and_not_listed(autojump_clock: object, folder: Path) -> None:
    pages = dict([article(), doubtful()])
    await Rig(folder, web := FakeWeb(pages), *pages).crawl()
    assert pages.keys() <= set(web.asked())
    with closing(ArticleIndex.open(folder / "articles.db")) as index:
        assert [row.url for row in index.list()] == [article()[0]]
